package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// TestRetentionPage shows what would go tonight, puts a hold and lifts it; only
// who has the right may.
func TestRetentionPage(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	const path = "/desk/admin/retention"
	leader := w.As("linwang")
	if a := leader.Get(path); a.Status != http.StatusOK || !strings.Contains(a.Text(), "data_requests") {
		t.Fatalf("%d %s", a.Status, a.Text())
	}
	form := url.Values{"kind": {"person"}, "ref": {"13800000013"}, "why": {"诉讼"}, "basis": {"民事诉讼法第六十七条"}, "until": {"2027-01-01"}}
	for _, row := range []struct{ why, field, value string }{
		{"no number of a person", "ref", "abc"}, {"no law", "basis", ""}, {"no day", "until", "someday"}, {"a case that is not there", "kind", "case"},
	} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(row.field, row.value)
		if a := leader.Post(path+"/holds", bad); a.Status == http.StatusOK {
			t.Errorf("%s: taken", row.why)
		}
	}
	a := leader.Post(path+"/holds", form)
	holds := a.Find(func(n *html.Node) bool { return apptest.Attr(n, "data-hold") != "" })
	if len(holds) != 1 || strings.Contains(a.Body, "13800000013") {
		t.Fatalf("%d holds after putting one: %s", len(holds), a.Text())
	}
	a = leader.Post(path+"/holds/"+apptest.Attr(holds[0], "data-hold")+"/lift", url.Values{"why": {"结案"}})
	if !strings.Contains(a.Text(), "已解除") {
		t.Errorf("after lifting: %s", a.Text())
	}
	if a := w.As("guoyan").Get(path); a.Status != http.StatusForbidden {
		t.Errorf("an acceptor: %d", a.Status)
	}
	leader.Lang = "en"
	if a := leader.Get("/desk/admin/register?q=look_delays"); !strings.Contains(a.Text(), "look_delays") || !strings.Contains(a.Text(), "Register of fields") {
		t.Errorf("the register in English: %s", a.Text())
	}
}
