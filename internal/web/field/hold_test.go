package field_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/intake"
)

// holds is what a task page sends to take the task up or to put it down.
func holds(page apptest.Answer, do string) (values url.Values, ok bool) {
	for _, n := range page.Find(withID("hold")) {
		f := apptest.Answer{Doc: n}
		if len(f.Find(func(n *html.Node) bool { return n.Data == "button" && apptest.Attr(n, "value") == do })) == 0 {
			continue
		}
		task, _ := f.Field("task")
		return url.Values{"task": {task}, "hold": {do}}, true
	}
	return nil, false
}

func TestATaskIsTakenUpOnTheSpot(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := toVerify(t, w, receive(t, w, intake.Sending{Point: middle(t, w, mine(t, w))}))
	b, at := w.As(walker), "/field/task/"+string(c.ID)
	up, ok := holds(b.Get(at), "take-up")
	if !ok {
		t.Fatalf("it may not be taken up: %s", b.Get(at).Text())
	}
	if got := w.As(neighbour).Post(at+"/hold", up); got.Status != http.StatusNotFound {
		t.Errorf("somebody of another grid: %d, want the answer of no such case", got.Status)
	}
	if got := b.Post(at+"/hold", up); got.Status != http.StatusOK || got.Path != at || !strings.Contains(got.Text(), "您接手了") {
		t.Fatalf("take up: %d %s %s", got.Status, got.Path, got.Text())
	}
	if got := b.Post(at+"/hold", up); got.Status != http.StatusConflict || !strings.Contains(got.Text(), "已经有人在办") {
		t.Errorf("taken up twice: %d %s", got.Status, got.Text())
	}
	b.Lang = "en"
	page := b.Get(at)
	down, ok := holds(page, "put-down")
	if _, still := holds(page, "take-up"); !ok || still || !strings.Contains(page.Text(), "Taken up by 刘晓燕") {
		t.Fatalf("put down: %v, take up again: %v: %s", ok, still, page.Text())
	}
	form(t, page, "pass") // and the task itself may be done
	blank := b.Post(at+"/hold", down)
	if field := blank.Find(withID("hold-reason")); blank.Status != http.StatusUnprocessableEntity || len(field) != 1 || apptest.Attr(field[0], "aria-invalid") != "true" {
		t.Errorf("without a reason: %d %s", blank.Status, blank.Text())
	}
	down.Set("reason", "今天去<b>培训</b>")
	if got := b.Post(at+"/hold", down); got.Status != http.StatusOK || !strings.Contains(got.Text(), "back with the unit") || strings.Contains(got.Body, "<b>培训") {
		t.Errorf("put down: %d %s", got.Status, got.Text())
	}
}
