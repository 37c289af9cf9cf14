package paper

import (
	"strconv"

	"linli/internal/chart"
	"linli/internal/paper/font"
)

// Heading begins a part. It stays on the page of what follows it.
func (p *Paper) Heading(s string) {
	lines := font.Wrap(p.count(s), headingSize, width)
	p.need(10 + headingSize*1.4*float64(len(lines)) + 60)
	if p.y > head {
		p.y += 10
	}
	p.lines(lines, headingSize, 1.4, side, chart.Main)
	p.y += 4
}

// Text writes a paragraph; a line feed in it begins a new line.
func (p *Paper) Text(s string) {
	p.paragraph(s, side)
	p.y += 5
}

// paragraph leaves no first line alone at the foot of a page.
func (p *Paper) paragraph(s string, x float64) {
	lines := font.Wrap(p.count(s), bodySize, side+width-x)
	p.need(bodySize * leading * float64(min(len(lines), 2)))
	p.lines(lines, bodySize, leading, x, chart.Strong)
}

// List writes numbered paragraphs: decisions, duties.
func (p *Paper) List(items ...string) {
	indent := font.Width(strconv.Itoa(len(items))+".", bodySize) + 8
	for i, item := range items {
		p.beside([]string{strconv.Itoa(i+1) + "."}, indent, item, chart.Plain)
		p.y += 3
	}
	p.y += 3
}

// beside writes a paragraph with a name at its left, both from the same line on.
func (p *Paper) beside(name []string, indent float64, s string, ink chart.Ink) {
	name = name[:min(len(name), 4)]
	lines := font.Wrap(p.count(s), bodySize, width-indent)
	const line = bodySize * leading
	p.need(line * float64(max(len(name), min(len(lines), 2))))
	page, top := len(p.pages), p.y
	p.lines(name, bodySize, leading, side, ink)
	low := p.y
	p.y = top
	p.lines(lines, bodySize, leading, side+indent, chart.Strong)
	if len(p.pages) == page {
		p.y = max(p.y, low)
	}
}

// Pair is one fact with its name.
type Pair struct{ Key, Value string }

// KeyValues writes facts below each other, the names in a column of their own: the
// head of minutes, the sums of a month.
func (p *Paper) KeyValues(pairs ...Pair) {
	column := 0.0
	for _, pair := range pairs {
		column = max(column, font.Width(font.Shown(pair.Key), bodySize))
	}
	column = min(column, width*0.35)
	for _, pair := range pairs {
		p.beside(font.Wrap(p.count(pair.Key), bodySize, column), column+14, pair.Value, chart.Plain)
	}
	p.y += 6
}
