package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// orderView is what supervision asked about a case, with what the reader may do
// about it.
type orderView struct {
	supervise.Order
	MayAnswer, Lift bool
}

// readOrders reads what was asked about the case.
func (s *caseView) readOrders(v *page.View) error {
	all, err := supervise.OrdersOf(v.Context(), v.House.DB, v.District, s.Case.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		view := orderView{Order: o}
		_, view.MayAnswer = whoFits(v, func(by procedure.Actor) error { return o.MayReply(v.District, by) })
		_, view.Lift = whoFits(v, func(by procedure.Actor) error { return o.MayLift(v.District, by) })
		s.Orders = append(s.Orders, view)
	}
	_, may := whoFits(v, mayOrder(v))
	s.MayOrder = may && s.Case.State == casework.Running
	return nil
}

// whoFits finds the reader's post that a rule lets pass; else the first, whose
// refusal the verb words.
func whoFits(v *page.View, rule func(procedure.Actor) error) (by procedure.Actor, ok bool) {
	for i, a := range v.Actors() {
		if rule(a) == nil {
			return a, true
		}
		if i == 0 {
			by = a
		}
	}
	return by, false
}

// said is what the order asks, of whom, and by whom it was given.
func (o orderView) said(v *page.View) string {
	by := v.Say("系统按规则", "by rule")
	if o.By.Post != "" {
		by = byPost(v, o.By.Unit, o.By.Post)
	}
	text := v.Say("%[1]s，给%[2]s，%[3]s", "%[1]s, to %[2]s, %[3]s", v.MomentText(o.At), v.UnitName(o.Unit), by)
	if o.Form != "" {
		text += v.Say("，", ", ") + ladder.Title(v.District.Catalogue.Ladder().Forms, o.Form).In(v.Lang)
	}
	if o.Fault != "" {
		text += v.Say("，", ", ") + ladder.Title(v.District.Catalogue.Ladder().Faults, o.Fault).In(v.Lang)
	}
	return text
}

// orderForms are how a case may be put under supervision.
func orderForms(v *page.View) (all []ui.Option) {
	for _, w := range v.District.Catalogue.Ladder().Forms {
		all = append(all, ui.Option{Value: w.Name, Label: w.Title.In(v.Lang)})
	}
	return all
}

// withinUsual is how many working days a unit has to answer unless the
// supervisor says otherwise.
const withinUsual = "1"

// caseUrge hurries the unit that has the case.
func caseUrge(v *page.View) error { return give(v, "urge", "催办了。", "urged.", supervise.Urge) }

// caseOrder puts the case under supervision by hand.
func caseOrder(v *page.View) error {
	return give(v, "order", "督办了。", "put under supervision.", supervise.GiveOrder)
}

type giver = func(ctx context.Context, tx *db.Tx, a casework.Acting, id casework.ID, g supervise.Giving) (supervise.Order, error)

// give takes what a supervisor asks by hand.
func give(v *page.View, which, zh, en string, do giver) error {
	s, err := caseOfForm(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	g := supervise.Giving{Reason: form.Get("reason"), Form: form.Get("form")}
	if err := v.KeepsSecret(s.Case, map[string]string{"reason": g.Reason}); err != nil {
		return s.comeBack(v, which, err)
	}
	if which == "order" {
		days, err := strconv.Atoi(strings.TrimSpace(form.Get("within")))
		if err != nil {
			return s.comeBack(v, which, errs.New(errs.Invalid, "请写几个工作日以内答复，例如 1。", "Please write within how many working days to answer, for example 1.").At("within").Because(err))
		}
		g.Within = clock.Limit{N: days, Unit: clock.WorkingDays}
	}
	a := v.Acting(rights.Supervise, 0)
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := do(v.Context(), tx, a, s.Case.ID, g)
		return err
	})
	if err != nil {
		return s.comeBack(v, which, err)
	}
	return v.GoSaying(s.path(), "%[1]s："+zh, "%[1]s: "+en, s.Case.Number)
}

// caseReply is a unit's answer to an order, or the lifting of one.
func caseReply(v *page.View) error {
	s, err := caseOfForm(v)
	if err != nil {
		return err
	}
	o, err := supervise.OrderByID(v.Context(), v.House.DB, v.District.Code, supervise.OrderID(v.R.PathValue("order")))
	if err != nil {
		return err
	}
	if o.Case != s.Case.ID {
		return errs.New(errs.NotFound, "没有这个督办。", "There is no such order.")
	}
	form, said := v.R.PostForm, lang.T("答复了。", "answered.")
	lift := form.Get("do") == "lift"
	by, _ := whoFits(v, func(by procedure.Actor) error { return o.MayReply(v.District, by) })
	if lift {
		by, _ = whoFits(v, func(by procedure.Actor) error { return o.MayLift(v.District, by) })
		said = lang.T("解除了。", "lifted.")
	}
	if err := v.KeepsSecret(s.Case, map[string]string{"reason": form.Get("reason"), "answer": form.Get("answer")}); err != nil {
		return s.comeBack(v, string(o.ID), err)
	}
	a := casework.Acting{District: v.District, By: by}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		if lift {
			_, err = supervise.Lift(v.Context(), tx, a, o.ID, form.Get("reason"))
		} else {
			_, err = supervise.Reply(v.Context(), tx, a, o.ID, form.Get("answer"))
		}
		return err
	})
	if err != nil {
		return s.comeBack(v, string(o.ID), err)
	}
	return v.GoSaying(s.path(), "%[1]s：%[2]s", "%[1]s: %[3]s", s.Case.Number, said.ZH, said.EN)
}

// orderID is the id of the i-th order on the page, with which those of its
// fields begin.
func orderID(i int) string { return fmt.Sprintf("r%d", i) }

// orderHref leads to an order's own page.
func orderHref(o orderView) string { return "/desk/watch/orders/" + string(o.ID) }

// accountHref leads to where the unit is held to account for this case.
func accountHref(s caseView) string { return "/desk/watch/accounts/new?case=" + string(s.Case.ID) }

// withinField asks for how long a unit has to answer.
func withinField(v *page.View, s caseView) ui.Field {
	f := needed(s.Typed.field("order", "order", "within", v.Say("几个工作日内答复", "Answer within how many working days")))
	if f.Value == "" {
		f.Value = withinUsual
	}
	f.Attrs = templ.Attributes{"min": "1", "max": "60"}
	return f
}

// mayOrder asks who may urge or order.
func mayOrder(v *page.View) func(procedure.Actor) error {
	return func(by procedure.Actor) error { return supervise.MayOrder(v.District, by) }
}
