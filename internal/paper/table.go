package paper

import (
	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/paper/font"
)

// Table is figures in columns, with horizontal hairlines only.
type Table struct {
	Columns []Column
	Rows    [][]string // a missing cell is empty; one too many is left out
	// Signals mark rows: the sign stands before the first cell, late ones in
	// the late colour. nil, or one for each row.
	Signals []clock.Signal
}

// Column is one column of a table.
type Column struct {
	Title string
	Right bool // figures stand at the right
}

// A cell's inner edge and the most lines in one.
const (
	inner     = 5.0
	rowGap    = 7.0
	mostLines = 30
)

// Most columns that A4 can take.
const mostColumns = 14

// Table writes a table, its head again on each page it reaches.
func (p *Paper) Table(t Table) {
	if len(t.Columns) == 0 {
		return
	}
	if len(t.Rows) > MostRows {
		p.refuse("一张表最多印 %d 行，请用 XLSX", "a printed table holds at most %d rows; take the XLSX", MostRows)
	}
	if len(t.Columns) > mostColumns {
		p.refuse("一张表最多印 %d 列，请用 XLSX", "a printed table holds at most %d columns; take the XLSX", mostColumns)
	}
	if p.err != nil {
		return
	}
	for _, row := range t.Rows {
		for _, cell := range row[:min(len(row), len(t.Columns))] {
			p.count(cell)
		}
	}
	s := setting{Table: t, widths: t.widths()}
	for _, c := range t.Columns {
		s.titles = append(s.titles, p.count(c.Title))
	}
	top := s.cells(s.titles, 4)
	first := s.height(top)
	if len(t.Rows) > 0 {
		first += s.height(s.cells(t.Rows[0], mostLines))
	}
	p.need(first + rowGap)
	p.tableHead(s, top)
	for i, row := range t.Rows {
		cells := s.cells(row, mostLines)
		if high := s.height(cells); p.y+high > bottom {
			p.turn()
			p.tableHead(s, top)
		}
		if p.err != nil {
			return
		}
		p.row(s, cells, i)
	}
	p.y += 10
}

// setting is a table with its columns measured.
type setting struct {
	Table
	titles []string
	widths []float64
}

// widths gives each column what it needs. Where that is too much, the widest
// ones give way; where it is too little, the columns of words share the rest.
func (t Table) widths() []float64 {
	need := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		need[i] = font.Width(font.Shown(font.Clip(c.Title, smallSize, width)), smallSize)
	}
	for _, row := range t.Rows {
		for i, cell := range row[:min(len(row), len(need))] {
			need[i] = max(need[i], min(font.Width(font.Line(cell), smallSize), width*0.7))
		}
	}
	sum, words := 0.0, 0.0
	for i := range need {
		need[i] += 2 * inner
		if i == 0 && t.Signals != nil {
			need[i] += smallSize + 4
		}
		sum += need[i]
		if !t.Columns[i].Right {
			words += need[i]
		}
	}
	if sum > width {
		level(need, sum)
		return need
	}
	for i, c := range t.Columns {
		switch {
		case words == 0:
			need[i] += (width - sum) / float64(len(need))
		case !c.Right:
			need[i] += (width - sum) * need[i] / words
		}
	}
	return need
}

// level takes from the widest columns until all fit: it finds the height at which
// a cut across them leaves as much as there is.
func level(need []float64, sum float64) {
	low, high := 0.0, sum
	for range 40 {
		cut, kept := (low+high)/2, 0.0
		for _, n := range need {
			kept += min(n, cut)
		}
		if kept > width {
			high = cut
		} else {
			low = cut
		}
	}
	for i := range need {
		need[i] = min(need[i], low)
	}
}

// indent is what the sign takes in the first column.
func (s setting) indent(column int) float64 {
	if column == 0 && s.Signals != nil {
		return smallSize + 4
	}
	return 0
}

// cells breaks the texts of a row, each to at most most lines.
func (s setting) cells(row []string, most int) [][]string {
	out := make([][]string, len(s.Columns))
	for i := range out {
		if i >= len(row) {
			continue
		}
		room := max(s.widths[i]-2*inner-s.indent(i), smallSize)
		lines := font.Wrap(row[i], smallSize, room)
		if len(lines) > most {
			lines = append(lines[:most-1:most-1], font.Clip(lines[most-1]+"……", smallSize, room))
		}
		out[i] = lines
	}
	return out
}

func (s setting) height(cells [][]string) float64 {
	most := 1
	for _, lines := range cells {
		most = max(most, len(lines))
	}
	return float64(most)*smallSize*1.45 + rowGap
}

func (p *Paper) tableHead(s setting, cells [][]string) {
	p.cells(s, cells, chart.Plain, chart.Plain)
	p.rule(p.y, side, side+width, chart.Axis, 0.8)
}

func (p *Paper) row(s setting, cells [][]string, i int) {
	first := chart.Strong
	if i < len(s.Signals) {
		for _, shape := range chart.Sign(s.Signals[i], side+inner, p.y+(rowGap+smallSize*1.45)/2, smallSize) {
			p.shape(shape, place{1, 0, 0})
		}
		if s.Signals[i] == clock.Late {
			first = chart.Late
		}
	}
	p.cells(s, cells, first, chart.Strong)
	p.rule(p.y, side, side+width, chart.Rule, 0.5)
}

// cells writes one row and goes below it.
func (p *Paper) cells(s setting, cells [][]string, first, rest chart.Ink) {
	x := side
	for i, lines := range cells {
		ink := rest
		if i == 0 {
			ink = first
		}
		for n, line := range lines {
			at := x + inner + s.indent(i)
			if s.Columns[i].Right {
				at = x + s.widths[i] - inner - font.Width(line, smallSize)
			}
			p.write(at, p.y+rowGap/2+smallSize*(1.45*float64(n)+1.08), smallSize, ink, line)
		}
		x += s.widths[i]
	}
	p.y += s.height(cells)
}
