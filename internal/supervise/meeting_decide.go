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
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Decision is what a meeting settles about a point.
type Decision struct {
	Text  string
	Unit  string      // that carries it out; '' where nobody has to
	Co    []string    // units that help
	Limit clock.Limit // within which, from now, on the unit's calendar
}

// HoldMeeting begins a meeting: from now on decisions are written down.
func HoldMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.HoldMeeting(%s)", id)
	if m, err = beginMeeting(ctx, tx, a, id, ActHold); err != nil {
		return m, err
	}
	m.State, m.HeldAt = MeetingHeld, tx.Now
	if err := m.save(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, noted(ctx, tx, a, m.subject(), "held", nil)
}

// Decide writes a decision down. With a unit it is that unit's task until it
// says that it is carried out. Where the case has no owner, or waits for a
// ruling that the actor may take, the decision names the unit there too, through
// casework's own verbs and in the same transaction.
func Decide(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, item string, x Decision) (i MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.Decide(%s, %s)", id, item)
	m, err := beginMeeting(ctx, tx, a, id, ActDecide)
	if err != nil {
		return i, err
	}
	if i, err = itemOf(ctx, tx, a.District.Code, id, item); err != nil {
		return i, err
	}
	if i.State != ItemOpen {
		return i, errs.New(errs.Conflict, "没办成：这一条已经定过了。", "Not done: this point is settled already.")
	}
	if err := x.check(a); err != nil {
		return i, err
	}
	i.Decision, i.Unit, i.Co, i.DecidedAt, i.State = x.Text, x.Unit, x.Co, tx.Now, ItemNoted
	if x.Unit != "" {
		i.State, i.Limit = ItemDecided, x.Limit.String()
		i.NearAt, i.Due = until(a.District, x.Unit, tx.Now, x.Limit)
		if i.Settled, err = settle(ctx, tx, a, i); err != nil {
			return i, err
		}
	}
	if err := i.save(ctx, tx, a.District.Code, ItemOpen); err != nil {
		return i, err
	}
	return i, announce(ctx, tx, a, m, i)
}

// check completes a decision and refuses what nobody could carry out.
func (x *Decision) check(a casework.Acting) (err error) {
	if x.Text, err = written("decision", x.Text, decisionMost, lang.T("请写定了什么。", "Please write what was decided.")); err != nil {
		return err
	}
	if x.Co, err = knownUnits(a, "co", x.Co); err != nil {
		return err
	}
	if x.Unit == "" {
		if len(x.Co) > 0 || !x.Limit.IsZero() {
			return errs.New(errs.Invalid, "有期限或协办，就要写由谁主办。", "With a date or units that help, it needs a unit that carries it out.").At("unit")
		}
		return nil
	}
	if _, err := knownUnits(a, "unit", []string{x.Unit}); err != nil {
		return err
	}
	if slices.Contains(x.Co, x.Unit) {
		return errs.New(errs.Invalid, "主办单位不用再列作协办。", "The unit that carries it out does not help itself.").At("co")
	}
	if x.Limit.IsZero() || x.Limit.N == 0 {
		return errs.New(errs.Invalid, "请写多久办好，例如 5 个工作日。", "Please say within which time, such as 5 working-days.").At("limit")
	}
	if err := x.Limit.Check(); err != nil {
		for _, e := range errs.Each(err) {
			return e.At("limit")
		}
		return err
	}
	return nil
}

// Settles says what a decision that names a unit would do to the case of a
// point, beside being a task. Pages say it before anybody decides.
func Settles(ctx context.Context, r db.Reader, a casework.Acting, i MeetingItem, now time.Time) (s Settling, err error) {
	defer errs.Wrap(&err, "supervise.Settles(%s)", i.ID)
	s, _, err = settles(ctx, r, a, i, now)
	return s, err
}

