package evaluate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/measure"
)

// worthOne is a whole case in the numerator. Worths are summed in whole
// ten-thousandths, so that the order of adding leaves no trace.
const worthOne = 10_000

// Result is everything counted for one period. It does not change.
type Result struct {
	Period   Period
	From, To time.Time
	Until    time.Time // when it was counted, where the period still ran

	d        *district.District
	book     *measure.Book
	cases    []caseRef
	entries  map[string][]entry // by indicator
	grounds  []ground
	places   [][]int32 // subjects by ground
	subjects []Subject
	at       map[Subject]int32
	sums     map[string][]sum // by indicator, then subject
	given    map[Subject]map[string]sum
}

// caseRef names a case.
type caseRef struct{ id, number string }

// entry is one item that an indicator takes: 16 bytes, because a month of a
// large district has millions.
type entry struct {
	file, ground int32
	seq          int32
	worth        int32
}

// sum is a numerator, in ten-thousandths, and a denominator.
type sum struct {
	worth int64
	n     int
}

// Counted is a case behind a figure.
type Counted struct {
	Case   string
	Number string
	Seq    int     // the entry of its trail
	Worth  float64 // its part of the numerator
}

// In reports whether the case is in the numerator, in whole or in part.
func (c Counted) In() bool { return c.Worth > 0 }

// Compute counts a period from the trail: every figure of every subject, with
// the cases behind it. A period that still runs is counted until now.
func Compute(ctx context.Context, r db.Reader, d *district.District, book *measure.Book, period Period, now time.Time) (res *Result, err error) {
	defer errs.Wrap(&err, "evaluate.Compute(%s, %s)", d.Code, period)
	if book == nil {
		return nil, noBook()
	}
	from, to := period.Span(d.Calendar.Zone())
	if from.After(now) {
		return nil, errs.New(errs.Invalid, "%[1]s还没开始。", "%[2]s has not begun.", period.Text().ZH, period.Text().EN).At("period")
	}
	files, err := read(ctx, r, d.Code, from, to)
	if err != nil {
		return nil, err
	}
	given, err := givenScores(ctx, r, d.Code, period)
	if err != nil {
		return nil, err
	}
	res = &Result{
		Period: period, From: from, To: to, Until: now, d: d, book: book,
		entries: map[string][]entry{}, at: map[Subject]int32{}, sums: map[string][]sum{},
	}
	res.count(files, newScene(d, book, db.At(from), rosterDay(period, now, d.Calendar.Zone())))
	res.enter(given)
	return res, nil
}

// noBook is told where no pack of the district says how to count.
func noBook() error {
	return errs.New(errs.NotFound, "这个区的配置包里没有考核公式（evaluation.yaml）。", "No pack of this district says how to count (evaluation.yaml).")
}

// count runs every case through the formulas.
func (res *Result) count(files []*file, s *scene) {
	grounds := map[ground]int32{}
	lists := make(map[measure.Over][][]entry)
	for _, grain := range grains {
		lists[grain] = make([][]entry, len(res.book.Over(grain)))
	}
	for n, f := range files {
		res.cases = append(res.cases, caseRef{f.id, f.number})
		s.run(f, func(grain measure.Over, it *measure.Item, g ground) {
			at, ok := grounds[g]
			if !ok {
				at = int32(len(res.grounds))
				grounds[g] = at
				res.grounds = append(res.grounds, g)
			}
			for i, indicator := range res.book.Over(grain) {
				if indicator.Takes(it) {
					worth := int32(math.Round(indicator.Gives(it) * worthOne))
					lists[grain][i] = append(lists[grain][i], entry{int32(n), at, int32(it.Seq), worth})
				}
			}
		})
	}
	res.placeGrounds()
	for _, grain := range grains {
		for i, indicator := range res.book.Over(grain) {
			res.entries[indicator.Name] = lists[grain][i]
			res.sums[indicator.Name] = res.add(lists[grain][i])
		}
	}
}

