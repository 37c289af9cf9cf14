package take_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/ident"
)

// The people of the invented district that these tests sign in as.
const (
	agent  = "hejing"
	clerk  = "yaolan"
	walker = "liuxiaoyan" // a grid worker
)

// rubbish is a call as it is taken down: located by area, of an obvious matter.
func rubbish(token string) url.Values {
	return url.Values{
		"channel": {"hotline"}, "token": {token}, "phone": {"138 0000 2222"}, "name": {"赵小民"}, "do": {"save"},
		"text": {"桂香社区门口垃圾堆成山，没人清"}, "matter": {"m06010"}, "address": {"桂香社区东门"}, "area": {"990101001004"},
	}
}

// caseOf is the case of the receipt a browser ended at.
func caseOf(t *testing.T, w *apptest.World, got apptest.Answer) casework.Case {
	t.Helper()
	m := regexp.MustCompile(`^/desk/take/receipt/([0-9a-f-]+)`).FindStringSubmatch(got.Path)
	if m == nil {
		t.Fatalf("ended at %s (%d), want a receipt: %s", got.Path, got.Status, got.Text())
	}
	c, err := casework.ByID(context.Background(), w.DB, w.House.District, casework.ID(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withID(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return apptest.Attr(n, "id") == id }
}

func TestTakenDownOnTheTelephone(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	got := b.Post("/desk/take", rubbish("t1"))
	c := caseOf(t, w, got)
	if c.Channel != "hotline" || c.Receiver != "u-centre" || c.Place.Community != "990101001004" {
		t.Errorf("channel %s, receiver %s, community %s; want hotline, u-centre, 990101001004", c.Channel, c.Receiver, c.Place.Community)
	}
	if _, err := ident.ParseNumber(got.Text()); err == nil {
		t.Error("the whole page parses as a number: the test looks at nothing")
	}
	said := got.Find(func(n *html.Node) bool { return strings.Contains(apptest.Attr(n, "class"), "saynum") })
	if len(said) == 0 {
		t.Fatal("no number to read out")
	}
	if n, err := ident.ParseNumber(apptest.Text(said[0])); err != nil || string(n) != c.Number {
		t.Errorf("the number in groups reads %q: %v, want %s", apptest.Text(said[0]), err, c.Number)
	}
	if !strings.Contains(got.Text(), "答应您") {
		t.Errorf("no promised date on the receipt: %s", got.Text())
	}
	if strings.Contains(got.Body, "13800002222") || strings.Contains(got.Body, "赵小民") {
		t.Error("the receipt shows name or number unmasked")
	}
	again := b.Post("/desk/take", rubbish("t1"))
	if d := caseOf(t, w, again); d.ID != c.ID {
		t.Errorf("the form sent twice made cases %s and %s", c.Number, d.Number)
	}
	if other := caseOf(t, w, b.Post("/desk/take", rubbish("t2"))); other.ID == c.ID {
		t.Error("another form made no case of its own")
	}
}

func TestCallerStandsBesideTheForm(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	c := caseOf(t, w, b.Post("/desk/take", rubbish("t1")))
	for _, typed := range []string{"13800002222", "138-0000-2222", "+86 138 0000 2222"} {
		got := b.Get("/desk/take/caller?phone=" + url.QueryEscape(typed))
		if text := got.Text(); !strings.Contains(text, c.Number) || !strings.Contains(text, "桂香社区东门") || !strings.Contains(text, "138****2222") || !strings.Contains(text, "赵*民") {
			t.Errorf("%s: got %q, want the case %s, its address, and masks", typed, text, c.Number)
		}
		if strings.Contains(got.Body, "13800002222") || strings.Contains(got.Body, "赵小民") {
			t.Errorf("%s: unmasked", typed)
		}
	}
	for typed, why := range map[string]string{"138000022": "还没写全", "13800009999": "第一次来", "": "写全号码"} {
		if got := b.Get("/desk/take/caller?phone=" + typed); !strings.Contains(got.Text(), why) || strings.Contains(got.Text(), c.Number) {
			t.Errorf("%q: got %q, want %s", typed, got.Text(), why)
		}
	}
	if got := w.As(walker).Get("/desk/take/caller?phone=13800002222"); got.Status != http.StatusForbidden {
		t.Errorf("a grid worker looked up a caller: %d", got.Status)
	}
	if got := w.Browser().Post("/desk/take/caller", url.Values{"phone": {"13800002222"}}); got.Status != http.StatusUnauthorized {
		t.Errorf("nobody looked up a caller: %d", got.Status)
	}
}

// What stands beside the form may be read by whoever types a number: the room
// somebody lives in is not among it.
func TestEarlierAddressHidesTheRoom(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	said := rubbish("t1")
	said.Set("address", "桂香路 18 号 2 幢 301 室")
	c := caseOf(t, w, b.Post("/desk/take", said))
	got := b.Get("/desk/take/caller?phone=13800002222")
	if text := got.Text(); !strings.Contains(text, c.Number) || !strings.Contains(text, "桂香路 18 号***") || strings.Contains(got.Body, "301 室") {
		t.Errorf("got %q, want the street and its number alone", text)
	}
}

// TestEarlierAddressIsTakenOver presses 用这个地址, which needs no script.
func TestEarlierAddressIsTakenOver(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	caseOf(t, w, b.Post("/desk/take", rubbish("t1")))
	shown := b.Post("/desk/take", url.Values{"phone": {"13800002222"}, "text": {"还没清"}, "do": {"caller"}})
	report, ok := shown.Field("use")
	if !ok {
		t.Fatalf("no earlier address offered: %s", shown.Text())
	}
	got := b.Post("/desk/take", url.Values{"phone": {"13800002222"}, "text": {"还没清"}, "use": {report}})
	if address, _ := got.Field("address"); address != "桂香社区东门" {
		t.Errorf("address %q, want that of the earlier report", address)
	}
	if text, _ := got.Field("text"); text != "还没清" {
		t.Errorf("what was written is %q after it", text)
	}
	other := rubbish("t2")
	other.Set("phone", "13800003333")
	caseOf(t, w, b.Post("/desk/take", other))
	if got := b.Post("/desk/take", url.Values{"phone": {"13800003333"}, "use": {report}}); got.Status != http.StatusNotFound {
		t.Errorf("another number's report was read: %d", got.Status)
	}
}

func TestAnsweredAtTheCounter(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(clerk)
	if got, _ := b.Get("/desk/take").Field("channel"); got != "counter" {
		t.Errorf("a clerk's form begins with channel %q", got)
	}
	got := b.Post("/desk/take", url.Values{"channel": {"counter"}, "token": {"t1"}, "text": {"想问一下居住证怎么办，要带什么材料"}, "phone": {"13800002222"}, "do": {"save"}})
	c := caseOf(t, w, got)
	if c.Channel != "counter" || c.Receiver != "u-centre" || c.Kind != "consult" {
		t.Fatalf("channel %s, receiver %s, kind %s; want counter, the clerk's unit, consult", c.Channel, c.Receiver, c.Kind)
	}
	task, _ := got.Field("task")
	form := url.Values{"task": {task}, "action": {"answer"}, "revision": {"1"}}
	if empty := b.Post(got.Path, form); empty.Status != http.StatusUnprocessableEntity || len(empty.Find(withID("answer-err"))) != 1 {
		t.Errorf("no answer written: %d, want 422 with the field marked", empty.Status)
	}
	form.Set("answer", "带身份证和租房合同，到桂香社区工作站办，当天能取。")
	if done := b.Post(got.Path, form); done.Status != http.StatusOK || !strings.Contains(done.Text(), "答好了") {
		t.Fatalf("answering: %d %s", done.Status, done.Text())
	}
	if c = caseOf(t, w, got); c.State != casework.Answered {
		t.Errorf("the case is %s, want answered", c.State)
	}
	if late := b.Post(got.Path, form); late.Status != http.StatusConflict {
		t.Errorf("answered twice: %d, want 409", late.Status)
	}
}

func TestWhatItMayMean(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	form := rubbish("t1")
	form.Del("matter")
	got := b.Post("/desk/take/suggest", form)
	if strings.Contains(got.Body, "<html") || got.Status != http.StatusOK {
		t.Errorf("%d, want a part of the page and not the whole", got.Status)
	}
	options := got.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "matter" })
	if len(options) == 0 || len(options) > 6 {
		t.Errorf("%d matters suggested", len(options))
	}
	for _, o := range options {
		for _, a := range o.Attr {
			if a.Key == "checked" {
				t.Errorf("%s was chosen for the agent", apptest.Attr(o, "value"))
			}
		}
	}
	form.Set("matter", "m06010")
	text := b.Post("/desk/take/suggest", form).Text()
	if !strings.Contains(text, "槐树街道办事处") || !strings.Contains(text, "按派遣规则") || !strings.Contains(text, "桂香社区") {
		t.Errorf("got %q, want the unit, the rule, the place", text)
	}
	found := b.Get("/desk/take/suggest?find=" + url.QueryEscape("路灯"))
	if !strings.Contains(found.Text(), "路灯") {
		t.Errorf("a matter searched for is not offered: %s", found.Text())
	}
}

