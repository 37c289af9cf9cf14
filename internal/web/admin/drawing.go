package admin

import (
	"fmt"

	"linli/internal/procedure"
	"linli/internal/web/page"
)

// The measures of a drawing, in its own units: a box, the room beside it for
// the words of a link, and the room below it for links that pass by.
const (
	boxWide, boxHigh = 128.0, 54.0
	roomWide         = 104.0
	roomHigh         = 34.0
	margin           = 22.0
)

// picture is a procedure as an SVG drawing.
type picture struct {
	ViewBox, Width string
	Boxes          []box
	Lines          []wire
}

type box struct {
	X, Y, TextX, TextY, SubY string
	Title, Sub, Size         string
	End                      bool
}

type wire struct {
	Path, Head   string // the line, and the point of its arrow
	Label        string
	TextX, TextY string
	Back         bool
}

// spot is where a node stands.
type spot struct {
	x, y        float64
	column, row int
}

// drawing lays out what procedure.Layout says. Only a link to the next box of
// the same row has its words on it; the others are told in the table below.
func drawing(v *page.View, p *procedure.Procedure) picture {
	d := p.Layout()
	spots := map[string]spot{}
	pic := picture{}
	for _, n := range d.Nodes {
		s := spot{margin + float64(n.Column)*(boxWide+roomWide), margin + float64(n.Row)*(boxHigh+roomHigh), n.Column, n.Row}
		spots[n.Name] = s
		pic.Boxes = append(pic.Boxes, boxOf(v, p, n, s))
	}
	drawn := map[string]bool{}
	backs := 0
	bottom := margin + float64(d.Rows)*(boxHigh+roomHigh)
	for _, l := range d.Links {
		from, okFrom := spots[l.From]
		to, okTo := spots[l.To]
		if key := l.From + ">" + l.To; !okFrom || !okTo || drawn[key] {
			continue
		} else {
			drawn[key] = true
		}
		if to.x <= from.x {
			pic.Lines = append(pic.Lines, backWire(from, to, bottom+float64(backs%4)*9))
			backs++
			continue
		}
		w := wireOf(from, to)
		if from.row == to.row && to.column == from.column+1 {
			w.Label, w.TextX, w.TextY = l.Title.In(v.Lang), num((from.x+boxWide+to.x)/2), num(from.y+boxHigh/2-7)
		}
		pic.Lines = append(pic.Lines, w)
	}
	wide := 2*margin + float64(d.Columns)*(boxWide+roomWide) - roomWide
	high := bottom + margin
	if backs > 0 {
		high += 9 * float64(min(backs, 4))
	}
	pic.ViewBox, pic.Width = fmt.Sprintf("0 0 %.0f %.0f", wide, high), num(wide)
	return pic
}

func boxOf(v *page.View, p *procedure.Procedure, n procedure.Node, s spot) box {
	size := "15"
	if len(n.Title.In(v.Lang)) > 15 { // bytes: fifteen letters, or five characters of Chinese
		size = "12"
	}
	b := box{Size: size, X: num(s.x), Y: num(s.y), TextX: num(s.x + boxWide/2), TextY: num(s.y + boxHigh/2 + 5), Title: n.Title.In(v.Lang), End: n.End}
	if step := p.Step(procedure.StepName(n.Name)); step != nil {
		b.Sub = stepLimit(v, step)
		b.TextY, b.SubY = num(s.y+boxHigh/2-3), num(s.y+boxHigh/2+15)
	}
	return b
}

// wireOf runs from the right of a box to the left of another, turning in the
// room before it. One that passes boxes of its own row goes below them.
func wireOf(from, to spot) wire {
	x1, y1, x2, y2 := from.x+boxWide, from.y+boxHigh/2, to.x, to.y+boxHigh/2
	path := fmt.Sprintf("M%s %sH%s", num(x1), num(y1), num(x2-7))
	switch {
	case to.column > from.column+1:
		below := from.y + boxHigh + roomHigh/2
		turn, last := x1+14, x2-22
		path = fmt.Sprintf("M%s %sH%sV%sH%sV%sH%s", num(x1), num(y1), num(turn), num(below), num(last), num(y2), num(x2-7))
	case y1 != y2:
		path = fmt.Sprintf("M%s %sH%sV%sH%s", num(x1), num(y1), num(x2-22), num(y2), num(x2-7))
	}
	return wire{Path: path, Head: arrow(x2, y2, -7, 0)}
}

// backWire runs below everything and comes up into the box it goes back to.
func backWire(from, to spot, below float64) wire {
	x1, x2 := from.x+boxWide/2-12, to.x+boxWide/2+12
	return wire{
		Path: fmt.Sprintf("M%s %sV%sH%sV%s", num(x1), num(from.y+boxHigh), num(below), num(x2), num(to.y+boxHigh+7)),
		Head: arrow(x2, to.y+boxHigh, 0, 7), Back: true,
	}
}

// arrow is a point at x, y that comes from the side of dx, dy.
func arrow(x, y, dx, dy float64) string {
	return fmt.Sprintf("M%s %sL%s %sL%s %sZ", num(x), num(y), num(x+dx+dy/2), num(y+dy+dx/2), num(x+dx-dy/2), num(y+dy-dx/2))
}

func num(f float64) string { return fmt.Sprintf("%.1f", f) }