func settles(ctx context.Context, r db.Reader, a casework.Acting, i MeetingItem, now time.Time) (Settling, procedure.Offer, error) {
	if i.Case == "" {
		return SettlesNothing, procedure.Offer{}, nil
	}
	c, err := casework.ByID(ctx, r, a.District.Code, i.Case)
	if err != nil || c.State != casework.Running {
		return SettlesNothing, procedure.Offer{}, err
	}
	if c.NoOwner {
		return SettlesOwner, procedure.Offer{}, nil
	}
	offers, err := casework.Available(ctx, r, a, c, now)
	if err != nil {
		return SettlesNothing, procedure.Offer{}, err
	}
	p, ok := a.District.Catalogue.Procedure(c.Procedure, c.Version)
	for _, o := range offers {
		if !ok || !o.Allowed || !slices.Contains(o.Needs, procedure.NeedUnit) {
			continue
		}
		if step := p.Step(o.Step); step != nil && step.Action(o.Action).Final && needsOnly(o.Needs, procedure.NeedUnit, procedure.NeedReason) {
			return SettlesRuling, o, nil
		}
	}
	return SettlesNothing, procedure.Offer{}, nil
}

// needsOnly reports whether nothing but what a decision has is needed.
func needsOnly(needs []procedure.Need, have ...procedure.Need) bool {
	return !slices.ContainsFunc(needs, func(n procedure.Need) bool { return !slices.Contains(have, n) })
}

// settle does to the case what Settles said.
func settle(ctx context.Context, tx *db.Tx, a casework.Acting, i MeetingItem) (Settling, error) {
	s, offer, err := settles(ctx, tx, a, i, tx.Now)
	if err != nil {
		return s, err
	}
	a.Revision = 0
	switch s {
	case SettlesOwner:
		if err := allowed(a.District, a.By, rights.OwnerName); err != nil {
			return s, errs.New(errs.Forbidden, "这件还没定归谁管，要由值班长或分管领导来记这条决定。",
				"This case has no owner yet, so a shift leader or a leader writes this decision down.")
		}
		_, err = casework.NameOwner(ctx, tx, a, i.Case, i.Unit, i.Decision)
	case SettlesRuling:
		_, err = casework.Act(ctx, tx, a, i.Case, procedure.Move{Task: offer.Task, Action: offer.Action, Unit: i.Unit, Reason: i.Decision})
	}
	return s, err
}

