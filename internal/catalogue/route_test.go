package catalogue

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const guixiang = "990101001001007"

func tree() []Matter {
	return []Matter{
		{Code: "m", Kind: Group}, {Code: "m06", Parent: "m", Kind: Group},
		{Code: "m06010", Parent: "m06", Kind: Event}, {Code: "m06011", Parent: "m06", Kind: Event},
		{Code: "social", Kind: Group}, {Code: "x9", Parent: "social", Kind: Dispute},
	}
}

var territory = []Fallback{{Unit: "u-street"}, {Unit: "u-station"}, {Unit: "u-centre"}}

func mustHours(s string) Hours {
	h, err := ParseHours(s)
	if err != nil {
		panic(err)
	}
	return h
}

func TestRoute(t *testing.T) {
	t.Parallel()
	r := func(matter, area, hours, unit string, weight ...int) Rule {
		one := Rule{Matter: matter, Area: area, Hours: mustHours(hours), Unit: unit}
		if len(weight) > 0 {
			one.Weight = weight[0]
		}
		return one
	}
	office, night := When{Minute: 10 * 60, Office: true}, When{Minute: 2 * 60}
	rows := []struct {
		why    string
		matter string
		when   When
		rules  []Rule
		want   string
		owner  bool
	}{
		{"the deeper matter wins over the deeper area", "m06010", office, []Rule{r("m06", guixiang, "", "u-grid"), r("m06010", "", "", "u-leaf")}, "u-leaf u-grid u-street", true},
		{"the deeper area wins within a matter", "m06010", office, []Rule{r("m06010", "990101", "", "u-all"), r("m06010", "990101001001", "", "u-com"), r("m06010", "990101001", "", "u-str")}, "u-com u-str u-all", true},
		{"a beginning of the code is between leaf and class", "m06010", office, []Rule{r("m06", "", "", "u-class"), r("m0601", "", "", "u-tens")}, "u-tens u-class u-street", true},
		{"narrower hours win", "m06010", night, []Rule{r("m06010", "", "", "u-day"), r("m06010", "", "off-office", "u-off"), r("m06010", "", "01:00-03:00", "u-night")}, "u-night u-off u-day", true},
		{"hours that do not hold are passed over", "m06010", office, []Rule{r("m06010", "", "off-office", "u-off"), r("m06010", "", "", "u-day")}, "u-day u-street u-station", true},
		{"ties go to the lower line", "m06010", office, []Rule{r("m06010", "", "", "u-one"), r("m06010", "", "", "u-two")}, "u-one u-two u-street", true},
		{"a parent that is no beginning of the code holds too", "x9", office, []Rule{r("social", "", "", "u-mediate")}, "u-mediate u-street u-station", true},
		{"a rule for everything is a rule", "m06010", office, []Rule{r("", "", "", "u-any")}, "u-any u-street u-station", true},
		{"another matter's rule is none", "m06010", office, []Rule{r("m06011", "", "", "u-other")}, "u-street u-station u-centre", false},
		{"another area's rule is none", "m06010", office, []Rule{r("m06010", "990101002", "", "u-other")}, "u-street u-station u-centre", false},
		{"each unit once", "m06010", office, []Rule{r("m06010", "", "", "u-street"), r("m06", "", "", "u-street")}, "u-street u-station u-centre", true},
		{"among learned rules the heavier first", "m06010", office, []Rule{r("m06010", "990101001", "", "u-less", 20), r("m06010", "990101001", "", "u-more", 180)}, "u-more u-less u-street", true},
		{"the narrower count before the heavier", "m06010", office, []Rule{r("m06010", "", "", "u-wide", 5000), r("m06010", "990101001001", "", "u-near", 3)}, "u-near u-wide u-street", true},
		{"one step up the areas before one up the matters", "m06010", office, []Rule{r("m06", guixiang, "", "u-class", 9), r("m06010", "990101001001", "", "u-com", 9)}, "u-com u-class u-street", true},
		{"what somebody wrote before what history says", "m06010", office, []Rule{r("m06010", guixiang, "", "u-history", 900), r("m", "", "", "u-written")}, "u-written u-history u-street", true},
		{"an unknown matter is not lost", "zzz", office, nil, "u-street u-station u-centre", false},
	}
	for _, row := range rows {
		e := build(parts{matters: tree(), rules: row.rules}).Route(Query{Matter: row.matter, Area: guixiang, When: row.when, Territory: territory})
		var units []string
		for _, c := range e.Choices {
			units = append(units, c.Unit)
			if c.Score > 0 && (c.Why.ZH == "" || c.Why.EN == "") {
				t.Errorf("%s: %s does not say why", row.why, c.Unit)
			}
		}
		if got := strings.Join(units, " "); got != row.want || e.NoOwner == row.owner {
			t.Errorf("%s: got %s, no owner %t; want %s, %t", row.why, got, e.NoOwner, row.want, !row.owner)
		}
	}
}

