package calendar

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// ParseNotice reads a notice of days off and make-up workdays: JSON as
// holiday-cn publishes it or a bare list of its days, CSV or TSV, or an ICS
// calendar whose events say 休 or 班. The content decides which, not the name;
// but a file named for a year (2027.json) must be of that year. With any error
// among the findings there are no years.
func ParseNotice(source []byte, file string) ([]clock.Year, []sheet.Finding) {
	n := &notice{reader: reader{sheet.Tree{File: file}}, stated: yearNamed(file)}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if !utf8.Valid(source) && len(source) <= maxSource {
		if plain, err := simplifiedchinese.GB18030.NewDecoder().Bytes(source); err == nil && !bytes.ContainsRune(plain, utf8.RuneError) {
			source = plain // as a Chinese Excel saves a table
		}
	}
	if !n.text(source) {
		return nil, n.Findings
	}
	switch head := strings.TrimSpace(string(source[:min(len(source), 4096)])); {
	case head != "" && (head[0] == '{' || head[0] == '['):
		n.readJSON(source)
	case len(head) >= 15 && strings.EqualFold(head[:15], "BEGIN:VCALENDAR"):
		n.readICS(source)
	default:
		n.readTable(source)
	}
	years := n.years()
	if n.Failed() {
		return nil, n.Findings
	}
	return years, n.Findings
}

var yearFile = regexp.MustCompile(`^(20\d\d|2100)\.[A-Za-z]+$`)

// yearNamed is the year that a file is named for, 0 for none.
func yearNamed(file string) int {
	m := yearFile.FindStringSubmatch(filepath.Base(file))
	if m == nil {
		return 0
	}
	year, _ := strconv.Atoi(m[1]) // four digits, by the expression
	return year
}

// notice gathers the days of a notice with the lines they stand on.
type notice struct {
	reader
	stated int // the year that the file says it is of, 0 for none
	days   []dated
}

type dated struct {
	clock.Day
	off  bool
	line int
}

// Bounds of a notice. The State Council moves at most a handful of weekdays in
// a year, to which come the statutory days; twice that is a slip.
const (
	firstYear, lastYear = 2000, 2100
	maxDays             = 2000
	maxWeekdaysOff      = 40
	leastOff            = 13 // the statutory days of a year
)

// add takes one day, once.
func (n *notice) add(line int, date string, off bool, name, english string) {
	day, err := clock.ParseDate(date)
	switch {
	case err != nil:
		n.bad(line, "date", "“%s”不是日期，例如 2027-01-01。", "“%s” is not a date; write for example 2027-01-01.", sheet.Clip(date))
		return
	case yearOf(day) < firstYear || yearOf(day) > lastYear:
		n.bad(line, "date", "%[1]s 不在 %[2]d 到 %[3]d 年之间。", "%[1]s is not between %[2]d and %[3]d.", day, firstYear, lastYear)
		return
	case len(n.days) == maxDays:
		n.bad(line, "", "一次最多读 %d 天。", "At most %d days are read at once.", maxDays)
	case len(n.days) > maxDays:
		return
	}
	n.days = append(n.days, dated{clock.Day{Date: day, Name: holiday(name, english)}, off, line})
}

// years checks the days together and sorts them into their years.
func (n *notice) years() []clock.Year {
	if len(n.days) == 0 && !n.Failed() {
		n.bad(0, "", "里面没有一天：这一年的安排多半还没公布。", "There is no day in it: the notice of the year is probably not published yet.")
	}
	once := n.once()
	n.makeUpOnly(once)
	byYear := map[int]*clock.Year{}
	lines := map[int]int{}
	for _, d := range once {
		year := n.yearFor(d, once)
		y := byYear[year]
		if y == nil {
			y = &clock.Year{Year: year}
			byYear[year], lines[year] = y, d.line
		}
		if d.off {
			y.Off = append(y.Off, d.Day)
		} else {
			y.Work = append(y.Work, d.Day)
		}
	}
	var all []clock.Year
	for _, y := range byYear {
		byDate := func(a, b clock.Day) int { return strings.Compare(string(a.Date), string(b.Date)) }
		slices.SortFunc(y.Off, byDate)
		slices.SortFunc(y.Work, byDate)
		all = append(all, *y)
	}
	slices.SortFunc(all, func(a, b clock.Year) int { return a.Year - b.Year })
	for _, y := range all {
		n.weigh(y, lines[y.Year])
	}
	return all
}

