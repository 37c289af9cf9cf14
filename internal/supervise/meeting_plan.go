package supervise

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/org"
)

// Planning is what is said of a meeting before it is held.
type Planning struct {
	Title, Place string
	StartsAt     time.Time
	Chair        string   // a post, '' while that is open
	Units        []string // called
}

// check takes the planning over into a meeting.
func (p Planning) check(a casework.Acting, now time.Time) (m Meeting, err error) {
	if m.Title, err = written("title", p.Title, titleMost, lang.T("请写会的名称。", "Please give the meeting a name.")); err != nil {
		return m, err
	}
	if m.Place, err = written("place", p.Place, titleMost, lang.T("请写在哪里开。", "Please say where it is held.")); err != nil {
		return m, err
	}
	zone := a.District.Calendar.Zone()
	switch {
	case p.StartsAt.IsZero():
		return m, errs.New(errs.Invalid, "请写哪天几点开，例如 2026-11-27 14:00。", "Please say when it begins, such as 2026-11-27 14:00.").At("starts")
	case p.StartsAt.Before(now.Add(-24*time.Hour)) || p.StartsAt.After(now.AddDate(1, 0, 0)):
		return m, errs.New(errs.Invalid, "开会时间要在今天到一年以内。", "A meeting begins between today and a year from now.").At("starts")
	}
	m.StartsAt, m.Year = p.StartsAt, p.StartsAt.In(zone).Year()
	if post, ok := a.District.Org.Post(org.PostID(p.Chair)); p.Chair != "" && (!ok || !post.HeldOn(clock.DateOf(p.StartsAt, zone))) {
		return m, errs.New(errs.Invalid, "没有这个主持人，或者那天已经不在这个岗位。", "There is no such chair, or they no longer hold the post that day.").At("chair")
	}
	m.Chair = p.Chair
	if m.Units, err = knownUnits(a, "units", p.Units); err != nil {
		return m, err
	}
	return m, nil
}

// knownUnits takes unit codes, each once and in order, all known.
func knownUnits(a casework.Acting, field string, units []string) (all []string, err error) {
	for _, unit := range units {
		if unit == "" || slices.Contains(all, unit) {
			continue
		}
		if _, ok := a.District.Org.Unit(org.UnitID(unit)); !ok || strings.Contains(unit, ",") {
			return nil, errs.New(errs.Invalid, "没有这个单位：%s", "there is no such unit: %s", unit).At(field)
		}
		all = append(all, unit)
	}
	return all, nil
}

// PlanMeeting plans a meeting. Its agenda is what earlier meetings left open
// and what Agenda finds stuck; the units called are told.
func PlanMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, p Planning) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.PlanMeeting(%s)", p.Title)
	if err := (Meeting{State: MeetingPlanned}).May(a.District, a.By, ActChange); err != nil {
		return m, err
	}
	if m, err = p.check(a, tx.Now); err != nil {
		return m, err
	}
	m.State, m.PlannedAt = MeetingPlanned, tx.Now
	if err := m.insert(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	detail := map[string]string{"number": m.Short(), "starts": m.StartsAt.UTC().Format(time.RFC3339), "units": strings.Join(m.Units, ",")}
	if err := noted(ctx, tx, a, m.subject(), "planned", detail); err != nil {
		return m, err
	}
	seq, err := carry(ctx, tx, a, m)
	if err != nil {
		return m, err
	}
	stuck, err := Agenda(ctx, tx, a.District, tx.Now, AgendaMost-seq)
	if err != nil {
		return m, err
	}
	for _, s := range stuck {
		seq++
		item := MeetingItem{Meeting: m.ID, Seq: seq, Case: s.Case.ID, Number: s.Case.Number, Matter: s.Case.Matter, Why: s.Why}
		if err := putOn(ctx, tx, a, m, &item); err != nil {
			return m, err
		}
	}
	return m, callUnits(ctx, tx, a, m, m.Units)
}

