package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// Line is a trend over periods, with a target where there is one. Each series
// carries its name and last figure at its end; the first is the main one.
type Line struct {
	Frame
	Periods []string
	Series  []Series
	Target  *float64
	Height  int // of the whole drawing without its title; 260 where 0
}

// Series is one line: a figure for each period, math.NaN where there is none.
type Series struct {
	Name   string
	Values []float64
}

// plot is where the figures of a Line stand.
type plot struct {
	left, right, top, bottom float64
	ticks                    []float64
	n                        int
}

func (g plot) x(i int) float64 {
	if g.n < 2 {
		return (g.left + g.right) / 2
	}
	return g.left + (g.right-g.left)*float64(i)/float64(g.n-1)
}

func (g plot) y(v float64) float64 {
	low, high := g.ticks[0], g.ticks[len(g.ticks)-1]
	return g.bottom - (g.bottom-g.top)*(v-low)/(high-low)
}

// Draw makes the drawing.
func (l Line) Draw() (_ *Picture, err error) {
	defer errs.Wrap(&err, "chart.Line.Draw(%s)", l.Title)
	if len(l.Periods) > MostPeriods {
		return nil, refuse(lang.T("期", "periods"), len(l.Periods), MostPeriods)
	}
	if len(l.Series) > MostSeries {
		return nil, refuse(lang.T("条线", "lines"), len(l.Series), MostSeries)
	}
	low, high, some := l.extent()
	if !some {
		return l.none(), nil
	}
	p, top := l.begin()
	height := float64(min(max(l.Height, 0), 1200))
	if height == 0 {
		height = 260
	}
	g := plot{top: top + 8, bottom: top + max(height, 120) - 26, n: len(l.Periods), ticks: l.scale(low, high)}
	marks := l.marks(g.ticks)
	for _, m := range marks {
		g.left = max(g.left, font.Width(m, smallSize))
	}
	ends := l.ends()
	g.left += Edge + 10
	g.right = p.Width - Edge - l.room(ends, p.Width) - 12
	p.axes(g, marks)
	p.periods(g, l.Periods)
	l.target(p, g)
	for i := len(l.Series) - 1; i >= 0; i-- { // the main one is painted last, on top
		p.trend(g, l.Series[i].Values, i)
	}
	p.endLabels(g, ends)
	return p.end(g.bottom+26, l.says()), nil
}

// extent is what the scale must hold.
func (l Line) extent() (low, high float64, some bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range l.Series {
		for i, v := range s.Values {
			if there(v) && i < len(l.Periods) {
				low, high, some = min(low, v), max(high, v), true
			}
		}
	}
	if l.Target != nil && there(*l.Target) {
		low, high = min(low, *l.Target), max(high, *l.Target)
	}
	return low, high, some
}

// scale leaves a little air around the figures, but a share stays within 0 and 100
// and a count does not go below zero.
func (l Line) scale(low, high float64) []float64 {
	air := max((high-low)*0.1, math.Abs(high)*0.01, 0.5)
	from, to := low-air, high+air
	if low >= 0 {
		from = max(from, 0)
	}
	if l.Unit == "%" && high <= 100 {
		to = min(to, 100)
	}
	all := ticks(from, to)
	if last := len(all) - 1; l.Unit == "%" && high <= 100 && all[last] > 100 {
		all[last] = 100
	}
	return all
}

func (l Line) marks(ticks []float64) []string {
	digits := decimals(ticks)
	out := make([]string, len(ticks))
	for i, v := range ticks {
		out[i] = plain(v, digits)
		if l.Unit == "%" || i == len(ticks)-1 {
			out[i] += l.unit()
		}
	}
	return out
}

// axes draws the hairlines with their figures.
func (p *Picture) axes(g plot, marks []string) {
	for i, v := range g.ticks {
		y := math.Round(g.y(v)) + 0.5
		ink := Rule
		if i == 0 {
			ink = Axis
		}
		p.path(ink, 1, 0, Point{g.left, y}, Point{g.right, y})
		p.text(g.left-10, y+4, smallSize, End, Faint, marks[i])
	}
}

// periods writes as many names below as fit, the last one always.
func (p *Picture) periods(g plot, names []string) {
	if g.n == 0 {
		return
	}
	most, width := (g.right-g.left)/2, 0.0
	short := make([]string, g.n)
	for i, name := range names {
		short[i] = font.Clip(font.Line(name), smallSize, min(most, 120))
		width = max(width, font.Width(short[i], smallSize))
	}
	every := 1
	if g.n > 1 {
		every = int(math.Ceil((width + 12) / max((g.right-g.left)/float64(g.n-1), 0.1)))
	}
	for i := g.n - 1; i >= 0; i -= max(every, 1) {
		x := max(g.x(i), Edge+font.Width(short[i], smallSize)/2)
		p.text(x, g.bottom+19, smallSize, Middle, Faint, short[i])
	}
}

