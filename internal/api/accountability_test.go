package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db/dbtest"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/rights"
)

// A unit is held to account for what its trail shows, answers, and a leader who
// did not open it decides.
func TestAUnitIsHeldToAccount(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	over, head, above := w.whole("zhouhui"), w.whole("luzhen"), w.whole("linwang")
	rule := w.get("/api/v1/ladder", head).want(t, http.StatusOK)
	if rule.text("faults", 0, "name", "zh") == "" || rule.text("rungs", 0, "kind") == "" || rule.text("means", 0, "code") == "" {
		t.Fatalf("the ladder: %.600s", rule.Raw)
	}
	body := func(number, fault string, seq int) string {
		return encode(t, map[string]any{"unit": "u-shizheng", "fault": fault, "reason": "派了三天没有动", "within": 3, "evidence": []any{map[string]any{"case": number, "seq": seq}}})
	}
	const path = "/api/v1/orders/accountability"
	w.refused(
		refusal{"a head of a unit opens none", "POST", path, head, body(c.Number, "inaction", 2), 403},
		refusal{"a key without the right", "POST", path, w.own("zhouhui", rights.CaseSeeAll), body(c.Number, "inaction", 2), 403},
		refusal{"an entry that is not there", "POST", path, over, body(c.Number, "inaction", 999), 422},
		refusal{"a fault that is none", "POST", path, over, body(c.Number, "bad-luck", 2), 422},
		refusal{"no such case", "POST", path, over, body("261123-99997", "inaction", 2), 404},
	)
	o := w.put(path, over, body(c.Number, "inaction", 2)).want(t, http.StatusOK)
	at := "/api/v1/orders/" + o.text("id")
	if o.text("kind", "code") != "accountability" || o.text("evidence", 0, "number") != c.Number || o.text("evidence", 0, "did", "zh") == "" || o.text("fault", "name", "zh") == "" {
		t.Errorf("opened: %.900s", o.Raw)
	}
	verdict := `{"upheld":true,"means":"circular","reason":"说明不成立"}`
	w.refused(
		refusal{"another unit does not learn of it", "GET", at, w.whole("duwei"), "", 404},
		refusal{"nor of its end", "POST", at + "/decide", w.own("duwei", rights.Rights()...), verdict, 403},
		refusal{"before the unit has had its say", "POST", at + "/decide", above, verdict, 409},
	)
	w.put(at+"/reply", head, `{"text":"材料没到，已经补上"}`).want(t, http.StatusOK)
	w.refused(
		refusal{"who opened it does not decide", "POST", at + "/decide", over, verdict, 403},
		refusal{"means that are none", "POST", at + "/decide", above, `{"upheld":true,"means":"shame","reason":"x"}`, 422},
	)
	if got := w.get(at, above); got.text("may", 0) != "decide" {
		t.Errorf("the leader may %v", got.at("may"))
	}
	if got := w.put(at+"/decide", above, verdict).want(t, http.StatusOK); got.text("state", "code") != "upheld" || got.text("means", "code") != "circular" || got.text("decision") != "说明不成立" {
		t.Errorf("decided: %.900s", got.Raw)
	}
	w.refused(refusal{"it is decided", "POST", at + "/decide", above, verdict, 409})
}

// A period is counted, reviewed from outside and frozen; then nothing changes.
func TestAPeriodIsCountedAndFrozen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.sent()
	w.Clock.Set(time.Date(2026, 12, 2, 9, 0, 0, 0, w.District().Calendar.Zone()))
	over, head := w.whole("zhouhui"), w.whole("luzhen")
	const month = "/api/v1/scores/2026-11"
	review := `{"unit":"u-shizheng","body":"congress","score":87.5,"note":"有进步"}`
	w.refused(
		refusal{"a head of a unit counts nothing", "POST", month + "/count", head, "", 403},
		refusal{"nor freezes", "POST", month + "/freeze", head, "", 403},
		refusal{"what was not counted is not frozen", "POST", month + "/freeze", over, "", 409},
		refusal{"a month to come", "POST", "/api/v1/scores/2027-03/count", over, "", 404},
		refusal{"a month that runs", "POST", "/api/v1/scores/2026-12/count", over, "", 409},
		refusal{"a body that is none", "POST", month + "/reviews", over, `{"unit":"u-shizheng","body":"me","score":1}`, 422},
	)
	if got := w.put(month+"/count", over, "").want(t, http.StatusOK); got.text("state") != string(evaluate.Preliminary) {
		t.Errorf("counted: %.300s", got.Raw)
	}
	if got := w.put(month+"/reviews", over, review).want(t, http.StatusOK); got.at("items", 0, "score") != 87.5 || got.text("items", 0, "body", "name", "zh") == "" {
		t.Errorf("reviewed: %s", got.Raw)
	}
	if got := w.get(month+"/reviews", over).want(t, http.StatusOK); got.text("items", 0, "unit", "code") != "u-shizheng" {
		t.Errorf("reviews: %s", got.Raw)
	}
	if got := w.get(month+"/recount", over).want(t, http.StatusOK); len(got.at("items").([]any)) != 0 {
		t.Errorf("a fresh count differs: %.600s", got.Raw)
	}
	if got := w.put(month+"/freeze", over, "").want(t, http.StatusOK); got.text("state") != string(evaluate.Frozen) || got.text("frozen_at") == "" {
		t.Errorf("frozen: %.300s", got.Raw)
	}
	w.refused(
		refusal{"it is frozen", "POST", month + "/count", over, "", 409},
		refusal{"no review any more", "POST", month + "/reviews", over, review, 409},
	)
	subject := month + "/departments/unit:u-shizheng/trend"
	if got := w.get(subject, head).want(t, http.StatusOK); got.text("items", 0, "period") != "2026-11" {
		t.Errorf("its score over time: %s", got.Raw)
	}
	if got := w.get(subject+"?indicator=timely-work", head).want(t, http.StatusOK); got.at("items") == nil {
		t.Errorf("its figure over time: %s", got.Raw)
	}
	w.refused(refusal{"not another department's", "GET", subject, w.whole("duwei"), "", 404})
	w.get("/api/v1/scores/totals", head).want(t, http.StatusOK)
}

