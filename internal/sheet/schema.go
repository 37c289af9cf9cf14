package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/width"

	"linli/internal/lang"
)

// Kind is what a field holds.
type Kind string

// The kinds of field.
const (
	KindText   Kind = "text"
	KindCode   Kind = "code"   // text without white space; full-width letters and digits become plain
	KindInt    Kind = "int"    // whole number
	KindNumber Kind = "number" // finite number
	KindDate   Kind = "date"   // kept as YYYY-MM-DD
	KindTime   Kind = "time"   // an instant
)

// Field is one column of what a verb asks for.
type Field struct {
	Name     string
	Title    lang.Text // also taken as a column name, in either language
	Kind     Kind      // text where empty
	Required bool
	Max      int // characters; 200 where 0
}

// Schema is the shape of the rows a verb asks for.
type Schema []Field

func (s Schema) field(name string) (int, bool) {
	for i, f := range s {
		if f.Name == name {
			return i, true
		}
	}
	return 0, false
}

// value is a parsed field. Text is its canonical form; set is false where the
// source has nothing.
type value struct {
	set    bool
	text   string
	number float64
	at     time.Time
	place  Place
}

// Layouts tried where a mapping names none. Times without a zone are in the
// mapping's zone.
var (
	dateLayouts = []string{"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"}
	timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-1-2 15:04", "2006/1/2 15:04:05",
		"2006/1/2 15:04", "2006年1月2日 15:04:05", "2006年1月2日 15:04"}
)

// scientific is a long code after a spreadsheet took it for a number; its last
// digits are lost.
var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$`)

// reading is how the text of a field is to be read.
type reading struct {
	layout string
	zone   *time.Location
}

// parse reads raw, already trimmed and not missing. The text returned says
// what is wrong.
func (f Field) parse(raw string, how reading) (value, lang.Text) {
	v := value{set: true, text: raw}
	switch f.Kind {
	case KindCode:
		return f.parseCode(raw)
	case KindInt, KindNumber:
		return f.parseNumber(raw)
	case KindDate:
		at, ok := parseTime(raw, how, append(dateLayouts, timeLayouts...))
		if !ok {
			return v, lang.T("“%s”不是日期；请写成 2026-01-31。", "“%s” is not a date; write it as 2026-01-31.", short(raw))
		}
		v.at, v.text = at, at.Format(time.DateOnly)
	case KindTime:
		at, ok := parseTime(raw, how, append(timeLayouts, dateLayouts...))
		if !ok {
			return v, lang.T("“%s”不是时间；请写成 2026-01-31 15:04:05。", "“%s” is not a time; write it as 2026-01-31 15:04:05.", short(raw))
		}
		v.at, v.text = at, at.UTC().Format(time.RFC3339Nano)
	default:
		if strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }) {
			return v, lang.T("文字里有控制字符。", "The text holds control characters.")
		}
	}
	return v, f.tooLong(v.text)
}

func (f Field) tooLong(s string) lang.Text {
	limit := f.Max
	if limit == 0 {
		limit = 200
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return lang.T("有 %d 个字，最多 %d 个。", "It has %d characters; %d are the most.", n, limit)
	}
	return lang.Text{}
}

func (f Field) parseCode(raw string) (value, lang.Text) {
	v := value{set: true, text: width.Narrow.String(raw)}
	if scientific.MatchString(v.text) {
		return v, lang.T("“%s”是被电子表格改成科学计数的代码，末尾数字已丢失；请把这一列设为文本。",
			"“%s” is a code that a spreadsheet turned into scientific notation and its last digits are lost; format the column as text.", short(raw))
	}
	if strings.ContainsFunc(v.text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return v, lang.T("代码“%s”里有空白。", "The code “%s” holds white space.", short(raw))
	}
	return v, f.tooLong(v.text)
}

func (f Field) parseNumber(raw string) (value, lang.Text) {
	plain := strings.ReplaceAll(width.Narrow.String(raw), ",", "")
	n, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(plain, "xX_") {
		return value{}, lang.T("“%s”不是数字。", "“%s” is not a number.", short(raw))
	}
	if f.Kind == KindInt && (n != math.Trunc(n) || math.Abs(n) > 1<<53) {
		return value{}, lang.T("“%s”不是整数。", "“%s” is not a whole number.", short(raw))
	}
	return value{set: true, text: plain, number: n}, lang.Text{}
}

// parseTime also takes a workbook's day number, which is what a cell formatted
// as a date holds.
func parseTime(raw string, how reading, layouts []string) (time.Time, bool) {
	zone := how.zone
	if zone == nil {
		zone = chinaTime
	}
	if how.layout != "" {
		layouts = []string{how.layout}
	}
	for _, l := range layouts {
		if at, err := time.ParseInLocation(l, raw, zone); err == nil {
			return at, at.Year() >= 1 && at.Year() <= 9999
		}
	}
	if n, err := strconv.ParseFloat(raw, 64); err == nil && n >= 1 && n < 200_000 {
		if at, err := excelize.ExcelDateToTime(n, false); err == nil {
			y, m, d := at.Date()
			return time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, zone), true
		}
	}
	return time.Time{}, false
}

// chinaTime is the legal time of the whole country, which has no summer time.
var chinaTime = time.FixedZone("Asia/Shanghai", 8*3600)

// short cuts a value for a message.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
