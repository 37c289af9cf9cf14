package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/org"
)

// try sends a file to be tried.
func try(b *apptest.Browser, form url.Values, name, data string) apptest.Answer {
	if form == nil {
		form = url.Values{}
	}
	form.Set("go", "try")
	return b.PostFiles("/desk/admin/import", form, apptest.File{Field: "file", Name: name, Data: []byte(data)})
}

// carried is the form that the report page offers, with what it carries along.
func carried(a apptest.Answer) url.Values {
	form := url.Values{"go": {"import"}}
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "type") == "hidden" }) {
		form.Set(apptest.Attr(n, "name"), apptest.Attr(n, "value"))
	}
	return form
}

func TestImportIsTriedThenTaken(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	tried := try(b, nil, "我们的单位.csv", "code,name,kind,areas\nu-new,新设养护队,company,990101001\n")
	if tried.Status != http.StatusOK || !has(cells(tried), "单位", "1", "0") || !strings.Contains(tried.Text(), "试运行通过") {
		t.Fatalf("tried: %d %s", tried.Status, tried.Text())
	}
	if _, there := w.District().Org.Unit("u-new"); there {
		t.Fatal("trying kept the unit")
	}
	done := b.PostFiles("/desk/admin/import", carried(tried))
	if u, there := w.District().Org.Unit("u-new"); !there || u.Name.ZH != "新设养护队" {
		t.Fatalf("the unit is not there: %d %s", done.Status, done.Text())
	}
	if done.Path != "/desk/admin/imports/2" || !strings.Contains(done.Text(), "我们的单位.csv") || !strings.Contains(done.Text(), "新增 1") {
		t.Errorf("%s says %s", done.Path, done.Text())
	}
	if over := b.Get("/desk/admin"); !has(cells(over), "单位", "21", "今天") {
		t.Errorf("the overview does not say so: %q", cells(over))
	}
	b.Lang = "en"
	if got := b.Get("/desk/admin/imports/2"); heading(got) != "Imported: Units" {
		t.Errorf("in English: %q", heading(got))
	}
}

func TestBadRowsAreNamedAndLeftOutOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	const table = "code,name,kind,areas\nu-good,好单位,company,990101001\nu-bad,坏单位,nonsense,990101001\n"
	tried := try(b, nil, "units.csv", table)
	if tried.Status != http.StatusUnprocessableEntity || !has(cells(tried), "units.csv:3:3", "kind", "错误") {
		t.Fatalf("%d, no row names the fault: %q", tried.Status, cells(tried))
	}
	strict := carried(tried)
	strict.Set("skip", "no")
	if got := b.PostFiles("/desk/admin/import", strict); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("all or nothing took a bad table: %d", got.Status)
	}
	if _, there := w.District().Org.Unit("u-good"); there {
		t.Fatal("half of a bad table is in")
	}
	done := b.PostFiles("/desk/admin/import", carried(tried))
	_, good := w.District().Org.Unit("u-good")
	_, bad := w.District().Org.Unit("u-bad")
	if !good || bad || !strings.Contains(done.Text(), "1 行") || !strings.Contains(done.Text(), "行号： 3") && !strings.Contains(done.Text(), "行号：3") {
		t.Errorf("good %v, bad %v: %s", good, bad, done.Text())
	}
}

func TestImportWithMapping(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	mapping := "to: units\ncolumns:\n  code: {column: 编码, prefix: u-}\n  name: 全称\n  kind: {value: company}\n"
	got := b.PostFiles("/desk/admin/import", url.Values{"go": {"import"}},
		apptest.File{Field: "file", Name: "台账.csv", Data: []byte("编码,全称\nmapped,映射来的\n")}, apptest.File{Field: "mapping", Name: "m.yaml", Data: []byte(mapping)})
	if u, ok := w.District().Org.Unit("u-mapped"); !ok || u.Name.ZH != "映射来的" {
		t.Errorf("not mapped: %d %s", got.Status, got.Text())
	}
	got = b.PostFiles("/desk/admin/import", url.Values{"go": {"try"}, "table": {"units"}},
		apptest.File{Field: "file", Name: "台账.csv", Data: []byte("编码\nx\n")}, apptest.File{Field: "mapping", Name: "m.yaml", Data: []byte("columns: [\n")})
	if got.Status != http.StatusUnprocessableEntity || !has(cells(got), "mapping.yaml") {
		t.Errorf("a broken mapping: %d %q", got.Status, cells(got))
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	before := len(w.District().Org.Units())
	for _, bad := range []struct {
		why, name, data, table string
		status                 int
	}{
		{"columns of no table", "x.csv", "a,b\n1,2\n", "", 422},
		{"empty", "x.csv", "", "units", 422},
		{"a table that is none", "x.csv", "code\n1\n", "cases", 422},
		{"no workbook", "x.xlsx", "PK\x03\x04 nonsense", "units", 422},
		{"no GeoJSON", "x.geojson", "{", "outlines", 422},
		{"no ground", "x.geojson", "[]", "ground", 422},
		{"not text", "x.csv", "code,name,kind\n\x00\x01\x02,\xff\xfe,company\n", "units", 422},
		{"a required column missing", "x.csv", "code,kind\nu-x,company\n", "units", 422},
		{"too large", "x.csv", "code,name,kind\n" + strings.Repeat("u,x,company\n", 2<<20), "units", 413},
		{"script in name and cells", "<script>alert(1)</script>.csv", "code,name,kind\n<script>alert(2)</script>,x,<img src=x>\n", "units", 422},
		{"a path in the name", "../../etc/units.csv", "code,name,kind\nu x,x,company\n", "units", 422},
	} {
		got := try(b, url.Values{"table": {bad.table}}, bad.name, bad.data)
		if got.Status != bad.status || heading(got) == "" || strings.Contains(got.Body, "<script>alert") || strings.Contains(got.Body, "<img src=x>") || strings.Contains(got.Text(), "../") {
			t.Errorf("%s: %d, want %d: %.200s", bad.why, got.Status, bad.status, got.Text())
		}
	}
	if got := b.Post("/desk/admin/import", url.Values{"go": {"import"}, "table": {"units"}, "data": {"%%%"}}); got.Status != 422 {
		t.Errorf("a broken carried file: %d", got.Status)
	}
	if got := b.Post("/desk/admin/import", nil); got.Status != 422 {
		t.Errorf("nothing sent: %d", got.Status)
	}
	if after := len(w.District().Org.Units()); after != before {
		t.Errorf("bad files changed the units: %d, were %d", after, before)
	}
}
