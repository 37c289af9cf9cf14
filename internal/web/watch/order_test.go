package watch_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/supervise"
)

// The people of the unit that gets the cases here, and who decides about it.
const (
	unitLead = "luzhen"  // leads u-shizheng
	leader   = "linwang" // in charge, opened nothing
)

// does lets somebody take an action at the open task of a case, in the first of
// their posts that may.
func does(t *testing.T, w *apptest.World, login string, id casework.ID, action procedure.ActionName, m procedure.Move) {
	t.Helper()
	d := w.District()
	tasks, err := casework.Tasks(t.Context(), w.DB, d.Code, id)
	if err != nil {
		t.Fatal(err)
	}
	open := slices.IndexFunc(tasks, func(t casework.Task) bool { return t.State == procedure.Open })
	m.Task, m.Action = tasks[open].ID, action
	p, _ := d.Org.PersonByLogin(login)
	for _, post := range d.Org.PostsOf(p.ID, d.Day) {
		by := procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: procedure.Role(post.Role), Unit: string(post.Unit), Area: post.Area}
		err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := casework.Act(t.Context(), tx, casework.Acting{District: d, By: by}, id, m)
			return err
		})
		if !errors.Is(err, errs.Forbidden) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sent is a damaged road that a unit has to mend.
func sent(t *testing.T, w *apptest.World, unit string) casework.Case {
	t.Helper()
	r, err := w.House.Desk.Receive(context.Background(), w.District(), intake.Sending{
		Channel: intake.Portal, Sender: "road-" + unit, Area: "990101001004", Matter: "m06010", Text: "路面坏了", Name: "张小民", Phone: "13800000013"})
	if err != nil {
		t.Fatal(err)
	}
	does(t, w, "guoyan", r.Case.ID, "file", procedure.Move{})
	does(t, w, "chenli", r.Case.ID, "send", procedure.Move{Unit: unit})
	return r.Case
}

func ask(kind string, c casework.Case) url.Values {
	return url.Values{"number": {c.Number}, "kind": {kind}, "reason": {"一直没有动静"}, "form": {"listed"}, "within": {"1"}}
}

// kept are all orders of the district.
func kept(t *testing.T, w *apptest.World) []supervise.Order {
	t.Helper()
	all, err := supervise.Orders(t.Context(), w.DB, w.District(), supervise.OrderFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// count is the number beside 督办 in the bar.
func count(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool {
		return n.Data == "a" && apptest.Attr(n, "href") == home && apptest.Attr(n, "class") != "nw"
	}) {
		if text := strings.Fields(apptest.Text(n)); len(text) > 1 {
			return text[len(text)-1]
		}
	}
	return ""
}

func TestAnOrderFromGivingToLifting(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, b, mine := sent(t, w, "u-shizheng"), w.As(supervisor), w.As(handler)
	if got := b.Get(home + "/orders/new?case=" + string(c.ID)); value(got, "number") != c.Number {
		t.Errorf("the form does not begin with the case: %s", got.Text())
	}
	got := b.Post(home+"/orders", ask("order", c))
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Path, home+"/orders/") || !strings.Contains(got.Text(), "挂牌督办") || has(forms(got), "/reply") || !has(forms(got), "/lift") {
		t.Fatalf("given: %d %s %s", got.Status, got.Path, got.Text())
	}
	at := got.Path
	if n := count(mine.Get("/desk")); n != "1" {
		t.Errorf("the unit's bar counts %q, want 1", n)
	}
	if got := mine.Get(home); !strings.Contains(got.Text(), "等贵单位答复的") || !strings.Contains(got.Body, at) {
		t.Errorf("the overview of the unit: %s", got.Text())
	}
	show := mine.Get(at)
	if !has(forms(show), "/reply") || has(forms(show), "/lift") {
		t.Errorf("the unit is offered %v", forms(show))
	}
	if got := mine.Post(at+"/reply", url.Values{"answer": {" "}}); !wrong(got, "answer-reply") {
		t.Errorf("an empty answer: %d", got.Status)
	}
	if got := mine.Post(at+"/reply", url.Values{"answer": {strings.Repeat("长", 2001)}}); !wrong(got, "answer-reply") {
		t.Errorf("an answer without end: %d", got.Status)
	}
	if got := mine.Post(at+"/lift", url.Values{"reason": {"好了"}}); got.Status != http.StatusForbidden {
		t.Errorf("the unit lifts its own: %d", got.Status)
	}
	hostile := `<script>alert(1)</script>明天修`
	if got := mine.Post(at+"/reply", url.Values{"answer": {hostile}}); got.Status != http.StatusOK || strings.Contains(got.Body, "<script>alert") || !strings.Contains(got.Text(), "明天修") {
		t.Errorf("answered: %d %s", got.Status, got.Text())
	}
	if got := mine.Post(at+"/reply", url.Values{"answer": {"再说一遍"}}); got.Status != http.StatusConflict && got.Status != http.StatusForbidden {
		t.Errorf("answered twice: %d", got.Status)
	}
	if got := b.Get(home); !strings.Contains(got.Text(), "等您了结的") {
		t.Errorf("the supervisor's overview: %s", got.Text())
	}
	got = b.Post(at+"/lift", url.Values{"reason": {"路修好了"}})
	if !strings.Contains(got.Text(), "已解除") || !strings.Contains(got.Text(), "路修好了") || len(forms(got)) > 0 {
		t.Errorf("lifted: %d %s", got.Status, got.Text())
	}
	b.Lang = "en"
	if got := b.Get(at).Text(); !strings.Contains(got, "Order") || !strings.Contains(got, "lifted") || !strings.Contains(got, "What was asked") {
		t.Errorf("in English: %s", got)
	}
}

func TestOrdersByHandThatAreRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, b := sent(t, w, "u-shizheng"), w.As(supervisor)
	for _, row := range []struct{ why, field, name, value string }{
		{"no case has the number", "number-give", "number", "2026-9"},
		{"a number without end", "number-give", "number", strings.Repeat("1", 5000)},
		{"no case at all", "number-give", "number", ""},
		{"neither urged nor ordered", "kind-give", "kind", "shout"},
		{"no reason", "reason-give", "reason", ""},
		{"an unknown form", "form-give", "form", "shame"},
		{"no time to answer", "within-give", "within", "soon"},
		{"years to answer", "within-give", "within", "9000"},
		{"a unit that does not have it", "unit-give", "unit", "u-ranqi"},
	} {
		form := ask("order", c)
		form.Set(row.name, row.value)
		if got := b.Post(home+"/orders", form); !wrong(got, row.field) {
			t.Errorf("%s: %d, want %s marked: %s", row.why, got.Status, row.field, got.Text())
		}
	}
	for _, login := range []string{handler, keeper, worker, admin} {
		other := w.As(login)
		if got := other.Post(home+"/orders", ask("urge", c)); got.Status != http.StatusForbidden {
			t.Errorf("%s urges: %d", login, got.Status)
		}
		if got := other.Get(home + "/orders/new"); got.Status != http.StatusForbidden {
			t.Errorf("%s gets the form: %d", login, got.Status)
		}
	}
	if all := kept(t, w); len(all) != 0 {
		t.Errorf("refused, and yet there are %v", all)
	}
	b.Post(home+"/orders", ask("order", c))
	at := home + "/orders/" + string(kept(t, w)[0].ID)
	other := w.As(outsider)
	if got := other.Get(at); got.Status != http.StatusNotFound {
		t.Errorf("another unit opens it: %d", got.Status)
	}
	if got := other.Post(at+"/reply", url.Values{"answer": {"办完了"}}); got.Status != http.StatusNotFound {
		t.Errorf("another unit answers it: %d", got.Status)
	}
	if got := other.Get(home + "/orders?state=all&unit=u-shizheng"); got.Status != http.StatusOK || strings.Contains(got.Text(), c.Number) {
		t.Errorf("another unit's list: %d %s", got.Status, got.Text())
	}
	for _, path := range []string{"/orders?kind=x", "/orders?state=x", "/orders?skip=-1", "/orders?skip=x"} {
		if got := b.Get(home + path); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if got := b.Get(home + "/orders/nonsense"); got.Status != http.StatusNotFound {
		t.Errorf("an order that is none: %d", got.Status)
	}
}

// ASVS 5.4.2
func TestTheListOfOrders(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, b := sent(t, w, "u-shizheng"), w.As(supervisor)
	b.Post(home+"/orders", ask("order", c))
	b.Post(home+"/orders", ask("urge", c))
	rows := func(query string) int {
		return len(b.Get(home + "/orders" + query).Find(func(n *html.Node) bool {
			return n.Data == "a" && strings.HasPrefix(apptest.Attr(n, "href"), home+"/orders/") && !strings.HasSuffix(apptest.Attr(n, "href"), "/new")
		}))
	}
	for query, want := range map[string]int{"": 1, "?state=all": 2, "?kind=urge&state=all": 1, "?state=told": 1, "?state=late": 0, "?unit=u-chengguan&state=all": 0, "?state=all&skip=1": 1} {
		if got := rows(query); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	w.Clock.Advance(72 * time.Hour)
	b = w.As(supervisor) // a session does not last that long
	if got := rows("?state=late"); got != 1 {
		t.Errorf("three days on %d answers are late, want 1", got)
	}
	if got := b.Get(home + "/orders"); !strings.Contains(got.Text(), "1 件答复超期") {
		t.Errorf("the list: %s", got.Text())
	}
	book := b.Get(home + "/orders.xlsx?state=all")
	if book.Status != http.StatusOK || !strings.HasPrefix(book.Body, "PK") || !strings.Contains(book.Header.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("the table: %d %v", book.Status, book.Header)
	}
	if got := w.As(handler).Get(home + "/orders.xlsx"); got.Status != http.StatusForbidden {
		t.Errorf("a handler takes the table away: %d", got.Status)
	}
}

// What is late with a unit is urged in one go, all of it or nothing.
func TestUrgingAUnit(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := sent(t, w, "u-shizheng")
	w.Clock.Advance(30 * 24 * time.Hour)
	b := w.As(supervisor)
	got := b.Get(home + "/orders/new?unit=u-shizheng")
	if len(got.Find(func(n *html.Node) bool {
		return apptest.Attr(n, "value") == c.Number && apptest.Attr(n, "type") == "checkbox"
	})) != 1 {
		t.Fatalf("what is late is not offered: %s", got.Text())
	}
	form := url.Values{"of": {"u-shizheng"}, "unit": {"u-shizheng"}, "numbers": {c.Number, "nonsense"}, "kind": {"urge"}, "reason": {"都超期了"}}
	if got := b.Post(home+"/orders", form); got.Status != http.StatusUnprocessableEntity || len(kept(t, w)) != 0 {
		t.Errorf("one number is wrong: %d, %d given", got.Status, len(kept(t, w)))
	}
	form["numbers"] = []string{c.Number, c.Number}
	if got := b.Post(home+"/orders", form); got.Status != http.StatusOK || len(kept(t, w)) != 1 {
		t.Errorf("urged: %d, %d given", got.Status, len(kept(t, w)))
	}
	if got := b.Get(home + "/orders/new?unit=u-nobody"); got.Status != http.StatusNotFound {
		t.Errorf("a unit that is none: %d", got.Status)
	}
}
