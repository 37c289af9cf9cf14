package catalogue

import (
	"maps"
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/errs"
)

// Limits are limits by class of urgency, for matters whose cases differ in it.
type Limits map[Urgency]clock.Limit

// danger is the class of a case in which people may come to harm.
const danger Urgency = "A"

// LimitFor is the limit of a case about the matter: that of the case's class of
// urgency where the matter has one, else the matter's. Danger raises the class.
func (m Matter) LimitFor(endangers bool) clock.Limit {
	class := m.Urgency
	if endangers {
		class = danger
	}
	if limit, ok := m.Limits[class]; ok {
		return limit
	}
	return m.Limit
}

// ParseLimits reads limits by urgency: "A=2 hours;B=4 working-hours".
func ParseLimits(text string) (Limits, error) {
	var all Limits
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		class := Urgency(strings.ToUpper(strings.TrimSpace(name)))
		limit, err := clock.ParseLimit(strings.TrimSpace(value))
		if _, twice := all[class]; err != nil || twice || class.Title().IsZero() {
			return nil, errs.New(errs.Invalid, "“%s”看不懂：写成 A=2 hours;B=4 working-hours，每个紧急程度一次。", "“%s” is not understood: write A=2 hours;B=4 working-hours, each class once.", strings.TrimSpace(part))
		}
		if all == nil {
			all = Limits{}
		}
		all[class] = limit
	}
	return all, nil
}

// String is the form that ParseLimits reads.
func (l Limits) String() string {
	var parts []string
	for _, class := range slices.Sorted(maps.Keys(l)) {
		parts = append(parts, string(class)+"="+l[class].String())
	}
	return strings.Join(parts, ";")
}
