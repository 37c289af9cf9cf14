package api

import (
	"context"
	"net/http"
	"time"

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
	Chair    string     `json:"chair,omitempty" doc:"主持人的岗位 · The post that presides"`
	Reason   string     `json:"reason,omitempty" doc:"为什么取消 · Why it was called off"`
	Revision int        `json:"revision"`
	May      []string   `json:"may" doc:"您现在能：change、add、drop、hold、decide、take-back、minutes、close、cancel · What you may do now"`
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
	Co       []Named    `json:"co,omitempty" doc:"协办单位 · Units that help"`
	Settled  string     `json:"settled,omitempty" enum:"owner,ruling" doc:"这条决定把案件怎么了：定了归谁、作了裁定 · What it did to the case: named the owner, ruled"`
	Due      *time.Time `json:"due,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
	Done     string     `json:"done,omitempty" doc:"办得怎样 · What came of it"`
	Reason   string     `json:"reason,omitempty" doc:"为什么收回 · Why it was taken back"`
}

type MeetingName struct {
	Meeting string `path:"meeting" maxLength:"60"`
}

// meetingsMost is how many meetings are listed: some years of them.
const meetingsMost = 100

func (d *door) meetingOperations() {
	register(d, told("list-meetings", http.MethodGet, "/meetings", "supervision", "协调会 · Coordination meetings", "新的在前；看全区案件的看全部，别的看请了自己的。 · The latest first; those that concern the caller's units, or all for who sees every case."), rights.CaseSee, d.listMeetings)
	register(d, told("read-meeting", http.MethodGet, "/meetings/{meeting}", "supervision", "一次协调会 · One meeting", "连同议程和纪要。 · With agenda and minutes."), rights.CaseSee, d.readMeeting)
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
		Units: c.units(m.Units), HeldAt: at(m.HeldAt), ClosedAt: at(m.ClosedAt), Chair: m.Chair, Reason: m.Reason, Revision: m.Revision, May: c.mayWith(m),
	}
}

// mayWith is what the caller may do to a meeting as it stands.
func (c *caller) mayWith(m supervise.Meeting) []string {
	all := []string{}
	if c.Reader == nil || !c.Can(rights.MeetingKeep) {
		return all
	}
	by := c.meetingKeeper().By
	for _, act := range []supervise.MeetingAct{
		supervise.ActChange, supervise.ActAdd, supervise.ActDrop, supervise.ActHold, supervise.ActDecide, supervise.ActTakeBack, supervise.ActMinutes,
		supervise.ActClose, supervise.ActCancel,
	} {
		if m.May(c.District, by, act) == nil {
			all = append(all, string(act))
		}
	}
	return all
}

func (d *door) listMeetings(ctx context.Context, c *caller, _ *struct{}) (*output[Whole[Meeting]], error) {
	found, err := supervise.Meetings(ctx, d.house.DB, c.District.Code, c.bound(), meetingsMost)
	var all []Meeting
	for _, m := range found {
		all = append(all, meetingOf(c, m))
	}
	return wholeOf(all, err)
}

// findMeeting is a meeting that concerns the caller, with its points. Any other
// is as one that does not exist.
func (d *door) findMeeting(ctx context.Context, c *caller, id string) (m supervise.Meeting, points []supervise.MeetingItem, err error) {
	missing := errs.New(errs.NotFound, "没有这次会。", "There is no such meeting.")
	m, err = supervise.MeetingByID(ctx, d.house.DB, c.District.Code, supervise.MeetingID(id))
	if errs.KindOf(err) == errs.NotFound {
		return m, nil, missing
	}
	if err != nil {
		return m, nil, err
	}
	if points, err = supervise.Items(ctx, d.house.DB, c.District.Code, m.ID); err != nil {
		return m, nil, err
	}
	if mine := c.bound(); mine != nil && !m.Concerns(points, mine) {
		return supervise.Meeting{}, nil, missing
	}
	return m, points, nil
}

func (d *door) readMeeting(ctx context.Context, c *caller, in *MeetingName) (*output[Meeting], error) {
	m, points, err := d.findMeeting(ctx, c, in.Meeting)
	if err != nil {
		return nil, err
	}
	out := meetingOf(c, m)
	out.Minutes = m.Minutes
	for _, p := range points {
		out.Items = append(out.Items, agendaPoint(c, p))
	}
	return reply(out, nil)
}

func agendaPoint(c *caller, p supervise.MeetingItem) Point {
	out := Point{
		ID: p.ID, Seq: p.Seq, Number: p.Number, Question: p.Question, State: string(p.State), Decision: p.Decision, Unit: unitOf(c.District, p.Unit),
		Settled: string(p.Settled), Due: at(p.Due), DoneAt: at(p.DoneAt), Done: p.DoneText, Reason: p.Reason,
	}
	if len(p.Co) > 0 {
		out.Co = c.units(p.Co)
	}
	if p.Why != "" {
		out.Why = textIf(p.Why.Text())
	}
	return out
}
