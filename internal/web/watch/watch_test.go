package watch_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/intake"
)

// The people of the invented district that these tests sign in as.
const (
	keeper     = "fanghua" // shift leader: keeps meetings and names owners
	supervisor = "zhouhui" // keeps meetings and the list, names no owner
	handler    = "heyong"  // of u-shizheng
	outsider   = "gaoyuan" // handler of u-zhujian, which no meeting here calls
	lead       = "wenhe"   // leads u-minzheng
	admin      = "suming"
	worker     = "dingxia" // walks a grid
)

const home = "/desk/watch"

// lost takes in a case that no rule gives an owner.
func lost(t *testing.T, w *apptest.World) casework.Case {
	t.Helper()
	const grid = "990101001004"
	d := w.District()
	for _, m := range d.Catalogue.Matters() {
		if d.Catalogue.Selectable(m.Code) && !m.Secret && d.Route(m.Code, grid, w.DB.Now()).NoOwner {
			r, err := w.House.Desk.Receive(context.Background(), d, intake.Sending{Channel: intake.Portal, Sender: "1", Area: grid, Matter: m.Code, Text: "没人管", Name: "张小民", Phone: "13800000013"})
			if err != nil {
				t.Fatal(err)
			}
			return r.Case
		}
	}
	t.Fatal("every matter has an owner by rule: the test looks at nothing")
	return casework.Case{}
}

func friday() url.Values {
	return url.Values{"title": {"条块工作例会"}, "place": {"三楼"}, "starts": {"2026-11-27T14:00"}, "units": {"u-shizheng"}}
}

// planned plans a meeting over HTTP and gives its address.
func planned(t *testing.T, b *apptest.Browser) string {
	t.Helper()
	got := b.Post(home+"/meetings", friday())
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Path, home+"/meetings/") {
		t.Fatalf("planned: %d %s %s", got.Status, got.Path, got.Text())
	}
	return got.Path
}

// item is the id of a page's only point.
func item(t *testing.T, a apptest.Answer) string {
	t.Helper()
	found := a.Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "id"), "item-") })
	if len(found) != 1 {
		t.Fatalf("the page has %d points, want one: %s", len(found), a.Text())
	}
	return strings.TrimPrefix(apptest.Attr(found[0], "id"), "item-")
}

// forms are the addresses that a page's forms are sent to, without the bar's.
func forms(a apptest.Answer) (all []string) {
	for _, main := range a.Find(func(n *html.Node) bool { return n.Data == "main" }) {
		for _, n := range (apptest.Answer{Doc: main}).Find(func(n *html.Node) bool { return n.Data == "form" && apptest.Attr(n, "method") == "post" }) {
			all = append(all, apptest.Attr(n, "action"))
		}
	}
	return all
}

func has(all []string, part string) bool {
	for _, s := range all {
		if strings.HasSuffix(s, part) {
			return true
		}
	}
	return false
}

// wrong reports whether a page came back with a field marked.
func wrong(a apptest.Answer, id string) bool {
	return a.Status == http.StatusUnprocessableEntity && len(a.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == id })) == 1 &&
		len(a.Find(func(n *html.Node) bool { return n.Data == "a" && apptest.Attr(n, "href") == "#"+id })) == 1
}

