package api_test

import (
	"net/http"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// A supervisor puts a case under supervision, the unit answers, the supervisor
// lifts it.
func TestAnOrderIsGivenAnsweredAndLifted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	over, head, other := w.whole("zhouhui"), w.whole("luzhen"), w.whole("duwei")
	body := encode(t, map[string]any{"case": c.Number, "kind": "order", "form": "listed", "within": 2, "reason": "两次催办没有进展"})
	w.refused(
		refusal{"a unit orders nobody", "POST", "/api/v1/orders", head, body, 403},
		refusal{"a supervisor's key without the right", "POST", "/api/v1/orders", w.own("zhouhui", rights.CaseSeeAll, rights.CaseSee), body, 403},
		refusal{"a form that is none", "POST", "/api/v1/orders", over, encode(t, map[string]any{"case": c.Number, "kind": "order", "form": "whip", "within": 2, "reason": "快"}), 422},
	)
	given := w.put("/api/v1/orders", over, body).want(t, http.StatusOK)
	path, words := "/api/v1/orders/"+given.text("id"), `{"text":"已加派人手，明天画完"}`
	if given.text("state", "code") != "asked" || given.text("unit", "code") != "u-shizheng" || given.text("reply_due") == "" {
		t.Errorf("given: %.600s", given.Raw)
	}
	if got := w.get(path, head).want(t, http.StatusOK); got.text("may", 0) != "reply" || got.text("may", 1) != "" {
		t.Errorf("the unit may %v", got.at("may"))
	}
	if got := w.get("/api/v1/orders", head).want(t, http.StatusOK); got.at("count") != 1.0 || got.text("items", 0, "id") != given.text("id") {
		t.Errorf("the list: %.300s", got.Raw)
	}
	w.refused(
		refusal{"another unit does not learn of it", "GET", path, other, "", 404},
		refusal{"nor answers", "POST", path + "/reply", other, words, 404},
		refusal{"nor does the supervisor for the unit", "POST", path + "/reply", over, words, 403},
		refusal{"a unit lifts nothing", "POST", path + "/lift", head, words, 403},
	)
	if got := w.put(path+"/reply", head, words).want(t, http.StatusOK); got.text("state", "code") != "answered" || got.text("reply") != "已加派人手，明天画完" {
		t.Errorf("answered: %.600s", got.Raw)
	}
	w.refused(refusal{"it is answered", "POST", path + "/reply", head, words, 409})
	if got := w.put(path+"/lift", over, `{"text":"画完了"}`).want(t, http.StatusOK); got.text("state", "code") != "lifted" || got.text("ended_at") == "" {
		t.Errorf("lifted: %.600s", got.Raw)
	}
	w.refused(refusal{"it is lifted", "POST", path + "/lift", over, words, 409})
}

// A unit reads what it was told and marks it as read; others cannot.
func TestNoticesAreMarkedAsRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	over, head := w.whole("zhouhui"), w.whole("luzhen")
	w.put("/api/v1/orders", over, encode(t, map[string]any{"case": c.Number, "kind": "urge", "reason": "居民又问了一次"})).want(t, http.StatusOK)
	w.Due()
	first := w.get("/api/v1/notices", head).want(t, http.StatusOK)
	n, _ := first.at("count").(float64)
	if n == 0 {
		t.Fatalf("the unit was told nothing: %s", first.Raw)
	}
	one := encode(t, map[string]any{"ids": []string{first.text("items", 0, "id")}})
	w.refused(
		refusal{"what others were told is not there", "POST", "/api/v1/notices/read", w.whole("duwei"), one, 404},
		refusal{"a system was told nothing", "POST", "/api/v1/notices/read", w.key("平台", rights.CaseSeeAll), `{}`, 403},
	)
	if got := w.get("/api/v1/notices", head); got.at("count") != n {
		t.Errorf("another marked it as read: %.300s", got.Raw)
	}
	w.quiet("POST", "/api/v1/notices/read", head, one)
	if got := w.get("/api/v1/notices", head); got.at("count") != n-1 {
		t.Errorf("one read, %v of %v are left", got.at("count"), n)
	}
	w.quiet("POST", "/api/v1/notices/read", head, `{}`)
	if got := w.get("/api/v1/notices", head); got.at("count") != 0.0 {
		t.Errorf("all read, %v are left", got.at("count"))
	}
}

