package desk

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// shortcut is one list in a side menu.
type shortcut struct {
	text  lang.Text
	icon  string
	tone  ui.Tone
	query string
}

// queueSide is the queue's side menu. Every count is that of the list behind it.
func queueSide(v *page.View, now asked) ([]ui.NavGroup, error) {
	main, err := shortcuts(v, now, v.Say("待办", "To do"), []shortcut{
		{lang.T("全部待办", "All to do"), "inbox", "", ""},
		{lang.T("已超期", "Late"), "alert-triangle", ui.Late, "signal=late"},
		{lang.T("今天到期", "Due today"), "hourglass", ui.Near, "only=today"},
		{lang.T("暂停计时", "Clock paused"), "player-pause", ui.Hold, "signal=hold"},
		{lang.T("建议不确定", "Suggestion not certain"), "help-circle", "", "only=unsure"},
		{lang.T("单位退回", "Returned"), "arrow-back-up", "", "only=returned"},
		{lang.T("无主件", "No owner"), "flag", "", "only=no-owner"},
	})
	if err != nil {
		return nil, err
	}
	if main.Items, err = withAsked(v, main.Items); err != nil {
		return nil, err
	}
	mine, err := saved(v, now)
	if err != nil {
		return nil, err
	}
	groups := []ui.NavGroup{main}
	if len(mine.Items) > 0 {
		groups = append(groups, mine)
	}
	tallied, err := queueGroups(v, now)
	return append(groups, tallied...), err
}

// queueGroups are the parts of the queue by step, street and channel.
func queueGroups(v *page.View, now asked) ([]ui.NavGroup, error) {
	by := []struct {
		title, name string
		by          casework.By
		text        func(string) string
	}{
		{v.Say("环节", "Steps"), "step", casework.ByTaskStep, func(s string) string { return stepName(v, s) }},
		{v.Say("街道", "Streets"), "area", casework.ByStreet, func(s string) string { return v.District.Areas.Name(area.Code(s)).In(v.Lang) }},
		{v.Say("从哪来", "Channels"), "channel", casework.ByChannel, func(s string) string { return intake.Channel(s).Text().In(v.Lang) }},
	}
	groups := make([]ui.NavGroup, len(by))
	var counting errgroup.Group
	counting.SetLimit(countsAtOnce)
	for i, g := range by {
		counting.Go(func() error {
			counts, err := casework.Groups(v.Context(), v.House.DB, v.District, read(v, queuePath, nil).Filter, g.by, v.Now)
			delete(counts, "") // a place that is not known has no list of its own
			groups[i] = ui.NavGroup{Title: g.title}
			for _, value := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
				return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
			}) {
				href := queuePath + "?" + url.Values{g.name: {value}}.Encode()
				groups[i].Items = append(groups[i].Items, ui.NavItem{Link: ui.Link{Text: g.text(value), Href: href, Now: href == now.href()}, Count: ui.N(counts[value])})
			}
			return err
		})
	}
	err := counting.Wait()
	return slices.DeleteFunc(groups, func(g ui.NavGroup) bool { return len(g.Items) == 0 }), err
}

// casesSide is the side menu of the list of all cases. Only what is running is
// counted: counting years of what has ended would make everyone wait.
func casesSide(v *page.View, now asked) ([]ui.NavGroup, error) {
	main, err := shortcuts(v, now, v.Say("在办的", "Running"), []shortcut{
		{lang.T("在办", "Running"), "inbox", "", "period=all&state=open"},
		{lang.T("已超期", "Late"), "alert-triangle", ui.Late, "period=all&signal=late"},
		{lang.T("临期", "Due soon"), "hourglass", ui.Near, "period=all&signal=near"},
		{lang.T("暂停计时", "Clock paused"), "player-pause", ui.Hold, "period=all&signal=hold"},
		{lang.T("挂账中", "On account"), "lock", "", "only=on-account&period=all"},
		{lang.T("单位退回过", "Returned"), "arrow-back-up", "", "only=returned&period=all&state=open"},
	})
	if err != nil {
		return nil, err
	}
	stuck, err := shortcuts(v, now, v.Say("卡住的", "Stuck"), []shortcut{
		{lang.T("推来推去的", "Passed around"), "refresh", "", "only=bounced&period=all"},
		{lang.T("一个工作日没人动的", "Untouched for a day"), "hourglass", "", "only=untouched&period=all"},
		{lang.T("没有定归谁管", "No owner"), "flag", "", "only=no-owner&period=all&state=open"},
	})
	if err != nil {
		return nil, err
	}
	ended := ui.NavGroup{Title: v.Say("近 %d 天", "Last %d days", usualDays)}
	for _, s := range []shortcut{
		{lang.T("全部案件", "All cases"), "list-details", "", ""},
		{lang.T("已办结", "Closed"), "circle-check", "", "state=closed"},
		{lang.T("居民不满意", "Residents not content"), "mood-sad", "", "rated=2"},
	} {
		ended.Items = append(ended.Items, s.item(v, now))
	}
	mine, err := saved(v, now)
	if err != nil || len(mine.Items) == 0 {
		return []ui.NavGroup{main, stuck, ended}, err
	}
	return []ui.NavGroup{main, stuck, ended, mine}, nil
}

func (s shortcut) item(v *page.View, now asked) ui.NavItem {
	href := now.Path
	if s.query != "" {
		href += "?" + s.query
	}
	return ui.NavItem{Link: ui.Link{Text: s.text.In(v.Lang), Href: href, Icon: s.icon, Now: href == now.href()}, Tone: s.tone}
}

// shortcuts are lists with their counts.
func shortcuts(v *page.View, now asked, title string, all []shortcut) (ui.NavGroup, error) {
	group := ui.NavGroup{Title: title, Items: make([]ui.NavItem, len(all))}
	var counts errgroup.Group // they wait for the database, not for each other
	counts.SetLimit(countsAtOnce)
	for i, s := range all {
		group.Items[i] = s.item(v, now)
		counts.Go(func() error {
			n, err := countOf(v, group.Items[i].Href)
			group.Items[i].Count = ui.N(n.N)
			return err
		})
	}
	return group, counts.Wait()
}

// countsAtOnce bounds how many counts of one page run side by side.
const countsAtOnce = 4

// countOf counts the list behind an address of this house.
func countOf(v *page.View, href string) (casework.Tally, error) {
	path, query, _ := strings.Cut(href, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return casework.Tally{}, err
	}
	a := read(v, path, values)
	if len(a.Wrong) > 0 { // a saved filter over something that is no more
		return casework.Tally{}, nil
	}
	return casework.Count(v.Context(), v.House.DB, v.District, a.Filter, v.Now)
}

// stepName names a step of whatever procedure.
func stepName(v *page.View, name string) string {
	for _, o := range steps(v) {
		if o.Value == name {
			return o.Label
		}
	}
	return name
}
