package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/intake"
	"linli/internal/trail"
)

const supervisor = "zhouhui"

// asking is what the form of a page sends that asks for a pause or for more
// time, and whether the page has one.
func asking(page apptest.Answer, extends bool) (values url.Values, ok bool) {
	for _, n := range page.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.Contains(apptest.Attr(n, "action"), "/ask#")
	}) {
		f := apptest.Answer{Doc: n}
		if _, more := f.Field("more"); more != extends {
			continue
		}
		values = url.Values{}
		for _, n := range f.Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "type") == "hidden" }) {
			values.Set(apptest.Attr(n, "name"), apptest.Attr(n, "value"))
		}
		return values, true
	}
	return nil, false
}

// ledgerForm is where a page decides on, takes back or resumes an entry.
func ledgerForm(page apptest.Answer, do string) (action string, ok bool) {
	for _, n := range page.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.Contains(apptest.Attr(n, "action"), "/ledger/")
	}) {
		for _, b := range (apptest.Answer{Doc: n}).Find(func(n *html.Node) bool { return n.Data == "button" }) {
			if apptest.Attr(b, "value") == do {
				return apptest.Attr(n, "action"), true
			}
		}
	}
	return "", false
}

// asks sends a request as somebody, past the page that shows the new date.
func asks(t *testing.T, b *apptest.Browser, c casework.Case, extends bool, typed url.Values) apptest.Answer {
	t.Helper()
	values, ok := asking(b.Get(path(c)), extends)
	if !ok {
		t.Fatalf("nothing to ask for on %s: %s", c.Number, b.Get(path(c)).Text())
	}
	for name, value := range typed {
		values[name] = value
	}
	got := b.Post(path(c)+"/ask", values)
	if seen, ok := asking(got, extends); ok && seen.Has("seen") {
		values.Set("seen", seen.Get("seen"))
		return b.Post(path(c)+"/ask", values)
	}
	return got
}

