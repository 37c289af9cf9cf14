package desk_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

func TestExportEqualsItsList(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	told(t, w)
	b := w.As(leader)
	const query = "?channel=portal"
	want := whole(t, b, "/desk/cases"+query)
	file := b.Get("/desk/cases.xlsx" + query)
	book, err := excelize.OpenReader(strings.NewReader(file.Body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, first(rows)); diff != "" {
		t.Errorf("the workbook (-list +workbook):\n%s", diff)
	}
	text := b.Get("/desk/cases.csv" + query)
	if !bytes.HasPrefix([]byte(text.Body), []byte("\ufeff")) {
		t.Error("the CSV has no byte order mark")
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text.Body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, first(records)); diff != "" {
		t.Errorf("the CSV (-list +CSV):\n%s", diff)
	}
	formula := false
	for _, row := range append(rows, records...) {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Errorf("a cell begins like a formula: %q", cell)
			}
			if strings.Contains(cell, "1380000") || strings.Contains(cell, "张小民") {
				t.Errorf("a cell holds personal data: %q", cell)
			}
			formula = formula || strings.Contains(cell, "HYPERLINK")
		}
	}
	if !formula {
		t.Error("the hostile address is not in the tables: the test looks at nothing")
	}
}

// first is the column of numbers without its head.
func first(rows [][]string) []string {
	var all []string
	for _, row := range rows[1:] {
		all = append(all, row[0])
	}
	return all
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	cases := told(t, w)
	number := cases[3].Number
	b := w.As(agent)
	for _, row := range []struct{ why, words string }{
		{"as printed", number}, {"without its dash", strings.ReplaceAll(number, "-", "")}, {"in groups, as it is read out", number[:6] + " " + number[7:]},
	} {
		if got := b.Get("/desk/search?q=" + url.QueryEscape(row.words)); got.Path != "/desk/case/"+string(cases[3].ID) {
			t.Errorf("a number %s leads to %s", row.why, got.Path)
		}
	}
	for _, row := range []struct {
		why, login, query, said string
		want                    int
	}{
		{"the last four digits", agent, "2222", "来电后四位是 2222", 9},
		{"a whole number, with spaces", agent, "138 0000 2222", "138****2222", 9},
		{"nobody called from there", agent, "9999", "来电后四位", 0},
		{"a handler may not find by phone", handler, "2222", "权限", 0},
		{"words", agent, "井盖", "“井盖”", 9},
		{"words inside a text", agent, "没人清", "“没人清”", 27},
		{"a place by its name", agent, "柳荫街道", "在柳荫街道", 9},
		{"a place and words", agent, "桂香社区 井盖", "在桂香社区，文字里有“井盖”", 9},
		{"a place and words run together", agent, "桂香社区井盖", "在桂香社区，文字里有“井盖”", 9},
		{"script", agent, "<script>alert(1)</script>", "没有找到", 0},
		{"SQL", agent, "' or '1'='1", "", 0},
		{"nothing at all", agent, " ", "编号", 0},
	} {
		who := w.As(row.login)
		got := who.Get("/desk/search?q=" + url.QueryEscape(row.query))
		if got.Status != http.StatusOK || !strings.Contains(got.Text(), row.said) || strings.Contains(got.Body, "<script>alert") {
			t.Errorf("%s: %d, does not say %q: %s", row.why, got.Status, row.said, got.Text())
		}
		if n := len(whole(t, who, "/desk/search?q="+url.QueryEscape(row.query))); n != row.want {
			t.Errorf("%s: %d found, want %d", row.why, n, row.want)
		}
		if strings.Contains(got.Text(), "13800002222") {
			t.Errorf("%s: the page shows a whole phone number", row.why)
		}
	}
	wrong := number[:len(number)-1] + string('0'+(number[len(number)-1]-'0'+1)%10)
	if got := b.Get("/desk/search?q=" + wrong); !strings.Contains(got.Text(), "有一位不对") {
		t.Errorf("a misheard number: %s", got.Text())
	}
	if got := b.Get("/desk/search?q=" + strings.Repeat("x", 5000)); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("endless words: %d", got.Status)
	}
}

func TestSavedFilters(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	told(t, w)
	b := w.As(leader)
	const list = "/desk/cases?channel=hotline"
	got := b.Post("/desk/filters", url.Values{"list": {list}, "name": {" 热线  来的 "}})
	if got.Path != list || counts(got)[list] != "9" || !strings.Contains(got.Text(), "热线 来的") {
		t.Fatalf("saved: at %s, %v", got.Path, counts(got))
	}
	if _, there := counts(w.As(dispatcher).Get("/desk/cases"))[list]; there {
		t.Error("somebody else has the filter too")
	}
	for _, row := range []struct {
		why, list, name string
		want            int
	}{
		{"another site", "https://example.org/desk?step=accept", "x", 422},
		{"another page", "/desk/admin?x=1", "x", 422},
		{"nothing filtered", "/desk/cases", "x", 422},
		{"no such condition", "/desk/cases?state=nonsense", "x", 422},
		{"no name", list, "  ", 422},
		{"a name that is a text", list, strings.Repeat("字", 31), 422},
	} {
		if got := b.Post("/desk/filters", url.Values{"list": {row.list}, "name": {row.name}}); got.Status != row.want {
			t.Errorf("%s: %d, want %d", row.why, got.Status, row.want)
		}
	}
	drop := ""
	for _, n := range b.Get(list).Find(func(n *html.Node) bool { return strings.HasSuffix(apptest.Attr(n, "action"), "/drop") }) {
		drop = apptest.Attr(n, "action")
	}
	if got := w.As(dispatcher).Post(drop, nil); got.Status != http.StatusNotFound {
		t.Errorf("somebody else drops it: %d", got.Status)
	}
	if got := b.Post(drop, url.Values{"list": {list}}); got.Path != "/desk/cases" || counts(got)[list] != "" {
		t.Errorf("dropped: at %s, still counted", got.Path)
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := told(t, w)[0]
	act(t, w.As(acceptor), c, "file", nil)
	w.Clock.Set(apptest.Start.Add(time.Minute))
	if got := act(t, w.As(dispatcher), c, "send", url.Values{"unit": {"u-shizheng"}}); got.Status != http.StatusOK {
		t.Fatalf("send: %d %s", got.Status, got.Text())
	}
	w.Due()
	b := w.As(handler)
	got := within(b.Get("/desk/notices"), "main")
	id, ok := got.Field("id")
	if !ok || !strings.Contains(apptest.Text(got.Doc), c.Number) {
		t.Fatalf("the handler is not told: %s", apptest.Text(got.Doc))
	}
	if got := w.As(agent).Post("/desk/notices", url.Values{"id": {id}}); got.Status != http.StatusNotFound {
		t.Errorf("somebody of another unit reads it: %d", got.Status)
	}
	if got := b.Post("/desk/notices", url.Values{}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", got.Status)
	}
	if got := b.Post("/desk/notices", url.Values{"id": {id}, "case": {string(c.ID)}}); got.Path != "/desk/case/"+string(c.ID) {
		t.Errorf("read: at %s, want the case", got.Path)
	}
	if got := b.Get("/desk/notices").Text(); !strings.Contains(got, "没有新提醒") {
		t.Errorf("still unread: %s", got)
	}
}
