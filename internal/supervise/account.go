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
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/trail"
)

// evidenceMost bounds what one accountability case rests on.
const evidenceMost = 50

// Accusation is what a unit is held to account for: a fault of the ladder,
// doing nothing included, and entries of trails that show it.
type Accusation struct {
	Unit     string
	Fault    string
	Reason   string
	Within   clock.Limit // for the unit's answer
	Evidence []Evidence  // Number is filled in
}

// HoldToAccount opens an accountability case (问责). Each piece of evidence is an
// entry that is there, of a case that the unit had a part in; nobody opens one
// against their own unit.
func HoldToAccount(ctx context.Context, tx *db.Tx, a casework.Acting, x Accusation) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.HoldToAccount(%s, %s)", x.Unit, x.Fault)
	if o, err = x.check(a); err != nil {
		return Order{}, err
	}
	if o.ReplyDue, err = replyDue(a.District, o.Unit, tx.Now, x.Within); err != nil {
		return Order{}, err
	}
	for i, e := range x.Evidence {
		c, err := e.holds(ctx, tx, a, x.Unit)
		if err != nil {
			return Order{}, err
		}
		x.Evidence[i].Number = c.Number
		if i == 0 {
			o.Case, o.Number, o.Matter = c.ID, c.Number, c.Matter
		}
	}
	if err := o.insert(ctx, tx, a.District.Code); err != nil {
		return Order{}, err
	}
	var shown []string
	for _, e := range x.Evidence {
		if err := tx.Exec(ctx, "insert into order_evidence (district, order_id, case_id, seq, number) values ($1,$2,$3,$4,$5)",
			a.District.Code, string(o.ID), string(e.Case), e.Seq, e.Number); err != nil {
			return Order{}, err
		}
		shown = append(shown, fmt.Sprintf("%s/%d", e.Number, e.Seq))
	}
	detail := o.detail()
	detail["evidence"] = strings.Join(shown, ", ")
	if err := noted(ctx, tx, a, o.subject(), "opened", detail); err != nil {
		return Order{}, err
	}
	return o, tell(ctx, tx, a.District, o.telling(notice.Accused, o.Reason, o.ReplyDue), audience{unit: o.Unit}, ladder.UnitLead)
}

// check looks at what needs no database.
func (x Accusation) check(a casework.Acting) (o Order, err error) {
	if err := MayOrder(a.District, a.By); err != nil {
		return o, err
	}
	if _, ok := a.District.Org.Unit(org.UnitID(x.Unit)); !ok {
		return o, errs.New(errs.Invalid, "请选单位。", "Please choose the unit.").At("unit")
	}
	if a.By.Unit == x.Unit {
		return o, errs.New(errs.Forbidden, "对本单位的问责，要由别的单位提。", "Holding a unit to account is for another unit to do.")
	}
	if !ladder.Known(a.District.Catalogue.Ladder().Faults, x.Fault) {
		return o, errs.New(errs.Invalid, "请选问责的情形。", "Please choose what it is held to account for.").At("fault")
	}
	if len(x.Evidence) == 0 || len(x.Evidence) > evidenceMost {
		return o, errs.New(errs.Invalid, "请从痕迹里选 1 到 %d 条作依据。", "Please choose 1 to %d entries of the trail as evidence.", evidenceMost).At("evidence")
	}
	for i, e := range x.Evidence {
		if slices.ContainsFunc(x.Evidence[:i], func(had Evidence) bool { return had.Case == e.Case && had.Seq == e.Seq }) {
			return o, errs.New(errs.Invalid, "同一条依据选了两次。", "The same entry was chosen twice.").At("evidence")
		}
	}
	o = Order{Kind: Accountability, State: Asked, Unit: x.Unit, Fault: x.Fault, By: sign(a.By)}
	o.Reason, err = written("reason", x.Reason, reasonMost, lang.T("请写明理由。", "Please give the reason."))
	return o, err
}

// holds checks that an entry is there and that its case passed through a unit.
func (e Evidence) holds(ctx context.Context, r db.Reader, a casework.Acting, unit string) (c casework.Case, err error) {
	if c, err = casework.ByID(ctx, r, a.District.Code, e.Case); err != nil {
		return c, err
	}
	entries, err := trail.Of(ctx, r, a.District.Code, string(e.Case))
	if err != nil {
		return c, err
	}
	if !slices.ContainsFunc(entries, func(had trail.Entry) bool { return had.Seq == e.Seq }) {
		return c, errs.New(errs.Invalid, "%s 的痕迹里没有第 %d 条。", "The trail of %s has no entry %d.", c.Number, e.Seq).At("evidence")
	}
	tasks, err := casework.Tasks(ctx, r, a.District.Code, e.Case)
	if err != nil {
		return c, err
	}
	had := c.Unit == unit || c.Receiver == unit || slices.ContainsFunc(tasks, func(t casework.Task) bool { return unitOf(a.District, t, c) == unit })
	if !had {
		return c, errs.New(errs.Invalid, "%s 没有经过这家单位。", "%s never was with this unit.", c.Number).At("evidence")
	}
	return c, nil
}

// Verdict is how an accountability case ends.
type Verdict struct {
	Upheld bool
	Means  string // what follows, if it is upheld
	Reason string
}

// DecideAccountability ends an accountability case: upheld, with one of the
// means of the ladder, or dropped. See Order.MayDecide for who may.
func DecideAccountability(ctx context.Context, tx *db.Tx, a casework.Acting, id OrderID, v Verdict) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.DecideAccountability(%s)", id)
	if o, err = OrderByID(ctx, tx, a.District.Code, id); err != nil {
		return Order{}, err
	}
	if err := o.MayDecide(a.District, a.By, tx.Now); err != nil {
		return Order{}, err
	}
	if o.Decision, err = written("reason", v.Reason, reasonMost, lang.T("请写明理由。", "Please give the reason.")); err != nil {
		return Order{}, err
	}
	from, words := o.State, notice.AccountDropped
	o.State = Dropped
	if v.Upheld {
		if !ladder.Known(a.District.Catalogue.Ladder().Means, v.Means) {
			return Order{}, errs.New(errs.Invalid, "请选问责的方式。", "Please choose what follows.").At("means")
		}
		o.State, o.Means, words = Upheld, v.Means, notice.AccountUpheld
	}
	o.EndAt, o.EndBy = tx.Now, sign(a.By)
	if err := o.save(ctx, tx, a.District.Code, from); err != nil {
		return Order{}, err
	}
	detail := map[string]string{"of": o.Unit, "fault": o.Fault, "means": o.Means, "reason": o.Decision, "number": o.Number}
	if err := noted(ctx, tx, a, o.subject(), string(o.State), detail); err != nil {
		return Order{}, err
	}
	return o, tell(ctx, tx, a.District, o.telling(words, o.Decision, time.Time{}), audience{unit: o.Unit, post: o.By.Post}, ladder.UnitLead)
}

// AccountTrail is what was done to an accountability case, oldest first.
func AccountTrail(ctx context.Context, r db.Reader, district string, id OrderID) ([]trail.Entry, error) {
	return trail.Of(ctx, r, district, (&Order{ID: id}).subject())
}
