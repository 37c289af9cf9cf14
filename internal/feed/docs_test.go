package feed_test

import (
	"os"
	"strings"
	"testing"

	"linli/internal/feed"
)

// The list of types is closed, and written down where others read it.
func TestEveryTypeIsWrittenDown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/change-feed.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range feed.Kinds() {
		if !strings.Contains(string(text), "| `"+k.Type()+"` |") {
			t.Errorf("docs/change-feed.md does not tell of %s", k.Type())
		}
		if title := k.Title(); title.ZH == "" || title.EN == "" || title.ZH == string(k) {
			t.Errorf("%s has no words in both languages", k)
		}
	}
}
