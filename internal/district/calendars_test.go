package district_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sheet"
	"linli/internal/trail"
)

const code = "990101"

// monday is a Monday morning in November: the next year's notice should be there.
var monday = time.Date(2026, 11, 23, 2, 20, 0, 0, time.UTC)

const hallFile = `calendar: hall
title: {zh: 政务大厅, en: Service hall}
base: standard
hours: {mon-fri: [09:00-17:30], sat: [09:00-12:00]}
days:
  2026-12-31: {hours: [09:00-12:00], title: {zh: 年末盘点, en: Stocktaking}}
`

const lateFile = `calendar: late-hall
title: {zh: 晚间窗口, en: Evening counter}
base: hall
hours: {mon-fri: [09:00-20:00]}
`

const unitsFile = `code,name,name_en,kind,parent,calendar
u-street,槐树街道办事处,Huaishu Street,department,,hall
u-station,桂香社区,Guixiang Community,department,u-street,
u-window,晚间窗口,Evening Counter,department,u-station,late-hall
u-plain,市政养护,Road Maintenance,department,,
`

var admin = procedure.Actor{Person: "p-admin", Post: "t-admin", Unit: "u-centre"}

// change runs imports on a district that has settings and nothing else.
func change(t *testing.T, d *db.DB, do func(ctx context.Context, tx *db.Tx, report *sheet.Report) error) (string, error) {
	t.Helper()
	var report *sheet.Report
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		report = sheet.NewReport(sheet.Policy{})
		if err := do(t.Context(), tx, report); err != nil {
			return err
		}
		return report.Settle()
	})
	var b strings.Builder
	for _, f := range report.Findings() {
		b.WriteString(f.Place.String() + " " + f.Field + " " + f.Text.EN + "\n")
	}
	for _, c := range report.Counts() {
		fmt.Fprintf(&b, "%s %d/%d/%d\n", c.What.EN, c.Added, c.Changed, c.Same)
	}
	return b.String(), err
}

func file(name, text string) []district.File {
	return []district.File{{Name: name, Data: []byte(text)}}
}

func calendars(files ...district.File) func(context.Context, *db.Tx, *sheet.Report) error {
	return func(ctx context.Context, tx *db.Tx, report *sheet.Report) error {
		return district.ImportCalendars(ctx, tx, code, files, admin, report)
	}
}

func units(table string) func(context.Context, *db.Tx, *sheet.Report) error {
	return func(ctx context.Context, tx *db.Tx, report *sheet.Report) error {
		f, err := sheet.Load("units.csv", strings.NewReader(table), sheet.Limits{})
		if err != nil {
			return err
		}
		names, err := district.CalendarNames(ctx, tx, code)
		if err != nil {
			return err
		}
		known := func(name string) bool { return strings.Contains(" "+strings.Join(names, " ")+" ", " "+name+" ") }
		return org.ImportUnits(ctx, tx, code, org.UnitColumns().Map(nil, f, report), func(string) bool { return true }, known, report)
	}
}

func must(t *testing.T, said string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}

// made is a district with two calendars and four units.
func made(t *testing.T, d *db.DB) {
	t.Helper()
	for _, do := range []func(context.Context, *db.Tx, *sheet.Report) error{
		func(ctx context.Context, tx *db.Tx, _ *sheet.Report) error {
			return district.Settings{Name: "邻里区"}.Save(ctx, tx, code)
		},
		// The one that leans on the other comes first: the order of files is no matter.
		calendars(append(file("late.yaml", lateFile), file("hall.yaml", hallFile)...)...),
		units(unitsFile),
	} {
		said, err := change(t, d, do)
		must(t, said, err)
	}
}

func open(t *testing.T, d *db.DB) *district.District {
	t.Helper()
	got, err := district.Open(t.Context(), d, code, d.Now())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func now() time.Time { return monday }

func TestUnitsKeepTheirOwnCalendarOrThatAbove(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		got := open(t, d)
		lunch := time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC)    // 12:30
		evening := time.Date(2026, 11, 23, 11, 30, 0, 0, time.UTC) // 19:30
		for _, row := range []struct {
			why, unit, name string
			lunch, evening  bool
		}{
			{"its own", "u-street", "hall", true, false},
			{"that of the unit above", "u-station", "hall", true, false},
			{"its own before that above, whose file begins with another", "u-window", "late-hall", true, true},
			{"none anywhere: the district's", "u-plain", "standard", false, false},
			{"no unit", "", "standard", false, false},
			{"a unit that is none", "u-none", "standard", false, false},
		} {
			c := got.CalendarOf(row.unit)
			if name := got.CalendarName(row.unit); name != row.name || c.Open(lunch) != row.lunch || c.Open(evening) != row.evening {
				t.Errorf("%s: %s, open at lunch %v and in the evening %v; want %s, %v, %v", row.why, name, c.Open(lunch), c.Open(evening), row.name, row.lunch, row.evening)
			}
		}
		if got.CalendarNamed("gone") != got.Calendar || got.CalendarNamed("") != got.Calendar || got.CalendarOf("u-street") != got.CalendarNamed("hall") {
			t.Error("calendars are made anew, or a name that is gone is nobody's")
		}
		half := got.CalendarNamed("late-hall").Rule("2026-12-31")
		if want := (clock.DayRule{Hours: []clock.Period{{From: 540, To: 720}}, Own: true, Name: half.Name}); cmp.Diff(want, half) != "" || half.Name.ZH != "年末盘点" {
			t.Errorf("the half day of the base: %+v", half)
		}
		if got.CalendarNamed("late-hall").Rule("2026-10-01").Off != true {
			t.Error("a calendar of the district's own works on the national day")
		}
	})
}

