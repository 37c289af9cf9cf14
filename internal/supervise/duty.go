package supervise

import (
	"context"
	"fmt"
	"time"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/org"
)

// Duty is one turn of a leader on duty (领导值班): for the district or for a
// street, from a minute of a day until another. The public sees the unit, the
// hours and the office's phone; who it is, staff see.
type Duty struct {
	ID    string
	Area  string // the district's code, or a street's
	Day   clock.Date
	Hours clock.Period // over midnight where it ends at or before its begin
	Unit  string
	Post  string // empty: whoever sits at the unit's desk
	Phone string // of the office
}

// to is who is told.
func (d Duty) to() notice.To {
	if d.Post != "" {
		return notice.Post(d.Post)
	}
	return notice.Unit(d.Unit)
}

// Level names what a turn is for: the district, or one of its streets.
func (d Duty) Level(of *district.District) lang.Text {
	if d.Area == of.Code {
		return lang.T("区", "district")
	}
	return of.Areas.Name(area.Code(d.Area))
}

// Person is who has the turn; empty where only a unit is named.
func (d Duty) Person(of *district.District) string {
	post, ok := of.Org.Post(org.PostID(d.Post))
	if !ok {
		return ""
	}
	p, _ := of.Org.Person(post.Person)
	return p.Name
}

// begins and ends are minutes since the midnight of the turn's day.
func (d Duty) begins() int { return d.Hours.From }

func (d Duty) ends() int {
	if d.Hours.To <= d.Hours.From {
		return d.Hours.To + 24*60
	}
	return d.Hours.To
}

// holds reports whether the turn runs at a minute of a day.
func (d Duty) holds(day clock.Date, minute int) bool {
	if d.Day != day {
		minute += 24 * 60 // what began yesterday
	}
	return d.begins() <= minute && minute < d.ends()
}

const dutyColumns = `u.id, u.area, u.day, u.from_minute, u.to_minute, u.unit, u.post, u.phone`

func (d *Duty) dest() []any {
	return []any{&d.ID, &d.Area, &d.Day, &d.Hours.From, &d.Hours.To, &d.Unit, &d.Post, &d.Phone}
}

// OnDuty lists the turns that run at an instant, the district's first.
func OnDuty(ctx context.Context, r db.Reader, d *district.District, now time.Time) (on []Duty, err error) {
	defer errs.Wrap(&err, "supervise.OnDuty(%s)", d.Code)
	zone := d.Calendar.Zone()
	local, day := now.In(zone), clock.DateOf(now, zone)
	all, err := Duties(ctx, r, d, day.Add(-1), day)
	if err != nil {
		return nil, err
	}
	for _, duty := range all {
		if duty.holds(day, local.Hour()*60+local.Minute()) {
			on = append(on, duty)
		}
	}
	return on, nil
}

// Duties lists the roster from one day to another, both counted: by day, then
// the district before its streets, then by hour.
func Duties(ctx context.Context, r db.Reader, d *district.District, from, to clock.Date) (all []Duty, err error) {
	defer errs.Wrap(&err, "supervise.Duties(%s, %s)", from, to)
	return db.All(ctx, r, (*Duty).dest, "select "+dutyColumns+` from duties u where u.district = $1 and u.day >= $2 and u.day <= $3
		order by u.day, length(u.area), u.area, u.from_minute`, d.Code, string(from), string(to))
}

func (d *Duty) insert(ctx context.Context, tx *db.Tx, code string) error {
	return tx.Exec(ctx, `insert into duties (district, id, area, day, from_minute, to_minute, unit, post, phone) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)
		on conflict (district, area, day, from_minute) do update set to_minute = excluded.to_minute, unit = excluded.unit, post = excluded.post,
		phone = excluded.phone`,
		code, d.ID, d.Area, string(d.Day), d.Hours.From, d.Hours.To, d.Unit, d.Post, d.Phone)
}

// RemoveDuty takes a turn off the roster.
func RemoveDuty(ctx context.Context, tx *db.Tx, d *district.District, id string) (err error) {
	defer errs.Wrap(&err, "supervise.RemoveDuty(%s)", id)
	n, err := tx.Change(ctx, "delete from duties where district = $1 and id = $2", d.Code, id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "值班表上没有这一班。", "The roster has no such turn.")
	}
	return err
}

// String is a turn in a line, for logs and errors.
func (d Duty) String() string { return fmt.Sprintf("%s %s %s", d.Area, d.Day, d.Hours) }
