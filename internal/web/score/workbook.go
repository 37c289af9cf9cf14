package score

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"linli/internal/sheet"
	"linli/internal/web/page"
)

// table is figures to show, to print and to take away. A cell is a text, or a
// number that Excel can go on counting with.
type table struct {
	Name  string
	Heads []string
	Rows  [][]any
}

const (
	workbookKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	nameMost     = 31 // characters of a sheet's name, which is Excel's own bound
)

// sendWorkbook sends tables, each on a sheet of its own.
func sendWorkbook(v *page.View, name string, tables ...table) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	var names []string
	rows := 0
	for i, t := range tables {
		sheet := sheetName(t.Name, names)
		names = append(names, sheet)
		rows += len(t.Rows)
		if i == 0 {
			err = book.SetSheetName("Sheet1", sheet)
		} else {
			_, err = book.NewSheet(sheet)
		}
		if err == nil {
			err = fill(book, sheet, t, bold)
		}
		if err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return err
	}
	return send(v, workbookKind, name+".xlsx", rows, out.Bytes())
}

// sheetName is a name that Excel takes and that no other sheet has.
func sheetName(name string, taken []string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name)
	runes := []rune(clean)
	short := string(runes[:min(len(runes), nameMost)])
	for n := 2; slices.Contains(taken, short) || short == ""; n++ {
		mark := fmt.Sprintf(" %d", n)
		short = string(runes[:min(len(runes), nameMost-len(mark))]) + mark
	}
	return short
}

func fill(book *excelize.File, name string, t table, bold int) error {
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	err = errors.Join(stream.SetColWidth(1, max(1, len(t.Heads)), 16),
		stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	if err != nil {
		return err
	}
	heads := make([]any, len(t.Heads))
	for i, h := range t.Heads {
		heads[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := stream.SetRow("A1", heads); err != nil {
		return err
	}
	for n, row := range t.Rows {
		values := make([]any, len(row))
		for i, cell := range row {
			switch what := cell.(type) {
			case string:
				cell = sheet.Inert(what)
			case float64:
				cell = math.Round(what*10_000) / 10_000 // as exact as a figure is, without the dust of adding
			}
			values[i] = cell
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", n+2), values); err != nil {
			return err
		}
	}
	return stream.Flush()
}
