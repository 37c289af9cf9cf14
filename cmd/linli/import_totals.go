package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/sheet"
)

// bringTotals brings in yearly totals that were counted before linli was there.
func bringTotals(ctx context.Context, a *app.App, i importing, name string, out io.Writer) error {
	d, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	in, err := os.Open(name)
	if err != nil {
		return errs.New(errs.NotFound, "打不开文件 %s。", "The file %s cannot be opened.", name).Because(err)
	}
	defer in.Close()
	file, err := sheet.Load(filepath.Base(name), in, sheet.Limits{})
	if err != nil {
		return err
	}
	mapping, report, err := i.mapped()
	if err != nil {
		return i.tell(out, report, err)
	}
	report = sheet.NewReport(i.policy())
	records := evaluate.TotalColumns().Map(mapping, file, report)
	var settled *sheet.Report
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		settled = report.Clone() // a transaction that is tried again begins anew
		if err := evaluate.ImportTotals(ctx, tx, d, records, settled); err != nil {
			return err
		}
		return settled.Settle()
	})
	return i.tell(out, settled, err)
}
