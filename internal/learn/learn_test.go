package learn_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/catalogue"
	"linli/internal/lang"
	"linli/internal/learn"
)

// The places and matters these tests file cases at.
var (
	guixiang  = []string{"990101", "990101001", "990101001001"}
	wutongli  = []string{"990101", "990101001", "990101001002"}
	nanwan    = []string{"990101", "990101003", "990101003001"}
	district  = []string{"990101"}
	manhole   = []string{"c", "c01", "c01002"}
	hydrant   = []string{"c", "c01", "c01003"}
	tree      = []string{"c", "c04", "c04001"}
	peddler   = []string{"m"}
	unmatched = []string{"s", "s01"}
	unseen    = []string{"c", "c01", "c01009"}
)

// times is n cases of one kind.
func times(n int, matter, area []string, unit string) []learn.Example {
	cases := make([]learn.Example, n)
	for i := range cases {
		cases[i] = learn.Example{Matter: matter, Area: area, Unit: unit}
	}
	return cases
}

func join(all ...[]learn.Example) []learn.Example {
	var out []learn.Example
	for _, some := range all {
		out = append(out, some...)
	}
	return out
}

// routed asks the catalogue, with the learned rules as its routing table.
func routed(table *learn.Table, matter, area []string) []catalogue.Choice {
	pack := catalogue.Pack{Rules: rules(table)}
	for _, path := range [][]string{manhole, hydrant, tree, peddler, unmatched, unseen} {
		for i, code := range path {
			m := catalogue.Matter{Code: code}
			if i > 0 {
				m.Parent = path[i-1]
			}
			pack.Matters = append(pack.Matters, m)
		}
	}
	q := catalogue.Query{Matter: matter[len(matter)-1], Area: area[len(area)-1]}
	return pack.Catalogue().Route(q).Choices
}

// rules gives the learned rows as the catalogue's rules.
func rules(table *learn.Table) []catalogue.Rule {
	var all []catalogue.Rule
	for _, r := range table.Rows() {
		all = append(all, catalogue.Rule{Matter: r.Matter, Area: r.Area, Unit: r.Unit, Weight: r.Weight(), Reason: r.Why()})
	}
	return all
}

func units(choices []catalogue.Choice) []string {
	var names []string
	for _, c := range choices {
		names = append(names, c.Unit)
	}
	return names
}

func TestRouted(t *testing.T) {
	t.Parallel()
	history := join(
		times(9, manhole, guixiang, "station"),
		times(1, manhole, guixiang, "works"),
		times(1, manhole, wutongli, "roads"),
		times(30, manhole, wutongli, "works"),
		times(1, manhole, nanwan, "harbour"),
		times(5, hydrant, nanwan, "water"),
		times(4, hydrant, district, "fire"),
	)
	table := learn.Learn(history)
	for _, row := range []struct {
		why          string
		matter, area []string
		want         []string
	}{
		{"many cases here outweigh more cases in the street", manhole, guixiang, []string{"station", "works", "roads"}},
		{"one case here comes first, then what its community sends for like matters", manhole, nanwan, []string{"harbour", "water", "works"}},
		{"no case here: the street decides", manhole, []string{"990101", "990101001", "990101001009"}, []string{"works", "station", "roads"}},
		{"a grid nobody counted lies in its community", manhole, append(wutongli[:3:3], "990101001002001"), []string{"works", "roads", "station"}},
		{"no case of the matter: its group in the community", unseen, nanwan, []string{"water", "harbour", "works"}},
		{"a case without place is a case of the district", hydrant, district, []string{"water", "fire", "works"}},
		{"nothing near at all gets no proposal", unmatched, guixiang, nil},
	} {
		if diff := cmp.Diff(row.want, units(routed(table, row.matter, row.area))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.why, diff)
		}
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	table := learn.Learn(join(
		times(180, manhole, guixiang, "station"), times(32, manhole, guixiang, "works"),
		times(1, tree, wutongli, "parks"), times(3, tree, nanwan, "harbour"),
		times(1, peddler, nanwan, "patrol"), times(1, peddler, guixiang, "office"),
	))
	for _, row := range []struct {
		why          string
		matter, area []string
		choice       int
		want         lang.Text
	}{
		{"some of many", manhole, guixiang, 0, lang.T("同社区同类 212 件里 180 件由它办",
			"it handled 180 of 212 cases of the same matter in the same community")},
		{"all of many", tree, nanwan, 0, lang.T("同社区同类 3 件都由它办",
			"it handled all 3 cases of the same matter in the same community")},
		{"none here, some wider", tree, nanwan, 1, lang.T("同社区同类 3 件都不由它办；全区同类 4 件里 1 件由它办",
			"it handled none of 3 cases of the same matter in the same community; it handled 1 of 4 cases of the same matter in the whole district")},
		{"a single case", tree, wutongli, 0, lang.T("同社区同类有过 1 件，由它办",
			"it handled the one case of the same matter in the same community")},
		{"a single case of another unit", tree, wutongli, 1, lang.T("同社区同类有过 1 件，不由它办；全区同类 4 件里 3 件由它办",
			"it did not handle the one case of the same matter in the same community; it handled 3 of 4 cases of the same matter in the whole district")},
		{"a wider matter in the same community", unseen, guixiang, 0, lang.T("同社区同大类 212 件里 180 件由它办",
			"it handled 180 of 212 cases of the same group of matters in the same community")},
		{"a tree of one level has no groups", peddler, guixiang, 0, lang.T("同社区同类有过 1 件，由它办",
			"it handled the one case of the same matter in the same community")},
	} {
		choices := routed(table, row.matter, row.area)
		if len(choices) <= row.choice {
			t.Errorf("%s: got %d choices, want more than %d", row.why, len(choices), row.choice)
			continue
		}
		if diff := cmp.Diff(row.want, choices[row.choice].Why); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.why, diff)
		}
	}
}

