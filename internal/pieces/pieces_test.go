package pieces

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	rows := []struct{ why, text, want string }{
		{"every pair of a run", "井盖破损", "井盖 盖破 破损 损"},
		{"runs are kept apart", "井盖，破损", "井盖 盖 破损 损"},
		{"digits and letters are characters too", "18号B口", "18 8号 号b b口 口"},
		{"full width folds", "Ａ１", "a1 1"},
		{"nothing to index", "，。 ", ""},
	}
	for _, row := range rows {
		if got := strings.TrimSpace(Of(row.text)); got != row.want {
			t.Errorf("%s: Of(%q) = %q, want %q", row.why, row.text, got, row.want)
		}
	}
}

// holds is the search done plainly: every run of the query stands in a run of the text.
func holds(text, query string) bool {
	qs := runs(query)
	if len(qs) == 0 {
		return false
	}
	for _, q := range qs {
		found := false
		for _, run := range runs(text) {
			found = found || strings.Contains(string(run), string(q))
		}
		if !found {
			return false
		}
	}
	return true
}

// matches is what both engines do with pieces: a phrase is pieces side by side.
func matches(text, query string) bool {
	all := " " + strings.Join(strings.Fields(Of(text)), " ") + " "
	ps := phrases(query)
	for _, p := range ps {
		wanted := " " + strings.Join(p.pieces, " ")
		if !p.begins {
			wanted += " "
		}
		if !strings.Contains(all, wanted) {
			return false
		}
	}
	return len(ps) > 0
}

func FuzzPieces(f *testing.F) {
	f.Add("桂香路 18 号井盖破损，早点铺门口", "井盖")
	f.Add("ABC 18号", "8号")
	f.Add("x", "x' OR 1=1 --\"")
	f.Fuzz(func(t *testing.T, text, query string) {
		if len([]rune(text)) > 500 || len([]rune(query)) > 50 {
			return
		}
		if got, want := matches(text, query), holds(text, query); got != want {
			t.Errorf("text %q query %q: pieces say %v, the text says %v", text, query, got, want)
		}
		if strings.Count(TSQuery(query), "'")%2 != 0 || strings.Count(FTS5(query), `"`)%2 != 0 {
			t.Errorf("query %q leaves a quote open: %s %s", query, TSQuery(query), FTS5(query))
		}
	})
}
