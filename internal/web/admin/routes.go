package admin

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// home is the address of the first page; the others lie below it.
const home = "/desk/admin"

// Routes adds the pages of the administration.
func Routes(mux *http.ServeMux, h *page.House) {
	rightsRoutes(mux, h)
	hookRoutes(mux, h)
	peerRoutes(mux, h)
	for pattern, fn := range map[string]page.Handler{
		"GET " + home + "/areas":             areas,
		"GET " + home + "/matters":           matters,
		"GET " + home + "/procedures":        procedures,
		"GET " + home + "/procedures/{name}": procedureShow,
		"GET " + home + "/routes":            routing,
	} {
		mux.Handle(pattern, h.Staff(rights.SetupImport, fn))
	}
	for pattern, fn := range map[string]page.Handler{
		"GET " + calendarsPath:             calendarsShow,
		"POST " + calendarsPath:            calendarsBring,
		"GET " + calendarsPath + "/{name}": calendarShow,
		"POST " + calendarsPath + "/drop":  calendarsDrop,
	} {
		mux.Handle(pattern, h.Staff(rights.CalendarKeep, fn))
	}
}

// rightsRoutes are the pages of who may do what, and of who did what.
func rightsRoutes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET "+home, h.Staff(rights.SetupImport, overview, rights.PostKeep, rights.RightsSee, rights.AuditSee))
	for pattern, fn := range map[string]page.Handler{ // posts are brought in by whoever gives them
		"GET " + home + "/import":        importForm,
		"POST " + home + "/import":       importTable,
		"GET " + home + "/imports/{seq}": imported,
		"GET " + runsPath + "/{id}":      runShow,
	} {
		mux.Handle(pattern, h.Staff(rights.SetupImport, fn, rights.PostKeep))
	}
	for pattern, fn := range map[string]page.Handler{
		"GET " + home + "/units":      units,
		"GET " + home + "/units/{id}": unit,
	} {
		mux.Handle(pattern, h.Staff(rights.SetupImport, fn, rights.PostKeep, rights.RightsSee))
	}
	for pattern, fn := range map[string]page.Handler{
		"GET " + peoplePath:           people,
		"GET " + peoplePath + "/{id}": person,
		"GET " + rolesPath:            roles,
		"GET " + postsPath + "/{id}":  post,
	} {
		mux.Handle(pattern, h.Staff(rights.RightsSee, fn))
	}
	for pattern, fn := range map[string]page.Handler{
		"POST " + peoplePath + "/{id}":               give,
		"POST " + postsPath + "/{id}/end":            end,
		"POST " + postsPath + "/{id}/stand-in":       stand,
		"POST " + postsPath + "/{id}/stand-ins/{of}": endStandIn,
	} {
		mux.Handle(pattern, h.Staff(rights.PostKeep, fn))
	}
	mux.Handle("GET "+retentionPath, h.Staff(rights.HoldKeep, retention, rights.DataKeep, rights.AuditSee))
	mux.Handle("POST "+retentionPath+"/holds", h.Staff(rights.HoldKeep, putHold))
	mux.Handle("POST "+retentionPath+"/holds/{id}/lift", h.Staff(rights.HoldKeep, liftHold))
	mux.Handle("GET "+registerPath, h.Staff(rights.RightsSee, register, rights.HoldKeep, rights.DataKeep, rights.AuditSee))
	mux.Handle("GET "+keysPath, h.Staff(rights.AccountManage, keysShow))
	mux.Handle("POST "+keysPath, h.Staff(rights.AccountManage, keyAdd))
	mux.Handle("POST "+keysPath+"/{id}/end", h.Staff(rights.AccountManage, keyEnd))
	noticeRoutes(mux, h)
	mux.Handle("GET "+auditPath, h.Staff(rights.AuditSee, audit))
	mux.Handle("GET "+auditPath+".csv", h.Staff(rights.AuditSee, auditTable))
}

// head is what stands above every page's own part.
type head struct {
	Title, Said string
	At          string // the tab
	Path        []ui.Link
	Button      ui.Btn
}

// show draws a page; htmx gets the page's own part alone.
func show(v *page.View, status int, h head, body templ.Component) error {
	if v.R.Header.Get("HX-Request") == "true" {
		return v.Show(status, body)
	}
	return v.Show(status, frame(v.Page(h.Title), page.Staff(v, "admin"), h, tabs(v, h.At), body))
}

// tabs are the views that the reader may open: each administrator has the own.
// First who and where, then how work goes, then what goes out and who comes in,
// then what is kept.
func tabs(v *page.View, at string) []ui.Link {
	var all []ui.Link
	add := func(may bool, text, href string) {
		if may {
			all = append(all, ui.Link{Text: text, Href: href, Now: href == home+at})
		}
	}
	sets, sees := v.Can(rights.SetupImport), v.Can(rights.RightsSee)
	add(sets || v.Can(rights.PostKeep) || v.Can(rights.AuditSee), v.Say("总览", "Overview"), home)
	add(sets || v.Can(rights.PostKeep), v.Say("导入", "Import"), home+"/import")
	add(sets, v.Say("区域", "Areas"), home+"/areas")
	add(sets || v.Can(rights.PostKeep) || sees, v.Say("单位", "Units"), home+"/units")
	add(sees, v.Say("人员", "People"), peoplePath)
	add(sees, v.Say("角色", "Roles"), rolesPath)
	add(sets, v.Say("事项", "Matters"), home+"/matters")
	add(sets, v.Say("规程", "Procedures"), home+"/procedures")
	add(sets, v.Say("派遣规则", "Routing"), home+"/routes")
	add(v.Can(rights.CalendarKeep), v.Say("工作日历", "Calendars"), calendarsPath)
	add(sets, v.Say("通知措辞", "Wordings"), wordingsPath)
	add(sets || v.Can(rights.AuditSee), v.Say("发出的消息", "Messages"), messagesPath)
	add(v.Can(rights.AccountManage), v.Say("密钥", "Keys"), keysPath)
	add(v.Can(rights.HookKeep), v.Say("推送", "Webhooks"), hooksPath)
	add(sets, v.Say("Open311 对接", "Open311 servers"), peersPath)
	add(v.Can(rights.HoldKeep) || v.Can(rights.DataKeep) || v.Can(rights.AuditSee), v.Say("保存期限", "Retention"), retentionPath)
	add(sees || v.Can(rights.HoldKeep) || v.Can(rights.DataKeep) || v.Can(rights.AuditSee), v.Say("信息登记表", "Register"), registerPath)
	add(v.Can(rights.AuditSee), v.Say("审计", "Audit"), auditPath)
	return all
}
