package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// Meeting is a coordination meeting.
type Meeting struct {
	ID       string     `json:"id"`
	Number   Text       `json:"number"`
	Title    string     `json:"title"`
	Place    string     `json:"place,omitempty"`
	StartsAt time.Time  `json:"starts_at"`
	State    Named      `json:"state"`
	Units    []Named    `json:"units" doc:"请了谁 · Who was called"`
	Minutes  string     `json:"minutes,omitempty" doc:"只在单独取一次会时给 · Only where one meeting is read"`
	Items    []Point    `json:"items,omitempty" doc:"议程，同上 · The agenda, likewise"`
	HeldAt   *time.Time `json:"held_at,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
}

// Point is a point of an agenda.
type Point struct {
	ID       string     `json:"id"`
	Seq      int        `json:"seq"`
	Number   string     `json:"number,omitempty" doc:"案件的编号 · Of the case"`
	Why      *Text      `json:"why,omitempty"`
	Question string     `json:"question,omitempty"`
	State    string     `json:"state" enum:"open,decided,noted,done,dropped,deferred,carried"`
	Decision string     `json:"decision,omitempty"`
	Unit     *Named     `json:"unit,omitempty" doc:"谁去办 · Who carries it out"`
	Due      *time.Time `json:"due,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
	Done     string     `json:"done,omitempty" doc:"办得怎样 · What came of it"`
}

// Duty is a turn of a leader on duty. Who it is, the pages show.
type Duty struct {
	Area  Named  `json:"area"`
	Day   string `json:"day" format:"date"`
	Hours string `json:"hours"`
	Unit  *Named `json:"unit,omitempty"`
	Phone string `json:"phone,omitempty" doc:"办公室的电话 · Of the office"`
}

// Admission is a duty that grids and communities take over, for a time.
type Admission struct {
	ID         string  `json:"id"`
	Matter     string  `json:"matter,omitempty"`
	Duty       Text    `json:"duty"`
	ProposedBy *Named  `json:"proposed_by,omitempty"`
	Basis      string  `json:"basis,omitempty"`
	Units      []Named `json:"units"`
	Minutes    int     `json:"minutes" doc:"一个站每月花多少分钟 · Of one station's time in a month"`
	From       string  `json:"valid_from,omitempty"`
	To         string  `json:"valid_to,omitempty"`
	State      Named   `json:"state"`
}

type meetingInput struct {
	Meeting string `path:"meeting" maxLength:"60"`
}

type dutiesInput struct {
	From string `query:"from" format:"date" doc:"不写就是今天 · Today where empty"`
	To   string `query:"to" format:"date" doc:"不写就是七天后 · Seven days later where empty"`
}

// meetingsMost is how many meetings are listed: some years of them.
const meetingsMost = 100

func (d *door) meetingOperations() {
	register(d, told("list-meetings", http.MethodGet, "/meetings", "supervision", "协调会 · Coordination meetings", "新的在前；看全区案件的看全部，别的看请了自己的。 · The latest first; those that concern the caller's units, or all for who sees every case."), rights.CaseSee, d.listMeetings)
	register(d, told("read-meeting", http.MethodGet, "/meetings/{meeting}", "supervision", "一次协调会 · One meeting", "连同议程和纪要。 · With agenda and minutes."), rights.CaseSee, d.readMeeting)
	register(d, told("list-duties", http.MethodGet, "/duties", "supervision", "领导值班 · Leaders on duty", "单位、时段和电话，不给姓名。 · Unit, hours and telephone, no name."), anyKey, d.listDuties)
	register(d, told("list-admissions", http.MethodGet, "/admissions", "supervision", "准入清单 · The admission list", "没定的在前。 · Those not decided first."), anyKey, d.listAdmissions)
}

func (c *caller) units(codes []string) []Named {
	all := []Named{}
	for _, code := range codes {
		all = append(all, *unitOf(c.District, code))
	}
	return all
}

func meetingOf(c *caller, m supervise.Meeting) Meeting {
	return Meeting{
		ID: string(m.ID), Number: textOf(m.Number()), Title: m.Title, Place: m.Place, StartsAt: m.StartsAt, State: Named{string(m.State), textOf(m.State.Text())},
		Units: c.units(m.Units), HeldAt: at(m.HeldAt), ClosedAt: at(m.ClosedAt),
	}
}

func (d *door) listMeetings(ctx context.Context, c *caller, _ *struct{}) (*output[Whole[Meeting]], error) {
	found, err := supervise.Meetings(ctx, d.house.DB, c.District.Code, c.bound(), meetingsMost)
	var all []Meeting
	for _, m := range found {
		all = append(all, meetingOf(c, m))
	}
	return wholeOf(all, err)
}

func (d *door) readMeeting(ctx context.Context, c *caller, in *meetingInput) (*output[Meeting], error) {
	missing := errs.New(errs.NotFound, "没有这次会。", "There is no such meeting.")
	m, err := supervise.MeetingByID(ctx, d.house.DB, c.District.Code, supervise.MeetingID(in.Meeting))
	if errs.KindOf(err) == errs.NotFound {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	points, err := supervise.Items(ctx, d.house.DB, c.District.Code, m.ID)
	if err != nil {
		return nil, err
	}
	if mine := c.bound(); mine != nil && !m.Concerns(points, mine) {
		return nil, missing
	}
	out := meetingOf(c, m)
	out.Minutes = m.Minutes
	for _, p := range points {
		point := Point{
			ID: p.ID, Seq: p.Seq, Number: p.Number, Question: p.Question, State: string(p.State), Decision: p.Decision, Unit: unitOf(c.District, p.Unit),
			Due: at(p.Due), DoneAt: at(p.DoneAt), Done: p.DoneText,
		}
		if p.Why != "" {
			point.Why = textIf(p.Why.Text())
		}
		out.Items = append(out.Items, point)
	}
	return reply(out, nil)
}

func (d *door) listDuties(ctx context.Context, c *caller, in *dutiesInput) (*output[Whole[Duty]], error) {
	today := clock.DateOf(c.Now, c.Zone())
	from, err := dateOr(in.From, today, "from")
	if err != nil {
		return nil, err
	}
	to, err := dateOr(in.To, from.Add(7), "to")
	if err != nil {
		return nil, err
	}
	if to > from.Add(366) {
		return nil, errs.New(errs.Invalid, "一次最多取一年。", "A year at most.").At("to")
	}
	found, err := supervise.Duties(ctx, d.house.DB, c.District, from, to)
	var all []Duty
	for _, one := range found {
		all = append(all, Duty{Named{one.Area, textOf(one.Level(c.District))}, string(one.Day), one.Hours.String(), unitOf(c.District, one.Unit), one.Phone})
	}
	return wholeOf(all, err)
}

// dateOr reads a day; or where none is given.
func dateOr(text string, or clock.Date, field string) (clock.Date, error) {
	if text == "" {
		return or, nil
	}
	day, err := clock.ParseDate(text)
	for _, e := range errs.Each(err) {
		return "", e.At(field)
	}
	return day, err
}

func (d *door) listAdmissions(ctx context.Context, c *caller, _ *struct{}) (*output[Whole[Admission]], error) {
	found, err := supervise.Admissions(ctx, d.house.DB, c.District.Code, supervise.AdmissionFilter{})
	var all []Admission
	for _, m := range found {
		all = append(all, Admission{
			m.ID, m.Matter, textOf(m.Duty), unitOf(c.District, m.ProposedBy), m.Basis, c.units(m.Units), m.Minutes, string(m.From), string(m.To),
			Named{string(m.State), textOf(m.State.Text())},
		})
	}
	return wholeOf(all, err)
}
