package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/intake"
)

// The unit's other handler, and its head.
const (
	colleague = "wugang"
	unitHead  = "luzhen"
)

// holding is what the form of a page sends that takes a task up or puts it
// down, and whether the page has one.
func holding(page apptest.Answer, do string) (values url.Values, ok bool) {
	for _, n := range page.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(apptest.Attr(n, "action"), "/hold")
	}) {
		f := apptest.Answer{Doc: n}
		if len(f.Find(func(n *html.Node) bool { return n.Data == "button" && apptest.Attr(n, "value") == do })) == 0 {
			continue
		}
		task, _ := f.Field("task")
		back, _ := f.Field("back")
		return url.Values{"task": {task}, "back": {back}, "hold": {do}}, true
	}
	return nil, false
}

// done reports whether a page has the form that says the work is done.
func done(page apptest.Answer) bool { _, ok := form(page, "done"); return ok }

func TestATaskIsTakenUpAndPutDown(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	mine, other, head := w.As(handler), w.As(colleague), w.As(unitHead)
	up, ok := holding(mine.Get(path(c)), "take-up")
	if !ok {
		t.Fatalf("the handler may not take it up: %s", mine.Get(path(c)).Text())
	}
	if _, ok := holding(mine.Get(path(c)), "put-down"); ok {
		t.Error("what nobody has can be put down")
	}
	if _, ok := holding(w.As(dispatcher).Get(path(c)), "take-up"); ok {
		t.Error("somebody whose step it is not may take it up")
	}
	if got := mine.Post(path(c)+"/hold", up); got.Status != http.StatusOK || got.Path != path(c) || !strings.Contains(got.Text(), "您接手了") {
		t.Fatalf("take up: %d %s %s", got.Status, got.Path, got.Text())
	}
	seen := other.Get(path(c))
	if held := within(seen, "held-"+up.Get("task")).Text(); !strings.Contains(held, "贺勇领着") || done(seen) {
		t.Errorf("a colleague sees %q, and may act: %v", held, done(seen))
	}
	if got := other.Post(path(c)+"/hold", up); got.Status != http.StatusConflict || !strings.Contains(got.Text(), "已经有人在办") {
		t.Errorf("taken up twice: %d %s", got.Status, got.Text())
	}
	for who, b := range map[string]*apptest.Browser{"colleague": other, "stranger's own case": w.As(acceptor)} {
		if _, ok := holding(b.Get(path(c)), "put-down"); ok {
			t.Errorf("the %s may put it down", who)
		}
	}
	down, ok := holding(head.Get(path(c)), "put-down")
	if !ok || !done(mine.Get(path(c))) {
		t.Fatalf("the head of the unit may put it down: %v, who took it up may act: %v", ok, done(mine.Get(path(c))))
	}
	backToUnit(t, w, c, mine, head, down)
}

// backToUnit puts a task down: not without a reason, not by a colleague.
func backToUnit(t *testing.T, w *apptest.World, c casework.Case, mine, head *apptest.Browser, down url.Values) {
	t.Helper()
	blank := head.Post(path(c)+"/hold", url.Values{"task": down["task"], "hold": down["hold"], "reason": {"  "}})
	if _, ok := holding(blank, "put-down"); blank.Status != http.StatusUnprocessableEntity || !ok || !strings.Contains(within(blank, "hold-"+down.Get("task")).Text(), "请写明理由") {
		t.Errorf("without a reason: %d %s", blank.Status, blank.Text())
	}
	down.Set("reason", "去外地<b>培训</b>")
	if got := w.As(colleague).Post(path(c)+"/hold", down); got.Status != http.StatusForbidden {
		t.Errorf("put down by a colleague: %d", got.Status)
	}
	if got := w.As(stranger).Post(path(c)+"/hold", down); got.Status != http.StatusNotFound {
		t.Errorf("put down by somebody who does not see it: %d", got.Status)
	}
	if got := head.Post(path(c)+"/hold", url.Values{"task": down["task"], "hold": {"steal"}}); got.Status != http.StatusUnprocessableEntity && got.Status != http.StatusBadRequest {
		t.Errorf("a word that is none: %d", got.Status)
	}
	got := head.Post(path(c)+"/hold", down)
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "放下了") || strings.Contains(got.Body, "<b>培训</b>") {
		t.Errorf("put down: %d %s", got.Status, got.Text())
	}
	if text := got.Text(); !strings.Contains(text, "接手") || !strings.Contains(text, "放下") {
		t.Errorf("what happened does not say so: %s", text)
	}
	if _, ok := holding(w.As(colleague).Get(path(c)), "take-up"); !ok {
		t.Error("put down, it is nobody's to take up")
	}
	mine.Lang = "en"
	if text := mine.Get(path(c)).Text(); !strings.Contains(text, "Take up") || !strings.Contains(text, "put it down") {
		t.Errorf("in English: %s", text)
	}
}

// The queue's preview takes a task up and goes on with the queue.
func TestThePreviewTakesUp(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	sent(t, w, intake.Sending{Matter: "m06010"}, dispatcher, "u-shizheng")
	b := w.As(handler)
	page := b.Get("/desk")
	up, ok := holding(page, "take-up")
	if !ok || up.Get("back") == "" {
		t.Fatalf("the preview does not take up: %v", up)
	}
	action := apptest.Attr(page.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(apptest.Attr(n, "action"), "/hold")
	})[0], "action")
	if got := b.Post(action, up); got.Path != "/desk" || !strings.Contains(got.Text(), "您接手了") {
		t.Errorf("%d %s %s", got.Status, got.Path, got.Text())
	}
}
