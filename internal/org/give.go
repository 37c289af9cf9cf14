package org

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Topic is what a transaction wakes that changes who holds what.
const Topic = "org"

// Giver is who gives or takes a post, with the post that lets them; nobody on
// the command line.
type Giver struct {
	Person PersonID
	Post   PostID
	Unit   UnitID
}

// Rules are what posts of a district are checked by.
type Rules struct {
	Book  *rights.Book
	Areas Known
	Zone  *time.Location
}

// The acts that the trail of a post holds.
const (
	PostGiven    = "post-given"
	PostEnded    = "post-ended"
	PostImported = "post-imported"
	StandInGiven = "standin-given"
	StandInEnded = "standin-ended"
)

// Give gives a person a post, from its first day or from this minute where that
// is today. Nobody gives one to himself, nobody holds two that the rulebook
// keeps apart, not even for a day, and nothing is given for days that are over.
func Give(ctx context.Context, tx *db.Tx, district string, rules Rules, by Giver, p Post, reason string) (_ Post, err error) {
	defer errs.Wrap(&err, "org.Give(%s, %s, %s)", p.Person, p.Role, p.Unit)
	if err := hold(ctx, tx, district, p.Person); err != nil {
		return Post{}, err
	}
	d, err := Open(ctx, tx, district)
	if err != nil {
		return Post{}, err
	}
	today := clock.DateOf(tx.Now, rules.Zone)
	p.ID, p.Ends, p.For, p.From = "", time.Time{}, "", cmp.Or(p.From, today)
	if err := d.mayGive(rules, by, p, today, reason); err != nil {
		return Post{}, err
	}
	term := p.span(rules.Zone)
	term.from = later(term.from, tx.Now)
	if other, shut := d.shutOut(rules, p.Person, p.Role, term); shut {
		return Post{}, excluded(rules.Book, p.Role, other)
	}
	for _, q := range d.ofPerson[p.Person] {
		switch {
		case q.seat() != p.seat():
		case q.span(rules.Zone).meets(term):
			return Post{}, errs.New(errs.Conflict, "这个人已经有这个岗位了，到%[1]s。", "This person holds that post already, until %[2]s.", until(q, lang.ZH), until(q, lang.EN)).At("role")
		case q.From == p.From: // it was ended today and is given again: the same term goes on
			p.ID = q.ID
		}
	}
	if p.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return Post{}, err
		}
		p.ID = PostID(id.String())
	}
	if err := writePost(ctx, tx, district, p); err != nil {
		return Post{}, err
	}
	return p, note(ctx, tx, district, by, PostGiven, p, map[string]string{"from": string(p.From), "to": string(p.To), "reason": reason})
}

// mayGive checks a post by itself.
func (d *Directory) mayGive(rules Rules, by Giver, p Post, today clock.Date, reason string) error {
	_, role := rules.Book.Role(string(p.Role))
	unit, there := d.units[p.Unit]
	switch {
	case p.Person == by.Person:
		return errs.New(errs.Forbidden, "不能给自己岗位，请另一位安全管理员来给。", "Nobody gives a post to himself; another security administrator does.").At("person")
	case !role:
		return errs.New(errs.Invalid, "没有“%s”这种角色。", "There is no role “%s”.", p.Role).At("role")
	case !there || !unit.ValidOn(max(today, p.From)):
		return errs.New(errs.Invalid, "没有这个单位，或者它那时已经撤销。", "There is no such unit, or it no longer exists then.").At("unit")
	case p.Area != "" && !rules.Areas(p.Area):
		return errs.New(errs.Invalid, "没有区域 %s。", "There is no area %s.", p.Area).At("area")
	case p.Role == GridWorker && len(p.Area) != gridDigits:
		return errs.New(errs.Invalid, "网格员岗位要写明网格。", "A grid worker's post names its grid.").At("area")
	case p.From < today:
		return errs.New(errs.Invalid, "开始日期不能早于今天。", "It cannot begin before today.").At("from")
	case p.To != "" && p.To < p.From:
		return errs.New(errs.Invalid, "结束日期早于开始日期。", "It ends before it begins.").At("to")
	}
	return wanted(reason)
}

func wanted(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return errs.New(errs.Invalid, "请写明理由。", "Please give the reason.").At("reason")
	}
	return nil
}

// shutOut finds a role of a person within a time that the rulebook keeps apart
// from another: of a post, or of one the person stands in for.
func (d *Directory) shutOut(rules Rules, person PersonID, role Role, term span) (other Role, shut bool) {
	for _, q := range d.ofPerson[person] {
		if rules.Book.Exclusive(string(role), string(q.Role)) && q.span(rules.Zone).meets(term) {
			return q.Role, true
		}
	}
	for _, s := range d.standing[person] {
		if q := d.posts[s.Post]; rules.Book.Exclusive(string(role), string(q.Role)) && s.span().meets(term) {
			return q.Role, true
		}
	}
	return "", false
}

