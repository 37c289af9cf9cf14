package app_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/web/ui/uitest"
)

// TestPeopleInBrowser visits what people have of their own accounts, of posts and
// rights, and of what is kept of a person: every page in both languages at both
// widths, and once without script.
func TestPeopleInBrowser(t *testing.T) {
	t.Parallel()
	browser := uitest.Start(t)
	t.Run("ways", func(t *testing.T) {
		for _, g := range []glance{{lang.ZH, 390}, {lang.ZH, 1440}, {lang.EN, 390}, {lang.EN, 1440}} {
			t.Run(g.String(), func(t *testing.T) {
				t.Parallel()
				newOpenTown(t, browser, g).people(true)
			})
		}
		t.Run("without-script", func(t *testing.T) {
			t.Parallel()
			newOpenTown(t, browser, glance{lang.ZH, 390}).people(false)
		})
	})
}

// people goes through the pages of the people. The order is that of a story: a
// resident reports, staff look, observers are let in, administrators and auditors
// see what came of it, and the resident reads who looked.
func (tn *town) people(script bool) {
	tn.House.Residents.Demo = true
	number := tn.given("c01002", "门口污水井盖碎了", "桂香路 18 号")
	tn.Due()
	tn.looksBehind(script, number)
	tn.opens(script, number)
	tn.observes(script, number)
	tn.givesPosts(script)
	tn.makesKey(script)
	tn.outward(script, number)
	tn.audits(script, number)
	tn.ownAccount(script)
	tn.ownMatters(script, number)
	tn.log(script, number)
}

// as opens a window of somebody of the staff, with script or without.
func (tn *town) as(login string, script bool) *person {
	tn.t.Helper()
	p := tn.staff(login)
	p.Script(script)
	p.plain = !script
	return p
}

func (tn *town) path(number string) string { return "/desk/case/" + string(tn.byNumber(number).ID) }

// looksBehind has an acceptor ask to see a number, wrongly at first.
func (tn *town) looksBehind(script bool, number string) {
	tn.t.Helper()
	p := tn.as("guoyan", script)
	report := ""
	if err := tn.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		report, err = db.Value[string](context.Background(), tx, "select id from reports where district = $1 and case_id = $2", tn.House.District, string(tn.byNumber(number).ID))
		return err
	}); err != nil {
		tn.t.Fatal(err)
	}
	p.see("reveal", tn.path(number)+"/reveal?report="+url.QueryEscape(report), number)
	p.see("case-with-person", tn.path(number), number)
	p.see("looks-none", "/desk/looks")
}

// opens has a supervisor see who sees the case, and lets the deputy see it too.
func (tn *town) opens(script bool, number string) {
	tn.t.Helper()
	p := tn.as("zhouhui", script)
	p.see("who-sees", tn.path(number)+"/who", number)
	p.Select(tn.say("公开给谁", "To whom"), p.option("to"))
	p.Fill(tn.say("为什么公开", "Why"), "代表视察井盖")
	p.setDate("until", "2026-11-20")
	p.Follow(tn.say("公开", "Open it"), 422) // that day is over
	p.refused("who-sees-wrong", 422)
	p.setDate("until", "2026-12-20")
	p.Follow(tn.say("公开", "Open it"))
	p.look("who-sees-opened")
	p.see("who-asked", "/desk/who?number="+number, number)
	p.visit("/desk/who?number=999999-99999")
	p.refused("who-unknown", 404)
}

// option is what the first choice of a select says that is not empty.
func (p *person) option(name string) string {
	return uitest.Ask[string](p.Window, `[...document.querySelector('select[name=`+name+`]').options].find((o) => o.value)?.text ?? ''`)
}

// setDate writes a day as the browser's own field does.
func (p *person) setDate(name, day string) {
	uitest.Ask[bool](p.Window, `(() => { document.querySelector('[name=`+name+`]').value = '`+day+`'; return true })()`)
}

func (tn *town) observes(script bool, number string) {
	tn.t.Helper()
	p := tn.as("dingyan", script)
	p.see("observe", "/desk/observe", number)
	p.see("observe-nothing", "/desk/observe?q=没有这一件")
	p.visit("/desk/observe")
	p.Follow(number)
	p.look("observe-case")
	p.Fill(tn.say("督查意见，经办单位会看到", "Your remark; the unit sees it"), "现场看过，井盖已经围起来。")
	p.Follow(tn.say("提交意见", "Send the remark"))
	p.Reads("现场看过，井盖已经围起来。")
	p.look("observe-remarked")
}

// givesPosts looks at people, roles and posts, gives one wrongly, and names a
// stand-in.
func (tn *town) givesPosts(script bool) {
	tn.t.Helper()
	p := tn.as("luopei", script)
	p.see("admin-security", "/desk/admin")
	p.see("admin-people", "/desk/admin/people", "陈立")
	p.see("admin-roles", "/desk/admin/roles")
	d := tn.District()
	who, _ := d.Org.PersonByLogin("luzhen")
	p.see("admin-person", "/desk/admin/people/"+string(who.ID), "陆振")
	p.Select(tn.say("角色", "Role"), d.Catalogue.Roles().Roles()[0].Title.In(tn.lang))
	p.Select(tn.say("单位", "Unit"), p.option("unit"))
	p.Fill(tn.say("理由", "Reason"), "人手不够")
	p.setDate("to", "2026-01-01")
	p.Follow(tn.say("给这个岗位", "Give this post"), 422)
	p.refused("admin-give-wrong", 422)
	post := d.Org.PostsOf(who.ID, d.Day)[0]
	p.see("admin-post", "/desk/admin/posts/"+string(post.ID))
}

