package portal

import (
	"slices"
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// publicSteps tells the trail of a case in public words, newest first: what was
// done, by which unit, and what was answered. Why a unit passed a case on, and
// every name, stay inside.
func publicSteps(v *page.View, c casework.Case, p *procedure.Procedure, entries []trail.Entry) []ui.TrailEntry {
	var all []ui.TrailEntry
	joined := 0 // how many neighbours joined one after another
	for _, e := range entries {
		step, ok := publicStep(v, c, p, e)
		if !ok {
			continue
		}
		step.When, step.Instant = v.MomentText(e.At), e.At.Format(time.RFC3339)
		if e.Act != "attached" {
			joined = 0
		} else if joined++; joined > 1 {
			step.What = v.Say("又有 %d 位邻居来跟进", "%d more neighbours follow it", joined)
			all = all[:len(all)-1]
		}
		all = append(all, step)
	}
	if c.State == casework.Running {
		if step := p.Step(c.Step); step != nil {
			now := ui.TrailEntry{Now: true, Icon: "hourglass", What: step.Title.In(v.Lang), Detail: step.Public.In(v.Lang), When: v.Say("现在", "Now")}
			switch {
			case step.By.Reporter && step.Kind == procedure.Rate:
				now.Icon, now.What = "star", v.Say("请您评价", "Please rate it")
			case step.By.Reporter:
				now.Icon, now.What = "edit", v.Say("请您补充", "Please supply what is missing")
			case !c.HeldAt.IsZero():
				now.Icon = "player-pause"
			}
			all = append(all, now)
		}
	}
	slices.Reverse(all)
	return all
}

// publicStep puts one entry into public words; false for what is not told.
func publicStep(v *page.View, c casework.Case, p *procedure.Procedure, e trail.Entry) (ui.TrailEntry, bool) {
	unit := ""
	if e.Detail["unit"] != "" {
		unit = v.UnitName(e.Detail["unit"])
	} else if e.Unit != "" {
		unit = v.UnitName(e.Unit)
	}
	s := ui.TrailEntry{Detail: e.Detail["answer"]}
	switch e.Act {
	case "opened":
		s.What, s.Detail = v.Say("收到了", "Received"), v.Say("告诉了您编号和日期", "you were told the number and the date")
	case "attached":
		s.Icon, s.What = "users", v.Say("又有一位邻居来跟进", "Another neighbour follows it")
	case "took-in":
		s.Icon, s.What = "git-merge", v.Say("同一件事的另一份上报并了进来", "Another report of the same thing was added")
	case "owner-named", "merged", "said-more", "asked", "refused-ask", "withdrawn", "lapsed":
		return s, false
	case "approved", "extended", "resumed", "reckoned":
		return clockStep(v, e), true
	case string(procedure.Expire):
		s.Icon, s.What = "clock", v.Say("到期没有等到您的评价，先办结了", "No rating came in time, so it was closed")
	case string(procedure.Reopen), "not-content":
		s.Icon, s.What = "arrow-back-up", v.Say("您说没解决，退回重办", "You said it is not solved; back to work")
		if c.Reports > 1 {
			s.What = v.Say("上报的人说没解决，退回重办", "A reporter said it is not solved; back to work")
		}
	case "content":
		s.Icon, s.What = "star", v.Say("评价：%s", "Rating: %s", gradeWord(v, e.Detail["rating"]))
	case string(procedure.Return), string(procedure.Refuse):
		s.Icon, s.What, s.Detail = "switch-horizontal", v.Say("归谁办有不同意见", "Not agreed whose job it is"), v.Say("正在定，答应您的日期不变", "being decided; the promised date stands")
	default:
		return wellKnown(v, p, e, unit, s)
	}
	return s, true
}

// wellKnown are the house words for actions of procedures; any other is told
// by its own title.
func wellKnown(v *page.View, p *procedure.Procedure, e trail.Entry, unit string, s ui.TrailEntry) (ui.TrailEntry, bool) {
	switch e.Act {
	case "file":
		s.What = v.Say("立案了", "Case filed")
	case "send":
		s.Icon, s.What = "send", v.Say("派给%s", "Sent to %s", unit)
	case "assign":
		s.Icon, s.What = "scale", v.Say("定了由%s办", "Decided: %s handles it", unit)
	case string(procedure.Done):
		s.Icon, s.What = "tool", v.Say("%s说办好了", "%s says it is done", unit)
		if step := p.Step(procedure.StepName(e.Step)); step != nil && e.Step == makeSafe {
			s.Icon, s.What = "barrier-block", v.Say("%[1]s：%[2]s，做好了", "%[1]s: %[3]s, done", unit, step.Title.ZH, step.Title.EN)
		}
	case "pass":
		s.Icon, s.What = "eye-check", v.Say("看过了，办好了", "Checked: it is done")
	case "fail":
		s.Icon, s.What = "refresh", v.Say("看过了，还没办好，接着办", "Checked: not done yet, work goes on")
	case "answer":
		s.Icon, s.What = "message", v.Say("答复您", "Answered")
	case "reject":
		s.Icon, s.What, s.Detail = "x", v.Say("没有受理", "Not taken on"), e.Detail["reason"]
	default:
		step := p.Step(procedure.StepName(e.Step))
		if step == nil || step.Action(procedure.ActionName(e.Act)) == nil {
			return s, false
		}
		s.What = step.Action(procedure.ActionName(e.Act)).Title.In(v.Lang)
		switch {
		case step.By.Reporter:
			s.Icon, s.What = "edit", v.Say("您补充了", "You supplied it")
		case asksReporter(p, step.Action(procedure.ActionName(e.Act))):
			s.Icon, s.What, s.Detail = "message", v.Say("告诉您还差什么", "You were told what is missing"), e.Detail["reason"]
		}
	}
	return s, true
}

// makeSafe is the step of the base pack's procedures that comes before the
// work itself, so its end must not read as the end of it all.
const makeSafe = "make-safe"

// gradeWord names a grade as the trail holds it.
func gradeWord(v *page.View, grade string) string {
	n, err := strconv.Atoi(grade)
	words := ui.W(v.Lang).Grades
	if err != nil || n < 1 || n > len(words) {
		return grade
	}
	return words[len(words)-n]
}

// doneAt is when the handling unit last called the work done; zero while it
// has not, or has to do it again.
func doneAt(p *procedure.Procedure, c casework.Case, tasks []casework.Task) time.Time {
	at := time.Time{}
	for _, t := range tasks {
		step := p.Step(t.Step)
		if step == nil || step.Kind != procedure.Work || t.Reporter {
			continue
		}
		if t.State == procedure.Open {
			return time.Time{}
		}
		if t.State == procedure.Finished && t.DoneAt.After(at) {
			at = t.DoneAt
		}
	}
	return at
}
