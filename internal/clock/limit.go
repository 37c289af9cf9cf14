package clock

import (
	"regexp"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Unit says in what a limit counts.
type Unit string

// The units. See the package comment for what each one means to a person.
const (
	Minutes      Unit = "minutes"
	Hours        Unit = "hours"
	WorkingHours Unit = "working-hours"
	WorkingDays  Unit = "working-days"
	Days         Unit = "days"
	ElapsedDays  Unit = "elapsed-days"
)

// Working reports whether the unit is counted on the calendar of a unit, so
// that loading a year or changing the office hours moves its deadlines.
func (u Unit) Working() bool { return u == WorkingHours || u == WorkingDays }

// MaxLimit is the largest N of a limit. Twenty-seven years of calendar days is
// more than any rule asks for; a larger number is a slip of the finger.
const MaxLimit = 10000

// Limit is how long something may take: "5 working-days". The zero Limit is no
// limit at all; ParseLimit never returns it without an error. It is different
// from a limit of nothing, "0 elapsed-days", which is due when it begins. Of no
// other unit is there a nothing: 0 working-days would be a slip of the finger.
type Limit struct {
	N    int
	Unit Unit
}

// IsZero reports whether there is no limit.
func (l Limit) IsZero() bool { return l == Limit{} }

// Check refuses a limit that nobody could keep or that names no unit.
func (l Limit) Check() error {
	switch l.Unit {
	case Minutes, Hours, WorkingHours, WorkingDays, Days, ElapsedDays:
	case "":
		return errs.New(errs.Invalid, "时限 %d 没有写单位，例如 5 working-days", "The limit %d has no unit; write for example 5 working-days", l.N).At("limit")
	default:
		return errs.New(errs.Invalid, "不认识的时限单位 %q", "Unknown unit of time %q", string(l.Unit)).At("limit")
	}
	least := 1
	if l.Unit == ElapsedDays {
		least = 0 // due at the instant of opening, as some of a city's own tables say
	}
	if l.N < least || l.N > MaxLimit {
		return errs.New(errs.Invalid, "时限要在 %d 到 %d 之间，写的是 %d", "A limit is between %d and %d, not %d", least, MaxLimit, l.N).At("limit")
	}
	return nil
}

// Plus is the limit made longer by an extension (延期) in the same unit. It
// refuses another unit, because 2 days more than 5 working days is no limit
// that anybody could name, an extension of nothing, and a sum over MaxLimit.
func (l Limit) Plus(more Limit) (Limit, error) {
	if err := l.Check(); err != nil {
		return Limit{}, err
	}
	if err := more.Check(); err != nil {
		return Limit{}, err
	}
	if more.Unit != l.Unit {
		return Limit{}, errs.New(errs.Invalid, "时限是 %[1]s，延期也要按同一种单位，不能是 %[2]s", "The limit is %[3]s; an extension is in the same unit, not %[4]s", l.Text().ZH, more.Text().ZH, l.Text().EN, more.Text().EN).At("limit")
	}
	if more.N == 0 {
		return Limit{}, errs.New(errs.Invalid, "延期至少是 1", "An extension is at least 1").At("limit")
	}
	sum := Limit{N: l.N + more.N, Unit: l.Unit}
	if err := sum.Check(); err != nil {
		return Limit{}, err
	}
	return sum, nil
}

// String is the form that packs use and ParseLimit reads: "5 working-days".
func (l Limit) String() string {
	if l.IsZero() {
		return ""
	}
	return strconv.Itoa(l.N) + " " + string(l.Unit)
}

// Text is the limit as people say it.
func (l Limit) Text() lang.Text {
	if l.IsZero() {
		return lang.T("不限时", "no limit")
	}
	var zh, en string
	switch l.Unit {
	case Minutes:
		zh, en = "%d 分钟", "%d minute"
	case Hours:
		zh, en = "%d 小时", "%d hour"
	case WorkingHours:
		zh, en = "%d 个工作小时", "%d working hour"
	case WorkingDays:
		zh, en = "%d 个工作日", "%d working day"
	case Days:
		zh, en = "%d 天", "%d day"
	case ElapsedDays:
		zh, en = "满 %d 天", "%d full day"
	default:
		zh, en = "%d "+string(l.Unit), "%d "+string(l.Unit)
	}
	if l.N != 1 && l.Unit.spelled() {
		en += "s"
	}
	return lang.T(zh, en, l.N)
}

func (u Unit) spelled() bool { return u != "" && unitOf(string(u)) == u }

// MarshalText writes the form that packs use. yaml and json both call it.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what ParseLimit reads; an empty text is no limit.
func (l *Limit) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*l = Limit{}
		return nil
	}
	got, err := ParseLimit(string(b))
	if err != nil {
		return err
	}
	*l = got
	return nil
}

var limitShape = regexp.MustCompile(`^(满)?\s*([+-]?[0-9]+)\s*(\S.*)?$`)

// ParseLimit reads a limit as packs write it ("5 working-days", "1 working
// day", "2h") or as people do ("5个工作日", "30分钟", "4个工作时", "满7天").
// Anything it is not sure about is errs.Invalid: a limit is a promise.
func ParseLimit(s string) (Limit, error) {
	text := strings.ToLower(strings.TrimSpace(narrow(s)))
	m := limitShape.FindStringSubmatch(text)
	if m == nil || len(text) > 60 {
		return Limit{}, errs.New(errs.Invalid, "看不懂时限 %q，例如 5 working-days、30 分钟", "Cannot read the limit %q; write for example 5 working-days or 30 minutes", clip(s)).At("limit")
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		n = MaxLimit + 1 // too long for an int is certainly too long a limit
	}
	unit := unitOf(m[3])
	if m[3] != "" && unit == "" {
		unit = Unit(clip(m[3]))
	}
	if m[1] != "" && unit == Days {
		unit = ElapsedDays
	}
	l := Limit{N: n, Unit: unit}
	if err := l.Check(); err != nil {
		return Limit{}, err
	}
	return l, nil
}

// unitOf knows the spellings of a unit; "" is none that it knows.
func unitOf(s string) Unit {
	s = strings.TrimPrefix(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '\t'
	}), "-"), "个")
	switch s {
	case "minutes", "minute", "min", "mins", "m", "分钟", "分":
		return Minutes
	case "hours", "hour", "h", "hrs", "hr", "小时", "钟头":
		return Hours
	case "working-hours", "working-hour", "business-hours", "business-hour", "工作小时", "工作时":
		return WorkingHours
	case "working-days", "working-day", "business-days", "business-day", "工作日", "工作天":
		return WorkingDays
	case "days", "day", "d", "calendar-days", "calendar-day", "天", "日", "自然日", "日历日":
		return Days
	case "elapsed-days", "elapsed-day", "full-days", "full-day", "整天":
		return ElapsedDays
	}
	return ""
}

// narrow turns the full-width digits and letters of a Chinese keyboard into
// plain ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '　' || r == '\u00a0':
			return ' '
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '–' || r == '—' || r == '−' || r == '~':
			return '-'
		}
		return r
	}, s)
}

// clip keeps a message short whatever was sent.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}
