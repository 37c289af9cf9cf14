package privacy

import (
	"context"
	"strings"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// The actions of the procedure data-request that need the deed.
const (
	grant    procedure.ActionName = "grant"
	reject   procedure.ActionName = "reject"
	carryOut procedure.ActionName = "carry-out"
)

// Decision grants a request, or refuses it with the law and the reason.
type Decision struct {
	Grant  bool
	Law    Law    // of a refusal
	Reason string // of a refusal, for the person to read
}

// Decide grants or refuses a request, with the step of its case. It is
// errs.Forbidden without the right data.keep, errs.Conflict where it was decided
// before, and errs.Invalid for a refusal without law or reason.
func (k Keeper) Decide(ctx context.Context, a casework.Acting, id ID, c Decision) (q Request, err error) {
	defer errs.Wrap(&err, "privacy.Decide(%s)", id)
	d := a.District
	if err := mayKeep(d, a.By); err != nil {
		return q, err
	}
	if err := c.check(); err != nil {
		return q, err
	}
	err = k.Desk.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if q, err = ByID(ctx, tx, d.Code, id); err != nil {
			return err
		}
		if q.State != Asked && (c.Grant || q.State != Granted) { // what was granted may turn out not to be possible
			return errs.New(errs.Conflict, "没办成：已经决定过了。", "Not done: it has been decided already.")
		}
		m, act := procedure.Move{Action: grant, Deed: true}, "granted"
		q.State = Granted
		if !c.Grant {
			q.State, q.Law, act = Refused, c.Law, "refused"
			if m.Reason, err = c.told(ctx, tx, d.Code, q); err != nil {
				return err
			}
			m.Action = reject
		}
		value := q.value
		if !c.Grant {
			value = ""
		}
		if err := tx.Exec(ctx, "update data_requests set state = $3, law = $4, decided_at = $5, by_person = $6, by_post = $7, value = $8 where district = $1 and id = $2",
			d.Code, string(q.ID), string(q.State), string(q.Law), db.At(tx.Now), a.By.Person, a.By.Post, value); err != nil {
			return err
		}
		if err := note(ctx, tx, d.Code, a.By, q, act, map[string]string{"law": string(q.Law)}); err != nil {
			return err
		}
		return step(ctx, tx, a, q, m)
	})
	return q, err
}

func (c *Decision) check() error {
	c.Reason = strings.TrimSpace(c.Reason)
	switch {
	case c.Grant:
		return nil
	case !c.Law.Known():
		return errs.New(errs.Invalid, "请选不同意依据的法律。", "Please choose the law it is refused by.").At("law")
	case c.Reason == "", utf8.RuneCountInString(c.Reason) > wordsMost:
		return errs.New(errs.Invalid, "请写明理由，不超过 %d 字。", "Please give the reason, in at most %d characters.", wordsMost).At("reason")
	}
	return nil
}

// told is what the person reads of a refusal: why, by which law, where to complain.
func (c *Decision) told(ctx context.Context, r db.Reader, district string, q Request) (string, error) {
	l, err := langOf(ctx, r, district, q)
	return c.Reason + lang.T("\n依据：", "\nBy law: ").In(l) + c.Law.Text().In(l) + "\n" + Complain().In(l), err
}

func langOf(ctx context.Context, r db.Reader, district string, q Request) (lang.Lang, error) {
	report, err := casework.ReportByID(ctx, r, district, q.Report)
	return lang.Parse(report.Lang), err
}

func mayKeep(d *district.District, by procedure.Actor) error {
	if by.Post != "" && d.Can(rights.DataKeep, string(by.Role)) {
		return nil
	}
	return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.DataKeep.Title().ZH, rights.DataKeep.Title().EN)
}

// step moves the case of a request along.
func step(ctx context.Context, tx *db.Tx, a casework.Acting, q Request, m procedure.Move) error {
	c, err := casework.ByID(ctx, tx, a.District.Code, q.Case)
	if err != nil {
		return err
	}
	offers, err := casework.Available(ctx, tx, a, c, tx.Now)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if o.Action != m.Action {
			continue
		}
		m.Task = o.Task
		_, err := casework.Act(ctx, tx, a, q.Case, m)
		return err
	}
	return errs.New(errs.Forbidden, "这一步现在不由您来办。", "This step is not yours to do now.")
}

// note puts what was done in the book of personal data, under the request's id.
func note(ctx context.Context, tx *db.Tx, district string, by procedure.Actor, q Request, act string, detail map[string]string) error {
	detail["kind"], detail["case"] = string(q.Kind), string(q.Case)
	return trail.Note(ctx, tx, district, trail.Privacy, string(q.ID), entryOf(by, act, detail))
}
