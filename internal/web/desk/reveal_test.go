package desk_test

import (
	"bytes"
	"context"
	"log/slog"
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

const (
	deciding = "linwang" // a leader: look.delay
	audits   = "heqiao"
	secures  = "luopei"
)

// reported is a case of 张小民 that the handler's unit deals with, and its report.
func reported(t *testing.T, w *apptest.World, s intake.Sending) (c casework.Case, report string) {
	t.Helper()
	s.Matter, s.Name, s.Phone, s.Address = "m06013", "张小民", "13800000013", "桂香路 18 号 2 幢 301 室"
	c = sent(t, w, s, dispatcher, "u-shizheng")
	reports, err := casework.Reports(context.Background(), w.DB, w.House.District, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c, reports[0].ID
}

// calling is the form that one press sends.
func calling(a apptest.Answer) url.Values {
	for _, n := range a.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(apptest.Attr(n, "action"), "/reveal")
	}) {
		f := apptest.Answer{Doc: n}
		values := url.Values{}
		for _, in := range f.Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "type") == "hidden" }) {
			values.Set(apptest.Attr(in, "name"), apptest.Attr(in, "value"))
		}
		if values.Get("purpose") != "" {
			return values
		}
	}
	return nil
}

func TestCallingBackIsTwoPresses(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	path := "/desk/case/" + string(c.ID)
	b := w.As(handler)
	page := b.Get(path)
	if strings.Contains(page.Body, "13800000013") || strings.Contains(page.Body, "张小民") || !strings.Contains(page.Body, "138****0013") {
		t.Fatal("the case page shows more than masks, or less")
	}
	values := calling(page)
	if values == nil {
		t.Fatal("the case page has no way to call back")
	}
	shown := b.Post(path+"/reveal", values)
	if shown.Status != http.StatusOK || shown.Path != path+"/reveal" {
		t.Fatalf("%d at %s: %s", shown.Status, shown.Path, shown.Text())
	}
	if calls := shown.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "tel:13800000013" }); len(calls) != 1 || !strings.Contains(shown.Text(), "张小民") {
		t.Errorf("nobody can be called: %s", shown.Text())
	}
	if got := shown.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := shown.Header.Get("Refresh"); got != "60; url="+path {
		t.Errorf("without script the page stays: Refresh %q", got)
	}
	paper := shown.Find(class("on-paper"))
	if len(paper) != 1 || !strings.Contains(apptest.Text(paper[0]), "138****0013") || strings.Contains(apptest.Text(paper[0]), "13800000013") {
		t.Error("on paper the masks do not stand")
	}
	if again := b.Get(path); strings.Contains(again.Body, "13800000013") {
		t.Error("the case page shows the number after the look")
	}
	if part := b.Get(path + "/person?report=" + report); part.Status != http.StatusOK || strings.Contains(part.Body, "13800000013") || !strings.Contains(part.Body, "138****0013") {
		t.Errorf("after the minute: %d %s", part.Status, part.Text())
	}
}

func TestTheFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	path := "/desk/case/" + string(c.ID)
	good := url.Values{"report": {report}, "purpose": {"visit"}, "kind": {"visit"}, "see.address": {"yes"}}
	for _, row := range []struct {
		why, field, value string
		status            int
		id                string
	}{
		{"a purpose that is not on the list", "purpose", "curiosity", http.StatusUnprocessableEntity, "purpose"},
		{"no purpose", "purpose", "", http.StatusUnprocessableEntity, "purpose"},
		{"a field that the purpose does not allow", "purpose", "call-back", http.StatusUnprocessableEntity, "fields"},
		{"nothing asked for", "see.address", "", http.StatusUnprocessableEntity, "fields"},
		{"no sort of reason", "kind", "", http.StatusUnprocessableEntity, "kind"},
		{"another reason without words", "kind", "other", http.StatusUnprocessableEntity, "reason"},
		{"a report that there is not", "report", "0190", http.StatusNotFound, ""},
	} {
		values := url.Values{}
		for k, v := range good {
			values[k] = slices.Clone(v)
		}
		values.Set(row.field, row.value)
		for _, in := range []string{"zh", "en"} {
			b := w.As(handler)
			b.Lang = in
			a := b.Post(path+"/reveal", values)
			if a.Status == http.StatusBadRequest {
				a.Status = http.StatusUnprocessableEntity // one of the two says that a form was not taken
			}
			if a.Status != row.status || strings.Contains(a.Body, "301 室") {
				t.Errorf("%s, %s: %d %s", row.why, in, a.Status, a.Text())
			}
			if row.id != "" && len(a.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "#person-"+report+"-"+row.id })) != 1 {
				t.Errorf("%s, %s: no line leads to the field: %s", row.why, in, a.Text())
			}
		}
	}
	if a := w.As(handler).Post(path+"/reveal", good); a.Status != http.StatusOK || !strings.Contains(a.Text(), "桂香路 18 号 2 幢 301 室") {
		t.Errorf("what is right: %d %s", a.Status, a.Text())
	}
}

