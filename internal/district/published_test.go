package district_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/district"
	"linli/internal/errs"
)

func TestChangesAreWhatIsOtherwise(t *testing.T) {
	t.Parallel()
	facts := func(pairs ...string) map[string]string {
		f := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i]] = pairs[i+1]
		}
		return f
	}
	for _, row := range []struct {
		why         string
		before, now map[string]string
		how         district.How
		fields      string
		facts       map[string]string
	}{
		{"new", nil, facts("name", "甲"), district.Added, "", facts("name", "甲")},
		{"as it was", facts("name", "甲"), facts("name", "甲"), "", "", nil},
		{"another fact, one more and one less", facts("name", "甲", "kind", "event"), facts("name", "乙", "limit", "1 hours"), district.Changed, "kind limit name", facts("name", "乙", "limit", "1 hours")},
		{"a last day", facts("name", "甲"), facts("name", "甲", "valid_to", "2026-12-31"), district.Ended, "valid_to", facts("name", "甲", "valid_to", "2026-12-31")},
		{"an earlier last day", facts("valid_to", "2026-12-31"), facts("valid_to", "2026-11-30"), district.Ended, "valid_to", facts("valid_to", "2026-11-30")},
		{"a later last day", facts("valid_to", "2026-12-31"), facts("valid_to", "2027-01-31"), district.Changed, "valid_to", facts("valid_to", "2027-01-31")},
		{"no last day any more", facts("valid_to", "2026-12-31"), facts(), district.Changed, "valid_to", facts()},
		{"what is not said is named", facts("phone", "13800000001"), facts("phone", "13800000002"), district.Changed, "phone", facts()},
		{"an outline is there, and no more of it", facts(), facts("outline", "feed"), district.Changed, "outline", facts("outlined", "true")},
	} {
		before := district.Published{}
		if row.before != nil {
			before["x"] = row.before
		}
		got := district.Changes(before, district.Published{"x": row.now})
		if row.how == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", row.why, got)
			}
			continue
		}
		if len(got) != 1 || got[0].How != row.how || strings.Join(got[0].Fields, " ") != row.fields || !cmp.Equal(got[0].Facts, row.facts) {
			t.Errorf("%s: %+v, want %s of %s with %v", row.why, got, row.how, row.fields, row.facts)
		}
	}
}

// However many and however large changes are, bundles hold each once and in
// order, and none is larger than it has to be.
func TestBundlesHoldAll(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why            string
		n, size, least int
	}{
		{"none", 0, 1, 0}, {"one", 1, 1, 1}, {"a whole one", 50, 1, 1}, {"one more", 51, 1, 2}, {"large ones", 40, 3000, 8}, {"each beyond the room", 3, 40_000, 3},
	} {
		var all, back []district.Change
		for i := range row.n {
			all = append(all, district.Change{Code: fmt.Sprint("c", i), How: district.Added, Facts: map[string]string{"name": strings.Repeat("x", row.size)}})
		}
		bundles, err := district.Bundles(all)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bundles {
			some, err := district.ParseChanges(b.Text)
			if err != nil || len(some) != b.Many || b.Many > 50 || b.Many > 1 && len(b.Text) > 17<<10 {
				t.Errorf("%s: a bundle of %d says %d, %d bytes (%v)", row.why, len(some), b.Many, len(b.Text), err)
			}
			back = append(back, some...)
		}
		if diff := cmp.Diff(all, back); diff != "" || len(bundles) != row.least {
			t.Errorf("%s: %d bundles, want %d (-want +got)\n%s", row.why, len(bundles), row.least, diff)
		}
	}
}

func FuzzParseChanges(f *testing.F) {
	for _, s := range []string{"", "[]", "null", `[{"code":"a","how":"added","facts":{"name":"甲"}}]`, `[{"code":1}]`, `{"code":"a"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := district.ParseChanges(text)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid || all != nil {
				t.Fatalf("%q: %v, %v", text, all, err)
			}
			return
		}
		if _, err := district.Bundles(all); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
