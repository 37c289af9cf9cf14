// Package paper makes printable pages, PDF on A4, of plain values: a bulletin
// of the month, the minutes of a meeting, a notice.
//
//	p := paper.New(paper.Options{Title: "…", Footer: "…", Made: tx.Now})
//	p.Heading("一、总的情况")
//	p.Text("……")
//	p.Table(paper.Table{Columns: …, Rows: …})
//	p.Chart(picture)
//	file, err := p.Bytes()
//
// Things follow each other from top to bottom and move to a new page where they
// do not fit: a heading stays with what follows it, a table repeats its head, a row
// is never torn. Text breaks as Chinese type wants (font.Wrap); whatever people
// wrote can be printed. Every page says at its foot whose it is and which of how
// many.
//
// The file holds its own type, so it prints the same everywhere; its text can be
// searched, copied and read aloud; its language and title are named for a reading
// program. Charts are drawn as lines, not as a picture of dots. Equal calls give
// equal bytes: the only date in it is Options.Made.
//
// The package knows no case, unit or score, and writes no sentence of its own but
// the page number. What is too much for paper is refused by Bytes as TooLarge.
package paper

import (
	"time"

	"github.com/signintech/gopdf"

	"linli/internal/chart"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// What one paper holds at most.
const (
	MostRows  = 2000   // of one table
	MostPages = 300    // of the whole
	mostText  = 400000 // characters of the whole
)

// A4 in points, and its margins.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	side       = 56.0
	head       = 60.0
	foot       = 72.0 // the text ends here; the footer stands below
	width      = pageWidth - 2*side
	bottom     = pageHeight - foot
)

// Sizes of type in points, and how much of the size a line takes.
const (
	titleSize   = 20.0
	headingSize = 13.5
	bodySize    = 10.5
	smallSize   = 9.0
	leading     = 1.6
)

// Options are what a paper says about itself.
type Options struct {
	Title string // at the top of the first page, and the name of the file's window
	Under string // a line below the title: period, number, place
	Lang  lang.Lang
	// Footer stands at the foot of every page: the name of the district and a date.
	Footer string
	// Made is the date in the file; none where zero.
	Made time.Time
}

// Paper is a document being written. It is not safe for two writers at once.
type Paper struct {
	options Options
	pages   [][]mark
	y       float64 // where the next thing goes, from the top of the page
	text    int     // characters so far
	err     error
}

// mark is one thing on a page, written when the number of pages is known.
type mark func(*gopdf.GoPdf) error

// New begins a paper with its title.
func New(o Options) *Paper {
	p := &Paper{options: o}
	p.turn()
	p.lines(font.Wrap(p.count(o.Title), titleSize, width), titleSize, 1.35, side, chart.Strong)
	if o.Under != "" {
		p.y += 2
		p.lines(font.Wrap(p.count(o.Under), bodySize, width), bodySize, leading, side, chart.Plain)
	}
	p.y += 6
	p.rule(p.y, side, side+width, chart.Main, 1.2)
	p.y += 14
	return p
}

// turn begins a new page.
func (p *Paper) turn() {
	if len(p.pages) >= MostPages {
		p.refuse("这份文件超过 %d 页，请分成几份", "this document is longer than %d pages; make several of it", MostPages)
		p.y = head // what still comes falls on the last page and is not kept
		return
	}
	p.pages = append(p.pages, nil)
	p.y = head
}

// need turns the page unless height points are free.
func (p *Paper) need(height float64) {
	if p.y+height > bottom && p.y > head {
		p.turn()
	}
}

// refuse keeps the first reason why the paper cannot be made.
func (p *Paper) refuse(zh, en string, args ...any) {
	if p.err == nil {
		p.err = errs.New(errs.TooLarge, zh, en, args...)
	}
}

// count passes a text on, until the whole is too long to be printed.
func (p *Paper) count(s string) string {
	if p.text += len(s) / 3; p.text > mostText { // a Chinese character takes three bytes
		p.refuse("这份文件超过 %d 字，请分成几份", "this document is longer than %d characters; make several of it", mostText)
	}
	if p.err != nil {
		return ""
	}
	return s
}

func (p *Paper) put(m mark) {
	if p.err == nil {
		last := len(p.pages) - 1
		p.pages[last] = append(p.pages[last], m)
	}
}

// lines writes lines of text below each other, turning pages between them.
func (p *Paper) lines(lines []string, size, lead, x float64, ink chart.Ink) {
	for _, line := range lines {
		p.need(size * lead)
		p.write(x, p.y+size*(lead+font.Ascent-font.Descent)/2, size, ink, line)
		p.y += size * lead
	}
}

// write puts one line, its left end at x, on the line of writing base. The
// text must have been through font.Shown.
func (p *Paper) write(x, base, size float64, ink chart.Ink, line string) {
	if line != "" {
		p.put(func(g *gopdf.GoPdf) error { return set(g, x, base, size, ink, line) })
	}
}

func (p *Paper) rule(y, from, to float64, ink chart.Ink, thick float64) {
	p.put(func(g *gopdf.GoPdf) error {
		c := ink.Color(chart.Light)
		g.SetStrokeColor(c.R, c.G, c.B)
		g.SetLineWidth(thick)
		g.Line(from, y, to, y)
		return nil
	})
}