// once drops a date that is said twice in the same sense, as where 中秋节 falls
// into the week of 国庆节, and refuses one that is both off and at work.
func (n *notice) once() []dated {
	var all []dated
	first := map[clock.Date]dated{}
	for _, d := range n.days {
		before, twice := first[d.Date]
		switch {
		case !twice:
			first[d.Date] = d
			all = append(all, d)
		case before.off != d.off:
			n.bad(d.line, "date", "%[1]s 又休息又上班，只能是一样；另一次在第 %[2]d 行。", "%[1]s is both off and a make-up workday; it is one or the other. See line %[2]d.", d.Date, before.line)
		default:
			n.note(sheet.Warning, d.line, 0, "date", "%[1]s 在第 %[2]d 行已写过，只算一次。", "%[1]s stands on line %[2]d already and is taken once.", d.Date, before.line)
		}
	}
	return all
}

// makeUpOnly refuses a make-up workday on a weekday that is worked anyway: the
// date, or the mark, is wrong.
func (n *notice) makeUpOnly(days []dated) {
	for _, d := range days {
		if w := d.Date.Weekday(); !d.off && w != time.Saturday && w != time.Sunday {
			n.bad(d.line, "date", "%[1]s 是%[2]s，本来就上班，不会是调休上班日。", "%[1]s is a %[3]s, worked anyway; it cannot be a make-up workday.", d.Date, dayName(w).ZH, dayName(w).EN)
		}
	}
}

// yearFor is the year whose notice a day belongs to: the one that the file
// says, or its own. The last days of a year of which the file holds nothing but
// December belong to the notice of the next: a New Year's holiday begins there.
func (n *notice) yearFor(d dated, all []dated) int {
	own := yearOf(d.Date)
	if n.stated != 0 {
		if !clock.InNotice(n.stated, d.Date) {
			n.bad(d.line, "date", "%[1]s 不在 %[2]d 年的安排里。", "%[1]s is not in the notice of %[2]d.", d.Date, n.stated)
		}
		return n.stated
	}
	next := false
	for _, o := range all {
		if yearOf(o.Date) == own && !clock.InNotice(own+1, o.Date) {
			return own
		}
		next = next || yearOf(o.Date) == own+1
	}
	if next {
		return own + 1
	}
	return own
}

// weigh looks at a year as a whole.
func (n *notice) weigh(y clock.Year, line int) {
	weekdays := 0
	for _, d := range y.Off {
		if w := d.Date.Weekday(); w != time.Saturday && w != time.Sunday {
			weekdays++
		}
	}
	switch {
	case weekdays > maxWeekdaysOff:
		n.bad(line, "", "%[1]d 年有 %[2]d 个周一到周五休息，比任何一年的安排都多，请核对。", "%[1]d has %[2]d weekdays off, more than any year's notice; please check.", y.Year, weekdays)
	case len(y.Off) < leastOff:
		n.note(sheet.Warning, line, 0, "", "%[1]d 年只有 %[2]d 天休息，法定节假日有 %[3]d 天，请核对是否写全。", "%[1]d has only %[2]d days off where the law gives %[3]d; please check that none is missing.", y.Year, len(y.Off), leastOff)
	}
}

func yearOf(d clock.Date) int {
	year, _ := strconv.Atoi(string(d[:4])) // a Date begins with four digits
	return year
}

func dayName(w time.Weekday) lang.Text {
	return lang.Text{ZH: chineseDays[(int(w)+6)%7], EN: w.String()}
}

// holidays are the English names of the statutory holidays.
var holidays = map[string]string{
	"元旦": "New Year's Day", "春节": "Spring Festival", "清明节": "Qingming Festival", "清明": "Qingming Festival", "劳动节": "Labour Day",
	"端午节": "Dragon Boat Festival", "端午": "Dragon Boat Festival", "中秋节": "Mid-Autumn Festival", "中秋": "Mid-Autumn Festival",
	"国庆节": "National Day", "国庆": "National Day",
}

// holiday is the name of a day in both languages. A holiday that linli does not
// know by name is in English what it certainly is.
func holiday(name, english string) lang.Text {
	if runes := []rune(name); len(runes) > maxText {
		name = string(runes[:maxText])
	}
	if name == "" {
		name = "法定节假日"
	}
	var parts []string
	for _, one := range strings.FieldsFunc(name, func(r rune) bool { return r == '、' || r == '/' || r == '，' || r == '·' }) {
		if en := holidays[strings.TrimSpace(one)]; en != "" && !slices.Contains(parts, en) {
			parts = append(parts, en)
		}
	}
	switch {
	case english != "" && utf8.RuneCountInString(english) <= maxText:
		return lang.Text{ZH: name, EN: english}
	case len(parts) > 0:
		return lang.Text{ZH: name, EN: strings.Join(parts, " and ")}
	}
	return lang.Text{ZH: name, EN: "public holiday"}
}
