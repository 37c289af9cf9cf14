package portal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/exchange"
	"linli/internal/measure"
	"linli/internal/sheet"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// openFigure is one published figure. Numerator, denominator and value are left
// out where Hidden is set, and the value where there was nothing to count.
type openFigure struct {
	Scope       string   `json:"scope"` // district, street or unit
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Indicator   string   `json:"indicator"`
	Title       string   `json:"title"`
	Numerator   *float64 `json:"numerator,omitempty"`
	Denominator *int     `json:"denominator,omitempty"`
	Value       *float64 `json:"value,omitempty"`
	Hidden      bool     `json:"hidden,omitempty"` // fewer than five
}

// openRule is how an indicator is counted.
type openRule struct {
	Indicator string  `json:"indicator"`
	Title     string  `json:"title"`
	Kind      string  `json:"kind"`
	Why       string  `json:"why,omitempty"`
	Rule      string  `json:"rule"`
	Target    float64 `json:"target,omitempty"`
}

// openTotal is what was loaded of a year, with the rate that follows.
type openTotal struct {
	Period  string           `json:"period"`
	Totals  map[string]int64 `json:"totals"`
	Closing *float64         `json:"closing_rate,omitempty"`
}

// openData is everything published of a period.
type openData struct {
	District  string       `json:"district"`
	Name      string       `json:"name"`
	Period    string       `json:"period"`
	State     string       `json:"state"` // open, preliminary or frozen
	CountedAt string       `json:"counted_at"`
	Formulas  string       `json:"formulas"` // version of the rules
	Figures   []openFigure `json:"figures"`
	Rules     []openRule   `json:"rules"`
	Totals    []openTotal  `json:"totals"`
	OnAccount int          `json:"on_account"`
	LateNow   int          `json:"late_now"`
}

// dataOf puts a record into the shape of open data.
func dataOf(v *page.View, s performView) openData {
	d := openData{
		District: v.District.Code, Name: districtName(v).In(v.Lang), Period: string(s.Period), State: string(s.State), Formulas: s.Book.Version,
		CountedAt: s.CountedAt.In(v.Zone()).Format(time.RFC3339), OnAccount: s.OnHold, LateNow: s.Missed.OpenAll.N,
		Figures: []openFigure{}, Rules: []openRule{}, Totals: []openTotal{},
	}
	indicators := openIndicators(s.Book)
	for _, i := range indicators {
		d.Rules = append(d.Rules, openRule{Indicator: i.Name, Title: i.Title.In(v.Lang), Kind: string(i.Kind), Why: i.Why.In(v.Lang), Rule: ruleText(i), Target: i.Target})
		d.Figures = append(d.Figures, figureOpen(v, evaluate.District, i, s.Figures[i.Name], tooFew(i, s.Figures[i.Name], false)))
	}
	groups := [][]subjectFigures{s.Streets}
	for _, l := range s.Leagues {
		groups = append(groups, l.Units)
	}
	for _, parts := range groups {
		for _, i := range indicators {
			veiled := veil(i, parts)
			for _, p := range parts {
				d.Figures = append(d.Figures, figureOpen(v, p.Subject, i, p.Figures[i.Name], veiled[p.Subject]))
			}
		}
	}
	for _, t := range s.Totals {
		one := openTotal{Period: string(t.Period), Totals: t.N}
		if t.Closing.Denominator > 0 {
			one.Closing = &t.Closing.Value
		}
		d.Totals = append(d.Totals, one)
	}
	return d
}

func figureOpen(v *page.View, s evaluate.Subject, i *measure.Indicator, f measure.Figure, veiled bool) openFigure {
	one := openFigure{Scope: string(s.Kind()), Code: s.Code(), Name: s.Name(v.District).In(v.Lang), Indicator: i.Name, Title: i.Title.In(v.Lang), Hidden: veiled}
	if s == evaluate.District {
		one.Code = v.District.Code
	}
	if veiled {
		return one
	}
	one.Numerator, one.Denominator = &f.Numerator, &f.Denominator
	if !f.Empty {
		one.Value = &f.Value
	}
	return one
}

// rows are the figures as a table, with the heads first.
func (d openData) rows(v *page.View) [][]any {
	all := [][]any{{
		v.Say("月份", "Month"), v.Say("状态", "State"), v.Say("范围", "Scope"), v.Say("代码", "Code"), v.Say("名称", "Name"), v.Say("指标", "Indicator"),
		v.Say("指标名", "Title"), v.Say("分子", "Numerator"), v.Say("分母", "Denominator"), v.Say("值", "Value"), v.Say("不公布", "Withheld"),
	}}
	for _, f := range d.Figures {
		row := []any{d.Period, d.State, f.Scope, f.Code, f.Name, f.Indicator, f.Title, "", "", "", ""}
		if f.Hidden {
			row[10] = fewText(v)
		}
		if f.Numerator != nil {
			row[7], row[8] = *f.Numerator, *f.Denominator
		}
		if f.Value != nil {
			row[9] = *f.Value
		}
		all = append(all, row)
	}
	return all
}

