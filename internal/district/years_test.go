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
	"linli/internal/sheet"
	"linli/internal/trail"
)

// noticeDays is a notice such as 2027 may have; nobody knows it yet.
var noticeDays = []struct {
	date, name string
	off        bool
}{
	{"2027-01-01", "元旦", true}, {"2027-01-02", "元旦", true}, {"2027-01-03", "元旦", true},
	{"2027-02-05", "春节", true}, {"2027-02-06", "春节", true}, {"2027-02-07", "春节", true}, {"2027-02-08", "春节", true},
	{"2027-02-09", "春节", true}, {"2027-02-10", "春节", true}, {"2027-02-11", "春节", true}, {"2027-02-20", "春节", false},
	{"2027-04-05", "清明节", true}, {"2027-05-01", "劳动节", true}, {"2027-05-03", "劳动节", true}, {"2027-05-04", "劳动节", true},
	{"2027-05-08", "劳动节", false}, {"2027-06-09", "端午节", true}, {"2027-09-15", "中秋节", true},
	{"2027-10-01", "国庆节", true}, {"2027-10-04", "国庆节", true}, {"2027-10-05", "国庆节", true},
}

func noticeJSON() string {
	var days []string
	for _, d := range noticeDays {
		days = append(days, fmt.Sprintf(`    {"name": "%s", "date": "%s", "isOffDay": %v}`, d.name, d.date, d.off))
	}
	return "{\"year\": 2027, \"days\": [\n" + strings.Join(days, ",\n") + "\n]}\n"
}

func noticeCSV() string {
	text := "date,name,is_off_day\n"
	for _, d := range noticeDays {
		text += fmt.Sprintf("%s,%s,%d\n", d.date, d.name, map[bool]int{true: 1}[d.off])
	}
	return text
}

func noticeICS() string {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made up//\r\n"
	for i, d := range noticeDays {
		text += fmt.Sprintf("BEGIN:VEVENT\r\nUID:%d@example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:%s\r\nSUMMARY:%s %s\r\nEND:VEVENT\r\n",
			i, strings.ReplaceAll(d.date, "-", ""), d.name, map[bool]string{true: "休", false: "班"}[d.off])
	}
	return text + "END:VCALENDAR\r\n"
}

func years(files ...district.File) func(context.Context, *db.Tx, *sheet.Report) error {
	return func(ctx context.Context, tx *db.Tx, report *sheet.Report) error {
		return district.ImportYears(ctx, tx, code, files, admin, report)
	}
}

func TestAYearIsTheSameFromEveryKindOfFile(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		var first []district.Year
		want := "Years of days off 1/0/0\n"
		for _, f := range []struct{ name, text string }{{"notice.json", noticeJSON()}, {"notice.csv", noticeCSV()}, {"notice.ics", noticeICS()}} {
			said, err := change(t, d, years(file(f.name, f.text)...))
			if err != nil || said != want {
				t.Fatalf("%s: %v, said %q, want %q", f.name, err, said, want)
			}
			got := open(t, d)
			if first == nil {
				first, want = got.Years(), "Years of days off 0/0/1\n"
			}
			if diff := cmp.Diff(first, got.Years()); diff != "" {
				t.Errorf("%s makes another year:\n%s", f.name, diff)
			}
		}
		got := open(t, d)
		// Received on the last day of 2026 and due in the first week of the next.
		late := got.Calendar.Deadline(time.Date(2026, 12, 31, 2, 0, 0, 0, time.UTC), clock.Limit{N: 1, Unit: clock.WorkingDays}, nil)
		if want := time.Date(2027, 1, 4, 9, 30, 0, 0, time.UTC); !late.At.Equal(want) || late.Provisional {
			t.Errorf("due %v, provisional %v; want %v for sure", late.At, late.Provisional, want)
		}
		for _, name := range []string{"hall", "late-hall"} {
			if !got.CalendarNamed(name).Rule("2027-02-08").Off || !got.CalendarNamed(name).Rule("2027-02-20").MakeUp {
				t.Errorf("the calendar %s does not know the notice", name)
			}
		}
		entries, err := trail.Of(t.Context(), d, code, trail.Chain(trail.Setup, district.CalendarSubject))
		if last := entries[len(entries)-1]; err != nil || last.Act != "year-set" || last.Detail["year"] != "2027" || last.Detail["off"] != "19" || last.Detail["work"] != "2" || len(entries) != 3 {
			t.Errorf("the trail has %d entries and ends with %v (%v): loading the same again is no change", len(entries), last, err)
		}
	})
}

