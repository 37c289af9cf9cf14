package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/sample/photo"
)

// stranger handles cases of another street than the one these tests use, and
// sees no others.
const stranger = "haoran"

// received takes in one case of a matter, at a place of the invented district.
func received(t *testing.T, w *apptest.World, s intake.Sending) casework.Case {
	t.Helper()
	if s.Channel == "" {
		s.Channel = intake.Portal
	}
	if s.Text == "" {
		s.Text = "路边的井盖破了一角"
	}
	if s.Point == (geo.Point{}) {
		s.Area = "990101001004"
	}
	r, err := w.House.Desk.Receive(context.Background(), w.District(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r.Case
}

// now reads a case again.
func now(t *testing.T, w *apptest.World, c casework.Case) casework.Case {
	t.Helper()
	c, err := casework.ByID(context.Background(), w.DB, w.House.District, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// form is what the page of a case sends for an action, and whether it has one.
func form(page apptest.Answer, action string) (values url.Values, ok bool) {
	for _, n := range page.Find(func(n *html.Node) bool { return n.Data == "form" }) {
		f := apptest.Answer{Doc: n}
		if name, _ := f.Field("action"); name != action {
			continue
		}
		values = url.Values{}
		for _, name := range []string{"task", "action", "revision", "back"} {
			value, _ := f.Field(name)
			values.Set(name, value)
		}
		return values, true
	}
	return nil, false
}

func picture(t *testing.T) []byte {
	t.Helper()
	data, err := photo.Draw("manhole", photo.After, 1)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// flow is each step of the drawn procedure with its state: 处置 now.
func flow(page apptest.Answer) map[string]string {
	steps := map[string]string{}
	for _, n := range page.Find(class("node")) {
		a := apptest.Answer{Doc: n}
		name := apptest.Text(a.Find(func(n *html.Node) bool { return n.Data == "b" })[0])
		steps[strings.Fields(name)[0]] = strings.TrimPrefix(apptest.Attr(n, "class"), "node ")
	}
	return steps
}

func path(c casework.Case) string { return "/desk/case/" + string(c.ID) }

func TestCasePageTellsTheCase(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := received(t, w, intake.Sending{Matter: "m06010", Text: `<script>alert(1)</script>门口垃圾没人清`, Address: `桂香路 <b>18</b> 号`, Name: "张小民", Phone: "13800000013"})
	zh := w.As(acceptor).Get(path(c))
	for what, want := range map[string]string{"number": c.Number, "matter": "暴露垃圾", "hostile text as text": "<script>alert(1)</script>", "hostile place as text": "桂香路 <b>18</b> 号", "masked phone": "138****0013", "masked name": "张"} {
		if !strings.Contains(zh.Text(), want) {
			t.Errorf("the page does not tell the %s (%s): %s", what, want, zh.Text())
		}
	}
	for _, secret := range []string{"13800000013", "张小民", "<script>alert", "<b>18</b>"} {
		if strings.Contains(zh.Body, secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	if got := flow(zh); got["受理"] != "now" || got["处置"] != "todo" || got["裁定"] != "" {
		t.Errorf("the procedure stands at %v, want 受理 now, 处置 to come, no 裁定", got)
	}
	if got := len(zh.Find(class("trail"))); got != 1 {
		t.Errorf("%d trails", got)
	}
	b := w.As(acceptor)
	b.Lang = "en"
	en := b.Get(path(c))
	for _, want := range []string{"What you can do now", "What happened", "Why this date", "reported it", "Take in"} {
		if !strings.Contains(en.Text(), want) {
			t.Errorf("in English the page lacks %q", want)
		}
	}
	if strings.Contains(zh.Body+en.Body, "%!") {
		t.Error("a text was given words it has no place for")
	}
}

func TestARefusedFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	tests := []struct {
		name, why, login, action, field string
		typed                           url.Values
		status                          int
	}{
		{"no reason", "a rejection must say why", acceptor, "reject", "reason", url.Values{"reason": {"  "}}, 422},
		{"too long", "a reason has a bound", acceptor, "reject", "reason", url.Values{"reason": {strings.Repeat("长", 2001)}}, 422},
		{"bad bytes", "text is UTF-8", acceptor, "reject", "reason", url.Values{"reason": {"\xff\xfe"}}, 422},
		{"no unit", "sending names a unit", dispatcher, "send", "unit", url.Values{"co": {"u-chengguan"}}, 422},
		{"two units", "either guess could be the wrong one", dispatcher, "send", "unit", url.Values{"unit": {"u-shizheng"}, "other": {"u-chengguan"}}, 422},
		{"unknown unit", "only units of the district", dispatcher, "send", "unit", url.Values{"unit": {"u-nobody'; drop table cases"}}, 422},
	}
	c := received(t, w, intake.Sending{Matter: "m06010"})
	for _, tt := range tests {
		if tt.login == dispatcher && now(t, w, c).Step == "accept" {
			act(t, w.As(acceptor), c, "file", nil)
		}
		before, b := now(t, w, c), w.As(tt.login)
		values, ok := form(b.Get(path(c)), tt.action)
		if !ok {
			t.Fatalf("%s: no form for %s", tt.name, tt.action)
		}
		for name, value := range tt.typed {
			values[name] = value
		}
		got := b.Post(path(c)+"/act", values)
		if got.Status != tt.status {
			t.Errorf("%s (%s): %d, want %d: %s", tt.name, tt.why, got.Status, tt.status, got.Text())
			continue
		}
		links := within(got, "errors").Find(func(n *html.Node) bool { return n.Data == "a" })
		if len(links) == 0 {
			t.Fatalf("%s: no summary of what is wrong: %s", tt.name, got.Text())
		}
		id := strings.TrimPrefix(apptest.Attr(links[0], "href"), "#")
		if target := within(got, id); !strings.HasSuffix(id, "-"+tt.field) || target.Doc.Data == "nothing" {
			t.Errorf("%s: the summary leads to %q, which is no field for the %s", tt.name, id, tt.field)
		}
		if tt.name == "no unit" && len(got.Find(func(n *html.Node) bool {
			return apptest.Attr(n, "value") == "u-chengguan" && has(n, "checked")
		})) != 1 {
			t.Errorf("%s: the ticked co-handler is lost", tt.name)
		}
		if after := now(t, w, c); after.Revision != before.Revision {
			t.Errorf("%s: the case changed", tt.name)
		}
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Two look at the same case; the one who is slower is told, and the case stays
// as the faster one left it.
//
// ASVS 2.3.4
func TestTheSlowerOneIsTold(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := received(t, w, intake.Sending{Matter: "m06010"})
	slow := w.As(acceptor)
	values, _ := form(slow.Get(path(c)), "file")
	part := slow.Get(path(c) + "/trail?revision=" + strconv.Itoa(c.Revision))
	if part.Status != http.StatusOK || strings.Contains(part.Text(), "刚有变动") || strings.Contains(part.Body, "<header") {
		t.Errorf("the trail alone, before: %d %s", part.Status, part.Text())
	}
	act(t, w.As(acceptor), c, "file", nil)
	got := slow.Post(path(c)+"/act", values)
	if got.Status != http.StatusConflict || !strings.Contains(within(got, "errors").Doc.Data+got.Text(), "刚被别人") {
		t.Errorf("the slower one: %d %s", got.Status, got.Text())
	}
	if c = now(t, w, c); c.Step != "dispatch" {
		t.Errorf("the case stands at %s, want dispatch", c.Step)
	}
	if part := slow.Get(path(c) + "/trail?revision=1"); !strings.Contains(part.Text(), "刚有变动") {
		t.Errorf("an open page is not told that it is old: %s", part.Text())
	}
	if got := w.As(stranger).Post(path(c)+"/act", values); got.Status != http.StatusNotFound {
		t.Errorf("somebody who does not see the case: %d", got.Status)
	}
}

// sent is a case that a unit, chosen from the list of all, has to handle.
func sent(t *testing.T, w *apptest.World, s intake.Sending, by, unit string) casework.Case {
	t.Helper()
	c := received(t, w, s)
	act(t, w.As(acceptor), c, "file", nil)
	got := act(t, w.As(by), c, "send", url.Values{"unit": {"other"}, "other": {unit}})
	if name := w.District().Org.UnitName(org.UnitID(unit)).ZH; got.Status != http.StatusOK || !strings.Contains(got.Text(), "给"+name) {
		t.Fatalf("send: %d %s", got.Status, got.Text())
	}
	if c = now(t, w, c); c.Unit != unit {
		t.Fatalf("chosen from the list of all units: it is with %q", c.Unit)
	}
	return c
}

func TestReturnedRuledAndSentBack(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b := w.As(handler)
	values, _ := form(b.Get(path(c)), "return")
	values.Set("reason", "不在我单位养护范围")
	if got := b.PostFiles(path(c)+"/act", values); got.Status != 422 || !strings.Contains(got.Text(), "不在我单位养护范围") {
		t.Errorf("returned without evidence: %d, or the reason is lost", got.Status)
	}
	if got := b.PostFiles(path(c)+"/act", values, apptest.File{Field: "photos", Name: "../../x.jpg", Data: []byte("GIF89a<script>")}); got.Status != 422 {
		t.Errorf("a picture that is none: %d", got.Status)
	}
	if got := b.PostFiles(path(c)+"/act", values, apptest.File{Field: "photos", Name: "x.jpg", Data: picture(t)}); got.Status != 200 {
		t.Fatalf("returned: %d %s", got.Status, got.Text())
	}
	l := w.As(leader)
	page := l.Get(path(c))
	if got := flow(page); got["处置"] != "todo" || got["裁定"] != "now" || got["核查"] != "todo" {
		t.Errorf("while it is ruled on: %v", got)
	}
	if len(page.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "unit" && has(n, "checked") })) > 0 {
		t.Error("the unit that returned it is chosen beforehand")
	}
	act(t, l, c, "assign", url.Values{"unit": {"u-shizheng"}, "reason": {"道路由它养护"}})
	page = b.Get(path(c))
	if _, ok := form(page, "return"); ok || !strings.Contains(strings.ReplaceAll(page.Text(), " ", ""), "为什么不能“退回”：已经裁定") {
		t.Errorf("it can be returned after a ruling, or nobody says why not: %s", page.Text())
	}
	values, _ = form(page, "done")
	if got := b.PostFiles(path(c)+"/act", values, apptest.File{Field: "photos", Name: "x.jpg", Data: picture(t)}); got.Status != 200 || !strings.Contains(got.Text(), "修后") {
		t.Errorf("done: %d, or the photo afterwards does not show", got.Status)
	}
	if got := flow(b.Get(path(c))); got["处置"] != "done" || got["核查"] != "now" || got["裁定"] != "done" {
		t.Errorf("done after a ruling: %v", got)
	}
	fails(t, w, c)
	if got := flow(b.Get(path(c))); got["处置"] != "now" || got["核查"] != "todo" {
		t.Errorf("in the second round: %v, want 处置 now and 核查 to come again", got)
	}
	if text := b.Get(path(c)).Text(); !strings.Contains(text, "第 2 轮") || !strings.Contains(text, "裁定给市政养护中心") {
		t.Errorf("the page does not say which round it is, or who was named: %s", text)
	}
}

// fails is the grid worker's finding that the work is not done.
func fails(t *testing.T, w *apptest.World, c casework.Case) {
	t.Helper()
	d := w.District()
	for _, p := range d.Org.People() {
		for _, post := range d.Org.PostsOf(p.ID, d.Day) {
			if post.Role != "grid-worker" || !strings.HasPrefix(post.Area, c.Place.Community) || c.Place.Community == "" {
				continue
			}
			if got := act(t, w.As(p.Login), c, "fail", url.Values{"reason": {"边上没清干净"}}); got.Status != http.StatusOK {
				t.Fatalf("fail: %d %s", got.Status, got.Text())
			}
			return
		}
	}
	t.Fatal("the community has no grid worker")
}

// GB/T 22239 8.1.4.2g, 8.1.4.11b
func TestASecretReporterStaysSecret(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	secret := sent(t, w, intake.Sending{Matter: "d-report", Name: "李小安", Phone: "13800000027", Text: "有人倒卖公物"}, leader, "u-shizheng")
	page := w.As(handler).Get(path(secret))
	if page.Status != 200 || strings.Contains(page.Text(), "138****0027") || strings.Contains(page.Text(), "李") || !strings.Contains(page.Text(), "保密") {
		t.Errorf("the unit reads who reported it: %d %s", page.Status, page.Text())
	}
	if text := w.As(acceptor).Get(path(secret)).Text(); !strings.Contains(text, "138****0027") {
		t.Errorf("who takes reports in does not see the mask: %s", text)
	}
}

// A page names only those cases nearby that its reader may see, and no secret
// ones; of where they are it tells the street, and not the room.
func TestNearbyKeepsItsBounds(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	at := inside(t, w)
	c := sent(t, w, intake.Sending{Matter: "m06010", Point: at}, dispatcher, "u-nanwan")
	near := received(t, w, intake.Sending{Matter: "c01002", Point: geo.Point{Lon: at.Lon + .0002, Lat: at.Lat}, Address: "桂香路 18 号 2 幢 301 室"})
	secret := received(t, w, intake.Sending{Matter: "d-report", Point: at})
	sees := func(login string, other casework.Case) bool {
		return strings.Contains(w.As(login).Get(path(c)).Body, other.Number)
	}
	if !sees(dispatcher, near) {
		t.Error("the dispatcher does not see a case 20 metres away")
	}
	if text := w.As(dispatcher).Get(path(c)).Text(); !strings.Contains(text, "桂香路 18 号***") || strings.Contains(text, "301 室") {
		t.Errorf("beside another case the room is named: %s", text)
	}
	if sees(stranger, near) {
		t.Error("a unit sees a case nearby that is none of its own")
	}
	if sees(dispatcher, secret) {
		t.Error("a secret case shows among those nearby")
	}
}

// inside is a point within a grid.
func inside(t *testing.T, w *apptest.World) geo.Point {
	t.Helper()
	d := w.District()
	for _, a := range d.Areas.Tier("grid") {
		o, ok := d.Areas.Outline(a.Code)
		if !ok {
			continue
		}
		box := o.Box()
		at := geo.Point{Lon: (box.Min.Lon + box.Max.Lon) / 2, Lat: (box.Min.Lat + box.Max.Lat) / 2}
		if found := d.Areas.Locate(at); !found.Placeholder && found.Grid == a.Code && found.Street != "990101003" {
			return at
		}
	}
	t.Fatal("no grid has its middle inside")
	return geo.Point{}
}
