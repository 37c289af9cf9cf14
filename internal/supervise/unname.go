package supervise

import (
	"context"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
)

// Unname hides what hide hides in everything that supervision wrote about a case:
// orders with their answers, the points of meetings, and the minutes of the
// meetings that spoke of it. It returns whose trails hold words about it too.
func Unname(ctx context.Context, tx *db.Tx, district string, id casework.ID, hide func(string) string) (subjects []string, err error) {
	defer errs.Wrap(&err, "supervise.Unname(%s)", id)
	subjects, err = unnameOrders(ctx, tx, district, id, hide)
	if err != nil {
		return nil, err
	}
	items, err := ItemsOf(ctx, tx, district, id)
	if err != nil {
		return nil, err
	}
	seen := map[MeetingID]bool{}
	for _, i := range items {
		err := db.Rewrite(ctx, tx, "update meeting_items set question = $3, decision = $4, done_text = $5, reason = $6 where district = $1 and id = $2",
			district, i.ID, hide, i.Question, i.Decision, i.DoneText, i.Reason)
		if err != nil {
			return nil, err
		}
		if seen[i.Meeting] {
			continue
		}
		seen[i.Meeting] = true
		m, err := MeetingByID(ctx, tx, district, i.Meeting)
		if err != nil {
			return nil, err
		}
		if err := db.Rewrite(ctx, tx, "update meetings set title = $3, place = $4, minutes = $5, reason = $6 where district = $1 and id = $2",
			district, string(m.ID), hide, m.Title, m.Place, m.Minutes, m.Reason); err != nil {
			return nil, err
		}
		subjects = append(subjects, m.subject())
	}
	return subjects, nil
}

// unnameOrders does so in orders about a case, or with it among their evidence.
func unnameOrders(ctx context.Context, tx *db.Tx, district string, id casework.ID, hide func(string) string) (subjects []string, err error) {
	all, err := db.All(ctx, tx, (*Order).dest, "select "+orderColumns+` from orders o where o.district = $1 and (o.case_id = $2
		or o.id in (select e.order_id from order_evidence e where e.district = $1 and e.case_id = $2)) order by o.id`, district, string(id))
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if err := db.Rewrite(ctx, tx, "update orders set reason = $3, reply = $4, decision = $5 where district = $1 and id = $2",
			district, string(o.ID), hide, o.Reason, o.Reply, o.Decision); err != nil {
			return nil, err
		}
		subjects = append(subjects, o.subject())
	}
	return subjects, nil
}
