package calendar

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// noticeOf writes a year's notice in each of the shapes that are read.
func noticeOf(t *testing.T, y clock.Year) map[string]string {
	t.Helper()
	var days, rows, events []string
	add := func(d clock.Day, off bool) {
		mark, word := "班", "0"
		if off {
			mark, word = "休", "1"
		}
		days = append(days, fmt.Sprintf(`{"name": %q, "date": %q, "isOffDay": %t}`, d.Name.ZH, d.Date, off))
		rows = append(rows, fmt.Sprintf("%s,%s,%s", d.Date, d.Name.ZH, word))
		plain := strings.ReplaceAll(string(d.Date), "-", "")
		events = append(events, fmt.Sprintf("BEGIN:VEVENT\r\nUID:%[1]s\r\nDTSTART;VALUE=DATE:%[1]s\r\nSUMMARY:%[2]s（%[3]s）\r\nEND:VEVENT\r\n", plain, d.Name.ZH, mark))
	}
	for _, d := range y.Off {
		add(d, true)
	}
	for _, d := range y.Work {
		add(d, false)
	}
	list := "[\n" + strings.Join(days, ",\n") + "\n]"
	table := strings.Join(rows, "\n") + "\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("日期,节日,类型\n" + strings.NewReplacer(",1\n", ",休\n", ",0\n", ",班\n").Replace(table))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"holiday-cn": fmt.Sprintf(`{"$schema": "x", "year": %d, "papers": ["y"], "days": %s}`, y.Year, list),
		"days first": fmt.Sprintf(`{"days": %s, "year": %d}`, list, y.Year),
		"bare list":  list,
		"csv":        table,
		"with head":  "date,name,is_off_day\n" + table,
		"tsv":        "\ufeff# 放假安排\n" + strings.ReplaceAll(table, ",", "\t"),
		"gbk":        gbk,
		"other head": "类型,日期,节日\n" + swapped(table),
		"ics":        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n",
	}
}

// swapped puts the last cell of each row first.
func swapped(table string) string {
	var out strings.Builder
	for row := range strings.Lines(table) {
		c := strings.Split(strings.TrimSpace(row), ",")
		fmt.Fprintf(&out, "%s,%s,%s\n", c[2], c[0], c[1])
	}
	return out.String()
}

// One notice in any shape is the same year.
func TestParseNotice(t *testing.T) {
	t.Parallel()
	for _, y := range clock.ChinaYears() {
		for shape, source := range noticeOf(t, y) {
			got, findings := ParseNotice([]byte(source), "notice")
			if len(findings) > 0 {
				t.Errorf("%d as %s: %v", y.Year, shape, findings)
			}
			if diff := cmp.Diff([]clock.Year{y}, got); diff != "" {
				t.Errorf("%d as %s: %s", y.Year, shape, diff)
			}
		}
	}
}

func TestPublishedNotices(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "..", "shared", "data", "holidays")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs ../shared/data/holidays beside the checkout")
	}
	for year := 2019; year <= 2027; year++ {
		name := fmt.Sprintf("%d.json", year)
		source, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got, findings := ParseNotice(source, name)
		if year == 2027 {
			if got != nil || len(findings) != 1 || !strings.Contains(findings[0].Text.EN, "not published yet") {
				t.Errorf("2027 is still empty: got %v, %v", got, findings)
			}
			continue
		}
		if year == 2020 { // the list names Monday 3 February, up to which the holiday was extended
			if got != nil || len(findings) != 1 || !strings.Contains(findings[0].Text.EN, "2020-02-03 is a Monday") {
				t.Errorf("2020 names an ordinary Monday as a make-up day: got %v, %v", got, findings)
			}
			continue
		}
		if len(findings) > 0 || len(got) != 1 || got[0].Year != year {
			t.Errorf("%d: %v, %v", year, got, findings)
		}
		s := clock.ChinaSpec()
		s.Years = got
		if _, err := clock.New(s); err != nil {
			t.Errorf("%d makes no calendar: %v", year, err)
		}
	}
}

// A New Year's holiday that begins in December belongs to the notice of the
// year it is named for, said or not; the year before is not published by it.
func TestDecemberOfTheYearBefore(t *testing.T) {
	t.Parallel()
	rows := "2018-12-29,元旦,0\n2018-12-30,元旦,1\n2018-12-31,元旦,1\n2019-01-01,元旦,1\n"
	for _, source := range []string{rows, `{"year": 2019, "days": [{"name":"元旦","date":"2018-12-31","isOffDay":true}]}`} {
		got, _ := ParseNotice([]byte(source), "notice.csv")
		if len(got) != 1 || got[0].Year != 2019 {
			t.Errorf("%s: got %v, want the year 2019 alone", source, got)
		}
	}
	got, _ := ParseNotice([]byte(rows+"2018-05-01,劳动节,1\n"), "notice.csv")
	if len(got) != 2 || got[0].Year != 2018 || len(got[0].Off) != 3 {
		t.Errorf("with more of 2018 its days are its own: %v", got)
	}
}

