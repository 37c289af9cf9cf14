package supervise

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/sheet"
)

// DutyForm is one turn of the roster as somebody writes it, in the words of
// [DutyColumns].
type DutyForm struct{ Day, Hours, Area, Unit, Login, Phone string }

// file is the turn as a table of one row.
func (f DutyForm) file() (sheet.File, error) {
	row := []string{f.Day, f.Hours, f.Area, f.Unit, f.Login, f.Phone}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll([][]string{{"day", "hours", "area", "unit", "login", "phone"}, row}); err != nil {
		return sheet.File{}, err
	}
	return sheet.Load("roster.csv", &out, sheet.Limits{})
}

// EnterDuty puts one turn on the roster, through the same door as a whole one:
// a turn that begins when one is there already takes its place. What is wrong
// is errs.Invalid at the column's name.
func EnterDuty(ctx context.Context, tx *db.Tx, d *district.District, f DutyForm) (duty Duty, err error) {
	defer errs.Wrap(&err, "supervise.EnterDuty(%s, %s)", f.Day, f.Hours)
	file, err := f.file()
	if err != nil {
		return duty, err
	}
	report := sheet.NewReport(sheet.Policy{})
	records := DutyColumns().Map(nil, file, report)
	if err := ImportDuties(ctx, tx, d, records, report); err != nil {
		return duty, err
	}
	for _, f := range report.Findings() {
		if f.Severity == sheet.Error {
			return duty, errs.New(errs.Invalid, "%[1]s", "%[2]s", f.Text.ZH, f.Text.EN).At(f.Field)
		}
	}
	if err := report.Settle(); err != nil {
		return duty, err
	}
	r := records[0]
	hours, err := clock.ParsePeriod(r.Text("hours"))
	if err != nil {
		return duty, err
	}
	return db.One(ctx, tx, (*Duty).dest, "select "+dutyColumns+" from duties u where u.district = $1 and u.area = $2 and u.day = $3 and u.from_minute = $4",
		d.Code, cmp.Or(r.Text("area"), d.Code), r.Text("day"), hours.From)
}