func TestWhoMayNotLookHasNoForm(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	secret, kept := reported(t, w, intake.Sending{Secret: true})
	ask := func(report string) url.Values {
		return url.Values{"report": {report}, "purpose": {"call-back"}, "kind": {"ask"}, "see.phone": {"yes"}}
	}
	for _, row := range []struct {
		why, login   string
		c            casework.Case
		report       string
		form         bool
		status, page int
	}{
		{"the handler looks", handler, c, report, true, http.StatusOK, http.StatusOK},
		{"a dispatcher has no need", dispatcher, c, report, false, http.StatusForbidden, http.StatusOK},
		{"a handler of another street sees no such case", stranger, c, report, false, http.StatusNotFound, http.StatusNotFound},
		{"the handler of a secret case never sees who sent it", handler, secret, kept, false, http.StatusNotFound, http.StatusOK},
		{"who took it in may reach the person", acceptor, secret, kept, true, http.StatusOK, http.StatusOK},
		{"a report of another case is none", acceptor, c, kept, true, http.StatusNotFound, http.StatusOK},
	} {
		b, path := w.As(row.login), "/desk/case/"+string(row.c.ID)
		page := b.Get(path)
		if page.Status != row.page || (calling(page) != nil) != row.form {
			t.Errorf("%s: page %d, form %t", row.why, page.Status, calling(page) != nil)
		}
		if a := b.Post(path+"/reveal", ask(row.report)); a.Status != row.status || row.status != http.StatusOK && strings.Contains(a.Body, "13800000013") {
			t.Errorf("%s: %d %s", row.why, a.Status, a.Text())
		}
	}
	none := w.As(stranger).Post("/desk/case/01900000-0000-7000-8000-000000000000/reveal", ask(report))
	elsewhere := w.As(stranger).Post("/desk/case/"+string(c.ID)+"/reveal", ask(report))
	if none.Status != elsewhere.Status || none.Text() != elsewhere.Text() {
		t.Errorf("a case elsewhere and none differ:\n%s\n%s", elsewhere.Text(), none.Text())
	}
}

func TestTheHourlyNumberIsSaid(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	b, path := w.As(handler), "/desk/case/"+string(c.ID)
	values := url.Values{"report": {report}, "purpose": {"call-back"}, "kind": {"ask"}, "see.phone": {"yes"}}
	for range w.District().Catalogue.Privacy().RevealsAnHour {
		if a := b.Post(path+"/reveal", values); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Text())
		}
	}
	a := b.Post(path+"/reveal", values)
	if a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" || !strings.Contains(a.Text(), "分钟以后可以再看") || strings.Contains(a.Body, "13800000013") {
		t.Errorf("%d, Retry-After %q: %s", a.Status, a.Header.Get("Retry-After"), a.Text())
	}
}

func TestNoLookIsLogged(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	var log bytes.Buffer
	w.House.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b, path := w.As(handler), "/desk/case/"+string(c.ID)
	a := b.Post(path+"/reveal", url.Values{"report": {report}, "purpose": {"call-back"}, "kind": {"other"}, "reason": {"找 13800000013 的张小民"}, "see.phone": {"yes"}})
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Text())
	}
	b.Get(path + "/reveal?report=" + report)
	for _, no := range []string{"13800000013", "张小民"} {
		if strings.Contains(log.String(), no) {
			t.Errorf("the log holds %s:\n%s", no, log.String())
		}
	}
}

