package look

import (
	"context"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/trail"
	"linli/internal/vault"
)

// Shown is what a look gave.
type Shown struct {
	Look   Look
	Values map[string]string // by field; what the report does not hold is not in it
}

// Reveal shows fields of a report, once. When it returns them, the look is on
// disk and in the trail; on any error there are none. It is errs.NotFound for a
// case or report that is not there or that the post does not see, alike;
// errs.Forbidden where the post may not look; errs.Invalid for a purpose, field
// or reason that will not do; errs.Often, with how long to wait, over the
// number that the district allows in an hour.
func Reveal(ctx context.Context, d *db.DB, v *vault.Vault, a Asking) (s Shown, err error) {
	defer errs.Wrap(&err, "look.Reveal(%s, %s)", a.Case, a.Purpose)
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		s, err = a.reveal(ctx, tx, v)
		return err
	})
	if err != nil {
		return Shown{}, err
	}
	return s, nil
}

func (a Asking) reveal(ctx context.Context, tx *db.Tx, v *vault.Vault) (s Shown, err error) {
	c, tasks, report, err := a.find(ctx, tx)
	if err != nil {
		return s, err
	}
	if err := May(a.District, v, c, tasks, report, a.By); err != nil {
		return s, err
	}
	if err := a.check(c); err != nil {
		return s, err
	}
	if err := a.restricted(ctx, tx); err != nil {
		return s, err
	}
	if s.Values, err = a.open(v, report); err != nil {
		return s, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return s, err
	}
	s.Look = Look{
		ID: ID(id.String()), Report: report.ID, Case: c.ID, At: tx.Now, Person: a.By.Person, Post: a.By.Post, Unit: a.By.Unit, Role: a.By.Role,
		Purpose: a.Purpose, Kind: a.Kind, Reason: a.Reason, Own: concerned(tasks, report, a.By),
	}
	for _, f := range a.Fields {
		if _, ok := s.Values[f]; ok {
			s.Look.Fields = append(s.Look.Fields, f)
		}
	}
	if err := a.reckon(ctx, tx, s.Look, report); err != nil {
		return s, err
	}
	return s, s.Look.write(ctx, tx, a.District.Code)
}

// find reads the case and the report, and knows of none that the other does
// not belong to.
func (a Asking) find(ctx context.Context, tx *db.Tx) (c casework.Case, tasks []casework.Task, r casework.Report, err error) {
	code := a.District.Code
	if c, err = casework.ByID(ctx, tx, code, a.Case); err != nil {
		return c, nil, r, err
	}
	if tasks, err = casework.Tasks(ctx, tx, code, a.Case); err != nil {
		return c, nil, r, err
	}
	if r, err = casework.ReportByID(ctx, tx, code, a.Report); err != nil {
		return c, tasks, r, err
	}
	return c, tasks, r, Passed(ctx, tx, code, &r)
}

// open reads the fields asked for. A report that holds none of them is
// errs.Invalid: nothing was seen, so nothing is recorded.
func (a Asking) open(v *vault.Vault, r casework.Report) (map[string]string, error) {
	values := map[string]string{}
	for _, f := range a.Fields {
		value, err := "", error(nil)
		switch f {
		case fields.Name:
			value, err = v.Reveal(a.District.Code, casework.NameField, r.Name)
		case fields.Phone:
			value, err = v.Reveal(a.District.Code, casework.PhoneField, r.Phone)
		case fields.Address:
			value = r.Address
		}
		if err != nil {
			return nil, err
		}
		if value != "" {
			values[f] = value
		}
	}
	if len(values) == 0 {
		return nil, errs.New(errs.Invalid, "这一件没留%[1]s。", "This report left no %[2]s.", FieldsText(a.Fields).ZH, FieldsText(a.Fields).EN).At("fields")
	}
	return values, nil
}

// reckon holds the hourly number, and notes what is unusual.
func (a Asking) reckon(ctx context.Context, tx *db.Tx, l Look, r casework.Report) error {
	d, zone := a.District, a.District.Calendar.Zone()
	rules, day := d.Catalogue.Privacy(), clock.DateOf(tx.Now, zone)
	today, err := count(ctx, tx, d.Code, l.Person, day)
	if err != nil {
		return err
	}
	hourAgo, midnight := tx.Now.Add(-time.Hour), day.Start(zone)
	from := midnight
	if hourAgo.Before(from) {
		from = hourAgo
	}
	before, err := since(ctx, tx, d.Code, l.Person, from.Add(-time.Microsecond))
	if err != nil {
		return err
	}
	if err := tooOften(before, rules.RevealsAnHour, tx.Now); err != nil {
		return err
	}
	same, err := a.same(ctx, tx, l, r)
	if err != nil {
		return err
	}
	signs := unusual(habit{
		today: today.Looks, alarm: rules.AlarmADay, before: before, midnight: midnight, same: same,
		night: atNight(tx.Now.In(zone)) && !a.OnDuty && !d.CalendarOf(l.Unit).Open(tx.Now),
	}, l)
	return today.alarm(ctx, tx, d.Code, signs)
}

// same counts how often the reader has looked at the person lately, this time
// among them. Whoever left no number is known by the one report alone.
func (a Asking) same(ctx context.Context, tx *db.Tx, l Look, r casework.Report) (int, error) {
	ids := []string{r.ID}
	if r.PhoneIndex != "" {
		reports, err := casework.ReportsByPhone(ctx, tx, a.District.Code, r.PhoneIndex, reportsMost)
		if err != nil {
			return 0, err
		}
		ids = nil
		for _, one := range reports {
			ids = append(ids, one.ID)
		}
	}
	n, err := timesAt(ctx, tx, a.District.Code, l.Person, ids, tx.Now.Add(-againWithin))
	return n + 1, err
}

// write puts the look on record. The trail's subject is the report: an id, and
// nobody's name or number.
func (l *Look) write(ctx context.Context, tx *db.Tx, district string) error {
	if err := l.insert(ctx, tx, district); err != nil {
		return err
	}
	return trail.Note(ctx, tx, district, trail.Looks, l.Report, trail.Entry{
		Person: l.Person, Post: l.Post, Unit: l.Unit, Act: "look",
		Detail: map[string]string{"look": string(l.ID), "case": string(l.Case), "purpose": l.Purpose, "fields": list(l.Fields), "kind": string(l.Kind), "reason": l.Reason},
	})
}
