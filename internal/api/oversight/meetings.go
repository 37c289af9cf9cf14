package oversight

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// Meeting is a coordination meeting.
type Meeting struct {
	ID       string        `json:"id"`
	Number   frame.Text    `json:"number"`
	Title    string        `json:"title"`
	Place    string        `json:"place,omitempty"`
	StartsAt time.Time     `json:"starts_at"`
	State    frame.Named   `json:"state"`
	Units    []frame.Named `json:"units" doc:"请了谁 · Who was called"`
	Minutes  string        `json:"minutes,omitempty" doc:"只在单独取一次会时给 · Only where one meeting is read"`
	Items    []Point       `json:"items,omitempty" doc:"议程，同上 · The agenda, likewise"`
	HeldAt   *time.Time    `json:"held_at,omitempty"`
	ClosedAt *time.Time    `json:"closed_at,omitempty"`
	Chair    string        `json:"chair,omitempty" doc:"主持人的岗位 · The post that presides"`
	Reason   string        `json:"reason,omitempty" doc:"为什么取消 · Why it was called off"`
	Revision int           `json:"revision"`
	May      []string      `json:"may" doc:"您现在能：change、add、drop、hold、decide、take-back、minutes、close、cancel · What you may do now"`
}

// Point is a point of an agenda.
type Point struct {
	ID       string        `json:"id"`
	Seq      int           `json:"seq"`
	Number   string        `json:"number,omitempty" doc:"案件的编号 · Of the case"`
	Why      *frame.Text   `json:"why,omitempty"`
	Question string        `json:"question,omitempty"`
	State    string        `json:"state" enum:"open,decided,noted,done,dropped,deferred,carried"`
	Decision string        `json:"decision,omitempty"`
	Unit     *frame.Named  `json:"unit,omitempty" doc:"谁去办 · Who carries it out"`
	Co       []frame.Named `json:"co,omitempty" doc:"协办单位 · Units that help"`
	Settled  string        `json:"settled,omitempty" enum:"owner,ruling" doc:"这条决定把案件怎么了：定了归谁、作了裁定 · What it did to the case: named the owner, ruled"`
	Due      *time.Time    `json:"due,omitempty"`
	DoneAt   *time.Time    `json:"done_at,omitempty"`
	Done     string        `json:"done,omitempty" doc:"办得怎样 · What came of it"`
	Reason   string        `json:"reason,omitempty" doc:"为什么收回 · Why it was taken back"`
}

// MeetingName is a meeting in an address. It has a name for others because huma
// reads no parameters out of embedded types that have none, as have all that are
// embedded so.
type MeetingName struct {
	Meeting string `path:"meeting" maxLength:"60"`
}

// meetingsMost is how many meetings are listed: some years of them.
const meetingsMost = 100

func meetingOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-meetings", http.MethodGet, "/meetings", tag, "协调会 · Coordination meetings", "新的在前；看全区案件的看全部，别的看请了自己的。 · The latest first; those that concern the caller's units, or all for who sees every case."), rights.CaseSee, listMeetings)
	frame.Register(d, frame.Told("read-meeting", http.MethodGet, "/meetings/{meeting}", tag, "一次协调会 · One meeting", "连同议程和纪要。 · With agenda and minutes."), rights.CaseSee, readMeeting)
}

// units are units by their names.
func units(c *frame.Caller, codes []string) []frame.Named {
	all := []frame.Named{}
	for _, code := range codes {
		all = append(all, *shape.UnitOf(c.District, code))
	}
	return all
}

func meetingOf(c *frame.Caller, m supervise.Meeting) Meeting {
	return Meeting{
		ID: string(m.ID), Number: frame.TextOf(m.Number()), Title: m.Title, Place: m.Place, StartsAt: m.StartsAt, State: frame.Name(m.State, m.State.Text()),
		Units: units(c, m.Units), HeldAt: frame.At(m.HeldAt), ClosedAt: frame.At(m.ClosedAt), Chair: m.Chair, Reason: m.Reason, Revision: m.Revision, May: mayWith(c, m),
	}
}

// mayWith is what the caller may do to a meeting as it stands.
func mayWith(c *frame.Caller, m supervise.Meeting) []string {
	all := []string{}
	if c.Reader == nil || !c.Can(rights.MeetingKeep) {
		return all
	}
	by := meetingKeeper(c).By
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

func listMeetings(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Meeting]], error) {
	found, err := supervise.Meetings(ctx, c.House.DB, c.District.Code, bound(c), meetingsMost)
	var all []Meeting
	for _, m := range found {
		all = append(all, meetingOf(c, m))
	}
	return frame.WholeOf(all, err)
}

// findMeeting is a meeting that concerns the caller, with its points. Any other
// is as one that does not exist.
func findMeeting(ctx context.Context, c *frame.Caller, id string) (m supervise.Meeting, points []supervise.MeetingItem, err error) {
	missing := errs.New(errs.NotFound, "没有这次会。", "There is no such meeting.")
	m, err = supervise.MeetingByID(ctx, c.House.DB, c.District.Code, supervise.MeetingID(id))
	if errs.KindOf(err) == errs.NotFound {
		return m, nil, missing
	}
	if err != nil {
		return m, nil, err
	}
	if points, err = supervise.Items(ctx, c.House.DB, c.District.Code, m.ID); err != nil {
		return m, nil, err
	}
	if mine := bound(c); mine != nil && !m.Concerns(points, mine) {
		return supervise.Meeting{}, nil, missing
	}
	return m, points, nil
}

func readMeeting(ctx context.Context, c *frame.Caller, in *MeetingName) (*frame.Output[Meeting], error) {
	m, points, err := findMeeting(ctx, c, in.Meeting)
	if err != nil {
		return nil, err
	}
	out := meetingOf(c, m)
	out.Minutes = m.Minutes
	for _, p := range points {
		out.Items = append(out.Items, agendaPoint(c, p))
	}
	return frame.Reply(out, nil)
}

func agendaPoint(c *frame.Caller, p supervise.MeetingItem) Point {
	out := Point{
		ID: p.ID, Seq: p.Seq, Number: p.Number, Question: p.Question, State: string(p.State), Decision: p.Decision, Unit: shape.UnitOf(c.District, p.Unit),
		Settled: string(p.Settled), Due: frame.At(p.Due), DoneAt: frame.At(p.DoneAt), Done: p.DoneText, Reason: p.Reason,
	}
	if len(p.Co) > 0 {
		out.Co = units(c, p.Co)
	}
	if p.Why != "" {
		out.Why = frame.TextIf(p.Why.Text())
	}
	return out
}
