package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/intake"
	"linli/internal/rights"
)

// Two cases about one thing become one, by who may say so.
func TestTwoCasesBecomeOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	kept, gone := w.told("c02010").Case, w.told("c02010", func(s *intake.Sending) { s.Phone = "13800000022" }).Case
	path, into := "/api/v1/cases/"+gone.Number+"/merge", encode(t, map[string]string{"into": kept.Number})
	key := w.whole("chenli")
	w.refused(
		refusal{"a key without the right", "POST", path, w.own("chenli", rights.CaseSee, rights.CaseDispatch), into, 403},
		refusal{"a case is not merged into itself", "POST", path, key, encode(t, map[string]string{"into": gone.Number}), 422},
		refusal{"nor into one that is not there", "POST", path, key, `{"into":"261123-99997"}`, 404},
	)
	got := w.put(path, key, into).want(t, http.StatusOK)
	if got.text("number") != kept.Number || got.at("reports") != 2.0 {
		t.Errorf("what goes on: %.400s", got.Raw)
	}
	if got := w.get("/api/v1/cases/"+gone.Number, key).want(t, http.StatusOK); got.text("state") != "merged" || got.text("merged_into") != string(kept.ID) {
		t.Errorf("what went over is %s into %s", got.text("state"), got.text("merged_into"))
	}
	w.refused(refusal{"it is merged already", "POST", path, key, into, 409})
}

// Whose job it is that no rule gives to anybody, the shift leader says.
func TestTheOwnerIsNamed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, grid := w.inside()
	var number string
	d := w.District()
	for _, m := range d.Catalogue.Matters() {
		if d.Catalogue.Selectable(m.Code) && !m.Secret && d.Route(m.Code, grid, w.Clock.Now()).NoOwner {
			number = w.told(m.Code).Case.Number
			break
		}
	}
	if number == "" {
		t.Fatal("every matter has an owner by rule: the test looks at nothing")
	}
	path, body, key := "/api/v1/cases/"+number+"/owner", `{"unit":"u-shizheng","reason":"属道路附属设施"}`, w.whole("fanghua")
	w.refused(
		refusal{"an acceptor rules nothing", "POST", path, w.whole("guoyan"), body, 403},
		refusal{"a unit that is none", "POST", path, key, `{"unit":"u-none","reason":"归它"}`, 422},
		refusal{"no reason", "POST", path, key, `{"unit":"u-shizheng","reason":""}`, 422},
	)
	if got := w.put(path, key, body).want(t, http.StatusOK); got.at("no_owner") != false || got.text("proposed", "code") != "u-shizheng" {
		t.Errorf("after the ruling: %.400s", got.Raw)
	}
	w.refused(refusal{"it is settled", "POST", path, key, body, 409})
}

// A case is made open to an observer, who reads less than whoever works here and
// may say something; then it is closed to her again.
func TestAnObserverIsShownACase(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	over, eyes := w.whole("zhouhui"), w.whole("dingyan")
	path, remarks := "/api/v1/cases/"+c.Number+"/disclosures", "/api/v1/observed/"+c.Number+"/remarks"
	body := encode(t, map[string]any{"post": w.post("dingyan").ID, "reason": "人大代表视察", "until": w.Clock.Now().AddDate(0, 1, 0)})
	w.refused(
		refusal{"a dispatcher opens nothing", "POST", path, w.whole("chenli"), body, 403},
		refusal{"for longer than a year", "POST", path, over, encode(t, map[string]any{"post": w.post("dingyan").ID, "reason": "视察", "until": w.Clock.Now().AddDate(2, 0, 0)}), 422},
		refusal{"it is not open yet", "POST", remarks, eyes, `{"text":"请快点"}`, 404},
		refusal{"secret reports are never opened", "POST", "/api/v1/cases/" + w.told("d-report").Case.Number + "/disclosures", over, body, 409},
	)
	open := w.put(path, over, body).want(t, http.StatusOK)
	if got := w.get("/api/v1/observed", eyes).want(t, http.StatusOK); got.text("items", 0, "number") != c.Number || strings.Contains(got.Raw, "井盖") || strings.Contains(got.Raw, "lon") {
		t.Errorf("the observer reads %.600s", got.Raw)
	}
	w.quiet("POST", remarks, eyes, `{"text":"标线看不清，车多，请先摆锥桶"}`)
	if got := w.get("/api/v1/cases/"+c.Number+"/trail", over); !strings.Contains(got.Raw, "请先摆锥桶") {
		t.Errorf("the remark is not in the trail: %.900s", got.Raw)
	}
	if got := w.get(path, over).want(t, http.StatusOK); got.text("items", 0, "id") != open.text("id") {
		t.Errorf("to whom it is open: %s", got.Raw)
	}
	w.refused(refusal{"an observer ends nothing", "DELETE", path + "/" + open.text("id"), eyes, "", 403})
	w.quiet("DELETE", path+"/"+open.text("id"), over, "")
	w.refused(
		refusal{"it is closed to her again", "POST", remarks, eyes, `{"text":"还有"}`, 404},
		refusal{"there is no end twice", "DELETE", path + "/" + open.text("id"), over, "", 404},
	)
}

