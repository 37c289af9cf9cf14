package look

import (
	"context"
	"fmt"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// ID names a look within its district.
type ID string

// Look is that somebody saw masked fields of a report.
type Look struct {
	ID      ID
	Report  string
	Case    casework.ID
	At      time.Time
	Person  string
	Post    string
	Unit    string
	Role    procedure.Role
	Purpose string
	Fields  []string
	Kind    Kind
	Reason  string
	// Own says that the case had a task for the post, or that the post had
	// taken the report down.
	Own bool
}

const lookColumns = "l.id, l.report_id, l.case_id, l.at, l.person, l.post, l.unit, l.role, l.purpose, l.fields, l.kind, l.reason, l.own"

func (l *Look) dest() []any {
	return []any{&l.ID, &l.Report, &l.Case, db.Time(&l.At), &l.Person, &l.Post, &l.Unit, &l.Role, &l.Purpose, words[string]{&l.Fields}, &l.Kind, &l.Reason, &l.Own}
}

func (l *Look) insert(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `insert into looks (district, id, report_id, case_id, at, person, post, unit, role, purpose, fields, kind, reason, own)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		district, string(l.ID), l.Report, string(l.Case), db.At(l.At), l.Person, l.Post, l.Unit, string(l.Role), l.Purpose, list(l.Fields), string(l.Kind), l.Reason, l.Own)
}

// ByID returns a look; errs.NotFound where the district has none of that id.
func ByID(ctx context.Context, r db.Reader, district string, id ID) (l Look, err error) {
	defer errs.Wrap(&err, "look.ByID(%s)", id)
	return db.One(ctx, r, (*Look).dest, "select "+lookColumns+" from looks l where l.district = $1 and l.id = $2", district, string(id))
}

// OfReports lists the looks at reports, oldest first, those that are held back
// among them: it is for auditors and for [Ledger], which leaves them out.
func OfReports(ctx context.Context, r db.Reader, district string, reports ...string) (all []Look, err error) {
	defer errs.Wrap(&err, "look.OfReports(%d)", len(reports))
	from, arg, err := db.FromList(r.Engine(), "$2", reports)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, (*Look).dest, "select "+lookColumns+" from "+from+" looks l on l.district = $1 and l.report_id = j.value order by l.at, l.id", district, arg)
}

// glance is what the rules of unusual reading know of an earlier look.
type glance struct {
	at  time.Time
	of  casework.ID
	own bool
}

// since lists what somebody has looked at since an instant, newest first.
func since(ctx context.Context, r db.Reader, district, person string, from time.Time) ([]glance, error) {
	return db.All(ctx, r, func(g *glance) []any { return []any{db.Time(&g.at), &g.of, &g.own} },
		"select at, case_id, own from looks where district = $1 and person = $2 and at > $3 order by at desc", district, person, db.At(from))
}

// timesAt counts how often somebody has looked at any of some reports since an instant.
func timesAt(ctx context.Context, r db.Reader, district, person string, reports []string, from time.Time) (int, error) {
	list, arg, err := db.FromList(r.Engine(), "$2", reports)
	if err != nil {
		return 0, err
	}
	return db.Value[int](ctx, r, "select count(*) from "+list+" looks l on l.district = $1 and l.report_id = j.value where l.person = $3 and l.at > $4",
		district, arg, person, db.At(from))
}

// Day is how much somebody looked on a day.
type Day struct {
	Person  string
	Day     clock.Date
	Looks   int
	Signs   []Sign
	AlarmAt time.Time
}

const dayColumns = "y.person, y.day, y.looks, y.signs, y.alarm_at"

func (y *Day) dest() []any {
	return []any{&y.Person, &y.Day, &y.Looks, words[Sign]{&y.Signs}, db.Time(&y.AlarmAt)}
}

// count adds a look to somebody's day. The row is the turnstile: whoever looks
// twice at once waits here for the first to be written, so that no limit is
// passed by two halves of one instant.
func count(ctx context.Context, tx *db.Tx, district, person string, day clock.Date) (Day, error) {
	_, err := tx.Change(ctx, `insert into look_days (district, person, day, looks, signs, alarm_at) values ($1, $2, $3, 1, '', 0)
		on conflict (district, person, day) do update set looks = look_days.looks + 1`, district, person, string(day))
	if err != nil {
		return Day{}, err
	}
	return db.One(ctx, tx, (*Day).dest, "select "+dayColumns+" from look_days y where y.district = $1 and y.person = $2 and y.day = $3", district, person, string(day))
}

func (y *Day) save(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, "update look_days set signs = $4, alarm_at = $5 where district = $1 and person = $2 and day = $3",
		district, y.Person, string(y.Day), list(y.Signs), db.At(y.AlarmAt))
}

// words scans a column that holds several.
type words[T ~string] struct{ to *[]T }

// Scan takes the text of the column.
func (w words[T]) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*w.to = split[T](v)
	case []byte:
		*w.to = split[T](string(v))
	default:
		return fmt.Errorf("words are text, not %T", v)
	}
	return nil
}
