package casework

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
)

// Seen returns a case within a scope, with its tasks. One outside it, one that
// is not there and an id that is none are the same errs.NotFound, word for word.
func Seen(ctx context.Context, r db.Reader, d *district.District, s Scope, id ID, now time.Time) (c Case, tasks []Task, err error) {
	missing := errs.New(errs.NotFound, "没有找到", "not found")
	if !utf8.ValidString(string(id)) || strings.ContainsRune(string(id), 0) {
		return Case{}, nil, missing
	}
	c, err = ByID(ctx, r, d.Code, id)
	if err == nil {
		tasks, err = Tasks(ctx, r, d.Code, id)
	}
	var open []Disclosure
	if err == nil && s.observes() {
		open, err = disclosedNow(ctx, r, d.Code, id, now)
	}
	if errs.KindOf(err) == errs.NotFound || err == nil && !s.Sees(c, tasks, open...) {
		return Case{}, nil, missing
	}
	if err != nil {
		return Case{}, nil, err
	}
	return c, tasks, nil
}

// observes reports whether disclosures bear on the scope.
func (s Scope) observes() bool {
	for _, g := range s {
		if g.Reach == Disclosed {
			return true
		}
	}
	return false
}

// Within reports which of some cases lie within a scope, by one query.
func Within(ctx context.Context, r db.Reader, d *district.District, s Scope, now time.Time, ids ...ID) (seen map[ID]bool, err error) {
	defer errs.Wrap(&err, "casework.Within(%d cases)", len(ids))
	seen = map[ID]bool{}
	if len(ids) == 0 {
		return seen, nil
	}
	values := make([]string, len(ids))
	for i, id := range ids {
		values[i] = string(id)
	}
	w := &where{engine: r.Engine(), now: db.At(now)}
	w.put(d.Code)
	list, arg, err := db.FromList(w.engine, "$2", values)
	if err != nil {
		return nil, err
	}
	w.put(arg)
	s.add(w)
	conds := strings.Join(append([]string{"c.district = $1"}, w.conds...), " and ")
	return seen, db.Scan(ctx, r, func(rows db.Rows) error {
		var id ID
		err := rows.Scan(&id)
		seen[id] = true
		return err
	}, "select c.id from "+list+" cases c on c.district = $1 and c.id = j.value where "+conds, w.args...)
}

// ActorOf is a post as scopes and procedures see it.
func ActorOf(p org.Post) procedure.Actor {
	return procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area, For: string(p.For)}
}

// Everybody are all posts as they are held at an instant, and by whom.
func Everybody(d *district.District, now time.Time) (all []procedure.Actor) {
	for _, person := range d.Org.People() {
		for _, p := range d.Org.HeldAt(person.ID, now, d.Calendar.Zone()) {
			all = append(all, ActorOf(p))
		}
	}
	return all
}

// Seer is a post or a key that sees a case, and why.
type Seer struct {
	Grant
	Why Reason
}

// WhoSees is the scope turned round: which of some posts see a case today, and
// why; each at most once with what it sees as one who works here, and once as an
// observer. keys are the grants of keys.
func WhoSees(ctx context.Context, r db.Reader, d *district.District, id ID, posts []procedure.Actor, keys Scope, now time.Time) (all []Seer, err error) {
	defer errs.Wrap(&err, "casework.WhoSees(%s)", id)
	c, tasks, err := Seen(ctx, r, d, nil, id, now)
	if err != nil {
		return nil, err
	}
	open, err := disclosedNow(ctx, r, d.Code, id, now)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		for _, g := range append(ScopeOf(d, p), ObservedBy(d, p)...) {
			if why := g.Why(c, tasks, open...); why != "" {
				all = append(all, Seer{g, why})
			}
		}
	}
	for _, g := range keys {
		if why := g.Why(c, tasks); why != "" {
			all = append(all, Seer{g, SeesByKey})
		}
	}
	return all, nil
}
