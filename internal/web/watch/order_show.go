package watch

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// orderView is what supervision asked of a unit, what became of it, and what
// the reader may do.
type orderView struct {
	supervise.Order
	Opens    bool // the reader may open its case
	Evidence []evidenceView
	Trail    []ui.TrailEntry

	Answers, Lifts, Decides bool // the reader may
	Again                   again
}

// evidenceView is an entry that an accountability case rests on. Entry is zero
// where the reader may not see its case.
type evidenceView struct {
	supervise.Evidence
	Said, When string
}

// fits is the reader's post that a rule lets pass; zero where none does.
func fits(v *page.View, rule func(procedure.Actor) error) procedure.Actor {
	for _, a := range v.Actors() {
		if rule(a) == nil {
			return a
		}
	}
	return procedure.Actor{}
}

// acting is the reader with the post that a rule lets pass, or else with the one
// that has a right: the verb words the refusal.
func acting(v *page.View, rule func(procedure.Actor) error, right rights.Right) casework.Acting {
	if by := fits(v, rule); by.Post != "" {
		return casework.Acting{District: v.District, By: by}
	}
	return v.Acting(right, 0)
}

// order is the one of the address, if the reader may see it: it is for one of
// the reader's units, or about a case that the reader sees. Any other is
// errs.NotFound, as one that does not exist.
func order(v *page.View) (o supervise.Order, sees bool, err error) {
	o, err = supervise.OrderByID(v.Context(), v.House.DB, v.District.Code, supervise.OrderID(v.R.PathValue("id")))
	if err != nil {
		return o, false, err
	}
	_, _, err = v.Case(v.Context(), o.Case)
	sees = err == nil
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return o, false, err
	}
	mine := bound(v)
	if !sees && mine != nil && !slices.Contains(mine, o.Unit) {
		return o, false, errs.New(errs.NotFound, "没有找到", "not found")
	}
	return o, sees, nil
}

func orderShow(v *page.View) error { return showOrder(v, http.StatusOK, again{}) }

func showOrder(v *page.View, status int, a again) (err error) {
	s := orderView{Again: a}
	if s.Order, s.Opens, err = order(v); err != nil {
		return err
	}
	s.Answers = fits(v, replies(v, s.Order)).Post != ""
	s.Lifts = fits(v, lifts(v, s.Order)).Post != ""
	s.Decides = fits(v, decides(v, s.Order)).Post != ""
	if err := s.read(v); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.OrderTitle(s.Order), At: "/orders", Said: v.District.Catalogue.Title(s.Matter).In(v.Lang) + v.Say("，", ", ") + s.Number,
		Path: []ui.Link{{Text: v.Say("督办清单", "Orders"), Href: home + "/orders"}, {Text: s.Kind.Text().In(v.Lang)}},
	}, orderPage(v, s))
}

// replies is the rule of who answers an order.
func replies(v *page.View, o supervise.Order) func(procedure.Actor) error {
	return func(by procedure.Actor) error { return o.MayReply(v.District, by) }
}

// lifts is the rule of who lifts an order.
func lifts(v *page.View, o supervise.Order) func(procedure.Actor) error {
	return func(by procedure.Actor) error { return o.MayLift(v.District, by) }
}

// decides is the rule of who decides an accountability case now.
func decides(v *page.View, o supervise.Order) func(procedure.Actor) error {
	return func(by procedure.Actor) error { return o.MayDecide(v.District, by, v.Now) }
}

