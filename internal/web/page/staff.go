package page

import (
	"slices"

	"linli/internal/casework"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/ui"
)

// Staff is the bar over every page of the desk, with what the reader's posts
// may open. current names the menu's item that the page belongs to: queue,
// cases, no-owner, watch, board, scores, take, looks, field, observe, matters or admin. A count that cannot be read
// is left out: the bar must not take the page down.
func Staff(v *View, current string) ui.StaffBar {
	bar := ui.StaffBar{Home: "/desk", SignOut: "/sign-out"}
	if v.Reader == nil {
		return bar
	}
	bar.Me, bar.Account = v.Me(), []ui.Link{{Text: v.Say("我的登录", "My sign-in"), Href: "/account"}}
	if v.Can(rights.CaseSee) {
		bar.Search, bar.Query = "/desk/search", v.R.URL.Query().Get("q")
		bar.SearchHint = v.Say("编号、地址、电话后四位", "Number, place, last four digits")
	}
	bar.Notices = ui.Link{Text: v.Say("没读的提醒", "Unread notices"), Href: "/desk/notices"}
	bar.NoticeCount = v.unread()
	bar.Menu = v.menu()
	for i := range bar.Menu {
		bar.Menu[i].Now = bar.Menu[i].Href == staffPlaces[current]
	}
	return bar
}

// staffPlaces are the addresses of the menu's items; never changed.
var staffPlaces = map[string]string{
	"queue": "/desk", "cases": "/desk/cases", "no-owner": "/desk/no-owner", "watch": "/desk/watch", "board": "/desk/board", "scores": "/desk/scores", "take": "/desk/take",
	"looks": "/desk/looks", "field": "/field", "observe": "/desk/observe", "matters": "/matters", "admin": "/desk/admin",
}

// menu are the places of the desk that the reader may go to.
func (v *View) menu() (menu []ui.NavItem) {
	add := func(text, href string, count *int) {
		menu = append(menu, ui.NavItem{Link: ui.Link{Text: text, Href: href}, Count: count})
	}
	if v.Can(rights.CaseSee) {
		add(v.Say("待办", "To do"), "/desk", v.tally(casework.Filter{Queue: &casework.Queue{Posts: v.Actors()}}))
		add(v.Say("案件", "Cases"), "/desk/cases", nil)
	}
	if v.Can(rights.OwnerName) {
		add(v.Say("无主件", "No owner"), "/desk/no-owner", v.tally(casework.Filter{NoOwner: true, States: []casework.State{casework.Running}, Scope: v.Scope()}))
	}
	if v.Can(rights.CaseSee) {
		add(v.Say("督办", "Supervision"), "/desk/watch", v.waiting())
	} else if v.Can(rights.AdmissionKeep) { // the administrator sees no case
		add(v.Say("准入清单", "Admission list"), "/desk/watch/admissions", nil)
	}
	if v.Can(rights.ScoreSee) {
		add(v.Say("看板", "Board"), "/desk/board", nil)
		add(v.Say("考核", "Scorecards"), "/desk/scores", nil)
	}
	if v.Can(rights.ReportReceive) {
		add(v.Say("来件登记", "Take down"), "/desk/take", nil)
	}
	if v.field() {
		add(v.Say("网格", "Field"), "/field", nil)
	}
	if v.Can(rights.CaseObserve) {
		add(v.Say("向我公开的", "Open to me"), "/desk/observe", v.tally(casework.Filter{Scope: v.Observed()}))
	}
	if v.Can(rights.LookDelay) || v.Can(rights.AuditSee) || v.Can(rights.PostKeep) {
		add(v.Say("查看记录", "Looks"), "/desk/looks", nil)
	}
	add(v.Say("事项与时限", "Matters and limits"), "/matters", nil)
	switch {
	case v.Can(rights.SetupImport):
		add(v.Say("设置", "Set-up"), "/desk/admin", nil)
	case v.Can(rights.PostKeep):
		add(v.Say("人员与权限", "People and rights"), "/desk/admin", nil)
	case v.Can(rights.AuditSee):
		add(v.Say("审计", "Audit"), "/desk/admin", nil)
	case v.Can(rights.RightsSee):
		add(v.Say("谁能做什么", "Who may do what"), "/desk/admin", nil)
	}
	return menu
}

// field reports whether the reader walks a grid.
func (v *View) field() bool {
	return slices.ContainsFunc(v.Reader.Posts, func(p org.Post) bool { return p.Role == org.GridWorker || p.Role == org.GridLeader })
}

// tally counts for the menu; nil, which draws nothing, where it cannot.
func (v *View) tally(f casework.Filter) *int {
	t, err := casework.Count(v.Context(), v.House.DB, v.District, f, v.Now)
	if err != nil {
		v.House.Log.WarnContext(v.Context(), "the menu has no count", "error", err)
		return nil
	}
	return ui.N(t.N)
}

// waiting counts the orders that wait for the reader: for an answer of one of
// the reader's units, or answered and for a supervisor to settle.
func (v *View) waiting() *int {
	var units []string
	for _, a := range v.Actors() {
		if a.Unit != "" {
			units = append(units, a.Unit)
		}
	}
	wait := []supervise.OrderFilter{{Units: append([]string{}, units...), Waiting: true}}
	if v.Can(rights.Supervise) {
		wait = append(wait, supervise.OrderFilter{States: []supervise.OrderState{supervise.Replied}, Running: true})
	}
	sum := 0
	for _, f := range wait {
		n, _, err := supervise.CountOrders(v.Context(), v.House.DB, v.District, f, v.Now)
		if err != nil {
			v.House.Log.WarnContext(v.Context(), "the menu has no count of orders", "error", err)
			return nil
		}
		sum += n
	}
	return ui.N(sum)
}

// Told are those whose notices the reader reads: each post, and its unit where
// the post sees the unit's cases.
func (v *View) Told() (all []notice.To) {
	seen := map[notice.To]bool{}
	for _, a := range v.Actors() {
		sees := len(casework.ScopeOf(v.District, a)) > 0
		for _, to := range []notice.To{notice.Post(a.Post), notice.Unit(a.Unit)} {
			if to.Ref != "" && !seen[to] && (sees || to == notice.Post(a.Post)) {
				seen[to] = true
				all = append(all, to)
			}
		}
	}
	return all
}

func (v *View) unread() int {
	n, err := notice.CountUnread(v.Context(), v.House.DB, v.District.Code, v.Told()...)
	if err != nil {
		v.House.Log.WarnContext(v.Context(), "the menu has no count of notices", "error", err)
	}
	return n
}

// Me is the reader's name with the role of the first post: 陈立 · 派遣员.
func (v *View) Me() string {
	if v.Reader == nil {
		return ""
	}
	if len(v.Reader.Posts) == 0 {
		return v.Reader.Person.Name
	}
	return v.Reader.Person.Name + " · " + v.RoleName(string(v.Reader.Posts[0].Role))
}

// RoleName is what a role is called.
func (v *View) RoleName(role string) string {
	if r, ok := v.District.Catalogue.Roles().Role(role); ok {
		return r.Title.In(v.Lang)
	}
	return org.Role(role).Text().In(v.Lang)
}
