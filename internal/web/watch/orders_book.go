package watch

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/sheet"
	"linli/internal/supervise"
	"linli/internal/web/page"
)

// bookMost is how many orders a table takes; more are asked to be filtered.
const bookMost = 20_000

// ordersBook sends the whole list as a workbook. What people wrote as reasons
// and answers stays here: it may name somebody.
func ordersBook(v *page.View) error {
	_, f, err := askedOrders(v)
	if err != nil {
		return err
	}
	f.Skip = 0
	all, err := supervise.Orders(v.Context(), v.House.DB, v.District, f, bookMost+1)
	if err != nil {
		return err
	}
	if len(all) > bookMost {
		return errs.New(errs.TooLarge, "一次最多导出 %d 条，请先筛选。", "At most %d are exported at once; please filter first.", bookMost)
	}
	rows := [][]string{{
		v.Say("哪一种", "Kind"), v.Say("名称", "Title"), v.Say("办到哪", "Stands at"), v.Say("编号", "Number"), v.Say("事项", "Matter"), v.Say("单位", "Unit"),
		v.Say("级别", "Level"), v.Say("形式或情形", "Form or fault"), v.Say("谁发的", "By"), v.Say("什么时候", "When"), v.Say("答复期限", "Answer due"),
		v.Say("答复时间", "Answered"), v.Say("答复晚了", "Late"), v.Say("了结时间", "Settled"), v.Say("问责方式", "What followed"),
	}}
	for _, o := range all {
		rows = append(rows, orderCells(v, o))
	}
	book, err := workbook(v.Say("督办", "Supervision"), rows)
	if err != nil {
		return err
	}
	filter := v.R.URL.Query()
	filter.Del("q")
	if err := v.Exported(page.Export{What: "orders", Filter: filter.Encode(), Rows: len(all)}); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	v.W.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"orders-%s.xlsx\"", v.Now.In(v.Zone()).Format("20060102-1504")))
	_, err = v.W.Write(book)
	return err
}

// orderCells are one order in the order of the table's heads.
func orderCells(v *page.View, o supervise.Order) []string {
	rules := v.District.Catalogue.Ladder()
	level, late, word := "", "", ladder.Title(rules.Forms, o.Form).In(v.Lang)
	if o.Level > 0 {
		level = fmt.Sprint(o.Level)
	}
	if o.Fault != "" {
		word = ladder.Title(rules.Faults, o.Fault).In(v.Lang)
	}
	if o.LateReply(v.Now) {
		late = v.Say("是", "yes")
	}
	stamp := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(v.Zone()).Format("2006-01-02 15:04")
	}
	return []string{
		o.Kind.Text().In(v.Lang), v.OrderTitle(o), o.State.Text().In(v.Lang), o.Number, v.District.Catalogue.Title(o.Matter).In(v.Lang), v.UnitName(o.Unit),
		level, word, givenBy(v, o), stamp(o.At), stamp(o.ReplyDue), stamp(o.ReplyAt), late, stamp(o.EndAt), ladder.Title(rules.Means, o.Means).In(v.Lang),
	}
}

// workbook makes a workbook of one sheet, its first row the heads.
func workbook(name string, rows [][]string) (_ []byte, err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(stream.SetColWidth(1, len(rows[0]), 16), stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})); err != nil {
		return nil, err
	}
	for n, row := range rows {
		cells, style := make([]any, len(row)), 0
		if n == 0 {
			style = bold
		}
		for i, text := range row {
			cells[i] = excelize.Cell{StyleID: style, Value: sheet.Inert(text)}
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", n+1), cells); err != nil {
			return nil, err
		}
	}
	if err := stream.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = book.WriteTo(&out)
	return out.Bytes(), err
}
