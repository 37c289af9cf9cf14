package watch_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/procedure"
)

func TestHoldingAUnitToAccount(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, b := sent(t, w, "u-shizheng"), w.As(supervisor)
	form := home + "/accounts/new?case=" + string(c.ID)
	if got := b.Get(home + "/accounts/new?number=" + url.QueryEscape(c.Number)); got.Path != form {
		t.Errorf("by its number: %s", got.Path)
	}
	if got := b.Get(home + "/accounts/new?number=nonsense"); !wrong(got, "number-more") {
		t.Errorf("by a number that is none: %d", got.Status)
	}
	show := b.Get(form)
	ticks := show.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "evidence" })
	if len(ticks) < 3 || !strings.Contains(show.Text(), "派给市政养护中心") || !strings.Contains(show.Text(), "无为问责") {
		t.Fatalf("the form: %d entries, %s", len(ticks), show.Text())
	}
	good := func() url.Values {
		return url.Values{"case": {string(c.ID)}, "evidence": {apptest.Attr(ticks[2], "value")}, "unit": {"u-shizheng"}, "fault": {"inaction"}, "reason": {"派了三天没有动"}, "within": {"3"}}
	}
	for _, row := range []struct{ why, field, name, value string }{
		{"nothing chosen", "evidence-account", "evidence", ""},
		{"an entry that is not there", "evidence-account", "evidence", string(c.ID) + "/999"},
		{"no entry at all", "evidence-account", "evidence", "x/../y"},
		{"no such fault", "fault-account", "fault", "bad-luck"},
		{"no reason", "reason-account", "reason", " "},
		{"a unit that never had it", "evidence-account", "unit", "u-ranqi"},
		{"no such unit", "unit-account", "unit", "u-nobody"},
		{"no time to answer", "within-account", "within", "0"},
	} {
		x := good()
		x.Set(row.name, row.value)
		if got := b.Post(home+"/accounts", x); !wrong(got, row.field) {
			t.Errorf("%s: %d, want %s marked: %s", row.why, got.Status, row.field, got.Text())
		}
	}
	for _, login := range []string{handler, keeper, admin} {
		if got := w.As(login).Post(home+"/accounts", good()); got.Status != http.StatusForbidden {
			t.Errorf("%s opens one: %d", login, got.Status)
		}
	}
	if all := kept(t, w); len(all) != 0 {
		t.Fatalf("refused, and yet there are %v", all)
	}
	got := b.Post(home+"/accounts", good())
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Path, home+"/orders/") || !strings.Contains(got.Text(), "提出问责") || has(forms(got), "/decide") {
		t.Fatalf("opened: %d %s", got.Status, got.Text())
	}
	at := got.Path
	above := w.As(leader)
	verdict := url.Values{"verdict": {"upheld"}, "means": {"circular"}, "reason": {"说明不成立"}}
	if got := above.Post(at+"/decide", verdict); got.Status != http.StatusConflict || has(forms(above.Get(at)), "/decide") {
		t.Errorf("decided before the unit had its say: %d", got.Status)
	}
	if got := w.As(handler).Post(at+"/reply", url.Values{"answer": {"材料没到"}}); got.Status != http.StatusForbidden {
		t.Errorf("a handler answers for the head: %d", got.Status)
	}
	if got := w.As(unitLead).Post(at+"/reply", url.Values{"answer": {"材料没到，已经补上"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "已经补上") {
		t.Errorf("answered: %d %s", got.Status, got.Text())
	}
	if got := b.Post(at+"/decide", verdict); got.Status != http.StatusForbidden {
		t.Errorf("who opened it decides: %d", got.Status)
	}
	if !has(forms(above.Get(at)), "/decide") {
		t.Error("the leader is not offered to decide")
	}
	for field, bad := range map[string]url.Values{
		"verdict-decide": {"reason": {"x"}}, "means-decide": {"verdict": {"upheld"}, "means": {"shame"}, "reason": {"x"}}, "reason-decide": {"verdict": {"dropped"}},
	} {
		if got := above.Post(at+"/decide", bad); !wrong(got, field) {
			t.Errorf("%v: %d, want %s marked", bad, got.Status, field)
		}
	}
	got = above.Post(at+"/decide", verdict)
	if !strings.Contains(got.Text(), "成立，情况通报：说明不成立") || len(forms(got)) > 0 {
		t.Errorf("decided: %d %s", got.Status, got.Text())
	}
	if got := w.As(outsider).Get(at); got.Status != http.StatusNotFound {
		t.Errorf("another unit reads it: %d", got.Status)
	}
}

func TestWhoPassesCasesOn(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, "u-chengguan")
	does(t, w, "qiufeng", c.ID, "return", procedure.Move{Reason: "归市政", Photos: 1})
	b := w.As(supervisor)
	got := b.Get(home + "/bounces")
	to := ""
	for _, n := range got.Find(func(n *html.Node) bool {
		return strings.Contains(apptest.Attr(n, "href"), "/bounces/u-chengguan/returned")
	}) {
		to = apptest.Attr(n, "href")
		if apptest.Text(n) != "1" {
			t.Errorf("returned %s times, want 1", apptest.Text(n))
		}
	}
	if list := b.Get(to); to == "" || list.Status != http.StatusOK || !strings.Contains(list.Text(), c.Number) {
		t.Errorf("the list behind the number: %q %s", to, list.Text())
	}
	other := w.As(handler)
	if got := other.Get(home + "/bounces"); got.Status != http.StatusOK || strings.Contains(got.Text(), "城管执法局") {
		t.Errorf("a unit sees another's: %s", got.Text())
	}
	if got := other.Get(to); got.Status != http.StatusNotFound {
		t.Errorf("a unit opens another's list: %d", got.Status)
	}
	for path, want := range map[string]int{
		"/bounces?from=x": 422, "/bounces?from=2026-11-02&to=2026-11-01": 422, "/bounces?from=1900-01-01": 422,
		"/bounces/u-chengguan/nonsense": 404, "/bounces?from=2026-10-01&to=2026-10-31": 200,
	} {
		if got := b.Get(home + path); got.Status != want {
			t.Errorf("%s: %d, want %d", path, got.Status, want)
		}
	}
}

