package paper_test

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper"
)

// file is the paper's bytes, which must be there.
func file(t *testing.T, p *paper.Paper) []byte {
	t.Helper()
	b, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	column := []paper.Column{{Title: "x"}}
	for why, write := range map[string]func(*paper.Paper){
		"a table of too many rows":    func(p *paper.Paper) { p.Table(paper.Table{Columns: column, Rows: make([][]string, paper.MostRows+1)}) },
		"a table of too many columns": func(p *paper.Paper) { p.Table(paper.Table{Columns: make([]paper.Column, 40)}) },
		"too much text":               func(p *paper.Paper) { p.Text(strings.Repeat("字", 500000)) },
		"too many pages": func(p *paper.Paper) {
			for range 20000 {
				p.Text("")
			}
		},
		"tables that are too many pages": func(p *paper.Paper) {
			for range 20 {
				p.Table(paper.Table{Columns: column, Rows: make([][]string, paper.MostRows)})
			}
		},
	} {
		p := paper.New(paper.Options{Title: "过大"})
		write(p)
		if _, err := p.Bytes(); !errors.Is(err, errs.TooLarge) {
			t.Errorf("%s: %v, want too large", why, err)
		}
	}
}

func TestFullTable(t *testing.T) {
	t.Parallel()
	p := paper.New(paper.Options{Title: "全部"})
	rows := make([][]string, paper.MostRows)
	for i := range rows {
		rows[i] = []string{"r" + strconv.Itoa(i) + ".", "1", "一格多出来"}
	}
	p.Table(paper.Table{Columns: []paper.Column{{Title: "单位"}, {Title: "件", Right: true}}, Rows: rows})
	text := read(t, file(t, p))
	for i := range rows {
		if !strings.Contains(text, "\nr"+strconv.Itoa(i)+".\n") {
			t.Fatalf("row %d is not printed", i)
		}
	}
	if strings.Contains(text, "多出来") {
		t.Error("a cell without a column is printed")
	}
}

// What a reading program and a window need is in the file, and its list of
// objects finds them.
func TestFileNamesItself(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang       lang.Lang
		tag, pages string
	}{{lang.ZH, "/Lang (zh-CN)", "第 1 页，共 1 页"}, {lang.EN, "/Lang (en)", "Page 1 of 1"}} {
		p := paper.New(paper.Options{Title: "Bulletin 𠮷", Lang: c.lang, Made: made})
		b := file(t, p)
		for _, want := range []string{c.tag, "/DisplayDocTitle true", "/CreationDate (D:20261103010000Z)", "D842DFB7>"} {
			if !strings.Contains(string(b), want) {
				t.Errorf("%s: the file does not hold %s", c.lang, want)
			}
		}
		if text := read(t, b); !strings.Contains(text, c.pages) {
			t.Errorf("%s: the foot does not say %s: %s", c.lang, c.pages, text)
		}
		list := regexp.MustCompile(`xref\n1 1\n(\d{10}) 00000 n \n(\d+) 1\n(\d{10}) 00000 n \ntrailer`).FindSubmatch(b)
		if list == nil {
			t.Fatal("the file has no list of what was added")
		}
		start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(b)
		if start == nil {
			t.Fatal("the file does not end as it should")
		}
		for at, want := range map[string]string{string(start[1]): "xref", string(list[1]): "1 0 obj", string(list[3]): string(list[2]) + " 0 obj"} {
			if n, err := strconv.Atoi(at); err != nil || !strings.HasPrefix(string(b[n:]), want) {
				t.Errorf("the list says that %s is at %s; it is not (%v)", want, at, err)
			}
		}
	}
	if b := file(t, paper.New(paper.Options{})); strings.Contains(string(b), "CreationDate") {
		t.Error("a paper without a date says one")
	}
}

// A chart in print keeps its words as text that can be searched.
func TestChartIsDrawnNotPasted(t *testing.T) {
	t.Parallel()
	p := paper.New(paper.Options{Title: "图"})
	p.Chart(nil)
	p.Chart(drawn(t, chart.Bars{Frame: chart.Frame{Title: "按时率", Unit: "%"}, Rows: []chart.Bar{{Label: "古桥街道", Value: 71, Signal: clock.Late}}}))
	b := file(t, p)
	if text := read(t, b); !strings.Contains(text, "古桥街道") || !strings.Contains(text, "71%") {
		t.Errorf("the chart's words are not text: %s", text)
	}
	if strings.Contains(string(b), "/Subtype /Image") {
		t.Error("the chart is a picture of dots")
	}
}

func FuzzPaper(f *testing.F) {
	f.Add("清溪区\u202e", "a\x00\xff", strings.Repeat("长", 300), 3, 1.5)
	f.Add("", "", "", 0, math.NaN())
	f.Add(strings.Repeat("a", 10000), "سلام 𠮷", "\n\n\n", 70, math.Inf(-1))
	f.Fuzz(func(t *testing.T, title, cell, text string, rows int, v float64) {
		p := paper.New(paper.Options{Title: title, Under: cell, Footer: text, Made: made})
		p.Heading(cell)
		p.KeyValues(paper.Pair{Key: text, Value: cell}, paper.Pair{Key: cell, Value: text})
		p.Text(text)
		p.List(title, cell, text)
		table := paper.Table{Columns: []paper.Column{{Title: cell}, {Title: title, Right: true}, {Title: text}}, Signals: []clock.Signal{clock.Signal(cell), clock.Late}}
		for range rows % 60 {
			table.Rows = append(table.Rows, []string{cell, text, title, cell}, nil)
		}
		p.Table(table)
		p.Chart(drawn(t, chart.Bars{Frame: chart.Frame{Title: title, Unit: cell}, Target: &v, Rows: []chart.Bar{{Label: text, Value: v, Note: cell, Signal: clock.Near}}}))
		b, err := p.Bytes()
		if errors.Is(err, errs.TooLarge) {
			return
		}
		if err != nil || !strings.HasSuffix(string(b), "%%EOF\n") {
			t.Errorf("no paper: %v", err)
		}
	})
}
