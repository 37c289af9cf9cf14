package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Opening is what a case is opened from.
type Opening struct {
	Number   string // from Numbers.Next
	Matter   string
	Title    string // empty: the matter's
	Text     string
	Place    Place
	Channel  string // as everybody may know it; empty: the first report's
	Danger   bool
	Secret   bool   // the reporter asks to be kept secret; some matters are anyway
	Receiver string // the unit that takes it in; empty: the district's centre
	Report   Report // the first report
	By       procedure.Actor
}

// Open opens a case: located, routed, with its deadline, first tasks, first
// report, trail and the jobs that tell people, all in tx and of one instant.
// It is errs.Invalid for a matter the district does not have.
func Open(ctx context.Context, tx *db.Tx, d *district.District, o Opening) (c Case, err error) {
	defer errs.Wrap(&err, "casework.Open(%s, %s)", d.Code, o.Matter)
	m, ok := d.Catalogue.Matter(o.Matter)
	if !ok || !d.Catalogue.Selectable(o.Matter) {
		return Case{}, errs.New(errs.Invalid, "没有这个事项：%s", "there is no such matter: %s", o.Matter).At("matter")
	}
	p, ok := d.Catalogue.Procedure(m.Procedure, "")
	if !ok {
		return Case{}, fmt.Errorf("matter %s names procedure %s, which is not installed", m.Code, m.Procedure)
	}
	if c, err = begin(d, o, m, p, tx.Now); err != nil {
		return Case{}, err
	}
	out := p.Begin(c.ground(d), c.facts(d.Code))
	s := &stroke{ctx: ctx, tx: tx, d: d, c: &c, p: p, by: o.By}
	if err := s.apply(out); err != nil {
		return Case{}, err
	}
	c.Revision = 1
	if err := insertCase(ctx, tx, d.Code, &c); err != nil {
		return Case{}, err
	}
	o.Report.Case = c.ID
	if err := insertReport(ctx, tx, d.Code, &o.Report); err != nil {
		return Case{}, err
	}
	if err := index(ctx, tx, d.Code, &c); err != nil {
		return Case{}, err
	}
	if err := s.record(trail.Head{}, "opened", "", s.now(c.openDeed(d.Code))); err != nil {
		return Case{}, err
	}
	return c, s.tell("received", o.Report.ID)
}

// NewID makes the id of a case, of a task or of a report. Ids begin with the instant
// they are made at, so that rows lie in the order they came in; those of a secret
// case do not, since the minute at which it came in would tell who brought it.
func NewID(secret bool) (string, error) {
	if secret {
		id, err := uuid.NewRandom()
		return id.String(), err
	}
	id, err := uuid.NewV7()
	return id.String(), err
}

// begin makes the case as it stands before its first step.
func begin(d *district.District, o Opening, m catalogue.Matter, p *procedure.Procedure, now time.Time) (Case, error) {
	secret := m.Secret || o.Secret
	id, err := NewID(secret)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: ID(id), Number: o.Number, Matter: m.Code, Major: d.Catalogue.Major(m.Code), Kind: string(m.Kind),
		Procedure: p.Name, Version: p.Version, Title: o.Title, Text: o.Text, Place: o.Place,
		Channel: o.Report.Channel, Urgency: string(m.Urgency), Secret: secret, Danger: o.Danger,
		Reachable: o.Report.Phone != "" || o.Report.Word != "", Receiver: o.Receiver,
		State: Running, OpenedAt: now, MovedAt: now, Reports: 1, Round: 1,
	}
	if c.Title == "" {
		c.Title = m.Title.ZH
	}
	if o.Channel != "" {
		c.Channel = o.Channel
	}
	if !staffed(d, c.Receiver, p) {
		c.Receiver = d.Centre()
	}
	c.route(d.Route(m.Code, c.Place.Area(d.Code), now))
	c.promise(d, limitFor(m, p, c.Danger), now)
	return c, nil
}

// staffed reports whether a unit has somebody for every step that is done where
// a case came in: a station without a dispatcher hands its cases to the centre.
func staffed(d *district.District, unit string, p *procedure.Procedure) bool {
	if unit == "" {
		return false
	}
	for _, s := range p.Steps {
		if s.By.At == procedure.ReceivingUnit && len(d.Org.Holders(org.UnitID(unit), org.Role(s.By.Role), d.Day)) == 0 {
			return false
		}
	}
	return true
}

// route takes over what the routing table says.
func (c *Case) route(r catalogue.Explained) {
	c.NoOwner = r.NoOwner
	for _, choice := range r.Choices {
		c.Proposal = append(c.Proposal, Choice{Unit: choice.Unit, Co: choice.Co, ZH: choice.Why.ZH, EN: choice.Why.EN, Rule: choice.Rule, Sure: choice.Sure})
	}
	if len(c.Proposal) > 0 {
		c.Proposed, c.Co = c.Proposal[0].Unit, c.Proposal[0].Co
	}
}

// promise gives the case its date: a limit from an instant, by the calendar of
// the unit that is proposed first. Whoever has it later, the date stands.
func (c *Case) promise(d *district.District, limit clock.Limit, from time.Time) {
	c.Calendar, c.CountsFrom, c.Limit = calendarOf(d, c.Proposed), from, limit.String()
	r := reckon(d.CalendarNamed(c.Calendar), clock.Count{Start: from, Limit: limit})
	c.Due, c.NearAt, c.Provisional = r.Due, r.Near, r.Provisional
}

func insertCase(ctx context.Context, tx *db.Tx, code string, c *Case) error {
	proposal, err := encoded(c.Proposal)
	if err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into cases (district, id, number, matter, major, kind, procedure, version, title, text, address, lon, lat, placed,
		street, community, grid, channel, urgency, secret, danger, reachable, receiver, unit, co, proposed, proposal, no_owner,
		state, step, opened_at, near_at, due, due_text, provisional, closed_at, on_time, reports, returns, round,
		rating, merged_into, moved_at, revision, calendar, counts_from, held_at, extended, bounces, on_account)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,
		$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50)`,
		code, string(c.ID), c.Number, c.Matter, c.Major, c.Kind, c.Procedure, c.Version, c.Title, c.Text, c.Place.Address, c.Place.Point.Lon,
		c.Place.Point.Lat, string(c.Place.Placed), c.Place.Street, c.Place.Community, c.Place.Grid, c.Channel, c.Urgency, c.Secret, c.Danger,
		c.Reachable, c.Receiver, c.Unit, joined(c.Co), c.Proposed, proposal, c.NoOwner, string(c.State), string(c.Step), db.At(c.OpenedAt),
		db.Due(c.NearAt), db.Due(c.Due), c.Limit, c.Provisional, db.At(c.ClosedAt), c.OnTime, c.Reports, c.Returns, c.Round, c.Rating,
		string(c.MergedInto), db.At(c.MovedAt), c.Revision, c.Calendar, db.At(c.CountsFrom), db.At(c.HeldAt), c.Extended, c.Bounces, c.OnAccount)
}
