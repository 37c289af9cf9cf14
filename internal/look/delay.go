package look

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// How far a delay may go.
const (
	delayMonths = 6              // of one delay
	delayTimes  = 2              // the first, and prolonged once
	undecided   = 24 * time.Hour // how long a look waits for a decision, and may be asked to wait
)

// DelayAsking is what somebody asks who looked for a reason that telling the
// person now would hinder.
type DelayAsking struct {
	District *district.District
	By       procedure.Actor
	Look     ID
	Law      string // statute and article
	Reason   string
	Until    time.Time
}

// AskDelay asks that the person is told of a look later. Only who looked may,
// for a purpose that a law lets wait, within a day of the look, until six months
// from now at most; and once more while a granted delay runs. It is
// errs.NotFound for a look that is not there or somebody else's, alike.
func AskDelay(ctx context.Context, tx *db.Tx, a DelayAsking) (y Delay, err error) {
	defer errs.Wrap(&err, "look.AskDelay(%s)", a.Look)
	code := a.District.Code
	l, err := ByID(ctx, tx, code, a.Look)
	if err != nil {
		return y, err
	}
	if a.By.Person == "" || l.Person != a.By.Person {
		return y, notFound()
	}
	before, err := delaysOf(ctx, tx, code, []string{string(l.ID)})
	if err != nil {
		return y, err
	}
	if err := a.check(l, before[l.ID], tx.Now); err != nil {
		return y, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return y, err
	}
	y = Delay{ID: DelayID(id.String()), Look: l.ID, Nth: len(before[l.ID]) + 1, State: Asked, Law: a.Law, Reason: a.Reason, Until: a.Until, AskedBy: sign(a.By), AskedAt: tx.Now}
	if err := y.insert(ctx, tx, code); err != nil {
		return y, err
	}
	return y, y.note(ctx, tx, code, l, "delay-asked", a.By, map[string]string{"law": y.Law, "reason": y.Reason, "until": strconv.FormatInt(db.At(y.Until), 10)})
}

// check refuses a delay that no law can give.
func (a *DelayAsking) check(l Look, before []Delay, now time.Time) error {
	p, ok := a.District.Catalogue.Privacy().Purpose(l.Purpose)
	switch {
	case !a.District.Can(rights.DataReveal, string(a.By.Role)):
		return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.DataReveal.Title().ZH, rights.DataReveal.Title().EN)
	case !ok || !p.Delayable:
		return errs.New(errs.Forbidden, "按这个用途看的，要马上告诉本人，不能推迟。", "For this purpose the person is told at once; it cannot wait.")
	case len(before) >= delayTimes:
		return errs.New(errs.Conflict, "已经延长过一次，不能再延长。", "It has been made longer once, and cannot be again.")
	case len(before) == 0 && !now.Before(l.At.Add(undecided)):
		return errs.New(errs.Conflict, "看过超过一天了，本人已经可以看到。要推迟，看的当天就要申请。", "The look is more than a day old and the person can see it. A delay is asked for on the day.")
	case len(before) > 0 && (before[len(before)-1].State != Granted || !now.Before(before[len(before)-1].Until)):
		return errs.New(errs.Conflict, "只有批准了、还没到期的推迟可以延长。", "Only a delay that was granted and still runs can be made longer.")
	}
	return a.words(before, now)
}

// words checks what was written.
func (a *DelayAsking) words(before []Delay, now time.Time) error {
	var all []error
	bad := func(field, zh, en string, args ...any) {
		all = append(all, errs.New(errs.Invalid, zh, en, args...).At(field))
	}
	if !written(&a.Law, 4) {
		bad("law", "请写依据哪部法律、哪一条，例如：监察法第二十五条。", "Please write which law and which article, for example: Supervision Law, art. 25.")
	}
	if !written(&a.Reason, 4) {
		bad("reason", "请写现在告诉本人会怎样妨碍办案。", "Please write how telling the person now would hinder the case.")
	}
	from := now
	if len(before) > 0 {
		from = before[len(before)-1].Until
	}
	switch most := from.AddDate(0, delayMonths, 0); {
	case !a.Until.After(from):
		bad("until", "请写一个以后的日子。", "Please write a day to come.")
	case a.Until.After(most):
		bad("until", "最多推迟 %d 个月。", "At most %d months.", delayMonths)
	}
	return errors.Join(all...)
}

