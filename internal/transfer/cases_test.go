package transfer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/sheet"
	"linli/internal/trail"
	"linli/internal/transfer"
)

// now is a Monday; the cases of these tests lie before it.
func now() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

// linli is a small district with one outlined grid and its own settings.
func linli() (files, maps fstest.MapFS) {
	return fstest.MapFS{
			"areas.csv": {Data: []byte("code,name,name_en\n990101,邻里区,Linli\n990101001,槐树街道,Huaishu Street\n990101001001,桂香社区,Guixiang Community\n" +
				"990101001001007,桂香07网格,Guixiang 07\n990101002,柳荫街道,Liuyin Street\n")},
			"outlines.geojson": {Data: []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"990101001001007"},"geometry":` +
				`{"type":"Polygon","coordinates":[[[114.00,30.00],[114.01,30.00],[114.01,30.01],[114.00,30.01],[114.00,30.00]]]}}]}`)},
			"units.csv": {Data: []byte("code,name,name_en,kind,areas\nu-zhihui,指挥中心,Operation Centre,centre,990101\nu-shizheng,市政所,Works,department,\nu-huaishu,槐树街道办,Huaishu Office,street-office,990101001\n")},
		}, fstest.MapFS{
			"district.yaml": {Data: []byte("code: \"990101\"\nname: 邻里区\nname_en: Linli District\nplaceholders: [{lon: 114.5, lat: 30.5}]\n")},
		}
}

func small(t testing.TB, d *db.DB) *district.District {
	t.Helper()
	files, maps := linli()
	return founded(t, d, files, maps)
}

const caseHead = "external,opened,channel,matter,area,unit,state,due,closed,on_time,lon,lat,address,text\n"

func imported(t *testing.T, d *db.DB, to *district.District, rows string, opts transfer.Options) (*sheet.Report, error) {
	t.Helper()
	return transfer.Cases(t.Context(), d, to, loaded(t, "cases.csv", caseHead+rows), nil, opts)
}

func caseOf(t *testing.T, d *db.DB, channel, external string) (casework.Case, casework.Report) {
	t.Helper()
	r, err := casework.ReportOf(t.Context(), d, "990101", channel, external)
	if err != nil {
		t.Fatalf("%s %s: %v", channel, external, err)
	}
	c, err := casework.ByID(t.Context(), d, "990101", r.Case)
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

func china(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, time.FixedZone("", 8*3600))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestCaseAsItStood(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		report, err := imported(t, d, to, "A-1,2026-11-02 09:30:00,hotline,m06010,990101001001,u-shizheng,closed,,2026-11-02 10:00:00,,,,桂香路 5 号,楼下垃圾没人收\n", transfer.Options{})
		if err != nil || report.Counts()[0].Added != 1 {
			logged(t, report)
			t.Fatal(err)
		}
		c, r := caseOf(t, d, "hotline", "A-1")
		m, _ := to.Catalogue.Matter("m06010")
		want := casework.Case{
			ID: c.ID, Number: c.Number, Matter: "m06010", Major: to.Catalogue.Major("m06010"), Kind: "event", Procedure: m.Procedure, Version: c.Version, Title: m.Title.ZH, Text: "楼下垃圾没人收",
			Place:   casework.Place{Address: "桂香路 5 号", Placed: casework.ByArea, Street: "990101001", Community: "990101001001"},
			Channel: "hotline", Urgency: string(m.Urgency), Receiver: "u-zhihui", Unit: "u-shizheng", State: casework.Closed, Step: "closed",
			OpenedAt: china(t, "2026-11-02 09:30:00").UTC(), Due: to.Calendar.Deadline(china(t, "2026-11-02 09:30:00"), m.Limit, nil).At.UTC(), NearAt: c.NearAt, Limit: m.Limit.String(),
			CountsFrom: china(t, "2026-11-02 09:30:00").UTC(),
			ClosedAt:   china(t, "2026-11-02 10:00:00").UTC(), OnTime: true, Reports: 1, Round: 1, MovedAt: china(t, "2026-11-02 10:00:00").UTC(), Revision: 1,
		}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("the case (-want +got):\n%s", diff)
		}
		if n, err := ident.ParseNumber(c.Number); err != nil || n.Day() != "2026-11-02" {
			t.Errorf("number %s: got the day %s, %v; want that of opening", c.Number, n.Day(), err)
		}
		if !r.At.Equal(c.OpenedAt) || r.Text != c.Text || r.Flag != "missing" {
			t.Errorf("the report: got %+v", r)
		}
		entries, err := trail.Of(t.Context(), d, "990101", string(c.ID))
		if err != nil || len(entries) != 1 || entries[0].Act != "imported" || entries[0].Detail["external"] != "A-1" || entries[0].Detail["file"] != "cases.csv" || !entries[0].At.Equal(now()) {
			t.Errorf("trail: got %+v, %v; want one entry of today that names its source", entries, err)
		}
		if err := trail.Verify("990101", string(c.ID), entries); err != nil {
			t.Error(err)
		}
		found, err := casework.Count(t.Context(), d, to, casework.Filter{Text: "垃圾没人"}, now())
		if err != nil || found.N != 1 {
			t.Errorf("search: got %d, %v; want the case", found.N, err)
		}
		if n := count(t, d, "select count(*) from tasks where district = $1", "990101") + count(t, d, "select count(*) from jobs where district = $1", "990101"); n != 0 {
			t.Errorf("got %d tasks and jobs, want none: the case is over and nobody is told", n)
		}
	})
}

// A case that still runs is worked on here like any other.
func TestCaseThatRuns(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		if report, err := imported(t, d, to, "B-1,2026-11-20 09:30:00,hotline,m06010,990101001001,u-shizheng,open,,,,,,,\nB-2,2026-11-20 09:31:00,hotline,m06010,990101001001,,,,,,,,,\n", transfer.Options{}); err != nil {
			logged(t, report)
			t.Fatal(err)
		}
		owned, _ := caseOf(t, d, "hotline", "B-1")
		nobodys, _ := caseOf(t, d, "hotline", "B-2")
		if owned.Proposed != "u-shizheng" || owned.NoOwner || owned.Proposal[0].ZH == "" || owned.State != casework.Running {
			t.Errorf("a case with a unit: got %+v, want its unit proposed first", owned)
		}
		if nobodys.Proposed != "u-huaishu" || !nobodys.NoOwner {
			t.Errorf("a case without: got %s, no owner %t; want the territory's, without owner", nobodys.Proposed, nobodys.NoOwner)
		}
		tasks, err := casework.Tasks(t.Context(), d, "990101", owned.ID)
		if err != nil || len(tasks) != 1 || tasks[0].Unit != "u-zhihui" || tasks[0].State != procedure.Open || owned.Step != tasks[0].Step {
			t.Fatalf("tasks: got %+v, %v at %s; want the first step, at the centre", tasks, err, owned.Step)
		}
		by := procedure.Actor{Person: "p", Post: "q", Unit: "u-zhihui", Role: tasks[0].Role}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := casework.Act(t.Context(), tx, casework.Acting{District: to, By: by}, owned.ID, procedure.Move{Task: tasks[0].ID, Action: "file"})
			return err
		})
		if after, _ := caseOf(t, d, "hotline", "B-1"); err != nil || after.Step == owned.Step {
			t.Errorf("acting: got step %s, %v; want it to move on", after.Step, err)
		}
	})
}

// Whatever a source says about a place, the case is taken and says what is odd.
func TestCasePlaces(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		rows := []struct {
			why, area, lon, lat, address string
			placed                       casework.Placed
			smallest, flag               string
		}{
			{"a point finds its grid", "", "114.005", "30.005", "", casework.ByPoint, "990101001001007", ""},
			{"a point makes the given area finer", "990101001", "114.005", "30.005", "", casework.ByPoint, "990101001001007", ""},
			{"somebody's word about the area stands against the point", "990101002", "114.005", "30.005", "", casework.ByPoint, "990101002", ""},
			{"a padded code is the street's", "990101002000", "", "", "", casework.ByArea, "990101002", "missing"},
			{"zeros place nothing", "990101002", "0", "0", "", casework.ByArea, "990101002", "placeholder"},
			{"nor does the district's own default", "", "114.5", "30.5", "", casework.Nowhere, "990101", "placeholder"},
			{"nor what is off the globe", "", "514.5", "30.5", "", casework.Nowhere, "990101", "placeholder"},
			{"outside every outline the area still counts", "990101001", "114.2", "30.2", "", casework.ByPoint, "990101001", "outside"},
			{"outside, without area, it is the district's", "", "114.2", "30.2", "", casework.ByPoint, "990101", "outside"},
			{"an address names its community", "", "", "", "邻里区桂香社区 5 栋", casework.ByAddress, "990101001001", "missing"},
			{"nothing at all is still a case", "", "", "", "", casework.Nowhere, "990101", "missing"},
			{"half a point is none", "990101001", "114.005", "", "", casework.ByArea, "990101001", "missing"},
		}
		var text strings.Builder
		for i, r := range rows {
			fmt.Fprintf(&text, "P-%d,2026-11-02 09:30:00,counter,m06010,%s,u-shizheng,closed,,,,%s,%s,%s,\n", i, r.area, r.lon, r.lat, r.address)
		}
		report, err := imported(t, d, to, text.String(), transfer.Options{})
		if err != nil {
			logged(t, report)
			t.Fatal(err)
		}
		for i, r := range rows {
			c, sent := caseOf(t, d, "counter", fmt.Sprintf("P-%d", i))
			if c.Place.Placed != r.placed || c.Place.Area("990101") != r.smallest || sent.Flag != r.flag {
				t.Errorf("%s: got %s by %s, flag %q; want %s by %s, %q", r.why, c.Place.Area("990101"), c.Place.Placed, sent.Flag, r.smallest, r.placed, r.flag)
			}
			if (c.Place.Placed == casework.ByPoint) != (c.Place.Point.Lon != 0) {
				t.Errorf("%s: got the point %v for a place by %s", r.why, c.Place.Point, c.Place.Placed)
			}
		}
		if got := report.Number(sheet.Warning); got != 9 {
			t.Errorf("got %d warnings, want one for each of the 9 rows with a flag", got)
		}
	})
}

// What cannot be taken is named by line and column, all of it at once.
func TestCaseRefusals(t *testing.T) {
	t.Parallel()
	rows := []struct {
		why, row string
		column   int
	}{
		{"a matter nobody has", ",2026-11-02 09:30:00,hotline,zz99,,,,,,,,,,", 4},
		{"a matter that only gathers others", ",2026-11-02 09:30:00,hotline,m06,,,,,,,,,,", 4},
		{"an area nobody has", ",2026-11-02 09:30:00,hotline,m06010,990101009,,,,,,,,,", 5},
		{"a unit nobody has", ",2026-11-02 09:30:00,hotline,m06010,,u-nobody,,,,,,,,", 6},
		{"a channel that is no code", ",2026-11-02 09:30:00,Hot/Line,m06010,,,,,,,,,,", 3},
		{"a state nobody knows", ",2026-11-02 09:30:00,hotline,m06010,,,pending,,,,,,,", 7},
		{"opened tomorrow", ",2026-11-24 09:30:00,hotline,m06010,,,,,,,,,,", 2},
		{"opened before numbers were", ",1999-11-02 09:30:00,hotline,m06010,,,,,,,,,,", 2},
		{"closed before it was opened", ",2026-11-02 09:30:00,hotline,m06010,,,,,2026-11-01 00:00:00,,,,,", 9},
		{"open and closed", ",2026-11-02 09:30:00,hotline,m06010,,,open,,2026-11-03 00:00:00,,,,,", 9},
		{"due before it was opened", ",2026-11-02 09:30:00,hotline,m06010,,,,2026-11-01 00:00:00,,,,,,", 8},
		{"perhaps in time", ",2026-11-02 09:30:00,hotline,m06010,,,,,,maybe,,,,", 10},
		{"a day that is none", ",2026-13-02 09:30:00,hotline,m06010,,,,,,,,,,", 2},
		{"a longitude in words", ",2026-11-02 09:30:00,hotline,m06010,,,,,,,east,30,,", 11},
	}
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		text := "G-1,2026-11-02 09:30:00,hotline,m06010,,,,,,,,,,\n"
		for i, r := range rows {
			text += fmt.Sprintf("X-%d%s\n", i, r.row)
		}
		text += "G-1,2026-11-02 09:31:00,hotline,m06010,,,,,,,,,,\nG-2,2026-11-02 09:32:00,hotline,m06010,,,,,,,,,,\n"
		report, err := imported(t, d, to, text, transfer.Options{})
		if !errors.Is(err, errs.Invalid) || count(t, d, "select count(*) from cases") != 0 {
			t.Errorf("all or nothing: got %v and %d cases, want a refusal and none", err, count(t, d, "select count(*) from cases"))
		}
		findings := slices.DeleteFunc(report.Findings(), func(f sheet.Finding) bool { return f.Severity != sheet.Error })
		for i, r := range rows {
			if !slices.ContainsFunc(findings, func(f sheet.Finding) bool {
				return f.Place == sheet.Place{File: "cases.csv", Line: i + 3, Column: r.column} && f.Text.ZH != "" && f.Text.EN != ""
			}) {
				t.Errorf("%s: no finding at line %d, column %d", r.why, i+3, r.column)
			}
		}
		if len(findings) != len(rows)+1 {
			t.Errorf("got %d findings, want %d and one for the number that stands twice", len(findings), len(rows))
			logged(t, report)
		}
		report, err = imported(t, d, to, text, transfer.Options{Policy: sheet.Policy{SkipBad: true}})
		if err != nil || report.Counts()[0].Added != 2 || len(report.Skipped()) != len(rows)+1 || count(t, d, "select count(*) from cases") != 2 {
			t.Errorf("skipping the bad: got %v, %+v, %d skipped; want the two good ones", err, report.Counts(), len(report.Skipped()))
		}
	})
}

// An import that is run again, or was cut off, adds only what is not there.
func TestCasesAgain(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		row := func(from, to int) string {
			var b strings.Builder
			for i := from; i < to; i++ {
				fmt.Fprintf(&b, "N-%d,2026-11-%02d 09:30:00,hotline,m06010,,u-shizheng,closed,,,yes,,,,\n", i, 1+i%20)
			}
			return b.String()
		}
		dry, err := imported(t, d, to, row(0, 30), transfer.Options{Policy: sheet.Policy{DryRun: true}})
		if !errors.Is(err, sheet.ErrDryRun) || count(t, d, "select count(*) from cases") != 0 || dry.Verdict().EN == "" {
			t.Errorf("a dry run: got %v and %d cases", err, count(t, d, "select count(*) from cases"))
		}
		var told []int
		opts := transfer.Options{Batch: 20, Progress: func(done, total int) { told = append(told, done, total) }}
		if _, err := imported(t, d, to, row(0, 30), opts); err != nil {
			t.Fatal(err)
		}
		report, err := imported(t, d, to, row(10, 50), opts)
		if got := report.Counts()[0]; err != nil || got.Added != 20 || got.Same != 20 {
			t.Errorf("again: got %+v, %v; want 20 added and 20 unchanged", got, err)
		}
		if want := []int{20, 30, 30, 30, 20, 40, 40, 40}; !slices.Equal(told, want) {
			t.Errorf("progress: got %v, want %v", told, want)
		}
		if got := count(t, d, "select count(*) from cases"); got != 50 {
			t.Errorf("cases: got %d, want 50", got)
		}
		// A live opening of a day that imports numbered gets a number of its own.
		number, err := casework.NewNumbers(d).Next(t.Context(), "990101", china(t, "2026-11-02 10:00:00"))
		if err != nil || count(t, d, "select count(*) from cases where number = $1", number) != 0 {
			t.Errorf("number %s, %v: it is an imported case's", number, err)
		}
	})
}

// The promise that was given stands; that the limit says otherwise is told.
func TestCaseDueGiven(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		report, err := imported(t, d, to, "D-1,2026-11-02 09:30:00,hotline,m06010,990101001,,closed,2026-11-09 17:00:00,2026-11-09 17:00:01,,114.005,30.005,,\n"+
			"D-2,2026-11-02 09:30:00,hotline,m06010,990101001,,closed,2026-11-09 17:00:00,2026-11-09 17:00:01,yes,114.005,30.005,,\n"+
			"D-3,2026-11-02 09:30:00,hotline,m06010,990101001,,closed,2026-11-09 17:00:00,2026-11-09 17:00:00,,114.005,30.005,,\n", transfer.Options{})
		if err != nil {
			logged(t, report)
			t.Fatal(err)
		}
		for external, onTime := range map[string]bool{"D-1": false, "D-2": true, "D-3": true} {
			if c, _ := caseOf(t, d, "hotline", external); !c.Due.Equal(china(t, "2026-11-09 17:00:00")) || c.OnTime != onTime {
				t.Errorf("%s: got due %s, on time %t; want the given date and %t", external, c.Due, c.OnTime, onTime)
			}
		}
		warned := slices.DeleteFunc(report.Findings(), func(f sheet.Finding) bool { return f.Severity != sheet.Warning })
		if len(warned) != 3 || warned[0].Place.String() != "cases.csv:2:8" || !strings.Contains(warned[0].In(lang.EN), "2026-11-09 17:00:00") {
			t.Errorf("warnings: got %v, want three at the due date", warned)
		}
	})
}