func TestADelayIsAskedForAndGrantedBySomebodyElse(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	b, path := w.As(handler), "/desk/case/"+string(c.ID)
	shown := b.Post(path+"/reveal", url.Values{"report": {report}, "purpose": {"investigation"}, "kind": {"law"}, "see.phone": {"yes"}})
	if shown.Status != http.StatusOK || !strings.Contains(shown.Body, "/desk/looks#look-") {
		t.Fatalf("the look does not lead to asking for a delay: %d %s", shown.Status, shown.Text())
	}
	mine := b.Get("/desk/looks")
	id, ok := mine.Field("look")
	if !ok {
		t.Fatalf("the look is not on the page: %s", mine.Text())
	}
	until := w.Clock.Now().AddDate(0, 2, 0).Format(time.DateOnly)
	if a := b.Post("/desk/looks/delays", url.Values{"look": {id}, "law": {""}, "reason": {"会走漏消息"}, "until": {until}}); a.Status == http.StatusOK || !strings.Contains(a.Text(), "哪部法律") {
		t.Errorf("without a law: %d %s", a.Status, a.Text())
	}
	if a := b.Post("/desk/looks/delays", url.Values{"look": {id}, "law": {"监察法第二十五条"}, "reason": {"会走漏消息"}, "until": {until}}); a.Status != http.StatusOK || !strings.Contains(a.Text(), "等批准") {
		t.Fatalf("asked: %d %s", a.Status, a.Text())
	}
	decide := func(b *apptest.Browser) string {
		for _, n := range b.Get("/desk/looks").Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "action"), "/desk/looks/delays/") }) {
			return apptest.Attr(n, "action")
		}
		return ""
	}
	if decide(b) != "" || decide(w.As(audits)) != "" {
		t.Error("whoever asked, or audits, is offered to decide")
	}
	chief := w.As(deciding)
	action := decide(chief)
	if action == "" {
		t.Fatal("the leader is not offered to decide")
	}
	if a := b.Post(action, url.Values{"do": {"grant"}, "decision": {"可以"}}); a.Status != http.StatusForbidden {
		t.Errorf("the handler grants their own: %d", a.Status)
	}
	if a := chief.Post(action, url.Values{"do": {"grant"}, "decision": {"情况属实"}}); a.Status != http.StatusOK || !strings.Contains(a.Text(), "推迟着") {
		t.Fatalf("granted: %d %s", a.Status, a.Text())
	}
	audit := w.As(audits).Get("/desk/looks")
	if !strings.Contains(audit.Text(), "监察法第二十五条") || strings.Contains(audit.Text(), c.Number) {
		t.Errorf("the auditor sees the delay, and no case: %s", audit.Text())
	}
	if english := w.As(deciding); true {
		english.Lang = "en"
		if page := english.Get("/desk/looks"); !strings.Contains(page.Text(), "held back") {
			t.Errorf("in English: %s", page.Text())
		}
	}
}

func TestUnusualReadingIsListedForThoseWhoLookIntoIt(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c, report := reported(t, w, intake.Sending{})
	b := w.As(handler)
	for range 6 {
		b.Post("/desk/case/"+string(c.ID)+"/reveal", url.Values{"report": {report}, "purpose": {"call-back"}, "kind": {"ask"}, "see.phone": {"yes"}})
	}
	for login, want := range map[string]bool{audits: true, secures: true, deciding: false, handler: false} {
		if got := strings.Contains(w.As(login).Get("/desk/looks").Text(), "反复看同一个人"); got != want {
			t.Errorf("%s sees it: %t", login, got)
		}
	}
	if a := w.As(dispatcher).Get("/desk/looks"); a.Status != http.StatusForbidden {
		t.Errorf("a dispatcher has nothing there: %d", a.Status)
	}
}
