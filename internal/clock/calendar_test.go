package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/errs"
	"linli/internal/lang"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	hours := map[time.Weekday][]Period{time.Monday: {{540, 720}}}
	off := func(d ...Date) (out []Day) {
		for _, one := range d {
			out = append(out, Day{Date: one, Name: lang.T("假", "off")})
		}
		return out
	}
	for why, s := range map[string]Spec{
		"no office hours at all":         {},
		"empty office hours on each day": {Hours: map[time.Weekday][]Period{time.Monday: {}}},
		"a zone that is none":            {Zone: "Asia/Nowhere", Hours: hours},
		"hours that overlap":             {Hours: map[time.Weekday][]Period{time.Monday: {{540, 720}, {700, 800}}}},
		"hours over midnight":            {Hours: map[time.Weekday][]Period{time.Monday: {{1080, 480}}}},
		"hours after 24:00":              {Hours: map[time.Weekday][]Period{time.Monday: {{1080, 1500}}}},
		"an eighth weekday":              {Hours: map[time.Weekday][]Period{7: {{540, 720}}}},
		"make-up hours out of order":     {Hours: hours, MakeUp: []Period{{720, 540}}},
		"a day both off and at work":     {Hours: hours, Years: []Year{{2026, off("2026-10-01"), off("2026-10-01")}}},
		"a day off twice":                {Hours: hours, Years: []Year{{2026, off("2026-10-01", "2026-10-01"), nil}}},
		"a year twice":                   {Hours: hours, Years: []Year{{Year: 2026}, {Year: 2026}}},
		"a day of another year":          {Hours: hours, Years: []Year{{2026, off("2027-10-01"), nil}}},
		"a day of its own twice":         {Hours: hours, Own: []OwnDay{{Date: "2026-12-31"}, {Date: "2026-12-31", Hours: hours[time.Monday]}}},
		"a day of its own out of order":  {Hours: hours, Own: []OwnDay{{Date: "2026-12-31", Hours: []Period{{720, 540}}}}},
		"a day of its own that is none":  {Hours: hours, Own: []OwnDay{{Date: "2026-02-30"}}},
		"the zone of the machine":        {Zone: "Local", Hours: hours},
		"a day that does not exist":      {Hours: hours, Years: []Year{{2026, off("2026-02-30"), nil}}},
	} {
		if _, err := New(s); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want invalid", why, err)
		}
	}
}

// The working days of each month, as domain section 2.5 counts them.
func TestWorkingDaysOfChina(t *testing.T) {
	t.Parallel()
	c := China()
	for year, want := range map[int][]int{
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	} {
		var got []int
		for m := time.January; m <= time.December; m++ {
			from, to := time.Date(year, m, 1, 0, 0, 0, 0, c.Zone()), time.Date(year, m+1, 1, 0, 0, 0, 0, c.Zone())
			got = append(got, int(c.table.days[c.table.day(to.Unix())]-c.table.days[c.table.day(from.Unix())]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: %s", year, diff)
		}
		if !c.Loaded(year) || c.Loaded(2027) {
			t.Errorf("loaded: %d %v, 2027 %v", year, c.Loaded(year), c.Loaded(2027))
		}
	}
}

// An independent source must agree day for day with what is embedded.
func TestChinaYearsAgainstNotices(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "..", "shared", "data", "holidays")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs ../shared/data/holidays beside the checkout")
	}
	for _, y := range ChinaYears() {
		b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.json", y.Year)))
		if err != nil {
			t.Fatal(err)
		}
		var notice struct {
			Days []struct {
				Date     Date
				IsOffDay bool
			}
		}
		if err := json.Unmarshal(b, &notice); err != nil {
			t.Fatal(err)
		}
		want, got := map[Date]bool{}, map[Date]bool{}
		for _, d := range notice.Days {
			want[d.Date] = d.IsOffDay
		}
		for _, d := range y.Off {
			got[d.Date] = true
		}
		for _, d := range y.Work {
			got[d.Date] = false
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: %s", y.Year, diff)
		}
	}
}

// When a year's notice arrives, the same question gives the real date.
func TestLoadingAYearCountsAgain(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	more, err := parseYears("date,name,is_off_day\n2027-01-01,元旦,1\n2027-01-02,元旦,班\n")
	if err != nil {
		t.Fatal(err)
	}
	s.Years = append(s.Years, more...)
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Deadline(at(t, c.Zone(), "2026-12-31 10:00"), Limit{1, WorkingDays}, nil)
	if want := at(t, c.Zone(), "2027-01-02 17:30"); !got.At.Equal(want) || got.Provisional {
		t.Errorf("got %v, want %v, settled", got, want)
	}
}

func TestParseYearsRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"2026-01-01,元旦", "2026-13-01,元旦,1", "2026-01-01,元旦,perhaps", "x\n2026-01-01\t元旦\t1\ta\tb"} {
		if got, err := parseYears(in); !errors.Is(err, errs.Invalid) {
			t.Errorf("parseYears(%q) = %v, %v; want invalid", in, got, err)
		}
	}
}

