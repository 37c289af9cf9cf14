package transfer_test

import (
	"cmp"
	"slices"
	"testing"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/sheet"
	"linli/internal/transfer"
)

// A real district comes with its own tables and 6,000 cases, learns from them
// who deals with what, and routes the next 2,000 by that. Cases whose unit
// nobody knows count as missed.
func TestPingshan(t *testing.T) {
	t.Parallel()
	files, maps := needShared(t, "pingshan")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		to := founded(t, d, files, maps)
		if got := []any{to.Code, to.Settings.Name, to.Calendar.Zone().String(), len(to.Catalogue.Matters()), len(to.Org.Units()), to.Centre() != ""}; !slices.Equal(got,
			[]any{"440310", "坪山区", "Asia/Shanghai", 18 + 134 + 372, 126, true}) {
			t.Errorf("the district: got %v", got)
		}
		cases := readTable(t, files, "cases.csv")
		at := cases.column("CREATE_TIME")
		slices.SortStableFunc(cases.rows, func(a, b []string) int { return cmp.Compare(a[at], b[at]) })
		how := mapping(t, maps, "cases.yaml")

		older(t, d, to, cases, how)
		learned, err := transfer.LearnRoutes(t.Context(), d, to, d.Now())
		if err != nil {
			t.Fatal(err)
		}
		to = opened(t, d, to.Code)
		if to.Catalogue.Rules() != learned.Rules || learned.Rules == 0 {
			t.Errorf("rules: got %d in the district, want the %d learned", to.Catalogue.Rules(), learned.Rules)
		}
		records := transfer.CaseColumns().Map(how, loaded(t, "newer.csv", cases.text(t, cases.rows[6000:])), sheet.NewReport(sheet.Policy{}))
		first, three := asked(to, records)
		t.Logf("%d rules from %d cases; of %d newer ones the unit is the first choice in %.2f %%, among three in %.2f %%",
			learned.Rules, learned.Cases, len(records), float64(first)/20, float64(three)/20)
		if len(records) != 2000 || first < 1380 || three < 1640 {
			t.Errorf("of %d got %d right at first and %d among three; want 2000, at least 1380 and at least 1640", len(records), first, three)
		}
		again(t, d, to.Code, learned)
	})
}

// older imports the first 6,000 cases and compares them with their file.
func older(t *testing.T, d *db.DB, to *district.District, cases table, how *sheet.Mapping) {
	t.Helper()
	report, err := transfer.Cases(t.Context(), d, to, loaded(t, "older.csv", cases.text(t, cases.rows[:6000])), how, transfer.Options{})
	if err != nil {
		logged(t, report)
		t.Fatal(err)
	}
	if got := report.Counts()[0].Added; got != 6000 || len(report.Skipped()) != 0 {
		t.Errorf("imported: got %d with %d skipped, want all 6000", got, len(report.Skipped()))
	}
	if got := count(t, d, "select count(*) from cases where district = $1 and state in ('closed', 'answered')", to.Code); got != 6000 {
		t.Errorf("cases in the database: got %d, want 6000 that have ended", got)
	}
	intime := 0
	for _, row := range cases.rows[:6000] {
		if row[cases.column("INTIME_ARCHIVE_NUM")] != "0" { // the two of which nothing is known are not called late
			intime++
		}
	}
	if got := count(t, d, "select count(*) from cases where district = $1 and on_time", to.Code); got != intime {
		t.Errorf("in time: got %d, want the source's %d", got, intime)
	}
}

// asked tells how often the unit that a case had is what the route proposes
// first, and how often it is among the three.
func asked(to *district.District, records []*sheet.Record) (first, three int) {
	for _, r := range records {
		choices := to.Route(r.Text("matter"), r.Text("area"), r.Time("opened")).Choices
		switch slices.IndexFunc(choices, func(c catalogue.Choice) bool { return c.Unit == r.Text("unit") && c.Unit != "" }) {
		case 0:
			first++
			three++
		case 1, 2:
			three++
		}
	}
	return first, three
}

// again learns once more: the same cases teach the same rules, and a rule that
// somebody wrote meanwhile stays and goes first.
func again(t *testing.T, d *db.DB, code string, learned transfer.Learned) {
	t.Helper()
	written := sheet.NewReport(sheet.Policy{})
	rows := catalogue.RouteColumns().Map(nil, loaded(t, "routes.csv", "matter,unit\n6-185-630,u-1583\n"), written)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return catalogue.ImportRoutes(t.Context(), tx, code, rows, catalogue.Known{}, written)
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := transfer.LearnRoutes(t.Context(), d, opened(t, d, code), d.Now())
	if err != nil || got != learned {
		t.Errorf("learned again: got %+v, %v; want %+v", got, err, learned)
	}
	to := opened(t, d, code)
	if to.Catalogue.Rules() != learned.Rules+1 {
		t.Errorf("rules: got %d, want %d and the written one", to.Catalogue.Rules(), learned.Rules)
	}
	if e := to.Route("6-185-630", "440310005002", d.Now()); len(e.Choices) < 2 || e.Choices[0].Unit != "u-1583" || e.Choices[0].Score != 1 || e.Choices[1].Score == 1 {
		t.Errorf("route: got %+v, want the written rule first and a learned one after it", e)
	}
}