// read reads what was done to the order, and what it rests on.
func (s *orderView) read(v *page.View) error {
	d := v.District.Code
	if s.Kind != supervise.Accountability {
		all, err := trail.Of(v.Context(), v.House.DB, d, string(s.Case))
		if err != nil {
			return err
		}
		of := func(e trail.Entry) bool { return e.Detail["order"] != string(s.ID) }
		s.Trail = told(v, slices.DeleteFunc(all, of), func(e trail.Entry) string { return v.Deed(nil, e) })
		return nil
	}
	own, err := supervise.AccountTrail(v.Context(), v.House.DB, d, s.ID)
	if err != nil {
		return err
	}
	s.Trail = told(v, own, func(e trail.Entry) string { return accountDeed(v, e) })
	evidence, err := supervise.EvidenceOf(v.Context(), v.House.DB, d, s.ID)
	if err != nil {
		return err
	}
	for _, e := range evidence {
		view := evidenceView{Evidence: e}
		if c, _, err := v.Case(v.Context(), e.Case); err == nil {
			if view.Said, view.When, err = entryText(v, c, e.Seq); err != nil {
				return err
			}
		} else if errs.KindOf(err) != errs.NotFound {
			return err
		}
		s.Evidence = append(s.Evidence, view)
	}
	return nil
}

// entryText says who did what by one entry of a case's trail, and when.
func entryText(v *page.View, c casework.Case, seq int) (said, when string, err error) {
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, string(c.ID))
	if err != nil {
		return "", "", err
	}
	p, _ := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	for _, e := range entries {
		if e.Seq == seq {
			when, who := v.Moment(c, e)
			return who + " " + v.Deed(p, e), when, nil
		}
	}
	return "", "", nil
}

// told draws entries, the newest first, each in the words of what was done.
func told(v *page.View, entries []trail.Entry, what func(trail.Entry) string) (all []ui.TrailEntry) {
	for _, e := range slices.Backward(entries) {
		t := ui.TrailEntry{When: v.MomentText(e.At), Instant: e.At.UTC().Format(time.RFC3339), Icon: "bell-ringing", Who: v.Doer(e), What: what(e)}
		for _, text := range []string{e.Detail["reason"], e.Detail["answer"]} {
			if text != "" {
				t.Detail = text
			}
		}
		if e.Detail["late"] == "yes" {
			t.What += v.Say("（晚了）", " (late)")
		}
		all = append(all, t)
	}
	return all
}

// accountDeed is what was done to an accountability case.
func accountDeed(v *page.View, e trail.Entry) string {
	switch supervise.OrderState(e.Act) {
	case "opened":
		return v.Say("提出问责", "opened it")
	case "order-answered":
		return v.Say("作了说明", "answered")
	case supervise.Upheld:
		return v.Say("认定成立", "upheld it")
	case supervise.Dropped:
		return v.Say("认定不成立", "dropped it")
	}
	return e.Act
}

// givenBy is who gave an order: a person by post, or the clock by rule.
func givenBy(v *page.View, o supervise.Order) string {
	if o.By.Post == "" {
		return v.Say("系统按规则", "by rule")
	}
	return postName(v, o.By.Post)
}

// facts are what an order is.
func (s orderView) facts(v *page.View) []ui.Fact {
	rules := v.District.Catalogue.Ladder()
	all := []ui.Fact{
		{Name: v.Say("给哪家", "To"), Value: v.UnitName(s.Unit), Strong: true},
		{Name: v.Say("什么时候", "When"), Value: v.MomentText(s.At), Sub: givenBy(v, s.Order)},
	}
	add := func(name, value, sub string) {
		if value != "" {
			all = append(all, ui.Fact{Name: name, Value: value, Sub: sub})
		}
	}
	add(v.Say("形式", "Form"), titleText(v, rules.Forms, s.Form), "")
	add(v.Say("情形", "Fault"), titleText(v, rules.Faults, s.Fault), "")
	if s.Level > 0 {
		add(v.Say("级别", "Level"), v.Say("%d 级", "level %d", s.Level), "")
	}
	add(v.Say("理由", "Reason"), s.Reason, "")
	if !s.ReplyDue.IsZero() {
		add(v.Say("答复期限", "Answer due"), v.DueText(s.ReplyDue), "")
	}
	late := ""
	if s.LateReply(v.Now) {
		late = v.Say("，晚了", ", late")
	}
	add(v.Say("答复", "Answer"), s.Reply, postName(v, s.ReplyBy.Post)+v.Say("，", ", ")+v.MomentText(s.ReplyAt)+late)
	add(v.Say("结论", "Outcome"), s.outcome(v), postName(v, s.EndBy.Post)+v.Say("，", ", ")+v.MomentText(s.EndAt))
	return all
}