func TestCalendarsThatDoNotHoldAreRefusedWhole(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		const good = "calendar: fine\ntitle: {zh: 好, en: Fine}\nbase: standard\n"
		for _, row := range []struct{ why, text, at, says string }{
			{"a base that is none", strings.ReplaceAll(hallFile, "base: standard", "base: nowhere"), "x.yaml", "no calendar nowhere"},
			{"a circle", strings.ReplaceAll(hallFile, "base: standard", "base: late-hall"), "x.yaml", "circle"},
			{"another zone than the district", hallFile + "zone: America/New_York\n", "x.yaml", "America/New_York"},
			{"a contradiction of its own, by its line", hallFile + "  2026-12-30: {off: true, hours: [09:00-12:00], title: {zh: 甲, en: A}}\n", "x.yaml:7", "both off"},
			{"twice in one go", good, "x.yaml", "already"},
		} {
			said, err := change(t, d, calendars(append(file("good.yaml", good), file("x.yaml", row.text)...)...))
			if !errors.Is(err, errs.Invalid) || !strings.Contains(said, row.says) || !strings.Contains(said, row.at) {
				t.Errorf("%s: %v, said %q, want %q at %s", row.why, err, said, row.says, row.at)
			}
			if names := len(open(t, d).Calendars()); names != 3 {
				t.Fatalf("%s: %d calendars, want the 3 from before", row.why, names)
			}
		}
		said, err := change(t, d, units("code,name,kind,calendar\nu-x,新单位,company,standard\nu-y,坏单位,company,nonsense\n"))
		if !errors.Is(err, errs.Invalid) || !strings.Contains(said, "units.csv:3:4 calendar") {
			t.Errorf("a unit that names a calendar that is none: %v %q", err, said)
		}
	})
}

func TestACalendarInUseStays(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		drop := func(name string) error {
			_, err := change(t, d, func(ctx context.Context, tx *db.Tx, _ *sheet.Report) error {
				return district.DropCalendar(ctx, tx, code, name, admin)
			})
			return err
		}
		said, err := change(t, d, calendars(file("s.yaml", "calendar: standard\ntitle: {zh: 本区, en: Ours}\nhours: {mon-fri: [08:30-12:00, 14:00-18:00]}\n")...))
		must(t, said, err)
		if got := open(t, d); !got.CalendarOf("u-plain").Open(time.Date(2026, 11, 23, 0, 45, 0, 0, time.UTC)) || got.Calendars()[0].File != "s.yaml" {
			t.Error("the district's own standard hours do not count")
		}
		for _, row := range []struct {
			why, name string
			want      error
		}{
			{"a unit names it", "late-hall", errs.Conflict},
			{"a unit names it, and another begins with it", "hall", errs.Conflict},
			{"nobody has it", "nowhere", errs.NotFound},
			{"its own standard: the one that linli ships counts again", "standard", nil},
			{"there is none of its own any more", "standard", errs.NotFound},
		} {
			if err := drop(row.name); !errors.Is(err, row.want) {
				t.Errorf("%s: %v, want %v", row.why, err, row.want)
			}
		}
		said, err = change(t, d, units(strings.ReplaceAll(strings.ReplaceAll(unitsFile, ",hall", ","), ",late-hall", ",")))
		must(t, said, err)
		if err := drop("hall"); !errors.Is(err, errs.Conflict) {
			t.Errorf("another calendar begins with it: %v", err)
		}
		if err := errors.Join(drop("late-hall"), drop("hall")); err != nil {
			t.Error(err)
		}
		entries, err := trail.Of(t.Context(), d, code, trail.Chain(trail.Setup, district.CalendarSubject))
		var acts []string
		for _, e := range entries {
			acts = append(acts, e.Act+" "+e.Detail["name"]+" "+e.Person)
		}
		want := []string{"calendar-set late-hall p-admin", "calendar-set hall p-admin", "calendar-set standard p-admin",
			"calendar-dropped standard p-admin", "calendar-dropped late-hall p-admin", "calendar-dropped hall p-admin"}
		if err != nil || cmp.Diff(want, acts) != "" {
			t.Errorf("the trail says %v (%v)", acts, err)
		}
	})
}
