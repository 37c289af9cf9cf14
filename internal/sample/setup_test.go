package sample_test

import (
	"testing"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/lang"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/packs"
)

// TestSetup holds that the district's files come in by the importers that real
// districts use, with nothing found wrong.
func TestSetup(t *testing.T) {
	t.Parallel()
	pack, findings := catalogue.Load(packs.Base())
	for _, f := range findings {
		t.Errorf("%s", f.In(lang.ZH))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		folder, err := sample.New().Files()
		if err != nil {
			t.Fatal(err)
		}
		report, err := setup.Into(t.Context(), d, sample.DistrictCode, setup.Source{Files: folder, Pack: pack})
		if err != nil {
			t.Error(err)
		}
		for _, f := range report.Findings() {
			t.Errorf("%s", f.In(lang.ZH))
		}
		for _, c := range report.Counts() {
			t.Log(c.What.EN, c.Added, c.Changed, c.Same)
		}
	})
}