// outcome is how an order ended, with what followed and why.
func (s orderView) outcome(v *page.View) string {
	if s.EndAt.IsZero() {
		return ""
	}
	parts := []string{s.State.Text().In(v.Lang)}
	if means := titleText(v, v.District.Catalogue.Ladder().Means, s.Means); means != "" {
		parts = append(parts, means)
	}
	return strings.Join(parts, v.Say("，", ", ")) + v.Say("：", ": ") + s.Decision
}

// titleText is the title of a word of the ladder, ” for none.
func titleText(v *page.View, words []ladder.Word, name string) string {
	if name == "" {
		return ""
	}
	return ladder.Title(words, name).In(v.Lang)
}

// wordOptions are the words of the ladder as choices.
func wordOptions(v *page.View, words []ladder.Word) (all []ui.Option) {
	for _, w := range words {
		all = append(all, ui.Option{Value: w.Name, Label: w.Title.In(v.Lang)})
	}
	return all
}

// verdicts are the two ways an accountability case ends.
func verdicts(v *page.View) []ui.Option {
	return []ui.Option{
		{Value: string(supervise.Upheld), Label: lang.T("成立，按下面的方式处理", "Upheld, with what is chosen below").In(v.Lang)},
		{Value: string(supervise.Dropped), Label: lang.T("不成立", "Dropped").In(v.Lang)},
	}
}

// orderReply is the unit's answer.
func orderReply(v *page.View) error {
	return orderAct(v, "reply", lang.T("答复了。", "Answered."), func(tx *db.Tx, o supervise.Order) error {
		a := acting(v, replies(v, o), rights.CaseHandle)
		_, err := supervise.Reply(v.Context(), tx, a, o.ID, v.R.PostForm.Get("answer"))
		return err
	})
}

// orderLift ends an order.
func orderLift(v *page.View) error {
	return orderAct(v, "lift", lang.T("解除了。", "Lifted."), func(tx *db.Tx, o supervise.Order) error {
		_, err := supervise.Lift(v.Context(), tx, acting(v, lifts(v, o), rights.Supervise), o.ID, v.R.PostForm.Get("reason"))
		return err
	})
}

// orderDecide ends an accountability case.
func orderDecide(v *page.View) error {
	return orderAct(v, "decide", lang.T("定了。", "Decided."), func(tx *db.Tx, o supervise.Order) error {
		form := v.R.PostForm
		verdict := supervise.OrderState(form.Get("verdict"))
		a := acting(v, decides(v, o), rights.Supervise)
		if err := o.MayDecide(v.District, a.By, v.Now); err != nil {
			return err
		}
		if verdict != supervise.Upheld && verdict != supervise.Dropped {
			return errs.New(errs.Invalid, "请选成立还是不成立。", "Please choose whether it is upheld or dropped.").At("verdict")
		}
		_, err := supervise.DecideAccountability(v.Context(), tx, a, o.ID, supervise.Verdict{Upheld: verdict == supervise.Upheld, Means: form.Get("means"), Reason: form.Get("reason")})
		return err
	})
}

// orderAct takes one act about the order of the address.
func orderAct(v *page.View, form string, said lang.Text, do func(*db.Tx, supervise.Order) error) error {
	if err := v.Form(); err != nil {
		return err
	}
	o, _, err := order(v)
	if err != nil {
		return err
	}
	c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, o.Case)
	if err == nil {
		err = v.KeepsSecret(c, map[string]string{"reason": v.R.PostForm.Get("reason"), "answer": v.R.PostForm.Get("answer")})
	}
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return do(tx, o) })
	}
	if a, ok := back(v, form, err); ok {
		return showOrder(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(orderHref(o), "%[1]s", "%[2]s", said.ZH, said.EN)
}

// mayOrder asks who may urge or order.
func mayOrder(v *page.View) func(procedure.Actor) error {
	return func(by procedure.Actor) error { return supervise.MayOrder(v.District, by) }
}
