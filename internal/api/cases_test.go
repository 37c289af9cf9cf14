package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/rights"
)

func TestCasesArePagedAndFiltered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	for i := range 7 {
		w.send(key, fmt.Sprintf(`{"sender":"%d","text":"第 %d 盏路灯不亮","matter":"%s"}`, i, i, w.matter(i%2)), nil).want(t, http.StatusCreated)
	}
	for _, one := range []struct {
		why, query string
		want       int
	}{
		{"all", "", 7},
		{"newest first", "newest=true", 7},
		{"by matter", "matter=" + w.matter(1), 3},
		{"by state", "state=open,closed", 7},
		{"none closed", "state=closed", 0},
		{"by word", "q=" + url.QueryEscape("路灯"), 7},
		{"by a word in none", "q=" + url.QueryEscape("噪声扰民"), 0},
		{"opened since", "from=" + w.Clock.Now().UTC().Format("2006-01-02T15:04:05Z"), 7},
		{"opened before", "to=" + w.Clock.Now().UTC().Format("2006-01-02T15:04:05Z"), 0},
		{"SQL in a filter is a word", "unit=" + url.QueryEscape("x' or 1=1 --"), 0},
	} {
		seen := map[string]bool{}
		for after, pages := "", 0; pages < 10; pages++ {
			got := w.get("/api/v1/cases?limit=3&count=true&"+one.query+"&after="+url.QueryEscape(after), key).want(t, http.StatusOK)
			items, _ := got.at("items").([]any)
			for i := range items {
				id := got.text("items", i, "id")
				if seen[id] {
					t.Errorf("%s: %s is listed twice", one.why, id)
				}
				seen[id] = true
			}
			if n, _ := got.at("total", "count").(float64); int(n) != one.want {
				t.Errorf("%s: counted %v, want %d", one.why, n, one.want)
			}
			if after = got.text("next"); after == "" {
				break
			}
		}
		if len(seen) != one.want {
			t.Errorf("%s: listed %d, want %d", one.why, len(seen), one.want)
		}
	}
	for _, bad := range []struct{ why, query, where string }{
		{"a cursor of one's own making", "after=abc", "query.after"},
		{"a page too long", "limit=1000", "query.limit"},
		{"a state that is none", "state=gone", "query.state[0]"},
		{"a date that is none", "from=yesterday", "query.from"},
		{"what no text holds", "unit=%00", "query.unit"},
	} {
		if got := w.get("/api/v1/cases?"+bad.query, key); got.Status != 422 || got.text("errors", 0, "location") != bad.where {
			t.Errorf("%s: %d at %q, want 422 at %q: %.300s", bad.why, got.Status, got.text("errors", 0, "location"), bad.where, got.Raw)
		}
	}
}

// matter is some matter a case can be about.
func (w *world) matter(n int) string {
	w.t.Helper()
	for _, m := range w.District().Catalogue.Matters() {
		if w.District().Catalogue.Selectable(m.Code) && !m.Secret {
			if n == 0 {
				return m.Code
			}
			n--
		}
	}
	w.t.Fatal("the catalogue has too few matters")
	return ""
}

func (w *world) secretMatter() string {
	w.t.Helper()
	for _, m := range w.District().Catalogue.Matters() {
		if w.District().Catalogue.Selectable(m.Code) && m.Secret {
			return m.Code
		}
	}
	w.t.Fatal("no matter is secret")
	return ""
}

