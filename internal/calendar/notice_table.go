package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/sheet"
)

// columns are the names that the columns of a notice go by. Without a head line
// they stand in this order, the English name last and often missing.
var columns = [][]string{
	{"date", "日期", "day"},
	{"name", "名称", "节日", "节日名称", "holiday"},
	{"is_off_day", "isoffday", "off", "是否休息", "休息", "类型", "安排", "type"},
	{"name_en", "英文名", "英文名称", "english"},
}

var offWords = []string{"1", "true", "yes", "off", "休", "休息", "放假", "假", "假期", "是"}

var workWords = []string{"0", "false", "no", "work", "workday", "班", "上班", "补班", "调休上班", "否"}

// readTable reads lines of date, name and whether it is off, with commas or
// tabs between. Lines that begin with # are skipped.
func (n *notice) readTable(source []byte) {
	r := csv.NewReader(bytes.NewReader(source))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	if bytes.ContainsRune(source, '\t') {
		r.Comma = '\t'
	}
	order := []int{0, 1, 2, 3}
	for row := 0; ; row++ {
		cells, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &broken):
			n.bad(broken.Line, "", "表格写法有误，引号没有成对。", "The table is malformed: a quotation mark is not closed.")
			return
		case err != nil:
			n.bad(0, "", "表格读不了。", "The table cannot be read.")
			return
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if row == 0 && isHead(cells) {
			if order = headOrder(cells); slices.Contains(order[:3], -1) {
				n.bad(line, "", "表头要有日期、名称、是否休息三列（date, name, is_off_day）。", "The head line needs the columns date, name and is_off_day.")
				return
			}
			continue
		}
		n.addRow(line, cells, order)
	}
}

func isHead(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool {
		_, err := clock.ParseDate(cell)
		return err == nil
	}) && slices.ContainsFunc(cells, func(cell string) bool { return column(cell) >= 0 })
}

// headOrder says in which cell each of the columns stands, -1 for none.
func headOrder(cells []string) []int {
	order := []int{-1, -1, -1, -1}
	for i, cell := range cells {
		if c := column(cell); c >= 0 {
			order[c] = i
		}
	}
	return order
}

func column(cell string) int {
	return slices.IndexFunc(columns, func(names []string) bool { return slices.Contains(names, strings.ToLower(cell)) })
}

func (n *notice) addRow(line int, cells []string, order []int) {
	cell := func(c int) string {
		if i := order[c]; i >= 0 && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	word := strings.ToLower(cell(2))
	switch off := slices.Contains(offWords, word); {
	case cell(0) == "" || cell(2) == "":
		n.bad(line, "", "这一行要有日期、名称、是否休息三列。", "This line needs date, name and whether it is off.")
	case off || slices.Contains(workWords, word):
		n.add(line, cell(0), off, cell(1), cell(3))
	default:
		n.bad(line, "is_off_day", "“%s”应为 1（休息）或 0（上班）。", "“%s” should be 1 (off) or 0 (at work).", sheet.Clip(cell(2)))
	}
}
