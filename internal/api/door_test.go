package api_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/access"
	"linli/internal/rights"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

func ftoa(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// TestDocument holds the interface to what is written down: changing it shows
// in the commit.
//
// ASVS 2.1.1, 15.3.1
func TestDocument(t *testing.T) {
	t.Parallel()
	w := setup(t)
	response, err := http.Get(w.url + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got := indented(t, response.Body)
	if !strings.Contains(got, `"openapi": "3.1`) || strings.Contains(got, `"$schema": {`) || strings.Contains(got, "ErrorModel") {
		t.Error("not an OpenAPI 3.1 document of our own problems")
	}
	file := filepath.Join("..", "..", "docs", "openapi.json")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/openapi.json is not what the program says; go test ./internal/api -update (-written +said):\n%s", diff)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	w := setup(t)
	part := w.bounded(access.Key{Name: "表", Scopes: []rights.Right{rights.CaseSee}, Unit: "u-shizheng"})
	sender, reader := w.key("来件", rights.ReportReceive), w.key("大屏", rights.CaseSeeAll)
	for _, one := range []struct {
		why, method, path, key string
		status                 int
		code                   string
	}{
		{"no key", "GET", "/api/v1/matters", "", 401, "sign-in"},
		{"a key nobody gave", "GET", "/api/v1/matters", "linli_990101_x_y", 401, "sign-in"},
		{"a hostile key", "GET", "/api/v1/matters", "linli_990101' or '1'='1_a_b", 401, "sign-in"},
		{"any key reads the tables", "GET", "/api/v1/matters?limit=1", part, 200, ""},
		{"cases need their own right", "GET", "/api/v1/cases", sender, 403, "forbidden"},
		{"of a unit, its own cases", "GET", "/api/v1/cases", part, 200, ""},
		{"with it", "GET", "/api/v1/cases", reader, 200, ""},
		{"a reader sends nothing", "POST", "/api/v1/reports", reader, 403, "forbidden"},
		{"an address that is none", "GET", "/api/v1/nothing", reader, 404, "not-found"},
		{"an action that is none", "DELETE", "/api/v1/cases", reader, 404, "not-found"},
		{"a parameter nobody knows would be a filter not applied", "GET", "/api/v1/cases?stat=open", reader, 422, "invalid"},
	} {
		got := w.call(one.method, one.path, one.key, "", nil, nil)
		if got.Status != one.status || got.text("code") != one.code {
			t.Errorf("%s: %d %q, want %d %q: %.300s", one.why, got.Status, got.text("code"), one.status, one.code, got.Raw)
		}
	}
	w.Clock.Advance(2 * 365 * 24 * time.Hour)
	if got := w.get("/api/v1/matters", reader); got.Status != http.StatusUnauthorized {
		t.Errorf("an expired key still opens: %d", got.Status)
	}
}

// TestRefusedBeforeTheBody holds that who has no key cannot make the program
// read much.
func TestRefusedBeforeTheBody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	kind, body := form(t, map[string]string{"text": "x"}, map[string][]byte{"a.png": picture(t)})
	w.call(http.MethodPost, "/api/v1/reports", "", kind, body, nil).want(t, http.StatusUnauthorized)
	if got := w.send("linli_990101_x_y", `{"text":`, nil); got.Status != http.StatusUnauthorized {
		t.Errorf("the body was looked at first: %d", got.Status)
	}
}
