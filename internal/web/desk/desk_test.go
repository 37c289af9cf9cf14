package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/intake"
)

// The people of the invented district that these tests sign in as.
const (
	acceptor   = "guoyan"
	dispatcher = "chenli"
	leader     = "fanghua" // shift leader: exports, merges, names owners
	handler    = "heyong"  // of u-shizheng
	agent      = "hejing"
	admin      = "suming"
)

const hostileAddress = `=HYPERLINK("http://bad") <b>13800001234</b>`

// told takes in cases of several kinds, places and channels: more than fit on
// one page of a list.
func told(t *testing.T, w *apptest.World) []casework.Case {
	t.Helper()
	var all []casework.Case
	for i := range 36 {
		s := intake.Sending{Channel: intake.Portal, Sender: fmt.Sprint(i), Area: "990101001004", Matter: "m06010", Text: "门口垃圾没人清", Phone: "13800000013", Name: "张小民", Address: fmt.Sprintf("桂香路 %d 号", i+1)}
		switch i % 4 {
		case 1:
			s.Matter, s.Text, s.Channel, s.Phone = "c01002", "井盖碎了一角", intake.Hotline, "13800002222"
		case 2:
			s.Area, s.Channel = "990101002", intake.Counter
		}
		if i == 4 {
			s.Address = hostileAddress
		}
		r, err := w.House.Desk.Receive(context.Background(), w.District(), s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r.Case)
	}
	return all
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(apptest.Attr(n, "class")), name) }
}

func within(a apptest.Answer, id string) apptest.Answer {
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == id }) {
		return apptest.Answer{Doc: n}
	}
	return apptest.Answer{Doc: &html.Node{Type: html.ElementNode, Data: "nothing"}}
}

// numbers are the case numbers of the rows of a page.
func numbers(a apptest.Answer) []string {
	var all []string
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "td" && class("num")(n) && class("mute")(n) }) {
		all = append(all, apptest.Text(n))
	}
	return all
}

// whole follows a list to its end and gives the numbers of all rows.
func whole(t *testing.T, b *apptest.Browser, path string) []string {
	t.Helper()
	var all []string
	for range 20 {
		got := b.Get(path)
		if got.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, got.Status, got.Text())
		}
		all = append(all, numbers(got)...)
		next := got.Find(func(n *html.Node) bool { return n.Data == "a" && apptest.Attr(n, "rel") == "next" })
		if len(next) == 0 {
			return all
		}
		path = apptest.Attr(next[0], "href")
	}
	t.Fatalf("%s has no end", path)
	return nil
}

// counts are the addresses of a side menu with their counts.
func counts(a apptest.Answer) map[string]string {
	all := map[string]string{}
	for _, nav := range a.Find(func(n *html.Node) bool { return n.Data == "nav" && class("side")(n) }) {
		for _, link := range (apptest.Answer{Doc: nav}).Find(func(n *html.Node) bool { return n.Data == "a" }) {
			if n := (apptest.Answer{Doc: link}).Find(class("count")); len(n) == 1 {
				all[apptest.Attr(link, "href")] = apptest.Text(n[0])
			}
		}
	}
	return all
}

// act takes the action of a name that the page of a case offers.
func act(t *testing.T, b *apptest.Browser, c casework.Case, action string, more url.Values) apptest.Answer {
	t.Helper()
	page := b.Get("/desk/case/" + string(c.ID))
	for _, form := range page.Find(func(n *html.Node) bool { return n.Data == "form" }) {
		f := apptest.Answer{Doc: form}
		if name, _ := f.Field("action"); name != action {
			continue
		}
		values := url.Values{"action": {action}}
		for _, name := range []string{"task", "revision", "back"} {
			value, _ := f.Field(name)
			values.Set(name, value)
		}
		for name, value := range more {
			values[name] = value
		}
		return b.Post("/desk/case/"+string(c.ID)+"/act", values)
	}
	t.Fatalf("%s offers no %s: %s", c.Number, action, page.Text())
	return page
}

