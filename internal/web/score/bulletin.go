package score

import (
	"net/http"
	"strconv"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/paper"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// bulletin is what is told about a period (通报): a list of parts that the page
// shows and the paper prints, so that both say the same.
type bulletin struct {
	*evaluate.Scores
	Title, Under string
	Parts        []bulletinPart
}

// bulletinPart is one part: what is to be said, then the figures.
type bulletinPart struct {
	Title  string
	Texts  []string
	Tables []bulletinPrint
}

// bulletinPrint is a table of figures, below its chart where it has one. Left
// are the columns of words at its left.
type bulletinPrint struct {
	table
	Chart   drawer
	Left    int
	Signals []clock.Signal
}

// readBulletin writes the bulletin of the period that the address names. Who does
// not see every unit gets it once the period is counted: before that, figures
// still move.
func readBulletin(v *page.View) (b bulletin, err error) {
	if b.Scores, err = opened(v); err != nil {
		return b, err
	}
	if b.State == evaluate.Open && !v.Can(rights.CaseSeeAll) {
		return b, errs.New(errs.Forbidden, "%[1]s还没初核，通报还没出。", "%[2]s has not been counted; there is no bulletin yet.", b.Period.Text().ZH, b.Period.Text().EN)
	}
	b.Title = v.Say("%s%s通报", "%s: bulletin of %s", districtName(v), b.Period.Text().In(v.Lang))
	b.Under = stateWord(v, b.State) + v.Say("，%s算的", ", counted %s", clock.DateOf(b.CountedAt, v.Zone()).Text().In(v.Lang))
	t, err := newTeller(v, b.Scores)
	if err != nil {
		return b, err
	}
	for _, write := range []func() (bulletinPart, error){t.sums, t.broken, t.units, t.residents, t.passing, t.method} {
		part, err := write()
		if err != nil {
			return b, err
		}
		if len(part.Texts)+len(part.Tables) > 0 {
			b.Parts = append(b.Parts, part)
		}
	}
	for i := range b.Parts {
		b.Parts[i].Title = v.Say("%[1]s、%[3]s", "%[2]d. %[3]s", string([]rune("一二三四五六七八九")[i]), i+1, b.Parts[i].Title)
	}
	return b, nil
}

func bulletinShow(v *page.View) error {
	b, err := readBulletin(v)
	if err != nil {
		return err
	}
	tables, err := b.drawn()
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: b.Title, Said: b.Under, Menu: "scores", Tabs: periodTabs(v, b.Period, "/bulletin"),
		Path: crumbs(v, periodLink(v, b.Period), ui.Link{Text: v.Say("通报", "Bulletin")}),
		Buttons: []ui.Btn{
			{Label: v.Say("下载 PDF", "Download PDF"), Icon: "printer", Kind: "primary", Href: periodHref(b.Period) + "/bulletin.pdf"},
			{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: periodHref(b.Period) + "/bulletin.xlsx"},
		},
	}, bulletinPage(v, b, tables))
}

// charts are all charts of the bulletin, in order: what an address counts by.
func (b bulletin) charts() (all []drawer) {
	for _, p := range b.Parts {
		for _, t := range p.Tables {
			if t.Chart != nil {
				all = append(all, t.Chart)
			}
		}
	}
	return all
}

// drawnTable is a table of the page, with its chart drawn.
type drawnTable struct {
	bulletinPrint
	SVG, PNG string
}

// drawn draws the charts of every part.
func (b bulletin) drawn() (parts [][]drawnTable, err error) {
	n := 0
	for _, p := range b.Parts {
		var all []drawnTable
		for _, t := range p.Tables {
			one := drawnTable{bulletinPrint: t}
			if t.Chart != nil {
				if one.SVG, err = svg(t.Chart); err != nil {
					return nil, err
				}
				one.PNG = periodHref(b.Period) + "/bulletin.png?chart=" + strconv.Itoa(n)
				n++
			}
			all = append(all, one)
		}
		parts = append(parts, all)
	}
	return parts, nil
}

func bulletinPNG(v *page.View) error {
	b, err := readBulletin(v)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.R.URL.Query().Get("chart"))
	if all := b.charts(); err == nil && n >= 0 && n < len(all) {
		return sendPNG(v, all[n], "bulletin-"+string(b.Period)+"-"+strconv.Itoa(n))
	}
	return nowhere()
}

// bulletinTable sends every table of the bulletin, each on its sheet.
func bulletinTable(v *page.View) error {
	b, err := readBulletin(v)
	if err != nil {
		return err
	}
	var tables []table
	for _, p := range b.Parts {
		for _, t := range p.Tables {
			tables = append(tables, t.table)
		}
	}
	return sendWorkbook(v, "bulletin-"+string(b.Period), tables...)
}

// bulletinPDF prints it.
func bulletinPDF(v *page.View) error {
	b, err := readBulletin(v)
	if err != nil {
		return err
	}
	p := paper.New(paper.Options{
		Title: b.Title, Under: b.Under, Lang: v.Lang, Made: v.Now,
		Footer: districtName(v) + v.Say("　", ", ") + clock.DateOf(v.Now, v.Zone()).Text().In(v.Lang),
	})
	for _, part := range b.Parts {
		p.Heading(part.Title)
		for _, text := range part.Texts {
			p.Text(text)
		}
		for _, t := range part.Tables {
			if err := t.print(p, len(part.Tables) > 1); err != nil {
				return err
			}
		}
	}
	data, err := p.Bytes()
	if err != nil {
		return err
	}
	return send(v, "application/pdf", "bulletin-"+string(b.Period)+".pdf", 1, data)
}

// print puts the table on paper, with its name where there are several.
func (t bulletinPrint) print(p *paper.Paper, named bool) error {
	if t.Chart != nil {
		picture, err := t.Chart.Draw()
		if err != nil {
			return err
		}
		p.Chart(picture)
	} else if named {
		p.Text(t.Name)
	}
	p.Table(t.printed())
	return nil
}

// printed is the table for paper.
func (t bulletinPrint) printed() paper.Table {
	out := paper.Table{Signals: t.Signals}
	for i, h := range t.Heads {
		out.Columns = append(out.Columns, paper.Column{Title: h, Right: i >= t.Left})
	}
	out.Rows = t.texts()
	return out
}

// texts are the cells as people read them.
func (t bulletinPrint) texts() (rows [][]string) {
	for _, row := range t.Rows {
		var cells []string
		for _, cell := range row {
			switch c := cell.(type) {
			case string:
				cells = append(cells, c)
			case int:
				cells = append(cells, ui.Number(c))
			case float64:
				cells = append(cells, scoreText(c))
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

// signalAt is the signal of a row.
func (t bulletinPrint) signalAt(i int) clock.Signal {
	if i < len(t.Signals) {
		return t.Signals[i]
	}
	return ""
}
