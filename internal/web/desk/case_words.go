package desk

import (
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// channelText names a channel for a person.
func channelText(v *page.View, channel string) string {
	return intake.Channel(channel).Text().In(v.Lang)
}

// entries tells the trail, newest first.
func (s *caseView) entries(v *page.View) []ui.TrailEntry {
	var all []ui.TrailEntry
	for i, e := range slices.Backward(s.Trail) {
		t := ui.TrailEntry{When: v.MomentText(e.At), Instant: instant(e.At), Icon: iconOf(e.Act), Now: i == len(s.Trail)-1 && s.Case.State == casework.Running}
		t.Who = s.who(v, e)
		t.What = s.what(v, e)
		t.Detail = s.detail(v, e)
		if other := e.Detail["into"] + e.Detail["number"]; other != "" && (e.Act == "merged" || e.Act == "took-in") {
			t.Links = append(t.Links, ui.Link{Text: v.Say("看 %s", "See %s", other), Href: "/desk/search?q=" + other})
		}
		all = append(all, t)
	}
	return all
}

// who did an entry: the person with the unit, a resident, or time itself.
func (s *caseView) who(v *page.View, e trail.Entry) string {
	if e.Person == "" {
		switch {
		case e.Act == string(procedure.Expire):
			return v.Say("到期自动", "By itself, when time was up")
		case e.Act == "imported":
			return v.Say("导入", "Import")
		case e.Act == "opened" && e.Detail["channel"] == string(intake.Machine), e.Act == "attached" && e.Detail["channel"] == string(intake.Machine):
			return v.Say("别的系统", "Another system")
		}
		return v.Say("居民", "A resident")
	}
	name := v.Say("（已离任）", "(no longer here)")
	if p, ok := v.District.Org.Person(org.PersonID(e.Person)); ok {
		name = p.Name
	}
	if e.Unit != "" {
		return v.UnitName(e.Unit) + " " + name
	}
	return name
}

// acts are the words of what casework itself does; the rest is the procedure's.
var acts = map[string]lang.Text{
	"opened":      {ZH: "上报", EN: "reported it"},
	"imported":    {ZH: "从原系统带来", EN: "brought it from another system"},
	"attached":    {ZH: "也报了同一件", EN: "reported the same"},
	"merged":      {ZH: "并入另一件", EN: "merged it into another"},
	"took-in":     {ZH: "并进来一件", EN: "merged another into it"},
	"owner-named": {ZH: "裁定归谁管", EN: "ruled whose job it is"},
	"reopen":      {ZH: "说没解决，请再办", EN: "said it is not solved"},
	"expire":      {ZH: "进入下一步", EN: "moved on"},
}

// taken are the words for a report that staff wrote down for somebody.
var taken = map[string]lang.Text{
	"opened":   {ZH: "记下一件来件", EN: "took down a report"},
	"attached": {ZH: "记下同一件的又一次来件", EN: "took down the same again"},
}

// what says what was done, with whom it was given to.
func (s *caseView) what(v *page.View, e trail.Entry) string {
	if text, ok := taken[e.Act]; ok && e.Person != "" && e.Detail["channel"] != string(intake.GridWorker) {
		return text.In(v.Lang)
	}
	if e.Detail["unit"] != "" && (e.Act == "owner-named" || e.Act == "assign") {
		return v.Say("裁定", "ruled whose job it is:") + given(v, e.Detail)
	}
	if text, ok := acts[e.Act]; ok {
		return text.In(v.Lang)
	}
	step := s.Procedure.Step(procedure.StepName(e.Step))
	if step == nil {
		return e.Act
	}
	title := e.Act
	if a := step.Action(procedure.ActionName(e.Act)); a != nil {
		title = a.Title.In(v.Lang)
	}
	if e.Act == "send" && e.Detail["unit"] != "" {
		return v.Say("派", "sent it") + given(v, e.Detail)
	}
	return step.Title.In(v.Lang) + v.Say("：", ": ") + title + given(v, e.Detail)
}

// given names the unit that an act gave the case to, and those that help it.
func given(v *page.View, d map[string]string) string {
	if d["unit"] == "" {
		return ""
	}
	text := v.Say("给", " to ") + v.UnitName(d["unit"])
	if d["co"] == "" {
		return text
	}
	var names []string
	for unit := range strings.SplitSeq(d["co"], ",") {
		names = append(names, v.UnitName(unit))
	}
	return text + v.Say("，%s协办", ", with %s", strings.Join(names, v.Say("、", ", ")))
}

// detail is the facts of an entry in words.
func (s *caseView) detail(v *page.View, e trail.Entry) string {
	var parts []string
	add := func(zh, en, value string) {
		if value != "" {
			parts = append(parts, v.Lang.Pick(zh, en)+value)
		}
	}
	d := e.Detail
	switch e.Act {
	case "opened":
		if e.Person != "" {
			add("", "", channelText(v, d["channel"]))
		}
		if d["proposed"] != "" {
			add("建议派给", "suggested: ", v.UnitName(d["proposed"]))
		}
	case "attached":
		add("", "", channelText(v, d["channel"]))
	case "imported":
		add("原编号 ", "number there ", d["external"])
	}
	add("理由：", "reason: ", d["reason"])
	add("答复：", "answer: ", d["answer"])
	if d["photos"] != "" {
		parts = append(parts, v.Say("附 %s 张照片", "photos: %s", d["photos"]))
	}
	if grade := d["rating"]; len(grade) == 1 && grade[0] >= '1' && grade[0] <= '5' {
		add("评价：", "rated: ", ui.W(v.Lang).Grades['5'-grade[0]])
	}
	for i := range parts[:max(0, len(parts)-1)] {
		parts[i] = strings.TrimRight(parts[i], "。.；; ") // what people write ends as a sentence, or not
	}
	return strings.Join(parts, v.Say("；", "; "))
}

func iconOf(act string) string {
	switch act {
	case "opened", "attached":
		return "user"
	case "merged", "took-in":
		return "git-merge"
	case "send", "assign", "owner-named":
		return "send"
	case "return", "fail", "not-content", "reopen":
		return "arrow-back-up"
	case "expire":
		return "hourglass"
	}
	return "check"
}

// reporterName is the masked name of who sent a report, or whose post it came
// from where staff reported what they saw themselves.
func reporterName(v *page.View, r page.Reporter) string {
	if r.Name != "" {
		return r.Name
	}
	switch intake.Channel(r.Report.Channel) {
	case intake.GridWorker:
		if post, ok := v.District.Org.Post(org.PostID(r.Report.Post)); ok {
			if p, ok := v.District.Org.Person(post.Person); ok {
				return p.Name
			}
		}
	case intake.Machine:
		return v.Say("别的系统", "Another system")
	}
	return v.Say("没留姓名", "no name given")
}