func TestCountsEqualTheirLists(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	cases := told(t, w)
	b := w.As(acceptor)
	for _, c := range cases[:8] {
		if got := act(t, b, c, "file", nil); got.Status != http.StatusOK {
			t.Fatalf("file: %d %s", got.Status, got.Text())
		}
	}
	for _, row := range []struct {
		login, path string
		want        int
	}{
		{acceptor, "/desk", 28}, {dispatcher, "/desk", 8}, {leader, "/desk/cases", 36},
	} {
		b := w.As(row.login)
		all := counts(b.Get(row.path))
		if len(all) < 5 {
			t.Errorf("%s %s counts only %v", row.login, row.path, all)
		}
		for href, count := range all {
			if got := whole(t, b, href); fmt.Sprint(len(got)) != count {
				t.Errorf("%s: %s says %s, its list has %d", row.login, href, count, len(got))
			}
		}
		list := whole(t, b, row.path)
		if slices.Sort(list); len(slices.Compact(list)) != row.want {
			t.Errorf("%s %s lists %d, want %d, each once", row.login, row.path, len(list), row.want)
		}
		if got := b.Get(row.path).Text(); !strings.Contains(got, fmt.Sprintf("%d 件", row.want)) {
			t.Errorf("%s %s does not say %d 件", row.login, row.path, row.want)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	told(t, w)
	b := w.As(leader)
	for _, row := range []struct {
		why, query string
		want       int
	}{
		{"the usual period", "", 36},
		{"a class of one channel", "channel=hotline", 9},
		{"a street has its communities' cases", "area=990101001", 27},
		{"a community", "area=990101001004", 27},
		{"a matter by its name", "matter=" + url.QueryEscape("暴露垃圾"), 27},
		{"a matter by its code", "matter=c01002", 9},
		{"words", "q=" + url.QueryEscape("井盖"), 9},
		{"words that SQL would mind", "q=" + url.QueryEscape("' or 1=1; --"), 0},
		{"two conditions", "channel=portal&matter=m06010", 18},
		{"nothing has ended", "state=closed", 0},
		{"most urgent first is running ones", "sort=due", 36},
		{"today is within today", "from=2026-11-23&to=2026-11-23", 36},
		{"before today was nothing", "period=dates&to=2026-11-22", 0},
		{"nobody is discontent yet", "rated=2", 0},
	} {
		if got := whole(t, b, "/desk/cases?"+row.query); len(got) != row.want {
			t.Errorf("%s: %d cases, want %d", row.why, len(got), row.want)
		}
	}
	for _, row := range []struct{ why, query string }{
		{"a state there is not", "state=x"}, {"an area of elsewhere", "area=110000"}, {"a grid by a wrong name", "grid=foo"},
		{"no such matter", "matter=foo"}, {"a date that is none", "from=2026-13-40"}, {"an end before the beginning", "from=2026-11-23&to=2026-11-01"},
		{"a grade over five", "rated=9"}, {"endless text", "q=" + strings.Repeat("x", 300)}, {"bytes that are no text", "q=%ff"},
		{"script as a unit", "unit=" + url.QueryEscape("<script>alert(1)</script>")},
	} {
		got := b.Get("/desk/cases?" + row.query)
		if got.Status != http.StatusUnprocessableEntity || len(numbers(got)) != 0 || strings.Contains(got.Body, "<script>alert") {
			t.Errorf("%s: %d with %d rows", row.why, got.Status, len(numbers(got)))
		}
		if got := w.As(leader).Get("/desk/cases.csv?" + row.query); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: exported with %d", row.why, got.Status)
		}
	}
	if got := b.Get("/desk/cases?after=nonsense"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a cursor of somebody's own making: %d", got.Status)
	}
}

// Rows of a list by signal wear that signal, also a task that runs on what is
// left of its case's promise.
func TestSignalIsWhatItsFilterSays(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	cases := told(t, w)
	seen := map[string]int{}
	for _, hours := range []int{0, 5, 12, 20, 23, 25} {
		w.Clock.Set(apptest.Start.Add(time.Duration(hours) * time.Hour))
		switch hours {
		case 0:
			act(t, w.As(acceptor), cases[1], "file", nil) // a manhole cover: within 24 hours
		case 5:
			act(t, w.As(dispatcher), cases[1], "send", url.Values{"unit": {"u-shizheng"}})
		}
		for _, login := range []string{handler, dispatcher, acceptor} {
			who := w.As(login)
			for _, signal := range []string{"ok", "near", "late"} {
				for _, path := range []string{"/desk?signal=", "/desk/cases?signal="} {
					got := within(who.Get(path+signal), "ticked")
					rows := len(numbers(got))
					if signs := len(got.Find(func(n *html.Node) bool { return class("sig")(n) && class(signal)(n) })); signs != rows {
						t.Errorf("after %d h, %s at %s%s: %d of %d rows wear it", hours, login, path, signal, signs, rows)
					}
					seen[signal] += rows
				}
			}
		}
	}
	if len(seen) != 3 || seen["ok"] == 0 || seen["near"] == 0 || seen["late"] == 0 {
		t.Errorf("rows seen: %v, want some of each", seen)
	}
}

func TestPeekActsAndLeadsBack(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	cases := told(t, w)
	b := w.As(acceptor)
	page := b.Get("/desk")
	peek := within(page, "peek")
	if len(peek.Find(func(n *html.Node) bool { return n.Data == "form" })) == 0 {
		t.Fatalf("the preview offers nothing: %s", apptest.Text(peek.Doc))
	}
	if keys := peek.Find(func(n *html.Node) bool { return apptest.Attr(n, "data-key") == "Enter" }); len(keys) != 1 {
		t.Errorf("%d buttons answer to Enter, want the first action's", len(keys))
	}
	back, _ := peek.Field("back")
	if got := act(t, b, cases[0], "file", url.Values{"back": {back}}); got.Path != "/desk" || strings.Contains(strings.Join(numbers(got), " "), cases[0].Number) {
		t.Errorf("after filing: at %s, the case still listed", got.Path)
	}
	d := w.As(dispatcher)
	list := d.Get("/desk")
	if got := numbers(list); len(got) != 1 || got[0] != cases[0].Number {
		t.Fatalf("the dispatcher's queue is %v, want %s", got, cases[0].Number)
	}
	if len(list.Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "name") == "unit" })) < 2 {
		t.Error("the preview offers no units to choose from")
	}
	if got := d.Get("/desk?task=nonsense"); got.Status != http.StatusOK || within(got, "peek").Doc.Data == "nothing" {
		t.Errorf("a task that is gone: %d", got.Status)
	}
}

func TestOtherPeopleSeeNoDesk(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	if got := w.Browser().Get("/desk/cases?state=open"); !strings.HasPrefix(got.Path, "/sign-in") {
		t.Errorf("a stranger is at %s", got.Path)
	}
	for _, row := range []struct{ login, path string }{
		{admin, "/desk"}, {admin, "/desk/cases"}, {dispatcher, "/desk/cases.csv"}, {handler, "/desk/merge?case=a&case=b"},
	} {
		if got := w.As(row.login).Get(row.path); got.Status != http.StatusForbidden {
			t.Errorf("%s at %s: %d, want 403", row.login, row.path, got.Status)
		}
	}
}

func TestBothLanguages(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	told(t, w)
	b := w.As(leader)
	b.Lang = "en"
	for path, want := range map[string]string{
		"/desk": "To do", "/desk/cases": "36, that came in within 90 days, newest first", "/desk/search?q=" + url.QueryEscape("井盖"): "Looked for cases", "/desk/notices": "Nothing new",
	} {
		if got := b.Get(path).Text(); !strings.Contains(got, want) {
			t.Errorf("%s in English does not say %q: %s", path, want, got)
		}
	}
}