func TestHolidaysMeanNothingToADeskThatIsAlwaysThere(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.ThroughHolidays = true
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Deadline(at(t, c.Zone(), "2026-09-30 10:00"), Limit{1, WorkingDays}, nil)
	if want := at(t, c.Zone(), "2026-10-01 17:30"); !got.At.Equal(want) || got.Provisional {
		t.Errorf("got %v, want %v", got, want)
	}
	if c.For(WorkingDays) != c || c.For(Minutes) == c || c.For(Minutes) != c.For(Days) {
		t.Error("For gives working time its own calendar and one around the clock for the rest")
	}
}

// A unit's own days stand above its week and the notices, and are known even in
// a year that is not published.
func TestOwnDays(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Own = []OwnDay{
		{Date: "2026-12-31", Hours: []Period{{540, 720}}, Name: lang.T("年末盘点", "Stocktaking")},
		{Date: "2026-11-24", Name: lang.T("停电检修", "Power cut")},
		{Date: "2026-10-03", Hours: []Period{{600, 900}}, Name: lang.T("假日专窗", "Holiday desk")},
		{Date: "2026-10-10"},                              // a make-up Saturday that this unit does not work
		{Date: "2027-01-01", Hours: []Period{{540, 720}}}, // open at New Year, whatever the notice will say
	}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why, start, limit, want string
		provisional             bool
	}{
		{"a half day is a working day and closes at noon", "2026-12-30 10:00", "1 working-days", "2026-12-31 12:00", false},
		{"its hours are half as many", "2026-12-31 11:00", "2 working-hours", "2027-01-01 10:00", false},
		{"the day after its own of a year not published is a guess", "2026-12-31 10:00", "2 working-days", "2027-01-04 17:30", true},
		{"a closed day is none", "2026-11-23 10:00", "1 working-days", "2026-11-25 17:30", false},
		{"a day opened in a holiday is one", "2026-09-30 10:00", "1 working-days", "2026-10-03 15:00", false},
		{"a make-up day that is not kept is none", "2026-10-09 10:00", "1 working-days", "2026-10-12 17:30", false},
	} {
		got := c.Deadline(at(t, c.Zone(), row.start), limit(t, row.limit), nil)
		if !got.At.Equal(at(t, c.Zone(), row.want)) || got.Provisional != row.provisional {
			t.Errorf("%s: %v, want %s", row.why, got, row.want)
		}
	}
	s.ThroughHolidays, s.Years = true, nil
	if c, err = New(s); err != nil {
		t.Fatal(err)
	}
	if got := c.Deadline(at(t, c.Zone(), "2026-11-23 10:00"), Limit{1, WorkingDays}, nil).At; !got.Equal(at(t, c.Zone(), "2026-11-25 17:30")) {
		t.Errorf("a desk that works all year keeps its own closed day: due %v", got)
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	night, err := ParsePeriod("18:00–08:00")
	if err != nil {
		t.Fatal(err)
	}
	for minute, want := range map[int]bool{18 * 60: true, 23 * 60: true, 0: true, 8*60 - 1: true, 8 * 60: false, 12 * 60: false} {
		if night.Contains(minute) != want {
			t.Errorf("%v contains %d: %v, want %v", night, minute, !want, want)
		}
	}
	for _, in := range []string{"", "9-12", "09:00", "09:60-10:00", "24:00-25:00", "09:00-09:00", "09:00-24:01", "a09:00-10:00"} {
		if p, err := ParsePeriod(in); !errors.Is(err, errs.Invalid) {
			t.Errorf("ParsePeriod(%q) = %v, %v; want invalid", in, p, err)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Date{
		"2026-11-23": "2026-11-23", "2026/1/2": "2026-01-02", "20260102": "2026-01-02", "2026年1月2日": "2026-01-02",
		"2026-02-30": "", "": "", "0000-01-01": "", "2026-1-1x": "",
	} {
		if got, err := ParseDate(in); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	d := Date("2026-02-28")
	if d.Add(1) != "2026-03-01" || d.Weekday() != time.Saturday || d.Text().ZH != "2026年2月28日 周六" {
		t.Errorf("%s: %s %s %s", d, d.Add(1), d.Weekday(), d.Text())
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 1, 52, 0, 0, time.UTC)
	m := NewManual(start)
	var s Source = m
	if got := m.Advance(time.Hour); got != start.Add(time.Hour) || s.Now() != got {
		t.Errorf("advanced to %v, reads %v", got, s.Now())
	}
	m.Set(start)
	if s.Now() != start {
		t.Errorf("set to %v, reads %v", start, s.Now())
	}
	if now := System().Now(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 || now.Before(start.AddDate(-5, 0, 0)) {
		t.Errorf("the system's clock says %v", now)
	}
}
