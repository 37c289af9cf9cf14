package evaluate

import (
	"context"
	"math"
	"slices"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/measure"
	"linli/internal/rights"
)

// Freeze settles a counted period for good. It is errs.Conflict while an appeal
// is undecided.
func Freeze(ctx context.Context, tx *db.Tx, a casework.Acting, p Period) (err error) {
	defer errs.Wrap(&err, "evaluate.Freeze(%s)", p)
	if err := may(a, rights.ScoreKeep); err != nil {
		return err
	}
	if _, err := preliminary(ctx, tx, a, p); err != nil {
		return err
	}
	waiting, err := db.Value[int](ctx, tx, "select count(*) from appeals a where a.district = $1 and a.period = $2 and a.state = 'asked'", a.District.Code, string(p))
	if err != nil {
		return err
	}
	if waiting > 0 {
		return errs.New(errs.Conflict, "还有 %[1]d 件申诉没定，不能冻结。", "%[1]d appeals are still undecided; the period cannot be frozen.", waiting)
	}
	n, err := tx.Change(ctx, "update periods set state = $3, frozen_at = $4, frozen_by = $5 where district = $1 and period = $2 and state = 'preliminary'",
		a.District.Code, string(p), string(Frozen), db.At(tx.Now), a.By.Post)
	if err != nil {
		return err
	}
	if n == 0 {
		return frozen(p)
	}
	return record(ctx, tx, a, p, "frozen", nil)
}

// Difference is a figure that a fresh count does not confirm.
type Difference struct {
	Subject   Subject
	Indicator string
	Stored    measure.Figure
	Fresh     measure.Figure
	Cases     []string // numbers that only one of the two has, or has with another worth
}

// Recompute counts a stored period again from the trail, with the formulas and
// the struck appeals it was counted with, and lists what does not come out the
// same. There must be nothing.
func Recompute(ctx context.Context, r db.Reader, d *district.District, p Period) (all []Difference, err error) {
	defer errs.Wrap(&err, "evaluate.Recompute(%s)", p)
	counted, err := periodOf(ctx, r, d.Code, p)
	if err != nil {
		return nil, err
	}
	if counted.State == Open {
		return nil, errs.New(errs.Conflict, "%[1]s还没初核，没有可比的。", "%[2]s has not been counted, so there is nothing to compare.", p.Text().ZH, p.Text().EN)
	}
	fresh, err := Compute(ctx, r, d, counted.Book, p, counted.CountedAt)
	if err != nil {
		return nil, err
	}
	appeals, err := Appeals(ctx, r, d.Code, p)
	if err != nil {
		return nil, err
	}
	struck := map[key][]string{}
	for _, ap := range appeals {
		if ap.State == Struck {
			k := key{ap.Subject, ap.Indicator}
			struck[k] = append(struck[k], string(ap.Case))
		}
	}
	stored, err := readStored(ctx, r, d.Code, counted)
	if err != nil {
		return nil, err
	}
	return stored.compare(fresh, struck), nil
}

// storedPeriod is all figures of a period as they were stored.
type storedPeriod struct {
	figures map[key]measure.Figure
	lists   map[key]string
	cases   []caseRef
}

func readStored(ctx context.Context, r db.Reader, code string, c CountedPeriod) (s storedPeriod, err error) {
	s.figures, s.lists = map[key]measure.Figure{}, map[key]string{}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var k key
		var f measure.Figure
		if err := rows.Scan(&k.subject, &k.indicator, &f.Numerator, &f.Denominator, &f.Value, &f.Score, &f.Empty); err != nil {
			return err
		}
		f.Indicator = k.indicator
		s.figures[k] = f
		return nil
	}, `select f.subject, f.indicator, f.numerator, f.denominator, f.value, f.score, f.empty from figures f
		where f.district = $1 and f.period = $2`, code, string(c.Period))
	if err != nil {
		return s, err
	}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var k key
		var list string
		if err := rows.Scan(&k.subject, &k.indicator, &list); err != nil {
			return err
		}
		s.lists[k] = list
		return nil
	}, "select l.subject, l.indicator, l.cases from figure_cases l where l.district = $1 and l.period = $2", code, string(c.Period))
	if err != nil {
		return s, err
	}
	s.cases, err = c.cases(ctx, r, code)
	return s, err
}

// compare lists what is stored otherwise than it comes out.
func (s storedPeriod) compare(fresh *Result, struck map[key][]string) (all []Difference) {
	asked := asked(fresh.book)
	for _, i := range fresh.book.Indicators {
		lists := fresh.split(i.Name)
		for at, subject := range fresh.subjects {
			k := key{subject, i.Name}
			total, list := fresh.sum(subject, i.Name), lists[at]
			kind := subject.Kind()
			if keep := kind == WholeDistrict || kind == OfUnit || asked[kind][i.Name]; !keep || total.n == 0 {
				continue
			}
			for _, id := range struck[k] {
				list = without(list, fresh.cases, id)
				total = sumOf(list)
			}
			all = append(all, s.differs(k, total.figure(i), list, fresh.cases)...)
			delete(s.figures, k)
		}
	}
	for k, f := range s.figures {
		all = append(all, Difference{Subject: k.subject, Indicator: k.indicator, Stored: f})
	}
	slices.SortFunc(all, func(a, b Difference) int {
		return compareKeys(key{a.Subject, a.Indicator}, key{b.Subject, b.Indicator})
	})
	return all
}

// differs compares one figure and the cases behind it.
func (s storedPeriod) differs(k key, fresh measure.Figure, list []entry, cases []caseRef) []Difference {
	was := s.figures[k]
	d := Difference{Subject: k.subject, Indicator: k.indicator, Stored: was, Fresh: fresh}
	if packed := s.lists[k]; packed != pack(list) {
		stored, err := unpack(packed, len(s.cases))
		if err != nil {
			stored = nil // a list that cannot be read differs in every case
		}
		d.Cases = onlyOne(named(stored, s.cases), named(list, cases))
	}
	if same(was, fresh) && len(d.Cases) == 0 {
		return nil
	}
	return []Difference{d}
}

// same compares figures; a value may differ by what a database rounds.
func same(a, b measure.Figure) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 }
	return a.Denominator == b.Denominator && a.Empty == b.Empty && near(a.Numerator, b.Numerator) && near(a.Value, b.Value) && near(a.Score, b.Score)
}

type countedKey struct {
	number string
	seq    int32
	worth  int32
}

func named(list []entry, cases []caseRef) map[countedKey]bool {
	all := map[countedKey]bool{}
	for _, e := range list {
		all[countedKey{cases[e.file].number, e.seq, e.worth}] = true
	}
	return all
}

// onlyOne lists the numbers that stand in only one of two lists.
func onlyOne(a, b map[countedKey]bool) (numbers []string) {
	for k := range a {
		if !b[k] {
			numbers = append(numbers, k.number)
		}
	}
	for k := range b {
		if !a[k] {
			numbers = append(numbers, k.number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
