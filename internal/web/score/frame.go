package score

import (
	"github.com/a-h/templ"

	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// head is what stands above every page's own part.
type head struct {
	Title, Said string
	Menu        string // the bar's item: board or scores
	Path        []ui.Link
	Tabs        []ui.Link
	Buttons     []ui.Btn
	Live        bool
}

// show draws a page.
func show(v *page.View, status int, h head, body templ.Component) error {
	p := v.Page(h.Title)
	if h.Live {
		p.Live = "/live"
	}
	return v.Show(status, frame(p, page.Staff(v, h.Menu), h, body))
}

// crumbs is the way to a page below the list of periods.
func crumbs(v *page.View, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: v.Say("考核", "Scorecards"), Href: home}}, more...)
}

func periodHref(p evaluate.Period) string { return home + "/" + string(p) }

func leagueHref(p evaluate.Period, a *measure.Assessment) string { return periodHref(p) + "/" + a.Name }

func cardHref(p evaluate.Period, a *measure.Assessment, s evaluate.Subject) string {
	return leagueHref(p, a) + "/" + string(s)
}

func periodLink(v *page.View, p evaluate.Period) ui.Link {
	return ui.Link{Text: p.Text().In(v.Lang), Href: periodHref(p)}
}

// periodTabs are the pages of one period that the reader may open.
func periodTabs(v *page.View, p evaluate.Period, at string) (all []ui.Link) {
	add := func(text, to string) {
		all = append(all, ui.Link{Text: text, Href: periodHref(p) + to, Now: to == at})
	}
	add(v.Say("考核", "Assessments"), "")
	add(v.Say("通报", "Bulletin"), "/bulletin")
	if v.Can(rights.ScoreKeep) {
		add(v.Say("申诉", "Appeals"), "/appeals")
		add(v.Say("外部评价", "Outside reviews"), "/reviews")
		add(v.Say("重算比对", "Count again"), "/compare")
	}
	return all
}
