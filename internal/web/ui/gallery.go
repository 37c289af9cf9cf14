package ui

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/lang"
)

// Gallery serves the pages that show every component, for whoever builds or
// looks after linli: below /gallery/ the parts of the desk, of a resident's
// page, and the desk's two densest pages whole. ?lang=en and ?theme=dark choose
// what anybody can choose. All on them is invented.
func Gallery() http.Handler {
	pages := map[string]func(Page) templ.Component{
		"/gallery/":         galleryStaff,
		"/gallery/resident": galleryResident,
		"/gallery/queue":    galleryQueue,
		"/gallery/case":     galleryCase,
		"/gallery/board":    galleryBoard,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", CSP)
		templ.Handler(draw(galleryPage(r))).ServeHTTP(w, r)
	})
}

// galleryPage reads the two choices, and where each switch leads.
func galleryPage(r *http.Request) Page {
	l, theme := lang.Parse(r.FormValue("lang")), ""
	if t := r.FormValue("theme"); t == "dark" || t == "light" {
		theme = t
	}
	address := func(l lang.Lang, theme string) string {
		return r.URL.Path + "?lang=" + string(l) + "&theme=" + theme
	}
	other, flip := lang.EN, "dark"
	if l == lang.EN {
		other = lang.ZH
	}
	if theme == "dark" {
		flip = "light"
	}
	return Page{
		Lang: l, Theme: theme, Title: l.Pick("样式单", "Components"),
		LangHref: address(other, theme), ThemeHref: address(l, flip),
	}
}

// galleryMenu leads from one gallery page to the next.
func galleryMenu(p Page, now string) []NavItem {
	l := p.Lang
	query := "?lang=" + string(l) + "&theme=" + p.Theme
	item := func(path, zh, en string) NavItem {
		return NavItem{Link: Link{Text: l.Pick(zh, en), Href: path + query, Now: path == now}}
	}
	items := []NavItem{
		item("/gallery/", "工作端部件", "Desk parts"),
		item("/gallery/resident", "居民端部件", "Resident parts"),
		item("/gallery/queue", "派遣", "Dispatch"),
		item("/gallery/case", "案件", "Case"),
		item("/gallery/board", "督办", "Board"),
	}
	items[2].Count = N(38)
	return items
}

func galleryBar(p Page, now string) StaffBar {
	l := p.Lang
	return StaffBar{
		Home: "/gallery/", Menu: galleryMenu(p, now),
		Search: "/gallery/queue", SearchHint: l.Pick("编号、地址、电话后四位", "Number, address, last 4 digits"),
		Notices: Link{Text: W(l).Notices, Href: "/gallery/"}, NoticeCount: 3,
		Me:      l.Pick("陈立 · 派遣员", "Chen Li · dispatcher"),
		Account: []Link{{Text: l.Pick("我的岗位", "My posts"), Href: "/gallery/"}}, SignOut: "/gallery/",
	}
}

// galleryMap is a few streets drawn by hand: plan units of 0.7 m, the origin at
// the north-west.
func galleryMap(l lang.Lang) MapView {
	here := galleryPlan(318, 212)
	v := MapView{
		Box: Box{galleryPlan(160, 372).Lon, galleryPlan(160, 372).Lat, galleryPlan(460, 122).Lon, galleryPlan(460, 122).Lat},
		Alt: l.Pick("桂香路一带地图。您选的位置在桂香路 18 号门前，附近 40 米有一件已上报。",
			"Map around Guixiang Road. The chosen place is in front of no. 18; a case is already reported 40 m away."),
		Parks: []MapShape{{Name: l.Pick("桂香园", "Garden"), Path: galleryPath(452, 190, 596, 184, 598, 338, 450, 336)}, {Name: l.Pick("小学", "School"), Path: galleryPath(350, 280, 416, 280, 416, 332, 350, 332)}},
		Water: []MapShape{{Path: galleryPath(520, 290, 560, 290, 560, 306, 520, 306)}},
		Roads: []MapLine{
			{Name: l.Pick("桂香路", "Guixiang Road"), Path: galleryPath(-40, 181, 720, 158), Width: 3},
			{Name: l.Pick("槐树街", "Huaishu Street"), Path: galleryPath(-40, 349, 720, 364), Width: 3},
			{Path: galleryPath(180, -20, 180, 560), Width: 2}, {Path: galleryPath(430, -20, 430, 560), Width: 2},
			{Path: galleryPath(305, 172, 305, 356), Width: 1}, {Path: galleryPath(180, 262, 430, 262), Width: 1},
		},
		Grids: []MapShape{
			{Name: l.Pick("桂香03", "Guixiang 03"), Path: galleryPath(180, -10, 430, -10, 430, 167, 180, 175)},
			{Name: l.Pick("桂香06", "Guixiang 06"), Path: galleryPath(-30, 181, 180, 175, 180, 354, -30, 349)},
			{Name: l.Pick("桂香11", "Guixiang 11"), Path: galleryPath(430, 167, 610, 162, 610, 362, 430, 359)},
			{Name: l.Pick("桂香07网格", "Guixiang 07"), Path: galleryPath(180, 175, 430, 167, 430, 359, 180, 354), Here: true},
		},
		Pins: []Pin{{At: here, Label: l.Pick("您选的位置", "Your place"), Kind: PinPlace}, {At: galleryPlan(376, 236), Label: l.Pick("已有上报", "Reported"), Kind: PinReport}},
	}
	for y := 190.0; y < 340; y += 26 {
		for x := 196.0; x < 290; x += 44 {
			v.Blocks = append(v.Blocks, MapShape{Path: galleryPath(x, y, x+32, y, x+32, y+11, x, y+11)})
		}
	}
	return v
}

