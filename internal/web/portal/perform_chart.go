package portal

import (
	"fmt"
	"math"

	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// chartWidth lets a chart be read on a phone without being shrunk.
const chartWidth = 340

// drawnRecord are the charts of a page; one that has nothing to show is empty.
type drawnRecord struct {
	Kept, Content, Grades, Took, Streets string
	Leagues                              []string
}

func drawRecord(v *page.View, s performView) (d drawnRecord, err error) {
	draw := func(into *string, what interface {
		Draw() (*chart.Picture, error)
	}) {
		if err != nil {
			return
		}
		var p *chart.Picture
		if p, err = what.Draw(); err == nil {
			*into = string(p.SVG(chart.Page))
		}
	}
	if line, ok := trendLine(v, s, onDate); ok {
		draw(&d.Kept, line)
	}
	if line, ok := trendLine(v, s, satisfaction); ok {
		draw(&d.Content, line)
	}
	if s.Course.Ended > 0 {
		draw(&d.Took, tookStack(v, s))
	}
	if s.Course.Rated() >= few {
		draw(&d.Grades, gradeStack(v, s))
	}
	if bars := streetBars(v, s); len(bars.Rows) > 0 {
		draw(&d.Streets, bars)
	}
	for _, l := range s.Leagues {
		svg := ""
		draw(&svg, leagueBars(v, l))
		d.Leagues = append(d.Leagues, svg)
	}
	return d, err
}

// trendLine is an indicator of the district over the months; ok is false where
// there are not two months to join.
func trendLine(v *page.View, s performView, name string) (c chart.Line, ok bool) {
	i := s.Book.Indicator(name)
	if i == nil || i.Kind != measure.Rate {
		return c, false
	}
	series := chart.Series{Name: i.Title.In(v.Lang)}
	for _, at := range s.Trend[name] {
		c.Periods = append(c.Periods, monthText(v, at.Period))
		value := math.NaN()
		if !at.Figure.Empty && !tooFew(i, at.Figure, false) {
			value, ok = 100*at.Figure.Value, true
		}
		series.Values = append(series.Values, value)
	}
	c.Frame = chart.Frame{Title: v.Say("%s，一个月一个点", "%s, a point a month", i.Title.In(v.Lang)), Unit: "%", Digits: 1, Lang: v.Lang, Width: chartWidth, Bare: true}
	c.Series, c.Height = []chart.Series{series}, 200
	if i.Target > 0 {
		target := 100 * i.Target
		c.Target = &target
	}
	return c, ok && len(c.Periods) > 1
}

// monthText is a month as short as an axis wants it.
func monthText(v *page.View, p evaluate.Period) string {
	from, _ := p.Span(v.Zone())
	if v.Lang == lang.EN {
		return from.Format("Jan 06")
	}
	return fmt.Sprintf("%d-%d", from.Year()%100, from.Month())
}

func tookStack(v *page.View, s performView) chart.Stack {
	c := chart.Stack{Frame: chart.Frame{Title: v.Say("办完用了多久", "How long it took"), Unit: v.Say("件", "cases"), Digits: 1, Lang: v.Lang, Width: chartWidth, Bare: true}}
	row := chart.Row{}
	for i, name := range tookWords(v) {
		c.Parts = append(c.Parts, chart.Part{Name: name})
		row.Values = append(row.Values, float64(s.Course.Took[i]))
	}
	c.Rows = []chart.Row{row}
	return c
}

func tookWords(v *page.View) [4]string {
	return [4]string{v.Say("一天内", "within a day"), v.Say("三天内", "three days"), v.Say("一周内", "a week"), v.Say("更久", "longer")}
}

func gradeStack(v *page.View, s performView) chart.Stack {
	c := chart.Stack{Frame: chart.Frame{Title: v.Say("居民打的五档", "The five grades"), Unit: v.Say("件", "cases"), Digits: 1, Lang: v.Lang, Width: chartWidth, Bare: true}}
	row := chart.Row{}
	for i, name := range ui.W(v.Lang).Grades {
		c.Parts = append(c.Parts, chart.Part{Name: name})
		row.Values = append(row.Values, float64(s.Course.Grades[i]))
	}
	c.Rows = []chart.Row{row}
	return c
}

// streetBars compares the streets by what was done by the promised date, in the
// order of the register: it is no ranking.
func streetBars(v *page.View, s performView) chart.Bars {
	c := chart.Bars{Frame: chart.Frame{Title: v.Say("各街道按时办好的", "Done in time, by street"), Unit: "%", Digits: 1, Lang: v.Lang, Width: chartWidth, Bare: true}}
	i := s.Book.Indicator(onDate)
	if i == nil {
		return c
	}
	veiled := veil(i, s.Streets)
	for _, p := range s.Streets {
		if f := p.Figures[onDate]; !f.Empty && !veiled[p.Subject] {
			c.Rows = append(c.Rows, chart.Bar{Label: p.Subject.Name(v.District).In(v.Lang), Value: 100 * f.Value, Note: partsOf(f)})
		}
	}
	return c
}

// leagueBars is a group of like units by score.
func leagueBars(v *page.View, l openLeague) chart.Bars {
	c := chart.Bars{Frame: chart.Frame{Title: l.Title.In(v.Lang), Digits: 1, Lang: v.Lang, Width: chartWidth, Bare: true}, Words: map[clock.Signal]string{}}
	for _, one := range l.Standings {
		c.Rows = append(c.Rows, chart.Bar{Label: one.Subject.Name(v.District).In(v.Lang), Value: one.Card.Score})
	}
	return c
}