// The picture of the rungs says what the pack says.
func TestTheRuleInAPicture(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(handler)
	got := b.Get(home + "/rungs")
	nodes := got.Find(func(n *html.Node) bool { return n.Data == "div" && strings.HasPrefix(apptest.Attr(n, "class"), "node") })
	if want := len(w.District().Catalogue.Ladder().Rungs); len(nodes) != want {
		t.Errorf("%d rungs drawn, want %d", len(nodes), want)
	}
	for _, part := range []string{"用掉时限的 80%", "超期满 1 个工作日", "值班领导", "挂牌督办，1 个工作日内书面答复", "无为问责"} {
		if !strings.Contains(got.Text(), part) {
			t.Errorf("the rule lacks %q: %s", part, got.Text())
		}
	}
	b.Lang = "en"
	if got := b.Get(home + "/rungs").Text(); !strings.Contains(got, "1 working day past the date") || !strings.Contains(got, "the leader on duty") {
		t.Errorf("in English: %s", got)
	}
}

func TestEnteringATurn(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(supervisor)
	turn := func(name, value string) url.Values {
		form := url.Values{"day": {"2026-11-23"}, "hours": {"08:00-20:00"}, "area": {"990101"}, "unit": {"u-centre"}, "login": {"linwang"}, "phone": {"0990-1234"}}
		if name != "" {
			form.Set(name, value)
		}
		return form
	}
	for _, row := range []struct{ name, value string }{
		{"day", "哪天"}, {"hours", "整天"}, {"area", "990199999"}, {"unit", "u-nobody"}, {"unit", ""}, {"login", "nobody"}, {"phone", strings.Repeat("1", 41)},
	} {
		if got := b.Post(home+"/duty", turn(row.name, row.value)); !wrong(got, row.name+"-turn") {
			t.Errorf("%s=%q: %d %s", row.name, row.value, got.Status, got.Text())
		}
	}
	for _, login := range []string{handler, keeper} {
		if got := w.As(login).Post(home+"/duty", turn("", "")); got.Status != http.StatusForbidden {
			t.Errorf("%s enters a turn: %d", login, got.Status)
		}
	}
	got := b.Post(home+"/duty", turn("", ""))
	today := got.Find(func(n *html.Node) bool { return n.Data == "tr" && apptest.Attr(n, "aria-current") == "date" })
	if got.Path != home+"/duty" || len(today) != 1 || !strings.Contains(apptest.Text(today[0]), "林望") {
		t.Fatalf("entered: %d %s", got.Status, got.Text())
	}
	if got := w.As(handler).Get(home + "/duty"); strings.Contains(got.Body, "/remove") {
		t.Error("a handler is offered to take a turn off")
	}
	remove := ""
	for _, action := range forms(got) {
		if strings.HasSuffix(action, "/remove") {
			remove = action
		}
	}
	public := w.Browser().Get("/about/duty")
	if public.Status != http.StatusOK || !strings.Contains(public.Text(), "0990-1234") || strings.Contains(public.Text(), "林望") {
		t.Errorf("what everybody reads: %d %s", public.Status, public.Text())
	}
	if got := w.As(handler).Post(remove, nil); got.Status != http.StatusForbidden {
		t.Errorf("a handler takes a turn off: %d", got.Status)
	}
	if got := b.Post(remove, nil); got.Status != http.StatusOK || strings.Contains(got.Text(), "林望") {
		t.Errorf("taken off: %d %s", got.Status, got.Text())
	}
	if got := b.Post(remove, nil); got.Status != http.StatusNotFound {
		t.Errorf("taken off twice: %d", got.Status)
	}
	if got := b.Get(home + "/duty?from=x"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("from no day: %d", got.Status)
	}
}
