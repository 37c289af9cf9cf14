package access

import (
	"context"
	"crypto/rand"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
)

// forgetDevice is how long a browser is known that does not come back.
const forgetDevice = 400 * 24 * time.Hour

// NewDeviceJob tells a person that a browser never seen before has signed in to
// the account; its arguments are a [NewDevice].
const NewDeviceJob = "new-device"

// NewDevice is who is to be told of which browser.
type NewDevice struct{ Person, Agent string }

// Begun is what signing in came to.
type Begun struct {
	Mark string // for the browser to keep, so that it is known the next time
	New  bool   // the account was used before, and never with this browser
}

// Begin writes that an account's holder has signed in with the factors shown,
// and tells whether the browser is a new one. mark is what the browser kept.
// The first browser of an account is nothing to warn of.
func Begin(ctx context.Context, tx *db.Tx, a Account, shown []Factor, from From, mark string) (b Begun, err error) {
	defer errs.Wrap(&err, "access.Begin(%s)", a.Login)
	holder := Staff(a.Login)
	if mark != "" {
		n, err := tx.Change(ctx, `update devices set seen = $1, agent = $2 where district = $3 and holder = $4 and hash = $5`,
			db.At(tx.Now), from.Agent, a.District, holder, hash(mark))
		if err != nil {
			return Begun{}, err
		}
		if n == 1 {
			return Begun{Mark: mark}, noteBegin(ctx, tx, a, shown, from, false)
		}
	} else {
		mark = rand.Text()
	}
	before, err := db.Value[int](ctx, tx, `select count(*) from devices where district = $1 and holder = $2`, a.District, holder)
	if err != nil {
		return Begun{}, err
	}
	if err := tx.Exec(ctx, `insert into devices (district, holder, hash, agent, first, seen) values ($1, $2, $3, $4, $5, $5)`,
		a.District, holder, hash(mark), from.Agent, db.At(tx.Now)); err != nil {
		return Begun{}, err
	}
	b = Begun{Mark: mark, New: before > 0}
	if b.New {
		if err := job.Add(ctx, tx, a.District, NewDeviceJob, hash(mark+a.Login), NewDevice{Person: a.Person, Agent: from.Agent}, tx.Now); err != nil {
			return Begun{}, err
		}
	}
	return b, noteBegin(ctx, tx, a, shown, from, b.New)
}

func noteBegin(ctx context.Context, tx *db.Tx, a Account, shown []Factor, from From, news bool) error {
	how := ""
	for i, f := range shown {
		if i > 0 {
			how += " "
		}
		how += string(f)
	}
	detail := map[string]string{"how": how}
	if news {
		detail["device"] = "new"
	}
	return note(ctx, tx, a.District, a.Person, SignedIn, from, detail)
}

// Sweep removes what has run out: sessions, tries that delay nothing any more,
// links nobody followed, code apps nobody confirmed, browsers that never came
// back.
func Sweep(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "access.Sweep(%s)", district)
	if err := SweepSessions(ctx, tx, district); err != nil {
		return err
	}
	if err := SweepFailures(ctx, tx, district); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `delete from invitations where district = $1 and expires < $2`, district, db.At(tx.Now)); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `delete from totps where district = $1 and confirmed = $2 and created < $3`, district, false, db.At(tx.Now.Add(-24*time.Hour))); err != nil {
		return err
	}
	return tx.Exec(ctx, `delete from devices where district = $1 and seen < $2`, district, db.At(tx.Now.Add(-forgetDevice)))
}
