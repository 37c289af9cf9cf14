package portal_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/procedure"
	"linli/internal/web/ui"
)

// carry are the hidden fields of the form on a page, as a browser sends them.
func carry(a apptest.Answer, more url.Values) url.Values {
	form := url.Values{}
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "type") == "hidden" }) {
		form.Set(apptest.Attr(n, "name"), apptest.Attr(n, "value"))
	}
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "textarea" }) {
		form.Set(apptest.Attr(n, "name"), apptest.Text(n))
	}
	for name, values := range more {
		form[name] = values
	}
	return form
}

// heading is the first heading of a page.
func heading(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "h1" }) {
		return apptest.Text(n)
	}
	return ""
}

func want(t *testing.T, a apptest.Answer, status int, head string) {
	t.Helper()
	if a.Status != status || heading(a) != head {
		t.Fatalf("got %d %q at %s, want %d %q: %.400s", a.Status, heading(a), a.Path, status, head, a.Text())
	}
}

// inside is a point of the invented district: the middle of a grid.
func inside(t *testing.T, w *apptest.World) ui.Point {
	t.Helper()
	for _, a := range w.District().Areas.Tier("grid") {
		if o, ok := w.District().Areas.Outline(a.Code); ok {
			b := o.Box()
			p := ui.BoxOf(ui.Point(b.Min), ui.Point(b.Max)).Centre()
			if w.District().Areas.Locate(struct{ Lon, Lat float64 }(p)).Grid == a.Code {
				return p
			}
		}
	}
	t.Fatal("no grid holds its own middle")
	return ui.Point{}
}

// manhole walks the first two screens: words, matter, a point on the map.
func manhole(t *testing.T, w *apptest.World, b *apptest.Browser) apptest.Answer {
	t.Helper()
	a := b.Get("/report")
	a = b.Post("/report", carry(a, url.Values{"text": {"门口污水井盖碎了，老人差点踩进去"}}))
	want(t, a, 200, "是哪一类事？")
	a = b.Post("/report", carry(a, url.Values{"matter": {"c01002"}}))
	want(t, a, 200, "问题在哪里？")
	p := inside(t, w)
	a = b.Post("/report", carry(a, url.Values{"lon": {fmt.Sprint(p.Lon)}, "lat": {fmt.Sprint(p.Lat)}, "locate": {"1"}}))
	want(t, a, 200, "问题在哪里？")
	return a
}

// receipt are the number and the secret word on the page after sending.
func receipt(t *testing.T, a apptest.Answer) (number, word string) {
	t.Helper()
	number = regexp.MustCompile(`\d{6}-\d{5}`).FindString(a.Text())
	for _, n := range a.Find(func(n *html.Node) bool { return strings.Contains(apptest.Attr(n, "class"), "huge num") }) {
		word = apptest.Text(n)
	}
	return number, word
}

// report sends a whole report and gives its number and word.
func report(t *testing.T, w *apptest.World, b *apptest.Browser, contact url.Values) (number, word string) {
	t.Helper()
	a := manhole(t, w, b)
	a = b.Post("/report", carry(a, url.Values{"danger": {"no"}, "go": {"next"}}))
	want(t, a, 200, "有照片吗？再补充几句？")
	a = b.PostFiles("/report", carry(a, url.Values{"go": {"next"}}), apptest.File{Field: "photos", Name: "井盖.png", Data: shot(t, 90)})
	want(t, a, 200, "怎么告诉您结果？")
	if !strings.Contains(a.Text(), "已经放好 1 张") || !strings.Contains(a.Text(), "网格") {
		t.Fatalf("the last screen repeats neither photo nor place: %.600s", a.Text())
	}
	a = b.Post("/report", carry(a, contact))
	want(t, a, 200, "收到了")
	if number, word = receipt(t, a); number == "" || word == "" {
		t.Fatalf("no number or word: %.400s", a.Text())
	}
	return number, word
}

