package desk

import (
	"fmt"

	"linli/internal/casework"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// peekView is a task beside the queue: its case, and what the reader may do.
type peekView struct {
	caseView
	Task casework.Task
	Back string
}

// peekOf reads a task with its case for the preview.
func peekOf(v *page.View, task, back string) (*peekView, error) {
	t, err := casework.TaskByID(v.Context(), v.House.DB, v.District.Code, task)
	if err != nil {
		return nil, err
	}
	c, tasks, err := v.Case(v.Context(), t.Case)
	if err != nil {
		return nil, err
	}
	p := &peekView{caseView: caseView{Case: c, Tasks: tasks}, Task: t, Back: back}
	var ok bool
	if p.Procedure, ok = v.District.Catalogue.Procedure(c.Procedure, c.Version); !ok {
		return nil, fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
	}
	if err := p.read(v); err != nil {
		return nil, err
	}
	return p, nil
}

// head is the top of the preview.
func (p *peekView) head(v *page.View) ui.PeekView {
	c := p.Case
	return ui.PeekView{
		ID: "peek", Case: p.Task.ID, Label: v.Say("预览", "Preview"), Number: c.Number,
		Source: channelText(v, c.Channel) + v.Say("，", ", ") + v.CameIn(c, c.OpenedAt),
		Title:  v.District.Catalogue.Title(c.Matter).In(v.Lang), Place: placeText(v, c),
		Href: "/desk/case/" + string(c.ID), OpenText: v.Say("打开全页", "Open"),
	}
}

// photo is the first picture of what was reported, if there is one.
func (p *peekView) photo(v *page.View) (ui.Photo, bool) {
	if len(p.Photos) == 0 {
		return ui.Photo{}, false
	}
	return p.photoViews(v)[0], true
}

// small is the map of the preview, beside a photo or alone.
func (p *peekView) small(v *page.View, beside bool) ui.MapView {
	m := p.mapView(v)
	m.Width, m.Height = 372, 180
	if beside {
		m.Width, m.Height = 320, 220
	}
	return m
}

// facts are the few that matter for deciding.
func (p *peekView) facts(v *page.View) []ui.Fact {
	c := p.Case
	matter := v.District.Catalogue.Title(c.Matter).In(v.Lang)
	if c.Major != c.Matter {
		matter = v.District.Catalogue.Title(c.Major).In(v.Lang) + " › " + matter
	}
	all := []ui.Fact{
		{Name: v.Say("事项", "Matter"), Value: matter},
		{Name: v.Say("环节", "Step"), Value: p.step(v)},
		{Name: v.Say("期限", "Due"), Value: v.DueText(c.Due), Strong: true, Sub: p.Why.Text.In(v.Lang)},
	}
	if c.Unit != "" {
		all = append(all, ui.Fact{Name: v.Say("主办", "Lead"), Value: v.UnitName(c.Unit)})
	}
	return all
}

// step names the task's step, and says so where the reader only helps.
func (p *peekView) step(v *page.View) string {
	name := stepName(v, string(p.Task.Step))
	if helping(p.Task) {
		return name + v.Say("（协办）", " (helping)")
	}
	return name
}

// tags are what must not be overlooked.
func (p *peekView) tags(v *page.View) []ui.TagView {
	var all []ui.TagView
	if p.Case.Danger {
		all = append(all, ui.TagView{Text: v.Say("有危险", "Danger"), Warm: true})
	}
	if p.Case.Returns > 0 {
		all = append(all, ui.TagView{Text: v.Say("退回过 %d 次", "returned %d times", p.Case.Returns), Warm: true})
	}
	if p.Case.NoOwner {
		all = append(all, ui.TagView{Text: v.Say("没有定归谁管", "No owner by rule"), Warm: true})
	}
	if p.Case.Secret {
		all = append(all, ui.TagView{Text: v.Say("上报人保密", "Reporter kept secret")})
	}
	return all
}