// What is known before a report is sent, and the cases that are found afterwards.
func TestLookSendAndFind(t *testing.T) {
	t.Parallel()
	w := setup(t)
	machine, desk := w.key("小程序", rights.ReportReceive), w.whole("chenli")
	p, grid := w.inside()
	look := encode(t, map[string]any{"text": "路口的路灯不亮", "matter": "c02010", "lon": p.Lon, "lat": p.Lat})
	if got := w.put("/api/v1/reports/look", machine, look).want(t, http.StatusOK); got.text("place", "grid") != grid || got.text("limit") == "" {
		t.Errorf("seen before: %.600s", got.Raw)
	}
	words := w.put("/api/v1/reports/look", machine, `{"text":"小区门口垃圾桶满了，没人清运"}`).want(t, http.StatusOK)
	if words.text("matters", 0, "matter", "code") == "" || words.at("matters", 0, "words", 0) == nil {
		t.Errorf("no matter is suggested: %.600s", words.Raw)
	}
	w.refused(refusal{"a key that does not send", "POST", "/api/v1/reports/look", w.key("看板", rights.CaseSeeAll), look, 403})
	sent := w.send(machine, encode(t, map[string]any{
		"text": "路口的路灯不亮", "matter": "c02010", "lon": p.Lon, "lat": p.Lat, "phone": "13800000021",
		"photos": []any{map[string]any{"data": base64Of(picture(t))}},
	}), nil).want(t, http.StatusCreated)
	number := sent.text("case", "number")
	if got := w.put("/api/v1/reports/look", w.whole("guoyan"), look).want(t, http.StatusOK); got.text("likely", 0, "case", "number") != number {
		t.Errorf("nothing open is found nearby: %.900s", got.Raw)
	}
	for _, one := range []struct{ q, as string }{{"路灯", "text"}, {number, "number"}, {"13800000021", "phone"}, {"0021", "tail"}} {
		if got := w.get("/api/v1/cases/search?q="+url.QueryEscape(one.q), desk).want(t, http.StatusOK); got.text("as") != one.as || got.text("items", 0, "number") != number {
			t.Errorf("%s is looked for as %q and found in %.300s", one.q, got.text("as"), got.Raw)
		}
	}
	if got := w.get("/api/v1/cases/search?q=13800000021", w.own("chenli", rights.CaseSeeAll, rights.CaseSee)); got.text("as") != "text" || got.text("items", 0, "number") != "" {
		t.Errorf("a key without the right finds by telephone: %.300s", got.Raw)
	}
	if got := w.get("/api/v1/cases/groups?by=street", desk).want(t, http.StatusOK); got.at("items", 0, "count") != 1.0 || got.text("items", 0, "name", "zh") == "" {
		t.Errorf("by street: %.300s", got.Raw)
	}
	photo := w.get("/api/v1/cases/"+number+"/photos", desk).want(t, http.StatusOK).text("items", 0, "id")
	for _, size := range []string{"", "?size=small"} {
		if got, body := w.exchange("GET", "/api/v1/photos/"+photo+size, desk, "", nil); got.StatusCode != 200 || http.DetectContentType([]byte(body)) != got.Header.Get("Content-Type") {
			t.Errorf("the photo%s: %d %s, %d bytes", size, got.StatusCode, got.Header.Get("Content-Type"), len(body))
		}
	}
	none := w.whole("luopei")
	w.refused(
		refusal{"who sees no case groups none", "GET", "/api/v1/cases/groups?by=street", none, "", 403},
		refusal{"nor searches", "GET", "/api/v1/cases/search?q=x", none, "", 403},
		refusal{"nor sees a photo", "GET", "/api/v1/photos/" + photo, none, "", 403},
		refusal{"nor may a unit that has nothing to do with it", "GET", "/api/v1/photos/" + photo, w.whole("duwei"), "", 404},
	)
}