// ASVS 8.2.3, 15.3.1
func TestCaseIsReadWithoutPersonalData(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	body := encode(t, map[string]any{
		"text": "路灯不亮，请打 138 0000 0013 找张晓，2026-11-22 晚上就坏了", "matter": w.matter(0), "name": "张晓", "phone": "13800000013", "address": "桂香路 18 号 3 楼 302",
	})
	sent := w.send(key, body, nil).want(t, http.StatusCreated)
	number := sent.text("case", "number")
	byID := w.get("/api/v1/cases/"+sent.text("case", "id"), key).want(t, http.StatusOK)
	byNumber := w.get("/api/v1/cases/"+strings.ReplaceAll(number, "-", ""), key).want(t, http.StatusOK)
	if byID.Raw != byNumber.Raw {
		t.Error("id and number give different cases")
	}
	if byID.text("tasks", 0, "step", "code") == "" || byID.text("trail", 0, "act") != "opened" || byID.text("trail", 0, "detail", "number") != number {
		t.Errorf("tasks or trail are missing: %s", byID.Raw)
	}
	if text := byID.text("text"); !strings.Contains(text, "***") || !strings.Contains(text, "2026-11-22") {
		t.Errorf("text %q: the telephone is to be hidden, the date not", text)
	}
	for _, secret := range []string{"13800000013", "138 0000 0013", "3 楼", `"phone"`, `"name":"张`} {
		if strings.Contains(byID.Raw, secret) {
			t.Errorf("the case holds %q", secret)
		}
	}
	hidden := w.send(key, encode(t, map[string]any{"text": "有人在河边偷倒废油", "matter": w.secretMatter()}), nil).want(t, http.StatusCreated)
	if got := w.get("/api/v1/cases/"+hidden.text("case", "id"), key); got.at("secret") != true || strings.Contains(got.Raw, "偷倒") {
		t.Errorf("the text of a secret case is out: %s", got.Raw)
	}
	for _, none := range []string{"261123-99999", "01890000-0000-7000-8000-000000000000", "x", "%00", "..%2f..%2fetc"} {
		w.get("/api/v1/cases/"+none, key).want(t, http.StatusNotFound)
		w.get("/api/v1/reports/"+none, key).want(t, http.StatusNotFound)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.bounded(access.Key{Name: "平台", Scopes: []rights.Right{rights.CaseSee}, Unit: "u-shizheng"})
	for _, one := range []struct {
		why, path string
		want      int
	}{
		{"every area once", "/api/v1/areas?limit=50", 1 + 3 + 12 + 110},
		{"the grids", "/api/v1/areas?limit=50&tier=grid", 110},
		{"below a street", "/api/v1/areas?limit=500&tier=community&within=990101001", len(w.District().Areas.Children("990101001"))},
		{"units", "/api/v1/units?limit=7", len(w.District().Org.Units())},
		{"matters", "/api/v1/matters?limit=100", len(w.District().Catalogue.Matters())},
	} {
		seen := map[string]bool{}
		for after := ""; ; {
			got := w.get(one.path+"&after="+url.QueryEscape(after), key).want(t, http.StatusOK)
			items, _ := got.at("items").([]any)
			for i := range items {
				seen[got.text("items", i, "code")] = true
			}
			if after = got.text("next"); after == "" {
				break
			}
		}
		if len(seen) != one.want {
			t.Errorf("%s: %d, want %d", one.why, len(seen), one.want)
		}
	}
	if got := w.get("/api/v1/matters?q="+url.QueryEscape("井盖"), key); !strings.Contains(got.Raw, "井盖") {
		t.Errorf("井盖 is not found: %.200s", got.Raw)
	}
	w.get("/api/v1/areas?within=110101", key).want(t, http.StatusNotFound)
}

func TestLocate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.bounded(access.Key{Name: "平台", Scopes: []rights.Right{rights.CaseSee}, Unit: "u-shizheng"})
	p, grid := w.inside()
	got := w.get("/api/v1/locate?lon="+ftoa(p.Lon)+"&lat="+ftoa(p.Lat), key).want(t, http.StatusOK)
	if got.text("grid", "code") != grid || got.text("street", "name", "en") == "" || got.at("outside") != false {
		t.Errorf("want %s: %s", grid, got.Raw)
	}
	far := w.get("/api/v1/locate?lon=10&lat=50", key).want(t, http.StatusOK)
	if far.at("outside") != true || far.text("nearest", "code") == "" || far.text("why", "zh") == "" {
		t.Errorf("outside: %s", far.Raw)
	}
	for _, bad := range []string{"lon=10", "lon=x&lat=1", "lon=NaN&lat=1", "lon=500&lat=1", "lon=1&lat=1&datum=moon"} {
		w.get("/api/v1/locate?"+bad, key).want(t, http.StatusUnprocessableEntity)
	}
}