func galleryPlan(x, y float64) Point {
	return Point{118.5 + x*.7/(metresPerDegree*squeeze(30.5)), 30.5 - y*.7/metresPerDegree}
}

func galleryPath(xy ...float64) []Point {
	var path []Point
	for i := 0; i+1 < len(xy); i += 2 {
		path = append(path, galleryPlan(xy[i], xy[i+1]))
	}
	return path
}

// galleryPins is the same map at the desk: each signal's pin, as links.
func galleryPins(l lang.Lang) MapView {
	v := galleryMap(l)
	v.Width, v.Height = 400, 240
	v.Alt = l.Pick("周围的案件，可以逐件打开", "Cases nearby, each can be opened")
	v.Pins = []Pin{
		{At: galleryPlan(220, 215), Label: l.Pick("按时", "On time"), Kind: PinOK, Href: "/gallery/case"},
		{At: galleryPlan(330, 215), Label: l.Pick("临期", "Due soon"), Kind: PinNear, Href: "/gallery/case"},
		{At: galleryPlan(250, 300), Label: l.Pick("超期", "Late"), Kind: PinLate, Href: "/gallery/case"},
		{At: galleryPlan(330, 305), Label: l.Pick("暂停", "Paused"), Kind: PinHold, Href: "/gallery/case"},
	}
	return v
}

// galleryStages is a procedure at its third stage, with two lines side by side.
func galleryStages(l lang.Lang) []Stage {
	return []Stage{
		{{Name: l.Pick("受理", "Accept"), Sub: l.Pick("周一 9:52", "Mon 9:52"), State: Done}},
		{{Name: l.Pick("派遣", "Dispatch"), Sub: l.Pick("陈立，周一 10:24", "Chen Li, Mon 10:24"), State: Done}},
		{
			{Name: l.Pick("现场修复", "Repair"), Sub: l.Pick("市政养护中心，正在办", "Road Maintenance, under way"), State: Doing, Icon: "tool"},
			{Name: l.Pick("占道引导", "Traffic"), Sub: l.Pick("交警二中队，周一 11:30 办完", "Traffic Police, done Mon 11:30"), State: Done},
		},
		{{Name: l.Pick("核查", "Verify"), Sub: l.Pick("桂香07网格员", "Grid worker 07"), State: ToDo, Icon: "eye-check"}},
		{{Name: l.Pick("回访", "Call back"), Sub: l.Pick("4 位上报人", "4 reporters"), State: ToDo, Icon: "phone"}},
		{{Name: l.Pick("结案", "Close"), Sub: l.Pick("居民评价后", "After the rating"), State: ToDo, Icon: "flag"}},
	}
}

