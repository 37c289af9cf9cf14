package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/org"
	"linli/internal/sample"
)

const casesTable = "external,opened,matter,area,text\nOLD-1,2026-01-05 09:00:00,c01002,990101001001001,井盖松动\nOLD-2,2026-01-06 09:00:00,c01002,990101001001001,井盖没了\nOLD-3,昨天,c01002,990101001001001,井盖响\n"

// bringCases sends a table of cases.
func bringCases(b *apptest.Browser, real bool, skip, data string) apptest.Answer {
	form := url.Values{"go": {"try"}, "skip": {skip}}
	if real {
		form.Set("go", "import")
	}
	return b.PostFiles("/desk/admin/import", form, apptest.File{Field: "file", Name: "老系统.csv", Data: []byte(data)})
}

func casesThere(t *testing.T, w *apptest.World) int {
	t.Helper()
	n, err := db.Value[int](t.Context(), w.App.DB, "select count(*) from reports where sender like 'OLD-%'")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCasesComeInInTheBackground(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	if got := bringCases(b, false, "yes", casesTable); !strings.HasPrefix(got.Path, "/desk/admin/import/runs/") || !strings.Contains(got.Text(), "试运行") || casesThere(t, w) != 0 {
		t.Fatalf("tried: %d %s %s; %d cases", got.Status, got.Path, got.Text(), casesThere(t, w))
	}
	if got := bringCases(b, true, "no", casesTable); !strings.Contains(got.Text(), "未写入任何数据") || !has(cells(got), "老系统.csv:4:2", "opened", "错误") || casesThere(t, w) != 0 {
		t.Errorf("all or nothing: %s %q; %d cases", got.Text(), cells(got), casesThere(t, w))
	}
	got := bringCases(b, true, "yes", casesTable)
	if !strings.Contains(got.Text(), "新增 2") || !strings.Contains(got.Text(), "1 行") || casesThere(t, w) != 2 {
		t.Errorf("taken: %s; %d cases", got.Text(), casesThere(t, w))
	}
	if own := b.Get(got.Path); !strings.Contains(own.Text(), "昨天") {
		t.Errorf("who brought it in does not see what was found: %s", own.Text())
	}
	if again := b.Get(got.Path); again.Text() != got.Text() {
		t.Errorf("who comes back sees %s", again.Text())
	}
	if form := b.Get("/desk/admin/import"); !has(cells(form), "老系统.csv") || len(form.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == got.Path })) != 1 {
		t.Errorf("the form does not lead to it: %q", cells(form))
	}
	for table, want := range map[string]int{"cases": 1, "past": 1, "units": 0} { // after a try the file is chosen once more, and then it is imported
		form := b.Get("/desk/admin/import?table=" + table)
		if n := len(form.Find(func(n *html.Node) bool {
			return apptest.Attr(n, "name") == "go" && apptest.Attr(n, "value") == "import"
		})); n != want {
			t.Errorf("the form for %s has %d buttons that import, want %d", table, n, want)
		}
	}
	if over := b.Get("/desk/admin"); over.Status != http.StatusOK {
		t.Errorf("the overview: %d", over.Status)
	}
	steps := b.PostFiles("/desk/admin/import", url.Values{"go": {"import"}}, apptest.File{Field: "file", Name: "经过.csv", Data: []byte("external,at,did\nOLD-1,2026-01-05 10:00:00,派遣\n")})
	if !strings.Contains(steps.Text(), "新增 1") {
		t.Errorf("what was done with it: %s", steps.Text())
	}
	b.Lang = "en"
	if got := b.Get(got.Path); !strings.Contains(got.Text(), "2 added") || heading(got) != "Import: Cases so far" {
		t.Errorf("in English: %s", got.Text())
	}
	for what, data := range map[string]string{"a required column is missing": "external,opened\nX-1,2026-01-05\n", "nothing in it is a table": "\"x"} {
		form := url.Values{"go": {"import"}, "table": {"cases"}}
		if got := b.PostFiles("/desk/admin/import", form, apptest.File{Field: "file", Name: "x.csv", Data: []byte(data)}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, got.Status, got.Path)
		}
	}
}

// TestFindingsAreTheirs: what was found quotes cells, and is for who brought the
// table in; to others it is a number.
func TestFindingsAreTheirs(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	got := bringCases(b, true, "yes", casesTable)
	if !has(cells(got), "老系统.csv:4:2", "昨天") {
		t.Errorf("who brought it in sees %q", cells(got))
	}
	err := w.App.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), "update imports set person = 'p-another' where district = $1", sample.DistrictCode)
	})
	if err != nil {
		t.Fatal(err)
	}
	other := b.Get(got.Path)
	if other.Status != http.StatusOK || !strings.Contains(other.Text(), "新增 2") || !strings.Contains(other.Text(), "1 行") || !strings.Contains(other.Text(), "只给导入的人看") || strings.Contains(other.Text(), "昨天") || has(cells(other), "老系统.csv:4:2") {
		t.Errorf("another sees %d %s", other.Status, other.Text())
	}
	if form := b.Get("/desk/admin/import"); strings.Contains(form.Text(), "昨天") {
		t.Errorf("the list of imports quotes a cell: %s", form.Text())
	}
}

// TestImportIsWatched: a page of an import that goes on says how far it is and asks
// again by itself; one that says nothing any more has stopped.
func TestImportIsWatched(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	got := bringCases(b, true, "yes", casesTable)
	at := func(beat time.Time) {
		err := w.App.DB.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update imports set state = 'writing', done = 1500, total = 6000, found = '', beat_at = $2 where district = $1", sample.DistrictCode, db.At(beat))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	at(w.App.DB.Now())
	page := b.Get(got.Path)
	asks := page.Find(func(n *html.Node) bool { return apptest.Attr(n, "hx-get") == got.Path })
	bar := page.Find(func(n *html.Node) bool { return n.Data == "progress" && apptest.Attr(n, "value") == "25" })
	if !strings.Contains(page.Text(), "1,500 / 6,000") || len(asks) != 1 || len(bar) != 1 {
		t.Errorf("%s; %d ask again, %d bars", page.Text(), len(asks), len(bar))
	}
	if refused := bringCases(b, true, "yes", casesTable); refused.Status != http.StatusConflict || !strings.Contains(refused.Text(), "还在导入") {
		t.Errorf("another meanwhile: %d %s", refused.Status, refused.Text())
	}
	at(w.App.DB.Now().Add(-2 * time.Minute))
	if page := b.Get(got.Path); !strings.Contains(page.Text(), "再导一次") || len(page.Find(func(n *html.Node) bool { return apptest.Attr(n, "hx-get") == got.Path })) != 0 {
		t.Errorf("stopped: %s", page.Text())
	}
	if page := w.As(login(t, w, org.Security)).Get(got.Path); page.Status != http.StatusNotFound {
		t.Errorf("who may not import sees %d", page.Status)
	}
	if page := b.Get("/desk/admin/import/runs/none"); page.Status != http.StatusNotFound {
		t.Errorf("an id that is none: %d", page.Status)
	}
}
