package feeds

import (
	"slices"
	"strings"
	"sync"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/web/page"
)

// How far back the news goes, how much of it there is, and for how long it is
// kept: screens ask every minute, each, all day.
const (
	span     = 30 * 24 * time.Hour
	newsMost = 50
	kept     = time.Minute
)

// news is what there is to say of an area: what is under way and what has ended,
// the latest first.
type news struct {
	Area    area.Area
	Running []casework.Case
	Ended   []casework.Case
	At      time.Time // of the latest change; zero where there is none
	read    time.Time
}

// desk keeps the news of areas for a while.
type desk struct {
	mu  sync.Mutex
	all map[area.Code]news
}

// of reads the news of the area that the address names.
func (d *desk) of(v *page.View) (news, error) {
	a, ok := v.District.Areas.Area(area.Code(v.R.PathValue("code")))
	if !ok {
		return news{}, errs.New(errs.NotFound, "没有这个区域。", "There is no such area.")
	}
	d.mu.Lock()
	n, ok := d.all[a.Code]
	d.mu.Unlock()
	if age := v.Now.Sub(n.read); ok && age >= 0 && age < kept {
		n.Area = a
		return n, nil
	}
	n, err := readNews(v, a)
	if err != nil {
		return news{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all[a.Code] = n // no more of them than there are areas
	return n, nil
}

func readNews(v *page.View, a area.Area) (n news, err error) {
	n = news{Area: a, read: v.Now}
	since := v.Now.Add(-span)
	// What ended lately may have begun long before; the bound keeps the reading
	// short where the history is long.
	ended := casework.PublicFilter{Area: a.Code, Ended: true, Since: since, From: v.Now.Add(-3 * span)}
	if n.Ended, err = casework.PublicList(v.Context(), v.House.DB, v.District, ended, 0, newsMost); err != nil {
		return n, err
	}
	running := casework.PublicFilter{Area: a.Code, Running: true, From: since}
	if n.Running, err = casework.PublicList(v.Context(), v.House.DB, v.District, running, 0, newsMost); err != nil {
		return n, err
	}
	// A case that joined another is told by that one alone.
	n.Ended = slices.DeleteFunc(n.Ended, func(c casework.Case) bool { return c.State == casework.Merged })
	n.Running = slices.DeleteFunc(n.Running, func(c casework.Case) bool { return c.State == casework.Merged })
	slices.SortStableFunc(n.Ended, func(a, b casework.Case) int { return b.ClosedAt.Compare(a.ClosedAt) })
	for _, item := range n.items() {
		if at := item.at(); at.After(n.At) {
			n.At = at
		}
	}
	return n, nil
}

// item is one piece of news: that something was reported, or how it ended.
type item struct {
	casework.Case
	ended bool
}

func (i item) at() time.Time {
	if i.ended {
		return i.ClosedAt
	}
	return i.OpenedAt
}

// items are the news in order, the latest first.
func (n news) items() (all []item) {
	for _, c := range n.Ended {
		all = append(all, item{c, true})
	}
	for _, c := range n.Running {
		all = append(all, item{c, false})
	}
	slices.SortStableFunc(all, func(a, b item) int { return b.at().Compare(a.at()) })
	return all[:min(newsMost, len(all))]
}

// name tells the item apart for as long as there are feeds: the case, and which
// of its two pieces of news it is.
func (i item) name() string {
	if i.ended {
		return i.Number + "-ended"
	}
	return i.Number + "-open"
}

// title is the matter with where: never a word that somebody wrote.
func (i item) title(v *page.View) string {
	return v.District.Catalogue.Title(i.Matter).In(v.Lang) + v.Say("，", ", ") + v.PublicPlace(i.Place)
}

// text says how it stands, or how it ended.
func (i item) text(v *page.View) string {
	said := strings.TrimRight(standing(v, i.Case), "。.")
	switch {
	case i.ended:
		return said + v.Say("（%s）", " (%s)", v.MomentText(i.ClosedAt))
	case i.Due.IsZero():
		return said
	}
	return said + v.Say("；答应 %[1]s办好", "; promised %[1]s", v.DueText(i.Due))
}

// brief is what a screen has room for: the date that counts.
func (i item) brief(v *page.View) string {
	switch {
	case i.ended:
		return v.Say("%s 办结", "Closed %s", v.MomentText(i.ClosedAt))
	case i.Due.IsZero():
		return v.Say("%s 报的", "Reported %s", v.MomentText(i.OpenedAt))
	}
	return v.Say("答应 %[1]s办好", "Promised %[1]s", v.DueText(i.Due))
}

// standing is where a case is, in the public words of its procedure.
func standing(v *page.View, c casework.Case) string {
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return state(v, c)
	}
	if step := p.Step(c.Step); step != nil && !step.Public.IsZero() {
		return step.Public.In(v.Lang)
	}
	if end := p.End(procedure.EndName(c.Step)); end != nil && !end.Public.IsZero() {
		return end.Public.In(v.Lang)
	}
	return state(v, c)
}

// state is all that is known where the procedure has no words for it.
func state(v *page.View, c casework.Case) string {
	if c.State == casework.Running {
		return v.Say("正在办", "Under way")
	}
	return v.Say("结束了", "Ended")
}