// carry takes what closed meetings left undecided over into a new one, and
// gives the last number used.
func carry(ctx context.Context, tx *db.Tx, a casework.Acting, m Meeting) (seq int, err error) {
	left, err := db.All(ctx, tx, (*MeetingItem).dest, "select "+itemColumns+fmt.Sprintf(` from meeting_items i where i.district = $1 and i.state = 'deferred'
		order by i.id limit %d`, AgendaMost), a.District.Code)
	if err != nil {
		return 0, err
	}
	for _, old := range left {
		over, err := ended(ctx, tx, a.District.Code, old.Case)
		if err != nil {
			return seq, err
		}
		if over {
			old.State = ItemDropped
			if err := old.save(ctx, tx, a.District.Code, ItemDeferred); err != nil {
				return seq, err
			}
			continue
		}
		seq++
		item := MeetingItem{Meeting: m.ID, Seq: seq, Case: old.Case, Number: old.Number, Matter: old.Matter, Why: old.Why, Question: old.Question}
		if err := putOn(ctx, tx, a, m, &item); err != nil {
			return seq, err
		}
		old.State = ItemCarried
		if err := old.save(ctx, tx, a.District.Code, ItemDeferred); err != nil {
			return seq, err
		}
	}
	return seq, nil
}

// ended reports whether a point's case has ended meanwhile.
func ended(ctx context.Context, r db.Reader, district string, id casework.ID) (bool, error) {
	if id == "" {
		return false, nil
	}
	c, err := casework.ByID(ctx, r, district, id)
	return c.State != casework.Running, err
}

// putOn puts a point on an agenda; the trail of its case says so.
func putOn(ctx context.Context, tx *db.Tx, a casework.Acting, m Meeting, item *MeetingItem) error {
	if err := item.insert(ctx, tx, a.District.Code); err != nil {
		return err
	}
	if err := noted(ctx, tx, a, m.subject(), "put-on", map[string]string{"item": fmt.Sprint(item.Seq), "number": item.Number, "why": string(item.Why), "note": item.Question}); err != nil {
		return err
	}
	if item.Case == "" {
		return nil
	}
	return casework.Note(ctx, tx, a, item.Case, "meeting-agenda", map[string]string{"meeting": m.Short(), "why": string(item.Why)})
}

// callUnits tells units that they are called to a meeting.
func callUnits(ctx context.Context, tx *db.Tx, a casework.Acting, m Meeting, units []string) error {
	when := m.StartsAt.In(a.District.Calendar.Zone()).Format("2006-01-02 15:04")
	for _, unit := range units {
		n := casework.Notice{Template: "meeting", Unit: unit, Number: m.Short(), Reason: fmt.Sprintf("%s，%s，%s", m.Title, when, m.Place)}
		if err := job.Add(ctx, tx, a.District.Code, casework.NoticeJob, fmt.Sprintf("meeting %s %d %s", m.ID, m.Revision, unit), n, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// ChangeMeeting changes what is said of a planned meeting. Units called
// from now on are told; all are told of another time or place.
func ChangeMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, p Planning) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.ChangeMeeting(%s)", id)
	if m, err = beginMeeting(ctx, tx, a, id, ActChange); err != nil {
		return m, err
	}
	before := m
	next, err := p.check(a, tx.Now)
	if err != nil {
		return m, err
	}
	if next.Year != m.Year {
		return m, errs.New(errs.Invalid, "会的编号是按年排的，换一年请另外安排一次。", "Meetings are numbered by year; plan another one for another year.").At("starts")
	}
	m.Title, m.Place, m.StartsAt, m.Chair, m.Units = next.Title, next.Place, next.StartsAt, next.Chair, next.Units
	if err := m.save(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	tell := slices.DeleteFunc(slices.Clone(m.Units), func(unit string) bool {
		return slices.Contains(before.Units, unit) && before.StartsAt.Equal(m.StartsAt) && before.Place == m.Place
	})
	if err := callUnits(ctx, tx, a, m, tell); err != nil {
		return m, err
	}
	return m, noted(ctx, tx, a, m.subject(), "changed", map[string]string{"starts": m.StartsAt.UTC().Format(time.RFC3339), "units": strings.Join(m.Units, ",")})
}

// beginMeeting reads a meeting for an act.
func beginMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, act MeetingAct) (Meeting, error) {
	m, err := MeetingByID(ctx, tx, a.District.Code, id)
	if err != nil {
		return m, err
	}
	return m, m.May(a.District, a.By, act)
}

// AddItem puts a point on an agenda by hand: about a case, by its
// number, or a question without one.
func AddItem(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, number, question string) (item MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.AddItem(%s, %s)", id, number)
	m, err := beginMeeting(ctx, tx, a, id, ActAdd)
	if err != nil {
		return item, err
	}
	number = strings.TrimSpace(number)
	needed := lang.Text{}
	if number == "" {
		needed = lang.T("请写案件编号，或者要商量什么。", "Please give a case number, or what is to be talked about.")
	}
	if question, err = written("question", question, decisionMost, needed); err != nil {
		return item, err
	}
	items, err := Items(ctx, tx, a.District.Code, id)
	if err != nil {
		return item, err
	}
	item = MeetingItem{Meeting: id, Seq: 1, Why: ByHand, Question: question}
	for _, had := range items {
		item.Seq = max(item.Seq, had.Seq+1)
	}
	if item.Seq > ItemsMost {
		return item, errs.New(errs.Conflict, "一次会最多 %d 条，请另外安排一次。", "A meeting has up to %d points; please plan another.", ItemsMost)
	}
	if number != "" {
		if err := item.about(ctx, tx, a, number, items); err != nil {
			return item, err
		}
	}
	return item, putOn(ctx, tx, a, m, &item)
}

// about makes a point one about the case of a number.
func (i *MeetingItem) about(ctx context.Context, r db.Reader, a casework.Acting, number string, items []MeetingItem) error {
	c, err := casework.ByNumber(ctx, r, a.District.Code, number)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return errs.New(errs.Invalid, "没有编号是 %s 的案件。", "There is no case with the number %s.", number).At("number")
	case err != nil:
		return err
	case c.Secret:
		return errs.New(errs.Invalid, "举报件要保密，不上会。请分管领导单独定。", "A secret report is not put before a meeting; the leader in charge decides it alone.").At("number")
	case slices.ContainsFunc(items, func(had MeetingItem) bool { return had.Case == c.ID && had.State != ItemDropped }):
		return errs.New(errs.Invalid, "这件已经在会上了。", "This case is on the agenda already.").At("number")
	}
	i.Case, i.Number, i.Matter = c.ID, c.Number, c.Matter
	return nil
}