// plainRows are the figures for programs, in the order of exchange.Figures.
func (d openData) plainRows() (all [][]string) {
	for _, f := range d.Figures {
		row := []string{d.Period, d.State, f.Scope, f.Code, f.Name, f.Indicator, f.Title, "", "", "", strconv.FormatBool(f.Hidden)}
		if f.Numerator != nil {
			row[7], row[8] = cellString(*f.Numerator), strconv.Itoa(*f.Denominator)
		}
		if f.Value != nil {
			row[9] = cellString(*f.Value)
		}
		all = append(all, row)
	}
	return all
}

// totalRows are the yearly totals as a table.
func (d openData) totalRows(v *page.View) [][]any {
	all := [][]any{{v.Say("时段", "Period"), v.Say("受理", "Received"), v.Say("立案", "Filed"), v.Say("办结", "Closed"), v.Say("结案率", "Closing rate")}}
	for _, t := range d.Totals {
		row := []any{t.Period}
		for _, name := range []string{evaluate.TotalReceived, evaluate.TotalFiled, evaluate.TotalClosed} {
			if n, ok := t.Totals[name]; ok {
				row = append(row, n)
			} else {
				row = append(row, "")
			}
		}
		if t.Closing != nil {
			row = append(row, *t.Closing)
		} else {
			row = append(row, "")
		}
		all = append(all, row)
	}
	return all
}

// data sends the figures in the form that the address names.
func (rs *records) data(v *page.View) error {
	s, err := rs.asked(v)
	if err != nil {
		return err
	}
	d := dataOf(v, s)
	var out bytes.Buffer
	form := v.R.PathValue("form")
	kind := ""
	switch form {
	case "data.json":
		kind = "application/json; charset=utf-8"
		e := json.NewEncoder(&out)
		e.SetIndent("", " ")
		err = e.Encode(d)
	case "data.csv":
		kind = "text/csv; charset=utf-8"
		err = writeCSV(&out, d.rows(v))
	case "figures.csv": // as the data package describes it
		kind = "text/csv; charset=utf-8"
		var table []byte
		table, err = exchange.Figures("", d.plainRows()).CSV()
		out.Write(table)
	case "data.xlsx":
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = writeBook(&out, []string{v.Say("数据", "Figures"), v.Say("历年", "Totals")}, d.rows(v), d.totalRows(v))
	default:
		return errs.New(errs.NotFound, "没有这样的数据。", "There is no such data.")
	}
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", kind)
	v.W.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "performance-"+string(s.Period)+strings.TrimPrefix(strings.TrimPrefix(form, "data"), "figures")))
	v.W.WriteHeader(http.StatusOK)
	_, err = v.W.Write(out.Bytes())
	return err
}

// writeCSV writes a table with a byte order mark, which Excel needs to read
// Chinese.
func writeCSV(out *bytes.Buffer, rows [][]any) error {
	out.WriteString("\ufeff")
	w := csv.NewWriter(out)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = cellString(cell)
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func cellString(cell any) string {
	switch c := cell.(type) {
	case string:
		return sheet.Inert(c)
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	}
	return fmt.Sprint(cell)
}

// writeBook writes tables as sheets of a workbook.
func writeBook(out *bytes.Buffer, names []string, tables ...[][]any) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	for n, rows := range tables {
		if n == 0 {
			err = book.SetSheetName("Sheet1", names[n])
		} else {
			_, err = book.NewSheet(names[n])
		}
		if err != nil {
			return err
		}
		w, err := book.NewStreamWriter(names[n])
		if err != nil {
			return err
		}
		for i, row := range rows {
			for c, cell := range row {
				if text, ok := cell.(string); ok {
					row[c] = sheet.Inert(text)
				}
			}
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				return err
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return book.Write(out)
}

// totalCells is a row of the yearly totals.
func totalCells(v *page.View, t evaluate.Totals) []ui.Cell {
	all := []ui.Cell{{Text: t.Period.Text().In(v.Lang)}}
	for _, name := range []string{evaluate.TotalReceived, evaluate.TotalFiled, evaluate.TotalClosed} {
		cell := ui.Cell{Text: noFigure, Right: true}
		if n, ok := t.N[name]; ok {
			cell.Text, cell.Sub = ui.Number(int(n)), changeText(t, name)
		}
		all = append(all, cell)
	}
	return append(all, ui.Cell{Text: closingText(t), Right: true, Strong: true})
}
