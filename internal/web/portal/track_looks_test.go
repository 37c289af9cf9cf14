package portal_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/look"
	"linli/internal/procedure"
)

// seen is a report that the acceptor has called back about.
func seen(t *testing.T, w *apptest.World) intake.Receipt {
	t.Helper()
	d := w.District()
	r, err := w.House.Desk.Receive(t.Context(), d, intake.Sending{Channel: intake.Portal, Text: "路灯不亮", Matter: "m06013", Area: "990101001004", Name: "张小民", Phone: "13800000013"})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := d.Org.PersonByLogin("guoyan")
	post := d.Org.PostsOf(p.ID, d.Day)[0]
	w.Clock.Set(w.Clock.Now().Add(time.Minute))
	_, err = look.Reveal(t.Context(), w.DB, w.House.Vault, look.Asking{
		District: d, Case: r.Case.ID, Report: r.Report, Fields: []string{fields.Phone}, Purpose: look.Reaching, Kind: look.ToAsk, Reason: "问一问是哪一盏灯",
		By: procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: procedure.Role(post.Role), Unit: string(post.Unit), Area: post.Area},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ASVS 5.4.2
// GB/T 22239 8.1.4.11b
func TestThePersonSeesWhoLooked(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	r := seen(t, w)
	d := w.District()
	clerk, _ := d.Org.PersonByLogin("guoyan")
	for in, want := range map[string][]string{
		"zh": {"受理员看了您的电话", "用途：就这件事联系本人", "事由：问清情况"},
		"en": {"The acceptor of", "saw your phone number", "To reach the person about this case", "to ask about it"},
	} {
		b := w.Browser()
		b.Lang = in
		page := b.Get("/track/" + r.Case.Number + "?word=" + r.Word)
		links := page.Find(func(n *html.Node) bool { return n.Data == "a" && strings.Contains(apptest.Attr(n, "href"), "/looks") })
		if len(links) != 1 {
			t.Fatalf("%s: the tracking page leads to %d ledgers", in, len(links))
		}
		ledger := b.Get(apptest.Attr(links[0], "href"))
		if ledger.Status != http.StatusOK || ledger.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d", in, ledger.Status)
		}
		for _, text := range want {
			if !strings.Contains(ledger.Text(), text) {
				t.Errorf("%s: no %q in %s", in, text, ledger.Text())
			}
		}
		for _, no := range []string{clerk.Name, "哪一盏灯", "13800000013", "张小民"} {
			if strings.Contains(ledger.Body, no) {
				t.Errorf("%s: the ledger holds %q", in, no)
			}
		}
		for _, ending := range []string{".csv", ".json"} {
			file := b.Get("/track/" + r.Case.Number + "/looks" + ending)
			if file.Status != http.StatusOK || !strings.Contains(file.Header.Get("Content-Disposition"), "looks"+ending) || file.Header.Get("Cache-Control") != "no-store" || strings.Contains(file.Body, clerk.Name) {
				t.Errorf("%s: %s: %d %s", in, ending, file.Status, file.Body)
			}
			var rows []map[string]any
			if err := json.Unmarshal([]byte(file.Body), &rows); ending == ".json" && (err != nil || len(rows) != 1 || rows[0]["number"] != r.Case.Number) {
				t.Errorf("%s: %v, %s", in, err, file.Body)
			}
		}
	}
}

func TestTheLedgerIsForTheReporterAlone(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	r := seen(t, w)
	for _, path := range []string{"/track/" + r.Case.Number + "/looks", "/track/" + r.Case.Number + "/looks.csv", "/track/" + r.Case.Number + "/looks.json", "/track/" + r.Case.Number + "/looks?word=wrongwords"} {
		a := w.Browser().Get(path)
		if strings.Contains(a.Body, "受理员") {
			t.Errorf("%s opens without the word: %d %s", path, a.Status, a.Text())
		}
	}
}
