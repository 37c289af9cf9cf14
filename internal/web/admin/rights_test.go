package admin_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/org"
)

// seat finds the post of a role that a login holds.
func seat(t *testing.T, w *apptest.World, login string, role org.Role) org.Post {
	t.Helper()
	d := w.District()
	p, _ := d.Org.PersonByLogin(login)
	for _, post := range d.HeldAt(p.ID, w.Clock.Now()) {
		if post.Role == role && post.For == "" {
			return post
		}
	}
	t.Fatalf("%s is not %s", login, role)
	return org.Post{}
}

func idOf(t *testing.T, w *apptest.World, login string) string {
	t.Helper()
	p, ok := w.District().Org.PersonByLogin(login)
	if !ok {
		t.Fatalf("no %s", login)
	}
	return string(p.ID)
}

// Each administrator opens the own pages and no others'.
//
// ASVS 8.2.1
func TestWhoOpensWhatOfTheAdministration(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	person, post := "/desk/admin/people/"+idOf(t, w, "wugang"), "/desk/admin/posts/"+string(seat(t, w, "wugang", org.Handler).ID)
	logins := []string{"suming", "luopei", "heqiao", "zhouhui", "wugang"}
	for _, one := range []struct {
		path, zh, en string
		may          []string
	}{
		{"/desk/admin/units/u-shizheng", "市政养护中心", "", []string{"suming", "luopei", "heqiao", "zhouhui"}},
		{"/desk/admin/matters", "事项", "Matters", []string{"suming"}},
		{"/desk/admin/calendars", "工作日历", "", []string{"suming"}},
		{"/desk/admin/people", "人员", "People", []string{"luopei", "heqiao", "zhouhui"}},
		{person, "吴刚能做什么", "What 吴刚 can do", []string{"luopei", "heqiao", "zhouhui"}},
		{post, "经办人，市政养护中心", "", []string{"luopei", "heqiao", "zhouhui"}},
		{"/desk/admin/roles", "哪些角色能做什么", "Which role may do what", []string{"luopei", "heqiao", "zhouhui"}},
		{"/desk/admin/audit", "审计", "Audit", []string{"heqiao"}},
		{"/desk/admin/audit.csv", "", "", []string{"heqiao"}},
		{"/desk/admin/import", "导入一张表", "Import a table", []string{"suming", "luopei"}},
	} {
		for _, login := range logins {
			b := w.As(login)
			got := b.Get(one.path)
			want := http.StatusForbidden
			if slices.Contains(one.may, login) {
				want = http.StatusOK
			}
			if got.Status != want || want == http.StatusOK && heading(got) != one.zh {
				t.Errorf("%s opens %s: %d, heading %q, want %d %q", login, one.path, got.Status, heading(got), want, one.zh)
			}
			b.Lang = "en"
			if got := b.Get(one.path); want == http.StatusOK && one.en != "" && heading(got) != one.en {
				t.Errorf("%s opens %s in English: %q, want %q", login, one.path, heading(got), one.en)
			}
		}
	}
	for login, title := range map[string]string{"suming": "区里的设置", "luopei": "人员与权限", "heqiao": "审计", "zhouhui": "人员"} {
		if got := heading(w.As(login).Get("/desk/admin")); got != title {
			t.Errorf("%s begins with %q, want %q", login, got, title)
		}
	}
	for _, path := range []string{person, "/desk/admin/posts/" + string(seat(t, w, "wugang", org.Handler).ID) + "/end"} {
		if got := w.As("heqiao").Post(path, url.Values{"reason": {"试"}}); got.Status != http.StatusForbidden {
			t.Errorf("an auditor posts to %s: %d", path, got.Status)
		}
	}
}

func giving(role, unit string) url.Values {
	return url.Values{"role": {role}, "unit": {unit}, "from": {"2026-11-23"}, "reason": {"临时加派"}}
}

