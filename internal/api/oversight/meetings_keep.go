package oversight

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// NewMeeting is what is said of a meeting before it is held.
type NewMeeting struct {
	Title    string    `json:"title" minLength:"1" maxLength:"200"`
	Place    string    `json:"place" minLength:"1" maxLength:"200"`
	StartsAt time.Time `json:"starts_at"`
	Chair    string    `json:"chair,omitempty" maxLength:"60" doc:"主持人的岗位 · The post that presides"`
	Units    []string  `json:"units,omitempty" maxItems:"100" doc:"请哪些单位 · The units that are called"`
}

// MeetingDeed is something done to a meeting as a whole.
type MeetingDeed struct {
	Do     string `json:"do" enum:"hold,close,cancel" doc:"开会、开完、取消 · Begin it, end it, call it off"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"取消要写 · Needed to call it off"`
}

// Minutes is what was said at a meeting.
type Minutes struct {
	Text     string `json:"text" maxLength:"20000"`
	Revision int    `json:"revision" minimum:"0" doc:"写的人看到的那一版；别人先写了就回 409 · The meeting's as the writer saw it; 409 where somebody wrote meanwhile"`
}

// NewPoint is put on an agenda: a case, or a question without one.
type NewPoint struct {
	Number   string `json:"number,omitempty" maxLength:"60" doc:"案件的编号 · Of the case"`
	Question string `json:"question,omitempty" maxLength:"2000"`
}

// Deciding is what a meeting settles about a point.
type Deciding struct {
	Decision string   `json:"decision" minLength:"1" maxLength:"2000"`
	Unit     string   `json:"unit,omitempty" maxLength:"40" doc:"谁去办；不写就没有人要办 · Who carries it out; nobody where empty"`
	Co       []string `json:"co,omitempty" maxItems:"20"`
	Limit    string   `json:"limit,omitempty" maxLength:"40" doc:"多久办好，例如 5 working-days · Within which time"`
}

// StuckCase is a case that the next meeting should talk about.
type StuckCase struct {
	Case shape.Case `json:"case"`
	Why  frame.Text `json:"why"`
}

// Mandate is a decision of a meeting that a unit has to carry out.
type Mandate struct {
	Meeting string `json:"meeting"`
	Point   Point  `json:"point"`
}

type (
	newMeetingInput    struct{ Body NewMeeting }
	changeMeetingInput struct {
		MeetingName
		Body NewMeeting
	}
	meetingDeedInput struct {
		MeetingName
		Body MeetingDeed
	}
	minutesInput struct {
		MeetingName
		Body Minutes
	}
	newPointInput struct {
		MeetingName
		Body NewPoint
	}
	// PointName is a point of an agenda in an address.
	PointName struct {
		MeetingName
		Item string `path:"item" maxLength:"60"`
	}
	decidingInput struct {
		PointName
		Body Deciding
	}
	takeBackInput struct {
		PointName
		Body shape.Reason
	}
	carriedOutInput struct {
		PointName
		Body Words
	}
)

func meetingKeepOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-agenda", http.MethodGet, "/meetings/agenda", tag, "下次会该议什么 · What the next meeting should talk about",
		"卡住的件里密钥看得到的，最要紧的在前；排会时全部自动放上议程。 · The stuck cases that the key sees, the gravest first; planning a meeting puts all of them on its agenda."), rights.MeetingKeep, listAgenda)
	frame.Acting(d, frame.Told("list-mandates", http.MethodGet, "/meetings/decisions", tag, "会上定的，还没办好的 · Decisions to carry out",
		"最急的在前；看全区案件的看全部，别的看本单位的。 · The most urgent first; those of the own units, or all for who sees every case."), rights.CaseSee, listMandates)
	frame.Acting(d, frame.Told("plan-meeting", http.MethodPost, "/meetings", tag, "安排一次会 · Plan a meeting",
		"议程先由上次没定的和卡住的件排好；请的单位会被告诉。 · Its agenda begins with what was left open and what is stuck; the units called are told."), rights.MeetingKeep, planMeeting)
	frame.Acting(d, frame.Told("change-meeting", http.MethodPut, "/meetings/{meeting}", tag, "改时间、地点、参加单位 · Change a planned meeting",
		"整个写一遍。时间地点变了，请了的都会被告诉。 · The whole of it again. Another time or place is told to all."), rights.MeetingKeep, changeMeeting)
	frame.Acting(d, frame.Told("act-on-meeting", http.MethodPost, "/meetings/{meeting}/acts", tag, "开会、开完、取消 · Begin, end or call off a meeting",
		"开完以后纪要不能再改，没定的留到下次。 · Once it is closed its minutes stand, and what was not settled waits for the next."), rights.MeetingKeep, actOnMeeting)
	frame.Acting(d, frame.Told("write-minutes", http.MethodPut, "/meetings/{meeting}/minutes", tag, "写纪要 · Write the minutes", "整篇写一遍。 · The whole text again."), rights.MeetingKeep, writeMinutes)
	frame.Acting(d, frame.Told("add-point", http.MethodPost, "/meetings/{meeting}/items", tag, "加一条议程 · Put a point on the agenda", "一件案件，或者一个问题。 · A case, or a question without one."), rights.MeetingKeep, addPoint)
	frame.Acting(d, frame.Told("drop-point", http.MethodDelete, "/meetings/{meeting}/items/{item}", tag, "去掉一条议程 · Take a point off the agenda", "还没定的才能去掉。 · Before it is decided."), rights.MeetingKeep, dropPoint)
	frame.Acting(d, frame.Told("decide-point", http.MethodPost, "/meetings/{meeting}/items/{item}/decision", tag, "定一条 · Decide a point",
		"写了单位就成了它的任务，到期要说办得怎样。没定归谁的件，定给谁就归谁，要有 owner.name；等裁定的，就是裁定，要有 case.rule。"+
			" · With a unit it is that unit's task. Of a case without owner it names the owner, which takes owner.name; of one that waits for a ruling it is the ruling, which takes case.rule."), rights.MeetingKeep, decidePoint)
	frame.Acting(d, frame.Told("take-back-decision", http.MethodPost, "/meetings/{meeting}/items/{item}/take-back", tag, "收回一条决定 · Take a decision back",
		"还没办好的才能收回；对案件做了的不变。 · Before it is carried out; what it did to the case stays."), rights.MeetingKeep, takeBackDecision)
	frame.Acting(d, frame.Told("carry-out", http.MethodPost, "/meetings/{meeting}/items/{item}/done", tag, "说办得怎样 · Say what came of a decision", "由要办的单位说。 · By the unit that had to carry it out."), rights.CaseSee, carryOut)
}

// meetingKeeper is the caller with the post that keeps meetings: one that may
// also name owners, where a post held and the key's scopes have that.
func meetingKeeper(c *frame.Caller) casework.Acting {
	if c.Can(rights.OwnerName) {
		return c.Acting(rights.OwnerName, 0)
	}
	return c.Acting(rights.MeetingKeep, 0)
}

// keepMeeting runs a verb about a meeting that concerns the caller, and answers
// with the meeting as it is then.
func keepMeeting(ctx context.Context, c *frame.Caller, in MeetingName, verb func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error) (*frame.Output[Meeting], error) {
	m, _, err := findMeeting(ctx, c, in.Meeting)
	if err == nil {
		err = c.House.DB.Write(ctx, func(tx *db.Tx) error { return verb(tx, meetingKeeper(c), m.ID) })
	}
	if err != nil {
		return nil, frame.Renamed(err, map[string]string{"starts": "starts_at", "minutes": "text"})
	}
	return readMeeting(ctx, c, &in)
}

func listAgenda(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[StuckCase]], error) {
	stuck, err := supervise.Agenda(ctx, c.House.DB, c.District, c.Now, supervise.AgendaMost)
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(stuck))
	for i, s := range stuck {
		ids[i] = s.Case.ID
	}
	seen, err := c.SeenOf(ctx, ids)
	var all []StuckCase
	for _, s := range stuck {
		if seen[s.Case.ID] {
			all = append(all, StuckCase{shape.CaseOf(c, s.Case), frame.TextOf(s.Why.Text())})
		}
	}
	return frame.WholeOf(all, err)
}

// mandatesMost is how many decisions are listed.
const mandatesMost = 200

func listMandates(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Mandate]], error) {
	found, err := supervise.ToCarryOut(ctx, c.House.DB, c.District.Code, bound(c), mandatesMost)
	var all []Mandate
	for _, i := range found {
		all = append(all, Mandate{string(i.Meeting), agendaPoint(c, i)})
	}
	return frame.WholeOf(all, err)
}

func (b NewMeeting) planning() supervise.Planning {
	return supervise.Planning{Title: b.Title, Place: b.Place, StartsAt: b.StartsAt, Chair: b.Chair, Units: b.Units}
}

