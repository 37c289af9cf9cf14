package take_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// TestRecordProxy has a clerk record who may act for whom, and end it again. An
// agent on the telephone has seen no paper and may not.
func TestRecordProxy(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	clerk := w.As("yaolan")
	form := url.Values{"do": {"record"}, "agent": {"13800002201"}, "phone": {"13800002202"}, "relation": {"child"}, "deeds": {"rate"}, "until": {"2027-05-31"},
		"paper": {"power-of-attorney"}}
	if got := clerk.Post("/desk/take/proxy", form); got.Status != http.StatusOK || !strings.Contains(got.Text(), "登记好了") {
		t.Fatalf("recorded: %d %.300s", got.Status, got.Text())
	}
	found := clerk.Post("/desk/take/proxy", url.Values{"do": {"find"}, "find": {"13800002202"}})
	ends := found.Find(func(n *html.Node) bool { return apptest.Attr(n, "data-proxy") != "" })
	if len(ends) != 1 {
		t.Fatalf("what runs for the number: %.300s", found.Text())
	}
	if got := clerk.Post(apptest.Attr(ends[0], "action"), nil); got.Status != http.StatusOK || !strings.Contains(got.Text(), "结束了") {
		t.Errorf("ended: %d %.300s", got.Status, got.Text())
	}
	for field, value := range map[string]string{"paper": "", "until": "2030-01-01", "agent": "1380000", "relation": "boss"} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(field, value)
		got := clerk.Post("/desk/take/proxy", bad)
		if got.Status != http.StatusUnprocessableEntity || len(got.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "#"+field })) != 1 {
			t.Errorf("%s=%q: %d %.300s", field, value, got.Status, got.Text())
		}
	}
	agent := w.As("hejing")
	if got := agent.Get("/desk/take/proxy"); got.Status != http.StatusForbidden {
		t.Errorf("an agent on the telephone: %d", got.Status)
	}
	if got := agent.Post("/desk/take/proxy", form); got.Status != http.StatusForbidden {
		t.Errorf("an agent records all the same: %d", got.Status)
	}
}