func event(lines ...string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\nEND:VCALENDAR\n"
}

func TestMarksOfPublishedCalendars(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, source, off, work, name string
	}{
		{"in brackets", event("SUMMARY:元旦（休）", "DTSTART;VALUE=DATE:20270101"), "2027-01-01", "", "元旦"},
		{"after a space", event("SUMMARY:春节 班", "DTSTART;VALUE=DATE:20270206"), "", "2027-02-06", "春节"},
		{"numbered, over several days", event("SUMMARY:元旦 假期 第1天/共3天", "DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20270104"), "2027-01-01 2027-01-02 2027-01-03", "", "元旦"},
		{"a make-up day called both", event("SUMMARY:国庆节 调休上班", "DTSTART;VALUE=DATE:20270925"), "", "2027-09-25", "国庆节"},
		{"补班", event("SUMMARY:国庆节补班", "DTSTART:20270925"), "", "2027-09-25", "国庆节"},
		{"a mark in a property", event("SUMMARY:元旦", "DTSTART;VALUE=DATE:20270101", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"), "2027-01-01", "", "元旦"},
		{"and of the other kind", event("SUMMARY:春节", "DTSTART;VALUE=DATE:20270206", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"), "", "2027-02-06", "春节"},
		{"in a category", event("SUMMARY:元旦", "CATEGORIES:放假", "DTSTART;VALUE=DATE:20270101"), "2027-01-01", "", "元旦"},
	} {
		got, findings := ParseNotice([]byte(row.source), "notice.ics")
		if len(got) != 1 {
			t.Errorf("%s: %v, %v", row.why, got, findings)
			continue
		}
		var off, work []string
		for _, d := range got[0].Off {
			off = append(off, string(d.Date))
		}
		for _, d := range got[0].Work {
			work = append(work, string(d.Date))
		}
		day := append(got[0].Off, got[0].Work...)[0]
		if strings.Join(off, " ") != row.off || strings.Join(work, " ") != row.work || day.Name.ZH != row.name {
			t.Errorf("%s: off %v, at work %v, called %s", row.why, off, work, day.Name)
		}
	}
}

func TestParseNoticeRefuses(t *testing.T) {
	t.Parallel()
	var many []string
	for day := clock.Date("2027-01-01"); len(many) < 200; day = day.Add(1) {
		many = append(many, string(day)+",假,1")
	}
	var endless []string
	for day := clock.Date("2001-01-01"); len(endless) < 2001; day = day.Add(1) {
		endless = append(endless, string(day)+",假,1")
	}
	for _, row := range []struct {
		why, file, source string
		line              int
		text              string
	}{
		{"both off and a make-up day", "n.csv", "2027-10-09,国庆节,1\n2027-10-09,国庆节,0\n", 2, "both off and a make-up workday; it is one or the other. See line 1"},
		{"the same in JSON", "n.json", "[{\"date\": \"2027-10-09\", \"isOffDay\": true},\n {\"date\": \"2027-10-09\", \"isOffDay\": false}]", 2, "See line 1"},
		{"outside the year it says", "n.json", "{\"year\": 2027,\n\"days\": [\n{\"date\": \"2026-11-01\", \"isOffDay\": true}]}", 3, "not in the notice of 2027"},
		{"outside the year, which comes last", "n.json", "{\"days\": [\n{\"date\": \"2028-01-01\", \"isOffDay\": true}],\n\"year\": 2027}", 2, "not in the notice of 2027"},
		{"outside the year of its name", "years/2027.csv", "2027-01-01,元旦,1\n2028-01-01,元旦,1\n", 2, "not in the notice of 2027"},
		{"another year than its name", "2026.json", "{\n\"year\": 2027, \"days\": []}", 2, "named for 2026 but holds 2027"},
		{"a make-up day on an ordinary Monday", "n.csv", "2027-01-04,元旦,0\n", 1, "is a Monday, worked anyway"},
		{"two hundred days off", "n.csv", strings.Join(many, "\n"), 1, "weekdays off"},
		{"a list without end", "n.csv", strings.Join(endless, "\n"), 2001, "At most 2000 days"},
		{"a year not published yet", "n.json", `{"year": 2027, "papers": [], "days": []}`, 0, "not published yet"},
		{"no days", "n.json", "{\"year\": 2027}", 1, "There is no days"},
		{"days that are no list", "n.json", "{\n\"days\": 5}", 2, "should be a list"},
		{"a day without mark", "n.json", "[\n{\"date\": \"2027-01-01\"}]", 2, "no isOffDay"},
		{"a mark that is a word", "n.json", "[\n{\"date\": \"2027-01-01\", \"isOffDay\": \"yes\"}]", 2, "isOffDay"},
		{"a year that is a word", "n.json", "{\"days\": [],\n\"year\": \"x\"}", 2, "should be a year"},
		{"a year long ago", "n.json", "{\"year\": 1900, \"days\": []}", 1, "not between"},
		{"a day that does not exist", "n.csv", "date,name,is_off_day\n2027-02-30,元旦,1\n", 2, "is not a date"},
		{"broken JSON", "n.json", "[\n{\"date\": ]", 2, "not valid JSON"},
		{"more than one value", "n.json", "[{\"date\":\"2027-01-01\",\"isOffDay\":true}]\n[]", 2, "not valid JSON"},
		{"neither off nor at work", "n.csv", "2027-01-01,元旦,perhaps\n", 1, "should be 1 (off) or 0 (at work)"},
		{"two columns", "n.csv", "2027-01-01,元旦\n", 1, "needs date, name"},
		{"a head without the mark", "n.csv", "date,name\n2027-01-01,元旦\n", 1, "needs the columns"},
		{"an open quotation mark", "n.csv", "2027-01-01,\"元旦,1\n", 0, "quotation mark"},
		{"an event that is neither", "n.ics", event("SUMMARY:元宵节", "DTSTART;VALUE=DATE:20270220"), 3, "does not say whether"},
		{"调休 alone, which calendars use for either", "n.ics", event("SUMMARY:春节 调休", "DTSTART;VALUE=DATE:20270206"), 3, "does not say whether"},
		{"an event that is both", "n.ics", event("SUMMARY:元旦 休 班", "DTSTART;VALUE=DATE:20270101"), 3, "says both"},
		{"an event with an hour", "n.ics", event("SUMMARY:元旦 休", "DTSTART:20270101T080000Z"), 3, "whole day"},
		{"an event that ends before it begins", "n.ics", event("SUMMARY:元旦 休", "DTSTART:20270103", "DTEND:20270101"), 3, "between 1 and 31"},
		{"an event of a year", "n.ics", event("SUMMARY:元旦 休", "DTSTART:20270101", "DTEND:20280101"), 3, "between 1 and 31"},
		{"an event that repeats", "n.ics", event("SUMMARY:元旦 休", "DTSTART:20270101", "RRULE:FREQ=YEARLY"), 3, "repeats"},
		{"a broken calendar", "n.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY\n", 0, "not a valid ICS"},
		{"nothing", "n.csv", "\n", 0, "empty"},
		{"a head alone", "n.csv", "date,name,is_off_day\n", 0, "no day in it"},
		{"a picture", "n.csv", "\x89PNG\xff\xff\xff", 0, "not in UTF-8"},
	} {
		got, findings := ParseNotice([]byte(row.source), row.file)
		if got != nil || len(findings) == 0 {
			t.Errorf("%s: taken as %v", row.why, got)
			continue
		}
		f := findings[0]
		if f.File != row.file || row.line > 0 && f.Line != row.line || !strings.Contains(f.Text.EN, row.text) || f.Text.ZH == "" {
			t.Errorf("%s: got %s, want line %d with %q", row.why, f.In(lang.EN), row.line, row.text)
		}
	}
}

// What is doubtful but not wrong is said and taken.
func TestNoticeWarns(t *testing.T) {
	t.Parallel()
	for why, source := range map[string]string{
		"a year of one day is probably not whole": "2027-01-01,元旦,1\n",
		"the same day off twice":                  "2027-10-01,国庆节,1\n2027-10-01,中秋节,1\n",
	} {
		got, findings := ParseNotice([]byte(source), "n.csv")
		if len(got) != 1 || len(got[0].Off) != 1 || len(findings) == 0 || findings[0].Severity != sheet.Warning {
			t.Errorf("%s: got %v, %v", why, got, findings)
		}
	}
}

func TestNamesOfHolidays(t *testing.T) {
	t.Parallel()
	for zh, en := range map[string]string{
		"元旦": "New Year's Day", "国庆节、中秋节": "National Day and Mid-Autumn Festival", "抗战胜利纪念日": "public holiday", "": "public holiday",
	} {
		if got := holiday(zh, ""); got.EN != en || got.ZH == "" {
			t.Errorf("%s is %s, want %s", zh, got, en)
		}
	}
	if got := dayName(time.Sunday); got.ZH != "周日" || got.EN != "Sunday" {
		t.Errorf("Sunday is %v", got)
	}
}

// Whatever is taken is a calendar's years.
func FuzzParseNotice(f *testing.F) {
	f.Add(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`)
	f.Add("date,name,is_off_day\n2027-01-01,元旦,1\n")
	f.Add("2027-01-01\t元旦\t休\n")
	f.Add(event("SUMMARY:元旦 休", "DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20270104"))
	f.Fuzz(func(t *testing.T, source string) {
		years, findings := ParseNotice([]byte(source), "f")
		if len(years) == 0 && len(findings) == 0 {
			t.Fatalf("%q gives nothing and says nothing", source)
		}
		s := clock.ChinaSpec()
		if s.Years = years; len(years) > 0 {
			if _, err := clock.New(s); err != nil {
				t.Errorf("%q is taken, and makes no calendar: %v", source, err)
			}
		}
	})
}
