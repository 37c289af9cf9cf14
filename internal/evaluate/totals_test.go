package evaluate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// load imports a table of totals.
func (w *world) load(table string) *sheet.Report {
	w.t.Helper()
	file, err := sheet.Load("totals.csv", strings.NewReader(table), sheet.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	report := sheet.NewReport(sheet.Policy{})
	records := evaluate.TotalColumns().Map(nil, file, report)
	_ = w.do(func(tx *db.Tx) error {
		settled := report.Clone()
		if err := evaluate.ImportTotals(w.t.Context(), tx, w.d, records, settled); err != nil {
			return err
		}
		err := settled.Settle()
		*report = *settled
		return err
	})
	return report
}

// The totals of a real district's year: 226,506 filed, of which 215,050 closed.
func TestYearlyTotals(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		report := w.load("period,received,filed,closed,unfinished,components,events\n2011,,,,,6627,108638\n2012,249947,226506,215050,11456,,\n2013,,,,,7222,152202\n")
		for _, f := range report.Findings() {
			t.Error(f.In(lang.EN))
		}
		all, err := evaluate.TotalsOf(t.Context(), w.DB, w.d.Code, w.book, evaluate.District)
		if err != nil || len(all) != 3 {
			t.Fatalf("%v, %d years, want 3", err, len(all))
		}
		if got := fmt.Sprintf("%.2f", all[1].Closing.Value*100); got != "94.94" {
			t.Errorf("closing rate %s %%, want 94.94", got)
		}
		if got := all[1].N[evaluate.TotalUnfinished]; got != 11456 {
			t.Errorf("unfinished %d, want 11456", got)
		}
		if got := all[2].N[evaluate.TotalFiled]; got != 159424 {
			t.Errorf("filed is computed as %d, want 7222 + 152202 = 159424", got)
		}
		if got, want := all[2].Change[evaluate.TotalFiled], 159424.0/226506-1; math.Abs(got-want) > 1e-12 {
			t.Errorf("change against the year before %g, want %g", got, want)
		}
		if got, ok := all[0].Change[evaluate.TotalFiled]; ok {
			t.Errorf("change of the first year %g, want none", got)
		}
	})
}

func TestTotalsThatCannotBe(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		const head = "period,subject,received,filed,closed,unfinished,components,events\n2010,,10,10,10,0,,\n"
		for _, row := range []struct{ why, line, field string }{
			{"a typed total is ten more than its parts", "2012,,,159434,,,7222,152202", "filed"},
			{"filed less closed is not what is unfinished", "2012,,,226506,215050,11455,,", "filed"},
			{"more were closed than filed", "2012,,,100,101,,,", "closed"},
			{"more were filed than came in", "2012,,99,100,,,,", "filed"},
			{"nobody closes less than none", "2012,,,100,-1,,,", "closed"},
			{"there is no such unit", "2012,u-nowhere,1,1,1,,,", "subject"},
			{"there is no such period", "2012-13,,1,1,1,,,", "period"},
			{"the same year twice", "2010,,1,1,1,,,", "period"},
		} {
			report := w.load(head + row.line + "\n")
			ok := false
			for _, f := range report.Findings() {
				ok = ok || f.Line == 3 && f.Field == row.field && f.Severity == sheet.Error
			}
			if !ok {
				t.Errorf("%s: %v, want %s refused in line 3", row.why, report.Findings(), row.field)
			}
		}
		if all, err := evaluate.TotalsOf(t.Context(), w.DB, w.d.Code, w.book, evaluate.District); err != nil || len(all) != 0 {
			t.Errorf("%v, %d years were kept of refused files, want none", err, len(all))
		}
	})
}
