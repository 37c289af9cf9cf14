package privacy

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/resident"
)

// CarryOut does what was granted, and moves the case to its end, in one
// transaction. answer is what the person reads beside what the program says
// itself; an explanation is nothing else. It is errs.Forbidden without the right
// data.keep and errs.Conflict where the request is not granted, or where nothing
// of it can be done now.
func (k Keeper) CarryOut(ctx context.Context, a casework.Acting, id ID, answer string) (q Request, err error) {
	defer errs.Wrap(&err, "privacy.CarryOut(%s)", id)
	if err := mayKeep(a.District, a.By); err != nil {
		return q, err
	}
	if answer = strings.TrimSpace(answer); utf8.RuneCountInString(answer) > wordsMost {
		return q, errs.New(errs.Invalid, "最多写 %d 个字。", "Up to %d characters.", wordsMost).At("answer")
	}
	err = k.Desk.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if q, err = ByID(ctx, tx, a.District.Code, id); err != nil {
			return err
		}
		if q.State != Granted {
			return errs.New(errs.Conflict, "没办成：还没有同意，或者已经办好了。", "Not done: it is not granted, or it is done already.")
		}
		w := &work{Keeper: k, ctx: ctx, tx: tx, a: a, q: q, answer: answer, detail: map[string]string{}}
		if w.all, err = q.Subject.reports(ctx, tx, a.District.Code); err != nil {
			return err
		}
		if w.lang, err = langOf(ctx, tx, a.District.Code, q); err != nil {
			return err
		}
		if err := w.do(); err != nil {
			return err
		}
		q = w.q
		return w.finish()
	})
	return q, err
}

// work is the carrying out of one request.
type work struct {
	Keeper
	ctx    context.Context
	tx     *db.Tx
	a      casework.Acting
	q      Request
	all    []casework.Own
	lang   lang.Lang
	answer string
	told   lang.Text // what the program says of it
	detail map[string]string
	erased int // sentences of staff that a trail lost
}

func (w *work) do() error {
	switch w.q.Kind {
	case Copy:
		return w.copy()
	case Correct:
		return w.correct()
	case Object:
		return w.restrict()
	case Delete:
		return w.delete()
	case Withdraw:
		return w.withdraw()
	}
	if w.answer == "" {
		return errs.New(errs.Invalid, "请写答复。", "Please write the answer.").At("answer")
	}
	return nil
}

// finish writes down that it was done and ends the case.
func (w *work) finish() error {
	code := w.a.District.Code
	if err := w.tx.Exec(w.ctx, "update data_requests set state = 'done', done_at = $3, value = '' where district = $1 and id = $2", code, string(w.q.ID), db.At(w.tx.Now)); err != nil {
		return err
	}
	w.q.State, w.q.Done, w.q.value = Done, w.tx.Now, ""
	if err := note(w.ctx, w.tx, code, w.a.By, w.q, "carried-out", w.detail); err != nil {
		return err
	}
	text := w.told.In(w.lang)
	if text != "" && w.answer != "" {
		text += "\n"
	}
	return step(w.ctx, w.tx, w.a, w.q, procedure.Move{Action: carryOut, Deed: true, Answer: text + w.answer})
}

// correct puts what is right in the place of what is wrong. The old value is kept
// nowhere, and neither stands in the trail.
func (w *work) correct() error {
	code, v := w.a.District.Code, w.Desk.Vault
	value, err := v.Reveal(code, valueField, w.q.value)
	if err != nil {
		return err
	}
	for _, o := range w.all {
		if w.q.Field == fields.Phone {
			err = casework.CorrectPhone(w.ctx, w.tx, code, o.Report.ID, v.Seal(code, casework.PhoneField, value), w.Desk.PhoneIndex(value), w.Desk.TailIndex(value))
		} else {
			err = casework.CorrectName(w.ctx, w.tx, code, o.Report.ID, v.Seal(code, casework.NameField, value))
		}
		if err != nil {
			return err
		}
	}
	if id := w.q.Subject.Resident; id != "" && w.q.Field == fields.Name {
		one, err := w.Residents.ByID(w.ctx, w.tx, code, id)
		if err != nil {
			return err
		}
		if err := w.Residents.Change(w.ctx, w.tx, code, id, resident.Settings{Name: value, Lang: one.Lang}); err != nil {
			return err
		}
	}
	w.detail["field"], w.detail["reports"] = w.q.Field, strconv.Itoa(len(w.all))
	w.told = lang.T("已经更正，旧的没有留。", "It is corrected; the old value is kept nowhere.")
	return nil
}

// restrict marks the reports; package look shows them for law alone from now on.
func (w *work) restrict() error {
	for _, o := range w.all {
		_, err := w.tx.Change(w.ctx, `insert into restrictions (district, report_id, request, at, by_person, by_post) values ($1,$2,$3,$4,$5,$6)
			on conflict (district, report_id) do nothing`, w.a.District.Code, o.Report.ID, string(w.q.ID), db.At(w.tx.Now), w.a.By.Person, w.a.By.Post)
		if err != nil {
			return err
		}
	}
	w.detail["reports"] = strconv.Itoa(len(w.all))
	w.told = lang.T("从现在起，除法律规定的以外，谁也不能再看这些件里您的姓名和电话。", "From now on nobody sees your name and number in these reports, but where a law says so.")
	return nil
}

func (w *work) withdraw() error {
	n := 0
	for _, holder := range w.q.Subject.holders(w.all) {
		all, err := ConsentsOf(w.ctx, w.tx, w.a.District.Code, holder)
		if err != nil {
			return err
		}
		for _, c := range all {
			if !c.Withdrawn.IsZero() {
				continue
			}
			n++
			if err := Take(w.ctx, w.tx, w.a.District, holder, c.Name, w.a.By); err != nil {
				return err
			}
		}
	}
	w.detail["consents"] = strconv.Itoa(n)
	w.told = lang.T("您的同意都撤回了，从现在起不再有效。", "Your consents are withdrawn and no longer count.")
	return nil
}
