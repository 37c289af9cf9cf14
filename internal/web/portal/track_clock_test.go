package portal_test

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
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/procedure"
)

// told takes in a report of a matter and opens its tracking page as the person
// who sent it.
func told(t *testing.T, w *apptest.World, b *apptest.Browser, matter string) (number, track string) {
	t.Helper()
	r, err := w.House.Desk.Receive(context.Background(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: matter, Text: "家里老人的补助没发", Area: "990101001004", Phone: "13800002222"})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Get("/track/" + r.Case.Number + "?word=" + r.Word); got.Status != http.StatusOK {
		t.Fatalf("the tracking page: %d %s", got.Status, got.Text())
	}
	return r.Case.Number, "/track/" + r.Case.Number
}

// handled brings a case to the unit that handles it.
func handled(t *testing.T, w *apptest.World, number string) {
	t.Helper()
	staff(t, w, number, procedure.Move{Action: "file"})
	staff(t, w, number, procedure.Move{Action: "send", Unit: "u-shizheng"})
}

// grants asks for something as the unit and grants it as a supervisor.
func grants(t *testing.T, w *apptest.World, number string, q casework.Asking) {
	t.Helper()
	ctx, d := context.Background(), w.District()
	c := at(t, w, number)
	as := func(login string) casework.Acting {
		person, _ := d.Org.PersonByLogin(login)
		p := d.Org.PostsOf(person.ID, d.Day)[0]
		return casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
	}
	options, err := casework.Asks(ctx, w.DB, as("heyong"), c, w.Clock.Now())
	if err != nil || len(options) == 0 {
		t.Fatalf("nothing to ask for: %v", err)
	}
	q.Task = options[0].Task
	err = w.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := casework.Ask(ctx, tx, as("heyong"), c.ID, q)
		if err == nil {
			_, err = casework.Decide(ctx, tx, as("zhouhui"), e.ID, true, "属实")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func at(t *testing.T, w *apptest.World, number string) casework.Case {
	t.Helper()
	c, err := casework.ByNumber(context.Background(), w.DB, w.House.District, number)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clocks are the sentences about the clock on a page.
func clocks(a apptest.Answer) string {
	var all []string
	for _, n := range a.Find(func(n *html.Node) bool { _, ok := attr(n, "data-clock"); return ok }) {
		all = append(all, apptest.Text(n))
	}
	return strings.Join(all, " | ")
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func signals(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "class"), "sig ") }) {
		return apptest.Attr(n, "class") + " " + apptest.Text(n)
	}
	return ""
}

func TestTheResidentSuppliesWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	number, track := told(t, w, b, "d-help")
	handled(t, w, number)
	staff(t, w, number, procedure.Move{Action: "ask", Reason: "请补一张低保证的照片"})
	page := b.Get(track)
	if text := page.Text(); !strings.Contains(text, "请补一张低保证的照片") || !strings.Contains(text, "还差什么") || signals(page) != "sig hold 等您补充" {
		t.Fatalf("the page does not ask for what is missing (%q): %s", signals(page), text)
	}
	b.Lang = "en"
	if text := b.Get(track).Text(); !strings.Contains(text, "What is missing") || !strings.Contains(text, "Waiting for you") {
		t.Errorf("nor in English: %s", text)
	}
	b.Lang = ""
	do := apptest.Attr(page.Find(func(n *html.Node) bool { return n.Data == "button" && apptest.Attr(n, "name") == "do" })[0], "value")
	for _, bad := range []struct {
		why, answer string
	}{{"nothing written", "  "}, {"without end", strings.Repeat("长", 3000)}, {"no text", "\xff\xfe"}} {
		if got := b.PostFiles(track, url.Values{"do": {do}, "answer": {bad.answer}}); got.Status != http.StatusUnprocessableEntity || at(t, w, number).Step != "supplement" {
			t.Errorf("%s: %d, the case stands at %s", bad.why, got.Status, at(t, w, number).Step)
		}
	}
	if got := b.PostFiles(track, url.Values{"do": {do}, "answer": {"在附件里"}}, apptest.File{Field: "photos", Name: "x.jpg", Data: []byte("GIF89a<script>")}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "在附件里") {
		t.Errorf("a picture that is none: %d, or the words are lost", got.Status)
	}
	if got := w.Browser().Post(track, url.Values{"do": {do}, "answer": {"我来补"}}); at(t, w, number).Step != "supplement" {
		t.Errorf("somebody who has proved nothing supplies: %d", got.Status)
	}
	w.Clock.Advance(72 * time.Hour)
	b = w.Browser()
	b.Post("/track", url.Values{"number": {number}, "word": {"2222"}})
	before := at(t, w, number).Due
	got := b.PostFiles(track, url.Values{"do": {do}, "answer": {"证在附件里，电话 13800002222"}}, apptest.File{Field: "photos", Name: "证.png", Data: shot(t, 60)})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "您补充了") {
		t.Fatalf("supplied: %d %s", got.Status, got.Text())
	}
	c := at(t, w, number)
	if c.Step != "handle" || !c.HeldAt.IsZero() || !c.Due.After(before) {
		t.Errorf("it stands at %s, held %v, due %v, before %v", c.Step, c.HeldAt, c.Due, before)
	}
	desk := w.As("heyong").Get("/desk/case/" + string(c.ID))
	if !strings.Contains(desk.Text(), "证在附件里") || !strings.Contains(desk.Text(), "后来补充") {
		t.Errorf("the unit does not read what was supplied: %s", desk.Text())
	}
}

