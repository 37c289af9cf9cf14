package org

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
)

// longestLeave bounds how long one person stands in: what lasts longer is a post.
const longestLeave = 366 * 24 * time.Hour

func micros(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

// Stand lets a person do what a post is for from one minute to another, while its
// holder is on leave. It is somebody of the same unit or of one above it, never
// whom the rulebook shuts out, never who is stood in for at the time, and one at
// a time.
func Stand(ctx context.Context, tx *db.Tx, district string, rules Rules, by Giver, s StandIn) (_ StandIn, err error) {
	defer errs.Wrap(&err, "org.Stand(%s, %s)", s.Post, s.Person)
	d, err := Open(ctx, tx, district)
	if err != nil {
		return StandIn{}, err
	}
	p, ok := d.posts[s.Post]
	if !ok {
		return StandIn{}, errs.New(errs.NotFound, "没有这个岗位。", "There is no such post.")
	}
	if err := hold(ctx, tx, district, p.Person, s.Person); err != nil {
		return StandIn{}, err
	}
	if d, err = Open(ctx, tx, district); err != nil { // as it is now that nobody else changes it
		return StandIn{}, err
	}
	s.From, s.Ended, s.GivenBy = later(s.From, tx.Now), time.Time{}, by.Person
	if err := d.mayStand(rules, by, p, s); err != nil {
		return StandIn{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return StandIn{}, err
	}
	s.ID = StandInID(id.String())
	if err := writeStandIn(ctx, tx, district, s); err != nil {
		return StandIn{}, err
	}
	for _, at := range []time.Time{s.From, s.To} {
		if err := turn(ctx, tx, district, p.ID, at); err != nil {
			return StandIn{}, err
		}
	}
	keeps := "no"
	if s.Keeps {
		keeps = "yes"
	}
	p.Person = s.Person // whose rights change
	return s, note(ctx, tx, district, by, StandInGiven, p, map[string]string{
		"for": string(d.posts[s.Post].Person), "from": micros(s.From), "to": micros(s.To), "keeps": keeps, "reason": s.Why,
	})
}

// mayStand checks a stand-in against everything else.
func (d *Directory) mayStand(rules Rules, by Giver, p Post, s StandIn) error {
	end := p.Until(rules.Zone)
	switch {
	case s.Person == p.Person:
		return errs.New(errs.Invalid, "代班的要是另一个人。", "Somebody else has to stand in.").At("person")
	case s.Person == by.Person:
		return errs.New(errs.Forbidden, "不能让自己代班，请另一位安全管理员来办。", "Nobody makes himself a stand-in; another security administrator does.").At("person")
	case !s.From.Before(s.To):
		return errs.New(errs.Invalid, "结束时间要晚于开始时间，也不能已经过去。", "It has to end after it begins, and after now.").At("to")
	case s.To.Sub(s.From) > longestLeave:
		return errs.New(errs.Invalid, "代班最长一年，再长就给岗位。", "A stand-in lasts a year at most; longer is a post.").At("to")
	case !p.HeldAt(s.From, rules.Zone) || !end.IsZero() && s.To.After(end):
		return errs.New(errs.Invalid, "这段时间这个岗位没有人在任。", "The post is not held for all of that time.").At("from")
	case !d.near(d.heldBy(s.Person, s.From, rules), p.Unit):
		return errs.New(errs.Invalid, "代班的人要在同一单位，或者上级单位。", "Whoever stands in is of the same unit or one above it.").At("person")
	}
	if other, shut := d.shutOut(rules, s.Person, p.Role, s.span()); shut {
		return excluded(rules.Book, p.Role, other)
	}
	if err := d.unchained(p, s); err != nil {
		return err
	}
	return wanted(s.Why)
}

// heldBy lists the own posts of a person at an instant.
func (d *Directory) heldBy(person PersonID, at time.Time, rules Rules) (own []Post) {
	for _, p := range d.ofPerson[person] {
		if p.HeldAt(at, rules.Zone) {
			own = append(own, p)
		}
	}
	return own
}

// unchained refuses two stand-ins for one post at a time, and a stand-in for
// somebody who stands in.
func (d *Directory) unchained(p Post, s StandIn) error {
	for _, other := range d.away[p.ID] {
		if other.span().meets(s.span()) {
			return errs.New(errs.Conflict, "这段时间已经有人代班。", "Somebody stands in at that time already.").At("from")
		}
	}
	for _, q := range d.ofPerson[s.Person] {
		for _, other := range d.away[q.ID] {
			if other.span().meets(s.span()) {
				return errs.New(errs.Conflict, "这个人那时自己也由别人代班。", "Somebody else stands in for this person then.").At("person")
			}
		}
	}
	for _, other := range d.standing[p.Person] {
		if other.span().meets(s.span()) {
			return errs.New(errs.Conflict, "在岗的人那时正替别人代班，不能再由别人代。", "The holder stands in for somebody else then; there is no stand-in of a stand-in.").At("from")
		}
	}
	return nil
}

// EndStandIn ends a stand-in at once.
func EndStandIn(ctx context.Context, tx *db.Tx, district string, by Giver, id StandInID, reason string) (_ StandIn, err error) {
	defer errs.Wrap(&err, "org.EndStandIn(%s)", id)
	d, err := Open(ctx, tx, district)
	if err != nil {
		return StandIn{}, err
	}
	for _, all := range d.away {
		for _, s := range all {
			if s.ID != id {
				continue
			}
			if !s.Until().After(tx.Now) {
				return s, errs.New(errs.Conflict, "这次代班已经结束。", "This stand-in is over.")
			}
			if err := wanted(reason); err != nil {
				return s, err
			}
			s.Ended = tx.Now
			if err := writeStandIn(ctx, tx, district, s); err != nil {
				return s, err
			}
			if err := turn(ctx, tx, district, s.Post, tx.Now); err != nil {
				return s, err
			}
			p := d.posts[s.Post]
			holder := p.Person
			p.Person = s.Person
			return s, note(ctx, tx, district, by, StandInEnded, p, map[string]string{"for": string(holder), "reason": reason})
		}
	}
	return StandIn{}, errs.New(errs.NotFound, "没有这次代班。", "There is no such stand-in.")
}