func TestRouteSaysHowSure(t *testing.T) {
	t.Parallel()
	c := build(parts{matters: tree(), rules: []Rule{
		{Matter: "m06010", Area: "990101001", Unit: "u-a", Weight: 7000}, {Matter: "m06010", Area: "990101001", Unit: "u-b", Weight: 3000},
		// Many units had a few each; the three that are kept had half between them.
		{Matter: "x9", Area: "990101001", Unit: "u-a", Weight: 4000}, {Matter: "x9", Area: "990101001", Unit: "u-b", Weight: 700}, {Matter: "x9", Area: "990101001", Unit: "u-e", Weight: 300},
		{Matter: "m06011", Unit: "u-c", Hours: mustHours("office"), Co: []string{"u-d"}, From: "routes.csv:7"},
	}})
	e := c.Route(Query{Matter: "m06010", Area: guixiang})
	if first := e.Choices[0]; !first.Sure || first.Score != 0.7 || first.Why.ZH != "过去本街道这一类事，70% 由它办" {
		t.Errorf("got %+v", first)
	}
	if e.Choices[1].Sure {
		t.Error("the second choice is never sure")
	}
	e = c.Route(Query{Matter: "x9", Area: guixiang})
	if first := e.Choices[0]; first.Sure || first.Score != 0.4 || first.Why.ZH != "过去本街道这一类事，40% 由它办" {
		t.Errorf("the best of a short list: got %+v, want its share of all cases, 0.4, and not sure", first)
	}
	e = c.Route(Query{Matter: "m06011", Area: guixiang, When: When{Office: true}})
	if first := e.Choices[0]; !first.Sure || first.Rule != "routes.csv:7" || first.Co[0] != "u-d" || first.Why.EN != "by the routing table: this matter, office hours is its job" {
		t.Errorf("got %+v", first)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	rows := []struct {
		why, hours string
		minute     int
		office     bool
		want       bool
	}{
		{"always", "", 3, false, true},
		{"office", "office", 600, true, true},
		{"off", "off-office", 600, true, false},
		{"over midnight, late", "18:00-08:00", 23 * 60, false, true},
		{"over midnight, early", "18:00-08:00", 7 * 60, false, true},
		{"over midnight, noon", "18:00-08:00", 12 * 60, true, false},
		{"the end is not within", "18:00-08:00", 8 * 60, true, false},
		{"the start is", "18:00-08:00", 18 * 60, false, true},
		{"to the end of the day", "20:00-24:00", 24*60 - 1, false, true},
	}
	for _, row := range rows {
		if got := mustHours(row.hours).Hold(When{Minute: row.minute, Office: row.office}); got != row.want {
			t.Errorf("%s: got %t", row.why, got)
		}
	}
	for _, bad := range []string{"nights", "25:00-08:00", "08:00-08:00", "8-9", "18:00-24:30"} {
		if _, err := ParseHours(bad); err == nil {
			t.Errorf("%q was taken for hours", bad)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	f.Add("18:00-08:00")
	f.Add("office")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			return
		}
		again, err := ParseHours(h.String())
		if err != nil || again != h {
			t.Errorf("%q reads as %v, written %q reads as %v, %v", s, h, h.String(), again, err)
		}
	})
}

// manyRules are 10,000 rules over the base pack, 5,000 of them learned.
func manyRules(c *Catalogue) []Rule {
	rnd := rand.New(rand.NewPCG(1, 2))
	open := c.open()
	rules := make([]Rule, 10_000)
	for i := range rules {
		code := open[rnd.IntN(len(open))].Code
		area := fmt.Sprintf("990101%03d%03d%03d", 1+rnd.IntN(3), 1+rnd.IntN(4), 1+rnd.IntN(10))
		rules[i] = Rule{Matter: code[:3+rnd.IntN(len(code)-2)], Area: area[:[]int{6, 9, 12, 15}[rnd.IntN(4)]], Unit: fmt.Sprint("u-", rnd.IntN(20))}
		if i%2 == 0 {
			rules[i].Matter, rules[i].Weight = code, 1+rnd.IntN(100)
		}
	}
	return rules
}

func BenchmarkRoute(b *testing.B) {
	c := basePack(b).Catalogue()
	c.rules = newTable(manyRules(c))
	open := c.open()
	for i := 0; b.Loop(); i++ {
		c.Route(Query{Matter: open[i%len(open)].Code, Area: guixiang, When: When{Office: i%2 == 0}, Territory: territory})
	}
}