func TestAPauseIsAskedForSeenAndDecided(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	before := c.Due
	b := w.As(handler)
	values, ok := asking(b.Get(path(c)), false)
	if !ok {
		t.Fatalf("the unit may not ask for a pause: %s", b.Get(path(c)).Text())
	}
	typed := url.Values{"kind": {"special"}, "until": {"2026-11-27"}, "reason": {"要<b>招标</b>"}}
	for name, value := range typed {
		values[name] = value
	}
	look := b.Post(path(c)+"/ask", values)
	if text := look.Text(); look.Status != http.StatusOK || !strings.Contains(text, "批准后，答应的日期变为") || strings.Contains(look.Body, "<b>招标</b>") {
		t.Fatalf("the new date is not shown before it is sent: %d %s", look.Status, text)
	}
	if now(t, w, c).Revision != c.Revision {
		t.Fatal("looking at the date changed the case")
	}
	seen, _ := asking(look, false)
	changed := url.Values{"kind": {"conditions"}}
	for name, value := range values {
		if name != "kind" {
			changed[name] = value
		}
	}
	changed.Set("seen", seen.Get("seen"))
	if b.Post(path(c)+"/ask", changed); now(t, w, c).Revision != c.Revision {
		t.Error("something else than what was shown was sent")
	}
	values.Set("seen", seen.Get("seen"))
	if got := b.Post(path(c)+"/ask", values); got.Status != http.StatusOK || !strings.Contains(within(got, "held").Text(), "在等批") {
		t.Fatalf("sent: %d, %s", got.Status, got.Text())
	}
	if c = now(t, w, c); c.HeldAt.IsZero() {
		t.Fatal("the clock does not stand")
	}
	page := b.Get(path(c))
	if _, ok := ledgerForm(page, "grant"); ok {
		t.Error("whoever asked may decide")
	}
	if n := len(page.Find(func(n *html.Node) bool { return n.Data == "rect" && apptest.Attr(n, "class") == "held" })); n != 1 {
		t.Errorf("%d grey stretches on the line, want 1", n)
	}
	s := w.As(supervisor)
	side := counts(s.Get("/desk"))
	if side["/desk/asked"] != "1" {
		t.Errorf("the supervisor's menu counts %q to decide, want 1", side["/desk/asked"])
	}
	list := s.Get("/desk/asked")
	action, ok := ledgerForm(list, "grant")
	if !ok || !strings.Contains(list.Text(), c.Number) {
		t.Fatalf("nothing to decide: %s", list.Text())
	}
	if got := b.Post(action, url.Values{"do": {"grant"}, "reason": {"可以"}}); got.Status != http.StatusForbidden {
		t.Errorf("the unit grants its own request: %d", got.Status)
	}
	if got := s.Post(action, url.Values{"do": {"grant"}, "reason": {" "}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(within(got, "errors").Text(), "理由") {
		t.Errorf("granted without a reason: %d", got.Status)
	}
	got := s.Post(action, url.Values{"do": {"grant"}, "reason": {"情况属实"}, "back": {"/desk/asked"}})
	if got.Status != http.StatusOK || got.Path != "/desk/asked" || !strings.Contains(got.Text(), "没有要批的") {
		t.Errorf("granted: %d at %s", got.Status, got.Path)
	}
	held := s.Get("/desk/cases?period=all&signal=hold")
	if all := numbers(held); len(all) != 1 || all[0] != c.Number || !strings.Contains(held.Text(), "暂停计时") {
		t.Errorf("the list of paused clocks has %v", all)
	}
	w.Clock.Advance(24 * time.Hour)
	b = w.As(handler) // nobody stays signed in overnight
	action, ok = ledgerForm(b.Get(path(c)), "resume")
	if !ok {
		t.Fatal("the unit may not let its clock go on")
	}
	if got := b.Post(action, url.Values{"do": {"resume"}}); got.Status != http.StatusOK {
		t.Fatalf("resume: %d %s", got.Status, got.Text())
	}
	if c = now(t, w, c); !c.HeldAt.IsZero() || !c.Due.After(before) {
		t.Errorf("held %v, due %v, before %v: the clock does not go on, or the date did not move", c.HeldAt, c.Due, before)
	}
	if text := b.Get(path(c)).Text(); !strings.Contains(text, "停着：特别程序") {
		t.Errorf("the line no longer tells the pause: %s", text)
	}
}

func TestMoreTimeIsAskedFor(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b, s := w.As(handler), w.As(supervisor)
	if got := asks(t, b, c, true, url.Values{"more": {"2"}, "reason": {"零件没到"}}); got.Status != http.StatusOK {
		t.Fatalf("asked: %d %s", got.Status, got.Text())
	}
	if action, ok := ledgerForm(b.Get(path(c)), "withdraw"); !ok || b.Post(action, url.Values{"do": {"withdraw"}}).Status != http.StatusOK {
		t.Fatal("the unit cannot take its request back")
	}
	if got := asks(t, b, c, true, url.Values{"more": {"2"}, "reason": {"零件没到"}}); got.Status != http.StatusOK {
		t.Fatalf("asked again: %d", got.Status)
	}
	page := s.Get(path(c))
	action, _ := ledgerForm(page, "grant")
	if !strings.Contains(page.Text(), "批准后，答应的日期变为") {
		t.Error("who decides does not see the new date")
	}
	was := now(t, w, c).Due
	if got := s.Post(action, url.Values{"do": {"grant"}, "reason": {"同意"}}); got.Status != http.StatusOK {
		t.Fatalf("granted: %d %s", got.Status, got.Text())
	}
	if c = now(t, w, c); !c.Due.After(was) || c.Extended != 2 {
		t.Errorf("due %v was %v, extended by %d", c.Due, was, c.Extended)
	}
	if _, ok := asking(b.Get(path(c)), true); ok || !strings.Contains(b.Get(path(c)).Text(), "已经延期 1 次") {
		t.Error("more time is offered a second time, or nobody says why not")
	}
	if why := within(b.Get(path(c)), "why"); !strings.Contains(b.Get(path(c)).Text(), "为什么是这个日期") || why.Doc.Data == "nothing" {
		t.Error("the date is not explained")
	}
}

func TestBadRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b := w.As(handler)
	task := ""
	if values, ok := asking(b.Get(path(c)), false); ok {
		task = values.Get("task")
	}
	for _, tt := range []struct {
		why    string
		typed  url.Values
		status int
		says   string
	}{
		{"a pause says why", url.Values{"kind": {"special"}, "until": {"2026-11-27"}}, 422, "理由"},
		{"and what for", url.Values{"until": {"2026-11-27"}, "reason": {"招标"}}, 422, "为什么要停"},
		{"and until when", url.Values{"kind": {"special"}, "reason": {"招标"}}, 422, "停到哪一天"},
		{"a day that does not exist", url.Values{"kind": {"special"}, "until": {"2026-02-30"}, "reason": {"招标"}}, 422, "停到哪一天"},
		{"a day that is past", url.Values{"kind": {"special"}, "until": {"2026-11-20"}, "reason": {"招标"}}, 422, "今天以后"},
		{"longer than the kind allows", url.Values{"kind": {"applicant"}, "until": {"2027-06-01"}, "reason": {"等材料"}}, 422, "停得太久"},
		{"a kind that is none", url.Values{"kind": {"holiday"}, "until": {"2026-11-27"}, "reason": {"放假"}}, 403, "不能由您申请"},
		{"more that is no number", url.Values{"kind": {"extension"}, "more": {"两天"}, "reason": {"零件"}}, 422, "多少"},
		{"more that is nothing", url.Values{"kind": {"extension"}, "more": {"0"}, "reason": {"零件"}}, 422, "1 到"},
		{"more than anybody waits", url.Values{"kind": {"extension"}, "more": {"99999999999"}, "reason": {"零件"}}, 422, "多少"},
		{"a reason without end", url.Values{"kind": {"extension"}, "more": {"2"}, "reason": {strings.Repeat("长", 3000)}}, 422, "最多写"},
		{"bytes that are no text", url.Values{"kind": {"extension"}, "more": {"2"}, "reason": {"\xff\xfe"}}, 422, "认不出"},
	} {
		tt.typed.Set("task", task)
		got := b.Post(path(c)+"/ask", tt.typed)
		if got.Status != tt.status || !strings.Contains(within(got, "errors").Text(), tt.says) {
			t.Errorf("%s: %d, want %d and %q in the summary: %s", tt.why, got.Status, tt.status, tt.says, within(got, "errors").Text())
		}
		if now(t, w, c).Revision != c.Revision {
			t.Fatalf("%s: the case changed", tt.why)
		}
	}
	if got := w.As(stranger).Post(path(c)+"/ask", url.Values{"task": {task}, "kind": {"special"}}); got.Status != http.StatusNotFound {
		t.Errorf("somebody who does not see the case asks: %d", got.Status)
	}
	if got := b.Post(path(c)+"/ledger/nothing", url.Values{"do": {"grant"}}); got.Status != http.StatusNotFound {
		t.Errorf("an entry that is none: %d", got.Status)
	}
	if _, ok := asking(w.As(acceptor).Get(path(c)), false); ok {
		t.Error("a pause is offered to somebody whose step it is not")
	}
}

func TestOrdersOnTheCasePage(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b, s := w.As(handler), w.As(supervisor)
	if text := within(b.Get(path(c)), "watch").Doc.Data; text != "nothing" {
		t.Error("a unit is offered to put its own case under supervision")
	}
	for _, tt := range []struct {
		why, at string
		typed   url.Values
		field   string
	}{
		{"urging says why", "/urge", url.Values{"reason": {" "}}, "urge-reason"},
		{"an order has a form", "/order", url.Values{"reason": {"拖着"}, "within": {"1"}}, "order-form"},
		{"and a time to answer", "/order", url.Values{"reason": {"拖着"}, "form": {"listed"}, "within": {"soon"}}, "order-within"},
		{"within reason", "/order", url.Values{"reason": {"拖着"}, "form": {"listed"}, "within": {"9000"}}, "order-within"},
	} {
		got := s.Post(path(c)+tt.at, tt.typed)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `href="#`+tt.field+`"`) || within(got, tt.field).Doc.Data == "nothing" {
			t.Errorf("%s: %d, no way to %s: %s", tt.why, got.Status, tt.field, within(got, "errors").Text())
		}
	}
	if got := b.Post(path(c)+"/urge", url.Values{"reason": {"快"}}); got.Status != http.StatusForbidden {
		t.Errorf("a handler urges: %d", got.Status)
	}
	if got := s.Post(path(c)+"/urge", url.Values{"reason": {"居民来电催"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "居民来电催") {
		t.Fatalf("urge: %d %s", got.Status, got.Text())
	}
	if got := s.Post(path(c)+"/order", url.Values{"reason": {"一直拖着"}, "form": {"listed"}, "within": {"1"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "挂牌督办") {
		t.Fatalf("order: %d %s", got.Status, got.Text())
	}
	action := ""
	for _, n := range b.Get(path(c)).Find(func(n *html.Node) bool { return strings.Contains(apptest.Attr(n, "action"), "/orders/") }) {
		action = apptest.Attr(n, "action")
	}
	if action == "" {
		t.Fatal("the unit cannot answer")
	}
	if got := w.As(stranger).Post(action, url.Values{"do": {"reply"}, "answer": {"办完了"}}); got.Status != http.StatusNotFound {
		t.Errorf("another unit answers: %d", got.Status)
	}
	if got := b.Post(action, url.Values{"do": {"lift"}, "reason": {"好了"}}); got.Status != http.StatusForbidden {
		t.Errorf("a unit lifts its own order: %d", got.Status)
	}
	if got := b.Post(action, url.Values{"do": {"reply"}, "answer": {"零件明天到，后天装完"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "后天装完") {
		t.Fatalf("reply: %d %s", got.Status, got.Text())
	}
	if got := s.Post(action, url.Values{"do": {"lift"}, "reason": {"已经装好"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "已解除") {
		t.Fatalf("lift: %d %s", got.Status, got.Text())
	}
	w2 := received(t, w, intake.Sending{Matter: "m06010"})
	if got := s.Post(strings.Replace(action, string(c.ID), string(w2.ID), 1), url.Values{"do": {"lift"}, "reason": {"x"}}); got.Status != http.StatusNotFound {
		t.Errorf("an order of another case: %d", got.Status)
	}
}

func TestTheClockInEnglish(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b, s := w.As(handler), w.As(supervisor)
	b.Lang, s.Lang = "en", "en"
	asks(t, b, c, false, url.Values{"kind": {"on-account"}, "until": {"2026-12-15"}, "reason": {"needs a new road"}})
	if got := s.Post(path(c)+"/order", url.Values{"reason": {"slow"}, "form": {"daily"}, "within": {"2"}}); got.Status != http.StatusOK {
		t.Fatalf("order: %d", got.Status)
	}
	page := s.Get(path(c))
	for _, want := range []string{"Pauses and more time", "On account: for another reason", "waits for a decision", "If granted, the promised date becomes", "Why, or why not", "Grant", "Supervision", "clock stopped", "The clock has stood since", "stood: On account: for another reason"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("in English the page lacks %q: %s", want, page.Text())
		}
	}
	for _, p := range []apptest.Answer{page, b.Get(path(c)), s.Get("/desk/asked"), s.Get("/desk/cases?only=stuck&period=all")} {
		if strings.Contains(p.Body, "%!") || p.Status != http.StatusOK {
			t.Errorf("%s: %d, or a text was given words it has no place for", p.Path, p.Status)
		}
	}
}

func TestMarksAreTakenWithAnAction(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := received(t, w, intake.Sending{Matter: "m06010"})
	b := w.As(acceptor)
	values, _ := form(b.Get(path(c)), "file")
	values.Set("mark.report-quality", "excellent")
	if got := b.Post(path(c)+"/act", values); got.Status != http.StatusUnprocessableEntity || now(t, w, c).Revision != c.Revision {
		t.Errorf("an answer that the question does not have: %d", got.Status)
	}
	values.Set("mark.report-quality", "b")
	if got := b.Post(path(c)+"/act", values); got.Status != http.StatusOK {
		t.Fatalf("file with a mark: %d %s", got.Status, got.Text())
	}
	entries := trailOf(t, w, c)
	if last := entries[len(entries)-1]; last.Detail["mark.report-quality"] != "b" {
		t.Errorf("the trail does not keep the mark: %v", last.Detail)
	}
	if now(t, w, c).Step != "dispatch" {
		t.Error("the case did not move")
	}
}

// trailOf is the trail of a case as it is stored.
func trailOf(t *testing.T, w *apptest.World, c casework.Case) []trail.Entry {
	t.Helper()
	entries, err := trail.Of(context.Background(), w.DB, w.House.District, string(c.ID))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