// A post given works at once, is told to the auditor, and goes at its minute.
//
// GB/T 22239 8.1.4.2e
func TestAPostFromGivenToEnded(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	admin, page := w.As("luopei"), "/desk/admin/people/"+idOf(t, w, "wugang")
	wugang := w.As("wugang")
	if got := wugang.Get("/desk/take"); got.Status != http.StatusForbidden {
		t.Fatalf("a handler takes reports down: %d", got.Status)
	}
	if got := admin.Post(page, giving("agent", "u-centre")); got.Status != http.StatusOK || !strings.Contains(got.Text(), "看得到全区的案件") {
		t.Fatalf("giving: %d %s", got.Status, got.Text())
	}
	w.Due()
	if got := wugang.Get("/desk/take"); got.Status != http.StatusOK {
		t.Errorf("the session does not know of the new post: %d", got.Status)
	}
	auditor := w.As("heqiao")
	if got := auditor.Get("/desk/notices"); !strings.Contains(got.Text(), "有人的权限变了") || !strings.Contains(got.Text(), "话务员") {
		t.Errorf("the auditor was not told: %s", got.Text())
	}
	if got := auditor.Get("/desk/admin/audit?book=rights&who=wugang"); !has(cells(got), "给了岗位", "罗沛", "吴刚", "临时加派") {
		t.Errorf("the audit lists %q", cells(got))
	}
	if got := auditor.Get("/desk/admin/audit?book=rights&who=chenli&from=2026-11-24"); len(cells(got)) > 0 {
		t.Errorf("tomorrow nothing was done to chenli: %q", cells(got))
	}
	post := "/desk/admin/posts/" + string(seat(t, w, "wugang", org.Agent).ID)
	if got := admin.Post(post+"/end", url.Values{"at": {"2026-11-23T12:00"}, "reason": {"不用了"}}); got.Status != http.StatusOK {
		t.Fatalf("ending: %d %s", got.Status, got.Text())
	}
	w.Clock.Advance(time.Hour + 39*time.Minute) // 11:59
	if got := wugang.Get("/desk/take"); got.Status != http.StatusOK {
		t.Errorf("a minute early: %d", got.Status)
	}
	w.Clock.Advance(time.Minute)
	if got := wugang.Post("/desk/take", url.Values{}); got.Status != http.StatusForbidden {
		t.Errorf("an open page's next act at noon: %d, want it refused", got.Status)
	}
	auditor = w.As("heqiao") // administrators are signed out after half an hour
	table := auditor.Get("/desk/admin/audit.csv?book=rights")
	if table.Status != http.StatusOK || !strings.Contains(table.Body, "收回了岗位") {
		t.Errorf("the table: %d %s", table.Status, table.Body)
	}
	if got := auditor.Get("/desk/admin/audit?book=export"); !has(cells(got), "导出了表格", "何樵", "audit") {
		t.Errorf("taking the table out is no entry: %q", cells(got))
	}
}

// GB/T 22239 8.1.4.2d
func TestWhatASecurityAdministratorIsRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	admin := w.As("luopei")
	for _, one := range []struct {
		why, login string
		form       url.Values
		status     int
		says       string
	}{
		{"a post of his own", "luopei", giving("leader", "u-centre"), http.StatusForbidden, "不能给自己岗位"},
		{"two of the three administrators", "suming", giving("audit-admin", "u-centre"), http.StatusConflict, "不能是同一个人"},
		{"no reason", "wugang", url.Values{"role": {"clerk"}, "unit": {"u-centre"}}, http.StatusUnprocessableEntity, "请写明理由"},
		{"a date that is none", "wugang", url.Values{"role": {"clerk"}, "unit": {"u-centre"}, "from": {"soon"}, "reason": {"x"}}, http.StatusUnprocessableEntity, "不是日期"},
		{"hostile", "wugang", url.Values{"role": {"<script>alert(1)</script>"}, "unit": {"'; drop table posts;--"}, "reason": {"x"}}, http.StatusUnprocessableEntity, "没有"},
	} {
		got := admin.Post("/desk/admin/people/"+idOf(t, w, one.login), one.form)
		if got.Status != one.status || !strings.Contains(got.Text(), one.says) || strings.Contains(got.Body, "<script>alert") {
			t.Errorf("%s: %d, want %d %q", one.why, got.Status, one.status, one.says)
		}
	}
	for _, none := range []string{"people/none", "posts/none", "people/%3Cscript%3E"} {
		if got := admin.Get("/desk/admin/" + none); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", none, got.Status)
		}
	}
}

