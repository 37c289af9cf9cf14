package transfer_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/lang"
	"linli/internal/sheet"
	"linli/internal/transfer"
)

// Another country's city comes in with its own zone. The due dates that it gave
// are kept from the import, which must count every one of them from the type's
// limit to the second; a type without a limit is refused where it stands.
func TestBaltimore(t *testing.T) {
	t.Parallel()
	files, maps := needShared(t, "baltimore")
	requests := readTable(t, files, "requests.csv")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		to := founded(t, d, files, maps)
		if to.Code != "990201" || to.Calendar.Zone().String() != "America/New_York" {
			t.Fatalf("got district %s in %s", to.Code, to.Calendar.Zone())
		}
		how := withoutDue(t, maps)
		report, err := transfer.Cases(t.Context(), d, to, loaded(t, "requests.csv", requests.text(t, requests.rows)), how,
			transfer.Options{Policy: sheet.Policy{SkipBad: true}})
		if err != nil {
			logged(t, report)
			t.Fatal(err)
		}
		skipped := refused(t, report, requests)
		if got, want := report.Counts()[0].Added, len(requests.rows)-len(skipped); got != want || len(skipped) != 151 {
			t.Errorf("imported: got %d of %d with %d skipped; want %d and 151", got, len(requests.rows), len(skipped), want)
		}
		taken := byExternal(t, d, to.Code)
		exactDue(t, requests, skipped, taken)
		noneLost(t, requests, skipped, taken)
	})
}

// All or nothing of the same file leaves nothing.
func TestBaltimoreAllOrNothing(t *testing.T) {
	t.Parallel()
	files, maps := needShared(t, "baltimore")
	requests := readTable(t, files, "requests.csv")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		to := founded(t, d, files, maps)
		report, err := transfer.Cases(t.Context(), d, to, loaded(t, "requests.csv", requests.text(t, requests.rows)), mapping(t, maps, "cases.yaml"), transfer.Options{})
		if err == nil || report.Number(sheet.Error) != 151 {
			t.Errorf("got %v with %d errors, want a refusal for 151", err, report.Number(sheet.Error))
		}
		for _, f := range report.Findings() {
			if f.Field == "due" {
				t.Errorf("%s", f.In(lang.EN))
			}
		}
		// The set-up of the district has a book of its own in the trail.
		for table, which := range map[string]string{"cases": "", "reports": "", "trail": " and book = ''", "tasks": "", "case_serials": ""} {
			if n := count(t, d, "select count(*) from "+table+" where district = $1"+which, to.Code); n != 0 {
				t.Errorf("%s: got %d rows left behind, want none", table, n)
			}
		}
	})
}