func planMeeting(ctx context.Context, c *frame.Caller, in *newMeetingInput) (*frame.Output[Meeting], error) {
	m, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Meeting, error) {
		return supervise.PlanMeeting(ctx, tx, meetingKeeper(c), in.Body.planning())
	})
	if err != nil {
		return nil, frame.Renamed(err, map[string]string{"starts": "starts_at"})
	}
	points, err := supervise.Items(ctx, c.House.DB, c.District.Code, m.ID)
	out := meetingOf(c, m)
	for _, p := range points {
		out.Items = append(out.Items, agendaPoint(c, p))
	}
	return frame.Reply(out, err)
}

func changeMeeting(ctx context.Context, c *frame.Caller, in *changeMeetingInput) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		_, err := supervise.ChangeMeeting(ctx, tx, a, id, in.Body.planning())
		return err
	})
}

func actOnMeeting(ctx context.Context, c *frame.Caller, in *meetingDeedInput) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) (err error) {
		switch in.Body.Do {
		case "hold":
			_, err = supervise.HoldMeeting(ctx, tx, a, id)
		case "close":
			_, err = supervise.CloseMeeting(ctx, tx, a, id)
		default:
			err = supervise.CancelMeeting(ctx, tx, a, id, in.Body.Reason)
		}
		return err
	})
}

func writeMinutes(ctx context.Context, c *frame.Caller, in *minutesInput) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		_, err := supervise.SaveMinutes(ctx, tx, a, id, in.Body.Text, in.Body.Revision)
		return err
	})
}

func addPoint(ctx context.Context, c *frame.Caller, in *newPointInput) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		_, err := supervise.AddItem(ctx, tx, a, id, in.Body.Number, in.Body.Question)
		return err
	})
}

func dropPoint(ctx context.Context, c *frame.Caller, in *PointName) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		return supervise.DropItem(ctx, tx, a, id, in.Item)
	})
}

func decidePoint(ctx context.Context, c *frame.Caller, in *decidingInput) (*frame.Output[Meeting], error) {
	x := supervise.Decision{Text: in.Body.Decision, Unit: in.Body.Unit, Co: in.Body.Co}
	if in.Body.Limit != "" {
		limit, err := clock.ParseLimit(in.Body.Limit)
		for _, e := range errs.Each(err) {
			return nil, e.At("limit")
		}
		x.Limit = limit
	}
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		if err := settles(ctx, tx, c, a, id, in); err != nil {
			return err
		}
		_, err := supervise.Decide(ctx, tx, a, id, in.Item, x)
		return err
	})
}

// settles refuses a decision that would do to its case what the key has no
// scope for: the post that decides might have the right all the same.
func settles(ctx context.Context, r db.Reader, c *frame.Caller, a casework.Acting, id supervise.MeetingID, in *decidingInput) error {
	points, err := supervise.Items(ctx, r, c.District.Code, id)
	if err != nil || in.Body.Unit == "" {
		return err
	}
	for _, p := range points {
		if p.ID != in.Item {
			continue
		}
		switch does, err := supervise.Settles(ctx, r, a, p, c.Now); {
		case err != nil:
			return err
		case does == supervise.SettlesOwner:
			return c.Needs(rights.OwnerName)
		case does == supervise.SettlesRuling:
			return c.Needs(rights.CaseRule)
		}
	}
	return nil
}

func takeBackDecision(ctx context.Context, c *frame.Caller, in *takeBackInput) (*frame.Output[Meeting], error) {
	return keepMeeting(ctx, c, in.MeetingName, func(tx *db.Tx, a casework.Acting, id supervise.MeetingID) error {
		return supervise.TakeBack(ctx, tx, a, id, in.Item, in.Body.Reason)
	})
}

func carryOut(ctx context.Context, c *frame.Caller, in *carriedOutInput) (*frame.Output[Meeting], error) {
	m, points, err := findMeeting(ctx, c, in.Meeting)
	if err == nil && len(c.Working()) == 0 {
		err = c.Needs(rights.CaseHandle)
	}
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(points, func(p supervise.MeetingItem) bool { return p.ID == in.Item })
	if at < 0 {
		return nil, errs.New(errs.NotFound, "没有这一条。", "There is no such point.")
	}
	a := c.ActingWhere(rights.CaseHandle, func(by procedure.Actor) error { return points[at].May(c.District, by) })
	err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := supervise.CarryOut(ctx, tx, a, m.ID, in.Item, strings.TrimSpace(in.Body.Text))
		return err
	})
	if err != nil {
		return nil, frame.Renamed(err, map[string]string{"done": "text"})
	}
	return readMeeting(ctx, c, &in.MeetingName)
}
