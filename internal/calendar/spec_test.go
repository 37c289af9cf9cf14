package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/lang"
)

const hall = `calendar: hall
title: {zh: 政务大厅, en: Service hall}
base: standard
zone: Asia/Shanghai
hours: {mon-fri: [09:00-17:30], sat: [09:00-12:00]}
make-up: [09:00-12:00, 13:30-17:30]
through-holidays: false
days:
  2026-12-31: {hours: [09:00-12:00], title: {zh: 年末盘点, en: Stocktaking}}
  2026-03-09: {off: true, title: {zh: 设备检修, en: Maintenance}}
`

func TestParseSpec(t *testing.T) {
	t.Parallel()
	got, findings := ParseSpec([]byte(hall), "calendars/hall.yaml")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	long, morning := []clock.Period{{From: 540, To: 1050}}, []clock.Period{{From: 540, To: 720}}
	no := false
	want := &Named{
		Name: "hall", Title: lang.T("政务大厅", "Service hall"), Base: "standard", Zone: "Asia/Shanghai",
		Hours:  map[time.Weekday][]clock.Period{1: long, 2: long, 3: long, 4: long, 5: long, 6: morning},
		MakeUp: []clock.Period{{From: 540, To: 720}, {From: 810, To: 1050}}, Through: &no,
		Days: []clock.OwnDay{
			{Date: "2026-12-31", Hours: morning, Name: lang.T("年末盘点", "Stocktaking")},
			{Date: "2026-03-09", Name: lang.T("设备检修", "Maintenance")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The first working day after each start, on the hall's calendar.
func TestSpecOnItsBase(t *testing.T) {
	t.Parallel()
	n, _ := ParseSpec([]byte(hall), "hall.yaml")
	base := clock.ChinaSpec()
	base.Own = []clock.OwnDay{{Date: "2026-03-09"}, {Date: "2026-03-11"}}
	c, err := clock.New(n.Spec(base))
	if err != nil {
		t.Fatal(err)
	}
	if len(base.Hours) != 5 || len(base.Own) != 2 {
		t.Error("the base was changed")
	}
	for _, row := range []struct{ why, start, want string }{
		{"Saturday is open in the morning", "2026-11-20 10:00", "2026-11-21 12:00"},
		{"a holiday of the base is off", "2026-09-30 10:00", "2026-10-08 17:30"},
		{"a make-up Saturday keeps the hours of a Saturday", "2026-10-09 10:00", "2026-10-10 12:00"},
		{"a make-up Sunday has the make-up hours", "2026-09-19 10:00", "2026-09-20 17:30"},
		{"a half day closes at noon", "2026-12-30 10:00", "2026-12-31 12:00"},
		{"a day of its own that is off", "2026-03-07 10:00", "2026-03-10 17:30"},
		{"a day of the base's own that is off", "2026-03-10 10:00", "2026-03-12 17:30"},
	} {
		start, err := time.ParseInLocation("2006-01-02 15:04", row.start, c.Zone())
		if err != nil {
			t.Fatal(err)
		}
		got := c.Deadline(start, clock.Limit{N: 1, Unit: clock.WorkingDays}, nil).At.Format("2006-01-02 15:04")
		if got != row.want {
			t.Errorf("%s: %s + 1 working day = %s, want %s", row.why, row.start, got, row.want)
		}
	}
}

func TestSpecInherits(t *testing.T) {
	t.Parallel()
	n, findings := ParseSpec([]byte("calendar: quiet\ntitle: {zh: 静, en: Quiet}\nbase: standard\nthrough-holidays: true\n"), "quiet.yaml")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	base := clock.ChinaSpec()
	want := clock.ChinaSpec()
	want.ThroughHolidays = true
	if diff := cmp.Diff(want, n.Spec(base)); diff != "" {
		t.Errorf("all but what the file says is the base's: %s", diff)
	}
	n, _ = ParseSpec([]byte("calendar: early\ntitle: {zh: 早, en: Early}\nbase: standard\nhours: {mon-fri: [07:00-12:00]}\n"), "early.yaml")
	if s := n.Spec(base); s.MakeUp != nil || len(s.Hours) != 5 {
		t.Errorf("hours of its own bring make-up hours of their own: %v", s)
	}
}

func TestWeekdaySets(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"mon-fri": "1 2 3 4 5", "fri-mon": "0 1 5 6", "sat": "6", "mon-sun": "0 1 2 3 4 5 6", "sun-sat": "0 1 2 3 4 5 6",
		"mon,wed,fri": "1 3 5", "tue, sat-sun": "0 2 6", "Monday": "1", "周一-周五": "1 2 3 4 5",
		"mon-mon": "", "weekdays": "", "mon-": "", "8": "", "mon-tue-wed": "", "mon,mon": "", "\"\"": "",
	} {
		n, findings := ParseSpec([]byte("calendar: a\ntitle: {zh: 甲, en: A}\nhours: {"+quoted(in)+": [09:00-12:00]}\n"), "a.yaml")
		var got []string
		if n != nil {
			for day := time.Sunday; day <= time.Saturday; day++ {
				if len(n.Hours[day]) > 0 {
					got = append(got, fmt.Sprint(int(day)))
				}
			}
		}
		if strings.Join(got, " ") != want || (want == "") != (len(findings) > 0) {
			t.Errorf("%s is days %v with %v, want %q", in, got, findings, want)
		}
	}
}

func quoted(s string) string {
	if strings.HasPrefix(s, `"`) {
		return s
	}
	return `"` + s + `"`
}

func TestParseSpecRefuses(t *testing.T) {
	t.Parallel()
	head := "calendar: a\ntitle: {zh: 甲, en: A}\n"
	week := head + "hours: {mon-fri: [09:00-12:00]}\n"
	for _, row := range []struct {
		why, source string
		line        int
		text        string
	}{
		{"a date twice", week + "days:\n  2026-01-05: {off: true}\n  2026-01-05: {off: true}\n", 6, "first on line 5"},
		{"a date twice, written in two ways", week + "days:\n  2026-01-05: {off: true}\n  2026/1/5: {hours: [09:00-10:00]}\n", 6, "first on line 5"},
		{"both off and hours", week + "days:\n  2026-01-05: {off: true, hours: [09:00-10:00]}\n", 5, "both off and has hours"},
		{"neither off nor hours", week + "days:\n  2026-01-05: {title: {zh: 甲, en: A}}\n", 5, "needs off: true or hours"},
		{"a day with empty hours", week + "days:\n  2026-01-05: {hours: []}\n", 5, "no hours here"},
		{"a day that does not exist", week + "days:\n  2026-02-30: {off: true}\n", 5, "is not a date"},
		{"hours that overlap", head + "hours:\n  mon-fri: [09:00-12:00, 11:00-13:00]\n", 4, "out of order"},
		{"hours out of order", head + "hours:\n  mon-fri: [13:00-17:00, 09:00-12:00]\n", 4, "out of order"},
		{"hours over midnight", head + "hours:\n  mon-fri: [18:00-08:00]\n", 4, "out of order"},
		{"hours that are none", head + "hours:\n  mon-fri: [9-12]\n", 4, "Cannot read the hours"},
		{"hours that are no list", head + "hours:\n  mon-fri: 09:00-12:00\n", 4, "Hours are a list"},
		{"a week that never opens is refused and does not crash", head + "hours: {}\n", 3, "without office hours"},
		{"nor one with empty lists", head + "hours: {mon-fri: []}\n", 3, "no hours here"},
		{"no week at all", head, 1, "Without a base"},
		{"a weekday that is none", head + "hours:\n  mo-fr: [09:00-12:00]\n", 4, "is no weekday"},
		{"an odd range", head + "hours:\n  mon-mon: [09:00-12:00]\n", 4, "which days are meant"},
		{"a weekday twice", head + "hours:\n  mon-fri: [09:00-12:00]\n  wed: [09:00-10:00]\n", 5, "written twice, first on line 4"},
		{"make-up hours out of order", week + "make-up: [13:00-14:00, 09:00-12:00]\n", 4, "out of order"},
		{"a base that is itself", head + "base: a\n", 3, "cannot begin with itself"},
		{"a zone that is none", week + "zone: Asia/Nowhere\n", 4, "no time zone"},
		{"the zone of the machine", week + "zone: Local\n", 4, "no time zone"},
		{"a name that is none", "calendar: 大厅\ntitle: {zh: 甲, en: A}\nhours: {mon: [09:00-12:00]}\n", 1, "cannot name a calendar"},
		{"no name", "title: {zh: 甲, en: A}\nhours: {mon: [09:00-12:00]}\n", 1, "needs a name"},
		{"half a title", "calendar: a\ntitle: {zh: 甲}\nhours: {mon: [09:00-12:00]}\n", 2, "Both Chinese"},
		{"no title", "calendar: a\nhours: {mon: [09:00-12:00]}\n", 1, "needs a title"},
		{"a word that is not known", week + "holidays: none\n", 4, "is not known"},
		{"a line twice", week + "hours: {mon: [09:00-12:00]}\n", 4, "written twice"},
		{"neither true nor false", week + "through-holidays: maybe\n", 4, "true or false"},
		{"broken YAML", week + "days: {\n", 5, "not valid YAML"},
		{"two calendars", week + "---\n" + week, 4, "one document only"},
		{"nothing", " \n", 0, "empty"},
		{"not text", "\xff\xfe", 0, "not in UTF-8"},
		{"a list", "- a\n", 1, "name: value"},
		{"an alias", head + "hours: &h {mon: [09:00-12:00]}\nmake-up: *h\n", 4, "aliases"},
	} {
		n, findings := ParseSpec([]byte(row.source), "a.yaml")
		if n != nil || len(findings) == 0 {
			t.Errorf("%s: taken as %v", row.why, n)
			continue
		}
		f := findings[0]
		if f.File != "a.yaml" || row.line > 0 && f.Line != row.line || !strings.Contains(f.Text.EN, row.text) || f.Text.ZH == "" {
			t.Errorf("%s: got %s, want line %d with %q", row.why, f.In(lang.EN), row.line, row.text)
		}
	}
}

// Whatever is taken makes a calendar.
func FuzzParseSpec(f *testing.F) {
	f.Add(hall)
	f.Add("calendar: a\ntitle: {zh: a, en: a}\nhours: {fri-mon: [00:00-24:00]}\n")
	f.Fuzz(func(t *testing.T, source string) {
		n, findings := ParseSpec([]byte(source), "f.yaml")
		if (n == nil) == (len(findings) == 0) {
			t.Fatalf("%q gives %v with %v", source, n, findings)
		}
		if n != nil {
			if _, err := clock.New(n.Spec(clock.ChinaSpec())); err != nil {
				t.Errorf("%q is taken, and makes no calendar: %v", source, err)
			}
		}
	})
}