func (l Line) target(p *Picture, g plot) {
	if l.Target == nil || !there(*l.Target) {
		return
	}
	y := math.Round(g.y(*l.Target)) + 0.5
	p.path(Plain, 1, 5, Point{g.left, y}, Point{g.right, y})
}

// trend paints one line, broken where a figure is missing, with a dot on each
// figure of the main line and on the last of any.
func (p *Picture) trend(g plot, values []float64, at int) {
	ink, stroke, dash := Main, 2.5, 0.0
	if at > 0 {
		ink, stroke, dash = Faint, 1.5, float64(at-1)*3
	}
	var run []Point
	flush := func() {
		if len(run) > 1 {
			p.path(ink, stroke, dash, run...)
		}
		run = nil
	}
	last := -1
	for i := range min(len(values), g.n) {
		if !there(values[i]) {
			flush()
			continue
		}
		run, last = append(run, Point{g.x(i), g.y(values[i])}), i
	}
	flush()
	for i := range min(len(values), g.n) {
		if there(values[i]) && (i == last || at == 0 && g.n <= 36) {
			radius := 2.5
			if i == last {
				radius = 4
			}
			p.dot(g.x(i), g.y(values[i]), radius, ink)
		}
	}
}

// ending is what stands at the right end of a line.
type ending struct {
	value      float64
	name, said string
	ink        Ink
}

// ends are the last figures of the series and the target.
func (l Line) ends() []ending {
	var all []ending
	for i, s := range l.Series {
		if v, ok := last(s.Values, len(l.Periods)); ok {
			ink := Plain
			if i == 0 {
				ink = Main
			}
			all = append(all, ending{v, s.Name, l.figure(v), ink})
		}
	}
	if l.Target != nil && there(*l.Target) {
		all = append(all, ending{*l.Target, l.Lang.Pick("目标", "target"), l.figure(*l.Target), Plain})
	}
	return all
}

func last(values []float64, n int) (float64, bool) {
	for i := min(len(values), n) - 1; i >= 0; i-- {
		if there(values[i]) {
			return values[i], true
		}
	}
	return 0, false
}

// room is what the endings take at the right, a third of the drawing at most.
func (l Line) room(ends []ending, width float64) float64 {
	most := 0.0
	for _, e := range ends {
		most = max(most, font.Width(font.Line(e.name+" "+e.said), labelSize))
	}
	return min(most, width/3)
}

// endLabels writes the endings beside their lines, pushed apart where they meet.
func (p *Picture) endLabels(g plot, ends []ending) {
	slices.SortStableFunc(ends, func(a, b ending) int { return cmp.Compare(b.value, a.value) })
	const apart = 17.0
	y := make([]float64, len(ends))
	for i, e := range ends {
		y[i] = g.y(e.value) + 4.5
		if i > 0 {
			y[i] = max(y[i], y[i-1]+apart)
		}
	}
	floor := g.bottom + 4
	for i := len(ends) - 1; i >= 0; i-- {
		y[i] = min(y[i], floor)
		floor = y[i] - apart
	}
	for i, e := range ends {
		x := g.right + 12
		said := font.Line(e.said)
		name := font.Clip(font.Line(e.name), labelSize, max(p.Width-Edge-x-font.Width(" "+said, labelSize), 0))
		p.text(x, y[i], labelSize, Start, e.ink, name+" "+said)
	}
}

// says is the drawing in one sentence: of each line its first, last, lowest and
// highest figure.
func (l Line) says() string {
	var all []string
	for _, s := range l.Series {
		low, high, first, end := -1, -1, -1, -1
		for i, v := range s.Values[:min(len(s.Values), len(l.Periods))] {
			if !there(v) {
				continue
			}
			if first < 0 {
				first, low, high = i, i, i
			}
			if v < s.Values[low] {
				low = i
			}
			if v > s.Values[high] {
				high = i
			}
			end = i
		}
		if first < 0 {
			continue
		}
		all = append(all, fmt.Sprintf(l.Lang.Pick("%s：%s %s，%s %s，最低 %s，最高 %s", "%s: %s %s, %s %s, lowest %s, highest %s"),
			s.Name, l.Periods[first], l.figure(s.Values[first]), l.Periods[end], l.figure(s.Values[end]), l.figure(s.Values[low]), l.figure(s.Values[high])))
	}
	if l.Target != nil && there(*l.Target) {
		all = append(all, l.Lang.Pick("目标 ", "target ")+l.figure(*l.Target))
	}
	return strings.Join(all, l.Lang.Pick("；", "; "))
}
