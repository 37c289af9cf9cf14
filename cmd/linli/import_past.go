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

// table is a file with its mapping, as the flags have it. It is read where it
// lies, so that it may be larger than memory; the caller closes it.
func (i importing) table(name string, out io.Writer) (file sheet.File, mapping *sheet.Mapping, done io.Closer, err error) {
	in, err := os.Open(name)
	if err != nil {
		return file, nil, nil, errs.New(errs.NotFound, "打不开文件 %s。", "The file %s cannot be opened.", name).Because(err)
	}
	defer func() {
		if err != nil {
			_ = in.Close() // nothing was written to it
		}
	}()
	about, err := in.Stat()
	if err != nil {
		return file, nil, nil, err
	}
	if !about.Mode().IsRegular() { // it is read twice, which a pipe is not
		return file, nil, nil, errs.New(errs.Invalid, "%s 不是文件。", "%s is no file.", name)
	}
	file, err = sheet.At(filepath.Base(name), in, about.Size(), sheet.Limits{Bytes: 64 << 30, Rows: 20_000_000})
	if err != nil {
		return file, nil, nil, err
	}
	mapping, found, err := i.mapped()
	if err != nil {
		return file, nil, nil, i.tell(out, found, err)
	}
	return file, mapping, in, nil
}

// bringPast is linli import past: what was done with cases in a former system.
func bringPast(ctx context.Context, a *app.App, i importing, name string, out io.Writer) error {
	to, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	file, mapping, in, err := i.table(name, out)
	if err != nil {
		return err
	}
	defer in.Close()
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
	file, mapping, in, err := i.table(names[0], out)
	if err != nil {
		return err
	}
	defer in.Close()
	folder := filepath.Dir(names[0])
	if len(names) > 1 {
		folder = names[1]
	}
	report, err := transfer.Pictures(ctx, a.DB, a.Documents, to, file, mapping, os.DirFS(folder), transfer.Options{Policy: i.policy(), Progress: rate(out)})
	return i.tell(out, report, err)
}
