package transfer

import (
	"context"
	"fmt"
	"time"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/learn"
)

// Learned says what was learned.
type Learned struct {
	Cases int // that taught something
	Rules int
}

// LearnRoutes learns from the district's cases that were opened before an
// instant and have ended, and stores what it learned as routing rules in place
// of what was learned before. Rules that somebody wrote stay, and go first.
func LearnRoutes(ctx context.Context, d *db.DB, from *district.District, until time.Time) (learned Learned, err error) {
	defer errs.Wrap(&err, "transfer.LearnRoutes(%s)", from.Code)
	var history []learn.Example
	areas := map[string][]string{}
	err = casework.Dealt(ctx, d, from.Code, until, func(e casework.Dealing) error {
		at := e.Place.Area(from.Code)
		if areas[at] == nil {
			areas[at] = learn.AreaPath(at)
		}
		one := learn.Example{Matter: from.Catalogue.Path(e.Matter), Area: areas[at], Unit: e.Unit}
		for range e.Cases {
			history = append(history, one)
		}
		return nil
	})
	if err != nil {
		return Learned{}, err
	}
	table := learn.Learn(history)
	origin := fmt.Sprintf("cases:%s", clock.DateOf(until, from.Calendar.Zone())) // as a file and line say where a written rule stands
	rows := table.Rows()
	rules := make([]catalogue.Rule, len(rows))
	for i, row := range rows {
		rules[i] = catalogue.Rule{Matter: row.Matter, Area: row.Area, Unit: row.Unit, Weight: row.Weight(), Reason: row.Why(), From: origin}
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		tx.Wake(district.Topic)
		return catalogue.StoreLearned(ctx, tx, from.Code, rules)
	})
	return Learned{Cases: table.Cases(), Rules: len(rules)}, err
}
