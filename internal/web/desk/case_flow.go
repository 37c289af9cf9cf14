package desk

import (
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// stages draws the procedure with where the case stands: the straight way, and
// whatever else the case has come through or waits at. Steps that a fork opens
// at once stand above each other; a step aside from the straight way, such as
// a ruling, stands in the way itself.
func (s *caseView) stages(v *page.View) []ui.Stage {
	diagram := s.Procedure.Layout()
	forked := map[string]bool{}
	for _, l := range diagram.Links {
		forked[l.To] = forked[l.To] || l.Fork
	}
	var stages []ui.Stage
	for column := range diagram.Columns {
		var together ui.Stage
		for _, n := range diagram.Nodes {
			if n.Column != column {
				continue
			}
			node, shown := s.node(v, diagram, n)
			switch {
			case !shown:
			case n.Main || forked[n.Name]:
				together = append(together, node)
			default:
				stages = append(stages, ui.Stage{node})
			}
		}
		if len(together) > 0 {
			stages = append(stages, together)
		}
	}
	return stages
}

// node draws one step or end; shown is false for what the case did not meet
// and will not meet unless something goes wrong.
func (s *caseView) node(v *page.View, diagram procedure.Diagram, n procedure.Node) (node ui.Node, shown bool) {
	node = ui.Node{Name: n.Title.In(v.Lang), State: ui.ToDo}
	running := s.Case.State == casework.Running
	if n.End {
		if string(s.Case.Step) == n.Name && !running {
			node.State, node.Sub = ui.Done, v.MomentText(s.Case.ClosedAt)
			return node, true
		}
		return node, running && n.Main
	}
	t, met := s.latest(n.Name)
	switch {
	case met && t.State == procedure.Open:
		node.State, node.Sub = ui.Doing, s.owner(v, t)
		return node, true
	case met && running && s.again(diagram, n, t):
		met = false
	case met && t.State == procedure.Returned:
		node.Sub = v.Say("%s退回，%s", "returned by %s, %s", s.owner(v, t), v.MomentText(t.DoneAt))
		return node, true
	case met && (t.State == procedure.Finished || t.State == procedure.Expired):
		node.State, node.Sub = ui.Done, s.owner(v, t)+v.Say("，", ", ")+v.MomentText(t.DoneAt)
		return node, true
	}
	node.Sub = s.expected(v, n.Name)
	return node, running && n.Main
}

// latest is the last task that led a step.
func (s *caseView) latest(step string) (t casework.Task, met bool) {
	for _, task := range s.Tasks {
		if string(task.Step) == step && task.Part == procedure.Lead {
			t, met = task, true
		}
	}
	return t, met
}

// again reports whether a step was done before the case went back to one that
// comes earlier: what was checked is to be checked again.
func (s *caseView) again(diagram procedure.Diagram, n procedure.Node, done casework.Task) bool {
	return slices.ContainsFunc(s.Tasks, func(t casework.Task) bool {
		if t.State != procedure.Open || done.DoneAt.After(t.OpenedAt) {
			return false
		}
		i := slices.IndexFunc(diagram.Nodes, func(o procedure.Node) bool { return o.Name == string(t.Step) })
		return i >= 0 && diagram.Nodes[i].Column < n.Column
	})
}

// owner is whose a task is or was, in words.
func (s *caseView) owner(v *page.View, t casework.Task) string {
	if t.Reporter && t.State == procedure.Expired {
		return v.Say("到期没有评价", "not rated in time")
	}
	if t.Reporter {
		return s.reporters(v)
	}
	if p, ok := v.District.Org.Person(org.PersonID(t.DoneBy)); ok {
		return p.Name
	}
	switch {
	case t.Unit != "" && t.Role != procedure.Handler:
		return v.UnitName(t.Unit) + v.Say("", " ") + t.Role.Title().In(v.Lang)
	case t.Unit != "":
		return v.UnitName(t.Unit)
	case t.Area != "":
		return postOf(v, area.Code(t.Area), t.Role)
	}
	return t.Role.Title().In(v.Lang)
}

// postOf names the post of a role for an area: 桂香07网格员.
func postOf(v *page.View, where area.Code, role procedure.Role) string {
	name, title := v.District.Areas.Name(where), role.Title()
	return v.Say("%[1]s%[2]s", "%[3]s %[4]s", strings.TrimSuffix(name.ZH, "网格"), title.ZH, name.In(lang.EN), title.EN)
}

// expected is who will do a step that is still to come.
func (s *caseView) expected(v *page.View, name string) string {
	step := s.Procedure.Step(procedure.StepName(name))
	if step == nil {
		return ""
	}
	where, unit := area.Code(s.Case.Place.Area(v.District.Code)), s.Case.Unit
	if unit == "" {
		unit = s.Case.Proposed
	}
	switch {
	case step.By.Reporter:
		return s.reporters(v)
	case step.By.At == procedure.Routed && unit != "":
		return v.UnitName(unit)
	case step.By.At == procedure.CaseGrid && where.Tier() == area.Grid:
		return postOf(v, where, step.By.Role)
	}
	return step.By.Role.Title().In(v.Lang)
}

// reporters counts who sent it.
func (s *caseView) reporters(v *page.View) string {
	if s.Case.Reports > 1 {
		return v.Say("%d 位上报人", "%d reporters", s.Case.Reports)
	}
	return v.Say("上报人", "the reporter")
}

// stands says in a line how far the case has come.
func (s *caseView) stands(v *page.View) string {
	open := 0
	for _, t := range s.Tasks {
		if t.State == procedure.Open && t.Part == procedure.Lead {
			open++
		}
	}
	switch {
	case s.Case.State != casework.Running:
		return v.Say("已经办完", "It has ended")
	case open > 1:
		return v.Say("%d 条线同时办", "%d lines at once", open)
	case s.Case.Round > 1:
		return v.Say("正在“%s”，第 %d 轮", "Now at “%s”, round %d", stateText(v, s.Procedure, s.Case), s.Case.Round)
	}
	return v.Say("正在“%s”", "Now at “%s”", stateText(v, s.Procedure, s.Case))
}
