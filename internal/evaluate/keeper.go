package evaluate

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/measure"
)

// What a page shows of a period that still runs may be a minute old, and older
// where counting it takes long, so that looking costs a twentieth of a core at
// most.
const (
	keepFor   = time.Minute
	keepTimes = 20
	keepMost  = 4 // results, each of some ten megabytes
)

// Keeper keeps live counts for pages.
type Keeper struct {
	db   *db.DB
	busy singleflight.Group

	mu    sync.Mutex
	had   map[string]kept
	books map[string]*measure.Book // of stored periods, by source: few, and slow to read
	lines map[string]keptLines
}

// kept is a live count and until when it may be shown unasked.
type kept struct {
	res    *Result
	newest int64 // trail entry it knows
	took   time.Duration
	until  time.Time
}

// NewKeeper makes a keeper over a database.
func NewKeeper(d *db.DB) *Keeper {
	return &Keeper{db: d, had: map[string]kept{}, books: map[string]*measure.Book{}, lines: map[string]keptLines{}}
}

// Scores are a period's figures and cards, whether it is stored or counted
// live.
type Scores struct {
	CountedPeriod

	d    *district.District
	r    db.Reader
	live *Result
}

// Scores opens a period for reading.
func (k *Keeper) Scores(ctx context.Context, d *district.District, book *measure.Book, p Period) (s *Scores, err error) {
	defer errs.Wrap(&err, "evaluate.Scores(%s, %s)", d.Code, p)
	counted, err := periodWith(ctx, k.db, d.Code, p, k.book)
	if err != nil {
		return nil, err
	}
	s = &Scores{CountedPeriod: counted, d: d, r: k.db}
	if counted.State != Open {
		return s, nil
	}
	if book == nil {
		return nil, noBook()
	}
	if s.live, err = k.live(ctx, d, book, p); err != nil {
		return nil, err
	}
	s.Book, s.CountedAt = book, s.live.Until
	return s, nil
}

// booksMost bounds the formulas kept; they change a few times a year.
const booksMost = 20

// book reads formulas once.
func (k *Keeper) book(source string) (*measure.Book, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if book, ok := k.books[source]; ok {
		return book, nil
	}
	book, err := parseBook(source)
	if err != nil {
		return nil, err
	}
	if len(k.books) >= booksMost {
		clear(k.books)
	}
	k.books[source] = book
	return book, nil
}

// live returns a kept count, or counts anew.
func (k *Keeper) live(ctx context.Context, d *district.District, book *measure.Book, p Period) (*Result, error) {
	name := d.Code + " " + string(p) + " " + book.Version
	now := k.db.Now()
	if had, ok := k.find(name); ok && now.Before(had.until) {
		return had.res, nil
	}
	v, err, _ := k.busy.Do(name, func() (any, error) {
		newest, err := k.newest(ctx, d, p)
		if err != nil {
			return nil, err
		}
		had, ok := k.find(name)
		if !ok || had.newest != newest || had.res.d != d {
			res, err := Compute(ctx, k.db, d, book, p, now)
			if err != nil {
				return nil, err
			}
			had = kept{res: res, newest: newest, took: k.db.Now().Sub(now)}
		}
		had.until = k.db.Now().Add(max(keepFor, keepTimes*had.took))
		k.keep(name, had)
		return had.res, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*Result), nil
}

// newest is the last trail entry of the period.
func (k *Keeper) newest(ctx context.Context, d *district.District, p Period) (int64, error) {
	from, to := p.Span(d.Calendar.Zone())
	return db.Value[int64](ctx, k.db, "select coalesce(max(t.at), 0) from trail t where t.district = $1 and t.at >= $2 and t.at < $3",
		d.Code, db.At(from), db.At(to))
}

func (k *Keeper) find(name string) (kept, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	had, ok := k.had[name]
	return had, ok
}

func (k *Keeper) keep(name string, one kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.had[name] = one
	for len(k.had) > keepMost {
		oldest := name
		for other, had := range k.had {
			if had.until.Before(k.had[oldest].until) {
				oldest = other
			}
		}
		delete(k.had, oldest)
	}
}

// Figures are all figures of a subject, by indicator.
func (s *Scores) Figures(ctx context.Context, of Subject) (map[string]measure.Figure, error) {
	if s.live != nil {
		return s.live.Figures(of), nil
	}
	return s.FiguresOf(ctx, s.r, s.d.Code, of)
}

// Cases lists what is behind a figure: as many as its denominator.
func (s *Scores) Cases(ctx context.Context, of Subject, indicator string) ([]Counted, error) {
	if s.Book.Indicator(indicator) == nil {
		return nil, errs.New(errs.NotFound, "没有这个指标：%s", "there is no such indicator: %s", indicator)
	}
	if s.live != nil {
		return s.live.Cases(of, indicator), nil
	}
	return s.CasesOf(ctx, s.r, s.d.Code, of, indicator)
}

// Card is a subject's scorecard with all its lines.
func (s *Scores) Card(ctx context.Context, assessment string, of Subject) (measure.Card, error) {
	a := s.Book.Assessment(assessment)
	if a == nil {
		return measure.Card{}, errs.New(errs.NotFound, "没有这项考核：%s", "there is no such assessment: %s", assessment)
	}
	figures, err := s.Figures(ctx, of)
	if err != nil {
		return measure.Card{}, err
	}
	return a.Card(figures), nil
}

// Standings are the cards of an assessment, by group and rank. Those of a stored
// period have no lines; Card has.
func (s *Scores) Standings(ctx context.Context, assessment string) ([]Standing, error) {
	a := s.Book.Assessment(assessment)
	if a == nil {
		return nil, errs.New(errs.NotFound, "没有这项考核：%s", "there is no such assessment: %s", assessment)
	}
	if s.live != nil {
		return s.live.Cards(a), nil
	}
	return s.CountedPeriod.Standings(ctx, s.r, casework.Acting{District: s.d}, assessment)
}

// Leagues are the league tables of an assessment.
func (s *Scores) Leagues(ctx context.Context, assessment string) ([]League, error) {
	all, err := s.Standings(ctx, assessment)
	if err != nil {
		return nil, err
	}
	return Leagues(s.d, s.Book.Assessment(assessment), all), nil
}

// Assessments are those that a subject is one of.
func (s *Scores) Assessments(of Subject) (all []*measure.Assessment) {
	on := rosterDay(s.Period, s.CountedAt, s.d.Calendar.Zone())
	for _, a := range s.Book.Assessments {
		if isAbout(s.d, a, of, on) {
			all = append(all, a)
		}
	}
	return all
}
