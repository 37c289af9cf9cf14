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

func (s *caseView) what(v *page.View, e trail.Entry) string {
	if text, ok := acts[e.Act]; ok {
		return text.In(v.Lang)
	}
	step := s.Procedure.Step(procedure.StepName(e.Step))
	if step == nil {
		return e.Act
	}
	name := step.Title.In(v.Lang)
	if a := step.Action(procedure.ActionName(e.Act)); a != nil {
		return name + v.Say("：", ": ") + a.Title.In(v.Lang)
	}
	return name + v.Say("：", ": ") + e.Act
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
		add("", "", channelText(v, d["channel"]))
		if d["proposed"] != "" {
			add("建议派给", "suggested: ", v.UnitName(d["proposed"]))
		}
	case "attached":
		add("", "", channelText(v, d["channel"]))
	case "merged":
		add("编号 ", "number ", d["into"])
	case "took-in":
		add("编号 ", "number ", d["number"])
	case "imported":
		add("原编号 ", "number there ", d["external"])
	}
	if d["unit"] != "" {
		add("给", "to ", v.UnitName(d["unit"]))
	}
	if d["co"] != "" {
		var names []string
		for unit := range strings.SplitSeq(d["co"], ",") {
			names = append(names, v.UnitName(unit))
		}
		add("协办 ", "with ", strings.Join(names, v.Say("、", ", ")))
	}
	add("理由：", "reason: ", d["reason"])
	add("答复：", "answer: ", d["answer"])
	if d["photos"] != "" {
		parts = append(parts, v.Say("附 %s 张照片", "%s photos", d["photos"]))
	}
	if grade := d["rating"]; len(grade) == 1 && grade[0] >= '1' && grade[0] <= '5' {
		add("评价：", "rated: ", ui.W(v.Lang).Grades['5'-grade[0]])
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

// stages draws the procedure with where the case stands: the straight way, and
// beside it whatever else the case has been through. What was done in an earlier
// round and comes again is still to come.
func (s *caseView) stages(v *page.View) []ui.Stage {
	diagram := s.Procedure.Layout()
	column := map[string]int{}
	for _, n := range diagram.Nodes {
		column[n.Name] = n.Column
	}
	at := diagram.Columns // the first column that is being worked on
	for _, t := range s.Tasks {
		if t.State == procedure.Open {
			at = min(at, column[string(t.Step)])
		}
	}
	nodes := map[string]ui.Node{}
	for _, t := range s.Tasks {
		name := string(t.Step)
		switch {
		case t.State == procedure.Open:
			nodes[name] = ui.Node{State: ui.Doing, Sub: s.owner(v, t)}
		case nodes[name].State == ui.Doing:
		case column[name] > at:
			nodes[name] = ui.Node{State: ui.ToDo, Sub: v.Say("上一轮：", "Last round: ") + v.MomentText(t.DoneAt)}
		default:
			nodes[name] = ui.Node{State: ui.Done, Sub: s.owner(v, t) + v.Say("，", ", ") + v.MomentText(t.DoneAt)}
		}
	}
	if s.Case.State != casework.Running {
		nodes[string(s.Case.Step)] = ui.Node{State: ui.Done, Sub: v.MomentText(s.Case.ClosedAt)}
	}
	stages := make([]ui.Stage, diagram.Columns)
	for _, n := range diagram.Nodes {
		node, seen := nodes[n.Name]
		if !seen && (!n.Main || n.End && s.Case.State != casework.Running) {
			continue
		}
		if !seen {
			node.State = ui.ToDo
		}
		node.Name = n.Title.In(v.Lang)
		stages[n.Column] = append(stages[n.Column], node)
	}
	return slices.DeleteFunc(stages, func(st ui.Stage) bool { return len(st) == 0 })
}

// owner is whose a task is or was, in words.
func (s *caseView) owner(v *page.View, t casework.Task) string {
	if t.Reporter {
		return v.Say("上报人", "The reporter")
	}
	if p, ok := v.District.Org.Person(org.PersonID(t.DoneBy)); ok {
		return p.Name
	}
	if t.Unit != "" {
		return v.UnitName(t.Unit)
	}
	return t.Role.Title().In(v.Lang)
}

// stands says in a line how far the case has come.
func (s *caseView) stands(v *page.View) string {
	open := 0
	for _, t := range s.Tasks {
		if t.State == procedure.Open && !t.Reporter {
			open++
		}
	}
	switch {
	case s.Case.State != casework.Running:
		return v.Say("已经办完", "It has ended")
	case open > 1:
		return v.Say("%d 条线同时办", "%d lines at once", open)
	}
	return v.Say("正在“%s”", "Now at “%s”", stateText(v, s.Procedure, s.Case))
}

// nameOr is a masked name, or that there is none.
func nameOr(v *page.View, name string) string {
	if name == "" {
		return v.Say("没留姓名", "no name given")
	}
	return name
}