func TestSameThingIsAdded(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	first := rubbish("t1")
	pin(t, b, first)
	c := caseOf(t, w, b.Post("/desk/take", first))
	second := rubbish("t2")
	pin(t, b, second)
	shown := b.Post("/desk/take/suggest", second)
	if id, ok := shown.Field("attach"); !ok || id != string(c.ID) {
		t.Fatalf("offered to add to %q, want %s: %s", id, c.ID, shown.Text())
	}
	second.Del("do")
	second.Set("attach", string(c.ID))
	second.Set("secret", "yes")
	if got := b.Post("/desk/take", second); got.Status != http.StatusUnprocessableEntity || len(got.Find(withID("secret-err"))) != 1 {
		t.Errorf("a secret report joined another case: %d", got.Status)
	}
	second.Del("secret")
	if got := caseOf(t, w, b.Post("/desk/take", second)); got.ID != c.ID || got.Reports != 2 {
		t.Errorf("case %s with %d reports, want %s with 2", got.Number, got.Reports, c.Number)
	}
}

// pin presses the map, as a browser does: pixels of a map 358 wide.
func pin(t *testing.T, b *apptest.Browser, form url.Values) {
	t.Helper()
	open := url.Values{}
	for name, values := range form {
		if name != "do" {
			open[name] = values
		}
	}
	for _, name := range []string{"box", "drawn"} {
		value, _ := b.Post("/desk/take", open).Field(name)
		open.Set(name, value)
	}
	open.Set("map358.x", "170")
	open.Set("map358.y", "150")
	got := b.Post("/desk/take", open)
	for _, name := range []string{"lon", "lat"} {
		value, ok := got.Field(name)
		if !ok {
			t.Fatalf("no %s after a press on the map: %d %s", name, got.Status, got.Text())
		}
		form.Set(name, value)
	}
}

