package desk

import (
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// source says where a case comes from: 居民上报 · 4 人.
func source(v *page.View, c casework.Case) string {
	text := channelText(v, c.Channel)
	if c.Reports > 1 {
		text += v.Say(" · %d 人", " · %d reports", c.Reports)
	}
	return text
}

// placeOf is the first line of where a case is.
func placeOf(v *page.View, c casework.Case) string {
	switch {
	case c.Place.Address != "":
		return c.Place.Address
	case c.Place.Placed == casework.Nowhere:
		return v.Say("位置还不清楚", "Place not known yet")
	}
	return v.Say("没写地址", "No address given")
}

// areaOf is the second line: the smallest area known.
func areaOf(v *page.View, c casework.Case) string {
	code := c.Place.Area(v.District.Code)
	if code == v.District.Code {
		return v.Say("还没定到网格", "no grid yet")
	}
	return v.District.Areas.Name(area.Code(code)).In(v.Lang)
}

// whose says who has the case or should have it, and why.
func whose(v *page.View, c casework.Case) (unit, why string, unsure bool) {
	switch {
	case c.Unit != "":
		return v.UnitName(c.Unit), standing(v, c), false
	case len(c.Proposal) == 0:
		return v.Say("请您定", "Please decide"), v.Say("没有规则说归谁", "no rule says whose"), true
	}
	first := c.Proposal[0]
	return v.UnitName(first.Unit), v.Lang.Pick(first.ZH, first.EN), c.Unsure()
}

// standing names the step or the end that a case is at.
func standing(v *page.View, c casework.Case) string {
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return string(c.State)
	}
	return stateText(v, p, c)
}

// waited is how long something has waited, in working time like what is left.
func waited(v *page.View, since time.Time) string {
	w := v.District.Calendar.Left(since, v.Now)
	switch {
	case w.Days > 0 && w.Hours > 0:
		return v.Say("%[1]d 天 %[2]d 小时", "%[1]d d %[2]d h", w.Days, w.Hours)
	case w.Days > 0:
		return v.Say("%d 天", "%d d", w.Days)
	case w.Hours > 0 && w.Minutes > 0:
		return v.Say("%[1]d 小时 %[2]d 分", "%[1]d h %[2]d min", w.Hours, w.Minutes)
	case w.Hours > 0:
		return v.Say("%d 小时", "%d h", w.Hours)
	case w.Minutes > 0:
		return v.Say("%d 分", "%d min", w.Minutes)
	}
	if v.Now.Sub(since) > time.Hour {
		return v.Say("下班后来的", "after hours")
	}
	return v.Say("刚来", "just now")
}

// allText is a count in words, with what it does not tell.
func allText(v *page.View, l listed) string {
	switch {
	case l.All.Over && l.All.N >= casework.CountMost:
		return v.Say("超过 1 万件", "over 10,000")
	case l.All.Over:
		return v.Say("最近的 %[1]s 件里有 %[2]s 件", "%[2]s among the latest %[1]s", ui.Number(casework.HitsMost), ui.Number(l.All.N))
	}
	return v.Say("%s 件", "%s", ui.Number(l.All.N))
}
