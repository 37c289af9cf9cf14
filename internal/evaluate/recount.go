package evaluate

import (
	"cmp"
	"context"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/measure"
)

// recountCards makes a subject's cards again from its stored figures.
func recountCards(ctx context.Context, tx *db.Tx, d *district.District, c CountedPeriod, s Subject) error {
	figures, err := c.FiguresOf(ctx, tx, d.Code, s)
	if err != nil {
		return err
	}
	on := rosterDay(c.Period, c.CountedAt, d.Calendar.Zone())
	for _, a := range c.Book.Assessments {
		if !isAbout(d, a, s, on) {
			continue
		}
		if err := storeCard(ctx, tx, d.Code, c.Period, Standing{Subject: s, Card: a.Card(figures)}); err != nil {
			return err
		}
	}
	return nil
}

// isAbout reports whether a subject is one of an assessment's.
func isAbout(d *district.District, a *measure.Assessment, s Subject, on clock.Date) bool {
	for _, one := range subjectsOf(d, a, on) {
		if one == s {
			return true
		}
	}
	return false
}

// recountGiven takes a unit's entered scores into a preliminary count.
func recountGiven(ctx context.Context, tx *db.Tx, d *district.District, c CountedPeriod, unit string) error {
	given, err := givenScores(ctx, tx, d.Code, c.Period)
	if err != nil {
		return err
	}
	res := &Result{book: c.Book, at: map[Subject]int32{}}
	res.enter(given)
	for _, i := range c.Book.Indicators {
		if i.Kind != measure.Submitted {
			continue
		}
		if total := res.sum(Unit(unit), i.Name); total.n > 0 {
			if err := storeFigure(ctx, tx, d.Code, c.Period, Unit(unit), total.figure(i)); err != nil {
				return err
			}
		}
	}
	return recountCards(ctx, tx, d, c, Unit(unit))
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.indicator, b.indicator))
}
