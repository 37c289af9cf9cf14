package district

import (
	"context"
	"errors"
	"slices"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// CalendarSubject is whose trail, in the book of set-up, holds what became of a
// district's calendars and years. Entries from before there were books stand
// under the same name without one.
const CalendarSubject = "calendar"

// File is a calendar or a notice as somebody sent it.
type File struct {
	Name string
	Data []byte
}

// book is what a district counts by, inside a transaction that changes it.
type book struct {
	code     string
	settings Settings
	files    []written
	years    []Year
	by       procedure.Actor
}

func openBook(ctx context.Context, tx *db.Tx, code string, by procedure.Actor) (b book, err error) {
	b = book{code: code, by: by}
	if b.settings, err = openSettings(ctx, tx, code); err != nil && !errors.Is(err, errs.NotFound) {
		return b, err // a district that is only being made may have said nothing of itself yet
	}
	if b.files, err = loadCalendars(ctx, tx, code); err != nil {
		return b, err
	}
	b.years, err = loadYears(ctx, tx, code)
	return b, err
}

// holds reports what does not hold in the book as it would be.
func (b book) holds(report *sheet.Report) bool {
	_, bad := makeCalendars(b.settings, 0, b.files, b.years)
	for _, f := range bad {
		report.Add(f)
	}
	return len(bad) == 0
}

// ImportCalendars takes calendar files, in YAML, which may begin with each
// other. One of a name that is there goes before it. Where the calendars do not
// hold together, none is written.
func ImportCalendars(ctx context.Context, tx *db.Tx, code string, files []File, by procedure.Actor, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "district.ImportCalendars(%s)", code)
	b, err := openBook(ctx, tx, code, by)
	if err != nil {
		return err
	}
	have := b.files
	var fresh []written
	for _, f := range files {
		named, findings := calendar.ParseSpec(f.Data, f.Name)
		for _, one := range findings {
			report.Add(one)
		}
		if named == nil {
			continue
		}
		if twice := slices.IndexFunc(fresh, func(w written) bool { return w.Name == named.Name }); twice >= 0 {
			report.Add(finding(f.Name, errs.New(errs.Invalid, "日历 %s 在 %s 里已经有了。", "The calendar %s stands already in %s.", named.Name, fresh[twice].kept.File).At("calendar")))
			continue
		}
		fresh = append(fresh, written{*named, string(f.Data), Kept{File: f.Name, At: tx.Now, By: by.Person}})
	}
	b.files = with(have, fresh, func(w written) string { return w.Name })
	if !b.holds(report) || !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("工作日历", "Calendars"))
	for _, w := range fresh {
		old := slices.IndexFunc(have, func(o written) bool { return o.Name == w.Name })
		if tally(count, old >= 0, old >= 0 && have[old].source == w.source) {
			continue
		}
		if err := saveCalendar(ctx, tx, code, w); err != nil {
			return err
		}
		if err := b.note(ctx, tx, "calendar-set", map[string]string{"name": w.Name, "file": w.kept.File}); err != nil {
			return err
		}
	}
	return nil
}

// DropCalendar removes a calendar. It is errs.Conflict while a unit names it or
// another begins with it, and errs.NotFound for one that linli ships.
func DropCalendar(ctx context.Context, tx *db.Tx, code, name string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "district.DropCalendar(%s, %s)", code, name)
	b, err := openBook(ctx, tx, code, by)
	if err != nil {
		return err
	}
	units, err := org.Open(ctx, tx, code)
	if err != nil {
		return err
	}
	if name != Standard { // without its own a district has the one that linli ships
		if err := b.unused(name, units.Units()); err != nil {
			return err
		}
	}
	n, err := dropCalendar(ctx, tx, code, name)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "区里没有日历 %s。", "The district has no calendar %s of its own.", name)
	}
	return b.note(ctx, tx, "calendar-dropped", map[string]string{"name": name})
}

// unused refuses while something leans on a calendar.
func (b book) unused(name string, units []org.Unit) error {
	for _, u := range units {
		if u.Calendar == name {
			return errs.New(errs.Conflict, "%[1]s用着日历 %[3]s，先给它换一个。", "%[2]s keeps the calendar %[3]s; give it another first.", u.Name.ZH, u.Name.In(lang.EN), name)
		}
	}
	for _, w := range b.files {
		if w.Base == name {
			return errs.New(errs.Conflict, "日历 %s 从 %s 开始，先改它。", "The calendar %s begins with %s; change that first.", w.Name, name)
		}
	}
	return nil
}

// note adds to the trail of the district's calendars and wakes who holds its
// picture.
func (b book) note(ctx context.Context, tx *db.Tx, act string, detail map[string]string) error {
	tx.Wake(Topic)
	if b.by.Person == "" && !b.by.System {
		detail["by"] = org.CommandLine
	}
	return trail.Note(ctx, tx, b.code, trail.Setup, CalendarSubject, trail.Entry{Person: b.by.Person, Post: b.by.Post, Unit: b.by.Unit, Act: act, Detail: detail})
}

// tally counts one thing that was brought, and says whether it is as it was.
func tally(count *sheet.Count, there, same bool) bool {
	switch {
	case same:
		count.Same++
	case there:
		count.Changed++
	default:
		count.Added++
	}
	return same
}

// with is what there is, with the fresh in the place of those of the same key.
func with[T any](have, fresh []T, key func(T) string) []T {
	all := slices.Clone(fresh)
	for _, old := range have {
		if !slices.ContainsFunc(fresh, func(f T) bool { return key(f) == key(old) }) {
			all = append(all, old)
		}
	}
	return all
}