func TestAStandInOnThePages(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	admin := w.As("luopei")
	post := "/desk/admin/posts/" + string(seat(t, w, "wugang", org.Handler).ID)
	got := admin.Post(post+"/stand-in", url.Values{"person": {idOf(t, w, "luzhen")}, "from": {""}, "to": {"2026-11-24T17:30"}, "reason": {"休假"}})
	if got.Status != http.StatusOK || !has(cells(got), "陆振代吴刚") {
		t.Fatalf("naming a stand-in: %d %s", got.Status, got.Text())
	}
	if got := admin.Get("/desk/admin/people/" + idOf(t, w, "luzhen")); !strings.Contains(got.Text(), "（代吴刚）") {
		t.Errorf("the stand-in's page does not say for whom: %s", got.Text())
	}
	if got := admin.Get("/desk/admin/people/" + idOf(t, w, "wugang")); !strings.Contains(got.Text(), "什么也不能做") {
		t.Errorf("who is on leave can still do something: %s", got.Text())
	}
	d := w.District()
	id := d.Org.StandInsOf(seatOf(w, "wugang"))[0].ID
	if got := admin.Post(post+"/stand-ins/"+string(id), nil); got.Status != http.StatusOK {
		t.Errorf("ending it: %d", got.Status)
	}
	if got := admin.Get("/desk/admin/people/" + idOf(t, w, "wugang")); strings.Contains(got.Text(), "什么也不能做") {
		t.Error("back from leave he still can do nothing")
	}
}

func seatOf(w *apptest.World, login string) org.PostID {
	p, _ := w.District().Org.PersonByLogin(login)
	return w.District().Org.AllPostsOf(p.ID)[0].ID
}

// Posts come in through whoever gives rights, never through who sets up, and
// nobody brings one of his own.
func TestWhoImportsPosts(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	bring := func(login, table, text string) apptest.Answer {
		return w.As(login).PostFiles("/desk/admin/import", url.Values{"go": {"import"}, "table": {table}}, apptest.File{Field: "file", Name: table + ".csv", Data: []byte(text)})
	}
	posts := "login,role,unit,area,from,to\nwugang,clerk,u-centre,,2026-11-23,\n"
	for _, one := range []struct {
		why, login, table, text string
		status                  int
	}{
		{"who sets up gives no rights by a table", "suming", "posts", posts, http.StatusForbidden},
		{"who gives rights sets nothing up", "luopei", "units", "code,name,kind\nu-x,X,company\n", http.StatusForbidden},
		{"a post of one's own", "luopei", "posts", "login,role,unit,area,from,to\nluopei,leader,u-centre,,,\n", http.StatusUnprocessableEntity},
		{"an administrator made auditor", "luopei", "posts", "login,role,unit,area,from,to\nsuming,audit-admin,u-centre,,,\n", http.StatusUnprocessableEntity},
		{"a good table", "luopei", "posts", posts, http.StatusOK},
	} {
		if got := bring(one.login, one.table, one.text); got.Status != one.status {
			t.Errorf("%s: %d, want %d: %s", one.why, got.Status, one.status, got.Text())
		}
	}
	if got := w.As("heqiao").Get("/desk/admin/audit?who=luopei"); !has(cells(got), "导入了表格", "posts.csv") || !has(cells(got), "导入了岗位", "吴刚", "窗口人员") {
		t.Errorf("the audit lists %q", cells(got))
	}
}
