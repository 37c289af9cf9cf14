package clock

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Period is a piece of a day in minutes after midnight, From included and To
// not. A period whose To is before its From runs over midnight; routes may have
// such hours, office hours may not.
type Period struct{ From, To int }

// Contains reports whether a minute of the day lies in the period.
func (p Period) Contains(minute int) bool {
	if p.From <= p.To {
		return p.From <= minute && minute < p.To
	}
	return minute >= p.From || minute < p.To
}

// String is the form ParsePeriod reads: 09:00-12:00.
func (p Period) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", p.From/60, p.From%60, p.To/60, p.To%60)
}

var periodShape = regexp.MustCompile(`^\s*(\d{1,2}):(\d{2})\s*(?:-|至|到)\s*(\d{1,2}):(\d{2})\s*$`)

// ParsePeriod reads 9:00-12:00, 13:30–17:30, 18:00-08:00 (over midnight) or
// 00:00-24:00.
func ParsePeriod(s string) (Period, error) {
	bad := errs.New(errs.Invalid, "看不懂时段 %q，例如 09:00-12:00", "Cannot read the hours %q; write for example 09:00-12:00", clip(s)).At("hours")
	m := periodShape.FindStringSubmatch(narrow(s))
	if m == nil {
		return Period{}, bad
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // two digits at most, by the expression
	}
	p := Period{n[0]*60 + n[1], n[2]*60 + n[3]}
	if n[1] > 59 || n[3] > 59 || p.From >= 24*60 || p.To > 24*60 || p.From == p.To {
		return Period{}, bad
	}
	return p, nil
}

// MarshalText and UnmarshalText let packs hold periods.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePeriod reads.
func (p *Period) UnmarshalText(b []byte) error {
	got, err := ParsePeriod(string(b))
	if err != nil {
		return err
	}
	*p = got
	return nil
}

// CheckHours refuses office hours that are not in order within one day. day is
// what the refusal calls them.
func CheckHours(day lang.Text, hours []Period) error {
	end := 0
	for _, p := range hours {
		if p.From < end || p.To <= p.From || p.To > 24*60 {
			return errs.New(errs.Invalid, "%[1]s的办公时间 %[2]s 前后不对，应从早到晚、互不重叠", "Office hours of %[3]s: %[2]s is out of order; hours go from early to late and do not overlap", day.ZH, p, day.EN).At("hours")
		}
		end = p.To
	}
	return nil
}

// span is the first minute, the last and the sum of a day's office hours.
func span(hours []Period) (open, end, sum int) {
	if len(hours) == 0 {
		return 0, 0, 0
	}
	for _, p := range hours {
		sum += p.To - p.From
	}
	return hours[0].From, hours[len(hours)-1].To, sum
}

// Span is a time during which the clock stood still, From included, To not, and
// why, for the explanation; no reason is told as a plain pause. One without an
// end moves nothing yet: see Count.Held.
type Span struct {
	From, To time.Time
	Why      lang.Text
}

// longestPause bounds the years that have to be counted out when a pause was
// written with an end in some far century.
const longestPause = 200 * 366 * daySeconds

// merge drops what lies before start and joins what overlaps or touches, so
// that how a pause was written down does not matter. In the usual case of no
// pause it allocates nothing.
func merge(pauses []Span, start int64) []stretch {
	if len(pauses) == 0 {
		return nil
	}
	all := make([]stretch, 0, len(pauses))
	for _, p := range pauses {
		if s := (stretch{max(p.From.Unix(), start), min(p.To.Unix(), start+longestPause)}); s.to > s.from {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// stretch is a Span in seconds since 1970.
type stretch struct{ from, to int64 }
