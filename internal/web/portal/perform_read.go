package portal

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
)

// records remember what the performance pages show, because everybody may ask
// and gathering it reads the cases of a month. They hold no words, so that both
// languages read the same.
type records struct {
	busy singleflight.Group

	mu  sync.Mutex
	had map[evaluate.Period]*record
}

// How old a page may be: a month that runs changes by the minute, one that was
// counted hardly.
const (
	runningKept = 2 * time.Minute
	countedKept = 10 * time.Minute
)

// How much a page lists.
const (
	missedMost  = 100
	mendedMost  = 10
	accountMost = 50
	leagueMost  = 200 // units in all league tables together
	coursePoint = 12  // months of a trend
)

// record is what is published of a period. Its cases have gone through published.
type record struct {
	evaluate.CountedPeriod
	Figures map[string]measure.Figure
	Streets []subjectFigures
	Leagues []openLeague
	Trend   map[string][]evaluate.Point
	Course  casework.Course
	Missed  missedCases
	Mended  []casework.Case
	Account []accountCase
	OnHold  int // cases on account, those not listed too
	Totals  []evaluate.Totals

	at time.Time
}

// subjectFigures are the figures of a street or unit.
type subjectFigures struct {
	Subject evaluate.Subject
	Figures map[string]measure.Figure
}

// openLeague is a group of like units, from a period that was counted.
type openLeague struct {
	evaluate.League
	Of    *measure.Assessment
	Units []subjectFigures
}

// missedCases are those not done by the promised date.
type missedCases struct {
	Done      []casework.Case // ended late in the period
	DoneAll   int
	Open      []casework.Case // open and late now
	OpenAll   casework.Tally
	DoneIsFew bool // not all that ended late are listed
}

// accountCase is a case on account, with the entry that put it there.
type accountCase struct {
	casework.Case
	Entry casework.Entry
}