func TestALoadedYearGoesBeforeTheShipped(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		const moved = "2026-10-01"
		before, err := district.Counted(t.Context(), d, code)
		must(t, "", err)
		without := strings.Builder{}
		for _, y := range clock.ChinaYears() {
			for _, day := range y.Off {
				if y.Year == 2026 && day.Date != moved {
					without.WriteString(string(day.Date) + "," + day.Name.ZH + ",1\n")
				}
			}
		}
		said, err := change(t, d, years(file("2026.csv", without.String())...))
		must(t, said, err)
		if got := open(t, d); got.Calendar.Rule(moved).Off || !got.Calendar.Rule("2026-10-02").Off || !got.Calendar.Rule("2025-10-01").Off {
			t.Error("the loaded year does not go before the shipped one, or takes others with it")
		}
		after, err := district.Counted(t.Context(), d, code)
		if err != nil || before == after {
			t.Errorf("what dates hang on is said to be the same (%v)", err)
		}
		drop := func() error {
			_, err := change(t, d, func(ctx context.Context, tx *db.Tx, _ *sheet.Report) error {
				return district.DropYear(ctx, tx, code, 2026, admin)
			})
			return err
		}
		if err := drop(); err != nil || !open(t, d).Calendar.Rule(moved).Off {
			t.Errorf("taken back (%v), and the shipped year does not count again", err)
		}
		if err := drop(); !errors.Is(err, errs.NotFound) {
			t.Errorf("a year that was not loaded is taken back: %v", err)
		}
	})
}

func TestBadNoticesChangeNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		for _, row := range []struct{ why, name, text, at string }{
			{"both off and at work", "x.csv", noticeCSV() + "2027-01-01,元旦,0\n", "x.csv:23"},
			{"a day that is none", "x.csv", noticeCSV() + "2027-02-30,春节,1\n", "x.csv:23"},
			{"nothing in it", "x.json", `{"year": 2027, "days": []}`, "x.json"},
			{"no file of days", "x.ics", "BEGIN:VCALENDAR\nthat is all", "x.ics"},
			{"the year of another file", "y.csv", noticeCSV(), "y.csv"},
		} {
			said, err := change(t, d, years(append(file("first.json", noticeJSON()), file(row.name, row.text)...)...))
			if !errors.Is(err, errs.Invalid) || !strings.Contains(said, row.at) {
				t.Errorf("%s: %v, said %q, want a finding at %s", row.why, err, said, row.at)
			}
			if got := open(t, d); got.Calendar.Loaded(2027) {
				t.Fatalf("%s: half of it is in", row.why)
			}
		}
	})
}

func TestMissingYears(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		said, err := change(t, d, years(file("n.json", noticeJSON())...))
		must(t, said, err)
		got := open(t, d)
		for _, row := range []struct {
			why  string
			at   time.Time
			want []int
		}{
			{"this year and the next are there", monday, []int{}},
			{"the next is not asked for before its notice comes out", time.Date(2027, 11, 14, 15, 59, 0, 0, time.UTC), []int{}},
			{"from the middle of November it is, in the district's zone", time.Date(2027, 11, 14, 16, 0, 0, 0, time.UTC), []int{2028}},
			{"and in December", time.Date(2027, 12, 3, 2, 0, 0, 0, time.UTC), []int{2028}},
			{"once the year has begun it is this year that is missing", time.Date(2028, 1, 3, 2, 0, 0, 0, time.UTC), []int{2028}},
			{"both", time.Date(2028, 12, 3, 2, 0, 0, 0, time.UTC), []int{2028, 2029}},
		} {
			if diff := cmp.Diff(row.want, got.Missing(row.at)); diff != "" {
				t.Errorf("%s: %s", row.why, diff)
			}
		}
	})
}

func TestSharedNoticesAreThoseShipped(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		made(t, d)
		before := open(t, d)
		said, err := change(t, d, years(shared(t, "2025.json"), shared(t, "2026.json")))
		must(t, said, err)
		after := open(t, d)
		for day := clock.Date("2025-01-01"); day < "2027-01-01"; day = day.Add(1) {
			was, is := before.Calendar.Rule(day), after.Calendar.Rule(day)
			if was.Off != is.Off || was.MakeUp != is.MakeUp {
				t.Errorf("%s: linli ships off %v, make-up %v; the notice says %v, %v", day, was.Off, was.MakeUp, is.Off, is.MakeUp)
			}
		}
	})
}
