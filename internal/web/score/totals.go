package score

import (
	"math"
	"net/http"

	"linli/internal/chart"
	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// totalsView is what was counted before linli was there, with what follows.
type totalsView struct {
	All     []evaluate.Totals // the latest first
	Columns []totalColumn
	Chart   string
}

// totalColumn is one total of the table.
type totalColumn struct {
	Name  string
	Title lang.Text
}

func readTotals(v *page.View) (s totalsView, err error) {
	loaded, err := evaluate.TotalsOf(v.Context(), v.House.DB, v.District.Code, v.District.Catalogue.Measures(), evaluate.District)
	if err != nil {
		return s, err
	}
	for i := len(loaded) - 1; i >= 0; i-- {
		s.All = append(s.All, loaded[i])
	}
	for _, f := range evaluate.TotalColumns()[2:] { // after period and unit
		for _, t := range s.All {
			if _, ok := t.N[f.Name]; ok {
				s.Columns = append(s.Columns, totalColumn{f.Name, f.Title})
				break
			}
		}
	}
	return s, nil
}

func totalsShow(v *page.View) error {
	s, err := readTotals(v)
	if err != nil {
		return err
	}
	h := head{
		Title: v.Say("历年合计", "Yearly totals"), Menu: "scores", Path: crumbs(v, ui.Link{Text: v.Say("历年合计", "Yearly totals")}),
		Said: v.Say("以前的合计是导进来的；率都是算出来的，不手填。", "Earlier totals were loaded; every rate is computed, never typed."),
	}
	if len(s.All) > 0 {
		h.Buttons = []ui.Btn{{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: home + "/totals.xlsx"}}
		if s.Chart, err = svg(s.chart(v, true)); err != nil {
			return err
		}
	}
	return show(v, http.StatusOK, h, totalsPage(v, s))
}

// chart draws what was filed and closed, year by year.
func (s totalsView) chart(v *page.View, bare bool) chart.Line {
	c := chart.Line{Frame: chart.Frame{Title: v.Say("%s：历年立案和办结", "%s: filed and closed, year by year", districtName(v)), Unit: v.Say("件", "cases"), Lang: v.Lang, Bare: bare}}
	filed, closed := chart.Series{Name: v.Say("立案", "Filed")}, chart.Series{Name: v.Say("办结", "Closed")}
	for i := len(s.All) - 1; i >= 0; i-- {
		t := s.All[i]
		if len(t.Period) != 4 || len(c.Periods) == chart.MostPeriods {
			continue
		}
		c.Periods = append(c.Periods, string(t.Period))
		filed.Values = append(filed.Values, totalOr(t, evaluate.TotalFiled))
		closed.Values = append(closed.Values, totalOr(t, evaluate.TotalClosed))
	}
	c.Series = []chart.Series{filed, closed}
	return c
}

func totalOr(t evaluate.Totals, name string) float64 {
	if n, ok := t.N[name]; ok {
		return float64(n)
	}
	return math.NaN()
}

func totalsPNG(v *page.View) error {
	s, err := readTotals(v)
	if err != nil {
		return err
	}
	return sendPNG(v, s.chart(v, false), "totals")
}

func totalsTable(v *page.View) error {
	s, err := readTotals(v)
	if err != nil {
		return err
	}
	t := table{Name: v.Say("历年合计", "Yearly totals"), Heads: []string{v.Say("时段", "Period")}}
	for _, c := range s.Columns {
		t.Heads = append(t.Heads, c.Title.In(v.Lang), v.Say("比上年", "On the year before"))
	}
	t.Heads = append(t.Heads, v.Say("结案率", "Closing rate"))
	for _, one := range s.All {
		row := []any{string(one.Period)}
		for _, c := range s.Columns {
			n, ok := one.N[c.Name]
			change, also := one.Change[c.Name]
			row = append(row, numberOr(ok, int(n)), numberOr(also, change))
		}
		t.Rows = append(t.Rows, append(row, numberOr(!one.Closing.Empty && one.Closing.Denominator > 0, one.Closing.Value)))
	}
	return sendWorkbook(v, "totals", t)
}

// changeOn is the change against the year before, in percent.
func changeOn(v *page.View, t evaluate.Totals, name string) string {
	change, ok := t.Change[name]
	if !ok {
		return ""
	}
	return v.Say("比上年 %s%%", "%s%% on the year before", changeText(100*change, 1))
}

func closingText(t evaluate.Totals) string {
	if t.Closing.Denominator == 0 {
		return none
	}
	return exactly(t.Closing.Value)
}

func totalHeads(v *page.View, s totalsView) []ui.Column {
	all := []ui.Column{{Title: v.Say("时段", "Period")}}
	for _, c := range s.Columns {
		all = append(all, ui.Column{Title: c.Title.In(v.Lang), Right: true})
	}
	return append(all, ui.Column{Title: v.Say("结案率", "Closing rate"), Right: true})
}

func totalCells(v *page.View, s totalsView, t evaluate.Totals) []ui.Cell {
	all := []ui.Cell{{Text: t.Period.Text().In(v.Lang)}}
	for _, c := range s.Columns {
		cell := ui.Cell{Text: none, Right: true}
		if n, ok := t.N[c.Name]; ok {
			cell.Text, cell.Sub = ui.Number(int(n)), changeOn(v, t, c.Name)
		}
		all = append(all, cell)
	}
	return append(all, ui.Cell{Text: closingText(t), Right: true, Strong: true})
}
