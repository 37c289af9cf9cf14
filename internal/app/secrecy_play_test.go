package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/rights"
)

// key makes a key with rights, bounded by a unit where there is one.
func (h *hushed) key(name, unit string, can ...rights.Right) (text string) {
	h.t.Helper()
	err := h.DB.Write(h.t.Context(), func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(h.t.Context(), tx, access.Key{District: h.code(), Name: name, Scopes: can, Unit: unit, Expires: tx.Now.AddDate(0, 0, 9)}, access.By{})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// machine sends a report as another system does.
func (h *hushed) machine(w *witness, form url.Values, photo apptest.File) {
	h.t.Helper()
	data, err := json.Marshal(map[string]any{
		"sender": "m-1", "text": form.Get("text"), "matter": "d-report", "address": form.Get("address"), "area": form.Get("area"), "name": w.name, "phone": w.phone,
		"photos": []map[string]string{{"name": photo.Name, "data": base64.StdEncoding.EncodeToString(photo.Data)}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.URL+"/api/v1/reports", bytes.NewReader(data))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.key("sender", "", rights.ReportReceive))
	r.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer got.Body.Close()
	var out struct{ Case struct{ Number string } }
	if err := json.NewDecoder(got.Body).Decode(&out); err != nil || got.StatusCode != http.StatusCreated {
		h.t.Fatalf("machine: %d, %v", got.StatusCode, err)
	}
	w.number = out.Case.Number
}

// guarded tries the ways by which a secret would be told in passing.
func (h *hushed) guarded() {
	w := h.witnesses[0]
	// A sentence to the unit that names the reporter is refused to whoever knows the
	// name, and taken from whoever does not: nobody learns it by guessing.
	for _, said := range []string{"请联系" + w.name, "反映人电话 " + w.phone, "尾号" + w.tail()} {
		if a := h.posted("guoyan", "portal", "reject", url.Values{"reason": {said}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Text(), "请去掉") {
			h.t.Errorf("%q passes on to the unit: %d", said, a.Status)
		}
	}
	h.tells("luopei gives zhouhui role=agent unit=u-centre reason=顶班")
	on := h.As("zhouhui")
	for _, form := range []string{"/desk/case/" + string(h.cases["portal"]) + "/urge", "/desk/case/" + string(h.cases["portal"]) + "/order", "/desk/watch/orders"} {
		a := on.Post(form, url.Values{"number": {w.number}, "kind": {"urge"}, "form": {"talk"}, "within": {"1"}, "reason": {"请联系" + w.name}})
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Text(), "请去掉") {
			h.t.Errorf("%s passes a name on to the unit: %d %.200s", form, a.Status, a.Text())
		}
	}
	h.tells("luopei ends zhouhui agent reason=顶班完了")
	// The digits of a number open no secret case: whoever suspects somebody could try
	// that person's.
	for _, said := range []string{w.tail(), w.phone} {
		if a := h.Browser().Post("/track", url.Values{"number": {w.number}, "word": {said}}); a.Status == http.StatusOK && strings.Contains(a.Path, w.number) {
			h.t.Errorf("%q opens %s", said, w.number)
		}
	}
	if a := h.Browser().Post("/track", url.Values{"number": {w.number}, "word": {w.word}}); a.Status != http.StatusOK || !strings.Contains(a.Path, w.number) {
		h.t.Errorf("the secret word does not open %s: %d %s", w.number, a.Status, a.Path)
	}
	// Nothing joins a secret case, and a secret report joins none.
	for _, form := range []url.Values{
		{"matter": {"d-report"}, "text": {"也看见了"}}, {"matter": {"m06010"}, "text": {"也看见了"}}, {"matter": {"m06010"}, "text": {"也看见了"}, "secret": {"yes"}},
	} {
		form.Set("attach", string(h.cases["portal"]))
		form.Set("channel", "hotline")
		form.Set("token", "join"+form.Get("matter")+form.Get("secret"))
		form.Set("do", "save")
		if a := h.As("hejing").Post("/desk/take", form); strings.Contains(a.Path, "receipt") {
			h.t.Errorf("%v joined a secret case", form)
		}
	}
}

// play takes the cases through every kind of act.
func (h *hushed) play() {
	p, n := h.witnesses[0], h.witnesses[1]
	h.tells(
		"guoyan does portal file", "fanghua does portal send unit=u-shichang co=u-chengguan",
		"ningyuan asks portal special until=2026-12-10_17:30 reason=等检测报告", "zhouhui grants portal reason=同意",
		"ningyuan resumes portal reason=报告到了",
		"zhouhui urges portal reason=请抓紧", "zhouhui orders portal form=talk within=2_working-days reason=久拖", "ningyuan answers portal text=正在查",
		"zhouhui lifts portal reason=已经在办",
		"qiufeng does portal done answer=协查完了 photos=1", "duwei does portal done answer=已下架 photos=1", "zhouhui does portal fail reason=没有处罚决定",
		"qiufeng does portal done answer=再查 photos=1", "duwei does portal done answer=已立案 photos=1", "zhouhui does portal pass",
	)
	h.speaks(p, "not-content", "1")
	h.tells("qiufeng does portal done answer=三查 photos=1", "duwei does portal done answer=已处罚 photos=1", "zhouhui does portal pass")
	h.speaks(p, "content", "5")
	h.speaks(p, "reopen", "")

	h.tells(
		"guoyan does nameless file", "fanghua does nameless send unit=u-shichang", "duwei does nameless return reason=不归我们 photos=1",
		"linwang does nameless assign unit=u-shichang reason=就归你们", "duwei does nameless done answer=查了 photos=1", "zhouhui does nameless pass",
	)
	h.speaks(n, "content", "4")
	h.tells(
		"guoyan does hotline file", "chenli does hotline send unit=u-shizheng", "wugang does hotline done answer=清了 photos=1",
		"guoyan does counter file", "fanghua does counter send unit=u-shichang", "duwei does counter return reason=查无此事 photos=1",
		"merge machine into counter by fanghua",
		"guoyan does worker file", "fanghua does worker send unit=u-shichang",
	)
	h.Clock.Set(h.now().AddDate(0, 0, 20)) // past every date: rungs, reminders, expiry
	h.Due()
	h.tells("zhouhui counts 2026-11")
}

// known holds the other half: who takes reports in knows, by masks, and reads
// what was said; or the test would look for what is nowhere.
func (h *hushed) known() {
	w := h.witnesses[0]
	a := h.As("guoyan").Get("/desk/case/" + string(h.cases["portal"]))
	for _, want := range []string{"裘*山", "138****" + w.tail(), w.name + "看见的", "10:" + "31"} {
		if !strings.Contains(a.Text(), want) {
			h.t.Errorf("an acceptor does not read %q: %d", want, a.Status)
		}
	}
	if b := h.As("hejing").Get("/desk/take/caller?phone=" + w.phone); !strings.Contains(b.Text(), w.number) {
		h.t.Errorf("whoever answers the telephone does not find the case: %.200s", b.Text())
	}
}
