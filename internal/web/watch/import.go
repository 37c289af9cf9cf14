package watch

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/sheet"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// tableMost bounds the file of a table: these have some hundred rows.
const tableMost = 2 << 20

// table is one that can be brought in, and where its list is.
type table struct {
	At, List, Title string
	Columns         sheet.Schema
	take            func(v *page.View, tx *db.Tx, records []*sheet.Record, report *sheet.Report) error
}

// admissionTable is the list of duties that communities and grids take.
func admissionTable(v *page.View) table {
	return table{
		At: "/admissions", List: v.Say("准入清单", "Admission list"), Title: v.Say("导入准入清单", "Import the admission list"), Columns: supervise.AdmissionColumns(),
		take: func(v *page.View, tx *db.Tx, records []*sheet.Record, report *sheet.Report) error {
			return supervise.ImportAdmissions(v.Context(), tx, v.Acting(rights.AdmissionKeep, 0), records, report)
		},
	}
}

// dutyTable is the roster of leaders on duty.
func dutyTable(v *page.View) table {
	return table{
		At: "/duty", List: v.Say("领导值班", "Leaders on duty"), Title: v.Say("导入值班表", "Import the roster"), Columns: supervise.DutyColumns(),
		take: func(v *page.View, tx *db.Tx, records []*sheet.Record, report *sheet.Report) error {
			return supervise.ImportDuties(v.Context(), tx, v.District, records, report)
		},
	}
}

func (t table) show(v *page.View, status int, a again, report *sheet.Report) error {
	return show(v, status, head{
		Title: t.Title, At: t.At, Said: v.Say("有一行不对，就一行都不导，改好再来。", "If one row is wrong none is taken; mend it and come again."),
		Path: []ui.Link{{Text: t.List, Href: home + t.At}, {Text: v.Say("导入", "Import")}},
	}, importPage(v, t, a, report))
}

// importForm shows the form of a table.
func importForm(of func(*page.View) table) page.Handler {
	return func(v *page.View) error { return of(v).show(v, http.StatusOK, again{}, nil) }
}

// importTable takes a table, or tries it: nothing is kept then.
func importTable(of func(*page.View) table) page.Handler {
	return func(v *page.View) error {
		if err := v.Form(); err != nil {
			return err
		}
		t := of(v)
		report, err := t.bring(v)
		switch {
		case err == nil:
			return v.GoSaying(home+t.At, "导入好了。", "Imported.")
		case errors.Is(err, sheet.ErrDryRun):
			return t.show(v, http.StatusOK, again{}, report)
		case errs.KindOf(err) == errs.Invalid && report != nil && !report.MayWrite():
			return t.show(v, http.StatusUnprocessableEntity, again{}, report)
		}
		if a, ok := back(v, "import", err); ok {
			return t.show(v, page.Status(err), a, nil)
		}
		return err
	}
}

// bring runs the import, for real or to see.
func (t table) bring(v *page.View) (report *sheet.Report, err error) {
	file, err := tableFile(v)
	if err != nil {
		return nil, err
	}
	policy := sheet.Policy{DryRun: v.R.PostForm.Get("go") != "import"}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		report = sheet.NewReport(policy)
		records := t.Columns.Map(nil, file, report)
		if len(records) == 0 && report.MayWrite() {
			return errs.New(errs.Invalid, "这张表里一行也没有。", "There is no row in this table.").At("file")
		}
		if err := t.take(v, tx, records, report); err != nil {
			return err
		}
		return report.Settle()
	})
	return report, err
}

// tableFile is the table that was sent.
func tableFile(v *page.View) (sheet.File, error) {
	missing := errs.New(errs.Invalid, "请选一个文件。", "Please choose a file.").At("file")
	if v.R.MultipartForm == nil || len(v.R.MultipartForm.File["file"]) == 0 {
		return sheet.File{}, missing
	}
	sent := v.R.MultipartForm.File["file"][0]
	if sent.Size > tableMost {
		return sheet.File{}, errs.New(errs.TooLarge, "文件超过 %d MB。", "The file is over %d MB.", tableMost>>20).At("file")
	}
	f, err := sent.Open()
	if err != nil {
		return sheet.File{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return sheet.File{}, err
	}
	if len(data) == 0 {
		return sheet.File{}, missing
	}
	file, err := sheet.Load(sent.Filename, bytes.NewReader(data), sheet.Limits{Bytes: tableMost, Rows: 5000})
	for _, e := range errs.Each(err) {
		return file, e.At("file")
	}
	return file, err
}
