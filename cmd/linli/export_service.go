package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/move"
	"linli/internal/trail"
)

// standard39046 is what GB/T 39046-2020 is called at the command line.
const standard39046 = "39046"

// takeOutService is linli export 39046: matters and cases as government service
// records, to a folder.
func takeOutService(ctx context.Context, args []string, out io.Writer) error {
	f := flags("export "+standard39046, out)
	i := importFlags(f)
	from := f.String("from", "", "first day of opening, such as 2026-01-01")
	to := f.String("to", "", "last day of opening")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || strings.EqualFold(filepath.Ext(rest[0]), ".zip") {
		return errs.New(errs.Invalid, "用法：linli export 39046 文件夹 --district 代码 [--from 日期 --to 日期]", "usage: linli export 39046 FOLDER --district CODE [--from DATE --to DATE]")
	}
	a, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	code, err := i.oneDistrict(ctx, a)
	if err != nil {
		return err
	}
	d, err := a.Districts.Get(ctx, code)
	if err != nil {
		return err
	}
	files := &loose{folder: rest[0]}
	s := exchange.Service{District: d, Keys: a.Vault, Open: files.open, Told: line(out)}
	if s.From, s.To, err = days(d, *from, *to); err != nil {
		return err
	}
	if _, err := move.NewPlace(rest[0]); err != nil { // makes the folder; one that holds something is refused
		return err
	}
	if err := noteService(ctx, a, s, *from, *to); err != nil {
		return err
	}
	written, err := exchange.ServiceRecords(ctx, a.DB, s, a.DB.Now())
	if err != nil {
		return errors.Join(err, files.drop())
	}
	fmt.Fprintf(out, "\n区 · district %s → %s\n", code, rest[0])
	for _, name := range slices.Sorted(maps.Keys(written)) {
		fmt.Fprintf(out, "  %-13s %d\n", name, written[name])
	}
	fmt.Fprintln(out, "姓名和号码是遮住的；保密的件不在里面。\nNames and numbers are masked; cases kept secret are not in it.")
	return nil
}

// days are the bounds that two dates give, both days within.
func days(d *district.District, first, last string) (from, to time.Time, err error) {
	zone := d.Calendar.Zone()
	if first != "" {
		on, err := clock.ParseDate(first)
		if err != nil {
			return from, to, err
		}
		from = on.Start(zone)
	}
	if last != "" {
		on, err := clock.ParseDate(last)
		if err != nil {
			return from, to, err
		}
		to = on.Add(1).Start(zone)
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, errs.New(errs.Invalid, "--from 在 --to 后面。", "--from lies after --to.")
	}
	return from, to, nil
}

// noteService writes into the book of exports what goes out, before it does.
func noteService(ctx context.Context, a *app.App, s exchange.Service, from, to string) error {
	n, err := casework.CountAll(ctx, a.DB, s.District, s.Filter(), a.DB.Now())
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		return trail.Note(ctx, tx, s.District.Code, trail.Exports, "district", trail.Entry{Act: "exported", Detail: map[string]string{
			"what": "gbt39046", "filter": "from=" + from + "&to=" + to, "rows": strconv.Itoa(n),
		}})
	})
}

// loose are files of a folder, readable by their owner alone, that are removed
// again where the whole of them does not come about.
type loose struct {
	folder string
	names  []string
}

func (l *loose) open(name string) (io.WriteCloser, error) {
	at := filepath.Join(l.folder, name)
	file, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		l.names = append(l.names, at)
	}
	return file, err
}

func (l *loose) drop() (err error) {
	for _, name := range l.names {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}