// Who pages through orders and notices while more are given, and some are read,
// meets each one that was there throughout exactly once.
func TestPagesOfOrdersAndNoticesHold(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := worldOf(t, apptest.At(t, address))
		c, head := w.sent(), w.whole("luzhen")
		over := w.whole("zhouhui")
		given := map[string]bool{}
		urge := func() string {
			return w.put("/api/v1/orders", over, encode(t, map[string]any{"case": c.Number, "kind": "urge", "reason": "居民又问了一次"})).want(t, http.StatusOK).text("id")
		}
		for range 5 {
			given[urge()] = true
		}
		w.Due()
		orders := w.pagesOf("/api/v1/orders?kind=urge&limit=2", head, func(answer) { urge() })
		for id := range given {
			if orders[id] != 1 {
				t.Errorf("order %s, there throughout, came %d times", id, orders[id])
			}
		}
		unread := w.get("/api/v1/notices", head).want(t, http.StatusOK)
		notices := w.pagesOf("/api/v1/notices?limit=2", head, func(page answer) {
			w.quiet("POST", "/api/v1/notices/read", head, encode(t, map[string]any{"ids": []string{page.text("items", 0, "id"), page.text("items", 1, "id")}}))
			urge()
			w.Due()
		})
		list := unread.at("items").([]any)
		for i := range list {
			if id := unread.text("items", i, "id"); notices[id] != 1 {
				t.Errorf("notice %s, there throughout, came %d times", id, notices[id])
			}
		}
		if len(list) < 5 {
			t.Errorf("%d notices: nothing was put to the test", len(list))
		}
		if got := w.get("/api/v1/orders?late=true", over).want(t, http.StatusOK); got.at("count") != 0.0 {
			t.Errorf("an urging asks for no answer: %.300s", got.Raw)
		}
	})
}

// pagesOf reads a list page by page, and counts how often each id came.
func (w *world) pagesOf(path, key string, between func(answer)) map[string]int {
	w.t.Helper()
	seen := map[string]int{}
	for after, pages := "", 1; ; pages++ {
		page := w.get(path+"&after="+url.QueryEscape(after), key).want(w.t, http.StatusOK)
		for i := range page.at("items").([]any) {
			seen[page.text("items", i, "id")]++
		}
		if after = page.text("next"); after == "" {
			if pages < 3 {
				w.t.Errorf("%s: %d pages", path, pages)
			}
			return seen
		}
		between(page)
	}
}

// How units passed cases on, and which cases these were.
func TestBouncesAreListed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.told("c02010").Case
	w.does("guoyan", c.Number, "file", nil)
	w.does("chenli", c.Number, "send", map[string]any{"unit": "u-chengguan"})
	w.does("qiufeng", c.Number, "return", map[string]any{"reason": "归市政", "photos": []any{map[string]any{"data": base64Of(picture(t))}}})
	over := w.whole("zhouhui")
	if got := w.get("/api/v1/bounces", over).want(t, http.StatusOK); !strings.Contains(got.Raw, "u-chengguan") {
		t.Errorf("the counts: %.400s", got.Raw)
	}
	const path = "/api/v1/bounces/u-chengguan/returned"
	if got := w.get(path, over).want(t, http.StatusOK); got.text("items", 0, "number") != c.Number {
		t.Errorf("which: %.300s", got.Raw)
	}
	if got := w.get("/api/v1/bounces", w.whole("duwei")).want(t, http.StatusOK); strings.Contains(got.Raw, "u-chengguan") {
		t.Errorf("another department reads %.400s", got.Raw)
	}
	w.refused(
		refusal{"of another department", "GET", path, w.whole("duwei"), "", 404},
		refusal{"no such unit", "GET", "/api/v1/bounces/u-none/returned", over, "", 404},
		refusal{"too long a time", "GET", "/api/v1/bounces?from=2020-01-01&to=2026-01-01", over, "", 422},
	)
}

