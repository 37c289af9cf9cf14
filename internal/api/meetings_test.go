package api_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/rights"
)

// ways are the methods that put does not send.
func (w *world) way(method, path, key, body string) answer {
	w.t.Helper()
	return w.call(method, path, key, "application/json", strings.NewReader(body), nil)
}

// unowned takes a case in that no rule gives to anybody.
func (w *world) unowned() string {
	w.t.Helper()
	_, grid := w.inside()
	d := w.District()
	for _, m := range d.Catalogue.Matters() {
		if d.Catalogue.Selectable(m.Code) && !m.Secret && d.Route(m.Code, grid, w.Clock.Now()).NoOwner {
			return w.told(m.Code).Case.Number
		}
	}
	w.t.Fatal("every matter has an owner by rule: the test looks at nothing")
	return ""
}

// A meeting is planned, held, decided, written down and closed, and a unit says
// what came of what it was given.
func TestAMeetingIsKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, lost := w.sent(), w.unowned()
	chair, head, other := w.whole("fanghua"), w.whole("luzhen"), w.whole("duwei")
	plan := func(starts time.Time, units ...string) string {
		return encode(t, map[string]any{"title": "路口标线协调会", "place": "城运中心三楼", "starts_at": starts, "chair": w.post("fanghua").ID, "units": units})
	}
	soon := w.Clock.Now().Add(48 * time.Hour)
	const path = "/api/v1/meetings"
	w.refused(
		refusal{"a head of a unit plans none", "POST", path, head, plan(soon, "u-shizheng"), 403},
		refusal{"a key without the right", "POST", path, w.own("fanghua", rights.CaseSeeAll), plan(soon, "u-shizheng"), 403},
		refusal{"no such unit", "POST", path, chair, plan(soon, "u-none"), 422},
		refusal{"a system plans none", "POST", path, w.key("平台", rights.MeetingKeep), plan(soon, "u-shizheng"), 403},
	)
	if got := w.put(path, chair, plan(w.Clock.Now().AddDate(0, 0, -9), "u-shizheng")); got.Status != 422 || got.text("errors", 0, "location") != "body.starts_at" {
		t.Errorf("a day that is over: %.300s", got.Raw)
	}
	if got := w.get(path+"/agenda", chair).want(t, http.StatusOK); got.text("items", 0, "case", "number") != lost {
		t.Errorf("what is nobody's is not the first to talk about: %.400s", got.Raw)
	}
	m := w.put(path, chair, plan(soon, "u-shizheng")).want(t, http.StatusOK)
	at := path + "/" + m.text("id")
	if m.text("state", "code") != "planned" || m.text("items", 0, "number") != lost || m.text("may", 0) != "change" {
		t.Fatalf("planned: %.900s", m.Raw)
	}
	w.way("PUT", at, chair, plan(soon.Add(time.Hour), "u-shizheng", "u-chengguan")).want(t, http.StatusOK)
	with := w.put(at+"/items", chair, encode(t, map[string]string{"number": c.Number, "question": "占道施工怎么错开"})).want(t, http.StatusOK)
	n := len(with.at("items").([]any))
	mine := with.text("items", n-1, "id")
	w.put(at+"/items", chair, `{"question":"要不要请交警"}`).want(t, http.StatusOK)
	extra := w.get(at, chair).text("items", n, "id")
	w.quietOr("DELETE", at+"/items/"+extra, chair, http.StatusOK)
	w.refused(
		refusal{"whom nobody called does not learn of it", "GET", at, other, "", 404},
		refusal{"nor acts on it", "POST", at + "/items/" + mine + "/done", other, `{"text":"办了"}`, 404},
		refusal{"it has not begun", "POST", at + "/items/" + mine + "/decision", chair, `{"decision":"错开两周"}`, 409},
		refusal{"no such meeting", "POST", path + "/0193a1b2-0000-7000-8000-000000000000/acts", chair, `{"do":"hold"}`, 404},
	)
	w.put(at+"/acts", chair, `{"do":"hold"}`).want(t, http.StatusOK)
	body := `{"decision":"错开两周，先放锥桶","unit":"u-shizheng","co":["u-chengguan"],"limit":"5 working-days"}`
	w.refused(
		refusal{"a limit that is none", "POST", at + "/items/" + mine + "/decision", chair, `{"decision":"办","unit":"u-shizheng","limit":"soon"}`, 422},
		refusal{"a key without it names no owner", "POST", at + "/items/" + m.text("items", 0, "id") + "/decision", w.own("fanghua", rights.MeetingKeep, rights.CaseSeeAll), body, 403},
		refusal{"a supervisor names no owner", "POST", at + "/items/" + m.text("items", 0, "id") + "/decision", w.whole("zhouhui"), body, 403},
	)
	decided := w.put(at+"/items/"+mine+"/decision", chair, body).want(t, http.StatusOK)
	if decided.text("items", n-1, "state") != "decided" || decided.text("items", n-1, "due") == "" || decided.text("items", n-1, "co", 0, "code") != "u-chengguan" {
		t.Errorf("decided: %.900s", decided.Raw)
	}
	owner := w.put(at+"/items/"+m.text("items", 0, "id")+"/decision", chair, `{"decision":"归市政","unit":"u-shizheng","limit":"2 working-days"}`).want(t, http.StatusOK)
	if owner.text("items", 0, "settled") != "owner" || w.get("/api/v1/cases/"+lost, chair).at("no_owner") != false {
		t.Errorf("the owner is not named: %.900s", owner.Raw)
	}
	w.put(at+"/items/"+m.text("items", 0, "id")+"/take-back", chair, `{"reason":"记错了单位"}`).want(t, http.StatusOK)
	if got := w.get(path+"/decisions", head).want(t, http.StatusOK); got.text("items", 0, "point", "id") != mine || len(got.at("items").([]any)) != 1 {
		t.Errorf("what the unit has to carry out: %.400s", got.Raw)
	}
	w.refused(refusal{"a key that only reads", "POST", at + "/items/" + mine + "/done", w.own("luzhen", rights.CaseSee), `{"text":"办了"}`, 403})
	if got := w.put(at+"/items/"+mine+"/done", head, `{"text":"锥桶放好了"}`).want(t, http.StatusOK); got.text("items", n-1, "done") != "锥桶放好了" {
		t.Errorf("carried out: %.600s", got.Raw)
	}
	rev := w.get(at, chair).at("revision")
	w.way("PUT", at+"/minutes", chair, encode(t, map[string]any{"text": "到会三家，都说了话。", "revision": rev})).want(t, http.StatusOK)
	w.refused(refusal{"somebody wrote meanwhile", "PUT", at + "/minutes", chair, encode(t, map[string]any{"text": "另一份", "revision": rev}), 409})
	w.put(at+"/acts", chair, `{"do":"close"}`).want(t, http.StatusOK)
	if got := w.get(at, head).want(t, http.StatusOK); got.text("state", "code") != "closed" || got.text("minutes") != "到会三家，都说了话。" || len(got.at("may").([]any)) != 0 {
		t.Errorf("closed: %.900s", got.Raw)
	}
	w.refused(refusal{"a closed one is not called off", "POST", at + "/acts", chair, `{"do":"cancel","reason":"x"}`, 409})
}

