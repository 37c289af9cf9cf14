package learn_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/learn"
	"linli/internal/org"
	"linli/internal/sheet"
)

// What the real district must come to: its tiers, its tree and its units, with
// nothing refused and no case pointing outside them.
func TestPingshanMappings(t *testing.T) {
	t.Parallel()
	report := sheet.NewReport(sheet.Policy{})
	areas := mapped(t, area.Columns(), "pingshan", "areas.yaml", report)
	units := mapped(t, org.UnitColumns(), "pingshan", "units.yaml", report)
	matters := mapped(t, catalogue.MatterColumns(), "pingshan", "matters.yaml", report)
	cases := mapped(t, learn.Columns(), "pingshan", "cases.yaml", report)
	clean(t, report)

	if diff := cmp.Diff(map[string]int{"district": 1, "street": 6, "community": 23}, values(areas, "tier")); diff != "" {
		t.Errorf("areas by tier (-want +got):\n%s", diff)
	}
	levels := map[int]int{}
	parents := parentsOf(matters)
	for _, m := range matters {
		levels[len(learn.MatterPath(m.Text("code"), parents))]++
	}
	// 371 ids of sub-types, one of which stands under two main types.
	if diff := cmp.Diff(map[int]int{1: 18, 2: 134, 3: 372}, levels); diff != "" {
		t.Errorf("matters by level (-want +got):\n%s", diff)
	}
	kinds := values(units, "kind")
	if got, want := len(units), 120+6; got != want || kinds["street-office"] != 6 || kinds["community-station"] != 22 || kinds["centre"] != 1 {
		t.Errorf("units: got %d %v, want %d with 6 street offices, 22 stations and a centre", got, kinds, want)
	}
	if got := values(cases, "unit")[""]; len(cases) != 8000 || got != 17 {
		t.Errorf("cases: got %d, %d of them without unit; want 8000 and 17", len(cases), got)
	}
	for name, records := range map[string][]*sheet.Record{"area": areas, "unit": units, "matter": matters} {
		known(t, cases, name, values(records, "code"))
	}
	known(t, units, "parent", values(units, "code"))
	known(t, units, "areas", values(areas, "code"))
	known(t, matters, "parent", values(matters, "code"))
	for name, n := range values(units, "name") {
		if n > 1 {
			t.Errorf("%d units are called %s; nobody could tell them apart", n, name)
		}
	}
}

// The older 6,000 cases teach, the newer 2,000 ask. Cases whose unit is not
// known count as missed.
func TestPingshanRouting(t *testing.T) {
	t.Parallel()
	report := sheet.NewReport(sheet.Policy{})
	matters := mapped(t, catalogue.MatterColumns(), "pingshan", "matters.yaml", report)
	cases := mapped(t, learn.Columns(), "pingshan", "cases.yaml", report)
	clean(t, report)
	slices.SortStableFunc(cases, func(a, b *sheet.Record) int { return a.Time("opened").Compare(b.Time("opened")) })
	examples := learn.Examples(cases, parentsOf(matters))
	if len(examples) != 8000 {
		t.Fatalf("got %d cases, want 8000", len(examples))
	}
	older, newer := examples[:6000], examples[6000:]

	table := learn.Learn(older)
	pack := catalogue.Pack{Rules: rules(table)}
	for _, m := range matters {
		pack.Matters = append(pack.Matters, catalogue.Matter{Code: m.Text("code"), Parent: m.Text("parent")})
	}
	district := pack.Catalogue()
	first, three := 0, 0
	for i, e := range newer {
		c := cases[6000+i]
		choices := units(district.Route(catalogue.Query{Matter: c.Text("matter"), Area: c.Text("area")}).Choices)
		switch slices.Index(choices[:min(3, len(choices))], e.Unit) {
		case 0:
			first++
			three++
		case 1, 2:
			three++
		}
	}
	all := float64(len(newer))
	t.Logf("%d rules from %d cases: first choice %.4f, among three %.4f",
		len(table.Rows()), table.Cases(), float64(first)/all, float64(three)/all)
	if got, want := float64(first)/all, 0.69; got < want {
		t.Errorf("first choice: got %.4f, want at least %.2f", got, want)
	}
	if got, want := float64(three)/all, 0.82; got < want {
		t.Errorf("among the first three: got %.4f, want at least %.2f", got, want)
	}
}

func parentsOf(matters []*sheet.Record) map[string]string {
	parents := map[string]string{}
	for _, m := range matters {
		parents[m.Text("code")] = m.Text("parent")
	}
	return parents
}
