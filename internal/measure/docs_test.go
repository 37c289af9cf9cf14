package measure

import (
	"os"
	"strings"
	"testing"
)

// The document tells of every field: for which grains, and what it means, in
// the words the program has for it.
func TestDocumentTellsOfEveryField(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/writing-indicators.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Fields() {
		over := "全部 · all"
		if len(f.Over) < len(overs) {
			var names []string
			for _, o := range f.Over {
				names = append(names, string(o))
			}
			over = strings.Join(names, ", ")
		}
		row := "| `" + f.Name + "` | " + over + " | " + f.Title.ZH + " · " + f.Title.EN + " | "
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/writing-indicators.md has no row that begins %s", row)
		}
	}
}
