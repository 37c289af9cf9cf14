package app_test

import (
	"context"
	"strings"

	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/web/ui/uitest"
)

// otherPages visits what the story of one case does not come by.
func (tn *town) otherPages() {
	first := tn.given("m06010", "桂香社区东门垃圾堆成山", "桂香路 18 号")
	second := tn.given("m06010", "东门口垃圾没人清，有味道", "桂香社区东门")
	noisy := tn.given("d-complaint", "楼下装修没人管", "")
	for _, number := range []string{first, second, noisy} {
		tn.does("guoyan", number, procedure.Move{Action: "file"})
	}
	tn.Due()
	tn.portalPages()
	tn.signInPage()
	tn.listPages(first)
	tn.rules(noisy)
	tn.merges(first, second)
	tn.fieldPages()
	tn.adminPages()
	tn.scorePages()
}

// given takes in a report in the grid 桂香07 and gives its number.
func (tn *town) given(matter, text, address string) string {
	tn.t.Helper()
	lon, lat := tn.middle("990101001004007")
	got, err := tn.Desk.Receive(context.Background(), tn.District(), intake.Sending{
		Channel: intake.Portal, Text: text, Matter: matter, Phone: "13800000039", Address: address, Point: geo.Point{Lon: lon, Lat: lat},
	})
	if err != nil {
		tn.t.Fatal(err)
	}
	return got.Case.Number
}

func (tn *town) portalPages() {
	p := tn.resident()
	p.look("about-access")
	for name, path := range map[string]string{
		"home-empty": "/", "matters": "/matters", "matter": "/matters/c01002", "area": "/area", "late": "/late", "mine": "/mine",
		"track": "/track", "about-privacy": "/about/privacy",
	} {
		p.see(name, path)
	}
	p.visit("/nowhere")
	p.refused("not-found", 404)
}

// refused looks at a page that tells what went wrong. The browser notes its
// status on the console, which is no defect of the page.
func (p *person) refused(name string, status int) {
	p.town.t.Helper()
	if got := uitest.Ask[int](p.Window, `performance.getEntriesByType('navigation')[0].responseStatus`); got != status {
		p.town.t.Errorf("%s: status %d, want %d: %.300s", p.Address(), got, status, p.Text())
	}
	for _, said := range p.Complaints() {
		if !strings.Contains(said, "the server responded with a status of") {
			p.town.t.Errorf("%s: the browser complains: %s", name, said)
		}
	}
	p.look(name)
}

func (tn *town) signInPage() {
	p := tn.resident()
	p.see("sign-in", "/sign-in")
	p.Fill(tn.say("登录名", "Login"), "chenli")
	p.Fill(tn.say("密码", "Password"), "不是这个")
	p.Follow(tn.say("登录", "Sign in"), 401, 403, 422)
	if p.Complaints(); !strings.Contains(p.Address(), "/sign-in") {
		tn.t.Errorf("a wrong password leads to %s", p.Address())
	}
	p.look("sign-in-wrong")
}

// listPages filters, searches and reads notices.
func (tn *town) listPages(number string) {
	tn.t.Helper()
	p := tn.staff("chenli")
	p.see("cases", "/desk/cases", number)
	p.Fill(tn.say("文字", "Text"), "成山")
	p.Follow(tn.say("筛选", "Filter"))
	p.Reads(number)
	p.look("cases-filtered")
	p.Fill(tn.say("搜索", "Search"), "垃圾")
	p.FollowKey("\r")
	p.Reads(number)
	p.look("search")
	p.see("search-nothing", "/desk/search?q=飞碟")
	p.see("notices", "/desk/notices")
}

// rules lets the shift leader say whose job something is.
func (tn *town) rules(number string) {
	tn.t.Helper()
	p := tn.staff("fanghua")
	p.see("no-owner", "/desk/no-owner", number)
	p.Select(tn.say("归谁管", "Whose job"), tn.District().Org.UnitName("u-huaishu").In(tn.lang))
	p.Fill(tn.say("理由", "Reason"), "装修扰民归街道")
	p.Follow(tn.say("裁定", "Rule"))
	p.look("no-owner-ruled")
	if c := tn.byNumber(number); c.NoOwner || c.Proposed != "u-huaishu" && c.Unit != "u-huaishu" {
		tn.t.Errorf("%s after the ruling: no owner %v, proposed %s, unit %s", number, c.NoOwner, c.Proposed, c.Unit)
	}
}

// merges ticks two cases in the queue and makes one of them.
func (tn *town) merges(keep, other string) {
	tn.t.Helper()
	p := tn.staff("chenli")
	p.visit("/desk")
	for _, number := range []string{keep, other} {
		p.Choose(number)
	}
	p.Follow(tn.say("并为一件", "Merge"))
	p.look("merge")
	p.Choose(keep)
	p.Follow(tn.say("并为一件", "Merge them"))
	p.look("merged")
	if c := tn.byNumber(other); c.State != "merged" {
		tn.t.Errorf("%s is %s, want merged", other, c.State)
	}
	p.see("case-merged", "/desk/case/"+string(tn.byNumber(other).ID), keep)
}

