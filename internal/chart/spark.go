package chart

import (
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Spark is a trend the size of a word, without scale or writing: it stands
// beside the figure it is the way to. The last figure carries the dot, coloured
// by the signal.
type Spark struct {
	Frame   // Width is 96 where 0
	Values  []float64
	Periods []string // for the description
	Signal  clock.Signal
}

// Draw makes the drawing.
func (s Spark) Draw() (_ *Picture, err error) {
	defer errs.Wrap(&err, "chart.Spark.Draw(%s)", s.Title)
	if len(s.Values) > MostPeriods {
		return nil, refuse(lang.T("期", "periods"), len(s.Values), MostPeriods)
	}
	names := make([]string, len(s.Values))
	copy(names, s.Periods)
	line := Line{Frame: s.Frame, Periods: names, Series: []Series{{s.Title, s.Values}}}
	f := s.Frame
	f.Bare = true
	p, _ := f.begin()
	p.Width, p.Height = 96, 28
	if s.Width > 0 {
		p.Width = float64(min(max(s.Width, 40), 400))
	}
	if p.Desc == "" {
		p.Desc = line.says()
	}
	low, high, some := line.extent()
	if !some {
		p.box(Edge, p.Height/2, p.Width-2*Edge, 1, Rule)
		return p, nil
	}
	if high == low {
		low, high = low-1, high+1
	}
	g := plot{left: Edge + 1, right: p.Width - Edge - 1, top: Edge + 1, bottom: p.Height - Edge - 1, n: len(s.Values), ticks: []float64{low, high}}
	var run []Point
	end := Point{-1, -1}
	for i, v := range append(s.Values[:len(s.Values):len(s.Values)], 1e300) { // the last is no figure: it ends the run
		if there(v) {
			end = Point{g.x(i), g.y(v)}
			run = append(run, end)
			continue
		}
		if len(run) > 1 {
			p.path(Faint, 1.5, 0, run...)
		}
		run = nil
	}
	p.dot(end.X, end.Y, 3, inkOf(s.Signal))
	return p, nil
}