// withoutDue is the mapping of the requests with the given due date taken out.
func withoutDue(t *testing.T, maps fs.FS) *sheet.Mapping {
	t.Helper()
	all := fstest.MapFS{}
	for _, name := range []string{"cases.yaml", "areas.csv", "matters.csv", "units.csv"} {
		data, err := fs.ReadFile(maps, name)
		if err != nil {
			t.Fatal(err)
		}
		lines := slices.DeleteFunc(strings.Split(string(data), "\n"), func(l string) bool { return strings.HasPrefix(l, "  due:") })
		all[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	}
	return mapping(t, all, "cases.yaml")
}

// refused wants every skipped row named by file, line and the type's column,
// and gives their numbers.
func refused(t *testing.T, report *sheet.Report, requests table) map[string]bool {
	t.Helper()
	skipped := map[string]bool{}
	for _, f := range report.Findings() {
		if f.Severity != sheet.Error {
			continue
		}
		if f.File != "requests.csv" || f.Line < 2 || f.Column != requests.column("SRType")+1 || f.Field != "matter" {
			t.Errorf("got a refusal at %s of %s, want one of the type", f.Place, f.Field)
			continue
		}
		row := requests.rows[f.Line-2]
		if row[requests.column("DueDate")] != "" {
			t.Errorf("%s: a request with a due date was refused", f.Place)
		}
		skipped[row[requests.column("ServiceRequestNum")]] = true
	}
	if len(skipped) != len(report.Skipped()) {
		t.Errorf("got %d refusals for %d rows skipped", len(skipped), len(report.Skipped()))
	}
	return skipped
}

type stored struct {
	casework.Case
	casework.Report
}

func byExternal(t *testing.T, d *db.DB, code string) map[string]stored {
	t.Helper()
	all, err := db.All(t.Context(), d, func(s *stored) []any {
		return []any{&s.Sender, &s.Flag, &s.Report.Point.Lon, &s.Report.Point.Lat, &s.Case.Channel, db.Time(&s.OpenedAt), db.Time(&s.Due), db.Time(&s.ClosedAt), &s.State, &s.Place.Placed, &s.Number}
	}, `select r.sender, r.flag, r.lon, r.lat, c.channel, c.opened_at, c.due, c.closed_at, c.state, c.placed, c.number
		from cases c join reports r on r.district = c.district and r.case_id = c.id where c.district = $1`, code)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]stored{}
	for _, s := range all {
		byName[s.Sender] = s
	}
	if len(byName) != len(all) {
		t.Errorf("got %d reports for %d numbers", len(all), len(byName))
	}
	return byName
}

func exactDue(t *testing.T, requests table, skipped map[string]bool, taken map[string]stored) {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	wrong, across := 0, 0
	for _, row := range requests.rows {
		id := row[requests.column("ServiceRequestNum")]
		if skipped[id] {
			continue
		}
		want, err := time.ParseInLocation("01/02/2006 03:04:05 PM", row[requests.column("DueDate")], zone)
		if err != nil {
			t.Fatal(err)
		}
		got := taken[id]
		if !got.Due.Equal(want) {
			if wrong++; wrong <= 10 {
				t.Errorf("%s: due %s, want %s", id, got.Due.In(zone), want)
			}
		}
		_, opened := got.OpenedAt.In(zone).Zone()
		if _, due := want.Zone(); due != opened {
			across++
		}
		if state := row[requests.column("SRStatus")]; strings.HasPrefix(state, "Closed") == (got.State == casework.Running) {
			t.Errorf("%s: got state %s for %s", id, got.State, state)
		}
	}
	t.Logf("%d of %d due dates to the second, %d of them across a change of clocks", len(taken)-wrong, len(taken), across)
	if across == 0 {
		t.Error("no due date lies across a change of clocks, so this test shows nothing")
	}
}

// noneLost wants every known request in the database, those without a usable
// point flagged and placed by something else or in the district.
func noneLost(t *testing.T, requests table, skipped map[string]bool, taken map[string]stored) {
	t.Helper()
	flags := map[string]int{}
	for _, row := range requests.rows {
		id := row[requests.column("ServiceRequestNum")]
		got, ok := taken[id]
		if ok == skipped[id] {
			t.Errorf("%s: taken %t, skipped %t", id, ok, skipped[id])
			continue
		}
		if !ok {
			continue
		}
		lat, want := row[requests.column("Latitude")], ""
		switch {
		case lat == "":
			want = "missing"
		case lat == "39.291328" && row[requests.column("Longitude")] == "-76.610353": // City Hall
			want = "placeholder"
		}
		flags[want]++
		if got.Flag != want || (want == "") != (got.Place.Placed == casework.ByPoint) {
			t.Errorf("%s: got flag %q, placed by %s; want flag %q", id, got.Flag, got.Place.Placed, want)
		}
		if want == "placeholder" && got.Report.Point.Lat != 39.291328 {
			t.Errorf("%s: what the source sent was not kept: %v", id, got.Report.Point)
		}
	}
	t.Logf("flags: %v", flags)
	if flags["missing"] == 0 || flags["placeholder"] == 0 {
		t.Errorf("got flags %v: no request without a usable point, so this test shows nothing", flags)
	}
}
