package measure

import (
	"slices"

	"linli/internal/lang"
)

// field is one thing a condition may ask of an item. Exactly one of text,
// truth and number says where the item keeps it.
type field struct {
	name   string
	over   []Over    // the grains it means something for; empty for all
	says   lang.Text // for those who write conditions
	good   int       // 1: better where it holds or is higher; -1: worse; 0: neither
	values []string  // all a text field can hold, where that is known

	text   func(*Item) *string
	truth  func(*Item) *bool
	number func(*Item) *int
}

// Field tells an author about a name that conditions may use.
type Field struct {
	Name   string
	Title  lang.Text
	Over   []Over   // the grains it means something for
	Values []string // all it can be, where that is a short list
	Type   string   // text, truth or number
}

// Fields lists the names that conditions may use, in the order documents do.
func Fields() []Field {
	var all []Field
	for _, f := range fields() {
		is := "text"
		switch {
		case f.truth != nil:
			is = "truth"
		case f.number != nil:
			is = "number"
		}
		over := f.over
		if len(over) == 0 {
			over = overs
		}
		values := slices.Clone(f.values)
		if f.name == "state" {
			values = slices.Concat(stateValues[Tasks], stateValues[Cases], stateValues[Orders])
		}
		all = append(all, Field{Name: f.name, Title: f.says, Over: slices.Clone(over), Values: values, Type: is})
	}
	return all
}

// holds lists all that the field can be on items of a grain; nil where anything.
func (f *field) holds(over Over) []string {
	if f.name == "state" {
		return stateValues[over]
	}
	return f.values
}

// suits reports whether the field means something for items of a grain.
func (f *field) suits(over Over) bool { return len(f.over) == 0 || slices.Contains(f.over, over) }

var (
	kindValues    = []string{"component", "event", "consult", "help", "complaint", "report", "suggest", "hazard", "dispute", "group"}
	channelValues = []string{"portal", "hotline", "counter", "grid-worker", "mail", "sms", "wechat", "open311", "machine"}
	levelValues   = []string{"grid", "community", "street", "district"}
	stateValues   = map[Over][]string{
		Tasks:  {"done", "returned", "refused", "expired"},
		Cases:  {"running", "closed", "answered", "rejected", "merged"},
		Orders: {"upheld", "dropped"},
	}
	orderValues   = []string{"remind", "urge", "order", "leader", "accountability"}
	urgencyValues = []string{"A", "B", "C", "D", "E", "F"}
	ofTask        = []Over{Promises, Tasks}
	ofCase        = []Over{Cases}
)

// fields are all names that conditions may use, apart from mark().
func fields() []field {
	return slices.Concat(aboutFields(), taskFields(), caseFields(), wordFields())
}

func aboutFields() []field {
	t := func(name, zh, en string, at func(*Item) *string, values ...string) field {
		return field{name: name, says: lang.Text{ZH: zh, EN: en}, text: at, values: values}
	}
	return []field{
		t("kind", "事项的类别", "kind of the matter", func(it *Item) *string { return &it.Kind }, kindValues...),
		t("matter", "事项代码", "code of the matter", func(it *Item) *string { return &it.Matter }),
		t("major", "大类代码", "code of the matter's group", func(it *Item) *string { return &it.Major }),
		t("channel", "渠道", "channel the case came through", func(it *Item) *string { return &it.Channel }, channelValues...),
		t("area", "已知的最小区域的代码", "code of the smallest known area", func(it *Item) *string { return &it.Area }),
		t("street", "街道代码", "code of the street", func(it *Item) *string { return &it.Street }),
		t("community", "社区代码", "code of the community", func(it *Item) *string { return &it.Community }),
		t("grid", "网格代码", "code of the grid", func(it *Item) *string { return &it.Grid }),
		t("urgency", "紧急程度", "urgency of the matter", func(it *Item) *string { return &it.Urgency }, urgencyValues...),
		t("unit", "算在哪个单位", "unit it counts for", func(it *Item) *string { return &it.Unit }),
		t("level", "在哪一级办的", "level that did it", func(it *Item) *string { return &it.Level }, levelValues...),
	}
}