// of returns a record, gathered anew where it is too old.
func (rs *records) of(v *page.View, p evaluate.Period, months []evaluate.Period) (*record, error) {
	if had := rs.find(p, v.Now); had != nil {
		return had, nil
	}
	got, err, _ := rs.busy.Do(string(p), func() (any, error) {
		if had := rs.find(p, v.Now); had != nil {
			return had, nil
		}
		one, err := gather(context.WithoutCancel(v.Context()), v, p)
		if err != nil {
			return nil, err
		}
		rs.mu.Lock()
		defer rs.mu.Unlock()
		if rs.had == nil {
			rs.had = map[evaluate.Period]*record{}
		}
		for other := range rs.had {
			if !slices.Contains(months, other) {
				delete(rs.had, other)
			}
		}
		rs.had[p] = one
		return one, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(*record), nil
}

// find is a record that is still new enough; nil where there is none.
func (rs *records) find(p evaluate.Period, now time.Time) *record {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	had := rs.had[p]
	if had == nil {
		return nil
	}
	kept := countedKept
	if had.State == evaluate.Open {
		kept = runningKept
	}
	if age := now.Sub(had.at); age < 0 || age >= kept {
		return nil
	}
	return had
}

// gather reads all of a record.
func gather(ctx context.Context, v *page.View, p evaluate.Period) (*record, error) {
	d := v.District
	s, err := v.House.Scores.Scores(ctx, d, d.Catalogue.Measures(), p)
	if err != nil {
		return nil, err
	}
	one := &record{CountedPeriod: s.CountedPeriod, Trend: map[string][]evaluate.Point{}, at: v.Now}
	from, to := p.Span(v.Zone())
	for _, read := range []func() error{
		func() (err error) { one.Figures, err = s.Figures(ctx, evaluate.District); return err },
		func() error { return one.parts(ctx, v, s) },
		func() error { return one.trends(ctx, v, p) },
		func() (err error) { one.Course, err = casework.CourseOf(ctx, v.House.DB, d, from, to); return err },
		func() error { return one.missed(ctx, v, s) },
		func() (err error) {
			one.Mended, err = casework.Mended(ctx, v.House.DB, d, from, to, 4*mendedMost)
			return err
		},
		func() error { return one.onAccount(ctx, v) },
		func() (err error) {
			one.Totals, err = evaluate.TotalsOf(ctx, v.House.DB, d.Code, d.Catalogue.Measures(), evaluate.District)
			return err
		},
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	one.Mended = slices.DeleteFunc(one.Mended, func(c casework.Case) bool { return !inTheOpen(c) })
	one.Mended = one.Mended[:min(len(one.Mended), mendedMost)]
	for i := range one.Mended {
		one.Mended[i] = published(one.Mended[i])
	}
	return one, nil
}

// parts reads the streets, and the league tables where the period was counted.
func (one *record) parts(ctx context.Context, v *page.View, s *evaluate.Scores) (err error) {
	figures := func(of evaluate.Subject) (subjectFigures, error) {
		all, err := s.Figures(ctx, of)
		return subjectFigures{of, all}, err
	}
	for _, street := range v.District.Areas.Tier(area.Street) {
		f, err := figures(evaluate.Area(string(street.Code)))
		if err != nil {
			return err
		}
		one.Streets = append(one.Streets, f)
	}
	if s.State == evaluate.Open {
		return nil
	}
	n := 0
	for _, a := range s.Book.Assessments {
		if a.Tier != 1 || !a.Ranked {
			continue
		}
		leagues, err := s.Leagues(ctx, a.Name)
		if err != nil {
			return err
		}
		for _, l := range leagues {
			l.Standings = slices.DeleteFunc(l.Standings, func(s evaluate.Standing) bool { return s.Card.Empty || s.Subject.Kind() != evaluate.OfUnit })
			l.Standings = l.Standings[:min(len(l.Standings), leagueMost-n)]
			n += len(l.Standings)
			league := openLeague{League: l, Of: a}
			for _, one := range l.Standings {
				f, err := figures(one.Subject)
				if err != nil {
					return err
				}
				league.Units = append(league.Units, f)
			}
			if len(league.Units) > 0 {
				one.Leagues = append(one.Leagues, league)
			}
		}
	}
	return nil
}

// trends reads the stored months until the period, which ends the line itself
// where it still runs.
func (one *record) trends(ctx context.Context, v *page.View, p evaluate.Period) error {
	for _, name := range []string{onDate, satisfaction} {
		all, err := evaluate.Trend(ctx, v.House.DB, v.District.Code, evaluate.District, name, p, coursePoint)
		if err != nil {
			return err
		}
		if f, ok := one.Figures[name]; ok && !slices.ContainsFunc(all, func(at evaluate.Point) bool { return at.Period == p }) {
			all = append(all, evaluate.Point{Period: p, Figure: f})
		}
		one.Trend[name] = all
	}
	return nil
}

// missed reads what ended late in the period, and what is late now.
func (one *record) missed(ctx context.Context, v *page.View, s *evaluate.Scores) error {
	if s.Book.Indicator(onDate) != nil {
		all, err := s.Cases(ctx, evaluate.District, onDate)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, evaluate.Counted.In)
		one.Missed.DoneAll, one.Missed.DoneIsFew = len(all), len(all) > missedMost
		for _, counted := range all[:min(len(all), missedMost)] {
			c, err := casework.ByID(ctx, v.House.DB, v.District.Code, casework.ID(counted.Case))
			if errors.Is(err, errs.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if !c.Secret {
				one.Missed.Done = append(one.Missed.Done, published(c))
			}
		}
	}
	late := casework.Filter{Overdue: true}
	var err error
	if one.Missed.OpenAll, err = casework.Count(ctx, v.House.DB, v.District, late, v.Now); err != nil {
		return err
	}
	p, err := casework.List(ctx, v.House.DB, v.District, late, v.Now, "", missedMost)
	for _, row := range p.Rows {
		if !row.Secret {
			one.Missed.Open = append(one.Missed.Open, published(row.Case))
		}
	}
	return err
}

// onAccount reads what is on account now.
func (one *record) onAccount(ctx context.Context, v *page.View) error {
	f := casework.Filter{OnAccount: true}
	n, err := casework.Count(ctx, v.House.DB, v.District, f, v.Now)
	if err != nil {
		return err
	}
	one.OnHold = n.N
	p, err := casework.List(ctx, v.House.DB, v.District, f, v.Now, "", accountMost)
	if err != nil {
		return err
	}
	for _, row := range p.Rows {
		if row.Secret {
			continue
		}
		ledger, err := casework.Ledger(ctx, v.House.DB, v.District, row.ID)
		if err != nil {
			return err
		}
		for _, e := range ledger {
			if e.OnAccount && e.State == casework.PauseRuns {
				one.Account = append(one.Account, accountCase{published(row.Case), e})
				break
			}
		}
	}
	return nil
}
