package supervise

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// StuckCase is a case that does not get on by itself, and why.
type StuckCase struct {
	casework.Case
	Why Why
}

// StuckFilter are the running cases that are stuck for a reason: the list, its
// count and an agenda read the same.
func StuckFilter(why Why, scope casework.Scope) casework.Filter {
	f := casework.Filter{States: []casework.State{casework.Running}, Scope: scope}
	if why == Overdue {
		f.Signal = clock.Late
	} else {
		f.Stuck = casework.Stuck(why)
	}
	return f
}

// Agenda finds what the next meeting should talk about: stuck cases, the
// gravest reason first and the most urgent first within it, each once. Left out
// are those that a meeting to come has already, or whose decision a unit still
// has to carry out, those whose clock stands (nobody but the resident or an
// agreed day moves them), and secret reports, which no meeting sees.
func Agenda(ctx context.Context, r db.Reader, d *district.District, now time.Time, most int) (all []StuckCase, err error) {
	defer errs.Wrap(&err, "supervise.Agenda(%s)", d.Code)
	ids, err := db.All(ctx, r, func(id *casework.ID) []any { return []any{id} }, `select i.case_id from meeting_items i where i.district = $1
		and i.case_id <> '' and i.state in ('open', 'decided')`, d.Code)
	if err != nil {
		return nil, err
	}
	seen := map[casework.ID]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	for _, why := range StuckWhys() {
		for after := ""; len(all) < most; {
			p, err := casework.List(ctx, r, d, StuckFilter(why, nil), now, after, 100)
			if err != nil {
				return nil, err
			}
			for _, row := range p.Rows {
				if !seen[row.Case.ID] && !row.Secret && row.HeldAt.IsZero() && len(all) < most {
					seen[row.Case.ID] = true
					all = append(all, StuckCase{row.Case, why})
				}
			}
			if after = p.Next; after == "" {
				break
			}
		}
	}
	return all, nil
}