// grains are the grains of items.
var grains = []measure.Over{measure.Promises, measure.Tasks, measure.Cases, measure.Ratings, measure.Callbacks, measure.Orders} // never changed

// placeGrounds numbers the subjects.
func (res *Result) placeGrounds() {
	for _, g := range res.grounds {
		var at []int32
		for _, s := range g.subjects() {
			at = append(at, res.number(s))
		}
		res.places = append(res.places, at)
	}
}

func (res *Result) number(s Subject) int32 {
	n, ok := res.at[s]
	if !ok {
		n = int32(len(res.subjects))
		res.at[s] = n
		res.subjects = append(res.subjects, s)
	}
	return n
}

// add sums an indicator's entries by subject.
func (res *Result) add(list []entry) []sum {
	sums := make([]sum, len(res.subjects))
	for _, e := range list {
		for _, at := range res.places[e.ground] {
			sums[at].worth += int64(e.worth)
			sums[at].n++
		}
	}
	return sums
}

// enter adds what others said of a unit, for the indicators that take their mean.
func (res *Result) enter(given []Review) {
	res.given = map[Subject]map[string]sum{}
	for _, indicator := range res.book.Indicators {
		if indicator.Kind != measure.Submitted {
			continue
		}
		for _, g := range given {
			if len(indicator.From) > 0 && !slices.Contains(indicator.From, string(g.Body)) {
				continue
			}
			of := res.given[Unit(g.Unit)]
			if of == nil {
				of = map[string]sum{}
				res.given[Unit(g.Unit)] = of
			}
			was := of[indicator.Name]
			of[indicator.Name] = sum{was.worth + int64(math.Round(g.Score*worthOne)), was.n + 1}
			res.number(Unit(g.Unit))
		}
	}
}

func (res *Result) sum(s Subject, indicator string) sum {
	if given, ok := res.given[s][indicator]; ok {
		return given
	}
	at, ok := res.at[s]
	if sums := res.sums[indicator]; ok && int(at) < len(sums) {
		return sums[at]
	}
	return sum{}
}

// Figure is an indicator's figure for a subject; nothing counted where the
// subject did not occur.
func (res *Result) Figure(s Subject, indicator string) (measure.Figure, bool) {
	i := res.book.Indicator(indicator)
	if i == nil {
		return measure.Figure{}, false
	}
	return res.sum(s, indicator).figure(i), true
}

func (s sum) figure(i *measure.Indicator) measure.Figure {
	return i.Figure(float64(s.worth)/worthOne, s.n)
}

// Figures are all figures of a subject, by indicator.
func (res *Result) Figures(s Subject) map[string]measure.Figure {
	all := map[string]measure.Figure{}
	for _, i := range res.book.Indicators {
		all[i.Name] = res.sum(s, i.Name).figure(i)
	}
	return all
}

// Subjects are all that something was counted for, the district first.
func (res *Result) Subjects() []Subject { return slices.Clone(res.subjects) }

// Cases lists what is behind a figure: as many as its denominator, those that
// count first.
func (res *Result) Cases(s Subject, indicator string) []Counted {
	at, ok := res.at[s]
	if !ok {
		return nil
	}
	var all []Counted
	for _, e := range res.entries[indicator] {
		if slices.Contains(res.places[e.ground], at) {
			c := res.cases[e.file]
			all = append(all, Counted{Case: c.id, Number: c.number, Seq: int(e.seq), Worth: float64(e.worth) / worthOne})
		}
	}
	sortCounted(all)
	return all
}

// sortCounted puts what counts first, then the oldest number.
func sortCounted(all []Counted) {
	slices.SortFunc(all, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Worth, a.Worth), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Seq, b.Seq))
	})
}

// rosterDay is the day by whose roster a period is counted: its last, or today
// while it runs.
func rosterDay(p Period, now time.Time, zone *time.Location) clock.Date {
	return min(p.last(), clock.DateOf(now, zone))
}
