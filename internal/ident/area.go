package ident

import (
	"fmt"
	"strings"
)

// Tier is a level of the areas.
type Tier string

// The tiers, from the top.
const (
	District  Tier = "district"
	Street    Tier = "street"
	Community Tier = "community"
	Grid      Tier = "grid"
)

// AreaCode is the code of an area without padding: district 6 digits, street or
// town 9, community or village 12, grid 15. The parent is a prefix, so the code
// says everything about where an area hangs.
type AreaCode string

// ParseAreaCode reads a code of any tier. Twelve digits padded with zeros, as
// statistics publish districts and streets, are shortened.
func ParseAreaCode(s string) (AreaCode, error) {
	n := fold(s)
	if !digits(n) {
		return "", invalid("code", "区域代码 %q 只能是数字", "The area code %q may only have digits", clip(s))
	}
	if len(n) == 12 {
		n = strings.TrimSuffix(n, "000")
		if len(n) == 9 {
			n = strings.TrimSuffix(n, "000")
		}
	}
	c := AreaCode(n)
	if c.Tier() == "" {
		return "", invalid("code", "区域代码 %q 有 %d 位，应为 6（区县）、9（街镇）、12（社区村）或 15 位（网格）", "The area code %q has %d digits; it should have 6 (district), 9 (street), 12 (community) or 15 (grid)", clip(n), len(n))
	}
	if n[0] == '0' || n[2:6] == "0000" {
		return "", invalid("code", "%q 不是区县以下的代码", "%q is no code of a district or below", n)
	}
	for end := 9; end <= len(n); end += 3 {
		if n[end-3:end] == "000" {
			return "", invalid("code", "区域代码 %q 的第 %d 到 %d 位是 000，中间缺了一级", "The area code %q has 000 at digits %d to %d: a tier is missing", n, end-2, end)
		}
	}
	return c, nil
}

// ParseGridCode reads the code of a grid.
func ParseGridCode(s string) (AreaCode, error) {
	c, err := ParseAreaCode(s)
	if err == nil && c.Tier() != Grid {
		return "", invalid("code", "%q 不是网格代码：要 15 位，即社区 12 位加序号 3 位", "%q is no grid code: it has 15 digits, 12 of the community and 3 of its own", string(c))
	}
	return c, err
}

// Tier is the level the code's length says.
func (c AreaCode) Tier() Tier {
	switch len(c) {
	case 6:
		return District
	case 9:
		return Street
	case 12:
		return Community
	case 15:
		return Grid
	}
	return ""
}

// Parent is the area above, or "" above a district.
func (c AreaCode) Parent() AreaCode {
	if len(c) <= 6 {
		return ""
	}
	return c[:len(c)-3]
}

// At is the area of a tier that this one lies in, itself included; "" where
// the tier is below.
func (c AreaCode) At(t Tier) AreaCode {
	n := map[Tier]int{District: 6, Street: 9, Community: 12, Grid: 15}[t]
	if n > len(c) {
		return ""
	}
	return c[:n]
}

// District is the top area, which is part of every key.
func (c AreaCode) District() AreaCode { return c.At(District) }

// Within reports whether c lies in o or is o.
func (c AreaCode) Within(o AreaCode) bool { return o != "" && strings.HasPrefix(string(c), string(o)) }

// Exclusive reports whether a grid is a list of members (a market, a boat
// group) instead of an outline: its sequence is 901 or more.
func (c AreaCode) Exclusive() bool { return len(c) == 15 && c[12] == '9' && c[12:] > "900" }

// Padded is the code in the twelve digits that statistics use; a grid has
// none and keeps its fifteen.
func (c AreaCode) Padded() string {
	if len(c) >= 12 {
		return string(c)
	}
	return string(c) + strings.Repeat("0", 12-len(c))
}

// ClassCode is the five digits of a component or matter class: two of the
// major class and three of its own. Components and matters each count from
// 01001, so a class needs its kind beside it.
type ClassCode string

// ParseClassCode reads a class.
func ParseClassCode(s string) (ClassCode, error) {
	n := fold(s)
	if len(n) != 5 || !digits(n) || n[:2] == "00" || n[2:] == "000" {
		return "", invalid("class", "类别代码 %q 应为 5 位：大类 2 位加小类 3 位，如 01002", "The class code %q should have 5 digits: 2 of the major class and 3 of the minor, such as 01002", clip(s))
	}
	return ClassCode(n), nil
}

// Major is the two digits of the major class.
func (c ClassCode) Major() string { return string(c[:2]) }

// MatterCode is the eleven digits that exchanges use for a matter: division and
// class. It names a class, not a case.
type MatterCode string

// ParseMatterCode reads a matter code.
func ParseMatterCode(s string) (MatterCode, error) {
	n := fold(s)
	if len(n) != 11 || !digits(n) {
		return "", invalid("matter", "事项代码 %q 应为 11 位：区划 6 位加类别 5 位", "The matter code %q should have 11 digits: 6 of the division and 5 of the class", clip(s))
	}
	if err := divisionAndClass(n); err != nil {
		return "", err
	}
	return MatterCode(n), nil
}

// Division is the district of the code.
func (c MatterCode) Division() AreaCode { return AreaCode(c[:6]) }

// Class is the class of the matter.
func (c MatterCode) Class() ClassCode { return ClassCode(c[6:11]) }

// ComponentCode is the seventeen digits of one component, such as one manhole
// cover: division, class and a sequence of six.
type ComponentCode string

// ParseComponentCode reads a component code.
func ParseComponentCode(s string) (ComponentCode, error) {
	n := fold(s)
	if len(n) != 17 || !digits(n) {
		return "", invalid("component", "部件标识码 %q 应为 17 位：区划 6 位、类别 5 位、顺序号 6 位", "The component code %q should have 17 digits: 6 of the division, 5 of the class, 6 of its own", clip(s))
	}
	if n[11:] == "000000" {
		return "", invalid("component", "部件标识码 %q 的顺序号不能全是 0", "The last six digits of the component code %q may not all be 0", n)
	}
	if err := divisionAndClass(n); err != nil {
		return "", err
	}
	return ComponentCode(n), nil
}

func divisionAndClass(n string) error {
	if _, err := ParseAreaCode(n[:6]); err != nil {
		return err
	}
	_, err := ParseClassCode(n[6:11])
	return err
}

// NewComponentCode puts a component code together.
func NewComponentCode(division AreaCode, class ClassCode, serial int) (ComponentCode, error) {
	return ParseComponentCode(fmt.Sprintf("%s%s%06d", division, class, serial))
}

// Division is the district of the code.
func (c ComponentCode) Division() AreaCode { return AreaCode(c[:6]) }

// Class is the class of the component.
func (c ComponentCode) Class() ClassCode { return ClassCode(c[6:11]) }
