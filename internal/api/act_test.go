package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/rights"
)

// own makes a key that acts with somebody's posts.
func (w *world) own(login string, scopes ...rights.Right) string {
	w.t.Helper()
	return w.bounded(access.Key{Name: login, Login: login, Scopes: scopes})
}

// whole is a key with all that somebody may do.
func (w *world) whole(login string) string { return w.own(login, rights.Rights()...) }

// put sends JSON to an operation.
func (w *world) put(path, key, body string) answer {
	w.t.Helper()
	return w.call(http.MethodPost, path, key, "application/json", strings.NewReader(body), nil)
}

// told takes a report in, as a resident sends it: in a grid of Guixiang, so that
// its station and its grid workers are known.
func (w *world) told(matter string, change ...func(*intake.Sending)) intake.Receipt {
	w.t.Helper()
	p, _ := w.inside()
	s := intake.Sending{Channel: intake.Portal, Matter: matter, Text: "13800000021 说路口的井盖破了", Point: p, Name: "王一", Phone: "13800000021"}
	for _, one := range change {
		one(&s)
	}
	r, err := w.Desk.Receive(w.t.Context(), w.District(), s)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// offer finds an action among what a caller may do, as the body that takes it.
func (w *world) offer(number, key, action string, more map[string]any) string {
	w.t.Helper()
	got := w.get("/api/v1/cases/"+number+"/offers", key).want(w.t, http.StatusOK)
	list, _ := got.at("actions").([]any)
	for i := range list {
		if got.text("actions", i, "action") == action && got.at("actions", i, "allowed") == true {
			body := map[string]any{"task": got.text("actions", i, "task"), "action": action}
			for name, value := range more {
				body[name] = value
			}
			return encode(w.t, body)
		}
	}
	w.t.Fatalf("%s offers no %q: %.900s", number, action, got.Raw)
	return ""
}

// verifier is the login of somebody who may verify a case in its grid.
func (w *world) verifier(c casework.Case) string {
	w.t.Helper()
	d := w.District()
	for _, p := range d.Org.WorkersOf(c.Place.Grid, d.Day) {
		if person, ok := d.Org.Person(p.Person); ok {
			return person.Login
		}
	}
	w.t.Fatalf("nobody works in %s", c.Place.Grid)
	return ""
}

// A case goes its whole way through keys of persons, by the same steps as on the
// pages: filed, sent, done, verified, and rated by the resident's own word.
func TestACaseGoesItsWayByKeys(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := w.told("c02010")
	act := func(login, action string, more map[string]any, status int) answer {
		t.Helper()
		key := w.whole(login)
		return w.put("/api/v1/cases/"+r.Case.Number+"/act", key, w.offer(r.Case.Number, key, action, more)).want(t, status)
	}
	photo := []any{map[string]any{"data": base64Of(picture(t))}}
	act("guoyan", "file", nil, http.StatusOK)
	if got := act("chenli", "send", nil, 422); got.text("errors", 0, "location") != "body.unit" {
		t.Errorf("sent nowhere: %.300s", got.Raw)
	}
	if got := act("chenli", "send", map[string]any{"unit": "u-shizheng"}, http.StatusOK); got.text("unit", "code") != "u-shizheng" {
		t.Errorf("sent to %q", got.text("unit", "code"))
	}
	wugang := w.whole("wugang")
	queue := w.get("/api/v1/tasks?count=true", wugang).want(t, http.StatusOK)
	if queue.text("items", 0, "case", "number") != r.Case.Number || queue.at("total", "count") != 1.0 {
		t.Errorf("the queue of the handler: %.400s", queue.Raw)
	}
	task := queue.text("items", 0, "task", "id")
	w.put("/api/v1/cases/"+r.Case.Number+"/hold", wugang, encode(t, map[string]string{"task": task, "do": "take-up"})).want(t, http.StatusOK)
	if got := w.get("/api/v1/tasks/taken", wugang).want(t, http.StatusOK); got.text("items", 0, "task", "taken") != "吴刚" {
		t.Errorf("taken up by %q: %.400s", got.text("items", 0, "task", "taken"), got.Raw)
	}
	act("wugang", "done", map[string]any{"answer": "换好了", "photos": photo}, http.StatusOK)
	if got := w.get("/api/v1/cases/"+r.Case.Number+"/photos", wugang).want(t, http.StatusOK); got.text("items", 0, "kind", "code") == "" {
		t.Errorf("no photo: %.300s", got.Raw)
	}
	act(w.verifier(r.Case), "pass", map[string]any{"photos": photo}, http.StatusOK)

	machine := w.key("小程序", rights.ReportReceive)
	proof := map[string]any{"number": r.Case.Number, "word": r.Word}
	got := w.put("/api/v1/track", machine, encode(t, proof)).want(t, http.StatusOK)
	rate := map[string]any{"number": r.Case.Number, "word": r.Word, "task": got.text("offers", 0, "task"), "action": got.text("offers", 0, "action"), "grade": 5}
	if got := w.put("/api/v1/track/act", machine, encode(t, rate)).want(t, http.StatusOK); got.text("state") != "closed" {
		t.Errorf("after the rating it is %q: %.300s", got.text("state"), got.Raw)
	}
	full := w.get("/api/v1/cases/"+r.Case.Number, w.whole("chenli")).want(t, http.StatusOK)
	if !strings.Contains(full.Raw, "吴刚") || strings.Contains(full.Raw, "13800000021") || strings.Contains(full.Raw, "王一") {
		t.Errorf("the trail names who did it and never who reported it: %.2000s", full.Raw)
	}
	if full.text("reporters", 0, "phone") != "138****0021" {
		t.Errorf("the phone is shown as %q", full.text("reporters", 0, "phone"))
	}
}

// What a key may do is what its scopes and the posts of its person both give.
func TestScopesAndPostsBothBound(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := w.told("c02010")
	elsewhere := w.whole("duwei") // a department that has nothing to do with it
	full, narrow := w.whole("chenli"), w.own("chenli", rights.CaseSee)
	blind, reads := w.own("guoyan", rights.CaseAccept), w.own("guoyan", rights.CaseSeeAll)
	system := w.key("平台", rights.CaseSeeAll, rights.ReportReceive)
	number := r.Case.Number
	for _, one := range []struct {
		why, method, path, key string
		status                 int
		code                   string
	}{
		{"a dispatcher sees every case", "GET", "/cases/" + number, full, 200, ""},
		{"out of the scope is not there", "GET", "/cases/" + number, elsewhere, 404, "not-found"},
		{"nor are its offers", "GET", "/cases/" + number + "/offers", elsewhere, 404, "not-found"},
		{"nor its photos", "GET", "/cases/" + number + "/photos", elsewhere, 404, "not-found"},
		{"nor its asks", "GET", "/cases/" + number + "/asks", elsewhere, 404, "not-found"},
		{"nor its trail", "GET", "/cases/" + number + "/trail", elsewhere, 404, "not-found"},
		{"a key without the right to every case sees the unit's own, which this is", "GET", "/cases/" + number, narrow, 200, ""},
		{"without the right to see any", "GET", "/cases/" + number, blind, 403, "forbidden"},
		{"who may not act reads", "GET", "/cases/" + number, reads, 200, ""},
		{"a system acts for nobody", "GET", "/cases/" + number + "/offers", system, 403, "forbidden"},
		{"nor has it a queue", "GET", "/tasks", system, 403, "forbidden"},
		{"a system reads no photos of people", "GET", "/cases/" + number + "/photos", system, 403, "forbidden"},
		{"a dispatcher keeps no accounts", "GET", "/accounts", full, 403, "forbidden"},
		{"a security administrator does", "GET", "/accounts", w.whole("luopei"), 200, ""},
		{"and sees no case", "GET", "/cases/" + number, w.whole("luopei"), 403, "forbidden"},
		{"a supervisor reads orders", "GET", "/orders", w.whole("zhouhui"), 200, ""},
		{"a supervisor gives no posts", "GET", "/people", w.own("zhouhui", rights.Supervise), 403, "forbidden"},
		{"a system administrator sees the routes", "GET", "/routes", w.whole("suming"), 200, ""},
		{"no such photo", "GET", "/photos/0193a1b2-0000-7000-8000-000000000000", full, 404, "not-found"},
		{"no such order", "GET", "/orders/0193a1b2-0000-7000-8000-000000000000", full, 404, "not-found"},
		{"no such meeting", "GET", "/meetings/0193a1b2-0000-7000-8000-000000000000", full, 404, "not-found"},
	} {
		got := w.call(one.method, "/api/v1"+one.path, one.key, "", nil, nil)
		if got.Status != one.status || got.text("code") != one.code {
			t.Errorf("%s: %d %q, want %d %q: %.300s", one.why, got.Status, got.text("code"), one.status, one.code, got.Raw)
		}
	}
	for key, want := range map[string]int{reads: 0, blind: 403, narrow: 0} {
		got := w.get("/api/v1/cases/"+number+"/offers", key)
		list, _ := got.at("actions").([]any)
		if want == 0 && (got.Status != 200 || len(list) != 0) || want != 0 && got.Status != want {
			t.Errorf("a key without a right to work is offered %d actions: %d", len(list), got.Status)
		}
	}
	if got := w.get("/api/v1/cases/"+number+"/offers", w.own("guoyan", rights.CaseSee, rights.CaseAccept)); len(got.at("actions").([]any)) == 0 {
		t.Errorf("the right to accept offers nothing: %.300s", got.Raw)
	}
}

// A key ends with the account and with the last post, and a machine acts as its
// post until that ends.
func TestKeysEndWithWhoTheyActFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := w.told("c02010")
	key, path := w.whole("wugang"), "/api/v1/tasks"
	w.get(path, key).want(t, http.StatusOK)
	d := w.District()
	person, _ := d.Org.PersonByLogin("heyong")
	post := d.Org.HeldAt(person.ID, w.Clock.Now(), d.Calendar.Zone())[0]
	machine := w.bounded(access.Key{Name: "市政养护调度", Post: string(post.ID), Scopes: []rights.Right{rights.CaseSee, rights.CaseHandle}})
	w.get(path, machine).want(t, http.StatusOK)
	for _, step := range []struct{ login, action, unit string }{{"guoyan", "file", ""}, {"chenli", "send", "u-shizheng"}} {
		by := w.whole(step.login)
		w.put("/api/v1/cases/"+r.Case.Number+"/act", by, w.offer(r.Case.Number, by, step.action, map[string]any{"unit": step.unit})).want(t, http.StatusOK)
	}
	w.put("/api/v1/cases/"+r.Case.Number+"/act", machine, w.offer(r.Case.Number, machine, "done", map[string]any{
		"answer": "修好了", "photos": []any{map[string]any{"data": base64Of(picture(t))}},
	})).want(t, http.StatusOK)
	got := w.get("/api/v1/cases/"+r.Case.Number+"/trail", w.whole("chenli"))
	if !strings.Contains(got.Raw, "单位的系统") {
		t.Errorf("the trail does not say that a machine did it: %.900s", got.Raw)
	}
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := w.DB.Write(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(5 * time.Second) // longer than a good key is remembered
	}
	write(func(tx *db.Tx) error { return access.Close(t.Context(), tx, d.Code, "wugang", access.By{}) })
	w.get(path, key).want(t, http.StatusUnauthorized)
	write(func(tx *db.Tx) error {
		_, err := org.End(t.Context(), tx, d.Code, d.Calendar.Zone(), org.Giver{}, post.ID, time.Time{}, "换人")
		return err
	})
	w.get(path, machine).want(t, http.StatusUnauthorized)
}

