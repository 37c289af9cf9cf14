package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Historic is a case that another system had before linli.
type Historic struct {
	Channel  string
	External string // its number there; the same of a channel twice is one case
	Via      string // what the source calls the channel
	File     string // where it was read
	Matter   string
	Kind     string // empty: the matter's
	Text     string
	Place    Place
	Point    geo.Point // as the source has it, also where it places nothing
	Flag     string    // what is odd about the place
	Unit     string    // who dealt with it, or has it now
	Opened   time.Time
	Due      time.Time // what was promised there; zero: counted from the matter's limit
	State    State     // open, closed, answered or rejected
	Closed   time.Time // zero where the source does not know when
	Judged   bool      // whether the source says if it was in time,
	OnTime   bool      // and what it says
}

// Taken says what became of historic cases.
type Taken struct {
	New   int
	Known int // were there already; nothing of them was changed
}

// Take brings in historic cases, all in tx: each with its report, its dates,
// a number of its own day and a trail that begins with its import. Nobody is
// told anything. One that ended has no tasks; one that runs begins its
// procedure here, and the unit that had it is proposed first. A case that was
// taken before is left as it is, so that an import can be run again. It is
// errs.Invalid for a matter the district does not have.
func Take(ctx context.Context, tx *db.Tx, d *district.District, all []Historic) (taken Taken, err error) {
	defer errs.Wrap(&err, "casework.Take(%s, %d)", d.Code, len(all))
	reports, err := reportsOf(all)
	if err != nil {
		return Taken{}, err
	}
	fresh, err := insertNew(ctx, tx, d.Code, reports)
	if err != nil {
		return Taken{}, err
	}
	numbers, err := numbersOf(ctx, tx, d, all, fresh)
	if err != nil {
		return Taken{}, err
	}
	for i, h := range all {
		if !fresh[i] {
			taken.Known++
			continue
		}
		if err := h.take(ctx, tx, d, reports[i].Case, numbers[i]); err != nil {
			return Taken{}, fmt.Errorf("%s %s: %w", h.Channel, h.External, err)
		}
		taken.New++
	}
	if taken.New > 0 {
		tx.Wake(Topic)
	}
	return taken, nil
}

// Promise is until when a case about a matter is due that was opened at an
// instant, by the matter's limit or its procedure's; zero where it has none or
// there is no such matter.
func Promise(d *district.District, matter string, opened time.Time) time.Time {
	m, ok := d.Catalogue.Matter(matter)
	if !ok {
		return time.Time{}
	}
	p, ok := d.Catalogue.Procedure(m.Procedure, "")
	if !ok {
		return time.Time{}
	}
	return reckon(d.Calendar, clock.Count{Start: opened, Limit: limitFor(m, p, false)}).Due
}

// limitFor is the limit of a case: the matter's, else the procedure's.
func limitFor(m catalogue.Matter, p *procedure.Procedure, danger bool) clock.Limit {
	if limit := m.LimitFor(danger); !limit.IsZero() || p.Limit == nil {
		return limit
	}
	return *p.Limit
}

func (h Historic) take(ctx context.Context, tx *db.Tx, d *district.District, id ID, number string) error {
	m, ok := d.Catalogue.Matter(h.Matter)
	if !ok || !d.Catalogue.Selectable(h.Matter) {
		return errs.New(errs.Invalid, "没有这个事项：%s", "there is no such matter: %s", h.Matter).At("matter")
	}
	p, ok := d.Catalogue.Procedure(m.Procedure, "")
	if !ok {
		return fmt.Errorf("matter %s names procedure %s, which is not installed", m.Code, m.Procedure)
	}
	c := h.begin(d, m, p)
	c.ID, c.Number = id, number
	s := &stroke{ctx: ctx, tx: tx, d: d, c: &c, p: p}
	if h.State != Running {
		h.end(&c, p)
	} else if err := h.resume(s); err != nil {
		return err
	}
	if err := insertCase(ctx, tx, d.Code, &c); err != nil {
		return err
	}
	if err := index(ctx, tx, d.Code, &c); err != nil {
		return err
	}
	return s.record(trail.Head{}, "imported", "", s.now(h.detail(&c)))
}

// begin makes the case as it stood when it was opened.
func (h Historic) begin(d *district.District, m catalogue.Matter, p *procedure.Procedure) Case {
	c := Case{
		Matter: m.Code, Major: d.Catalogue.Major(m.Code), Kind: h.Kind,
		Procedure: p.Name, Version: p.Version, Title: m.Title.ZH, Text: h.Text, Place: h.Place,
		Channel: h.Channel, Urgency: string(m.Urgency), Secret: m.Secret, Receiver: d.Centre(),
		State: Running, OpenedAt: h.Opened, MovedAt: h.Opened, Reports: 1, Round: 1, Revision: 1,
	}
	if c.Kind == "" {
		c.Kind = string(m.Kind)
	}
	limit := limitFor(m, p, false)
	c.promise(d, limit, h.Opened)
	if !h.Due.IsZero() { // the promise that was given stands
		c.Due, c.Provisional, c.CountsFrom = h.Due, false, time.Time{}
		c.NearAt = d.Calendar.For(limit.Unit).NearFrom(h.Opened, h.Due)
	}
	return c
}