// staff lets whoever may take an action take it.
func staff(t *testing.T, w *apptest.World, number string, m procedure.Move) {
	t.Helper()
	ctx, d := context.Background(), w.District()
	c, err := casework.ByNumber(ctx, w.DB, d.Code, number)
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range d.Org.People() {
		for _, p := range d.Org.PostsOf(person.ID, d.Day) {
			by := procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}
			acting := casework.Acting{District: d, By: by}
			offers, err := casework.Available(ctx, w.DB, acting, c, w.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range offers {
				if !o.Allowed || o.Action != m.Action {
					continue
				}
				m.Task = o.Task
				if err := w.DB.Write(ctx, func(tx *db.Tx) error {
					_, err := casework.Act(ctx, tx, acting, c.ID, m)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				w.Due()
				return
			}
		}
	}
	t.Fatalf("nobody may %s %s, which stands at %s", m.Action, number, c.Step)
}

// work takes a case from acceptance to the reporter's rating.
func work(t *testing.T, w *apptest.World, number string) {
	t.Helper()
	c, err := casework.ByNumber(context.Background(), w.DB, w.House.District, number)
	if err != nil {
		t.Fatal(err)
	}
	staff(t, w, number, procedure.Move{Action: "file"})
	staff(t, w, number, procedure.Move{Action: "send", Unit: c.Proposed})
	staff(t, w, number, procedure.Move{Action: "done", Photos: 1}) // a broken cover is made safe first
	repair(t, w, number)
}

func repair(t *testing.T, w *apptest.World, number string) {
	t.Helper()
	w.Clock.Advance(2 * time.Hour)
	staff(t, w, number, procedure.Move{Action: "done", Photos: 1, Answer: "换了新井盖"})
	staff(t, w, number, procedure.Move{Action: "pass"})
}

// TestAReportToItsRating is the resident's way, without script.
func TestAReportToItsRating(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	number, word := report(t, w, b, url.Values{"name": {"赵小民"}, "phone": {"138 0000 0013"}, "go": {"send"}})
	w.Due()

	if a := b.Get("/"); !strings.Contains(a.Text(), "您正在办的 1 件") {
		t.Errorf("the home page does not show the open case: %.300s", a.Text())
	}
	if a := b.Get("/mine"); !strings.Contains(a.Text(), number) {
		t.Errorf("/mine does not list %s", number)
	}
	other := w.Browser()
	if a := other.Get("/track/" + number); a.Path != "/track?number="+number {
		t.Errorf("a stranger is at %s, want the form", a.Path)
	}
	a := other.Post("/track", url.Values{"number": {strings.ReplaceAll(number, "-", " ")}, "word": {"0013"}})
	want(t, a, 200, "污水井盖异常")
	if strings.Contains(a.Body, "赵小民") || strings.Contains(a.Body, "13800000013") {
		t.Error("the page shows a name or a whole number")
	}
	want(t, w.Browser().Get("/track/"+number+"?word="+word), 200, "污水井盖异常")

	work(t, w, number)
	a = b.Get("/track/" + number)
	if !strings.Contains(a.Text(), "这件事办得怎么样？") || !strings.Contains(a.Text(), "按时办好") || !strings.Contains(a.Text(), "换了新井盖") {
		t.Fatalf("no rating is asked for: %.900s", a.Text())
	}
	if chosen := a.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "grade" && hasAttr(n, "checked") }); len(chosen) != 0 {
		t.Error("a grade is chosen beforehand")
	}
	unsolved := doButton(t, a, "not-content")
	a = b.Post("/track/"+number, url.Values{"do": {unsolved}, "grade": {"2"}})
	if a.Status != 422 || !strings.Contains(a.Text(), "请写明理由") {
		t.Fatalf("not content without a reason: got %d %.300s", a.Status, a.Text())
	}
	a = b.PostFiles("/track/"+number, url.Values{"do": {unsolved}, "grade": {"2"}, "reason": {"新井盖会响"}}, apptest.File{Field: "photos", Name: "x.png", Data: shot(t, 10)})
	if a.Status != 200 || !strings.Contains(a.Text(), "您说没解决，退回重办") || strings.Contains(a.Text(), "这件事办得怎么样？") {
		t.Fatalf("not content: got %d %.600s", a.Status, a.Text())
	}

	repair(t, w, number)
	a = b.Get("/track/" + number)
	a = b.Post("/track/"+number, url.Values{"do": {doButton(t, a, "content")}, "grade": {"5"}, "reason": {""}})
	if a.Status != 200 || !strings.Contains(a.Text(), "评价：非常满意") || !strings.Contains(a.Text(), "已办结") {
		t.Fatalf("content: got %d %.600s", a.Status, a.Text())
	}
	reopenInTime(t, w, b, number)
}

// reopenInTime opens the ended case again within the window, and not after it.
func reopenInTime(t *testing.T, w *apptest.World, b *apptest.Browser, number string) {
	t.Helper()
	again := doButton(t, b.Get("/track/"+number), "reopen")
	w.Clock.Advance(20 * 24 * time.Hour)
	late := w.Browser() // the session of before has run out
	late.Post("/track", url.Values{"number": {number}, "word": {"0013"}})
	if a := late.Get("/track/" + number); strings.Contains(a.Text(), "其实没解决？") {
		t.Error("reopening is offered after the window")
	}
	if a := late.Post("/track/"+number, url.Values{"do": {again}, "reason": {"又坏了"}}); a.Status != 403 {
		t.Errorf("reopening after the window: got %d, want 403", a.Status)
	}
	w.Clock.Advance(-15 * 24 * time.Hour)
	if a := late.Post("/track/"+number, url.Values{"do": {again}, "reason": {"又坏了"}}); a.Status != 200 || !strings.Contains(a.Text(), "正在办") {
		t.Errorf("reopening in time: got %d %.300s", a.Status, a.Text())
	}
}

