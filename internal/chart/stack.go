package chart

import (
	"fmt"
	"strings"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// Stack shows how a whole is made up: the grades of a rating, the signals of
// open cases. Each row is a whole of its own; its parts are shares of their sum.
// Figures below zero count as none.
type Stack struct {
	Frame // Unit is that of a row's sum; Digits those of the shares
	Parts []Part
	Rows  []Row
}

// Part is one kind of thing in the whole. Parts without a signal are shaded in
// their order, so that grades run from the best to the worst.
type Part struct {
	Name   string
	Signal clock.Signal
}

// Row is one whole: a figure for each part.
type Row struct {
	Label  string
	Values []float64
}

// shade is how a part is painted and written on.
type shade struct {
	ink  Ink
	tone float64
	on   Ink
}

// shades run from full teal to full grey; on each the writing keeps its contrast
// in both themes.
var shades = [MostParts]shade{{Main, 1, OnMain}, {Main, 0.45, Strong}, {Main, 0.2, Strong}, {Held, 0.35, Strong}, {Held, 1, OnMain}}

func (s Stack) shade(i int) shade {
	if signal := s.Parts[i].Signal; signal != "" {
		return shade{inkOf(signal), 1, OnMain}
	}
	return shades[i]
}

// Draw makes the drawing.
func (s Stack) Draw() (_ *Picture, err error) {
	defer errs.Wrap(&err, "chart.Stack.Draw(%s)", s.Title)
	if len(s.Rows) > MostBars {
		return nil, refuse(lang.T("行", "rows"), len(s.Rows), MostBars)
	}
	if len(s.Parts) > MostParts {
		return nil, refuse(lang.T("部分", "parts"), len(s.Parts), MostParts)
	}
	if len(s.Rows) == 0 || len(s.Parts) == 0 {
		return s.none(), nil
	}
	p, top := s.begin()
	top = s.key(p, top+14) + 10
	left, sums := Edge, 0.0
	for _, r := range s.Rows {
		if r.Label != "" {
			left = max(left, min(font.Width(font.Line(r.Label), labelSize), p.Width*0.4)+Edge+12)
		}
		sums = max(sums, font.Width(s.sum(r), labelSize))
	}
	right := p.Width - Edge - min(sums, p.Width*0.25) - 10
	for i, r := range s.Rows {
		s.row(p, r, left, right, top+30*float64(i))
	}
	return p.end(top+30*float64(len(s.Rows)), s.says()), nil
}

// total adds the figures of a row that belong to a part.
func (s Stack) total(r Row) (sum float64) {
	for _, v := range r.Values[:min(len(r.Values), len(s.Parts))] {
		if there(v) {
			sum += max(v, 0)
		}
	}
	return sum
}

func (s Stack) sum(r Row) string {
	return plain(s.total(r), 0) + s.unit()
}

// share writes the part of a whole, in per cent.
func (s Stack) share(v, whole float64) string {
	return plain(100*v/whole, min(max(s.Digits, 0), 2)) + "%"
}

// key names the parts above the rows, with their shares where there is only one.
func (s Stack) key(p *Picture, y float64) float64 {
	x := Edge
	for i, part := range s.Parts {
		name := font.Line(part.Name)
		if len(s.Rows) == 1 {
			if v, whole := s.value(s.Rows[0], i), s.total(s.Rows[0]); whole > 0 {
				name += " " + s.share(v, whole)
			}
		}
		wide := 18 + font.Width(name, labelSize)
		if x > Edge && x+wide > p.Width-Edge {
			x, y = Edge, y+22
		}
		if !p.sign(part.Signal, x, y-labelSize*0.36, labelSize) {
			how := s.shade(i)
			p.box(x, y-11, 12, 12, how.ink)
			p.Shapes[len(p.Shapes)-1].Tone = how.tone
		}
		p.text(x+18, y, labelSize, Start, Plain, font.Clip(name, labelSize, p.Width-Edge-x-18))
		x += wide + 18
	}
	return y
}

// value is a row's figure for a part, none counting as 0.
func (s Stack) value(r Row, i int) float64 {
	if i >= len(r.Values) || !there(r.Values[i]) {
		return 0
	}
	return max(r.Values[i], 0)
}

func (s Stack) row(p *Picture, r Row, left, right, top float64) {
	base, whole := top+16.5, s.total(r)
	p.text(left-12, base, labelSize, End, Strong, font.Clip(font.Line(r.Label), labelSize, left-12-Edge))
	p.text(right+10, base, labelSize, Start, Plain, font.Clip(s.sum(r), labelSize, p.Width-Edge-right-10))
	if whole <= 0 {
		p.box(left, top+11, right-left, 1, Rule)
		return
	}
	x := left
	for i := range s.Parts {
		v := s.value(r, i)
		wide, how := (right-left)*v/whole, s.shade(i)
		if v > 0 {
			// Neighbours stay apart by a line of ground; a sliver is still seen.
			p.box(x, top, max(wide-1.5, 0.5), 23, how.ink)
			p.Shapes[len(p.Shapes)-1].Tone = how.tone
		}
		if said := s.share(v, whole); font.Width(said, smallSize)+10 <= wide {
			p.text(x+wide/2, base-0.5, smallSize, Middle, how.on, said)
		}
		x += wide
	}
}

// says is the first rows in words.
func (s Stack) says() string {
	var all []string
	for _, r := range s.Rows[:min(len(s.Rows), 3)] {
		whole := s.total(r)
		parts := []string{s.sum(r)}
		for i, part := range s.Parts {
			if whole > 0 {
				parts = append(parts, fmt.Sprintf("%s %s", part.Name, s.share(s.value(r, i), whole)))
			}
		}
		label := r.Label
		if label != "" {
			label += s.Lang.Pick("：", ": ")
		}
		all = append(all, label+strings.Join(parts, s.Lang.Pick("，", ", ")))
	}
	if more := len(s.Rows) - 3; more > 0 {
		all = append(all, fmt.Sprintf(s.Lang.Pick("还有 %d 行", "%d more rows"), more))
	}
	return strings.Join(all, s.Lang.Pick("；", "; "))
}
