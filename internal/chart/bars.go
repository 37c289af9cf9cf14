package chart

import (
	"fmt"
	"math"
	"strings"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// Bars is a league table: a bar a row, in the order given, from zero. The
// caller puts first what is to be seen first. A figure below zero has no bar,
// only its label.
type Bars struct {
	Frame
	Rows   []Bar
	Target *float64
	// Words say what a signal means here, such as 未达标 for late; where empty,
	// what it means for a deadline.
	Words map[clock.Signal]string
}

// Bar is one row. No signal is the plain colour.
type Bar struct {
	Label  string
	Value  float64
	Note   string // after the figure, such as 40/43
	Signal clock.Signal
}

// Draw makes the drawing.
func (b Bars) Draw() (_ *Picture, err error) {
	defer errs.Wrap(&err, "chart.Bars.Draw(%s)", b.Title)
	if len(b.Rows) > MostBars {
		return nil, refuse(lang.T("行", "rows"), len(b.Rows), MostBars)
	}
	if len(b.Rows) == 0 {
		return b.none(), nil
	}
	p, top := b.begin()
	t := b.table(p.Width)
	if b.Target != nil && there(*b.Target) {
		top += 20
	}
	bottom := top + t.row*float64(len(b.Rows))
	for i, r := range b.Rows {
		b.bar(p, t, r, top+t.row*float64(i))
	}
	p.path(Axis, 1, 0, Point{t.left - 0.5, top}, Point{t.left - 0.5, bottom})
	b.target(p, t, top, bottom)
	return p.end(b.meanings(p, bottom), b.says()), nil
}

// table is where the columns of a league table stand: label, sign, figure, bar,
// note.
type table struct {
	label, figure float64 // right ends
	left, right   float64 // the bars from zero to the largest
	row, thick    float64
	size          float64
	most          float64 // the largest figure
}

// table chooses the columns: labels and notes take what they need, up to a bound,
// and bars the rest.
func (b Bars) table(width float64) table {
	t := table{row: 28, thick: 14, size: labelSize}
	if len(b.Rows) > 60 { // a whole district still has to fit on a screen or two
		t = table{row: 19, thick: 10, size: smallSize}
	}
	labels, figures, notes, signs := 0.0, 0.0, 0.0, 0.0
	for _, r := range b.Rows {
		labels = max(labels, font.Width(font.Line(r.Label), t.size))
		figures = max(figures, font.Width(b.figure(r.Value), t.size))
		if r.Note != "" {
			notes = max(notes, font.Width(font.Line(r.Note), smallSize)+10)
		}
		if r.Signal != "" && r.Signal != clock.OK {
			signs = t.size + 6
		}
		if there(r.Value) {
			t.most = max(t.most, r.Value)
		}
	}
	if b.Target != nil && there(*b.Target) {
		t.most = max(t.most, *b.Target)
	}
	if b.Unit == "%" && t.most <= 100 {
		t.most = 100
	}
	t.label = Edge + min(labels, width*0.4)
	t.figure = t.label + 10 + signs + min(figures, width*0.3)
	t.left = t.figure + 10
	t.right = max(width-Edge-min(notes, width*0.2), t.left+10)
	return t
}

func (t table) x(v float64) float64 {
	if !there(v) || v <= 0 || t.most <= 0 {
		return t.left
	}
	return t.left + (t.right-t.left)*min(v/t.most, 1)
}

func (b Bars) bar(p *Picture, t table, r Bar, top float64) {
	middle, said := top+t.row/2, Strong
	if r.Signal == clock.Late {
		said = Late
	}
	base := middle + t.size*0.36
	p.text(t.label, base, t.size, End, said, font.Clip(font.Line(r.Label), t.size, t.label-Edge))
	p.sign(r.Signal, t.label+10, middle, t.size)
	p.text(t.figure, base, t.size, End, said, b.figure(r.Value))
	p.box(t.left, middle-t.thick/2, t.x(r.Value)-t.left, t.thick, inkOf(r.Signal))
	p.text(p.Width-Edge, base, smallSize, End, Plain, font.Clip(font.Line(r.Note), smallSize, p.Width-Edge-t.right-10))
}

// Sign is the outline of a signal, left end at x: a triangle for late, an
// hourglass for nearing, two bars for held. On time stays quiet: nothing.
func Sign(s clock.Signal, x, middle, size float64) []Shape {
	var p Picture
	h := size * 0.8
	top, bottom := middle-h/2, middle+h/2
	switch s {
	case clock.Late:
		p.area(Late, Point{x, bottom}, Point{x + size/2, top}, Point{x + size, bottom})
	case clock.Near:
		p.area(Near, Point{x, top}, Point{x + size, top}, Point{x + size/2, middle})
		p.area(Near, Point{x, bottom}, Point{x + size/2, middle}, Point{x + size, bottom})
	case clock.Hold:
		p.box(x+size*0.15, top, size*0.25, h, Held)
		p.box(x+size*0.6, top, size*0.25, h, Held)
	}
	return p.Shapes
}

// sign draws a Sign and reports whether there is one.
func (p *Picture) sign(s clock.Signal, x, middle, size float64) bool {
	shapes := Sign(s, x, middle, size)
	p.Shapes = append(p.Shapes, shapes...)
	return len(shapes) > 0
}

func (b Bars) target(p *Picture, t table, top, bottom float64) {
	if b.Target == nil || !there(*b.Target) {
		return
	}
	x := math.Round(t.x(*b.Target)) + 0.5
	p.path(Plain, 1, 5, Point{x, top - 2}, Point{x, bottom})
	said := b.Lang.Pick("目标 ", "target ") + b.figure(*b.Target)
	half := font.Width(said, smallSize) / 2
	p.text(min(max(x, Edge+half), p.Width-Edge-half), top-8, smallSize, Middle, Plain, said)
}

// meanings says below what each sign that occurs means, and returns where the
// drawing ends.
func (b Bars) meanings(p *Picture, bottom float64) float64 {
	x, y := Edge, bottom+22
	for _, s := range []clock.Signal{clock.Late, clock.Near, clock.Hold} {
		if b.count(s) == 0 {
			continue
		}
		word := font.Line(b.word(s))
		wide := smallSize + 6 + font.Width(word, smallSize)
		if x > Edge && x+wide > p.Width-Edge {
			x, y = Edge, y+20
		}
		p.sign(s, x, y-smallSize*0.36, smallSize)
		p.text(x+smallSize+6, y, smallSize, Start, Plain, font.Clip(word, smallSize, p.Width-Edge-x-smallSize-6))
		x += wide + 20
		bottom = y + 6
	}
	return bottom
}

func (b Bars) word(s clock.Signal) string {
	if w := b.Words[s]; w != "" {
		return w
	}
	switch s {
	case clock.Late:
		return b.Lang.Pick("超期", "late")
	case clock.Near:
		return b.Lang.Pick("临期", "nearing")
	case clock.Hold:
		return b.Lang.Pick("暂停计时", "clock stopped")
	}
	return b.Lang.Pick("按时", "on time")
}

func (b Bars) count(s clock.Signal) (n int) {
	for _, r := range b.Rows {
		if r.Signal == s {
			n++
		}
	}
	return n
}

// says is the drawing in one sentence.
func (b Bars) says() string {
	low, high := -1, -1
	for i, r := range b.Rows {
		if !there(r.Value) {
			continue
		}
		if low < 0 || r.Value < b.Rows[low].Value {
			low = i
		}
		if high < 0 || r.Value > b.Rows[high].Value {
			high = i
		}
	}
	all := []string{fmt.Sprintf(b.Lang.Pick("共 %d 行", "%d rows"), len(b.Rows))}
	if high >= 0 {
		all = append(all, b.Lang.Pick("最高：", "highest: ")+b.Rows[high].Label+" "+b.figure(b.Rows[high].Value),
			b.Lang.Pick("最低：", "lowest: ")+b.Rows[low].Label+" "+b.figure(b.Rows[low].Value))
	}
	for _, s := range []clock.Signal{clock.Late, clock.Near, clock.Hold} {
		if n := b.count(s); n > 0 {
			all = append(all, fmt.Sprintf("%s %d", b.word(s), n))
		}
	}
	return strings.Join(all, b.Lang.Pick("；", "; "))
}