// galleryRows is a queue with each signal, a doubtful suggestion, and one row
// selected.
func galleryRows(l lang.Lang) []QueueRow {
	resident, grid, hotline := l.Pick("居民上报", "Resident"), l.Pick("网格员上报", "Grid worker"), l.Pick("12345 转来", "Hotline")
	return []QueueRow{
		{ID: "1", Number: "261120-0093", Href: "/gallery/queue", Matter: l.Pick("化粪池外溢", "Septic tank overflow"), Source: hotline, Place: l.Pick("南湾路 31 号后院", "31 Nanwan Road, yard"), Grid: l.Pick("南湾02", "Nanwan 02"), Unit: l.Pick("市政养护中心", "Road Maintenance"), Why: l.Pick("排水管网归它管", "It owns the drains"), Tone: Late, Left: l.Pick("超期 1 小时 50 分", "1 h 50 min late"), Due: l.Pick("11月20日 周五 17:30前", "by Fri 20 Nov 17:30"), Waited: l.Pick("1 天 2 小时", "1 d 2 h")},
		{ID: "2", Number: "261123-0161", Href: "/gallery/queue", Matter: l.Pick("楼道有燃气味", "Smell of gas"), Source: resident, Place: l.Pick("梧桐里 9 号楼 1 单元", "Wutongli 9-1"), Grid: l.Pick("桂香04", "Guixiang 04"), Unit: l.Pick("燃气抢修队", "Gas Emergency"), Why: l.Pick("燃气泄漏只归它管", "Leaks are only theirs"), Tone: Near, Left: l.Pick("还剩 40 分", "40 min left"), Due: l.Pick("今天 11:00前", "today by 11:00"), Waited: l.Pick("12 分", "12 min")},
		{ID: "3", Number: "261123-0147", Href: "/gallery/queue", Matter: l.Pick("井盖破损", "Broken manhole cover"), Source: l.Pick("居民上报 · 4 人", "4 residents"), Place: l.Pick("桂香路 18 号东门外", "18 Guixiang Road"), Grid: l.Pick("桂香07", "Guixiang 07"), Unit: l.Pick("市政养护中心", "Road Maintenance"), Why: l.Pick("井盖编号查到归它管", "By the cover's number"), Tone: OK, Left: l.Pick("还剩 1 天 5 小时", "1 d 5 h left"), Due: l.Pick("11月24日 周二 17:30前", "by Tue 24 Nov 17:30"), Waited: l.Pick("28 分", "28 min"), Now: true},
		{ID: "4", Number: "261123-0150", Href: "/gallery/queue", Matter: l.Pick("电梯停运", "Lift out of order"), Source: grid, Place: l.Pick("桂香路 22 号 2 梯", "22 Guixiang Road"), Grid: l.Pick("桂香07", "Guixiang 07"), Unit: l.Pick("区市场监管局", "Market Regulation"), Why: l.Pick("或物业维保，请您定", "or the caretaker: decide"), Unsure: true, Tone: OK, Left: l.Pick("还剩 1 天 5 小时", "1 d 5 h left"), Due: l.Pick("11月24日 周二 17:30前", "by Tue 24 Nov 17:30"), Waited: l.Pick("27 分", "27 min")},
		{ID: "5", Number: "261122-0201", Href: "/gallery/queue", Matter: l.Pick("树枝压电线", "Branch on a power line"), Source: resident, Place: l.Pick("槐树街 12 号", "12 Huaishu Street"), Grid: l.Pick("桂香10", "Guixiang 10"), Unit: l.Pick("区园林绿化所", "Parks"), Why: l.Pick("涉电须供电公司协办", "with the power company"), Tone: Hold, Left: l.Pick("暂停计时", "Clock paused"), Due: l.Pick("等居民补照片", "waiting for a photo"), Waited: l.Pick("1 小时 50 分", "1 h 50 min")},
	}
}

// galleryTrail is what happened to the case, newest first, a refusal included.
func galleryTrail(l lang.Lang) []TrailEntry {
	return []TrailEntry{
		{Now: true, Icon: "hourglass", When: l.Pick("今天 9:10", "Today 9:10"), Instant: "2026-11-24T01:10:00Z", What: l.Pick("自动提醒：进入临期", "Reminder: due soon"), Detail: l.Pick("已短信告知市政养护中心值班员、周慧", "Texted to Road Maintenance and Zhou Hui")},
		{Icon: "package", When: l.Pick("今天 8:40", "Today 8:40"), Who: l.Pick("市政养护中心", "Road Maintenance"), What: l.Pick("新井盖运到现场", "brought the new cover"), Detail: l.Pick("附 1 张照片；预计 11:00 前装好", "1 photo; fitted by about 11:00"), Links: []Link{{Text: l.Pick("看照片", "See the photo"), Href: "/gallery/case"}}},
		{Icon: "calendar-off", When: l.Pick("周一 15:20", "Mon 15:20"), Who: l.Pick("市政养护中心", "Road Maintenance"), What: l.Pick("申请延期 1 天，未同意", "asked for one more day, refused"), Detail: l.Pick("申请理由：等井盖到货。周慧：有备件可调，按原期限办", "Reason: cover on order. Zhou Hui: a spare is in store, the date stands")},
		{Icon: "send", When: l.Pick("周一 10:24", "Mon 10:24"), Who: l.Pick("陈立", "Chen Li"), What: l.Pick("派给市政养护中心，交警二中队协办", "sent it to Road Maintenance, Traffic Police helping"), Detail: l.Pick("按建议派出；井盖编号 YS-0718 归市政养护中心", "As suggested; cover YS-0718 is theirs")},
		{Icon: "user", When: l.Pick("周一 9:52", "Mon 9:52"), What: l.Pick("居民上报", "A resident reported it"), Detail: l.Pick("“早点铺门口的井盖碎了一角，差点有老人踩进去。”", "“The manhole cover by the breakfast stall is broken; an old man nearly fell in.”")},
	}
}
