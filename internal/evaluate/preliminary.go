package evaluate

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/measure"
	"linli/internal/rights"
)

// casesPart is how many cases share a row of a period's list.
const casesPart = 2000

// Store writes down what was counted of a period that is over, and opens it to
// appeal. A period that is there already is counted again as long as nobody has
// appealed; errs.Conflict where somebody has, or where it is frozen.
func Store(ctx context.Context, tx *db.Tx, a casework.Acting, res *Result) (err error) {
	defer errs.Wrap(&err, "evaluate.Store(%s)", res.Period)
	if !a.By.System {
		if err := may(a, rights.ScoreKeep); err != nil {
			return err
		}
	}
	if res.To.After(res.Until) {
		return errs.New(errs.Conflict, "%[1]s还没过完，不能初核。", "%[2]s is not over yet.", res.Period.Text().ZH, res.Period.Text().EN)
	}
	was, err := periodOf(ctx, tx, a.District.Code, res.Period)
	if err != nil {
		return err
	}
	if was.State == Frozen {
		return frozen(res.Period)
	}
	if was.State == Preliminary {
		if err := takeBack(ctx, tx, a.District.Code, res.Period); err != nil {
			return err
		}
	}
	if err := res.store(ctx, tx, a.District.Code); err != nil {
		return err
	}
	return record(ctx, tx, a, res.Period, "counted", map[string]string{"book": res.book.Version, "cases": strconv.Itoa(len(res.cases))})
}

// takeBack removes a preliminary count that nobody has appealed against.
func takeBack(ctx context.Context, tx *db.Tx, code string, p Period) error {
	appeals, err := db.Value[int](ctx, tx, "select count(*) from appeals a where a.district = $1 and a.period = $2", code, string(p))
	if err != nil {
		return err
	}
	if appeals > 0 {
		return errs.New(errs.Conflict, "%[1]s已经有申诉，不能重算。", "There are appeals against %[2]s already; it cannot be counted anew.", p.Text().ZH, p.Text().EN)
	}
	for _, table := range []string{"figures", "figure_cases", "period_cases", "cards", "periods"} {
		if err := tx.Exec(ctx, "delete from "+table+" where district = $1 and period = $2", code, string(p)); err != nil {
			return err
		}
	}
	return nil
}

func (res *Result) store(ctx context.Context, tx *db.Tx, code string) error {
	err := tx.Exec(ctx, "insert into periods (district, period, state, book, counted_at, frozen_at, frozen_by) values ($1,$2,$3,$4,$5,$6,$7)",
		code, string(res.Period), string(Preliminary), res.book.Source, db.At(tx.Now), int64(0), "")
	if err != nil {
		return err
	}
	if err := res.storeCases(ctx, tx, code); err != nil {
		return err
	}
	if err := res.storeFigures(ctx, tx, code); err != nil {
		return err
	}
	for _, book := range res.book.Assessments {
		for _, s := range res.Cards(book) {
			if err := storeCard(ctx, tx, code, res.Period, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (res *Result) storeCases(ctx context.Context, tx *db.Tx, code string) error {
	part := 0
	for refs := range slices.Chunk(res.cases, casesPart) {
		names := make([][2]string, len(refs))
		for i, ref := range refs {
			names[i] = [2]string{ref.id, ref.number}
		}
		data, err := json.Marshal(names)
		if err != nil {
			return err
		}
		if err := tx.Exec(ctx, "insert into period_cases (district, period, part, cases) values ($1,$2,$3,$4)", code, string(res.Period), part, string(data)); err != nil {
			return err
		}
		part++
	}
	return nil
}

// key names a figure.
type key struct {
	subject   Subject
	indicator string
}

// storeFigures stores what counted something: every indicator of the district
// and all units, and of areas and posts those that an assessment asks for.
func (res *Result) storeFigures(ctx context.Context, tx *db.Tx, code string) error {
	asked := asked(res.book)
	for _, i := range res.book.Indicators {
		lists := res.split(i.Name)
		for at, s := range res.subjects {
			kind := s.Kind()
			keep := kind == WholeDistrict || kind == OfUnit || asked[kind][i.Name]
			if !keep || res.sum(s, i.Name).n == 0 {
				continue
			}
			if err := storeFigure(ctx, tx, code, res.Period, s, res.sum(s, i.Name).figure(i)); err != nil {
				return err
			}
			if i.Kind == measure.Submitted {
				continue
			}
			if err := storeList(ctx, tx, code, res.Period, key{s, i.Name}, lists[at]); err != nil {
				return err
			}
		}
	}
	return nil
}

// asked says which indicators the assessments of areas and posts use.
func asked(book *measure.Book) map[SubjectKind]map[string]bool {
	all := map[SubjectKind]map[string]bool{}
	for _, a := range book.Assessments {
		for _, of := range a.Of {
			kind := SubjectKind(of)
			if strings.HasPrefix(string(of), "post:") {
				kind = OfPost
			}
			if all[kind] == nil {
				all[kind] = map[string]bool{}
			}
			for _, name := range uses(a) {
				all[kind][name] = true
			}
		}
	}
	return all
}

// uses lists the indicators that an assessment reads.
func uses(a *measure.Assessment) (names []string) {
	for _, section := range a.Sections {
		for _, w := range section.Indicators {
			names = append(names, w.Indicator)
		}
	}
	for _, v := range a.Vetoes {
		names = append(names, v.Indicator)
	}
	return names
}

// split is the entries of an indicator by subject, in the order of their cases.
func (res *Result) split(indicator string) [][]entry {
	lists := make([][]entry, len(res.subjects))
	for _, e := range res.entries[indicator] {
		for _, at := range res.places[e.ground] {
			lists[at] = append(lists[at], e)
		}
	}
	return lists
}

func storeFigure(ctx context.Context, tx *db.Tx, code string, p Period, s Subject, f measure.Figure) error {
	return tx.Exec(ctx, `insert into figures (district, period, subject, indicator, numerator, denominator, value, score, empty)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9) on conflict (district, period, subject, indicator) do update set numerator = excluded.numerator,
		denominator = excluded.denominator, value = excluded.value, score = excluded.score, empty = excluded.empty`,
		code, string(p), string(s), f.Indicator, f.Numerator, f.Denominator, f.Value, f.Score, f.Empty)
}

func storeList(ctx context.Context, tx *db.Tx, code string, p Period, k key, list []entry) error {
	return tx.Exec(ctx, `insert into figure_cases (district, period, subject, indicator, cases) values ($1,$2,$3,$4,$5)
		on conflict (district, period, subject, indicator) do update set cases = excluded.cases`,
		code, string(p), string(k.subject), k.indicator, pack(list))
}

func storeCard(ctx context.Context, tx *db.Tx, code string, p Period, s Standing) error {
	var sections []storedSection
	for _, part := range s.Card.Sections {
		sections = append(sections, storedSection{Section: part.Section, Score: part.Score, Empty: part.Empty})
	}
	data, err := json.Marshal(sections)
	if err != nil {
		return err
	}
	var vetoed []string
	for _, v := range s.Card.Vetoed {
		vetoed = append(vetoed, v.Indicator)
	}
	return tx.Exec(ctx, `insert into cards (district, period, assessment, subject, score, grade, vetoed, sections) values ($1,$2,$3,$4,$5,$6,$7,$8)
		on conflict (district, period, assessment, subject) do update set score = excluded.score, grade = excluded.grade,
		vetoed = excluded.vetoed, sections = excluded.sections`,
		code, string(p), s.Card.Assessment, string(s.Subject), s.Card.Score, s.Card.Grade, strings.Join(vetoed, ","), string(data))
}
