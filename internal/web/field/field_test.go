package field_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/procedure"
)

// The people of the invented district, and the ground that 刘晓燕 walks.
const (
	walker    = "liuxiaoyan" // 桂香05–08网格
	neighbour = "dingxia"    // 桂香01–04网格
	agent     = "hejing"
	community = "990101001004"
)

// mine is a grid of the walker's.
func mine(t *testing.T, w *apptest.World) area.Code {
	t.Helper()
	person, _ := w.District().Org.PersonByLogin(walker)
	posts := w.District().Org.PostsOf(person.ID, w.District().Day)
	if len(posts) == 0 {
		t.Fatal("刘晓燕 walks no grid")
	}
	return area.Code(posts[0].Area)
}

// middle is a point within a grid.
func middle(t *testing.T, w *apptest.World, g area.Code) geo.Point {
	t.Helper()
	o, ok := w.District().Areas.Outline(g)
	if !ok {
		t.Fatalf("%s has no outline", g)
	}
	b := o.Box()
	for _, at := range []float64{.5, .4, .6, .3, .7} {
		p := geo.Point{Lon: b.Min.Lon + (b.Max.Lon-b.Min.Lon)*at, Lat: b.Min.Lat + (b.Max.Lat-b.Min.Lat)*at}
		if w.District().Areas.Locate(p).Grid == g {
			return p
		}
	}
	t.Fatalf("no point found within %s", g)
	return geo.Point{}
}

// receive takes in a report of rubbish, as a resident sends it.
func receive(t *testing.T, w *apptest.World, s intake.Sending) casework.Case {
	t.Helper()
	s.Channel, s.Text, s.Matter, s.Phone = intake.Portal, "垃圾堆到路上了", "m06010", "13800002222"
	got, err := w.Desk.Receive(context.Background(), w.District(), s)
	if err != nil {
		t.Fatal(err)
	}
	return got.Case
}

