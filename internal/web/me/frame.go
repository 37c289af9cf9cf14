package me

import (
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// bar is the top and the bottom of every page here.
func bar(v *page.View, back ui.Link) ui.ResidentBar {
	b := ui.ResidentBar{
		Back: back, Home: "/",
		Foot: []ui.Link{
			{Text: v.Say("查进度", "Track by number"), Href: "/track"},
			{Text: v.Say("我的信息怎么用", "How my data is used"), Href: "/about/privacy"},
			{Text: v.Say("无障碍说明", "Accessibility"), Href: "/about/access"},
		},
	}
	if v.Resident != nil {
		b.Links = []ui.Link{{Text: v.Say("设置", "Settings"), Href: "/me/settings", Icon: "settings"}}
	}
	return b
}

func home(v *page.View) ui.Link { return ui.Link{Text: v.Say("首页", "Home"), Href: "/"} }

func back(v *page.View) ui.Link {
	return ui.Link{Text: v.Say("我的事项", "My matters"), Href: "/me"}
}
