package district

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/calendar"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/sheet"
)

// ImportYears takes notices of days off and make-up workdays, in JSON, CSV, TSV
// or ICS. A year goes before the one that linli ships, or that was loaded.
func ImportYears(ctx context.Context, tx *db.Tx, code string, files []File, by procedure.Actor, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "district.ImportYears(%s)", code)
	b, err := openBook(ctx, tx, code, by)
	if err != nil {
		return err
	}
	have := b.years
	var fresh []Year
	for _, f := range files {
		years, findings := calendar.ParseNotice(f.Data, f.Name)
		for _, one := range findings {
			report.Add(one)
		}
		for _, y := range years {
			if twice := slices.IndexFunc(fresh, func(o Year) bool { return o.Year.Year == y.Year }); twice >= 0 {
				report.Add(finding(f.Name, errs.New(errs.Invalid, "%d 年的放假安排在 %s 里已经有了。", "The year %d stands already in %s.", y.Year, fresh[twice].File).At("year")))
				continue
			}
			fresh = append(fresh, Year{y, Kept{File: f.Name, At: tx.Now, By: by.Person}})
		}
	}
	b.years = with(have, fresh, func(y Year) string { return strconv.Itoa(y.Year.Year) })
	if !b.holds(report) || !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("放假安排（年）", "Years of days off"))
	for _, y := range fresh {
		old := slices.IndexFunc(have, func(o Year) bool { return o.Year.Year == y.Year.Year })
		if tally(count, old >= 0, old >= 0 && sameYear(have[old].Year, y.Year)) {
			continue
		}
		if err := saveYear(ctx, tx, code, y); err != nil {
			return err
		}
		detail := map[string]string{"year": strconv.Itoa(y.Year.Year), "file": y.File, "off": strconv.Itoa(len(y.Off)), "work": strconv.Itoa(len(y.Work))}
		if err := b.note(ctx, tx, "year-set", detail); err != nil {
			return err
		}
	}
	return nil
}

// DropYear takes a loaded year back: what linli ships for it counts again, or
// the year is missing. It is errs.NotFound for a year that was not loaded.
func DropYear(ctx context.Context, tx *db.Tx, code string, year int, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "district.DropYear(%s, %d)", code, year)
	n, err := dropYear(ctx, tx, code, year)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "%d 年的放假安排不是这里装的。", "The year %d was not loaded here.", year)
	}
	b := book{code: code, by: by}
	return b.note(ctx, tx, "year-dropped", map[string]string{"year": strconv.Itoa(year)})
}

func sameYear(a, b clock.Year) bool {
	return a.Year == b.Year && slices.Equal(a.Off, b.Off) && slices.Equal(a.Work, b.Work)
}
