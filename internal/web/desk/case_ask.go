package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// askOffer is something one of the reader's posts may ask for.
type askOffer struct {
	casework.AskOption
	By procedure.Actor
}

// askForm is one form: the pauses of a task, or its extension.
type askForm struct {
	ID     string // of its fields
	Task   string
	Step   procedure.StepName
	Offers []askOffer // one, procedure.Extension; else kinds of pause
}

// extends reports whether the form asks for a longer limit.
func (f askForm) extends() bool { return f.Offers[0].Kind == procedure.Extension }

// offersToAsk lists what the reader's posts may ask for. What one post may and
// another may not is offered.
func offersToAsk(v *page.View, c casework.Case) (all []askOffer, err error) {
	for _, by := range v.Actors() {
		options, err := casework.Asks(v.Context(), v.House.DB, casework.Acting{District: v.District, By: by}, c, v.Now)
		if err != nil {
			return nil, err
		}
		for _, o := range options {
			i := slices.IndexFunc(all, func(had askOffer) bool { return had.Task == o.Task && had.Kind == o.Kind })
			if i < 0 {
				all = append(all, askOffer{o, by})
			} else if o.Allowed && !all[i].Allowed {
				all[i] = askOffer{o, by}
			}
		}
	}
	return all, nil
}

// readAsks sorts what may be asked into forms.
func (s *caseView) readAsks(v *page.View) error {
	all, err := offersToAsk(v, s.Case)
	if err != nil {
		return err
	}
	for _, o := range all {
		if !o.Allowed {
			s.Clock.Barred = append(s.Clock.Barred, o.AskOption)
			continue
		}
		i := slices.IndexFunc(s.Clock.Asks, func(f askForm) bool {
			return f.Task == o.Task && f.extends() == (o.Kind == procedure.Extension)
		})
		if i < 0 {
			i = len(s.Clock.Asks)
			s.Clock.Asks = append(s.Clock.Asks, askForm{ID: fmt.Sprintf("a%d", i), Task: o.Task, Step: o.Step})
		}
		s.Clock.Asks[i].Offers = append(s.Clock.Asks[i].Offers, o)
	}
	return nil
}

