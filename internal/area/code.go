package area

import (
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Code names an area: 6 digits a district, 9 a street or town, 12 a community
// or village, 15 a grid. Each begins with its parent's.
type Code string

// Tier is the height of an area.
type Tier string

// The tiers, from the top.
const (
	District  Tier = "district"
	Street    Tier = "street"
	Community Tier = "community"
	Grid      Tier = "grid"
)

var tierDigits = map[Tier]int{District: 6, Street: 9, Community: 12, Grid: 15}

var tierText = map[Tier]lang.Text{
	District:  {ZH: "区", EN: "district"},
	Street:    {ZH: "街道", EN: "street"},
	Community: {ZH: "社区", EN: "community"},
	Grid:      {ZH: "网格", EN: "grid"},
}

// Text names the tier for a person.
func (t Tier) Text() lang.Text { return tierText[t] }

// ParseCode reads an area code. The 12 digits that statistics pad with zeros
// (990101001000 for a street) are shortened.
func ParseCode(s string) (Code, error) {
	for _, r := range s {
		if r < '0' || r > '9' {
			return "", badCode(s)
		}
	}
	if len(s) == 12 && strings.HasSuffix(s, "000000") {
		s = s[:6]
	} else if len(s) == 12 && strings.HasSuffix(s, "000") {
		s = s[:9]
	}
	c := Code(s)
	if c.Tier() == "" || strings.HasPrefix(s, "0") {
		return "", badCode(s)
	}
	for at := c; at.Parent() != ""; at = at.Parent() {
		if strings.HasSuffix(string(at), "000") { // number 000 is the padding, never an area
			return "", badCode(s)
		}
	}
	return c, nil
}

func badCode(s string) error {
	if len(s) > 40 {
		s = s[:40]
	}
	return errs.New(errs.Invalid, "“%s”不是区域代码：区 6 位、街道 9 位、社区 12 位、网格 15 位数字。",
		"“%s” is no area code: 6 digits for a district, 9 a street, 12 a community, 15 a grid.", s)
}

// Tier is the height the code's length gives it, "" for no code.
func (c Code) Tier() Tier {
	for tier, digits := range tierDigits {
		if len(c) == digits {
			return tier
		}
	}
	return ""
}

// Parent is the area above, "" above the district.
func (c Code) Parent() Code {
	if len(c) <= 6 {
		return ""
	}
	return c[:len(c)-3]
}

// In reports whether the area is another or lies below it.
func (c Code) In(top Code) bool {
	return top != "" && len(c) >= len(top) && c[:len(top)] == top && c.Tier() != "" && top.Tier() != ""
}

// At gives the area of a tier that the code is or lies in, "" where the code
// is above it.
func (c Code) At(t Tier) Code {
	if n := tierDigits[t]; n > 0 && len(c) >= n {
		return c[:n]
	}
	return ""
}

// reserved is the first sequence number of exclusive grids within a community.
const reserved = "901"

// kind is what sort of grid the code's sequence number says it is.
func (c Code) kind() Kind {
	switch {
	case c.Tier() != Grid:
		return ""
	case c[12:] >= reserved:
		return Exclusive
	}
	return Basic
}