func excluded(book *rights.Book, role, other Role) error {
	one, two := titleOf(book, role), titleOf(book, other)
	return errs.New(errs.Conflict, "%[1]s和%[2]s不能是同一个人。", "One person cannot be both %[3]s and %[4]s.", one.ZH, two.ZH, one.EN, two.EN).At("role")
}

// titleOf names a role as the rulebook does.
func titleOf(book *rights.Book, role Role) lang.Text {
	if r, ok := book.Role(string(role)); ok {
		return r.Title
	}
	return lang.Text{ZH: string(role), EN: string(role)}
}

func until(p Post, l lang.Lang) string {
	if p.To == "" {
		return lang.T("没有期限", "further notice").In(l)
	}
	return p.To.Text().In(l)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// End ends a post at an instant, or at once. Its rights go with that minute, and
// what its holder had taken up goes on without them.
func End(ctx context.Context, tx *db.Tx, district string, zone *time.Location, by Giver, id PostID, at time.Time, reason string) (_ Post, err error) {
	defer errs.Wrap(&err, "org.End(%s)", id)
	d, err := Open(ctx, tx, district)
	if err != nil {
		return Post{}, err
	}
	p, ok := d.posts[id]
	if !ok {
		return Post{}, errs.New(errs.NotFound, "没有这个岗位。", "There is no such post.")
	}
	if err := hold(ctx, tx, district, p.Person); err != nil {
		return Post{}, err
	}
	if at.IsZero() {
		at = tx.Now
	}
	end := p.Until(zone)
	switch {
	case at.Before(tx.Now):
		return Post{}, errs.New(errs.Invalid, "结束的时间已经过了。", "That time is over.").At("at")
	case !end.IsZero() && !end.After(tx.Now):
		return Post{}, errs.New(errs.Conflict, "这个岗位已经结束了。", "This post has ended already.")
	case !end.IsZero() && at.After(end):
		return Post{}, errs.New(errs.Conflict, "这个岗位在那之前就结束了。", "This post ends before that.").At("at")
	}
	if err := wanted(reason); err != nil {
		return Post{}, err
	}
	p.Ends, p.To = at, clock.DateOf(at.Add(-time.Microsecond), zone)
	if err := writePost(ctx, tx, district, p); err != nil {
		return Post{}, err
	}
	if err := turn(ctx, tx, district, p.ID, at); err != nil {
		return Post{}, err
	}
	return p, note(ctx, tx, district, by, PostEnded, p, map[string]string{"at": micros(at), "reason": reason})
}

// note writes who changed a person's rights into the trail of the post, has the
// audit administrators told, and wakes whoever holds the directory.
func note(ctx context.Context, tx *db.Tx, district string, by Giver, act string, p Post, detail map[string]string) error {
	detail["person"], detail["role"], detail["unit"], detail["area"] = string(p.Person), string(p.Role), string(p.Unit), p.Area
	for name, value := range detail {
		if value == "" {
			delete(detail, name)
		}
	}
	if by.Person == "" {
		detail["by"] = CommandLine
	}
	tx.Wake(Topic)
	err := trail.Note(ctx, tx, district, trail.Rights, string(p.ID), trail.Entry{
		Person: string(by.Person), Post: string(by.Post), Unit: string(by.Unit), Act: act, Detail: detail,
	})
	if err != nil {
		return err
	}
	return tell(ctx, tx, district, Told{Act: act, Role: p.Role, Unit: p.Unit, N: 1})
}

// CommandLine is who an entry of the trail names where nobody had signed in.
const CommandLine = "command line"

// The kinds of job that follow from posts given and taken.
const (
	TurnJob = "posts-turn"  // Turn: who holds a post changes at this instant
	ToldJob = "rights-told" // Told: the audit administrators are told
)

// Turn is an instant at which rights change hands: of one post, or at the
// beginning of a day of all whose last day is over.
type Turn struct {
	Post PostID     `json:"post,omitempty"`
	Day  clock.Date `json:"day,omitempty"`
}

// Told is what the audit administrators are told of: what was done, about which
// role in which unit, how often. It names nobody; the trail does.
type Told struct {
	Act  string `json:"act"`
	Role Role   `json:"role,omitempty"`
	Unit UnitID `json:"unit,omitempty"`
	N    int    `json:"n"`
}

// turn asks for what must be done when a post changes hands.
func turn(ctx context.Context, tx *db.Tx, district string, post PostID, at time.Time) error {
	return job.Add(ctx, tx, district, TurnJob, string(post)+" "+micros(at), Turn{Post: post}, later(at, tx.Now))
}

// Daily asks for what must be done as the next day begins. Asking again changes
// nothing.
func Daily(ctx context.Context, tx *db.Tx, district string, zone *time.Location) error {
	day := clock.DateOf(tx.Now, zone).Add(1)
	return job.Add(ctx, tx, district, TurnJob, "day", Turn{Day: day}, day.Start(zone))
}

func tell(ctx context.Context, tx *db.Tx, district string, t Told) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return job.Add(ctx, tx, district, ToldJob, id.String(), t, tx.Now)
}