// Nobody learns by a wrong word whether a number is there.
func TestTrackTellsNothingToAStranger(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := w.told("c02010")
	machine := w.key("小程序", rights.ReportReceive)
	wrong := w.put("/api/v1/track", machine, encode(t, map[string]any{"number": r.Case.Number, "word": "不是这个词"})).want(t, http.StatusNotFound)
	none := w.put("/api/v1/track", machine, encode(t, map[string]any{"number": "261123-99997", "word": "不是这个词"})).want(t, http.StatusNotFound)
	if wrong.Raw != none.Raw {
		t.Errorf("a wrong word is told apart:\n%s\n%s", wrong.Raw, none.Raw)
	}
}

// Masked data are shown for a purpose alone, and the person reads that they were.
func TestRevealIsOnRecord(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := w.told("c02010")
	key := w.whole("guoyan")
	path := "/api/v1/cases/" + r.Case.Number
	purposes := w.get(path+"/purposes", key).want(t, http.StatusOK)
	body := map[string]any{"report": r.Report, "fields": []string{"phone"}, "purpose": purposes.text("items", 0, "name"), "kind": "ask"}
	got := w.put(path+"/reveal", key, encode(t, body)).want(t, http.StatusOK)
	if got.text("values", "phone") != "13800000021" {
		t.Errorf("shown: %.300s", got.Raw)
	}
	if w.put(path+"/reveal", w.whole("chenli"), encode(t, body)).Status != http.StatusForbidden {
		t.Error("a dispatcher, who has no right to, is shown it")
	}
	delete(body, "purpose")
	w.put(path+"/reveal", key, encode(t, body)).want(t, 422)
	n, err := db.Value[int](t.Context(), w.DB, "select count(*) from looks where district = $1", w.House.District)
	if err != nil || n != 1 {
		t.Errorf("%d looks on record, %v", n, err)
	}
	body["purpose"] = purposes.text("items", 0, "name")
	for range 2 { // a name for the request keeps no copy of what was shown
		w.call(http.MethodPost, path+"/reveal", key, "application/json", strings.NewReader(encode(t, body)), header{"Idempotency-Key": "same"}).want(t, http.StatusOK)
	}
	if n, err = db.Value[int](t.Context(), w.DB, "select count(*) from looks where district = $1", w.House.District); err != nil || n != 3 {
		t.Errorf("%d looks on record, want each, %v", n, err)
	}
}
