package access

import (
	"context"
	"slices"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/vault"
)

// Factor is one way in which a person has shown who it is.
type Factor string

// The factors.
const (
	ByPassword Factor = "password"
	ByCode     Factor = "code"     // of an app on the phone
	ByRecovery Factor = "recovery" // one of ten codes, each good once
	ByPasskey  Factor = "passkey"  // a key and the finger, face or PIN that opens it: both at once
	ByProvider Factor = "provider" // signed in at another house, by OpenID Connect
	ByVouched  Factor = "vouched"  // that house says it has asked for a second factor itself
)

// Twice reports whether the factors shown are two of different kinds.
func Twice(shown []Factor) bool {
	has := func(f Factor) bool { return slices.Contains(shown, f) }
	first := has(ByPassword) || has(ByProvider)
	return has(ByPasskey) || first && (has(ByCode) || has(ByRecovery) || has(ByVouched))
}

// Factors is what a holder can show after the password.
type Factors struct {
	App      bool // an app that makes codes
	AppSince time.Time
	Passkeys []Passkey
	Recovery int // codes left
}

// Any reports whether there is a second factor: it is then always asked for.
func (f Factors) Any() bool { return f.App || len(f.Passkeys) > 0 }

// FactorsOf gives what a holder can show.
func FactorsOf(ctx context.Context, r db.Reader, district string, holder Holder) (f Factors, err error) {
	defer errs.Wrap(&err, "access.FactorsOf(%s)", holder)
	since, err := db.All(ctx, r, func(t *time.Time) []any { return []any{db.Time(t)} },
		`select created from totps where district = $1 and holder = $2 and confirmed = $3`, district, holder, true)
	if err != nil {
		return Factors{}, err
	}
	if len(since) > 0 {
		f.App, f.AppSince = true, since[0]
	}
	if f.Passkeys, err = PasskeysOf(ctx, r, district, holder); err != nil {
		return Factors{}, err
	}
	f.Recovery, err = RecoveryLeft(ctx, r, district, holder)
	return f, err
}

// RemoveTOTP forgets a holder's code app.
func RemoveTOTP(ctx context.Context, tx *db.Tx, district string, holder Holder) (err error) {
	defer errs.Wrap(&err, "access.RemoveTOTP(%s)", holder)
	n, err := tx.Change(ctx, `delete from totps where district = $1 and holder = $2`, district, holder)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有验证码应用", "there is no code app")
	}
	return err
}

// removeFactors forgets all that a holder can show after the password.
func removeFactors(ctx context.Context, tx *db.Tx, district string, holder Holder) error {
	for _, sql := range []string{
		`delete from totps where district = $1 and holder = $2`,
		`delete from passkeys where district = $1 and holder = $2`,
		`delete from recovery_codes where district = $1 and holder = $2`,
	} {
		if err := tx.Exec(ctx, sql, district, holder); err != nil {
			return err
		}
	}
	return nil
}

// SecondStep takes what an account's holder types after the password: a code of
// the app (ByCode) or a recovery code (ByRecovery). A wrong one is errs.SignIn.
// Guesses stand in a line of their own as passwords do, so that whoever has
// found the password does not begin anew with each right one, and the two kinds
// apart, so that a stranger's guesses keep nobody from a recovery code. The
// person is told after the fifth in a row: somebody knows the password.
func (g *Guard) SecondStep(ctx context.Context, d *db.DB, v *vault.Vault, a Account, by Factor, code string, from From) (err error) {
	defer errs.Wrap(&err, "access.SecondStep(%s)", a.Login)
	line := a.Login + " " + string(by) // no login has a space
	if err := g.standInLine(ctx, d, a.District, line, longestCode); err != nil {
		return err
	}
	right := false
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if right, err = checkStep(ctx, tx, v, a, by, code); err != nil {
			return err
		}
		if !right {
			return refuseStep(ctx, tx, a, by, line, from)
		}
		if by == ByRecovery {
			if err := note(ctx, tx, a.District, a.Person, RecoveryUsed, from, nil); err != nil {
				return err
			}
		}
		return leaveLine(ctx, tx, a.District, line)
	})
	switch {
	case err != nil || right:
		return err
	case by == ByRecovery:
		return errs.New(errs.SignIn, "恢复码不对，或已经用过。每个只能用一次", "the recovery code is not right or was used already; each is good once").At("recovery")
	}
	return wrongCode()
}

// GuessedJob tells a person that somebody knows the password and guesses codes;
// its arguments are the person's id.
const GuessedJob = "second-guessed"

// guessesTold is how many codes in a row are wrong before the person is told.
const guessesTold = 5

// refuseStep writes that a code was wrong.
func refuseStep(ctx context.Context, tx *db.Tx, a Account, by Factor, line string, from From) error {
	tries, err := db.Value[int](ctx, tx, `select failures from signin_failures where district = $1 and login = $2`, a.District, line)
	if err != nil {
		return err
	}
	if tries == guessesTold {
		if err := job.Add(ctx, tx, a.District, GuessedJob, a.Person, a.Person, tx.Now); err != nil {
			return err
		}
	}
	return note(ctx, tx, a.District, a.Person, SecondRefused, from, map[string]string{"how": string(by)})
}

func checkStep(ctx context.Context, tx *db.Tx, v *vault.Vault, a Account, by Factor, code string) (bool, error) {
	switch by {
	case ByCode:
		return checkTOTP(ctx, tx, v, a.District, Staff(a.Login), code)
	case ByRecovery:
		return checkRecovery(ctx, tx, a.District, Staff(a.Login), code)
	}
	return false, nil
}