func taskFields() []field {
	is := func(name string, over []Over, good int, zh, en string, at func(*Item) *bool) field {
		return field{name: name, over: over, good: good, says: lang.Text{ZH: zh, EN: en}, truth: at}
	}
	tasks, promises := []Over{Tasks}, []Over{Promises}
	return []field{
		{name: "step", over: ofTask, says: lang.T("环节的名称", "name of the step"), text: func(it *Item) *string { return &it.Step }},
		{name: "role", over: ofTask, says: lang.T("该做的角色", "role the task is for"), text: func(it *Item) *string { return &it.Role }},
		{name: "state", over: []Over{Tasks, Cases, Orders}, says: lang.T("怎么结束的", "how it ended"), text: func(it *Item) *string { return &it.State }},
		is("work", ofTask, 0, "办事的环节", "the step deals with the matter itself", func(it *Item) *bool { return &it.Work }),
		is("verify", ofTask, 0, "核查的环节", "the step checks what others did", func(it *Item) *bool { return &it.Verify }),
		is("dispatch", ofTask, 0, "派遣的环节", "the step hands the case to a unit", func(it *Item) *bool { return &it.Dispatch }),
		is("kept", promises, 1, "按时", "done in time", func(it *Item) *bool { return &it.Kept }),
		is("late", ofTask, -1, "超期", "done late, or not done when its time was up", func(it *Item) *bool { return &it.Late }),
		is("returned", tasks, -1, "退回了", "the unit returned it", func(it *Item) *bool { return &it.Returned }),
		is("refused", tasks, 0, "回绝了（不在准入清单上，不算过错）", "refused by right, as not on the admission list: no fault", func(it *Item) *bool { return &it.Refused }),
		is("redispatched", tasks, -1, "派错了，后来退回或改派", "what it handed out came back or was handed on", func(it *Item) *bool { return &it.Redispatched }),
		{name: "round", over: []Over{Promises, Tasks, Cases}, good: -1, says: lang.T("第几轮，从 1 起", "round, from 1"), number: func(it *Item) *int { return &it.Round }},
		{name: "minutes", over: ofTask, good: -1, says: lang.T("用了多少分钟工作时间，不知道是 -1", "minutes of working time used, -1 where not known"), number: func(it *Item) *int { return &it.Minutes }},
	}
}

func caseFields() []field {
	is := func(name string, good int, zh, en string, at func(*Item) *bool) field {
		return field{name: name, over: ofCase, good: good, says: lang.Text{ZH: zh, EN: en}, truth: at}
	}
	paused := is("on_account", 0, "挂过账", "was paused on account", func(it *Item) *bool { return &it.OnAccount })
	paused.over = []Over{Promises, Cases}
	return []field{
		is("self_found", 1, "自己发现的，不是居民反映的", "found by staff, not brought by a resident", func(it *Item) *bool { return &it.SelfFound }),
		is("received", 0, "这期收到的", "opened in the period", func(it *Item) *bool { return &it.Received }),
		is("filed", 0, "这期立案的", "filed in the period", func(it *Item) *bool { return &it.Filed }),
		is("voided", -1, "立案后又作废", "filed, and ended rejected or merged", func(it *Item) *bool { return &it.Voided }),
		is("ended", 0, "到期末已结束", "ended before the period was over", func(it *Item) *bool { return &it.Ended }),
		is("closed", 1, "到期末已办结或答复", "closed or answered before the period was over", func(it *Item) *bool { return &it.Closed }),
		is("promised", 0, "有期限", "had a due date", func(it *Item) *bool { return &it.Promised }),
		is("on_time", 1, "按时结束", "ended in time", func(it *Item) *bool { return &it.OnTime }),
		is("first_time", 1, "一次办好：没退回、没返工、没再办", "right the first time: no return, rework or reopening", func(it *Item) *bool { return &it.FirstTime }),
		is("reopened", -1, "居民又打开过", "opened again by the reporter", func(it *Item) *bool { return &it.Reopened }),
		paused,
		is("rated", 1, "反映人评价过", "its reporter rated it", func(it *Item) *bool { return &it.Rated }),
		is("answered", 1, "结束时有给反映人的话", "ended with a text for the reporter", func(it *Item) *bool { return &it.Answered }),
	}
}

func wordFields() []field {
	calls := []Over{Callbacks}
	return []field{
		{name: "grade", over: []Over{Ratings, Callbacks}, good: 1, says: lang.T("评价，1 到 5，没有是 0", "rating, 1 to 5, 0 for none"), number: func(it *Item) *int { return &it.Grade }},
		{name: "contacted", over: []Over{Ratings, Callbacks}, good: 1, says: lang.T("联系过反映人", "the reporter was reached"), truth: func(it *Item) *bool { return &it.Contacted }},
		{name: "solved", over: calls, good: 1, says: lang.T("解决了", "solved"), truth: func(it *Item) *bool { return &it.Solved }},
		{name: "order", over: []Over{Orders}, says: lang.T("督办的种类", "kind of order"), values: orderValues, text: func(it *Item) *string { return &it.Order }},
		{name: "fault", over: []Over{Orders}, says: lang.T("问责的情形", "fault of an accountability case"), text: func(it *Item) *string { return &it.Fault }},
		{name: "upheld", over: []Over{Orders}, good: -1, says: lang.T("问责成立", "the fault was upheld"), truth: func(it *Item) *bool { return &it.Upheld }},
	}
}