// quietOr calls an operation that answers with what it acted on.
func (w *world) quietOr(method, path, key string, status int) {
	w.t.Helper()
	if got, said := w.exchange(method, path, key, "", nil); got.StatusCode != status {
		w.t.Fatalf("%s %s: %d %.400s", method, path, got.StatusCode, said)
	}
}

// A turn of duty is put on the roster, shown with who has it to those who work
// here alone, and taken off; a whole roster comes as a table.
func TestTheRosterIsKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	over, sets, system := w.whole("zhouhui"), w.whole("suming"), w.key("平台", rights.CaseSeeAll)
	body := encode(t, map[string]string{"day": "2027-01-09", "hours": "08:30-17:30", "unit": "u-centre", "login": "linwang", "phone": "0000-1234"})
	const path = "/api/v1/duties"
	w.refused(
		refusal{"a handler keeps no roster", "POST", path, w.whole("heyong"), body, 403},
		refusal{"nor does a system", "POST", path, system, body, 403},
		refusal{"who only sends reports reads none", "GET", path, w.key("热线", rights.ReportReceive), "", 403},
		refusal{"hours that are none", "POST", path, over, encode(t, map[string]string{"day": "2027-01-09", "hours": "always", "unit": "u-centre"}), 422},
		refusal{"nobody of that login", "POST", path, over, encode(t, map[string]string{"day": "2027-01-09", "hours": "08:30-17:30", "unit": "u-centre", "login": "nobody"}), 422},
	)
	got := w.put(path, over, body).want(t, http.StatusOK)
	if got.text("person") != "林望" || got.text("day") != "2027-01-09" || got.text("hours") != "08:30-17:30" {
		t.Errorf("entered: %s", got.Raw)
	}
	if got := w.get(path+"?from=2027-01-09&to=2027-01-09", system).want(t, http.StatusOK); strings.Contains(got.Raw, "林望") || got.text("items", 0, "phone") != "0000-1234" {
		t.Errorf("a system is told who it is: %s", got.Raw)
	}
	other := encode(t, map[string]string{"day": "2027-01-09", "hours": "08:30-12:00", "unit": "u-centre"})
	if again := w.put(path, sets, other).want(t, http.StatusOK); again.text("id") != got.text("id") || again.text("hours") != "08:30-12:00" {
		t.Errorf("a turn that begins when one is there takes its place: %s", again.Raw)
	}
	w.refused(refusal{"a handler takes none off", "DELETE", path + "/" + got.text("id"), w.whole("heyong"), "", 403})
	w.quiet("DELETE", path+"/"+got.text("id"), over, "")
	w.refused(refusal{"it is off", "DELETE", path + "/" + got.text("id"), over, "", 404})
	table := base64.StdEncoding.EncodeToString([]byte("day,hours,area,unit,login,phone\n2027-01-10,08:30-17:30,,u-centre,linwang,\n2027-01-11,08:30-17:30,,u-none,,\n"))
	bring := func(skip bool) string {
		return encode(t, map[string]any{"table": "duties", "file": "值班.csv", "data": table, "skip_bad": skip})
	}
	w.refused(refusal{"a handler brings none in", "POST", "/api/v1/imports", w.whole("heyong"), bring(false), 403})
	if got := w.put("/api/v1/imports", over, bring(false)).want(t, http.StatusOK); got.at("kept") != false || got.at("findings", 0, "line") != 3.0 {
		t.Errorf("a bad row: %s", got.Raw)
	}
	if got := w.put("/api/v1/imports", over, bring(true)).want(t, http.StatusOK); got.at("kept") != true {
		t.Errorf("without it: %s", got.Raw)
	}
	if got := w.get(path+"?from=2027-01-10&to=2027-01-11", over); len(got.at("items").([]any)) != 1 {
		t.Errorf("the roster: %s", got.Raw)
	}
}

