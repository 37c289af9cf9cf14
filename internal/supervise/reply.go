package supervise

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/notice"
)

// Reply is the unit's written answer to an order or an accountability case.
// An answer after its date is taken too, and the trail says that it was late.
func Reply(ctx context.Context, tx *db.Tx, a casework.Acting, id OrderID, text string) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.Reply(%s)", id)
	if o, err = OrderByID(ctx, tx, a.District.Code, id); err != nil {
		return Order{}, err
	}
	if err := o.MayReply(a.District, a.By); err != nil {
		return Order{}, err
	}
	if o.Reply, err = written("answer", text, replyMost, lang.T("请写答复：为什么，打算什么时候办完。", "Please write the answer: why, and when it will be done.")); err != nil {
		return Order{}, err
	}
	o.State, o.ReplyAt, o.ReplyBy = Replied, tx.Now, sign(a.By)
	if err := o.save(ctx, tx, a.District.Code, Asked); err != nil {
		return Order{}, err
	}
	detail := map[string]string{"order": string(o.ID), "of": o.Unit, "answer": o.Reply}
	if o.LateReply(tx.Now) {
		detail["late"] = "yes"
	}
	if err := o.note(ctx, tx, a, "order-answered", detail); err != nil {
		return Order{}, err
	}
	return o, tell(ctx, tx, a.District, o.telling(notice.OrderAnswered, "", time.Time{}), audience{unit: o.Unit, post: o.By.Post}, ladder.Supervisor)
}

// Lift ends an order: the supervisor is content with what was done.
func Lift(ctx context.Context, tx *db.Tx, a casework.Acting, id OrderID, reason string) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.Lift(%s)", id)
	if o, err = OrderByID(ctx, tx, a.District.Code, id); err != nil {
		return Order{}, err
	}
	if err := o.MayLift(a.District, a.By); err != nil {
		return Order{}, err
	}
	if o.Decision, err = written("reason", reason, reasonMost, lang.T("请写为什么可以解除。", "Please say why it can be lifted.")); err != nil {
		return Order{}, err
	}
	from := o.State
	o.State, o.EndAt, o.EndBy = Lifted, tx.Now, sign(a.By)
	if err := o.save(ctx, tx, a.District.Code, from); err != nil {
		return Order{}, err
	}
	if err := o.note(ctx, tx, a, "order-lifted", map[string]string{"order": string(o.ID), "of": o.Unit, "reason": o.Decision}); err != nil {
		return Order{}, err
	}
	return o, tell(ctx, tx, a.District, o.telling(notice.OrderLifted, o.Decision, time.Time{}), audience{unit: o.Unit}, ladder.Owner, ladder.UnitLead)
}

// note writes into the trail an order belongs to: an accountability case has
// its own, any other is part of its case's.
func (o *Order) note(ctx context.Context, tx *db.Tx, a casework.Acting, act string, detail map[string]string) error {
	if o.Kind == Accountability {
		return noted(ctx, tx, a, o.subject(), act, detail)
	}
	return casework.Note(ctx, tx, a, o.Case, act, detail)
}

// subject is whose trail holds what was done to an accountability case.
func (o *Order) subject() string { return "order:" + string(o.ID) }
