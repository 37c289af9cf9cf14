package clock

import (
	_ "embed" // the published days off of China
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

//go:embed china.tsv
var chinaDays string

// China is the ordinary calendar of an office on the mainland: ChinaSpec, made.
func China() *Calendar {
	c, err := New(ChinaSpec())
	if err != nil {
		panic("clock: the embedded calendar does not hold: " + err.Error()) // held by a test
	}
	return c
}

// ChinaSpec is Monday to Friday 9:00–12:00 and 13:30–17:30, with the statutory
// days of the published years. A unit with other hours starts from it.
func ChinaSpec() Spec {
	hours := []Period{{9 * 60, 12 * 60}, {13*60 + 30, 17*60 + 30}}
	s := Spec{Zone: "Asia/Shanghai", Hours: map[time.Weekday][]Period{}, MakeUp: hours, Years: ChinaYears()}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Hours[d] = hours
	}
	return s
}

// ChinaYears are the notices of the State Council that linli ships with. An
// administrator brings later ones as files, which package calendar reads.
func ChinaYears() []Year {
	years, err := parseYears(chinaDays)
	if err != nil {
		panic("clock: the embedded days do not parse: " + err.Error()) // held by a test
	}
	return years
}

// maxDays is more days than ten years of notices hold.
const maxDays = 2000

// parseYears reads the embedded notices: lines of date, name, is_off_day (1 off,
// 0 a make-up workday) and optionally the English name, with tabs or commas
// between; a head line and lines that begin with # are skipped. Each calendar
// year named by a line counts as published.
func parseYears(text string) ([]Year, error) {
	byYear := map[int]*Year{}
	days := 0
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || (i == 0 && strings.HasPrefix(line, "date")) {
			continue
		}
		day, off, err := parseDay(i+1, line)
		if err != nil {
			return nil, err
		}
		if days++; days > maxDays {
			return nil, errs.New(errs.TooLarge, "一次最多读 %d 天的安排", "At most %d days are read at once", maxDays)
		}
		n, _ := strconv.Atoi(string(day.Date[:4])) // parseDay has checked it
		y := byYear[n]
		if y == nil {
			y = &Year{Year: n}
			byYear[n] = y
		}
		if off {
			y.Off = append(y.Off, day)
		} else {
			y.Work = append(y.Work, day)
		}
	}
	out := make([]Year, 0, len(byYear))
	for _, y := range byYear {
		out = append(out, *y)
	}
	slices.SortFunc(out, func(a, b Year) int { return a.Year - b.Year })
	return out, nil
}

func parseDay(n int, line string) (day Day, off bool, err error) {
	cells := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ',' })
	if len(cells) < 3 || len(cells) > 4 {
		return Day{}, false, errs.New(errs.Invalid, "第 %d 行要有日期、名称、是否休息三列", "Line %d needs date, name and whether it is off", n)
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	date, err := ParseDate(cells[0])
	if err != nil {
		return Day{}, false, errs.New(errs.Invalid, "第 %d 行的 %q 不是日期", "Line %d: %q is not a date", n, clip(cells[0])).At("date")
	}
	name := lang.Text{ZH: cells[1], EN: cells[1]}
	if len(cells) == 4 {
		name.EN = cells[3]
	}
	switch cells[2] {
	case "1", "true", "休":
		off = true
	case "0", "false", "班":
	default:
		return Day{}, false, errs.New(errs.Invalid, "第 %d 行：%q 应为 1（休息）或 0（上班）", "Line %d: %q should be 1 (off) or 0 (at work)", n, clip(cells[2])).At("is_off_day")
	}
	return Day{Date: date, Name: name}, off, nil
}