// announce writes a decision into the trails and tells the units.
func announce(ctx context.Context, tx *db.Tx, a casework.Acting, m Meeting, i MeetingItem) error {
	detail := map[string]string{
		"item": fmt.Sprint(i.Seq), "number": i.Number, "decision": i.Decision, "unit": i.Unit, "co": strings.Join(i.Co, ","), "limit": i.Limit, "settled": string(i.Settled),
	}
	if !i.Due.IsZero() {
		detail["due"] = fmt.Sprint(db.At(i.Due))
	}
	if err := noted(ctx, tx, a, m.subject(), "decided", detail); err != nil {
		return err
	}
	n := casework.Notice{
		Template: "decision", Unit: i.Unit, Reason: strings.TrimRight(i.Decision, "。. "), Due: i.Due,
		Subject: lang.Text{ZH: i.Question, EN: i.Question}, Number: m.Short(),
	}
	if i.Case != "" {
		about := map[string]string{"meeting": m.Short(), "decision": i.Decision, "unit": i.Unit, "co": strings.Join(i.Co, ","), "until": detail["due"]}
		if err := casework.Note(ctx, tx, a, i.Case, "meeting-decided", about); err != nil {
			return err
		}
		c, err := casework.ByID(ctx, tx, a.District.Code, i.Case)
		if err != nil {
			return err
		}
		n.Subject = lang.Text{}
		n.Case, n.Number, n.Matter, n.Kind, n.State, n.Area = c.ID, c.Number, c.Matter, c.Kind, c.State, c.Place.Area(a.District.Code)
	}
	for _, unit := range append([]string{i.Unit}, i.Co...) {
		if unit == "" {
			continue
		}
		if n.Unit = unit; unit != i.Unit {
			n.Template = "decision-co"
		}
		if err := job.Add(ctx, tx, a.District.Code, casework.NoticeJob, "decision "+i.ID+" "+unit, n, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// TakeBack takes back a decision that is not carried out yet. What it
// did to the case stays done: a ruling is not unsaid by a meeting.
func TakeBack(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, item, reason string) (err error) {
	defer errs.Wrap(&err, "supervise.TakeBack(%s, %s)", id, item)
	m, err := beginMeeting(ctx, tx, a, id, ActTakeBack)
	if err != nil {
		return err
	}
	i, err := itemOf(ctx, tx, a.District.Code, id, item)
	if err != nil {
		return err
	}
	if i.Reason, err = written("reason", reason, decisionMost, lang.T("请写为什么收回。", "Please say why it is taken back.")); err != nil {
		return err
	}
	i.State = ItemDropped
	if err := i.save(ctx, tx, a.District.Code, ItemDecided); err != nil {
		return err
	}
	detail := map[string]string{"item": fmt.Sprint(i.Seq), "number": i.Number, "unit": i.Unit, "reason": i.Reason}
	if err := noted(ctx, tx, a, m.subject(), "took-back", detail); err != nil || i.Case == "" {
		return err
	}
	return casework.Note(ctx, tx, a, i.Case, "meeting-took-back", map[string]string{"meeting": m.Short(), "unit": i.Unit, "reason": i.Reason})
}

// CarryOut says that a decision is carried out, in the words of the unit that
// had to.
func CarryOut(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, item, text string) (i MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.CarryOut(%s, %s)", id, item)
	m, err := MeetingByID(ctx, tx, a.District.Code, id)
	if err != nil {
		return i, err
	}
	if i, err = itemOf(ctx, tx, a.District.Code, id, item); err != nil {
		return i, err
	}
	if err := i.May(a.District, a.By); err != nil {
		return i, err
	}
	if i.DoneText, err = written("done", text, decisionMost, lang.T("请写办了什么。", "Please write what was done.")); err != nil {
		return i, err
	}
	i.State, i.DoneAt, i.DoneBy, i.DonePost = ItemDone, tx.Now, a.By.Person, a.By.Post
	if err := i.save(ctx, tx, a.District.Code, ItemDecided); err != nil {
		return i, err
	}
	detail := map[string]string{"item": fmt.Sprint(i.Seq), "number": i.Number, "answer": i.DoneText}
	if tx.Now.After(i.Due) {
		detail["late"] = "yes"
	}
	if err := noted(ctx, tx, a, m.subject(), "carried-out", detail); err != nil || i.Case == "" {
		return i, err
	}
	return i, casework.Note(ctx, tx, a, i.Case, "meeting-carried-out", map[string]string{"meeting": m.Short(), "answer": i.DoneText})
}

// SaveMinutes writes down what was said. revision is that of the meeting the
// writer looked at, so that two who write do not lose each other's words.
func SaveMinutes(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID, text string, revision int) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.SaveMinutes(%s)", id)
	if m, err = beginMeeting(ctx, tx, a, id, ActMinutes); err != nil {
		return m, err
	}
	if m.Minutes, err = written("minutes", text, MinutesMost, lang.Text{}); err != nil {
		return m, err
	}
	m.Revision = revision
	if err := m.save(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, noted(ctx, tx, a, m.subject(), "minutes", nil)
}

// CloseMeeting ends a meeting. From now on its minutes stand as they are; what it did
// not settle waits for the next.
func CloseMeeting(ctx context.Context, tx *db.Tx, a casework.Acting, id MeetingID) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.CloseMeeting(%s)", id)
	if m, err = beginMeeting(ctx, tx, a, id, ActClose); err != nil {
		return m, err
	}
	m.State, m.ClosedAt = MeetingClosed, tx.Now
	if err := m.save(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	if err := deferItems(ctx, tx, a.District.Code, id); err != nil {
		return m, err
	}
	return m, noted(ctx, tx, a, m.subject(), "closed", nil)
}
