package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/rights"
)

// A security administrator gives and ends posts, and sets nothing up.
func TestPostsAreGivenAndEnded(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.whole("luopei")
	ask := func(person, role, unit string) string {
		return encode(t, map[string]string{"person": person, "role": role, "unit": unit, "reason": "轮岗"})
	}
	person := string(w.post("duwei").Person)
	body := ask(person, "handler", "u-shengtai")
	w.refused(
		refusal{"a system administrator gives no posts", "POST", "/api/v1/posts", w.whole("suming"), body, 403},
		refusal{"nobody gives one to himself", "POST", "/api/v1/posts", key, ask(string(w.post("luopei").Person), "handler", "u-shengtai"), 403},
		refusal{"no such person", "POST", "/api/v1/posts", key, ask("nobody", "handler", "u-shengtai"), 404},
		refusal{"the rulebook keeps them apart", "POST", "/api/v1/posts", key, ask(string(w.post("suming").Person), "audit-admin", "u-centre"), 409},
	)
	given := w.put("/api/v1/posts", key, body).want(t, http.StatusOK)
	if given.text("role", "code") != "handler" || given.text("unit", "code") != "u-shengtai" || given.at("held") != true {
		t.Errorf("given: %s", given.Raw)
	}
	path := "/api/v1/posts/" + given.text("id") + "/end"
	w.refused(refusal{"who sets up ends none either", "POST", path, w.whole("suming"), `{"reason":"回来了"}`, 403})
	if got := w.put(path, key, `{"reason":"回来了"}`).want(t, http.StatusOK); got.text("ends_at") == "" {
		t.Errorf("ended: %s", got.Raw)
	}
	if got := w.get("/api/v1/people?q=duwei", key).want(t, http.StatusOK); strings.Count(got.Raw, `"held":true`) != 1 {
		t.Errorf("what is held now: %s", got.Raw)
	}
}

// Ways in: a person is invited, an account is closed and opened again, a key is
// made and ended.
func TestWaysInAreKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key, other := w.whole("luopei"), w.whole("suming")
	if got := w.put("/api/v1/accounts/duwei/invite", key, "").want(t, http.StatusOK); !strings.HasPrefix(got.text("path"), "/sign-in/invited/") || got.text("login") != "duwei" {
		t.Errorf("invited: %s", got.Raw)
	}
	w.quiet("POST", "/api/v1/accounts/heyong/close", key, "")
	w.quiet("POST", "/api/v1/accounts/heyong/reopen", key, "")
	body := encode(t, map[string]any{"name": "街道大屏", "scopes": []string{"case.see-all", "score.see"}, "expires_at": w.Clock.Now().AddDate(0, 6, 0)})
	w.refused(
		refusal{"nobody of that name", "POST", "/api/v1/accounts/nobody/invite", key, "", 404},
		refusal{"a system administrator invites nobody", "POST", "/api/v1/accounts/duwei/invite", other, "", 403},
		refusal{"nobody closes the own account", "POST", "/api/v1/accounts/luopei/close", key, "", 409},
		refusal{"a system administrator makes no keys", "POST", "/api/v1/keys", other, body, 403},
		refusal{"a system never gives rights", "POST", "/api/v1/keys", key, encode(t, map[string]any{"name": "大屏", "scopes": []string{"post.keep"}, "expires_at": w.Clock.Now().AddDate(0, 6, 0)}), 422},
		refusal{"a unit that is none", "POST", "/api/v1/keys", key, encode(t, map[string]any{"name": "大屏", "scopes": []string{"case.see-all"}, "unit": "u-none", "expires_at": w.Clock.Now().AddDate(0, 6, 0)}), 422},
	)
	made := w.put("/api/v1/keys", key, body).want(t, http.StatusOK)
	if got := w.get("/api/v1/me", made.text("text")).want(t, http.StatusOK); got.text("key", "name") != "街道大屏" || len(got.at("rights").([]any)) != 2 {
		t.Errorf("the new key is %.600s", got.Raw)
	}
	path := "/api/v1/keys/" + made.text("id")
	w.refused(refusal{"a system administrator ends none", "DELETE", path, other, "", 403})
	w.quiet("DELETE", path, key, "")
	w.Clock.Advance(5 * time.Second) // longer than a good key is remembered
	w.refused(refusal{"an ended key", "GET", "/api/v1/me", made.text("text"), "", 401})
}

// A table that is brought in is checked first and then asked: whose a matter is.
func TestATableIsBroughtInAndAsked(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key, plain := w.whole("suming"), w.key("平台", rights.ReportReceive)
	const try = "/api/v1/routes/try?matter=c02010&area=990101001004"
	if got := w.get(try, plain).want(t, http.StatusOK); got.text("choices", 0, "unit", "code") == "u-chengguan" {
		t.Fatalf("before: %s", got.Raw)
	}
	bring := func(table, rows string, dry bool) string {
		return encode(t, map[string]any{"table": table, "file": table + ".csv", "data": base64Of([]byte(rows)), "dry_run": dry})
	}
	good := "matter,area,hours,unit,co,reason\nc02010,,,u-chengguan,,标线改由城管养护\n"
	bad := strings.Replace(good, "u-chengguan", "u-none", 1)
	w.refused(
		refusal{"a dispatcher brings nothing in", "POST", "/api/v1/imports", w.whole("chenli"), bring("routes", good, false), 403},
		refusal{"who sets up gives no posts", "POST", "/api/v1/imports", key, bring("posts", "login,role,unit,area,from,to\n", true), 403},
		refusal{"no such matter", "GET", "/api/v1/routes/try?matter=none", plain, "", 404},
		refusal{"no such area", "GET", "/api/v1/routes/try?matter=c02010&area=110101", plain, "", 404},
	)
	if got := w.put("/api/v1/imports", key, bring("routes", bad, false)).want(t, http.StatusOK); got.at("kept") != false || got.at("findings", 0, "line") != 2.0 || got.text("findings", 0, "field") != "unit" {
		t.Errorf("a unit that is none is told as %s", got.Raw)
	}
	if got := w.put("/api/v1/imports", key, bring("routes", good, true)).want(t, http.StatusOK); got.at("kept") != false {
		t.Errorf("what was only tried is kept: %s", got.Raw)
	}
	if got := w.put("/api/v1/imports", key, bring("routes", good, false)).want(t, http.StatusOK); got.at("kept") != true {
		t.Fatalf("brought in: %s", got.Raw)
	}
	if got := w.get(try, plain).want(t, http.StatusOK); got.text("choices", 0, "unit", "code") != "u-chengguan" || got.text("choices", 0, "why", "zh") == "" {
		t.Errorf("after: %s", got.Raw)
	}
	if got := w.get("/api/v1/units/u-shizheng", plain).want(t, http.StatusOK); got.text("calendar", "code") == "" {
		t.Errorf("the unit: %s", got.Raw)
	}
	w.refused(refusal{"no such unit", "GET", "/api/v1/units/u-none", plain, "", 404})
}
