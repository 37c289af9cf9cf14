package district

import (
	"context"
	"encoding/json"
	"fmt"

	"linli/internal/calendar"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
)

// calendarRow is a row of calendars.
type calendarRow struct {
	name   string
	title  lang.Text
	source string
	kept   Kept
}

func loadCalendars(ctx context.Context, r db.Reader, code string) ([]written, error) {
	rows, err := db.All(ctx, r, func(c *calendarRow) []any {
		return []any{&c.name, &c.title.ZH, &c.title.EN, &c.source, &c.kept.File, db.Time(&c.kept.At), &c.kept.By}
	}, "select name, title_zh, title_en, source, file, set_at, set_by from calendars where district = $1 order by name", code)
	if err != nil {
		return nil, err
	}
	all := make([]written, 0, len(rows))
	for _, row := range rows {
		named, findings := calendar.ParseSpec([]byte(row.source), row.kept.File)
		if named == nil {
			return nil, fmt.Errorf("the calendar %s as kept: %v", row.name, findings)
		}
		all = append(all, written{*named, row.source, row.kept})
	}
	return all, nil
}

func saveCalendar(ctx context.Context, tx *db.Tx, code string, w written) error {
	return tx.Exec(ctx, `insert into calendars (district, name, title_zh, title_en, source, file, set_at, set_by) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (district, name) do update set title_zh = excluded.title_zh, title_en = excluded.title_en, source = excluded.source,
		file = excluded.file, set_at = excluded.set_at, set_by = excluded.set_by`,
		code, w.Name, w.Title.ZH, w.Title.EN, w.source, w.kept.File, db.At(w.kept.At), w.kept.By)
}

func dropCalendar(ctx context.Context, tx *db.Tx, code, name string) (int64, error) {
	return tx.Change(ctx, "delete from calendars where district = $1 and name = $2", code, name)
}

// keptDay is a day of a notice as it is kept: whatever kind of file it came in,
// the same notice is the same text.
type keptDay struct {
	Date   clock.Date `json:"date"`
	Off    bool       `json:"off"`
	Name   string     `json:"name"`
	NameEN string     `json:"name_en,omitempty"`
}

func yearSource(y clock.Year) (string, error) {
	days := []keptDay{}
	for _, d := range y.Off {
		days = append(days, keptDay{d.Date, true, d.Name.ZH, d.Name.EN})
	}
	for _, d := range y.Work {
		days = append(days, keptDay{d.Date, false, d.Name.ZH, d.Name.EN})
	}
	data, err := json.Marshal(days)
	return string(data), err
}

func parseYear(year int, source string) (y clock.Year, err error) {
	var days []keptDay
	if err := json.Unmarshal([]byte(source), &days); err != nil {
		return y, fmt.Errorf("the year %d as kept: %w", year, err)
	}
	y.Year = year
	for _, d := range days {
		day := clock.Day{Date: d.Date, Name: lang.Text{ZH: d.Name, EN: d.NameEN}}
		if d.Off {
			y.Off = append(y.Off, day)
		} else {
			y.Work = append(y.Work, day)
		}
	}
	return y, nil
}

func loadYears(ctx context.Context, r db.Reader, code string) ([]Year, error) {
	type row struct {
		Year   int
		source string
		kept   Kept
	}
	rows, err := db.All(ctx, r, func(y *row) []any {
		return []any{&y.Year, &y.source, &y.kept.File, db.Time(&y.kept.At), &y.kept.By}
	}, "select year, source, file, set_at, set_by from years where district = $1 order by year", code)
	if err != nil {
		return nil, err
	}
	all := make([]Year, 0, len(rows))
	for _, row := range rows {
		y, err := parseYear(row.Year, row.source)
		if err != nil {
			return nil, err
		}
		all = append(all, Year{y, row.kept})
	}
	return all, nil
}

func saveYear(ctx context.Context, tx *db.Tx, code string, y Year) error {
	source, err := yearSource(y.Year)
	if err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into years (district, year, source, file, set_at, set_by) values ($1, $2, $3, $4, $5, $6)
		on conflict (district, year) do update set source = excluded.source, file = excluded.file, set_at = excluded.set_at, set_by = excluded.set_by`,
		code, y.Year.Year, source, y.File, db.At(y.At), y.By)
}

func dropYear(ctx context.Context, tx *db.Tx, code string, year int) (int64, error) {
	return tx.Change(ctx, "delete from years where district = $1 and year = $2", code, year)
}

// CalendarNames lists the calendars that a unit of the district may name.
func CalendarNames(ctx context.Context, r db.Reader, code string) (names []string, err error) {
	defer errs.Wrap(&err, "district.CalendarNames(%s)", code)
	own, err := db.All(ctx, r, func(s *string) []any { return []any{s} }, "select name from calendars where district = $1 and name <> $2 order by name", code, Standard)
	return append([]string{Standard}, own...), err
}

// Counted is all that a district's hours and days off are made of, and which
// unit keeps which, as one text: where it differs, dates may.
func Counted(ctx context.Context, r db.Reader, code string) (text string, err error) {
	defer errs.Wrap(&err, "district.Counted(%s)", code)
	settings, err := openSettings(ctx, r, code)
	if err != nil {
		return "", err
	}
	hours, err := openCalendars(ctx, r, code, settings, 0)
	if err != nil {
		return "", err
	}
	units, err := org.Open(ctx, r, code)
	if err != nil {
		return "", err
	}
	hours.keep(units.Units())
	specs := map[string]clock.Spec{}
	for _, c := range hours.all {
		specs[c.Name] = c.Spec
	}
	data, err := json.Marshal([]any{specs, hours.units})
	return string(data), err
}
