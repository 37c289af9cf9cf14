package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"linli/internal/app"
	"linli/internal/errs"
	"linli/internal/sheet"
	"linli/internal/transfer"
)

// table reads a file with its mapping, as the flags have it.
func (i importing) table(name string, out io.Writer) (sheet.File, *sheet.Mapping, error) {
	in, err := os.Open(name)
	if err != nil {
		return sheet.File{}, nil, errs.New(errs.NotFound, "打不开文件 %s。", "The file %s cannot be opened.", name).Because(err)
	}
	defer in.Close()
	file, err := sheet.Load(filepath.Base(name), in, sheet.Limits{Bytes: 2 << 30, Rows: 20_000_000})
	if err != nil {
		return sheet.File{}, nil, err
	}
	mapping, found, err := i.mapped()
	if err != nil {
		return sheet.File{}, nil, i.tell(out, found, err)
	}
	return file, mapping, nil
}

// bringPast is linli import past: what was done with cases in a former system.
func bringPast(ctx context.Context, a *app.App, i importing, name string, out io.Writer) error {
	to, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	file, mapping, err := i.table(name, out)
	if err != nil {
		return err
	}
	report, err := transfer.Past(ctx, a.DB, to, file, mapping, transfer.Options{Policy: i.policy(), Progress: rate(out)})
	return i.tell(out, report, err)
}

// bringPictures is linli import pictures: the pictures of cases, by a table that
// names each, from the folder in which the table lies unless another is named.
func bringPictures(ctx context.Context, a *app.App, i importing, names []string, out io.Writer) error {
	to, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	file, mapping, err := i.table(names[0], out)
	if err != nil {
		return err
	}
	folder := filepath.Dir(names[0])
	if len(names) > 1 {
		folder = names[1]
	}
	report, err := transfer.Pictures(ctx, a.DB, a.Documents, to, file, mapping, os.DirFS(folder), transfer.Options{Policy: i.policy(), Progress: rate(out)})
	return i.tell(out, report, err)
}
