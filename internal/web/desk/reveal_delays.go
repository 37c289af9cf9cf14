package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/look"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// looksPath is the page of looks that are told later, and of unusual reading.
const looksPath = "/desk/looks"

// looksBack is how far back the page goes, in days.
const looksBack = 400

// looksView is what the page shows; each part only to those whose it is.
type looksView struct {
	Mine    []lookView  // the reader's own that a delay may be asked for
	Waiting []delayView // for the reader's decision
	Past    []delayView
	Alarms  []look.Day
	Typed   again // the form that came back
}

// lookView is a look of the reader's with its case, where it is still seen.
type lookView struct {
	look.Look
	Number string
}

// delayView is a delay with what the reader may do about it.
type delayView struct {
	look.Delayed
	Number string           // of the case, where the reader sees it
	By     *procedure.Actor // the post that may decide; nil: none
	Longer bool             // the reader may ask to make it longer
}

// seesLooks reports whether there is anything on the page for the reader.
func seesLooks(v *page.View) bool {
	return slices.ContainsFunc([]rights.Right{rights.DataReveal, rights.LookDelay, rights.AuditSee, rights.PostKeep}, v.Can)
}

func looksShow(v *page.View) error { return showLooks(v, http.StatusOK, again{}) }

func showLooks(v *page.View, status int, typed again) (err error) {
	if !seesLooks(v) {
		return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.LookDelay.Title().ZH, rights.LookDelay.Title().EN)
	}
	s := looksView{Typed: typed}
	for _, read := range []func(*page.View) error{s.readMine, s.readDelays, s.readAlarms} {
		if err := read(v); err != nil {
			return err
		}
	}
	private(v)
	return v.Show(status, looksPage(v, s))
}

// readMine are the reader's own looks that a delay may still be asked for.
func (s *looksView) readMine(v *page.View) error {
	if !v.Can(rights.DataReveal) {
		return nil
	}
	var purposes []string
	for _, p := range v.District.Catalogue.Privacy().Purposes {
		if p.Delayable {
			purposes = append(purposes, p.Name)
		}
	}
	all, err := look.MineDelayable(v.Context(), v.House.DB, v.District.Code, string(v.Reader.Person.ID), purposes, v.Now)
	for _, l := range all {
		s.Mine = append(s.Mine, lookView{l, numberOf(v, l.Case)})
	}
	return err
}

// readDelays are those the reader asked for, decides on or audits.
func (s *looksView) readDelays(v *page.View) error {
	all, err := look.Delays(v.Context(), v.House.DB, v.District.Code, v.Now.AddDate(0, 0, -looksBack))
	if err != nil {
		return err
	}
	decides, audits, me := v.Can(rights.LookDelay), v.Can(rights.AuditSee), string(v.Reader.Person.ID)
	for _, y := range all {
		mine := y.AskedBy.Person == me
		if !decides && !audits && !mine {
			continue
		}
		row := delayView{Delayed: y, Number: numberOf(v, y.Of.Case)}
		if row.Number == "" && !audits && !mine {
			continue // outside the scope of whoever decides
		}
		if by, ok := whoFits(v, func(by procedure.Actor) error { return y.MayDecide(v.District, by, v.Now) }); ok {
			row.By = &by
		}
		row.Longer = mine && y.State == look.Granted && y.Nth == 1 && v.Now.Before(y.Until) && !slices.ContainsFunc(all, func(o look.Delayed) bool { return o.Look == y.Look && o.Nth > 1 })
		if row.By != nil && row.Number != "" {
			s.Waiting = append(s.Waiting, row)
		} else {
			s.Past = append(s.Past, row)
		}
	}
	return nil
}

// readAlarms are the days of unusual reading, for those who look into it.
func (s *looksView) readAlarms(v *page.View) (err error) {
	if !v.Can(rights.AuditSee) && !v.Can(rights.PostKeep) {
		return nil
	}
	s.Alarms, err = look.Alarms(v.Context(), v.House.DB, v.District.Code, v.Now.AddDate(0, 0, -looksBack))
	return err
}

// numberOf is the number of a case that the reader sees; empty for another.
func numberOf(v *page.View, id casework.ID) string {
	c, _, err := v.Case(v.Context(), id)
	if err != nil {
		return ""
	}
	return c.Number
}

