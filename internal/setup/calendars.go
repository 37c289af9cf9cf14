package setup

import (
	"context"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// calendarMost is how large a calendar or a notice may be: a year of days is a
// few kilobytes.
const calendarMost = 1 << 20

// gather adds the files of the folders calendars and years to what the source
// was given.
func (src *Source) gather() error {
	if src.Files == nil {
		return nil
	}
	for _, folder := range []struct {
		name    string
		endings []string
		into    *[]district.File
	}{
		{"calendars", []string{".yaml", ".yml"}, &src.Calendars},
		{"years", []string{".json", ".csv", ".tsv", ".ics"}, &src.Years},
	} {
		files, err := folderFiles(src.Files, folder.name, folder.endings)
		if err != nil {
			return err
		}
		*folder.into = slices.Concat(*folder.into, files)
	}
	return nil
}

// folderFiles reads the files of a folder that have one of the endings, by name.
func folderFiles(files fs.FS, folder string, endings []string) (all []district.File, err error) {
	names, err := fs.Glob(files, folder+"/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.Contains(endings, strings.ToLower(path.Ext(name))) {
			continue
		}
		data, err := readAll(files, name)
		if err != nil {
			return nil, err
		}
		all = append(all, district.File{Name: name, Data: data})
	}
	return all, nil
}

func readAll(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, calendarMost+1))
	if err == nil && len(data) > calendarMost {
		return nil, errs.New(errs.TooLarge, "%s 超过 1 MB。", "%s is over 1 MB.", name)
	}
	return data, err
}

// calendars takes the years first: a calendar's own days may lean on them.
func (s *step) calendars() error {
	if len(s.src.Years) > 0 {
		if err := district.ImportYears(s.ctx, s.tx, s.code, s.src.Years, s.src.By, s.report); err != nil {
			return err
		}
	}
	if len(s.src.Calendars) > 0 {
		return district.ImportCalendars(s.ctx, s.tx, s.code, s.src.Calendars, s.src.By, s.report)
	}
	return nil
}

// DropCalendar removes a calendar that the district brought; see
// district.DropCalendar.
func DropCalendar(ctx context.Context, d *db.DB, code, name string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "setup.DropCalendar(%s, %s)", code, name)
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := district.DropCalendar(ctx, tx, code, name, by); err != nil {
			return err
		}
		return reckonWithout(ctx, tx, code, lang.T("拿掉了日历 %s", "The calendar %s was removed", name), by)
	})
}

// DropYear takes a loaded year back; see district.DropYear.
func DropYear(ctx context.Context, d *db.DB, code string, year int, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "setup.DropYear(%s, %d)", code, year)
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := district.DropYear(ctx, tx, code, year, by); err != nil {
			return err
		}
		return reckonWithout(ctx, tx, code, lang.T("拿掉了 %d 年的放假安排", "The days off of %d were taken back", year), by)
	})
}

func reckonWithout(ctx context.Context, tx *db.Tx, code string, what lang.Text, by procedure.Actor) error {
	return casework.ReckonAll(ctx, tx, code, casework.Cause{Kind: casework.CalendarChanged, Text: what}, by)
}
