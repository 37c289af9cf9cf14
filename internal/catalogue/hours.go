package catalogue

import (
	"fmt"
	"regexp"
	"strconv"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Hours say when a rule holds: always, in or out of office hours, or from one
// time of day to another.
type Hours struct {
	Kind     HoursKind
	From, To int // minutes of the day, for Range; To may lie after midnight
}

// HoursKind is how hours are given.
type HoursKind string

// The kinds of hours.
const (
	AllDay    HoursKind = ""
	InOffice  HoursKind = "office"
	OffOffice HoursKind = "off-office"
	Range     HoursKind = "range"
)

// When is the moment a case is routed: the minute of the local day, and
// whether the district's offices are open.
type When struct {
	Minute int
	Office bool
}

var rangeShape = regexp.MustCompile(`^([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–~]\s*([01]?[0-9]|2[0-4]):([0-5][0-9])$`)

// ParseHours reads office, off-office, 18:00-08:00 or nothing.
func ParseHours(s string) (Hours, error) {
	switch s {
	case "":
		return Hours{}, nil
	case string(InOffice), "办公时间", "上班":
		return Hours{Kind: InOffice}, nil
	case string(OffOffice), "非办公时间", "下班":
		return Hours{Kind: OffOffice}, nil
	}
	bad := errs.New(errs.Invalid, "时段写成 office、off-office 或 18:00-08:00。", "Hours are office, off-office or 18:00-08:00.").At("hours")
	m := rangeShape.FindStringSubmatch(s)
	if m == nil {
		return Hours{}, bad
	}
	n := [4]int{}
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // two digits, by the shape
	}
	h := Hours{Kind: Range, From: n[0]*60 + n[1], To: n[2]*60 + n[3]}
	if h.From == h.To || h.To > 24*60 {
		return Hours{}, bad
	}
	return h, nil
}

// String is what ParseHours reads.
func (h Hours) String() string {
	if h.Kind != Range {
		return string(h.Kind)
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Hold reports whether w lies within the hours. The end is not within.
func (h Hours) Hold(w When) bool {
	switch h.Kind {
	case InOffice:
		return w.Office
	case OffOffice:
		return !w.Office
	case Range:
		if h.From < h.To {
			return h.From <= w.Minute && w.Minute < h.To
		}
		return w.Minute >= h.From || w.Minute < h.To
	}
	return true
}

// span is how many minutes of a day the hours hold at most: the fewer, the
// more specific the rule.
func (h Hours) span() int {
	switch h.Kind {
	case InOffice:
		return 12 * 60
	case OffOffice:
		return 16 * 60
	case Range:
		if h.From < h.To {
			return h.To - h.From
		}
		return h.To + 24*60 - h.From
	}
	return 24*60 + 1
}

// text says the hours to a person; nothing for all day.
func (h Hours) text() lang.Text {
	switch h.Kind {
	case InOffice:
		return lang.T("办公时间", "office hours")
	case OffOffice:
		return lang.T("非办公时间", "out of office hours")
	case Range:
		return lang.T("%s", "%s", h.String())
	}
	return lang.Text{}
}
