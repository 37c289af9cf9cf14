package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// acting is the first post of somebody in the invented district.
func (w *world) acting(login string) casework.Acting {
	w.t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	posts := d.Org.PostsOf(person.ID, d.Day)
	if len(posts) == 0 {
		w.t.Fatalf("%s holds no post", login)
	}
	p := posts[0]
	return casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
}

// act takes an action as somebody, on whatever task offers it.
func (w *world) act(login string, id casework.ID, m procedure.Move) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		c, err := casework.ByID(w.t.Context(), tx, w.House.District, id)
		if err != nil {
			return err
		}
		offers, err := casework.Available(w.t.Context(), tx, w.acting(login), c, tx.Now)
		if err != nil {
			return err
		}
		for _, o := range offers {
			if o.Action == m.Action {
				m.Task = o.Task
			}
		}
		_, err = casework.Act(w.t.Context(), tx, w.acting(login), id, m)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// ask asks for something at the handling unit, and grants it if asked to.
func (w *world) ask(id casework.ID, q casework.Asking, grant bool) (e casework.Entry) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		c, err := casework.ByID(w.t.Context(), tx, w.House.District, id)
		if err != nil {
			return err
		}
		options, err := casework.Asks(w.t.Context(), tx, w.acting("heyong"), c, tx.Now)
		if err != nil || len(options) == 0 {
			w.t.Fatalf("nothing may be asked for: %v", err)
		}
		q.Task = options[0].Task
		if e, err = casework.Ask(w.t.Context(), tx, w.acting("heyong"), id, q); err == nil && grant {
			e, err = casework.Decide(w.t.Context(), tx, w.acting("zhouhui"), e.ID, true, "属实，请打 13800002222")
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func TestWhyThisDate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	sent := w.send(key, `{"sender":"1","text":"门口垃圾没人清","matter":"d-help"}`, nil).want(t, http.StatusCreated)
	id, number := casework.ID(sent.text("case", "id")), sent.text("case", "number")
	w.act("guoyan", id, procedure.Move{Action: "file"})
	w.act("chenli", id, procedure.Move{Action: "send", Unit: "u-shizheng"})
	w.ask(id, casework.Asking{Kind: procedure.Extension, More: 2, Reason: "缺零件"}, true)
	why := w.get("/api/v1/cases/"+number+"/why", key).want(t, http.StatusOK)
	counted := 0
	for i := range why.at("days").([]any) {
		if why.at("days", i, "counted") == true {
			counted++
		}
		if why.text("days", i, "reason", "zh") == "" || why.text("days", i, "reason", "en") == "" {
			t.Errorf("day %d has no reason in both languages", i)
		}
	}
	full := w.get("/api/v1/cases/"+number, key).want(t, http.StatusOK)
	if counted != 7 || why.text("limit") != "7 working-days" || why.text("due") != full.text("due") || why.text("signal") != "ok" {
		t.Errorf("%d days counted of %s, due %s, the case says %s: %s", counted, why.text("limit"), why.text("due"), full.text("due"), why.Raw)
	}
	page := w.As("zhouhui").Get("/desk/case/" + string(id))
	if text := why.text("text", "zh"); text == "" || !strings.Contains(page.Text(), text) {
		t.Errorf("the page does not say what the interface says: %q", text)
	}

	w.Clock.Advance(24 * time.Hour)
	w.ask(id, casework.Asking{Kind: "special", Until: w.Clock.Now().Add(72 * time.Hour), Reason: "招标，联系 13800002222"}, true)
	why = w.get("/api/v1/cases/"+string(id)+"/why", key).want(t, http.StatusOK)
	if why.text("signal") != "hold" || why.text("held_at") == "" || why.text("stood", 0, "why", "zh") == "" || why.at("stood", 0, "to") != nil {
		t.Errorf("a clock that stands: %s", why.Raw)
	}
	full = w.get("/api/v1/cases/"+number, key).want(t, http.StatusOK)
	if full.text("signal") != "hold" || full.text("ledger", 0, "more") != "2 working-days" || full.text("ledger", 1, "state") != "running" || full.text("ledger", 1, "kind", "name", "en") == "" {
		t.Errorf("the ledger: %s", full.Raw)
	}
	if strings.Contains(full.Raw, "13800002222") {
		t.Error("a number that was written into a reason is out")
	}
	for query, want := range map[string]int{"signal=hold": 1, "signal=late": 0, "stuck=any": 0, "on_account=true": 0} {
		got := w.get("/api/v1/cases?count=true&"+query, key).want(t, http.StatusOK)
		if n, _ := got.at("total", "count").(float64); int(n) != want {
			t.Errorf("%s counts %v, want %d", query, n, want)
		}
	}
	for why, bad := range map[string]struct {
		path, key string
		status    int
	}{
		"a case that is none":       {"/api/v1/cases/261123-99999/why", key, 404},
		"an address of somebody's":  {"/api/v1/cases/" + url.PathEscape("x' or 1=1 --") + "/why", key, 404},
		"a key that sees no case":   {"/api/v1/cases/" + number + "/why", w.key("别的", rights.ReportReceive), 403},
		"no key":                    {"/api/v1/cases/" + number + "/why", "", 401},
		"a signal that is none":     {"/api/v1/cases?signal=orange", key, 422},
		"a reason of nobody's list": {"/api/v1/cases?stuck=lost", key, 422},
	} {
		if got := w.get(bad.path, bad.key); got.Status != bad.status {
			t.Errorf("%s: %d, want %d", why, got.Status, bad.status)
		}
	}
}

// What a unit writes when it asks may name people, so of a secret case it stays
// inside.
func TestWhyOfSecretCases(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	sent := w.send(key, `{"sender":"1","text":"有人倒卖公物","matter":"`+w.secretMatter()+`"}`, nil).want(t, http.StatusCreated)
	id := casework.ID(sent.text("case", "id"))
	w.act("guoyan", id, procedure.Move{Action: "file"})
	w.act("fanghua", id, procedure.Move{Action: "send", Unit: "u-shizheng"})
	w.ask(id, casework.Asking{Kind: "special", Until: apptest.Start.Add(72 * time.Hour), Reason: "要鉴定李某"}, false)
	full := w.get("/api/v1/cases/"+string(id), key).want(t, http.StatusOK)
	if full.text("ledger", 0, "state") != "asked" || strings.Contains(full.Raw, "李某") {
		t.Errorf("what was written about a secret case is out, or its ledger is missing: %s", full.Raw)
	}
	w.get("/api/v1/cases/"+string(id)+"/why", key).want(t, http.StatusOK)
}
