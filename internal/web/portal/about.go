package portal

import (
	"net/http"

	"linli/internal/web/page"
)

// A point is one paragraph of a short text, under its question.
type point struct{ Title, Text string }

func dataUse(v *page.View) error {
	return v.Show(http.StatusOK, privacyAbout(v, v.Say("我的信息怎么用", "How my data is used"), []point{
		{v.Say("您要写什么", "What you have to give"), v.Say("姓名和电话都可以不写，不写也照样办。", "Name and phone may both be left out; the case is dealt with all the same.")},
		{v.Say("拿来做什么", "What it is for"), v.Say("只用来核实这件事、告诉您进展、问您满不满意。", "Only to ask about this case, to tell you how it goes, and whether you are content.")},
		{v.Say("怎么存", "How it is kept"), v.Say("姓名和电话加密保存。页面上只显示张*、138****0013 这样。照片里的拍摄位置和机型会去掉。", "Name and phone are stored encrypted. Pages show them masked, as 138****0013. Where and with what a photo was taken is removed from it.")},
		{v.Say("谁看得到", "Who sees it"), v.Say("受理的人。举报件的举报人，承办单位一律看不到。公开的页面上只有事项、路名和社区，没有门牌号，也没有是谁报的。", "Those who take the report in. Of a report of wrongdoing the unit that handles it never sees who reported it. Public pages show the matter, the road and the community: no house number, and not who reported it.")},
		{v.Say("这个网站记住什么", "What this site remembers"), v.Say("您选的语言、深浅色和社区记在这台设备上。查过哪几件，一天内记在会话里，好让您不用每次输入。没写完的上报存在您自己的浏览器里，一天后不再使用。没有广告，没有别家的统计。", "Your language, theme and community, on this device. Which cases you looked up, for a day, in the session. A report you have not finished stays in your own browser and is not used after a day. No advertisements, nobody else's statistics.")},
		{v.Say("想查、想改、想删", "To see, correct or delete it"), v.Say("登录后在“我的信息”里提，或在那一件的查询页凭取件码提；也可以打 %s 或到窗口。十五个工作日内答复。", "Sign in and ask under “my data”, or on the page of the report with its secret word; or call %s or come to the counter. You are answered within fifteen working days.", hotline(v))},
	}))
}

func accessibility(v *page.View) error {
	return v.Show(http.StatusOK, aboutPage(v, v.Say("无障碍说明", "Accessibility"), []point{
		{v.Say("不用鼠标", "Without a mouse"), v.Say("每一页都能只用键盘操作，页面开头有“跳到正文”。", "Every page works with the keyboard alone and begins with a link to its content.")},
		{v.Say("字大一点", "Larger text"), v.Say("在手机或浏览器里调大字号，页面跟着变大，不会挤在一起。", "Make the text larger in your phone or browser; the pages follow.")},
		{v.Say("看不清颜色", "Colours"), v.Say("按时、临期、超期都有图标和文字，不只靠颜色。深色、浅色可以换。", "On time, due soon and late have an icon and words, never colour alone. There is a dark and a light theme.")},
		{v.Say("读屏软件", "Screen readers"), v.Say("图标、照片、地图都有文字说明。地图不是必须的，写地址一样能报。", "Icons, photos and maps have words. The map is never needed: writing the address does as well.")},
		{v.Say("旧手机、慢网", "Old phones, slow networks"), v.Say("首页不到 100 KB；关掉脚本也能上报、查进度和评价。", "The first page is under 100 KB; reporting, following and rating work with script turned off.")},
		{v.Say("还是不方便", "Still a problem?"), v.Say("打 %s，话务员替您填；也可以告诉我们哪里不好用。", "Call %s and an agent fills it in for you; and tell us what does not work.", hotline(v))},
	}))
}