func (tn *town) makesKey(script bool) {
	tn.t.Helper()
	p := tn.as("luopei", script)
	p.see("admin-keys", "/desk/admin/keys")
	p.Fill(tn.say("给哪个系统用", "For which system"), "市政视频平台")
	p.Follow(tn.say("建密钥", "Make the key"), 422)
	p.refused("admin-keys-wrong", 422)
	p.Choose(tn.say("代居民登记来件", "take down a report"))
	p.Follow(tn.say("建密钥", "Make the key"))
	p.Reads("市政视频平台")
	p.look("admin-keys-made")
}

func (tn *town) audits(script bool, number string) {
	tn.t.Helper()
	tn.Due()
	p := tn.as("heqiao", script)
	p.see("admin-audit-admin", "/desk/admin")
	p.see("admin-audit", "/desk/admin/audit")
	p.see("audit-looks", "/desk/looks")
	p.see("audit-notices", "/desk/notices")
	p.see("admin-register", "/desk/admin/register")
	p = tn.as("linwang", script)
	p.see("admin-retention", "/desk/admin/retention")
	p = tn.as("yaolan", script)
	p.see("take-data", "/desk/data-requests/new")
}

// ownAccount changes things of one's own account, and comes in by a recovery code.
func (tn *town) ownAccount(script bool) {
	tn.t.Helper()
	p := tn.as("chenli", script)
	p.see("account", "/account", "chenli")
	p.see("account-password", "/account/password")
	p.visit("/account/app") // she has one
	p.refused("account-app", 409)
	p.visit("/account")
	p.Follow(tn.say("换十个新的", "Ten new ones"))
	p.look("account-recovery")
	code := uitest.Ask[string](p.Window, `document.querySelector('#codes li')?.innerText ?? ''`)
	p.Follow(tn.say("抄好了，继续", "Written down, go on"))
	tn.leave(p)
	p.visit("/sign-in")
	p.Fill(tn.say("登录名", "Login"), "chenli")
	p.Fill(tn.say("密码", "Password"), "linli-demo-2026")
	p.Follow(tn.say("登录", "Sign in"))
	p.Press(tn.say("手机不在身边", "My phone is not here"))
	p.look("second-recovery")
	p.Fill(tn.say("恢复码", "Recovery code"), code)
	p.Follow(tn.say("用恢复码登录", "Sign in with it"))
	tn.at(p, "/desk")
	tn.invited()
}

// invited follows the link by which somebody new sets a password.
func (tn *town) invited() {
	tn.t.Helper()
	link := ""
	if err := tn.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		who, _ := tn.District().Org.PersonByLogin("wugang")
		_, link, err = access.Invite(context.Background(), tx, tn.House.District, "wugang", string(who.ID), access.By{})
		return err
	}); err != nil {
		tn.t.Fatal(err)
	}
	p := tn.resident()
	p.see("invited", "/sign-in/invited/"+link, "wugang")
	p.visit("/sign-in/invited/not-a-link")
	p.refused("invited-gone", 404)
}

// ownMatters signs the resident in by the code on the page and reads what is
// theirs.
func (tn *town) ownMatters(script bool, number string) {
	tn.t.Helper()
	p := tn.resident()
	p.Script(script)
	p.see("me-sign-in", "/me/sign-in")
	p.Fill(tn.say("手机号", "Mobile number"), "13800000039")
	p.Follow(tn.say("发验证码", "Send the code"))
	p.look("me-code")
	code := strings.TrimSpace(uitest.Ask[string](p.Window, `document.querySelector('[data-code]').innerText`))
	p.Fill(tn.say("6 位验证码", "Code of 6 digits"), code)
	p.Follow(tn.say("登录", "Sign in"))
	tn.at(p, "/me")
	p.Reads(number)
	p.look("me-matters")
	for name, path := range map[string]string{
		"me-looks": "/me/looks", "me-settings": "/me/settings", "me-proxies": "/me/proxies", "me-proxy-new": "/me/proxies/new", "me-delete": "/me/delete", "me-data": "/me/data", "me-consents": "/me/consents", "me-ways": "/me/ways", "me-notice": "/me/notice",
		"track-own": "/track/" + number, "track-looks": "/track/" + number + "/looks",
	} {
		p.see(name, path)
	}
}

// log looks at the page of the public log.
func (tn *town) log(script bool, number string) {
	tn.t.Helper()
	tn.Due()
	p := tn.resident()
	p.Script(script)
	p.see("trail-log", "/trail/")
	p.see("about-register", "/about/register")
	tn.reads(p)
}
