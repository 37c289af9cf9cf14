package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// workbookRows is how many rows of a workbook are read; its format is slow to
// read, and a larger table belongs in CSV.
const workbookRows = 200_000

// workbookHeld is up to which size the library keeps a sheet in memory; it unpacks
// a larger one into a temporary file and reads that row by row.
const workbookHeld = 16 << 20

// workbookParts is how many files a workbook's archive may hold.
const workbookParts = 2_000

// errBomb refuses an archive by what it declares, before any of it is unpacked.
var errBomb = errors.New("sheet: workbook unpacks to too much")

// workbook reads one sheet of an XLSX file.
func (f File) workbook(from From, report *Report, yield func(Row) bool) {
	// The library panics on some damaged workbooks; that is the file's fault
	// and must not end the program. A panic of the consumer is not ours to hide.
	inYield := false
	defer func() {
		if p := recover(); p != nil {
			if inYield {
				panic(p)
			}
			f.unreadable(report, fmt.Errorf("panic: %v", p))
		}
	}()
	book, err := f.openWorkbook()
	if err != nil {
		f.unreadable(report, err)
		return
	}
	defer func() { _ = book.Close() }()
	name := from.Sheet
	if name == "" && len(book.GetSheetList()) > 0 {
		name = book.GetSheetList()[0]
	}
	rows, err := book.Rows(name)
	if err != nil {
		report.add(Fatal, Place{File: f.Name}, "", "没有名为“%s”的工作表。", "There is no sheet named “%s”.", name)
		return
	}
	defer func() { _ = rows.Close() }()
	f.sheetRows(rows, from, report, func(r Row) bool {
		inYield = true
		defer func() { inYield = false }()
		return yield(r)
	})
}

func (f File) sheetRows(rows *excelize.Rows, from From, report *Report, yield func(Row) bool) {
	var h *head
	for line := 1; rows.Next(); line++ {
		if f.tooMany(line, min(f.limits.Rows, workbookRows), line, report) {
			return
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			f.unreadable(report, err)
			return
		}
		if len(cells) > 4*f.limits.Columns {
			report.add(Fatal, Place{File: f.Name, Line: line}, "", "超过 %d 列。", "More than %d columns.", f.limits.Columns)
			return
		}
		if blank(cells) || h == nil && line < from.Header {
			continue
		}
		if h == nil {
			var ok bool
			if h, ok = f.heading(cells, line, report); !ok {
				return
			}
			continue
		}
		if !f.cellsFine(cells, line, report) {
			continue
		}
		for len(cells) < len(h.names) {
			cells = append(cells, "") // a workbook leaves out empty cells at the end of a row
		}
		if !f.deliver(h, cells, line, report, yield) {
			return
		}
	}
	if err := rows.Error(); err != nil {
		f.unreadable(report, err)
	} else if h == nil {
		report.add(Fatal, Place{File: f.Name}, "", "没有找到列名行。", "No line of column names was found.")
	}
}

func (f File) cellsFine(cells []string, line int, report *Report) bool {
	fine := true
	for i, v := range cells {
		if text, bad := faulty(v, f.limits.Field); bad {
			report.Add(Finding{Place: Place{File: f.Name, Line: line, Column: i + 1}, Severity: Error, Text: text})
			fine = false
		}
	}
	return fine
}

func blank(cells []string) bool {
	for _, c := range cells {
		if trim(c) != "" {
			return false
		}
	}
	return true
}

// openWorkbook looks at the archive's own list first: the zip reader refuses a
// part that turns out longer than declared, so the list can be trusted.
func (f File) openWorkbook() (*excelize.File, error) {
	archive, err := zip.NewReader(f.src, f.size)
	if err != nil {
		return nil, err
	}
	if len(archive.File) > workbookParts {
		return nil, errBomb
	}
	left := uint64(f.limits.Unzipped)
	for _, part := range archive.File {
		if part.UncompressedSize64 > left {
			return nil, errBomb
		}
		left -= part.UncompressedSize64
	}
	return excelize.OpenReader(io.NewSectionReader(f.src, 0, f.size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: f.limits.Unzipped, UnzipXMLSizeLimit: min(workbookHeld, f.limits.Unzipped),
	})
}

func (f File) unreadable(report *Report, err error) {
	if errors.Is(err, errBomb) {
		report.add(Fatal, Place{File: f.Name}, "", "工作簿解压后超过 %d MB，已拒绝。",
			"The workbook would unpack to over %d MB and is refused.", f.limits.Unzipped>>20)
		return
	}
	report.add(Fatal, Place{File: f.Name}, "", "工作簿已损坏或不是 XLSX。", "The workbook is damaged or not XLSX.")
}