// The shares are the formula of the package doc, recounted by hand.
func TestRows(t *testing.T) {
	t.Parallel()
	flat := []string{"m"}
	table := learn.Learn(join(
		times(3, flat, guixiang[:2], "a"), times(1, flat, nanwan[:2], "b"),
		[]learn.Example{{Matter: flat, Area: district}, {Unit: "a", Area: district}, {Unit: "a", Matter: flat}},
	))
	if got, want := table.Cases(), 4; got != want {
		t.Errorf("cases: got %d, want %d: an example lacking unit, matter or area must not count", got, want)
	}
	type line struct {
		Matter, Area, Unit string
		Weight             int
	}
	var got []line
	for _, r := range table.Rows() {
		got = append(got, line{r.Matter, r.Area, r.Unit, r.Weight()})
	}
	want := []line{
		{"m", "990101", "a", 7500},    // 3 of 4
		{"m", "990101", "b", 2500},    // 1 of 4
		{"m", "990101001", "a", 8571}, // (3 + 4×0.75) ÷ (3 + 4)
		{"m", "990101001", "b", 1429}, // (0 + 4×0.25) ÷ 7
		{"m", "990101003", "a", 6000}, // (0 + 4×0.75) ÷ (1 + 4)
		{"m", "990101003", "b", 4000}, // (1 + 4×0.25) ÷ 5
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Learning is counting: the order in which a file happens to list its cases
// must not show in the rules.
func TestLearnIgnoresOrder(t *testing.T) {
	t.Parallel()
	history := join(
		times(5, manhole, guixiang, "a"), times(5, manhole, guixiang, "b"), times(5, manhole, nanwan, "c"),
		times(2, hydrant, wutongli, "d"), times(2, hydrant, wutongli, "a"), times(7, tree, district, "e"),
	)
	want := learn.Learn(history).Rows()
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(history), func(i, j int) { history[i], history[j] = history[j], history[i] })
		if diff := cmp.Diff(want, learn.Learn(history).Rows()); diff != "" {
			t.Fatalf("rows after shuffling (-want +got):\n%s", diff)
		}
	}
}

// A rule of weight 0 would say "never", which one case in many does not.
func TestWeightIsNeverNothing(t *testing.T) {
	t.Parallel()
	table := learn.Learn(join(times(99_999, peddler, district, "a"), times(1, peddler, district, "b")))
	rows := table.Rows()
	if len(rows) != 2 || rows[1].Unit != "b" || rows[1].Weight() != 1 {
		t.Errorf("got %+v, want b second with weight 1", rows)
	}
}