// An act under If-Match is refused inside its own transaction where the case has
// moved on, by every operation that takes one: none looks beforehand.
func TestIfMatchHoldsInEveryAct(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, gone := w.sent(), w.told("c02010", func(s *intake.Sending) { s.Phone = "13800000022" }).Case
	lost := w.unowned()
	over, handler, chair, clerk := w.whole("zhouhui"), w.whole("heyong"), w.whole("fanghua"), w.whole("chenli")
	tag := func(number string) string {
		got, _ := w.exchange("GET", "/api/v1/cases/"+number, over, "", nil)
		return got.Header.Get("ETag")
	}
	asks := w.get("/api/v1/cases/"+c.Number+"/asks", handler).want(t, http.StatusOK)
	one := w.put("/api/v1/cases/"+c.Number+"/asks", handler, encode(t, map[string]any{"task": asks.text("items", 0, "task"), "kind": "extension", "more": 2, "reason": "缺零件"})).want(t, http.StatusOK)
	open := w.put("/api/v1/cases/"+c.Number+"/disclosures", over, encode(t, map[string]any{"post": w.post("dingyan").ID, "reason": "视察", "until": w.Clock.Now().AddDate(0, 1, 0)})).want(t, http.StatusOK)
	task := w.get("/api/v1/cases/"+c.Number+"/offers", handler).text("holds", 0, "task")
	done := w.offer(c.Number, handler, "done", map[string]any{"answer": "画好了", "photos": []any{map[string]any{"data": base64Of(picture(t))}}})
	stale := map[string]string{}
	for _, number := range []string{c.Number, gone.Number, lost} {
		stale[number] = strings.Replace(tag(number), `"r`, `"r9`, 1) // of a revision that the case is not at
	}
	calls := map[string]struct{ method, number, path, key, body string }{
		"settle-ask":     {"POST", c.Number, "/asks/" + one.text("id"), over, `{"do":"grant","reason":"属实"}`},
		"hold-task":      {"POST", c.Number, "/hold", handler, encode(t, map[string]string{"task": task, "do": "take-up"})},
		"ask":            {"POST", c.Number, "/asks", handler, encode(t, map[string]any{"task": asks.text("items", 0, "task"), "kind": "extension", "more": 1, "reason": "还缺"})},
		"disclose-case":  {"POST", c.Number, "/disclosures", over, encode(t, map[string]any{"unit": "u-centre", "reason": "视察", "until": w.Clock.Now().AddDate(0, 1, 0)})},
		"end-disclosure": {"DELETE", c.Number, "/disclosures/" + open.text("id"), over, ""},
		"act":            {"POST", c.Number, "/act", handler, done},
		"merge-case":     {"POST", gone.Number, "/merge", clerk, encode(t, map[string]string{"into": c.Number})},
		"name-owner":     {"POST", lost, "/owner", chair, `{"unit":"u-shizheng","reason":"属道路附属设施"}`},
	}
	for _, o := range w.document().operations() {
		takes := false
		for _, p := range o.params {
			takes = takes || p["name"] == "If-Match"
		}
		call, tried := calls[o.id]
		if takes != tried {
			t.Errorf("%s: it takes If-Match (%v), and is tried here (%v)", o.id, takes, tried)
		}
		if !takes {
			if o.method != http.MethodGet {
				w.noMatch(o, over)
			}
			continue
		}
		got, said := w.exchange(call.method, "/api/v1/cases/"+call.number+call.path, call.key, call.body, header{"If-Match": stale[call.number]})
		if got.StatusCode != http.StatusPreconditionFailed || !strings.Contains(said, `"changed"`) {
			t.Errorf("%s of a revision that is not there: %d %.300s", o.id, got.StatusCode, said)
		}
	}
	for _, id := range []string{"hold-task", "disclose-case", "end-disclosure", "merge-case", "name-owner"} { // of the revision that is there
		call := calls[id]
		if got, said := w.exchange(call.method, "/api/v1/cases/"+call.number+call.path, call.key, call.body, header{"If-Match": tag(call.number)}); got.StatusCode >= 300 {
			t.Errorf("%s: %d %.300s", id, got.StatusCode, said)
		}
	}
	if now, err := casework.ByID(t.Context(), w.DB, w.House.District, c.ID); err != nil || now.State != casework.Running {
		t.Errorf("what was refused was done: %s, %v", now.State, err)
	}
}

// noMatch holds that an operation that takes no If-Match refuses one, and does
// not pass it over.
func (w *world) noMatch(o operation, key string) {
	w.t.Helper()
	path := o.path
	for _, p := range o.params {
		if name, _ := p["name"].(string); p["in"] == "path" {
			path = strings.ReplaceAll(path, "{"+name+"}", "x1")
		}
	}
	got, said := w.exchange(o.method, path, key, "", header{"If-Match": `"r1-aaaaaaaaaaaaaaaa"`})
	if got.StatusCode != http.StatusForbidden && (got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(said, "header.If-Match")) {
		w.t.Errorf("%s with If-Match: %d %.300s", o.id, got.StatusCode, said)
	}
}