func doButton(t *testing.T, a apptest.Answer, action string) string {
	t.Helper()
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "do" }) {
		if value := apptest.Attr(n, "value"); strings.HasSuffix(value, " "+action) {
			return value
		}
	}
	t.Fatalf("no button for %s: %.600s", action, a.Text())
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, at := range n.Attr {
		if at.Key == name {
			return true
		}
	}
	return false
}

// TestSentTwiceIsOneReport presses the last button twice.
func TestSentTwiceIsOneReport(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	a := manhole(t, w, b)
	a = b.Post("/report", carry(a, url.Values{"danger": {"yes"}, "go": {"next"}}))
	a = b.PostFiles("/report", carry(a, url.Values{"go": {"next"}}))
	form := carry(a, url.Values{"go": {"send"}})
	first, second := b.Post("/report", form), b.Post("/report", form)
	number, word := receipt(t, first)
	if again, sameWord := receipt(t, second); again != number || sameWord != word {
		t.Errorf("sent twice: got %s %s, then %s %s", number, word, again, sameWord)
	}
	if elsewhere := w.Browser().Post("/report", form); !strings.Contains(elsewhere.Text(), number) || strings.Contains(elsewhere.Body, word) {
		t.Errorf("from another browser: want the number and never the word, got %.300s", elsewhere.Text())
	}
	n, err := casework.Count(context.Background(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 1 {
		t.Errorf("cases: got %d %v, want 1", n.N, err)
	}
	next, nextWord := report(t, w, b, url.Values{"go": {"send"}})
	if before := b.Get(first.Path); next == number || strings.Contains(before.Body, nextWord) {
		t.Errorf("the page of %s tells the word of %s", number, next)
	}
}

// TestTheSameThingIsFollowed lets a second neighbour join the case nearby.
func TestTheSameThingIsFollowed(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	number, _ := report(t, w, w.Browser(), url.Values{"go": {"send"}})
	b := w.Browser()
	a := manhole(t, w, b)
	if !strings.Contains(a.Text(), "是同一件，我来跟进") {
		t.Fatalf("the case nearby is not shown: %.600s", a.Text())
	}
	a = b.Post("/report", carry(a, url.Values{"same": {number}}))
	want(t, a, 200, "怎么告诉您结果？")
	a = b.Post("/report", carry(a, url.Values{"phone": {"13800000026"}}))
	want(t, a, 200, "收到了")
	if got, word := receipt(t, a); got != number || word == "" {
		t.Errorf("followed: got number %s word %q, want %s", got, word, number)
	}
	a = b.Get("/track/" + number)
	if !strings.Contains(a.Text(), "1 位邻居 在跟进这件事") || !strings.Contains(a.Text(), "又有一位邻居来跟进") {
		t.Errorf("the case does not show who else follows: %.900s", a.Text())
	}
}

// TestLastMonthIsCounted tells how October went: one kept, one late and done,
// one late and open, one told in confidence and late, which is counted and not
// listed. A case of November is not October's.
func TestLastMonthIsCounted(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := apptest.At(t, address)
		w.Clock.Set(time.Date(2026, 10, 20, 2, 0, 0, 0, time.UTC))
		kept, _ := report(t, w, w.Browser(), url.Values{"go": {"send"}})
		late, _ := report(t, w, w.Browser(), url.Values{"go": {"send"}})
		report(t, w, w.Browser(), url.Values{"go": {"send"}})
		secret := url.Values{"step": {"send"}, "matter": {"d-report"}, "text": {"有人偷倒废油"}, "go": {"send"}}
		want(t, w.Browser().Post("/report", secret), 200, "收到了")
		work(t, w, kept)
		w.Clock.Advance(72 * time.Hour)
		work(t, w, late)
		w.Clock.Advance(8 * 24 * time.Hour) // nobody rated, so both are closed
		w.Due()
		w.Clock.Set(apptest.Start)
		report(t, w, w.Browser(), url.Values{"go": {"send"}})

		home := w.Browser().Get("/").Text()
		for _, part := range []string{"10 月收到的", "已办结 2 件", "按时办好 25.0 %", "3 件没按时"} {
			if !strings.Contains(home, part) {
				t.Errorf("the home page does not say %q: %s", part, home)
			}
		}
		a := w.Browser().Get("/late")
		if n := len(a.Find(func(n *html.Node) bool {
			return n.Data == "li" && strings.Contains(apptest.Text(n), "污水井盖异常")
		})); n != 2 {
			t.Errorf("late cases listed: got %d, want 2: %s", n, a.Text())
		}
		if strings.Contains(a.Text(), "举报") {
			t.Error("what was told in confidence is listed")
		}
	})
}
