package access

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"linli/internal/db"
	"linli/internal/errs"
)

const (
	freeTries    = 3                // before any waiting
	firstDelay   = time.Second      // doubled by each further failure
	longestDelay = 15 * time.Second // between two looks at one login
	longestCode  = time.Minute      // between two codes: there are only a million of them
	longestWait  = 20 * time.Second // that a try stands in the line
	forgetAfter  = time.Hour        // without a try
)

// SignIn gives the account of a login and password. A wrong password, an
// unknown login and a closed account are one errs.SignIn with one text. It may
// take its time after failures; where the line for a login is too long it is
// errs.Busy. The person behind a login that exists is told of a failure
// ([Events]).
func (g *Guard) SignIn(ctx context.Context, d *db.DB, district, login, password string, from From) (a Account, err error) {
	defer errs.Wrap(&err, "access.SignIn(%s)", district) // not the login: people type passwords there
	login, password = normal(login), norm.NFKC.String(password)
	if checkLogin(login) != nil || len(password) > 4*PasswordMost {
		return Account{}, refused()
	}
	if err := g.standInLine(ctx, d, district, login, longestDelay); err != nil {
		return Account{}, err
	}
	a, person, err := g.compare(ctx, d, district, login, password)
	if errs.KindOf(err) == errs.SignIn {
		return Account{}, errors.Join(err, g.tell(ctx, d, district, login, person, from))
	}
	if err != nil {
		return Account{}, err
	}
	return a, d.Write(ctx, func(tx *db.Tx) error { return leaveLine(ctx, tx, district, login) })
}

// tell writes a failure into the sign-ins of the person behind a login. For a
// login that does not exist it writes as well, so that the answer takes as long.
func (g *Guard) tell(ctx context.Context, d *db.DB, district, login, person string, from From) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		if person != "" {
			return note(ctx, tx, district, person, SignInRefused, from, nil)
		}
		return tx.Exec(ctx, `update signin_failures set last_at = $1 where district = $2 and login = $3`, db.At(tx.Now), district, login)
	})
}

// standInLine counts a try and waits for its turn. It is counted as a failure
// before it is looked at and struck out if it was none ([leaveLine]), so that
// tries at the same time see each other. longest is the most that one look
// comes after the other.
func (g *Guard) standInLine(ctx context.Context, d *db.DB, district, line string, longest time.Duration) error {
	var wait time.Duration
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		wait, err = queueUp(ctx, tx, district, line, longest)
		return err
	}); err != nil || wait == 0 {
		return err
	}
	return g.wait(ctx, wait)
}

// leaveLine forgets the failures of a line.
func leaveLine(ctx context.Context, tx *db.Tx, district, line string) error {
	return tx.Exec(ctx, `delete from signin_failures where district = $1 and login = $2`, district, line)
}

// queueUp counts a try and gives how long it stands in the line.
func queueUp(ctx context.Context, tx *db.Tx, district, login string, longest time.Duration) (time.Duration, error) {
	// The upsert comes before the reading: on PostgreSQL it holds the row, so
	// that two tries do not stand in the same place.
	err := tx.Exec(ctx, `insert into signin_failures (district, login, failures, last_at, next_at) values ($1, $2, 1, $3, $3)
		on conflict (district, login) do update set
			failures = case when signin_failures.last_at < $4 then 1 else signin_failures.failures + 1 end,
			last_at = $3`,
		district, login, db.At(tx.Now), db.At(tx.Now.Add(-forgetAfter)))
	if err != nil {
		return 0, err
	}
	type row struct {
		tries int
		next  time.Time
	}
	r, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.tries, db.Time(&r.next)} },
		`select failures, next_at from signin_failures where district = $1 and login = $2`, district, login)
	if err != nil {
		return 0, err
	}
	turn := tx.Now
	if r.next.After(turn) {
		turn = r.next
	}
	wait := turn.Sub(tx.Now)
	if wait > longestWait {
		// The error undoes the counting: who is sent away did not try.
		return 0, errs.New(errs.Busy, "这个登录名试的次数太多，请过 %d 秒再试", "too many tries for this login, please try again in %d seconds", int(wait.Seconds()))
	}
	return wait, tx.Exec(ctx, `update signin_failures set next_at = $1 where district = $2 and login = $3`,
		db.At(turn.Add(delay(r.tries, longest))), district, login)
}

// delay is how long after the look at try n the next one may be.
func delay(n int, longest time.Duration) time.Duration {
	if n < freeTries {
		return 0
	}
	return min(longest, firstDelay<<min(n-freeTries, 10))
}

// compare does the same work whether or not there is such a login. Of a refusal
// it says whose login it is, if anybody's.
func (g *Guard) compare(ctx context.Context, r db.Reader, district, login, password string) (a Account, person string, err error) {
	type row struct {
		Account
		hash string
	}
	one, err := db.One(ctx, r, func(o *row) []any { return append(o.dest(), &o.hash) },
		`select district, login, person, active, created, password from accounts where district = $1 and login = $2`, district, login)
	known := err == nil
	if errs.KindOf(err) == errs.NotFound {
		one.hash = g.decoy
	} else if err != nil {
		return Account{}, "", err
	}
	var same bool
	err = g.inTurn(ctx, func() (err error) {
		same, err = argon2id.ComparePasswordAndHash(password, one.hash)
		return err
	})
	if err != nil {
		return Account{}, "", err
	}
	if !same || !known || !one.Active {
		return Account{}, one.Person, refused()
	}
	return one.Account, one.Person, nil
}

func refused() error {
	return errs.New(errs.SignIn, "登录名或密码不对，请再核对一下", "login or password is not right, please check").At("password")
}

// SweepFailures forgets tries of long ago, which no longer delay anything.
func SweepFailures(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "access.SweepFailures(%s)", district)
	return tx.Exec(ctx, `delete from signin_failures where district = $1 and last_at < $2`, district, db.At(tx.Now.Add(-forgetAfter)))
}
