package desk

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/sheet"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// sheetRows is how many cases one sheet of Excel holds below its head.
const sheetRows = excelize.TotalRows - 1

// heads are the columns of an exported table. Nothing about the people who
// reported is among them, and no text they wrote.
func heads(v *page.View) []string {
	return []string{
		v.Say("编号", "Number"), v.Say("状态", "State"), v.Say("办到哪", "Stands at"), v.Say("类别", "Kind"), v.Say("大类", "Class"), v.Say("事项", "Matter"),
		v.Say("地点", "Place"), v.Say("街道", "Street"), v.Say("社区", "Community"), v.Say("网格", "Grid"), v.Say("从哪来", "Channel"),
		v.Say("上报人数", "Reports"), v.Say("主办单位", "Lead unit"), v.Say("协办单位", "Helping units"), v.Say("报来", "Came in"), v.Say("期限", "Due"),
		v.Say("办结", "Ended"), v.Say("按时", "On time"), v.Say("退回次数", "Returns"), v.Say("居民评价", "Rating"),
	}
}

// cells are one case in the order of heads.
func cells(v *page.View, c casework.Case) []string {
	name := func(code string) string {
		if code == "" {
			return ""
		}
		return v.District.Areas.Name(area.Code(code)).In(v.Lang)
	}
	unit, onTime, rating := "", "", ""
	if c.Unit != "" {
		unit = v.UnitName(c.Unit)
	}
	var co []string
	for _, u := range c.Co {
		co = append(co, v.UnitName(u))
	}
	if c.State != casework.Running {
		onTime = v.Say("否", "no")
		if c.OnTime {
			onTime = v.Say("是", "yes")
		}
	}
	if c.Rating >= 1 && c.Rating <= 5 {
		rating = ui.W(v.Lang).Grades[5-c.Rating]
	}
	return []string{
		c.Number, stateName(v, c.State), standing(v, c), catalogue.Kind(c.Kind).Title().In(v.Lang),
		v.District.Catalogue.Title(c.Major).In(v.Lang), v.District.Catalogue.Title(c.Matter).In(v.Lang),
		ident.HideNumbers(c.Place.Address), name(c.Place.Street), name(c.Place.Community), name(c.Place.Grid), channelText(v, c.Channel),
		fmt.Sprint(c.Reports), unit, strings.Join(co, v.Say("、", ", ")), cameIn(v, c), stamp(v, c.Due),
		stamp(v, c.ClosedAt), onTime, fmt.Sprint(c.Returns), rating,
	}
}

func stateName(v *page.View, state casework.State) string {
	for _, s := range stateTexts {
		if s.state == state {
			return s.text.In(v.Lang)
		}
	}
	return string(state)
}

// stamp is an instant in the district's zone, as tables sort it.
// cameIn is when a case came in, as exactly as the reader may know.
func cameIn(v *page.View, c casework.Case) string {
	if v.KeepsMinute(c) {
		return string(clock.DateOf(c.OpenedAt, v.Zone()))
	}
	return stamp(v, c.OpenedAt)
}

func stamp(v *page.View, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(v.Zone()).Format("2006-01-02 15:04")
}

// exported is the list that is wanted as a table; what is wrong with its
// address is the reader's to mend.
func exported(v *page.View) (asked, error) {
	a := read(v, casesPath, v.R.URL.Query())
	for _, wrong := range a.Wrong {
		return a, errs.New(errs.Invalid, "%[1]s：%[2]s", "%[1]s: %[2]s", wrong.Label, wrong.Text)
	}
	return a, nil
}

// fileName is what the downloaded file is called.
func fileName(v *page.View, kind string) string {
	return fmt.Sprintf("attachment; filename=\"cases-%s.%s\"", v.Now.In(v.Zone()).Format("20060102-1504"), kind)
}

// onRecord writes down that the list goes out, and how long it is.
func onRecord(v *page.View, a asked) error {
	rows, err := casework.CountAll(v.Context(), v.House.DB, v.District, a.Filter, v.Now)
	if err != nil {
		return err
	}
	filter := url.Values{}
	for name, values := range a.Query {
		if name != "q" {
			filter[name] = values
		}
	}
	return v.Exported(page.Export{What: "cases", Filter: filter.Encode(), Words: a.Query.Get("q") != "", Rows: rows})
}

// exportCSV sends the whole list as CSV with a byte order mark, which Excel
// needs to read Chinese. It is sent while it is read.
func exportCSV(v *page.View) error {
	a, err := exported(v)
	if err == nil {
		err = onRecord(v, a)
	}
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.W.Header().Set("Content-Disposition", fileName(v, "csv"))
	out := bufio.NewWriter(v.W)
	fmt.Fprint(out, "\ufeff")
	table := csv.NewWriter(out)
	table.UseCRLF = true
	err = errors.Join(table.Write(heads(v)), casework.Each(v.Context(), v.House.DB, v.District, a.Filter, v.Now, func(row casework.Row) error {
		all := cells(v, row.Case)
		for i := range all {
			all[i] = sheet.Inert(all[i])
		}
		return table.Write(all)
	}))
	table.Flush()
	if err := errors.Join(err, table.Error(), out.Flush()); err != nil {
		return broken(v, err)
	}
	return nil
}

// broken ends a download that has begun: the connection is cut, so that half a
// table is not taken for a whole one.
func broken(v *page.View, err error) error {
	v.House.Log.WarnContext(v.Context(), "the table was not sent to its end", "path", v.R.URL.Path, "error", err)
	panic(http.ErrAbortHandler)
}

// exportXLSX sends the whole list as a workbook. Its rows go to a temporary
// file first, so that a large one takes little memory.
func exportXLSX(v *page.View) (err error) {
	a, err := exported(v)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := fill(v, book, a); err != nil {
		return err
	}
	if err := onRecord(v, a); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	v.W.Header().Set("Content-Disposition", fileName(v, "xlsx"))
	if _, err := book.WriteTo(struct{ io.Writer }{v.W}); err != nil {
		return broken(v, err)
	}
	return nil
}

func fill(v *page.View, book *excelize.File, a asked) error {
	name := v.Say("案件", "Cases")
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := errors.Join(stream.SetColWidth(1, len(heads(v)), 16), stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})); err != nil {
		return err
	}
	row := 1
	put := func(texts []string, style int) error {
		values := make([]any, len(texts))
		for i, s := range texts {
			values[i] = excelize.Cell{StyleID: style, Value: sheet.Inert(s)}
		}
		at := fmt.Sprintf("A%d", row)
		row++
		return stream.SetRow(at, values)
	}
	if err := put(heads(v), bold); err != nil {
		return err
	}
	err = casework.Each(v.Context(), v.House.DB, v.District, a.Filter, v.Now, func(r casework.Row) error {
		if row > sheetRows+1 {
			return errs.New(errs.TooLarge, "一张 Excel 表最多放 %d 件。请改导 CSV，或先筛选。", "A sheet of Excel holds up to %d cases. Please export CSV, or filter first.", sheetRows)
		}
		return put(cells(v, r.Case), 0)
	})
	return errors.Join(err, stream.Flush())
}