// move takes an action as whoever of a login may.
func move(t *testing.T, w *apptest.World, c casework.Case, login string, m procedure.Move) casework.Case {
	t.Helper()
	ctx, d := context.Background(), w.District()
	person, _ := d.Org.PersonByLogin(login)
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		a := casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
		offers, err := casework.Available(ctx, w.DB, a, c, w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offers {
			if o.Action != m.Action || !o.Allowed {
				continue
			}
			m.Task = o.Task
			err := w.DB.Write(ctx, func(tx *db.Tx) (err error) { c, err = casework.Act(ctx, tx, a, c.ID, m); return err })
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
	}
	t.Fatalf("%s may not %s at %s", login, m.Action, c.Step)
	return c
}

// toVerify brings a case to the walker's own step.
func toVerify(t *testing.T, w *apptest.World, c casework.Case) casework.Case {
	t.Helper()
	c = move(t, w, c, "guoyan", procedure.Move{Action: "file"})
	c = move(t, w, c, "chenli", procedure.Move{Action: "send", Unit: "u-chengguan"})
	return move(t, w, c, "qiufeng", procedure.Move{Action: "done", Photos: 1, Answer: "已清走"})
}

func again(t *testing.T, w *apptest.World, id casework.ID) casework.Case {
	t.Helper()
	c, err := casework.ByID(context.Background(), w.DB, w.House.District, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withID(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return apptest.Attr(n, "id") == id }
}

// form is the form of an action on a task page.
func form(t *testing.T, got apptest.Answer, action string) url.Values {
	t.Helper()
	for _, f := range got.Find(func(n *html.Node) bool { return n.Data == "form" }) {
		values := url.Values{}
		for n := range f.Descendants() {
			if n.Data == "input" && apptest.Attr(n, "type") == "hidden" {
				values.Set(apptest.Attr(n, "name"), apptest.Attr(n, "value"))
			}
		}
		if values.Get("action") == action {
			return values
		}
	}
	t.Fatalf("no form to %s on %s: %d %s", action, got.Path, got.Status, got.Text())
	return nil
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTodayIsDone(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	if got := b.Get("/field"); got.Status != http.StatusOK || !strings.Contains(got.Text(), "今天的都做完了") {
		t.Fatalf("before anything happens: %d %s", got.Status, got.Text())
	}
	g := mine(t, w)
	c := toVerify(t, w, receive(t, w, intake.Sending{Point: middle(t, w, g), Address: "桂香路 18 号"}))
	today := b.Get("/field")
	if !strings.Contains(today.Text(), "还有 1 件任务") || !strings.Contains(today.Text(), "去核查") || !strings.Contains(today.Text(), "桂香路 18 号") {
		t.Errorf("the task does not stand in today's list: %s", today.Text())
	}
	if got := b.Get("/field?lon=0.1&lat=0.1"); !strings.Contains(got.Text(), "公里") {
		t.Errorf("no distance though the position is known: %s", got.Text())
	}
	if got := w.As(neighbour).Get("/field"); strings.Contains(got.Text(), "去核查") {
		t.Errorf("the task stands in the list of who walks other grids: %s", got.Text())
	}
	page := b.Get("/field/task/" + string(c.ID))
	if !strings.Contains(page.Text(), "已清走") || !strings.Contains(page.Text(), "垃圾堆到路上了") {
		t.Errorf("the task page lacks what was said: %s", page.Text())
	}
	done := b.PostFiles(page.Path, form(t, page, "pass"), apptest.File{Field: "photos", Name: "现场.png", Data: picture(t)})
	if done.Path != "/field" || !strings.Contains(done.Text(), "做完一件") || !strings.Contains(done.Text(), "1 件已做完") {
		t.Errorf("ended at %s: %s", done.Path, done.Text())
	}
	if c = again(t, w, c.ID); c.Step != "rate" {
		t.Errorf("the case stands at %s, want rate", c.Step)
	}
	photos, err := document.Of(context.Background(), w.DB, w.House.District, string(c.ID))
	if err != nil || len(photos) != 1 || photos[0].Kind != document.After {
		t.Errorf("photos %v (%v), want one of afterwards", photos, err)
	}
}

func TestFailNeedsAReason(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	c := toVerify(t, w, receive(t, w, intake.Sending{Point: middle(t, w, mine(t, w))}))
	path := "/field/task/" + string(c.ID)
	values := form(t, b.Get(path), "fail")
	for why, change := range map[string]func(url.Values){
		"none":      func(url.Values) {},
		"too long":  func(v url.Values) { v.Set("reason", strings.Repeat("长", 2001)) },
		"not UTF-8": func(v url.Values) { v.Set("reason", "\xff\xfe") },
	} {
		bad := url.Values{}
		for name, v := range values {
			bad[name] = v
		}
		change(bad)
		got := b.Post(path, bad)
		if got.Status != http.StatusUnprocessableEntity || len(got.Find(withID("fail-reason-err"))) != 1 || len(got.Find(withID("errors"))) != 1 {
			t.Errorf("%s: %d, want 422 with the field marked: %s", why, got.Status, got.Text())
		}
	}
	values.Set("reason", "箱子清了，地上还有")
	bad := b.PostFiles(path, values, apptest.File{Field: "photos", Name: "a.png", Data: []byte("<html><script>alert(1)</script>")})
	if reason, _ := bad.Field("reason"); bad.Status != http.StatusUnprocessableEntity || len(bad.Find(withID("fail-photos-err"))) != 1 || reason != "箱子清了，地上还有" {
		t.Errorf("a page sent as a photo: %d, reason %q", bad.Status, reason)
	}
	if c = again(t, w, c.ID); c.Step != "verify" {
		t.Fatalf("bad input moved the case to %s", c.Step)
	}
	if got := b.Post(path, values); got.Path != "/field" || again(t, w, c.ID).Step != "handle" {
		t.Errorf("ended at %s with the case at %s", got.Path, again(t, w, c.ID).Step)
	}
	if got := b.Post(path, values); got.Status != http.StatusConflict {
		t.Errorf("the same task twice: %d, want 409", got.Status)
	}
}

func TestOthersStayOut(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := toVerify(t, w, receive(t, w, intake.Sending{Point: middle(t, w, mine(t, w))}))
	path := "/field/task/" + string(c.ID)
	values := form(t, w.As(walker).Get(path), "pass")
	tests := []struct {
		login, why string
		status     int
	}{
		{"yuchao", "walks grids of another street", http.StatusNotFound},
		{"heyong", "a handler of another unit verifies nothing", http.StatusForbidden},
		{"suming", "an administrator sees no case", http.StatusForbidden},
	}
	for _, tt := range tests {
		b := w.As(tt.login)
		if got := b.Get(path); got.Status != tt.status {
			t.Errorf("%s %s: got %d, want %d", tt.login, tt.why, got.Status, tt.status)
		}
		if got := b.Post(path, values); got.Status != tt.status {
			t.Errorf("%s posts: got %d, want %d", tt.login, got.Status, tt.status)
		}
	}
	if got := w.Browser().Get(path); !strings.HasPrefix(got.Path, "/sign-in") {
		t.Errorf("nobody ended at %s", got.Path)
	}
	if again(t, w, c.ID).Step != "verify" {
		t.Error("somebody else moved the case")
	}
}

// TestPlacedInACommunityOnly holds that a case whose grid is not known is for
// every worker of its community: in the list, and behind its link.
func TestPlacedInACommunityOnly(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := toVerify(t, w, receive(t, w, intake.Sending{Area: community, Address: "桂香社区里"}))
	for _, login := range []string{walker, neighbour} {
		b := w.As(login)
		if got := b.Get("/field"); !strings.Contains(got.Text(), "去核查") {
			t.Errorf("%s has no task: %s", login, got.Text())
		}
		if got := b.Get("/field/task/" + string(c.ID)); got.Status != http.StatusOK {
			t.Errorf("%s: the link of the list leads to %d", login, got.Status)
		}
	}
	if got := w.As("yuchao").Get("/field/task/" + string(c.ID)); got.Status != http.StatusNotFound {
		t.Errorf("another street's worker: %d", got.Status)
	}
	d := w.District()
	person, _ := d.Org.PersonByLogin(walker)
	scope := casework.Scope{}
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		scope = append(scope, casework.ScopeOf(d, casework.ActorOf(p))...)
	}
	n, err := casework.Count(context.Background(), w.DB, d, casework.Filter{Scope: scope}, w.Clock.Now())
	if err != nil || n.N != 1 {
		t.Errorf("the scope counts %d cases (%v), want the one its holder may open", n.N, err)
	}
}

func TestGridCountsEqualItsList(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	g := mine(t, w)
	p := middle(t, w, g)
	receive(t, w, intake.Sending{Point: p, Address: "桂香路 1 号"})
	receive(t, w, intake.Sending{Point: p, Address: "桂香路 2 号"})
	got := b.Get("/field/grid?grid=" + string(g))
	pins := got.Find(func(n *html.Node) bool {
		return n.Data == "a" && strings.HasPrefix(apptest.Attr(n, "href"), "/field/task/") && apptest.Attr(n, "aria-label") != ""
	})
	if len(pins) != 2 || !strings.Contains(got.Text(), "在办 2 件") {
		t.Errorf("%d pins: %s", len(pins), got.Text())
	}
	if all := b.Get("/field/grid"); !strings.Contains(all.Text(), "在办 2 件") {
		t.Errorf("all grids together: %s", all.Text())
	}
	if other := b.Get("/field/grid?grid=990101003002001"); other.Status != http.StatusOK || !strings.Contains(other.Text(), "我的网格") {
		t.Errorf("another's grid: %d %s", other.Status, other.Text())
	}
}

func TestEnglishIsComplete(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	b.Lang = "en"
	c := toVerify(t, w, receive(t, w, intake.Sending{Point: middle(t, w, mine(t, w)), Address: "18 Guixiang Road"}))
	second := b.Post("/field/report", url.Values{"text": {"street light out"}, "do": {"next"}})
	for _, got := range []apptest.Answer{
		b.Get("/field"), b.Get("/field/task/" + string(c.ID)), b.Get("/field/report"), second, b.Get("/field/reported"), b.Get("/field/grid"), b.Get("/field/me"),
	} {
		text := got.Text()
		for _, data := range []string{"中文", "刘晓燕", "章岚", "垃圾堆到路上了", "已清走", "邱峰"} {
			text = strings.ReplaceAll(text, data, "")
		}
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d", got.Path, got.Status)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }); i >= 0 {
			t.Errorf("%s in English says %q", got.Path, text[max(0, i-30):min(len(text), i+60)])
		}
	}
}
