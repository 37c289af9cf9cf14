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
	"linli/internal/procedure"
)

func TestNameTheOwner(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	var c casework.Case
	for _, m := range w.District().Catalogue.Matters() {
		if w.District().Catalogue.Selectable(m.Code) && w.District().Route(m.Code, "990101001004", w.DB.Now()).NoOwner {
			c = received(t, w, intake.Sending{Matter: m.Code})
			break
		}
	}
	if !c.NoOwner {
		t.Fatal("every matter has an owner by rule: the test looks at nothing")
	}
	if got := w.As(handler).Post(path(c)+"/owner", url.Values{"unit": {"u-shizheng"}, "reason": {"我要"}}); got.Status != http.StatusForbidden {
		t.Errorf("somebody without the right rules: %d", got.Status)
	}
	b := w.As(leader)
	if list := b.Get("/desk/no-owner"); !strings.Contains(list.Text(), c.Number) {
		t.Fatalf("the list lacks %s", c.Number)
	}
	got := b.Post(path(c)+"/owner", url.Values{"unit": {"u-shizheng"}, "reason": {" "}})
	if got.Status != 422 || len(got.Find(func(n *html.Node) bool {
		return n.Data == "option" && apptest.Attr(n, "value") == "u-shizheng" && has(n, "selected")
	})) != 1 || within(got, "reason-"+string(c.ID)).Doc.Data == "nothing" {
		t.Errorf("without a reason: %d, or the unit chosen is lost", got.Status)
	}
	got = b.Post(path(c)+"/owner", url.Values{"unit": {"u-shizheng"}, "reason": {"道路附属设施"}})
	if got.Path != "/desk/no-owner" || !strings.Contains(got.Text(), c.Number+" 定了，归市政养护中心") || strings.Contains(got.Text(), "%!") {
		t.Errorf("ruled: %s %s", got.Path, got.Text())
	}
	if c = now(t, w, c); c.NoOwner || c.Proposed != "u-shizheng" {
		t.Errorf("after the ruling: no owner %v, proposed %q", c.NoOwner, c.Proposed)
	}
	if got := b.Post(path(c)+"/owner", url.Values{"unit": {"u-chengguan"}, "reason": {"再来"}}); got.Status != http.StatusConflict {
		t.Errorf("ruled twice: %d", got.Status)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	a, other := received(t, w, intake.Sending{Matter: "m06010"}), received(t, w, intake.Sending{Matter: "c01002", Sender: "2"})
	b, ids := w.As(acceptor), []string{string(a.ID), string(other.ID)}
	ask := b.Get("/desk/merge?case=" + ids[0] + "&case=" + ids[1])
	if ask.Status != 200 || !strings.Contains(ask.Text(), a.Number) || !strings.Contains(ask.Text(), other.Number) || !strings.Contains(ask.Text(), "事项不一样") {
		t.Errorf("asking which to keep: %d %s", ask.Status, ask.Text())
	}
	for name, form := range map[string]url.Values{
		"none kept":          {"ids": ids},
		"one that is not in": {"ids": ids, "keep": {"x"}},
		"one alone":          {"ids": ids[:1], "keep": ids[:1]},
	} {
		if got := b.Post("/desk/merge", form); got.Status != 422 {
			t.Errorf("%s: %d, want 422", name, got.Status)
		}
	}
	if got := w.As(handler).Post("/desk/merge", url.Values{"ids": ids, "keep": ids[:1]}); got.Status != http.StatusForbidden {
		t.Errorf("somebody without the right merges: %d", got.Status)
	}
	if now(t, w, a).State != casework.Running || now(t, w, other).State != casework.Running {
		t.Fatal("a refused merge changed a case")
	}
	got := b.Post("/desk/merge", url.Values{"ids": ids, "keep": ids[:1]})
	if got.Path != path(a) || !strings.Contains(got.Text(), "并成了一件") {
		t.Errorf("merged: %s %s", got.Path, got.Text())
	}
	if gone := b.Get(path(other)); !strings.Contains(gone.Text(), "已经并入 "+a.Number) || len(within(gone, "do").Find(func(n *html.Node) bool { return n.Data == "form" })) > 0 {
		t.Errorf("the page of the merged case: %s", gone.Text())
	}
	if c := now(t, w, other); c.State != casework.Merged || procedure.StepName(c.Step) != "" {
		t.Errorf("the merged case is %s at %q", c.State, c.Step)
	}
}