func (tn *town) fieldPages() {
	p := tn.staff("liuxiaoyan")
	p.see("field-empty", "/field")
	p.see("field-grid", "/field/grid")
	p.see("field-me", "/field/me")
	p.see("field-report", "/field/report")
}

func (tn *town) adminPages() {
	tn.t.Helper()
	p := tn.staff("suming")
	for name, path := range map[string]string{
		"admin": "", "admin-areas": "/areas", "admin-units": "/units", "admin-unit": "/units/u-shizheng", "admin-matters": "/matters",
		"admin-procedures": "/procedures", "admin-procedure": "/procedures/component-fault", "admin-routes": "/routes", "admin-import": "/import",
		"admin-calendars": "/calendars?year=2026", "admin-calendar": "/calendars/hall", "admin-calendar-shipped": "/calendars/standard",
	} {
		p.see(name, "/desk/admin"+path)
	}
	p.visit("/desk/admin/import")
	p.Attach(tn.say("文件", "File"), map[string][]byte{"我们的单位.csv": []byte("code,name,kind,areas\nu-new,新设养护队,company,990101001\n")})
	p.Follow(tn.say("先试一遍", "Try it first"))
	p.look("admin-import-tried")
	p.visit("/desk/admin/import")
	p.Attach(tn.say("文件", "File"), map[string][]byte{"units.csv": []byte("code,name,kind,areas\nu-bad,坏单位,nonsense,990101001\n")})
	p.Follow(tn.say("先试一遍", "Try it first"), 422)
	p.refused("admin-import-bad", 422)
	if _, there := tn.District().Org.Unit("u-new"); there {
		tn.t.Error("trying an import kept the unit")
	}
	tn.calendarPages(p)
}

// calendarPages looks at a notice before it is set, and at one that is refused.
func (tn *town) calendarPages(p *person) {
	tn.t.Helper()
	const notice = "2027-01-01,元旦,1\n2027-02-05,春节,1\n2027-02-06,春节,1\n2027-02-07,春节,1\n2027-02-08,春节,1\n2027-02-20,春节,0\n2027-04-05,清明节,1\n" +
		"2027-05-01,劳动节,1\n2027-05-03,劳动节,1\n2027-06-09,端午节,1\n2027-09-15,中秋节,1\n2027-10-01,国庆节,1\n2027-10-02,国庆节,1\n2027-10-03,国庆节,1\n"
	bring := func(what, file string, status ...int) {
		p.visit("/desk/admin/calendars")
		p.Choose(what)
		p.Attach(tn.say("文件", "File"), map[string][]byte{"notice.csv": []byte(file)})
		p.Follow(tn.say("先看会变什么", "See what would change"), status...)
	}
	year := tn.say("一年的放假和调休", "Days off and make-up workdays of a year")
	bring(year, notice+"2027-02-30,春节,1\n", 422)
	p.refused("admin-calendars-bad", 422)
	bring(year, notice)
	p.look("admin-calendars-tried")
	bring(tn.say("单位的日历", "A calendar of units"), "calendar: staggered\ntitle: {zh: 错时上班, en: Staggered hours}\nbase: standard\nhours: {mon-fri: [08:00-17:30]}\n")
	p.look("admin-calendar-tried")
	if tn.District().Calendar.Loaded(2027) {
		tn.t.Error("looking at a notice set it")
	}
}

// withoutScript tells the short story with the pages' script switched off:
// report, accept, send, done, checked, rated.
func (tn *town) withoutScript() {
	plain := func(p *person) *person {
		p.plain = true
		p.Script(false)
		return p
	}
	resident := plain(tn.resident())
	resident.toThePlace()
	resident.Choose("暂时没有")
	resident.Follow("下一步：照片和说明")
	resident.Attach("照片", tn.photo("manhole-before-1"))
	resident.Follow("下一步：联系方式")
	resident.Fill("电话", "13800000013")
	resident.Follow("报上去")
	number := resident.number()
	resident.Follow("看进度")
	resident.look("plain-track")

	plain(tn.staff("guoyan")).files(number)
	dispatcher := plain(tn.staff("chenli"))
	dispatcher.peeks(number)
	dispatcher.look("plain-queue")
	dispatcher.Follow("派出")
	handler := plain(tn.staff("wugang"))
	handler.repairs(number)
	walker := plain(tn.staff(tn.walkerOf(tn.byNumber(number))))
	walker.verifies(number)
	resident.isContent(number)
}