// DecideDelay grants a delay or refuses it, by somebody else than asked, with
// the right to and who sees the case.
func DecideDelay(ctx context.Context, tx *db.Tx, d *district.District, by procedure.Actor, id DelayID, grant bool, decision string) (y Delay, err error) {
	defer errs.Wrap(&err, "look.DecideDelay(%s)", id)
	if y, err = DelayByID(ctx, tx, d.Code, id); err != nil {
		return y, err
	}
	l, err := ByID(ctx, tx, d.Code, y.Look)
	if err != nil {
		return y, err
	}
	if err := seesCase(ctx, tx, d, l.Case, by); err != nil {
		return y, err
	}
	if err := y.MayDecide(d, by, tx.Now); err != nil {
		return y, err
	}
	if !written(&decision, 2) {
		return y, errs.New(errs.Invalid, "请写为什么批，或者为什么不批。", "Please write why it is granted, or why not.").At("decision")
	}
	y.State, y.DecidedBy, y.DecidedAt, y.Decision = Refused, sign(by), tx.Now, decision
	act := "delay-refused"
	if grant {
		y.State, act = Granted, "delay-granted"
	}
	if err := y.decide(ctx, tx, d.Code); err != nil {
		return y, err
	}
	return y, y.note(ctx, tx, d.Code, l, act, by, map[string]string{"decision": decision, "until": strconv.FormatInt(db.At(y.Until), 10)})
}

// MayDecide says why somebody may not decide on a delay; nil where they may.
func (y *Delay) MayDecide(d *district.District, by procedure.Actor, now time.Time) error {
	switch {
	case !d.Can(rights.LookDelay, string(by.Role)):
		return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.LookDelay.Title().ZH, rights.LookDelay.Title().EN)
	case by.Person == y.AskedBy.Person:
		return errs.New(errs.Forbidden, "自己申请的要由别人来批。", "Somebody else decides on what you asked for.")
	case y.State != Asked:
		return errs.New(errs.Conflict, "这个申请已经处理过了。", "This request has been dealt with.")
	case !now.Before(y.AskedAt.Add(undecided)):
		return errs.New(errs.Conflict, "申请一天内没有批，本人已经可以看到了。", "Nobody decided within a day, and the person can see the look.")
	}
	return nil
}

// seesCase is errs.NotFound where the case does not lie in the post's scope.
func seesCase(ctx context.Context, r db.Reader, d *district.District, id casework.ID, by procedure.Actor) error {
	c, err := casework.ByID(ctx, r, d.Code, id)
	if err != nil {
		return err
	}
	tasks, err := casework.Tasks(ctx, r, d.Code, id)
	if err == nil && !sees(d, c, tasks, by) {
		return notFound()
	}
	return err
}

// note writes what became of a delay into the trail of the report.
func (y *Delay) note(ctx context.Context, tx *db.Tx, district string, l Look, act string, by procedure.Actor, detail map[string]string) error {
	detail["look"], detail["delay"], detail["nth"] = string(l.ID), string(y.ID), strconv.Itoa(y.Nth)
	return trail.Note(ctx, tx, district, trail.Looks, l.Report, trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: detail})
}

// standing says whether a look is held back by its delays at an instant, and
// what the person is told of them once it is not: the delay that counted last.
func standing(delays []Delay, now time.Time) (held bool, told *Delay) {
	for i := range delays {
		if now.Before(delays[i].holds()) {
			return true, nil
		}
		if delays[i].State == Granted || told == nil {
			told = &delays[i]
		}
	}
	return false, told
}

// holds is until when a delay by itself holds a look back. One that was asked
// for and not decided on holds for a day, since telling cannot be taken back.
func (y *Delay) holds() time.Time {
	switch y.State {
	case Granted:
		return y.Until
	case Asked:
		return earlier(y.AskedAt.Add(undecided), y.Until)
	}
	return time.Time{}
}

func earlier(a, b time.Time) time.Time { return slices.MinFunc([]time.Time{a, b}, time.Time.Compare) }
