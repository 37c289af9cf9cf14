package access

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// The acts of binding, in the book of sign-ins.
const (
	ProviderBound   Act = "provider-bound"
	ProviderUnbound Act = "provider-unbound"
)

// Binding says that somebody of another house is an account here.
type Binding struct {
	Issuer, Subject string
	Login           string
	Bound           time.Time
}

// AccountOf gives the account of whom the other house names. The first time it
// is the one whose login the configured claim gives, and it is bound: should
// the other house give that name to somebody else, it is not theirs. An account
// is never made, and rights are never read from there. A stranger and a closed
// account are errs.SignIn in the same words.
func AccountOf(ctx context.Context, d *db.DB, district string, s Stated, from From) (a Account, err error) {
	defer errs.Wrap(&err, "access.AccountOf(%s)", district)
	known := false
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		a, known, err = accountOf(ctx, tx, district, s, from)
		if err == nil && !known && a.Login != "" {
			return note(ctx, tx, a.District, a.Person, SignInRefused, from, map[string]string{"how": string(ByProvider)})
		}
		return err
	})
	if err == nil && !known {
		err = noAccount()
	}
	if err != nil {
		return Account{}, err
	}
	return a, nil
}

// accountOf finds the account that is meant, and whether it may be used.
func accountOf(ctx context.Context, tx *db.Tx, district string, s Stated, from From) (a Account, known bool, err error) {
	bound, err := db.All(ctx, tx, func(login *string) []any { return []any{login} },
		`select login from oidc_bindings where district = $1 and issuer = $2 and subject = $3`, district, s.Issuer, s.Subject)
	if err != nil {
		return Account{}, false, err
	}
	login := s.Login
	if len(bound) > 0 {
		login = bound[0]
	}
	if login == "" || checkLogin(normal(login)) != nil {
		return Account{}, false, nil
	}
	a, err = Find(ctx, tx, district, login)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return Account{}, false, nil
	case err != nil || !a.Active || len(bound) > 0:
		return a, err == nil && a.Active, err
	}
	err = Bind(ctx, tx, a, s, from)
	if errs.KindOf(err) == errs.Conflict {
		return a, false, nil
	}
	return a, err == nil, err
}

func noAccount() error {
	return errs.New(errs.SignIn, "这里没有与您对应的账号，或者账号已停用。请找本单位的管理员。", "There is no account for you here, or it is closed. Please ask your administrator.")
}

// Bind makes somebody of another house an account here, which its holder asks
// for, signed in. A person who is another account already, and an account that
// is somebody else's, is errs.Conflict.
func Bind(ctx context.Context, tx *db.Tx, a Account, s Stated, from From) (err error) {
	defer errs.Wrap(&err, "access.Bind(%s)", a.Login)
	n, err := tx.Change(ctx, `insert into oidc_bindings (district, issuer, subject, login, bound) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		a.District, s.Issuer, s.Subject, a.Login, db.At(tx.Now))
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "那边的这个人，或者这个账号，已经绑了别的。先解绑再绑。", "That person, or this account, is bound to another already. Unbind it first.")
	}
	if err != nil {
		return err
	}
	return note(ctx, tx, a.District, a.Person, ProviderBound, from, map[string]string{"how": s.Issuer})
}

// Unbind ends that.
func Unbind(ctx context.Context, tx *db.Tx, a Account, issuer string, from From) (err error) {
	defer errs.Wrap(&err, "access.Unbind(%s)", a.Login)
	n, err := tx.Change(ctx, `delete from oidc_bindings where district = $1 and issuer = $2 and login = $3`, a.District, issuer, a.Login)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "这个账号没有绑", "this account is not bound")
	}
	if err != nil {
		return err
	}
	return note(ctx, tx, a.District, a.Person, ProviderUnbound, from, map[string]string{"how": issuer})
}

// BindingOf gives the binding of an account at a house; errs.NotFound where
// there is none.
func BindingOf(ctx context.Context, r db.Reader, district, issuer, login string) (b Binding, err error) {
	defer errs.Wrap(&err, "access.BindingOf(%s)", login)
	return db.One(ctx, r, func(b *Binding) []any { return []any{&b.Issuer, &b.Subject, &b.Login, db.Time(&b.Bound)} },
		`select issuer, subject, login, bound from oidc_bindings where district = $1 and issuer = $2 and login = $3`, district, issuer, normal(login))
}
