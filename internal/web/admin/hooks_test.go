package admin_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/hook"
)

// An administrator adds a system, sees its secret once, tries it out, sees what
// failed and sends it again; nobody else opens the pages.
func TestHooks(t *testing.T) {
	t.Parallel()
	var status, came atomic.Int64
	status.Store(http.StatusInternalServerError)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came.Add(1)
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(target.Close)
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) { c.Outside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for _, login := range []string{"luopei", "heqiao", "zhouhui", "wugang"} {
		if got := w.As(login).Get("/desk/admin/hooks"); got.Status != http.StatusForbidden {
			t.Errorf("%s opens the webhooks: %d", login, got.Status)
		}
	}
	b := w.As("suming")
	if got := b.Post("/desk/admin/hooks", url.Values{"name": {"城管"}, "url": {"https://10.1.2.3/"}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Text(), "内部地址") || !strings.Contains(got.Text(), "地址：") {
		t.Errorf("an address inside: %d %s", got.Status, got.Text())
	}
	made := b.Post("/desk/admin/hooks", url.Values{"name": {"城管系统"}, "url": {target.URL + "/in?token=geheim"}, "types": {"case.closed"}})
	if !strings.Contains(made.Text(), "whsec_") || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("made: %d %s", made.Status, made.Text())
	}
	if got := b.Get("/desk/admin/hooks").Text(); strings.Contains(got, "whsec_") || !strings.Contains(got, "城管系统") {
		t.Errorf("the list: %s", got)
	}
	all, err := hook.Hooks(t.Context(), w.DB, w.House.District)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d hooks, %v", len(all), err)
	}
	path := "/desk/admin/hooks/" + all[0].ID
	b.Post(path+"/turn", url.Values{"do": {"test"}})
	w.Due()
	if got := b.Get(path).Text(); came.Load() != 1 || !strings.Contains(got, "HTTP 500") || !strings.Contains(got, "没推到") {
		t.Errorf("after a failure, asked %d times: %s", came.Load(), got)
	}
	status.Store(http.StatusNoContent)
	b.Post(path+"/again", url.Values{})
	w.Due()
	if got := b.Get(path + "?state=sent").Text(); came.Load() != 2 || !strings.Contains(got, "推到了") {
		t.Errorf("sent again, asked %d times: %s", came.Load(), got)
	}
	if got := b.Post(path+"/turn", url.Values{"do": {"rotate"}}).Text(); !strings.Contains(got, "whsec_") {
		t.Errorf("changed: %s", got)
	}
	b.Post(path+"/turn", url.Values{"do": {"pause"}})
	if got := b.Get(path).Text(); !strings.Contains(got, "停着") || strings.Contains(got, "whsec_") {
		t.Errorf("paused: %s", got)
	}
	w.Clock.Advance(time.Minute)
	b.Post(path+"/end", url.Values{})
	if got := b.Get(path); got.Status != http.StatusNotFound {
		t.Errorf("removed: %d", got.Status)
	}
	if got := w.As("heqiao").Get("/desk/admin/audit?book=setup").Text(); !strings.Contains(got, "加了推送地址") || !strings.Contains(got, "删了推送地址") || strings.Contains(got, "geheim") {
		t.Errorf("the audit: %s", got)
	}
}
