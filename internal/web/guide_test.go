package web

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// The proxy of the guide lets through whatever the program takes: else photos are
// refused by a page that is not ours and says nothing.
func TestTheGuidesProxyTakesWhatWeTake(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/running.md")
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`client_max_body_size (\d+)m;`).FindAllSubmatch(guide, -1)
	if len(all) == 0 {
		t.Fatal("the guide's proxy says nothing of sizes, and nginx takes no more than 1 MB by itself")
	}
	for _, m := range all {
		if mb, _ := strconv.Atoi(string(m[1])); mb<<20 < filesMost {
			t.Errorf("the guide's proxy takes %d MB, the program %d bytes", mb, filesMost)
		}
	}
}