// barredTexts say why something cannot be asked now, each reason once.
func (c clockView) barredTexts(v *page.View) (all []string) {
	for _, o := range c.Barred {
		name := v.Say("暂停计时", "a pause")
		if o.Kind == procedure.Extension {
			name = v.Say("延期", "more time")
		}
		if text := v.Say("为什么不能申请%[1]s：%[2]s", "Why not ask for %[1]s: %[2]s", name, o.Why.In(v.Lang)); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// kinds are the choices of a form for pauses, each with how long at most.
func (f askForm) kinds(v *page.View) (all []ui.Option) {
	for _, o := range f.Offers {
		all = append(all, ui.Option{Value: o.Kind, Label: o.Title.In(v.Lang), Hint: v.Say("最晚停到 %s", "until %s at the latest", v.UntilText(o.Latest))})
	}
	return all
}

// which names the form.
func (f askForm) which() string { return askWhich(f.Task, f.extends()) }

// unit is in what the limit counts that an extension makes longer.
func (f askForm) unit(v *page.View) string {
	one := clock.Limit{N: 1, Unit: f.Offers[0].Limit.Unit}.Text()
	return v.Say("%[1]s", "%[2]s", strings.TrimSpace(strings.TrimPrefix(one.ZH, "1")), strings.TrimSpace(strings.TrimPrefix(one.EN, "1")))
}

// approver is who decides on what the form asks for.
func (f askForm) approver(v *page.View) string { return f.Offers[0].Approver.Title().In(v.Lang) }

// caseAsk takes what somebody asks for. The first time it only shows the date
// that would follow; what was looked at is then sent as it was shown.
func caseAsk(v *page.View) error {
	s, err := caseOfForm(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	which := askWhich(form.Get("task"), form.Get("kind") == procedure.Extension)
	err = page.Long("reason", form.Get("reason"))
	var q casework.Asking
	var a casework.Acting
	if err == nil {
		q, a, err = asking(v, s.Case, form)
	}
	if err == nil {
		err = v.KeepsSecret(s.Case, map[string]string{"reason": q.Reason})
	}
	if err != nil {
		return s.comeBack(v, which, err)
	}
	if form.Get("seen") != looked(q) {
		f, err := casework.Foresee(v.Context(), v.House.DB, a, s.Case, q, v.Now)
		if err != nil {
			return s.comeBack(v, which, err)
		}
		s.Typed = again{Which: which, Form: form, Dates: &f, Seen: looked(q)}
		return showCase(v, http.StatusOK, s)
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := casework.Ask(v.Context(), tx, a, s.Case.ID, q)
		return err
	})
	if err != nil {
		return s.comeBack(v, which, err)
	}
	return v.GoSaying(s.path(), "%s：送去批了。", "%s: sent for a decision.", s.Case.Number)
}

// askWhich names the form of a task.
func askWhich(task string, extends bool) string {
	if extends {
		return "extend " + task
	}
	return "pause " + task
}

// looked stands for what a date was shown for, so that another date is shown
// where something was changed since.
func looked(q casework.Asking) string {
	return strings.Join([]string{q.Task, q.Kind, strconv.FormatInt(q.Until.Unix(), 10), strconv.Itoa(q.More)}, " ")
}

// asking reads what a form asks for, and by which post.
func asking(v *page.View, c casework.Case, form url.Values) (q casework.Asking, a casework.Acting, err error) {
	all, err := offersToAsk(v, c)
	if err != nil {
		return q, a, err
	}
	if form.Get("kind") == "" {
		return q, a, errs.New(errs.Invalid, "请选为什么要停。", "Please choose why it has to stand.").At("kind")
	}
	i := slices.IndexFunc(all, func(o askOffer) bool { return o.Task == form.Get("task") && o.Kind == form.Get("kind") })
	if i < 0 {
		return q, a, errs.New(errs.Forbidden, "这一步现在不能由您申请这个。", "This is not yours to ask for at this step.")
	}
	o := all[i]
	revision, _ := strconv.Atoi(form.Get("revision")) // what is no number asks for no comparison
	a = casework.Acting{District: v.District, By: o.By, Revision: revision}
	q = casework.Asking{Task: o.Task, Kind: o.Kind, Reason: strings.TrimSpace(form.Get("reason"))}
	if o.Kind == procedure.Extension {
		if q.More, err = strconv.Atoi(strings.TrimSpace(form.Get("more"))); err != nil {
			err = errs.New(errs.Invalid, "请写多少，例如 3。", "Please write how many, for example 3.").At("more").Because(err)
		}
		return q, a, err
	}
	q.Until, err = untilEnd(v, form.Get("until"), o.Latest)
	return q, a, err
}

// untilEnd reads the day to which a clock is to stand: to its end, or to the
// latest instant allowed where that lies on the same day.
func untilEnd(v *page.View, day string, latest time.Time) (time.Time, error) {
	d, err := clock.ParseDate(strings.TrimSpace(day))
	if err != nil {
		return time.Time{}, errs.New(errs.Invalid, "请写停到哪一天，例如 2026-11-30。", "Please write until which day, for example 2026-11-30.").At("until").Because(err)
	}
	if d == clock.DateOf(latest, v.Zone()) {
		return latest, nil
	}
	return d.Add(1).Start(v.Zone()), nil
}

// caseEntry decides on an entry of the ledger, takes it back, or lets the clock
// go on.
func caseEntry(v *page.View) error {
	s, err := caseOfForm(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	e, err := casework.EntryByID(v.Context(), v.House.DB, v.District.Code, v.R.PathValue("entry"))
	if err != nil {
		return err
	}
	if e.Case != s.Case.ID {
		return errs.New(errs.NotFound, "没有这个申请。", "There is no such request.")
	}
	said, err := s.settle(v, e, form.Get("do"), strings.TrimSpace(form.Get("reason")))
	if err != nil {
		return s.comeBack(v, e.ID, err)
	}
	back := page.Local(form.Get("back"))
	if back == "/" {
		back = s.path()
	}
	return v.GoSaying(back, "%[1]s：%[2]s", "%[1]s: %[3]s", s.Case.Number, said.ZH, said.EN)
}

// settle takes an act about an entry, and says what came of it.
func (s *caseView) settle(v *page.View, e casework.Entry, do, reason string) (said lang.Text, err error) {
	if err := page.Long("reason", reason); err != nil {
		return said, err
	}
	if err := v.KeepsSecret(s.Case, map[string]string{"reason": reason}); err != nil {
		return said, err
	}
	act := map[string]casework.EntryAct{"grant": casework.ActDecide, "refuse": casework.ActDecide, "withdraw": casework.ActWithdraw, "resume": casework.ActResume}[do]
	if act == "" {
		return said, errs.New(errs.Invalid, "请点一个按钮。", "Please press one of the buttons.")
	}
	by, _ := whoMay(v, s, e, act)
	a := casework.Acting{District: v.District, By: by}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		switch do {
		case "withdraw":
			said = lang.T("撤回了。", "taken back.")
			_, err = casework.Withdraw(v.Context(), tx, a, e.ID)
		case "resume":
			said = lang.T("恢复计时了。", "the clock goes on.")
			_, err = casework.Resume(v.Context(), tx, a, e.ID, reason)
		case "grant":
			said = lang.T("批准了。", "granted.")
			_, err = casework.Decide(v.Context(), tx, a, e.ID, true, reason)
		default:
			said = lang.T("没有批准。", "not granted.")
			_, err = casework.Decide(v.Context(), tx, a, e.ID, false, reason)
		}
		return err
	})
	return said, err
}