// A duty is proposed by the head of its unit, approved by somebody else, and
// ended.
func TestTheAdmissionListIsKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	head, keeps := w.whole("wenhe"), w.whole("zhouhui")
	duty := func(by string) string {
		return encode(t, map[string]any{"duty": "高龄津贴上门核对", "duty_en": "Checks of the old-age allowance", "proposed_by": by, "basis": "民政 3 号文", "units": []string{"u-guixiang"}, "minutes": 240, "forms": "核对表", "valid_from": "2026-12-01"})
	}
	const path = "/api/v1/admissions"
	w.refused(
		refusal{"a handler proposes nothing", "POST", path, w.whole("aixin"), duty("u-minzheng"), 403},
		refusal{"nor does a head for another unit", "POST", path, head, duty("u-shizheng"), 403},
		refusal{"a supervisor's key without the right", "POST", path, w.own("zhouhui", rights.CaseSee), duty("u-minzheng"), 403},
		refusal{"it ends before it begins", "POST", path, head, strings.Replace(duty("u-minzheng"), `"valid_from"`, `"valid_to":"2026-11-30","valid_from"`, 1), 422},
	)
	m := w.put(path, head, duty("u-minzheng")).want(t, http.StatusOK)
	if m.text("state", "code") != "proposed" || m.text("forms") != "核对表" || m.text("units", 0, "code") != "u-guixiang" {
		t.Errorf("proposed: %s", m.Raw)
	}
	act := path + "/" + m.text("id") + "/acts"
	w.refused(
		refusal{"the head approves nothing", "POST", act, head, `{"do":"approve","approved_by":"区委"}`, 403},
		refusal{"no such duty", "POST", path + "/none/acts", keeps, `{"do":"approve","approved_by":"区委"}`, 404},
	)
	if got := w.put(act, keeps, `{"do":"approve","approved_by":"区社会工作部"}`).want(t, http.StatusOK); got.text("state", "code") != "approved" || got.text("approved_by") != "区社会工作部" {
		t.Errorf("approved: %s", got.Raw)
	}
	w.refused(refusal{"it is approved", "POST", act, keeps, `{"do":"decline","reason":"晚了"}`, 409})
	if got := w.get(path+"/burdens?on=2026-12-02", w.key("平台", rights.CaseSeeAll)).want(t, http.StatusOK); got.text("items", 0, "unit", "code") == "" || !strings.Contains(got.Raw, "240") {
		t.Errorf("what it costs: %.400s", got.Raw)
	}
	w.refused(
		refusal{"who only sends reports reads no list", "GET", path, w.key("热线", rights.ReportReceive), "", 403},
		refusal{"nor what it costs", "GET", path + "/burdens", w.key("热线", rights.ReportReceive), "", 403},
	)
	if got := w.put(act, keeps, `{"do":"end","last":"2026-12-31","reason":"改为线上核对"}`).want(t, http.StatusOK); got.text("valid_to") != "2026-12-31" {
		t.Errorf("ended: %s", got.Raw)
	}
	if got := w.get(path+"?proposed_by=u-minzheng&on=2027-01-01", keeps).want(t, http.StatusOK); strings.Contains(got.Raw, m.text("id")) {
		t.Errorf("in force after its end: %s", got.Raw)
	}
}

