package desk

import (
	"strings"

	"linli/internal/casework"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// casesView is the list of cases.
type casesView struct {
	Asked asked
	listed
	Side []ui.NavGroup
}

// casesShow lists the cases within the reader's scope.
func casesShow(v *page.View) (err error) {
	s := casesView{Asked: read(v, casesPath, v.R.URL.Query())}
	if s.listed, err = s.Asked.list(v); err != nil {
		return err
	}
	if s.Side, err = casesSide(v, s.Asked); err != nil {
		return err
	}
	return v.Show(s.Asked.status(), casesPage(v, s))
}

// said is how many there are, of when, and in which order.
func (s casesView) said(v *page.View) string {
	if len(s.Asked.Wrong) > 0 {
		return ""
	}
	order := v.Say("最急的在前", "most urgent first")
	if s.Asked.Filter.Newest {
		order = v.Say("最新的在前", "newest first")
	}
	return strings.Join([]string{allText(v, s.listed), periodText(v, s.Asked), order}, v.Say("，", ", "))
}

// export is the address of the list as a table to download.
func (a asked) export(kind string) string {
	return strings.Replace(a.href(), casesPath, casesPath+"."+kind, 1)
}

// line is one case in a list, in words.
type line struct {
	Href, Number, Matter, Source string
	Place, Area, Unit, Standing  string
	Unsure                       bool
	Tone                         ui.Tone
	Left, Due, Opened, ID        string
}

func lines(v *page.View, rows []casework.Row) []line {
	var all []line
	for _, row := range rows {
		c := row.Case
		l := line{
			ID: string(c.ID), Href: "/desk/case/" + string(c.ID), Number: c.Number,
			Matter: v.District.Catalogue.Title(c.Matter).In(v.Lang), Source: source(v, c),
			Place: placeOf(v, c), Area: areaOf(v, c), Standing: standing(v, c), Opened: v.CameIn(c, c.OpenedAt),
		}
		l.Unit, _, l.Unsure = whose(v, c)
		l.Tone, l.Left = v.Standing(c)
		if c.State == casework.Running {
			l.Due = v.DueText(c.Due)
		} else if !c.ClosedAt.IsZero() {
			l.Due = v.MomentText(c.ClosedAt)
		}
		all = append(all, l)
	}
	return all
}

// caseColumns are the heads of a list of cases.
func caseColumns(v *page.View) []ui.Column {
	w := ui.W(v.Lang)
	return []ui.Column{
		{Title: w.Tick, Hidden: true}, {Title: w.Number}, {Title: w.Matter}, {Title: w.Place},
		{Title: v.Say("单位 / 办到哪", "Unit / where it stands")}, {Title: v.Say("期限", "Due")}, {Title: v.Say("报来", "Came in"), Right: true},
	}
}
