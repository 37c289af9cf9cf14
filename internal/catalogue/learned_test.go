package catalogue_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"linli/internal/catalogue"
	"linli/internal/learn"
	"linli/internal/sheet"
)

// What learn makes of a real district's older cases must route the newer ones
// as well through the routing table as it does by itself: 69 % at first try,
// 82 % among three.
func TestLearnedRulesRoute(t *testing.T) {
	t.Parallel()
	const shared, mappings = "../../../shared/data/pingshan", "../../mappings"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real data of Pingshan is not beside this checkout (../shared/data/pingshan): skipped")
	}
	report := sheet.NewReport(sheet.Policy{})
	mapped := func(schema sheet.Schema, mapping string) []*sheet.Record {
		var all []*sheet.Record
		for _, m := range sheet.ParseMappings(os.DirFS(mappings), "pingshan/"+mapping, report) {
			source, err := os.Open(filepath.Join(shared, m.From.File))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = source.Close() }()
			file, err := sheet.Load(m.From.File, source, sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, schema.Map(m, file, report)...)
		}
		return all
	}
	pack := &catalogue.Pack{}
	parents := map[string]string{}
	for _, r := range mapped(catalogue.MatterColumns(), "matters.yaml") {
		pack.Matters = append(pack.Matters, catalogue.Matter{Code: r.Text("code"), Parent: r.Text("parent"), Kind: catalogue.Event})
		parents[r.Text("code")] = r.Text("parent")
	}
	cases := mapped(learn.Columns(), "cases.yaml")
	slices.SortStableFunc(cases, func(a, b *sheet.Record) int { return a.Time("opened").Compare(b.Time("opened")) })
	examples := learn.Examples(cases, parents)
	for _, row := range learn.Learn(examples[:6000]).Rows() {
		pack.Rules = append(pack.Rules, catalogue.Rule{Matter: row.Matter, Area: row.Area, Unit: row.Unit, Weight: row.Weight(), Reason: row.Why()})
	}
	c := pack.Catalogue()
	first, three := 0, 0
	newer := examples[6000:]
	for _, e := range newer {
		if len(e.Matter) == 0 || len(e.Area) == 0 {
			continue
		}
		for i, choice := range c.Route(catalogue.Query{Matter: e.Matter[len(e.Matter)-1], Area: e.Area[len(e.Area)-1]}).Choices {
			if choice.Unit != e.Unit || e.Unit == "" {
				continue
			}
			three++
			if i == 0 {
				first++
			}
		}
	}
	t.Logf("%d rules: first choice %.4f, among three %.4f", len(pack.Rules), float64(first)/2000, float64(three)/2000)
	if len(newer) != 2000 || first < 1380 || three < 1640 {
		t.Errorf("of %d got %d right at first and %d among three; want 1380 and 1640", len(newer), first, three)
	}
}
