package learn_test

import (
	"bytes"
	"os"
	"testing"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/learn"
	"linli/internal/org"
	"linli/internal/sheet"
)

// brought is what a district brings to its imports.
type brought struct {
	district              string
	areas, units, matters []*sheet.Record
	routes                []*sheet.Record
}

// load runs the imports as one transaction, all or nothing.
func (b brought) load(t *testing.T, d *db.DB, report *sheet.Report) {
	t.Helper()
	areas, units := values(b.areas, "code"), values(b.units, "code")
	known := catalogue.Known{
		Area: func(a string) bool { return areas[a] > 0 },
		Unit: func(u string) bool { return units[u] > 0 },
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		ctx := t.Context()
		for _, step := range []func() error{
			func() error { return catalogue.Install(ctx, tx, b.district, procedures(t)) },
			func() error { return area.Import(ctx, tx, area.Code(b.district), b.areas, report) },
			func() error { return org.ImportUnits(ctx, tx, b.district, b.units, known.Area, nil, report) },
			func() error { return catalogue.ImportMatters(ctx, tx, b.district, b.matters, report) },
			func() error { return catalogue.ImportRoutes(ctx, tx, b.district, b.routes, known, report) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return report.Settle()
	})
	clean(t, report)
	if err != nil {
		t.Fatal(err)
	}
}

// procedures is a pack of those procedures of the base pack that the two
// districts name.
func procedures(t *testing.T) *catalogue.Pack {
	t.Helper()
	pack := &catalogue.Pack{Name: "base", Version: "test"}
	for _, name := range []string{"complaint", "consultation", "help-request"} {
		text, err := os.ReadFile("../../packs/base/procedures/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		pack.Procedures = append(pack.Procedures, catalogue.Source{Name: name, Version: "test", Text: string(text)})
	}
	return pack
}

// The whole way of a district that has no routing table: its tables come in,
// its history is learned, and what was learned is written, imported and used.
func TestPingshanImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		report := sheet.NewReport(sheet.Policy{})
		b := brought{
			district: "440310",
			areas:    mapped(t, area.Columns(), "pingshan", "areas.yaml", report),
			units:    mapped(t, org.UnitColumns(), "pingshan", "units.yaml", report),
			matters:  mapped(t, catalogue.MatterColumns(), "pingshan", "matters.yaml", report),
		}
		cases := mapped(t, learn.Columns(), "pingshan", "cases.yaml", report)
		table := learn.Learn(learn.Examples(cases, parentsOf(b.matters)))
		b.routes = written(t, table, report)
		b.load(t, d, report)

		district, err := catalogue.Open(t.Context(), d, "440310")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := district.Rules(), len(table.Rows()); got != want || got == 0 {
			t.Errorf("rules installed: got %d, want %d", got, want)
		}
		if got, want := len(district.Matters()), 18+134+372; got != want {
			t.Errorf("matters installed: got %d, want %d", got, want)
		}
		// Manhole covers in the community that has most of them.
		got := district.Route(catalogue.Query{Matter: "6-185-630", Area: "440310005002"})
		if got.NoOwner || len(got.Choices) != 3 || got.Choices[0].Why.EN == "" {
			t.Errorf("route: got %+v, want three units, each with its reason", got)
		}
	})
}

// written is a learned table as the file it is kept in, read again.
func written(t *testing.T, table *learn.Table, report *sheet.Report) []*sheet.Record {
	t.Helper()
	var out bytes.Buffer
	if err := table.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	file, err := sheet.Load("routes.csv", &out, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.RouteColumns().Map(nil, file, report)
}

func TestBaltimoreImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		report := sheet.NewReport(sheet.Policy{})
		b := brought{
			district: "990201",
			areas:    plain(t, area.Columns(), "baltimore/areas.csv", report),
			units:    plain(t, org.UnitColumns(), "baltimore/units.csv", report),
			matters:  plain(t, catalogue.MatterColumns(), "baltimore/matters.csv", report),
		}
		b.load(t, d, report)
		for i, want := range []int{267, 16, 176 + 22} {
			if got := report.Counts()[i]; got.Added != want {
				t.Errorf("%s: got %d added, want %d", got.What.EN, got.Added, want)
			}
		}
	})
}