func TestSecretIsKept(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	form := rubbish("t1")
	form.Set("secret", "yes")
	if c := caseOf(t, w, w.As(agent).Post("/desk/take", form)); !c.Secret {
		t.Error("the caller asked for secrecy and the case is not secret")
	}
}

func TestBadInputChangesNothing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	tests := []struct {
		why, field, value string
		status            int
		marked            string
	}{
		{"nothing said", "text", "", http.StatusUnprocessableEntity, "text-err"},
		{"only what cannot be seen", "text", "\u200b\u202e \t", http.StatusUnprocessableEntity, "text-err"},
		{"too long", "text", strings.Repeat("长", 2001), http.StatusUnprocessableEntity, "text-err"},
		{"not UTF-8", "text", "\xff\xfe", http.StatusUnprocessableEntity, "text-err"},
		{"no phone number", "phone", "'; drop table cases", http.StatusUnprocessableEntity, "phone-err"},
		{"a name that is a novel", "name", strings.Repeat("名", 51), http.StatusUnprocessableEntity, "name-err"},
		{"an address without end", "address", strings.Repeat("路", 201), http.StatusUnprocessableEntity, "address-err"},
		{"a reference without end", "sender", strings.Repeat("9", 101), http.StatusUnprocessableEntity, "sender-err"},
		{"a matter nobody has", "matter", "m99999", http.StatusUnprocessableEntity, ""},
		{"a case nobody has", "attach", "../../etc/passwd", http.StatusNotFound, ""},
	}
	for _, tt := range tests {
		form := rubbish("bad")
		form.Del("matter")
		form.Set(tt.field, tt.value)
		got := b.Post("/desk/take", form)
		if got.Status != tt.status {
			t.Errorf("%s: %d, want %d", tt.why, got.Status, tt.status)
		}
		if tt.marked != "" && len(got.Find(withID(tt.marked))) != 1 {
			t.Errorf("%s: the field is not marked with %s", tt.why, tt.marked)
		}
		if len(got.Find(withID("errors"))) != 1 {
			t.Errorf("%s: no summary of what to mend", tt.why)
		}
		if name, _ := got.Field("name"); tt.field != "name" && name != "赵小民" {
			t.Errorf("%s: what was typed is lost: name %q", tt.why, name)
		}
	}
	n, err := casework.Count(context.Background(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 0 {
		t.Errorf("%d cases were made of bad input (%v)", n.N, err)
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	form := rubbish("t1")
	form.Set("address", `"><script>alert(1)</script>`)
	form.Set("do", "look")
	form.Set("lon", "NaN")
	form.Set("lat", "1e999")
	form.Set("box", "1,2,3")
	form.Set("zoom", "in")
	got := b.Post("/desk/take", form)
	if got.Status != http.StatusOK || strings.Contains(got.Body, "<script>alert") {
		t.Errorf("%d, script in the page: %t", got.Status, strings.Contains(got.Body, "<script>alert"))
	}
	if _, ok := got.Field("lon"); ok {
		t.Error("coordinates that are none set a pin")
	}
}

func TestEnglishIsComplete(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(agent)
	b.Lang = "en"
	form := url.Values{"text": {"street light out"}, "phone": {"13800002222"}, "channel": {"hotline"}, "token": {"t1"}}
	pages := map[string]apptest.Answer{"the form": b.Post("/desk/take", form)}
	form.Set("do", "save")
	pages["the receipt"] = b.Post("/desk/take", form)
	caseOf(t, w, pages["the receipt"])
	for name, got := range pages {
		text := got.Text()
		// Names of staff and the reasons of the district's own routing table are data.
		for _, data := range []string{"中文", "何静", "（市政公用设施由它养护）", "市政公用设施由它养护"} {
			text = strings.ReplaceAll(text, data, "")
		}
		text = regexp.MustCompile(`In Chinese: \S+`).ReplaceAllString(text, "")
		if i := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }); i >= 0 {
			t.Errorf("%s in English says %q", name, text[max(0, i-30):min(len(text), i+60)])
		}
	}
}