// DropItem takes a point off an agenda before it is decided.
func DropItem(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, item string) (err error) {
	defer errs.Wrap(&err, "supervise.DropItem(%s, %s)", id, item)
	m, err := beginMeeting(ctx, tx, a, id, ActDrop)
	if err != nil {
		return err
	}
	i, err := itemOf(ctx, tx, a.District.Code, id, item)
	if err != nil {
		return err
	}
	i.State = ItemDropped
	if err := i.save(ctx, tx, a.District.Code, ItemOpen); err != nil {
		return err
	}
	return noted(ctx, tx, a, m.subject(), "took-off", map[string]string{"item": fmt.Sprint(i.Seq), "number": i.Number})
}

// CancelMeeting calls a planned meeting off. What was on its agenda waits
// for the next.
func CancelMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, reason string) (err error) {
	defer errs.Wrap(&err, "supervise.CancelMeeting(%s)", id)
	m, err := beginMeeting(ctx, tx, a, id, ActCancel)
	if err != nil {
		return err
	}
	if m.Reason, err = written("reason", reason, decisionMost, lang.T("请写为什么取消。", "Please say why it is called off.")); err != nil {
		return err
	}
	m.State = MeetingCancelled
	if err := m.save(ctx, tx, a.District.Code); err != nil {
		return err
	}
	if err := deferItems(ctx, tx, a.District.Code, id); err != nil {
		return err
	}
	for _, unit := range m.Units {
		n := casework.Notice{Template: "meeting-off", Unit: unit, Number: m.Short(), Reason: m.Title + "，" + m.Reason}
		if err := job.Add(ctx, tx, a.District.Code, casework.NoticeJob, fmt.Sprintf("meeting-off %s %s", m.ID, unit), n, tx.Now); err != nil {
			return err
		}
	}
	return noted(ctx, tx, a, m.subject(), "called-off", map[string]string{"reason": m.Reason})
}

// deferItems leaves what is undecided to the next meeting.
func deferItems(ctx context.Context, tx *db.Tx, district string, id MeetingID) error {
	return tx.Exec(ctx, "update meeting_items set state = 'deferred' where district = $1 and meeting = $2 and state = 'open'", district, string(id))
}
