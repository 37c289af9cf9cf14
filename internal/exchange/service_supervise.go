package exchange

import (
	"time"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/procedure"
	"linli/internal/supervise"
)

// ruleMost is how many letters the standard leaves a rule of supervision.
const ruleMost = 20

// overseen writes what supervision asked about a case. Why somebody gave an order,
// and what was answered, are their words and stay.
func (b *book) overseen(c casework.Case) error {
	all, err := supervise.OrdersOf(b.ctx, b.r, b.District, c.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Case != c.ID {
			continue // it is told with the case that it was given for
		}
		one := oversight{
			Number: c.Number, Content: o.Kind.Text().ZH, TypeCode: typeCode(catalogue.Kind(c.Kind)), At: b.stamp(o.At),
			State: b.stamp(since(o)), Result: o.State.Text().ZH, Unit: b.unit(o.Unit),
		}
		if step := b.stepTitle(c, o.Step); step != "" {
			one.Content += "：" + step
		}
		if utf8.RuneCountInString(o.Rung) <= ruleMost {
			one.Rule = o.Rung
		}
		if err := b.oversights.put(one); err != nil {
			return err
		}
	}
	return nil
}

// since is when an order came to stand as it does.
func since(o supervise.Order) time.Time {
	for _, at := range []time.Time{o.EndAt, o.ReplyAt} {
		if !at.IsZero() {
			return at
		}
	}
	return o.At
}

// stepTitle is what a step of a case's procedure is called; empty where it has
// none of that name.
func (b *book) stepTitle(c casework.Case, step procedure.StepName) string {
	p, ok := b.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok || p.Step(step) == nil {
		return ""
	}
	return p.Step(step).Title.ZH
}