func TestAMeetingFromPlanToMinutes(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, b := lost(t, w), w.As(keeper)
	if got := b.Get(home + "/meetings/new"); !strings.Contains(got.Text(), c.Number) {
		t.Errorf("the plan does not say what it begins with: %s", got.Text())
	}
	at := planned(t, b)
	show := b.Get(at)
	id := item(t, show)
	for _, path := range []string{"/minutes", "/minutes.pdf"} {
		if got := b.Get(at + path); got.Status != http.StatusNotFound {
			t.Errorf("%s of a meeting to come: %d", path, got.Status)
		}
	}
	if !strings.Contains(show.Text(), c.Number) || !strings.Contains(show.Text(), "2026 年第 1 次") || has(forms(show), "/decide") {
		t.Errorf("planned: %s", show.Text())
	}
	show = b.Post(at+"/hold", nil)
	if !has(forms(show), "/decide") || !strings.Contains(show.Text(), "就等于裁定归它") {
		t.Errorf("held: %s", show.Text())
	}
	got := b.Post(at+"/items/"+id+"/decide", url.Values{"decision": {"由市政管到底"}, "unit": {"u-shizheng"}, "co": {"u-chengguan"}, "limit": {"2 个工作日"}})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "由市政养护中心办") || !strings.Contains(got.Text(), "11月25日 周三 17:30前") {
		t.Fatalf("decided: %d %s", got.Status, got.Text())
	}
	now, err := casework.ByID(t.Context(), w.DB, w.District().Code, c.ID)
	if err != nil || now.NoOwner || now.Proposed != "u-shizheng" {
		t.Errorf("the case after the decision: no owner %v, proposed %q, %v", now.NoOwner, now.Proposed, err)
	}
	if got := b.Post(at+"/minutes", url.Values{"minutes": {"先查产权\n再定"}, "revision": {value(b.Get(at), "revision")}}); got.Status != http.StatusOK {
		t.Errorf("minutes: %d %s", got.Status, got.Text())
	}
	mine := w.As(handler)
	if got := mine.Get(home + "/decisions"); !strings.Contains(got.Text(), "由市政管到底") || !has(forms(got), "/done") {
		t.Errorf("the unit does not see what it has to do: %s", got.Text())
	}
	if got := mine.Post(at+"/items/"+id+"/done", url.Values{"done": {"补上了路名牌"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "补上了路名牌") {
		t.Errorf("carried out: %d %s", got.Status, got.Text())
	}
	b.Post(at+"/close", nil)
	paper := b.Get(at + "/minutes")
	for _, part := range []string{c.Number, "由市政管到底", "市政养护中心，区城管执法局协办，11月25日 周三 17:30前", "先查产权", "补上了路名牌"} {
		if !strings.Contains(paper.Text(), part) {
			t.Errorf("the minutes lack %q: %s", part, paper.Text())
		}
	}
	if strings.Contains(paper.Text(), "张") || strings.Contains(paper.Body, "13800000013") {
		t.Error("the minutes name the reporter")
	}
	file := b.Get(at + "/minutes.pdf")
	if file.Status != http.StatusOK || file.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.Body, "%PDF-") || !strings.Contains(file.Header.Get("Content-Disposition"), "minutes-2026-1.pdf") {
		t.Errorf("the file: %d %v", file.Status, file.Header)
	}
	if again := b.Get(at + "/minutes.pdf"); again.Body != file.Body {
		t.Error("the file of a closed meeting changes")
	}
	if all := forms(b.Get(at)); has(all, "/decide") || has(all, "/items") || has(all, "/close") {
		t.Errorf("a closed meeting still offers %v", all)
	}
	b.Lang = "en"
	if got := b.Get(at + "/minutes").Text(); !strings.Contains(got, "What was decided") || !strings.Contains(got, "no. 1 of 2026") {
		t.Errorf("in English: %s", got)
	}
}

// value is the value of a hidden field.
func value(a apptest.Answer, name string) string {
	v, _ := a.Field(name)
	return v
}

func TestBadFormsComeBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	lost(t, w)
	b := w.As(keeper)
	plan := friday()
	plan.Set("starts", "不知道")
	if got := b.Post(home+"/meetings", plan); !wrong(got, "starts-plan") || value(got, "title") != "条块工作例会" {
		t.Errorf("a plan at no time: %d %s", got.Status, got.Text())
	}
	at := planned(t, b)
	id := item(t, b.Get(at))
	b.Post(at+"/hold", nil)
	for _, bad := range []struct {
		why, field string
		form       url.Values
	}{
		{"no words", "decision-" + id, url.Values{"unit": {"u-shizheng"}, "limit": {"2 个工作日"}}},
		{"no limit", "limit-" + id, url.Values{"decision": {"办"}, "unit": {"u-shizheng"}}},
		{"a limit nobody understands", "limit-" + id, url.Values{"decision": {"办"}, "unit": {"u-shizheng"}, "limit": {"尽快"}}},
		{"a limit of nothing", "limit-" + id, url.Values{"decision": {"办"}, "unit": {"u-shizheng"}, "limit": {"0 个工作日"}}},
		{"no such unit", "unit-" + id, url.Values{"decision": {"办"}, "unit": {"u-nobody"}, "limit": {"1d"}}},
		{"a unit that helps itself", "co-" + id, url.Values{"decision": {"办"}, "unit": {"u-shizheng"}, "co": {"u-shizheng"}, "limit": {"2 个工作日"}}},
	} {
		if got := b.Post(at+"/items/"+id+"/decide", bad.form); !wrong(got, bad.field) {
			t.Errorf("%s: %d, want %s marked: %s", bad.why, got.Status, bad.field, got.Text())
		}
	}
	if got := b.Post(at+"/items", url.Values{"number": {"999"}}); !wrong(got, "number-add") {
		t.Errorf("a case that is none: %d %s", got.Status, got.Text())
	}
	if got := b.Post(at+"/minutes", url.Values{"minutes": {"x"}, "revision": {"0"}}); got.Status != http.StatusConflict {
		t.Errorf("minutes over somebody else's: %d", got.Status)
	}
	hostile := `<script>alert(1)</script>`
	if got := b.Post(at+"/items", url.Values{"question": {hostile}}); strings.Contains(got.Body, hostile) || !strings.Contains(got.Text(), hostile) {
		t.Errorf("a question with markup: %s", got.Text())
	}
	for _, path := range []string{at + "x", home + "/meetings/x", at + "/items/x/decide"} {
		if got := b.Post(path, url.Values{"decision": {"办"}}); got.Status < 400 || got.Status >= 500 {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if got := b.Get(home + "/meetings/x"); got.Status != http.StatusNotFound {
		t.Errorf("a meeting that is none: %d", got.Status)
	}
}

func TestWhoMayNotGetsNoButtonAndARefusal(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	lost(t, w)
	b := w.As(keeper)
	at := planned(t, b)
	id := item(t, b.Get(at))
	for _, row := range []struct {
		why, login string
		sees       int
	}{
		{"a unit that is called", handler, http.StatusOK},
		{"a unit that is not", outsider, http.StatusNotFound},
		{"a grid worker", worker, http.StatusNotFound},
		{"the administrator", admin, http.StatusForbidden},
	} {
		other := w.As(row.login)
		got := other.Get(at)
		if got.Status != row.sees || len(forms(got)) > 0 {
			t.Errorf("%s sees the meeting with %d, want %d, and the forms %v", row.why, got.Status, row.sees, forms(got))
		}
		for _, path := range []string{"/hold", "/close", "/cancel", "/items", "/items/" + id + "/drop", "/items/" + id + "/decide", "/items/" + id + "/back", "/minutes", "/plan"} {
			if got := other.Post(at+path, url.Values{"reason": {"x"}, "decision": {"x"}}); got.Status != http.StatusForbidden {
				t.Errorf("%s posts %s: %d", row.why, path, got.Status)
			}
		}
		if got := other.Get(home + "/meetings/new"); got.Status != http.StatusForbidden {
			t.Errorf("%s may plan: %d", row.why, got.Status)
		}
	}
	if got := w.Browser().Get(at); !strings.HasPrefix(got.Path, "/sign-in") {
		t.Errorf("without signing in: %s", got.Path)
	}
	b.Post(at+"/hold", nil)
	decision := url.Values{"decision": {"办"}, "unit": {"u-shizheng"}, "limit": {"1 个工作日"}}
	if got := w.As(supervisor).Post(at+"/items/"+id+"/decide", decision); got.Status != http.StatusForbidden || !strings.Contains(got.Text(), "值班长") {
		t.Errorf("a supervisor names the owner: %d %s", got.Status, got.Text())
	}
	b.Post(at+"/items/"+id+"/decide", decision)
	for _, login := range []string{keeper, supervisor} {
		other := w.As(login)
		if all := forms(other.Get(at)); has(all, "/done") {
			t.Errorf("%s is offered to carry it out: %v", login, all)
		}
		if got := other.Post(at+"/items/"+id+"/done", url.Values{"done": {"好了"}}); got.Status != http.StatusForbidden {
			t.Errorf("%s carries it out: %d", login, got.Status)
		}
	}
	if got := w.As(outsider).Post(at+"/items/"+id+"/done", url.Values{"done": {"好了"}}); got.Status != http.StatusNotFound {
		t.Errorf("another unit carries it out: %d", got.Status)
	}
}

func TestStuckCasesGoBeforeTheNextMeeting(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(keeper)
	at := planned(t, b) // before anything is stuck
	c := lost(t, w)
	got := b.Get(home + "/stuck")
	if !strings.Contains(got.Text(), c.Number) || !strings.Contains(got.Text(), "放到下次会上") {
		t.Fatalf("stuck: %s", got.Text())
	}
	if got := b.Post(at+"/items", url.Values{"number": {c.Number}}); !strings.Contains(got.Text(), c.Number) {
		t.Errorf("put before the meeting: %s", got.Text())
	}
	over := b.Get(home)
	if !strings.Contains(over.Text(), "条块工作例会") || !strings.Contains(over.Text(), "没定归谁管") {
		t.Errorf("overview: %s", over.Text())
	}
	other := w.As(outsider)
	if got := other.Get(home + "/stuck?why=no-owner"); strings.Contains(got.Text(), c.Number) || got.Status != http.StatusOK {
		t.Errorf("a case outside the reader's scope is listed: %s", got.Text())
	}
	if got := b.Get(home + "/stuck?why=nonsense&after=nonsense"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("an address nobody made: %d", got.Status)
	}
}
