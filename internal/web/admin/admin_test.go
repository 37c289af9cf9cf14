package admin_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/org"
	"linli/internal/rights"
)

// login finds somebody with a role.
func login(t *testing.T, w *apptest.World, role org.Role) string {
	t.Helper()
	d := w.District()
	for _, p := range d.Org.People() {
		posts := d.Org.PostsOf(p.ID, d.Day)
		if slices.ContainsFunc(posts, func(post org.Post) bool { return post.Role == role }) &&
			(role == org.Admin || !slices.ContainsFunc(posts, func(post org.Post) bool { return post.Role == org.Admin })) {
			return p.Login
		}
	}
	t.Fatalf("nobody is %s", role)
	return ""
}

func element(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func heading(a apptest.Answer) string {
	for _, n := range a.Find(element("h1")) {
		return apptest.Text(n)
	}
	return ""
}

// cells is the text of each row of the page's tables.
func cells(a apptest.Answer) []string {
	var all []string
	for _, n := range a.Find(element("tr")) {
		all = append(all, apptest.Text(n))
	}
	return all
}

func has(rows []string, parts ...string) bool {
	return slices.ContainsFunc(rows, func(row string) bool {
		for _, p := range parts {
			if !strings.Contains(row, p) {
				return false
			}
		}
		return true
	})
}

func TestPagesShowTheDistrict(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	for _, page := range []struct {
		path, zh, en string
		row          []string // parts of one row in Chinese
	}{
		{"/desk/admin", "区里的设置", "The district's set-up", []string{"区域", "126"}},
		{"/desk/admin/areas", "邻里区", "Linli District", []string{"槐树街道", "990101001"}},
		{"/desk/admin/areas?at=990101001", "槐树街道", "Huaishu Street", []string{"桂香社区"}},
		{"/desk/admin/units", "单位", "Units", []string{"u-centre"}},
		{"/desk/admin/units/u-centre", "区城市运行中心", "District Operation Centre", []string{"值班长"}},
		{"/desk/admin/matters", "事项", "Matters", []string{"下面"}},
		{"/desk/admin/matters?q=" + url.QueryEscape("井盖"), "事项", "Matters", []string{"井盖", "部件问题"}},
		{"/desk/admin/procedures", "规程", "Procedures", []string{"component-fault", "153"}},
		{"/desk/admin/procedures/component-fault", "部件问题", "Component fault", []string{"处置", "退回 → 裁定"}},
		{"/desk/admin/routes", "派遣规则", "Routing", []string{"全区"}},
		{"/desk/admin/import?table=areas", "导入一张表", "Import a table", []string{"code", "必填"}},
	} {
		b.Lang = "zh"
		got := b.Get(page.path)
		if got.Status != http.StatusOK || heading(got) != page.zh || !has(cells(got), page.row...) {
			t.Errorf("%s: %d, heading %q, want %q and a row with %q", page.path, got.Status, heading(got), page.zh, page.row)
		}
		b.Lang = "en"
		if got := b.Get(page.path); heading(got) != page.en {
			t.Errorf("%s in English: heading %q, want %q", page.path, heading(got), page.en)
		}
	}
	b.Lang = "zh"
	now := b.Get("/desk/admin/units").Find(func(n *html.Node) bool { return n.Data == "a" && apptest.Attr(n, "aria-current") == "page" })
	if len(now) != 2 || apptest.Text(now[0]) != "设置" || apptest.Text(now[1]) != "单位" {
		t.Errorf("%d links say where the reader is, want the menu's 设置 and the tab 单位", len(now))
	}
	if got := b.Get("/desk/admin/procedures/component-fault"); !strings.Contains(got.Text(), "procedure: component-fault") || len(got.Find(element("rect"))) < 8 {
		t.Error("the procedure is not drawn, or its YAML is missing")
	}
	for _, none := range []string{"areas?at=110101", "units/u-none", "units/%3Cscript%3E", "matters?at=zz", "procedures/none", "imports/7", "imports/x"} {
		if got := b.Get("/desk/admin/" + none); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", none, got.Status)
		}
	}
}

func TestOnlyAdministrators(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	if got := w.Browser().Get("/desk/admin"); !strings.HasPrefix(got.Path, "/sign-in") {
		t.Errorf("nobody signed in, and it went to %s", got.Path)
	}
	b := w.As(login(t, w, org.Dispatcher))
	for _, path := range []string{"/desk/admin", "/desk/admin/units/u-centre", "/desk/admin/import", "/desk/admin/imports/1"} {
		if got := b.Get(path); got.Status != http.StatusForbidden {
			t.Errorf("a dispatcher opens %s: %d", path, got.Status)
		}
	}
	got := b.PostFiles("/desk/admin/import", url.Values{"go": {"import"}, "table": {"units"}}, apptest.File{Field: "file", Name: "units.csv", Data: []byte("code,name,kind\nu-x,X,company\n")})
	if _, there := w.District().Org.Unit("u-x"); got.Status != http.StatusForbidden || there {
		t.Errorf("a dispatcher imports: %d, there %v (the right is %s)", got.Status, there, rights.SetupImport)
	}
}

func TestTryARoute(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	ask := func(matter, place, at string) apptest.Answer {
		return b.Get("/desk/admin/routes?" + url.Values{"matter": {matter}, "place": {place}, "at": {at}}.Encode())
	}
	d := w.District()
	grid := d.Areas.Children(d.Areas.Children("990101001")[0].Code)[0]
	for _, one := range []struct{ why, matter, place string }{
		{"by codes", "c01037", string(grid.Code)},
		{"in words", "路灯不亮", grid.Name.ZH},
	} {
		got := ask(one.matter, one.place, "2026-11-23T10:00")
		choice := d.Route("c01037", string(grid.Code), apptest.Start).Choices[0]
		name := d.Org.UnitName(org.UnitID(choice.Unit)).ZH
		if got.Status != http.StatusOK || !has(cells(got), "1", name, choice.Rule) || !strings.Contains(got.Text(), grid.Name.ZH) {
			t.Errorf("%s: %d, want %s by %s in %s", one.why, got.Status, name, choice.Rule, grid.Name.ZH)
		}
	}
	// A rule that holds outside office hours only answers at night.
	day, night := ask("m06028", "990101001", "2026-11-23T10:00"), ask("m06028", "990101001", "2026-11-23T23:00")
	if strings.Join(cells(day)[:3], "") == strings.Join(cells(night)[:3], "") {
		t.Errorf("day and night go to the same: %q", cells(day)[:3])
	}
	for _, bad := range []struct{ why, matter, place, at, field string }{
		{"no matter", "", "桂香社区", "", "matter"},
		{"a place that is none", "c01037", "火星", "", "place"},
		{"a time that is none", "c01037", "桂香社区", "tonight", "at"},
		{"hostile", "<script>alert(1)</script>", "'; drop table areas;--", "", "place"},
	} {
		got := ask(bad.matter, bad.place, bad.at)
		marked := got.Find(func(n *html.Node) bool {
			return apptest.Attr(n, "name") == bad.field && apptest.Attr(n, "aria-invalid") == "true"
		})
		if got.Status != http.StatusUnprocessableEntity || len(marked) != 1 || strings.Contains(got.Body, "<script>alert") {
			t.Errorf("%s: %d, %d fields marked", bad.why, got.Status, len(marked))
		}
	}
}
