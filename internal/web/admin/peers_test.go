package admin_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/peer"
)

// An administrator connects another server of Open311, sees how its rounds go and
// ends it; its key is never shown, and nobody else opens the pages.
func TestPeers(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("api_key") != "their-secret" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`[{"service_request_id":"77","status":"open","service_code":"001","description":"立面脏了","requested_datetime":"2026-11-23T02:00:00Z","address":"学府路"}]`))
	}))
	t.Cleanup(target.Close)
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) { c.Outside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for _, login := range []string{"luopei", "heqiao", "zhouhui", "wugang"} {
		if got := w.As(login).Get("/desk/admin/peers"); got.Status != http.StatusForbidden {
			t.Errorf("%s opens the servers: %d", login, got.Status)
		}
	}
	b := w.As("suming")
	form := url.Values{"name": {"邻市"}, "address": {target.URL + "/v2"}, "key": {"their-secret"}, "format": {"json"}, "minutes": {"5"}, "fetches": {"yes"}, "services": {"001 = m06004"}}
	labels := map[string]string{"address": "接口地址", "minutes": "几分钟一轮", "services": "对方的服务对哪个事项"}
	for why, change := range map[string][2]string{
		"an address that is none": {"address", "ftp://x"},
		"no minutes":              {"minutes", "often"},
		"a line that is none":     {"services", "001 m06004"},
		"a matter that is none":   {"services", "001 = nope"},
	} {
		wrong := url.Values{}
		for name, values := range form {
			wrong[name] = values
		}
		wrong.Set(change[0], change[1])
		got := b.Post("/desk/admin/peers", wrong)
		if kept, _ := got.Field("name"); got.Status != http.StatusUnprocessableEntity || kept != "邻市" || !strings.Contains(got.Text(), labels[change[0]]+"：") || strings.Contains(got.Body, "their-secret") {
			t.Errorf("%s: %d %s", why, got.Status, got.Text())
		}
	}
	made := b.Post("/desk/admin/peers", form)
	if made.Status != http.StatusOK || !strings.Contains(made.Text(), "第一轮还没开始") {
		t.Fatalf("made: %d %s", made.Status, made.Text())
	}
	w.Due()
	w.Clock.Advance(6 * time.Minute) // the next round, with what came meanwhile
	w.Due()
	all, err := peer.All(t.Context(), w.DB, w.House.District)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d servers, %v", len(all), err)
	}
	path := "/desk/admin/peers/" + all[0].ID
	got := b.Get(path)
	if !strings.Contains(got.Text(), "收 1 件") || !strings.Contains(got.Text(), "77") || strings.Contains(got.Body, "their-secret") || strings.Contains(got.Body, all[0].Key) {
		t.Errorf("after a round: %s", got.Text())
	}
	if got := b.Post(path+"/run", url.Values{"do": {"end"}}); !strings.Contains(got.Text(), "停着") {
		t.Errorf("ended: %s", got.Text())
	}
	if got := b.Get("/desk/admin/peers/nobody"); got.Status != http.StatusNotFound {
		t.Errorf("one that is not there: %d", got.Status)
	}
}