// end closes a case as the source did. On time is the source's own verdict,
// else what its dates say; where neither is known nobody is called late.
func (h Historic) end(c *Case, p *procedure.Procedure) {
	c.Unit, c.ClosedAt = h.Unit, h.Closed
	c.MovedAt = h.Closed
	if h.Closed.IsZero() {
		c.MovedAt = h.Opened
	}
	c.OnTime = c.Due.IsZero() || !h.Closed.After(c.Due)
	if h.Judged {
		c.OnTime = h.OnTime
	}
	c.State = h.State
	// A question ends answered, also where the source calls everything closed.
	for _, outcome := range []State{h.State, Answered} {
		i := slices.IndexFunc(p.Ends, func(e procedure.End) bool { return State(e.Outcome) == outcome })
		if i >= 0 {
			c.State, c.Step = outcome, procedure.StepName(p.Ends[i].Name)
			return
		}
		if h.State != Closed {
			return
		}
	}
}

// resume begins the procedure of a case that still runs. Who has it now is
// proposed first, so that nothing changes hands by being imported; but a post
// of this district must look at it, as at every other case.
func (h Historic) resume(s *stroke) error {
	c := s.c
	c.route(s.d.Route(c.Matter, c.Place.Area(s.d.Code), h.Opened))
	if h.Unit != "" {
		rest := slices.DeleteFunc(c.Proposal, func(o Choice) bool { return o.Unit == h.Unit })
		c.Proposal = append([]Choice{{Unit: h.Unit, ZH: "原系统里由它承办", EN: "it had the case in the former system", Sure: true}}, rest...)
		c.Proposed, c.Co, c.NoOwner = h.Unit, nil, false
	}
	out := s.p.Begin(c.ground(s.d), c.facts(s.d.Code))
	if err := s.openAll(out.Open); err != nil {
		return err
	}
	c.Step = s.stands(out.End)
	return nil
}

// detail is what the trail says of an import. An unknown is left out.
func (h Historic) detail(c *Case) map[string]string {
	detail := map[string]string{
		"channel": h.Channel, "external": h.External, "via": h.Via, "file": h.File, "matter": c.Matter, "number": c.Number,
		"unit": h.Unit, "state": string(c.State), "opened": h.Opened.UTC().Format(time.RFC3339), "due": "", "closed": "", "on-time": "",
	}
	if !c.Due.IsZero() {
		detail["due"] = c.Due.UTC().Format(time.RFC3339)
	}
	if !h.Closed.IsZero() {
		detail["closed"] = h.Closed.UTC().Format(time.RFC3339)
	}
	if h.State != Running && (h.Judged || !h.Closed.IsZero()) {
		detail["on-time"] = strconv.FormatBool(c.OnTime)
	}
	return detail
}

// reportsOf makes the report of each case, with the id that its case will have.
func reportsOf(all []Historic) ([]Report, error) {
	reports := make([]Report, len(all))
	for i, h := range all {
		if h.External == "" {
			return nil, errs.New(errs.Invalid, "缺少原编号。", "The number in the source is missing.").At("external")
		}
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		of, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		reports[i] = Report{ID: id.String(), Case: ID(of.String()), Channel: h.Channel, Sender: h.External, At: h.Opened, Text: h.Text,
			Address: h.Place.Address, Point: h.Point, Flag: h.Flag, Lang: string(lang.ZH)}
	}
	return reports, nil
}

// insertNew stores the reports that no channel has sent before, and tells
// which. The unique index decides, so two imports at once cannot both take
// one; asking first would leave the engine to guess how to look for hundreds
// of names, and PostgreSQL guesses wrong while its table is young.
func insertNew(ctx context.Context, tx *db.Tx, district string, reports []Report) ([]bool, error) {
	number := make(map[string]int, len(reports))
	for i := range reports {
		number[reports[i].ID] = i
	}
	fresh := make([]bool, len(reports))
	for len(reports) > 0 {
		some := reports[:atOnce(len(reports))]
		reports = reports[len(some):]
		args := make([]any, 0, 18*len(some))
		for i := range some {
			args = append(args, some[i].values(district)...)
		}
		err := db.Scan(ctx, tx, func(rows db.Rows) error {
			var id string
			err := rows.Scan(&id)
			fresh[number[id]] = true
			return err
		}, insertReportInto+marks(len(some), 18)+" on conflict (district, channel, sender) where sender <> '' do nothing returning id", args...)
		if err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// numbersOf gives each fresh case a number of its own local day.
func numbersOf(ctx context.Context, tx *db.Tx, d *district.District, all []Historic, fresh []bool) ([]string, error) {
	zone := d.Calendar.Zone()
	counts := map[string]int{}
	for i, h := range all {
		if fresh[i] {
			counts[dayOf(h.Opened, zone)]++
		}
	}
	spans, err := reserveDays(ctx, tx, d.Code, counts)
	if err != nil {
		return nil, err
	}
	numbers := make([]string, len(all))
	for i, h := range all {
		if !fresh[i] {
			continue
		}
		day := dayOf(h.Opened, zone)
		have := spans[day]
		n, err := ident.NewNumber(h.Opened.In(zone), have.next)
		if err != nil {
			return nil, err
		}
		numbers[i] = string(n)
		have.next++
		spans[day] = have
	}
	return numbers, nil
}