func TestTheResidentReadsAboutPausesAndMoreTime(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	number, track := told(t, w, b, "m06010")
	handled(t, w, number)
	grants(t, w, number, casework.Asking{Kind: procedure.Extension, More: 8, Reason: "要调清运车。"})
	page := b.Get(track)
	if text := clocks(page); !strings.Contains(text, "多给了一些时间") || !strings.Contains(text, "要调清运车。现在") {
		t.Errorf("more time is not told: %q", text)
	}
	grants(t, w, number, casework.Asking{Kind: "on-account", Until: w.Clock.Now().Add(48 * time.Hour), Reason: "等<i>修路</i>"})
	page = b.Get(track)
	text := clocks(page)
	for _, want := range []string{"今天 10:20起停着：挂账", "等<i>修路</i>", "最晚停到 11月25日", "不算在答应您的期限里"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pause does not tell %q: %q", want, text)
		}
	}
	if signals(page) != "sig hold 暂停计时" || strings.Contains(page.Body, "<i>修路") {
		t.Errorf("the signal is %q, or what was written is markup", signals(page))
	}
	if !strings.Contains(page.Text(), "停一停：挂账") || !strings.Contains(page.Text(), "多给一些时间") {
		t.Errorf("the steps leave it out: %s", page.Text())
	}
	b.Lang = "en"
	if page := b.Get(track); !strings.Contains(clocks(page), "It has stood since today 10:20: On account: for another reason") || !strings.Contains(page.Text(), "Has to wait") || strings.Contains(page.Body, "%!") {
		t.Errorf("in English: %q", clocks(page))
	}
}

func TestTheRatingAsksWhetherTheUnitGotInTouch(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	number, track := told(t, w, b, "m06010")
	handled(t, w, number)
	staff(t, w, number, procedure.Move{Action: procedure.Done, Photos: 1, Answer: "清走了"})
	staff(t, w, number, procedure.Move{Action: "pass"})
	w.Clock.Advance(72 * time.Hour)
	b = w.Browser()
	b.Post("/track", url.Values{"number": {number}, "word": {"2222"}})
	page := b.Get(track)
	if !strings.Contains(page.Text(), "办理单位联系过您吗？") || signals(page) != "sig ok 按时办好" {
		t.Fatalf("the question is not asked: %s", page.Text())
	}
	do := ""
	for _, n := range page.Find(func(n *html.Node) bool { return n.Data == "button" && apptest.Attr(n, "name") == "do" }) {
		if strings.HasSuffix(apptest.Attr(n, "value"), " content") {
			do = apptest.Attr(n, "value")
		}
	}
	for _, bad := range []url.Values{{"mark.contacted": {"often"}}, {"mark.answer-quality": {"a"}}, {"mark.' or 1=1": {"yes"}}} {
		bad.Set("do", do)
		bad.Set("grade", "5")
		if got := b.Post(track, bad); got.Status != http.StatusUnprocessableEntity || at(t, w, number).State != casework.Running {
			t.Errorf("%v: %d", bad, got.Status)
		}
	}
	if got := b.Post(track, url.Values{"do": {do}, "grade": {"5"}, "mark.contacted": {"no"}}); got.Status != http.StatusOK || at(t, w, number).State != casework.Closed {
		t.Fatalf("rated: %d %s", got.Status, got.Text())
	}
}