// Somebody stands in during leave, has the post's rights for that time and not
// after.
func TestAStandInIsNamed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key, post := w.whole("luopei"), string(w.post("luzhen").ID)
	path := "/api/v1/posts/" + post + "/stand-ins"
	now := w.Clock.Now()
	stand := func(login string, days int) string {
		return encode(t, map[string]any{"person": w.post(login).Person, "from": now, "to": now.AddDate(0, 0, days), "reason": "休假"})
	}
	w.refused(
		refusal{"a system administrator names nobody", "POST", path, w.whole("suming"), stand("heyong", 5), 403},
		refusal{"no such post", "POST", "/api/v1/posts/none/stand-ins", key, stand("heyong", 5), 404},
		refusal{"nobody of another department", "POST", path, key, stand("duwei", 5), 422},
		refusal{"it ends before it begins", "POST", path, key, stand("heyong", -5), 422},
	)
	if got := w.get("/api/v1/me", w.whole("heyong")); strings.Contains(got.Raw, "unit-lead") {
		t.Fatalf("he leads the unit before: %.300s", got.Raw)
	}
	given := w.put(path, key, stand("heyong", 5)).want(t, http.StatusOK)
	if given.text("person", "name", "zh") != "贺勇" || given.at("keeps") != false {
		t.Errorf("named: %s", given.Raw)
	}
	w.Clock.Advance(time.Minute)
	if got := w.get("/api/v1/me", w.whole("heyong")); !strings.Contains(got.Raw, "unit-lead") {
		t.Errorf("he does not stand in: %.600s", got.Raw)
	}
	end := path + "/" + given.text("id") + "/end"
	w.refused(
		refusal{"who sees rights ends nothing", "POST", end, w.whole("zhouhui"), `{"reason":"回来了"}`, 403},
		refusal{"of another post", "POST", strings.Replace(end, post, string(w.post("shiqing").ID), 1), key, `{"reason":"回来了"}`, 404},
	)
	if got := w.put(end, key, `{"reason":"提前回来"}`).want(t, http.StatusOK); got.text("ended_at") == "" {
		t.Errorf("ended: %s", got.Raw)
	}
	if got := w.get(path, w.whole("zhouhui")).want(t, http.StatusOK); got.text("items", 0, "id") != given.text("id") {
		t.Errorf("who stood in: %s", got.Raw)
	}
}
