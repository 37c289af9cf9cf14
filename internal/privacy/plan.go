package privacy

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Stay is a report that a deletion leaves, and why.
type Stay struct {
	casework.Own
	Law Law
	Why lang.Text
}

// Plan says what a deletion would take now, and what would stay.
type Plan struct {
	Goes  []casework.Own
	Stays []Stay
}

// PlanOf says what deleting the data of a request would do now.
func PlanOf(ctx context.Context, r db.Reader, d *district.District, q Request, now time.Time) (p Plan, err error) {
	defer errs.Wrap(&err, "privacy.PlanOf(%s)", q.ID)
	all, err := q.Subject.reports(ctx, r, d.Code)
	if err != nil {
		return p, err
	}
	for _, o := range all {
		if o.Case.ID == q.Case {
			continue
		}
		law, why, err := stays(ctx, r, d, o, now)
		if err != nil {
			return p, err
		}
		if law == "" {
			p.Goes = append(p.Goes, o)
		} else {
			p.Stays = append(p.Stays, Stay{o, law, why})
		}
	}
	return p, nil
}

// stays says why a report must stay now; empty where it may go. A request about
// data that is itself under way is no reason: it was asked by the same person.
func stays(ctx context.Context, r db.Reader, d *district.District, o casework.Own, now time.Time) (Law, lang.Text, error) {
	held, err := onHold(ctx, r, d.Code, o, now)
	switch {
	case err != nil:
		return "", lang.Text{}, err
	case held:
		return OnHold, lang.T("依法暂时不能清理，解除后再删", "on hold by law; it can go when that ends"), nil
	case o.Case.State == casework.Running:
		return UnderWay, lang.T("还在办，办好它还用得着", "under way, and the work needs it"), nil
	case o.Case.Reopens(d, now):
		return UnderWay, lang.T("办结还没过申诉期，过了再删", "ended, but it can still be appealed; it can go after that"), nil
	}
	return "", lang.Text{}, nil
}

// onHold reports whether a standing hold keeps the report: of its case, or of
// everything from its number.
func onHold(ctx context.Context, r db.Reader, district string, o casework.Own, now time.Time) (bool, error) {
	n, err := db.Value[int](ctx, r, `select count(*) from holds where district = $1 and lifted_at = 0 and until_at > $2
		and (kind = 'case' and ref = $3 or kind = 'person' and (ref = $4 and ref <> '' or exists (
			select 1 from reports p where p.district = $1 and p.case_id = $3 and p.phone_index = holds.ref)))`,
		district, db.At(now), string(o.Case.ID), o.Report.PhoneIndex)
	return n > 0, err
}

// lines tell what stays, a line for each report.
func (p Plan) lines(l lang.Lang) (text string) {
	for _, s := range p.Stays {
		text += "\n" + s.Case.Number + lang.T("：", ": ").In(l) + s.Why.In(l)
	}
	return text
}
