package api_test

import (
	"net/http"
	"testing"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/org"
	"linli/internal/rights"
)

// does takes an action of a case with the key of somebody who is offered it.
func (w *world) does(login, number, action string, more map[string]any) answer {
	w.t.Helper()
	key := w.whole(login)
	return w.put("/api/v1/cases/"+number+"/act", key, w.offer(number, key, action, more)).want(w.t, http.StatusOK)
}

// sent takes a damaged road sign in and sends it to the unit that keeps the roads.
func (w *world) sent() casework.Case {
	w.t.Helper()
	c := w.told("c02010").Case
	w.does("guoyan", c.Number, "file", nil)
	w.does("chenli", c.Number, "send", map[string]any{"unit": "u-shizheng"})
	return c
}

// quiet calls an operation that answers with nothing when it did what it should.
func (w *world) quiet(method, path, key, body string) {
	w.t.Helper()
	if got, said := w.exchange(method, path, key, body, nil); got.StatusCode != http.StatusNoContent || said != "" {
		w.t.Fatalf("%s %s: %d %.400s", method, path, got.StatusCode, said)
	}
}

// post is a post that somebody holds now.
func (w *world) post(login string) org.Post {
	w.t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	held := d.Org.HeldAt(person.ID, w.Clock.Now(), d.Calendar.Zone())
	if len(held) == 0 {
		w.t.Fatalf("%s holds no post", login)
	}
	return held[0]
}

// as writes as somebody does who works here.
func (w *world) as(login string, fn func(tx *db.Tx, a casework.Acting) error) {
	w.t.Helper()
	a := w.acting(login)
	if err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error { return fn(tx, a) }); err != nil {
		w.t.Fatal(err)
	}
}

// refusal is a call that must not be let through.
type refusal struct {
	why, method, path, key, body string
	status                       int
}

func (w *world) refused(all ...refusal) {
	w.t.Helper()
	for _, one := range all {
		got, said := w.exchange(one.method, one.path, one.key, one.body, nil)
		if got.StatusCode != one.status {
			w.t.Errorf("%s: %s %s answers %d, want %d: %.300s", one.why, one.method, one.path, got.StatusCode, one.status, said)
		}
	}
}

// Pauses and longer limits are asked for and decided as on the page: a unit asks,
// a supervisor decides, and the date follows.
func TestTimeIsAskedForAndGiven(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	path := "/api/v1/cases/" + c.Number + "/asks"
	unit, over := w.whole("wugang"), w.whole("zhouhui")
	var task, pause string
	options := w.get(path, unit).want(t, http.StatusOK)
	for i := range options.at("items").([]any) {
		if task = options.text("items", i, "task"); pause == "" && options.text("items", i, "latest") != "" && options.at("items", i, "allowed") == true {
			pause = options.text("items", i, "kind", "code")
		}
	}
	longer := encode(t, map[string]any{"task": task, "kind": "extension", "more": 2, "reason": "配件要从厂家调"})
	before := w.get("/api/v1/cases/"+c.Number, unit).want(t, http.StatusOK).text("due")
	seen := w.put(path+"/foresee", unit, longer).want(t, http.StatusOK).text("case")
	if seen <= before {
		t.Errorf("two more of %s is foreseen for %s", before, seen)
	}
	asked := w.put(path, unit, longer).want(t, http.StatusOK)
	if asked.text("state") != "asked" || w.get("/api/v1/cases/"+c.Number, unit).text("due") != before {
		t.Errorf("what is only asked for is %s: %.300s", asked.text("state"), asked.Raw)
	}
	grant, settle := `{"do":"grant","reason":"属实，同意"}`, path+"/"+asked.text("id")
	w.refused(
		refusal{"it is not the department's that has nothing to do with it", "POST", path, w.whole("duwei"), longer, 404},
		refusal{"a dispatcher does not work on it", "POST", path, w.whole("chenli"), longer, 403},
		refusal{"a handler decides nothing", "POST", settle, unit, grant, 403},
		refusal{"nor does who has the right by another rule", "POST", settle, w.whole("fanghua"), grant, 403},
		refusal{"no such request", "POST", path + "/0193a1b2-0000-7000-8000-000000000000", over, grant, 404},
		refusal{"a supervisor's key without the right to decide", "POST", settle, w.own("zhouhui", rights.CaseSeeAll, rights.CaseSee), grant, 403},
	)
	if got := w.put(settle, over, grant).want(t, http.StatusOK); got.text("state") != "granted" || got.text("decision") != "属实，同意" {
		t.Errorf("decided: %.400s", got.Raw)
	}
	if got := w.get("/api/v1/cases/"+c.Number, unit).text("due"); got != seen {
		t.Errorf("the date is %s, foreseen was %s", got, seen)
	}
	w.refused(refusal{"it is decided already", "POST", settle, over, grant, 409})

	until := w.Clock.Now().AddDate(0, 0, 3)
	stand := w.put(path, unit, encode(t, map[string]any{"task": task, "kind": pause, "until": until, "reason": "连着下雨，标线画不了"})).want(t, http.StatusOK)
	if w.get("/api/v1/cases/"+c.Number, unit).text("held_at") == "" {
		t.Error("the clock goes on while a pause is asked for")
	}
	w.refused(refusal{"only who asked takes it back", "POST", path + "/" + stand.text("id"), over, `{"do":"withdraw"}`, 403})
	if got := w.put(path+"/"+stand.text("id"), unit, `{"do":"withdraw"}`).want(t, http.StatusOK); got.text("state") != "withdrawn" {
		t.Errorf("taken back: %.300s", got.Raw)
	}
	if w.get("/api/v1/cases/"+c.Number, unit).text("held_at") != "" {
		t.Error("the clock stands after the pause was taken back")
	}
}
