package setup_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// grids are a district with so many grids below one community.
func grids(n int, name string) string {
	var b strings.Builder
	b.WriteString("code,name,tier\n990101,邻里区,district\n990101001,街道,street\n")
	for i := range n {
		if i%500 == 0 {
			fmt.Fprintf(&b, "990101001%03d,社区%d,community\n", i/500+1, i/500)
		}
		fmt.Fprintf(&b, "990101001%03d%03d,%s%d网格,grid\n", i/500+1, i%500+1, name, i)
	}
	return b.String()
}

// What an import changed stands in the trail by its code, many to an entry, with
// who brought it; what it left as it was does not.
func TestWhatChangedStandsInTheTrail(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := procedure.Actor{Person: "p-1", Post: "post-1", Unit: "u-1"}
		bring := func(areas string) {
			t.Helper()
			_, _, err := into(t, d, setup.Source{Files: folder(map[string]string{"areas.csv": areas}), By: by, Policy: sheet.Policy{}})
			if err != nil {
				t.Fatal(err)
			}
		}
		told := func() (changes []district.Change, entries int) {
			t.Helper()
			all, err := trail.Of(t.Context(), d, code, trail.Chain(trail.Setup, "areas"))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range all {
				some, err := district.ParseChanges(e.Detail["changes"])
				if err != nil || e.Person != "p-1" || e.Post != "post-1" || e.Act != district.PublishedAct || e.Detail["many"] != fmt.Sprint(len(some)) {
					t.Fatalf("%v: %+v", err, e)
				}
				changes = append(changes, some...)
			}
			return changes, len(all)
		}
		bring(grids(1000, "第"))
		first, entries := told()
		if len(first) != 1004 || entries > 25 {
			t.Errorf("%d changes in %d entries, want 1004 in a few", len(first), entries)
		}
		bring(grids(1000, "第"))
		if again, _ := told(); len(again) != len(first) {
			t.Errorf("the same again adds %d changes", len(again)-len(first))
		}
		bring(strings.Replace(grids(1000, "第"), "第7网格", "七号网格", 1))
		all, _ := told()
		if len(all) != len(first)+1 {
			t.Fatalf("one name changes %d entries", len(all)-len(first))
		}
		if c := all[len(all)-1]; c.Code != "990101001001008" || c.How != district.Changed || strings.Join(c.Fields, " ") != "name" || c.Facts["name"] != "七号网格" {
			t.Errorf("one name: %+v", c)
		}
	})
}