// delayAsk takes the asking of whoever looked.
func delayAsk(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	a := look.DelayAsking{District: v.District, By: v.Acting(rights.DataReveal, 0).By, Look: look.ID(form.Get("look")), Law: form.Get("law"), Reason: form.Get("reason")}
	if day, err := clock.ParseDate(strings.TrimSpace(form.Get("until"))); err == nil {
		a.Until = day.Add(1).Start(v.Zone()) // the day counts
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := look.AskDelay(v.Context(), tx, a)
		return err
	})
	if err != nil {
		return looksAgain(v, form.Get("look"), err)
	}
	return v.GoSaying(looksPath, "申请了。一天内有人批才算数，没批就照常告诉本人。", "Asked for. Unless somebody grants it within a day, the person is told as usual.")
}

// delayDecide takes the decision of somebody else.
func delayDecide(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form, id := v.R.PostForm, look.DelayID(v.R.PathValue("delay"))
	grant := form.Get("do") == "grant"
	if do := form.Get("do"); do != "grant" && do != "refuse" {
		return errs.New(errs.Invalid, "请按“批准”或“不批准”。", "Please press “grant” or “refuse”.")
	}
	by := v.Acting(rights.LookDelay, 0).By
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := look.DecideDelay(v.Context(), tx, v.District, by, id, grant, form.Get("decision"))
		return err
	})
	if err != nil {
		return looksAgain(v, string(id), err)
	}
	if grant {
		return v.GoSaying(looksPath, "批准了，到期自动告诉本人。", "Granted; the person is told by itself when it ends.")
	}
	return v.GoSaying(looksPath, "没有批准，本人现在就看得到。", "Refused; the person can see the look now.")
}

// looksAgain shows the page with the form that was not taken.
func looksAgain(v *page.View, which string, err error) error {
	if _, told := errs.TextOf(err); !told || errs.KindOf(err) == errs.NotFound {
		return err
	}
	typed := again{Which: which, Form: v.R.PostForm, Fields: map[string]string{}}
	for _, e := range errs.Each(err) {
		if e.Field == "" {
			typed.Said = e.Text.In(v.Lang)
			continue
		}
		typed.Fields[e.Field] = e.Text.In(v.Lang)
	}
	return showLooks(v, page.Status(err), typed)
}

// said is a look in a line: when, for what, which fields.
func (l lookView) said(v *page.View) string {
	return v.Say("%[1]s，%[2]s，看了%[3]s", "%[1]s, %[4]s, saw %[5]s", v.MomentText(l.At), purposeText(v, l.Purpose, "zh"), look.FieldsText(l.Fields).ZH, purposeText(v, l.Purpose, "en"), look.FieldsText(l.Fields).EN)
}

func purposeText(v *page.View, name, in string) string {
	p, ok := v.District.Catalogue.Privacy().Purpose(name)
	switch {
	case !ok:
		return name
	case in == "en":
		return p.Title.EN
	}
	return p.Title.ZH
}

// facts are what is known of a delay.
func (y delayView) facts(v *page.View) []ui.Fact {
	of := lookView{Look: y.Of}
	all := []ui.Fact{
		{Name: v.Say("查看", "Look"), Value: of.said(v), Sub: v.UnitName(y.Of.Unit)},
		{Name: v.Say("依据", "Law"), Value: y.Law},
		{Name: v.Say("理由", "Reason"), Value: y.Reason},
		{Name: v.Say("推迟到", "Until"), Value: v.MomentText(y.Until)},
		{Name: v.Say("申请", "Asked"), Value: v.MomentText(y.AskedAt), Sub: byPost(v, y.AskedBy.Unit, y.AskedBy.Post)},
	}
	if y.Nth > 1 {
		all = append(all, ui.Fact{Name: v.Say("第几次", "Which"), Value: v.Say("延长", "made longer")})
	}
	if !y.DecidedAt.IsZero() {
		all = append(all, ui.Fact{Name: y.State.Text().In(v.Lang), Value: v.MomentText(y.DecidedAt), Sub: byPost(v, y.DecidedBy.Unit, y.DecidedBy.Post) + v.Say("：", ": ") + y.Decision})
	}
	return all
}

// state is how a delay stands, in a word or two.
func (y delayView) state(v *page.View) (ui.Tone, string) {
	switch {
	case y.State == look.Granted && v.Now.Before(y.Until):
		return ui.Hold, v.Say("推迟着", "held back")
	case y.State == look.Granted:
		return ui.OK, v.Say("到期，已告诉本人", "over; the person is told")
	case y.State == look.Asked && v.Now.Before(y.AskedAt.Add(24*time.Hour)):
		return ui.Near, y.State.Text().In(v.Lang)
	}
	return ui.OK, v.Say("没批准，已告诉本人", "not granted; the person is told")
}

// reader names who looked unusually much, for those whose task it is to ask them.
func reader(v *page.View, y look.Day) string {
	p, ok := v.District.Org.Person(org.PersonID(y.Person))
	if !ok {
		return y.Person
	}
	return p.Name
}
