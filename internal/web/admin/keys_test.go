package admin_test

import (
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// One person may hold a post for many grids: whoever makes a key has to see which
// of them it acts as.
func TestPostsOfAKeyAreToldApart(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	seen := map[string]string{}
	b := w.As("luopei")
	for _, o := range b.Get("/desk/admin/keys").Find(func(n *html.Node) bool {
		return n.Data == "option" && n.Parent != nil && apptest.Attr(n.Parent, "name") == "post"
	}) {
		if other, twice := seen[apptest.Text(o)]; twice {
			t.Errorf("%q stands for %s and for %s", apptest.Text(o), other, apptest.Attr(o, "value"))
		}
		seen[apptest.Text(o)] = apptest.Attr(o, "value")
	}
	if len(seen) < 10 {
		t.Errorf("%d posts are offered", len(seen))
	}
}
