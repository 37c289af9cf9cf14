package supervise

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

const orderColumns = `o.id, o.kind, o.state, o.case_id, o.number, o.matter, o.task, o.step, o.unit, o.rung, o.level, o.form, o.fault, o.means, o.reason,
	o.by_unit, o.by_post, o.by_person, o.at, o.reply_due, o.reply, o.replied_at, o.reply_post, o.reply_person, o.ended_at, o.ended_post, o.ended_person, o.decision`

func (o *Order) dest() []any {
	return []any{
		&o.ID, &o.Kind, &o.State, &o.Case, &o.Number, &o.Matter, &o.Task, &o.Step, &o.Unit, &o.Rung, &o.Level, &o.Form, &o.Fault, &o.Means, &o.Reason,
		&o.By.Unit, &o.By.Post, &o.By.Person, db.Time(&o.At), db.Time(&o.ReplyDue), &o.Reply, db.Time(&o.ReplyAt), &o.ReplyBy.Post, &o.ReplyBy.Person,
		db.Time(&o.EndAt), &o.EndBy.Post, &o.EndBy.Person, &o.Decision,
	}
}

// insert writes an order. One that a rung gave before stays the only one.
func (o *Order) insert(ctx context.Context, tx *db.Tx, district string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	o.ID, o.At = OrderID(id.String()), tx.Now
	tx.Wake(casework.Topic)
	return tx.Exec(ctx, `insert into orders (district, id, kind, state, case_id, number, matter, task, step, unit, rung, level, form, fault, means, reason,
		by_unit, by_post, by_person, at, reply_due, reply, replied_at, reply_post, reply_person, ended_at, ended_post, ended_person, decision)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,'',$15,$16,$17,$18,$19,$20,'',0,'','',0,'','','')
		on conflict (district, task, rung) where rung <> '' do nothing`,
		district, string(o.ID), string(o.Kind), string(o.State), string(o.Case), o.Number, o.Matter, o.Task, string(o.Step), o.Unit, o.Rung, o.Level, o.Form,
		o.Fault, o.Reason, o.By.Unit, o.By.Post, o.By.Person, db.At(o.At), db.Due(o.ReplyDue))
}

// save stores what became of an order that was read in the state from.
func (o *Order) save(ctx context.Context, tx *db.Tx, district string, from OrderState) error {
	n, err := tx.Change(ctx, `update orders set state = $4, means = $5, reply = $6, replied_at = $7, reply_post = $8, reply_person = $9, ended_at = $10,
		ended_post = $11, ended_person = $12, decision = $13 where district = $1 and id = $2 and state = $3`,
		district, string(o.ID), string(from), string(o.State), o.Means, o.Reply, db.At(o.ReplyAt), o.ReplyBy.Post, o.ReplyBy.Person, db.At(o.EndAt),
		o.EndBy.Post, o.EndBy.Person, o.Decision)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "没办成：这件刚被别人动过，请再看看。", "Not done: somebody has just changed this. Please look again.")
	}
	tx.Wake(casework.Topic)
	return err
}

// OrderByID returns an order; errs.NotFound where the district has none of that id.
func OrderByID(ctx context.Context, r db.Reader, district string, id OrderID) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.OrderByID(%s, %s)", district, id)
	return db.One(ctx, r, (*Order).dest, "select "+orderColumns+" from orders o where o.district = $1 and o.id = $2", district, string(id))
}

// OrderFilter says which orders a list asks for. Its zero value is all of them.
type OrderFilter struct {
	Units   []string     // nil: every unit; empty: none
	Kinds   []OrderKind  // nil: every kind
	States  []OrderState // nil: every state
	Running bool         // only those that still ask something of somebody
	Waiting bool         // only those whose answer is due
	Missing time.Time    // only those whose answer was due before and is not there
	From    time.Time    // given at or after; zero: from the first
	To      time.Time    // and before; zero: to the last
	Skip    int          // how many of the list to pass over
	After   OrderID      // only what the list has after this order; '' from its first
}

