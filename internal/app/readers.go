package app

import (
	"context"
	"errors"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/procedure"
)

// reads reports whether a person reads a notice on the desk or in the field now:
// one to a post of theirs, or to the unit of a post that lets them see the case.
func (a *App) reads(ctx context.Context, r db.Reader, person string, n notice.Notice, now time.Time) (yes bool, err error) {
	defer errs.Wrap(&err, "app.reads(%s)", n.Template)
	d, err := a.picture(ctx, n.District)
	if err != nil {
		return false, err
	}
	for _, p := range d.HeldAt(org.PersonID(person), now) {
		by := casework.ActorOf(p)
		scope := casework.ScopeOf(d, []procedure.Actor{by}...)
		switch {
		case n.To == notice.Post(by.Post):
			return true, nil
		case n.To != notice.Unit(by.Unit) || len(scope) == 0:
		case n.Case == "":
			return true, nil
		default:
			_, _, err := casework.Seen(ctx, r, d, scope, casework.ID(n.Case), now)
			if err == nil || !errors.Is(err, errs.NotFound) {
				return err == nil, err
			}
		}
	}
	return false, nil
}
