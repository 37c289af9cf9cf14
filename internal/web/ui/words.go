package ui

import (
	"fmt"

	"linli/internal/lang"
)

// Words are the fixed words of the components: what never depends on the case
// or the district. Everything else is passed in.
type Words struct {
	Product, Skip, MainMenu, Account, Search, Notices, SignOut, Footer string
	OtherLanguage, Dark, Light                                         string
	OnTime, Nearing, Late, Paused                                      string
	Optional, Choose, Remove                                           string
	Reveal, Purpose, RevealShort, Masked                               string
	Copy, Copied                                                       string
	Filter, ClearFilter, SaveFilter, Path, Pages, Previous, Next       string
	Tick, Number, Matter, Place, Suggested, Due, Waited, Unsure        string
	Done, Doing, ToCome                                                string
	PickOnMap, UseMyPlace, ZoomIn, ZoomOut, Finding, NoPlace           string
	Keys, KeysOff, KeysOn                                              string
	Draft, DraftDrop, Shrinking, TooBig                                string
	Notice, OK, Failed                                                 string
	Before, After                                                      string
	// Grades are the five official grades, best first.
	Grades [5]string
}

var wordsZH = Words{
	Product: "邻里", Skip: "跳到正文", MainMenu: "主菜单", Account: "账户", Search: "搜索", Notices: "提醒", SignOut: "退出登录", Footer: "页脚",
	OtherLanguage: "English", Dark: "深色", Light: "浅色",
	OnTime: "按时", Nearing: "临期", Late: "超期", Paused: "暂停计时",
	Optional: "可不写", Choose: "请选", Remove: "去掉",
	Reveal: "显示，要写用途", Purpose: "用途", RevealShort: "显示 2 分钟", Masked: "已遮住",
	Copy: "复制编号", Copied: "已复制",
	Filter: "筛选", ClearFilter: "清除筛选", SaveFilter: "存下当前筛选", Path: "路径", Pages: "翻页", Previous: "上一页", Next: "下一页",
	Tick: "选", Number: "编号", Matter: "事项", Place: "地点 / 网格", Suggested: "建议派给 / 为什么", Due: "期限 / 工作时间", Waited: "已等", Unsure: "不确定，请您定",
	Done: "已办", Doing: "正在办", ToCome: "还没到",
	PickOnMap: "在地图上点选位置", UseMyPlace: "用我现在的位置", ZoomIn: "放大地图", ZoomOut: "缩小地图",
	Finding: "正在找您的位置…", NoPlace: "没有找到您的位置。请点地图，或直接写地址。",
	Keys: "全部快捷键", KeysOff: "关掉快捷键", KeysOn: "打开快捷键",
	Draft: "上次没写完的内容已放回来。", DraftDrop: "不要了，重新写", Shrinking: "正在缩小照片…", TooBig: "这张照片太大，请换一张：",
	Notice: "提示", OK: "办好了", Failed: "没办成",
	Before: "办理前", After: "办理后",
	Grades: [5]string{"非常满意", "满意", "基本满意", "不满意", "非常不满意"},
}

var wordsEN = Words{
	Product: "Linli", Skip: "Skip to content", MainMenu: "Main menu", Account: "Account", Search: "Search", Notices: "Notices", SignOut: "Sign out", Footer: "Footer",
	OtherLanguage: "中文", Dark: "Dark", Light: "Light",
	OnTime: "On time", Nearing: "Due soon", Late: "Late", Paused: "Clock paused",
	Optional: "optional", Choose: "Choose", Remove: "Remove",
	Reveal: "Show, with a purpose", Purpose: "Purpose", RevealShort: "Show for 2 minutes", Masked: "masked",
	Copy: "Copy number", Copied: "Copied",
	Filter: "Filter", ClearFilter: "Clear filter", SaveFilter: "Save this filter", Path: "Path", Pages: "Pages", Previous: "Previous", Next: "Next",
	Tick: "Select", Number: "Number", Matter: "Matter", Place: "Place / grid", Suggested: "Suggested unit / why", Due: "Due / working time", Waited: "Waiting", Unsure: "Not certain, please decide",
	Done: "Done", Doing: "Under way", ToCome: "To come",
	PickOnMap: "Choose the place on the map", UseMyPlace: "Use where I am now", ZoomIn: "Zoom in", ZoomOut: "Zoom out",
	Finding: "Finding where you are…", NoPlace: "Your position was not found. Tap the map or write the address.",
	Keys: "All shortcuts", KeysOff: "Turn shortcuts off", KeysOn: "Turn shortcuts on",
	Draft: "What you had not finished has been put back.", DraftDrop: "Drop it and start again", Shrinking: "Making the photos smaller…", TooBig: "This photo is too large, please choose another: ",
	Notice: "Note", OK: "Done", Failed: "Not done",
	Before: "Before", After: "After",
	Grades: [5]string{"Very content", "Content", "Fairly content", "Not content", "Very discontent"},
}

// W returns the fixed words in a language.
func W(l lang.Lang) Words {
	if l == lang.EN {
		return wordsEN
	}
	return wordsZH
}

// StepOf says which step of a form the reader is at.
func StepOf(l lang.Lang, now, total int) string {
	return fmt.Sprintf(l.Pick("第 %d 步，共 %d 步", "Step %d of %d"), now, total)
}

// ShownOf says which rows of a list are on the page: 第 1–50 件，共 1,284 件.
// An empty list says so.
func ShownOf(l lang.Lang, first, last, total int) string {
	if total == 0 {
		return l.Pick("没有符合的", "Nothing matches")
	}
	return fmt.Sprintf(l.Pick("第 %s–%s 件，共 %s 件", "%s–%s of %s"), Number(first), Number(last), Number(total))
}

// ToMend heads the summary of a form's mistakes.
func ToMend(l lang.Lang, n int) string {
	if n == 1 {
		return l.Pick("有 1 处要改", "One thing to correct")
	}
	return fmt.Sprintf(l.Pick("有 %d 处要改", "%d things to correct"), n)
}

// Number writes a count with thousands marked, as both languages do: 1,284.
func Number(n int) string {
	s := fmt.Sprint(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