// where spells the filter out, after the district in $1.
func (f OrderFilter) where(district string) (cond string, args []any) {
	args = []any{district}
	conds := []string{"o.district = $1"}
	in := func(column string, values []string) {
		marks := []string{"''"}
		for _, v := range values {
			args = append(args, v)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		conds = append(conds, column+" in ("+strings.Join(marks, ", ")+")")
	}
	if f.Units != nil {
		in("o.unit", f.Units)
		conds = append(conds, "o.unit <> ''")
	}
	if f.Kinds != nil {
		in("o.kind", texts(f.Kinds))
	}
	if f.States != nil {
		in("o.state", texts(f.States))
	}
	if f.Running {
		conds = append(conds, "o.state in ('asked', 'answered')")
	}
	if f.Waiting || !f.Missing.IsZero() {
		conds = append(conds, "o.state in ('asked', 'answered') and o.state = 'asked'") // the first half is that of the index
	}
	if !f.Missing.IsZero() {
		args = append(args, db.At(f.Missing))
		conds = append(conds, fmt.Sprintf("o.reply_due < $%d", len(args)))
	}
	if !f.From.IsZero() {
		args = append(args, db.At(f.From))
		conds = append(conds, fmt.Sprintf("o.at >= $%d", len(args)))
	}
	if !f.To.IsZero() {
		args = append(args, db.At(f.To))
		conds = append(conds, fmt.Sprintf("o.at < $%d", len(args)))
	}
	return strings.Join(conds, " and "), args
}

// texts are words of one kind as the database keeps them.
func texts[T ~string](words []T) (all []string) {
	for _, w := range words {
		all = append(all, string(w))
	}
	return all
}

// Orders lists orders: those that wait for an answer by its date, others the
// latest first.
func Orders(ctx context.Context, r db.Reader, d *district.District, f OrderFilter, most int) (all []Order, err error) {
	defer errs.Wrap(&err, "supervise.Orders(%s)", d.Code)
	cond, args := f.where(d.Code)
	order, column, next := "o.at desc, o.id desc", "at", "<"
	if f.Waiting || !f.Missing.IsZero() {
		order, column, next = "o.reply_due, o.id", "reply_due", ">"
	}
	if f.After != "" { // neither instant of an order ever changes, so the list goes on where it stopped
		args = append(args, string(f.After))
		cond += fmt.Sprintf(" and (o.%[1]s, o.id) %[2]s (select a.%[1]s, a.id from orders a where a.district = $1 and a.id = $%[3]d)", column, next, len(args))
	}
	args = append(args, most, max(0, f.Skip))
	return db.All(ctx, r, (*Order).dest, "select "+orderColumns+" from orders o where "+cond+" order by "+order+
		fmt.Sprintf(" limit $%d offset $%d", len(args)-1, len(args)), args...)
}

// CountOrders says how many Orders would list without a bound, and how many of
// them are waiting for an answer past its date.
func CountOrders(ctx context.Context, r db.Reader, d *district.District, f OrderFilter, now time.Time) (n, late int, err error) {
	defer errs.Wrap(&err, "supervise.CountOrders(%s)", d.Code)
	cond, args := f.where(d.Code)
	args = append(args, db.At(now))
	count, err := db.One(ctx, r, func(c *[2]int) []any { return []any{&c[0], &c[1]} }, "select count(*), coalesce(sum(case when o.state = 'asked' and o.reply_due < "+
		fmt.Sprintf("$%d", len(args))+" then 1 else 0 end), 0) from orders o where "+cond, args...)
	return count[0], count[1], err
}

// ToAnswer lists what units have to answer, the most urgent first.
func ToAnswer(ctx context.Context, r db.Reader, d *district.District, units []string, most int) ([]Order, error) {
	return Orders(ctx, r, d, OrderFilter{Units: append([]string{}, units...), Waiting: true}, most)
}

// OrdersOf lists what was asked about a case, oldest first, accountability
// cases that rest on it included.
func OrdersOf(ctx context.Context, r db.Reader, d *district.District, id casework.ID) (all []Order, err error) {
	defer errs.Wrap(&err, "supervise.OrdersOf(%s)", id)
	return db.All(ctx, r, (*Order).dest, "select "+orderColumns+` from orders o where o.district = $1 and (o.case_id = $2 or o.id in
		(select e.order_id from order_evidence e where e.district = $1 and e.case_id = $2)) order by o.at, o.id`, d.Code, string(id))
}

// Evidence is one entry of a case's trail.
type Evidence struct {
	Case   casework.ID
	Seq    int
	Number string // of the case
}

// EvidenceOf lists what an accountability case rests on.
func EvidenceOf(ctx context.Context, r db.Reader, district string, id OrderID) (all []Evidence, err error) {
	defer errs.Wrap(&err, "supervise.EvidenceOf(%s)", id)
	return db.All(ctx, r, func(e *Evidence) []any { return []any{&e.Case, &e.Seq, &e.Number} },
		"select case_id, seq, number from order_evidence where district = $1 and order_id = $2 order by number, seq", district, string(id))
}
