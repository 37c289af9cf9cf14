package watch

import (
	"net/http"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// rungs shows the district's ladder: what happens when, and to whom.
func rungs(v *page.View) error {
	return show(v, http.StatusOK, head{
		Title: v.Say("督办规则", "The rule of supervision"), At: "/rungs",
		Said: v.Say("每级只走一次，按真实的期限算。暂停计时的、并了案的、办结的都不走。", "Each rung is taken once, by the true date. A stopped clock, a merged or an ended case climbs nothing."),
	}, rungsPage(v, v.District.Catalogue.Ladder()))
}

// rungStages draws the ladder from the way in to the last rung. at is the rung
// that something stands at; ” draws them all as to come.
func rungStages(v *page.View, at string) []ui.Stage {
	l := v.District.Catalogue.Ladder()
	var all []ui.Stage
	state := ui.ToDo
	if at != "" {
		state = ui.Done
	}
	for _, r := range l.Rungs {
		n := ui.Node{Name: r.Title.In(v.Lang), Sub: rungWhen(v, l, r) + v.Say("；", "; ") + rungTells(v, r), State: state, Icon: rungIcon(r)}
		if r.Name == at {
			n.State, state = ui.Doing, ui.ToDo
		}
		all = append(all, ui.Stage{n})
	}
	return all
}

func rungIcon(r ladder.Rung) string {
	switch r.Kind() {
	case ladder.Remind:
		return "bell"
	case ladder.OrderIt:
		return "eye-check"
	case ladder.ToLeader:
		return "users"
	}
	return "bell-ringing"
}

// rungWhen is when a rung comes.
func rungWhen(v *page.View, l *ladder.Ladder, r ladder.Rung) string {
	base := v.Say("用掉时限的 %d%%", "%d%% of the limit used", l.Share)
	if r.When == ladder.Late {
		base = v.Say("到期", "when due")
	}
	if r.After.N == 0 {
		if r.When == ladder.Late {
			return v.Say("一超期", "as soon as it is late")
		}
		return base
	}
	if r.When == ladder.Late {
		return v.Say("超期满 %[1]s", "%[2]s past the date", r.After.Text().ZH, r.After.Text().EN)
	}
	return base + v.Say("后 %[1]s", ", %[2]s on", r.After.Text().ZH, r.After.Text().EN)
}

// rungTells is whom a rung tells.
func rungTells(v *page.View, r ladder.Rung) string {
	var all []string
	for _, t := range r.Tell {
		all = append(all, tellText(t).In(v.Lang))
	}
	return v.Say("告诉", "tells ") + strings.Join(all, v.Say("、", ", "))
}

func tellText(t ladder.Tell) lang.Text {
	switch t {
	case ladder.Owner:
		return lang.T("经办的单位或网格员", "the unit or grid worker")
	case ladder.UnitLead:
		return lang.T("单位负责人", "the head of the unit")
	case ladder.Supervisor:
		return lang.T("督办员", "the supervisors")
	case ladder.LeaderOnDuty:
		return lang.T("值班领导", "the leader on duty")
	}
	return lang.T("分管领导", "the leaders in charge")
}

// rungAsks is what a rung wants of the unit.
func rungAsks(v *page.View, l *ladder.Ladder, r ladder.Rung) string {
	if r.Order == nil {
		return v.Say("不用答复", "no answer")
	}
	within := r.Order.ReplyWithin.Text()
	form := ladder.Title(l.Forms, r.Order.Form)
	return v.Say("%[1]s，%[2]s内书面答复", "%[3]s, a written answer within %[4]s", form.ZH, within.ZH, form.EN, within.EN)
}

// rungFor is which cases and steps a rung is for.
func rungFor(v *page.View, r ladder.Rung) string {
	var all []string
	for _, step := range r.Steps {
		all = append(all, stepText(v, step))
	}
	for _, kind := range r.Kinds {
		all = append(all, catalogue.Kind(kind).Title().In(v.Lang))
	}
	if len(all) == 0 {
		return v.Say("所有的件", "every case")
	}
	return v.Say("只对：", "only: ") + strings.Join(all, v.Say("、", ", "))
}

// stepText is what a step is called in the first procedure that has it.
func stepText(v *page.View, name string) string {
	for _, p := range v.District.Catalogue.Procedures() {
		if s := p.Step(procedure.StepName(name)); s != nil {
			return s.Title.In(v.Lang)
		}
	}
	return name
}

// boundsText says what a unit must reach to be green or blue.
func boundsText(v *page.View, b ladder.Bounds) string {
	return v.Say("按时率不低于 %[1]d%%，超期的不多于 %[2]d%%，临期的不多于 %[3]d%%", "at least %[1]d%% on time, at most %[2]d%% late, at most %[3]d%% due soon", b.OnTime, b.Late, b.Near)
}

// wordsText lists the titles of words.
func wordsText(v *page.View, words []ladder.Word) string {
	var all []string
	for _, w := range words {
		all = append(all, w.Title.In(v.Lang))
	}
	return strings.Join(all, v.Say("、", ", "))
}
