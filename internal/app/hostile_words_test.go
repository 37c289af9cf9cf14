package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/db/dbtest"
	"linli/internal/document"
)

// markup is what somebody may write who hopes that a page runs it. Should a
// browser take any of it for more than words, an element called pwned appears.
var markup = []string{
	`<script id=pwned>alert(1)</script>`,
	`"><img id=pwned src=x onerror=alert(1)>`,
	`'--></style></textarea></title><svg id=pwned onload=alert(1)>`,
	`{{7*7}}${7*7}<%= 7*7 %> javascript:alert(1)`,
	`</script><a id=pwned href="javascript:alert(1)">x</a>`,
}

// Whatever is in a report's words, every page shows it as words.
//
// ASVS 1.1.2, 1.2.1, 1.2.2, 1.3.5
func TestHostileWordsAreShownAsWords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		b := besiege(t, address)
		words := strings.Join(markup, " ")
		report, err := json.Marshal(map[string]any{"sender": words[:40], "matter": "c01002", "text": "hostile " + words, "address": "=1+1 " + words[:60], "area": "990101001001001", "name": words[:40], "phone": "13800000013"})
		if err != nil {
			t.Fatal(err)
		}
		status, said, head := b.send(attack{as: "key", method: "POST", path: "/api/v1/reports", body: asJSON(string(report))}, "zh")
		var got struct{ Case struct{ ID, Number string } }
		if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusCreated || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%d %v %s", status, err, said)
		}
		b.Due()
		for _, page := range []struct{ as, path, shows string }{
			{"chenli", "/desk/case/" + got.Case.ID, markup[0]},
			{"chenli", "/desk", ""},
			{"chenli", "/desk/cases", ""},
			{"chenli", "/desk/cases?q=hostile", ""},
			{"chenli", "/desk/search?q=hostile", ""},
			{"chenli", "/desk/search?as=text&q=" + `%3Cscript%20id%3Dpwned%3E`, `<script id=pwned>`},
			{"hejing", "/desk/take?phone=13800000013&text=" + `%3Cscript%20id%3Dpwned%3E`, ""},
			{"hejing", "/desk/take/caller?phone=13800000013", ""},
			{"dingxia", "/field", ""},
			{"", "/report?text=" + `%22%3E%3Cimg%20id%3Dpwned%3E`, `"><img id=pwned>`},
			{"", "/matters?q=" + `%22%3E%3Cimg%20id%3Dpwned%3E`, ""},
			{"", "/sign-in?next=" + `%22%3E%3Cimg%20id%3Dpwned%3E`, ""},
			{"", "/nowhere/" + `%3Cscript%20id%3Dpwned%3E`, ""},
		} {
			status, said, head := b.send(attack{as: page.as, method: "GET", path: page.path}, "zh")
			if status >= 500 || head.Get("Content-Security-Policy") == "" || head.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d, headers %v", page.path, status, head)
			}
			onlyWords(t, page.path, said, page.shows)
		}
		b.tracks(got.Case.Number, markup[0])
		b.exports(got.Case.Number)
	})
}

// onlyWords checks that a page runs nothing it was not made with, and shows
// what it should as text.
func onlyWords(t *testing.T, path, page, shows string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if apptest.Attr(n, "id") == "pwned" || n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(apptest.Attr(n, "src"), "/assets/")) {
			t.Errorf("%s: holds an element it was not made with: %s %v", path, n.Data, n.Attr)
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || (at.Key == "href" || at.Key == "src" || at.Key == "action") && strings.HasPrefix(strings.TrimSpace(strings.ToLower(at.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q> would run", path, n.Data, at.Key, at.Val)
			}
		}
	}
	if shows != "" && !strings.Contains(apptest.Text(doc), shows) && !strings.Contains(html.UnescapeString(page), shows) {
		t.Errorf("%s: does not show %q as text", path, shows)
	}
}

// tracks opens the resident's own page of a case.
func (b *besieged) tracks(number, shows string) {
	b.t.Helper()
	browser := b.Browser()
	got := browser.Post("/track", fields("number", number, "word", "0013"))
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Path, "/track/") {
		b.t.Errorf("tracking: %d at %s", got.Status, got.Path)
	}
	onlyWords(b.t, got.Path, got.Body, shows)
}

// exports opens the tables as a leader gets them: no cell is a formula.
func (b *besieged) exports(number string) {
	b.t.Helper()
	_, said, _ := b.send(attack{as: "zhouhui", method: "GET", path: "/desk/cases.csv"}, "zh")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(said, "\ufeff"))).ReadAll()
	if err != nil {
		b.t.Fatalf("%v\n%.300s", err, said)
	}
	b.table("csv", number, rows)
	_, said, _ = b.send(attack{as: "zhouhui", method: "GET", path: "/desk/cases.xlsx"}, "zh")
	book, err := excelize.OpenReader(strings.NewReader(said))
	if err != nil {
		b.t.Fatal(err)
	}
	defer book.Close()
	if rows, err = book.GetRows(book.GetSheetName(0)); err != nil {
		b.t.Fatal(err)
	}
	b.table("xlsx", number, rows)
}

func (b *besieged) table(kind, number string, rows [][]string) {
	b.t.Helper()
	found := false
	for _, row := range rows {
		found = found || slices.Contains(row, number)
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				b.t.Errorf("%s: %q begins as a formula does", kind, cell)
			}
		}
	}
	if !found {
		b.t.Errorf("%s: case %s is not in it", kind, number)
	}
}

// A picture that is also something else is kept as a picture and nothing else.
//
// ASVS 3.2.1, 5.3.1
func TestPolyglotPictureLosesItsOtherHalf(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	picture.WriteString(`<script id=pwned>alert(1)</script><?php system("id"); ?>PK` + "\x03\x04")
	browser := w.Browser()
	browser.Get("/report")
	got := browser.PostFiles("/report", fields("step", "more", "sender", sender, "text", "井盖破了", "matter", "c01002"), apptest.File{Field: "photos", Name: "../../a.php.jpg", Data: picture.Bytes()})
	if got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Text())
	}
	shown := browser.Get("/report/photo/0?sender=" + sender)
	if shown.Status != http.StatusOK || shown.Header.Get("Content-Type") != document.Type || shown.Header.Get("X-Content-Type-Options") != "nosniff" ||
		strings.Contains(shown.Body, "pwned") || strings.Contains(shown.Body, "php") || !strings.HasPrefix(shown.Body, "\xff\xd8\xff") {
		t.Errorf("%d %s: %.60q … %s", shown.Status, shown.Header.Get("Content-Type"), shown.Body, base64.StdEncoding.EncodeToString([]byte(shown.Body[max(0, len(shown.Body)-60):])))
	}
	onlyWords(t, "/report", got.Body, "")
}
