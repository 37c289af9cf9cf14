package enter_test

import (
	"net/http"
	"net/url"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
)

// The day begins where the work is; administrators, who see no case, begin at
// their own pages, and find there what they are told.
func TestHomeIsWhereTheWorkIs(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for login, home := range map[string]string{
		dispatcher: "/desk", "heyong": "/desk", "linwang": "/desk", "liuxiaoyan": "/field",
		"suming": "/desk/admin", "luopei": "/desk/admin", "heqiao": "/desk/admin", "dingyan": "/desk/observe",
	} {
		b := w.Browser()
		got := password(b, login, app.DemoPassword, "")
		if got.Path == "/sign-in/second" {
			got = b.Post("/sign-in/second", url.Values{"code": {w.Code(login)}})
		}
		if got.Path != home || got.Status != http.StatusOK {
			t.Errorf("%s begins at %s (%d), want %s", login, got.Path, got.Status, home)
		}
		if got := b.Get("/desk/notices"); got.Status != http.StatusOK {
			t.Errorf("%s cannot read what they are told: %d", login, got.Status)
		}
	}
}