// A meeting is read by the units it was called for.
func TestAMeetingIsRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	var m supervise.Meeting
	w.as("zhouhui", func(tx *db.Tx, a casework.Acting) (err error) {
		m, err = supervise.PlanMeeting(t.Context(), tx, a, supervise.Planning{
			Title: "路口标线协调会", Place: "城运中心三楼", StartsAt: tx.Now.Add(48 * time.Hour), Units: []string{"u-shizheng", "u-chengguan"},
		})
		if err == nil {
			_, err = supervise.AddItem(t.Context(), tx, a, m.ID, c.Number, "占道施工怎么错开")
		}
		return err
	})
	path := "/api/v1/meetings/" + string(m.ID)
	if got := w.get(path, w.whole("luzhen")).want(t, http.StatusOK); got.text("title") != m.Title || got.text("items", 0, "number") != c.Number || got.text("units", 1, "code") == "" {
		t.Errorf("the unit reads %.600s", got.Raw)
	}
	w.refused(refusal{"nobody called the department", "GET", path, w.whole("duwei"), "", 404})
}

// The figures of a month, the cases behind them, an appeal and what came of it.
func TestAMonthIsReadAndAppealedAgainst(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	w.Clock.Advance(6 * 24 * time.Hour)
	w.Due()
	w.does("wugang", c.Number, "done", map[string]any{"answer": "画好了", "photos": []any{map[string]any{"data": base64Of(picture(t))}}})
	w.Clock.Set(time.Date(2026, 12, 2, 9, 0, 0, 0, w.District().Calendar.Zone()))
	w.Due()
	const month, subject = "/api/v1/scores/2026-11", "/departments/unit:u-shizheng"
	head, over := w.whole("luzhen"), w.whole("zhouhui")
	if got := w.get("/api/v1/scores", head).want(t, http.StatusOK); got.text("items", 1, "state") != string(evaluate.Preliminary) {
		t.Fatalf("November is not counted: %.600s", got.Raw)
	}
	if got := w.get(month+"/departments", head).want(t, http.StatusOK); got.text("items", 0, "rows", 0, "subject", "code") != "unit:u-shizheng" {
		t.Errorf("the table: %.600s", got.Raw)
	}
	if got := w.get(month+subject, head).want(t, http.StatusOK); got.text("subject", "name", "zh") == "" || got.text("sections", 0, "lines", 0, "indicator", "code") == "" {
		t.Errorf("the card: %.600s", got.Raw)
	}
	if got := w.get(month+subject+"/timely-work", head).want(t, http.StatusOK); got.text("items", 0, "number") != c.Number || got.at("items", 0, "worth") != 0.0 {
		t.Errorf("a late case counts as %s", got.Raw)
	}
	lodge := encode(t, map[string]any{"subject": "unit:u-shizheng", "indicator": "timely-work", "case": c.Number, "reason": "供货停产，有证明"})
	w.refused(
		refusal{"another department sees no card of it", "GET", month + subject + "/timely-work", w.whole("duwei"), "", 404},
		refusal{"no such indicator", "GET", month + subject + "/nothing", head, "", 404},
		refusal{"a handler does not appeal", "POST", month + "/appeals", w.whole("wugang"), lodge, 403},
		refusal{"nor does who keeps the scores", "POST", month + "/appeals", over, lodge, 403},
		refusal{"a figure in which it does not count", "POST", month + "/appeals", head, encode(t, map[string]any{"subject": "unit:u-shizheng", "indicator": "nothing", "case": c.Number, "reason": "不对"}), 422},
	)
	asked := w.put(month+"/appeals", head, lodge).want(t, http.StatusOK)
	path, verdict := month+"/appeals/"+asked.text("id"), `{"strike":true,"decision":"有供货证明"}`
	if asked.text("state") != "asked" || asked.text("unit", "code") != "u-shizheng" {
		t.Errorf("asked: %s", asked.Raw)
	}
	w.refused(
		refusal{"it is asked already", "POST", month + "/appeals", head, lodge, 409},
		refusal{"the unit decides nothing", "POST", path, head, verdict, 403},
		refusal{"no such appeal", "POST", month + "/appeals/0193a1b2-0000-7000-8000-000000000000", over, verdict, 404},
		refusal{"an appeal of another month", "POST", "/api/v1/scores/2026-10/appeals/" + asked.text("id"), over, verdict, 404},
	)
	if got := w.get(month+"/appeals", over).want(t, http.StatusOK); got.text("items", 0, "id") != asked.text("id") {
		t.Errorf("appeals: %s", got.Raw)
	}
	if got := w.put(path, over, verdict).want(t, http.StatusOK); got.text("state") != "struck" || got.text("decision") != "有供货证明" {
		t.Errorf("decided: %s", got.Raw)
	}
	w.refused(refusal{"it is decided", "POST", path, over, verdict, 409})
	if got := w.get(month+subject+"/timely-work", head).want(t, http.StatusOK); got.text("items", 0, "number") != "" {
		t.Errorf("the case still counts: %s", got.Raw)
	}
}
