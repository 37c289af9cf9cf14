package supervise

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/trail"
)

const meetingColumns = `m.id, m.year, m.serial, m.title, m.place, m.starts_at, m.chair, m.units, m.state, m.minutes, m.reason, m.planned_at, m.held_at,
	m.closed_at, m.revision`

func (m *Meeting) dest() []any {
	return []any{
		&m.ID, &m.Year, &m.Serial, &m.Title, &m.Place, db.Time(&m.StartsAt), &m.Chair, (*unitList)(&m.Units), &m.State, &m.Minutes, &m.Reason,
		db.Time(&m.PlannedAt), db.Time(&m.HeldAt), db.Time(&m.ClosedAt), &m.Revision,
	}
}

const itemColumns = `i.id, i.meeting, i.seq, i.case_id, i.number, i.matter, i.why, i.question, i.state, i.decision, i.unit, i.co, i.settled, i.limit_text,
	i.near_at, i.due, i.decided_at, i.done_at, i.done_by, i.done_post, i.done_text, i.reason`

func (i *MeetingItem) dest() []any {
	return []any{
		&i.ID, &i.Meeting, &i.Seq, &i.Case, &i.Number, &i.Matter, &i.Why, &i.Question, &i.State, &i.Decision, &i.Unit, (*unitList)(&i.Co), &i.Settled,
		&i.Limit, db.Time(&i.NearAt), db.Time(&i.Due), db.Time(&i.DecidedAt), db.Time(&i.DoneAt), &i.DoneBy, &i.DonePost, &i.DoneText, &i.Reason,
	}
}

// unitList is a column of unit codes between commas; no code holds one.
type unitList []string

// Scan reads the column.
func (l *unitList) Scan(v any) error {
	var s string
	switch text := v.(type) {
	case string:
		s = text
	case []byte:
		s = string(text)
	default:
		return fmt.Errorf("a text column holds %T", v)
	}
	*l = nil
	if s != "" {
		*l = strings.Split(s, ",")
	}
	return nil
}

// MeetingByID returns a meeting; errs.NotFound where the district has none of
// that id.
func MeetingByID(ctx context.Context, r db.Reader, district string, id MeetingID) (m Meeting, err error) {
	defer errs.Wrap(&err, "supervise.MeetingByID(%s, %s)", district, id)
	return db.One(ctx, r, (*Meeting).dest, "select "+meetingColumns+" from meetings m where m.district = $1 and m.id = $2", district, id)
}

// Meetings lists meetings, the latest first. Units bound them to those that
// were called or have a point of the agenda; nil is every meeting.
func Meetings(ctx context.Context, r db.Reader, district string, units []string, most int) (all []Meeting, err error) {
	defer errs.Wrap(&err, "supervise.Meetings(%s)", district)
	args, bound := []any{district}, ""
	if units != nil {
		any := []string{"false"}
		for _, unit := range units {
			args = append(args, unit, "%,"+unit+",%")
			n := len(args)
			any = append(any, fmt.Sprintf("',' || m.units || ',' like $%d", n), fmt.Sprintf(`exists (select 1 from meeting_items i where i.district = $1
				and i.meeting = m.id and (i.unit = $%d or ',' || i.co || ',' like $%d))`, n-1, n))
		}
		bound = " and (" + strings.Join(any, " or ") + ")"
	}
	return db.All(ctx, r, (*Meeting).dest, fmt.Sprintf("select %s from meetings m where m.district = $1%s order by m.starts_at desc, m.id desc limit %d",
		meetingColumns, bound, most), args...)
}

// NextMeeting is the first that is being held or still to come, if any. A
// planned one stays next until it is held or called off, however late.
func NextMeeting(ctx context.Context, r db.Reader, district string) (m Meeting, ok bool, err error) {
	defer errs.Wrap(&err, "supervise.NextMeeting(%s)", district)
	all, err := db.All(ctx, r, (*Meeting).dest, "select "+meetingColumns+` from meetings m where m.district = $1 and m.state in ('planned', 'held')
		order by m.starts_at, m.id limit 1`, district)
	if err != nil || len(all) == 0 {
		return Meeting{}, false, err
	}
	return all[0], true, nil
}

// Items are the points of a meeting in their order.
func Items(ctx context.Context, r db.Reader, district string, id MeetingID) (all []MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.Items(%s, %s)", district, id)
	return db.All(ctx, r, (*MeetingItem).dest, "select "+itemColumns+" from meeting_items i where i.district = $1 and i.meeting = $2 order by i.seq", district, id)
}

// ItemsOf are the points about a case, over all meetings, the latest last.
func ItemsOf(ctx context.Context, r db.Reader, district string, id casework.ID) (all []MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.ItemsOf(%s, %s)", district, id)
	return db.All(ctx, r, (*MeetingItem).dest, "select "+itemColumns+" from meeting_items i where i.district = $1 and i.case_id = $2 and i.case_id <> '' order by i.id",
		district, string(id))
}

// ToCarryOut are the decisions that some units have to carry out, the most
// urgent first; nil is every unit.
func ToCarryOut(ctx context.Context, r db.Reader, district string, units []string, most int) (all []MeetingItem, err error) {
	defer errs.Wrap(&err, "supervise.ToCarryOut(%s)", district)
	args, bound := ofUnits(district, units)
	return db.All(ctx, r, (*MeetingItem).dest, fmt.Sprintf("select %s from meeting_items i where i.district = $1 and i.state = 'decided'%s order by i.due, i.id limit %d",
		itemColumns, bound, most), args...)
}

// CountToCarryOut counts what ToCarryOut lists, and of those the late ones.
func CountToCarryOut(ctx context.Context, r db.Reader, district string, units []string, now time.Time) (n, late int, err error) {
	defer errs.Wrap(&err, "supervise.CountToCarryOut(%s)", district)
	args, bound := ofUnits(district, units)
	args = append(args, db.At(now))
	count, err := db.One(ctx, r, func(c *[2]int) []any { return []any{&c[0], &c[1]} }, fmt.Sprintf(`select count(*), coalesce(sum(case when i.due < $%d then 1 else 0 end), 0)
		from meeting_items i where i.district = $1 and i.state = 'decided'%s`, len(args), bound), args...)
	return count[0], count[1], err
}

func ofUnits(district string, units []string) (args []any, bound string) {
	args = []any{district}
	if units == nil {
		return args, ""
	}
	marks := []string{"''"} // no decision to carry out is nobody's
	for _, unit := range units {
		args = append(args, unit)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	return args, " and i.unit in (" + strings.Join(marks, ", ") + ")"
}

// itemOf finds a point of a meeting.
func itemOf(ctx context.Context, r db.Reader, district string, id MeetingID, item string) (MeetingItem, error) {
	all, err := Items(ctx, r, district, id)
	if err != nil {
		return MeetingItem{}, err
	}
	at := slices.IndexFunc(all, func(i MeetingItem) bool { return i.ID == item })
	if at < 0 {
		return MeetingItem{}, errs.New(errs.NotFound, "这次会没有这一条。", "This meeting has no such point.")
	}
	return all[at], nil
}

// save stores a meeting that was read at its revision.
func (m *Meeting) save(ctx context.Context, tx *db.Tx, district string) error {
	n, err := tx.Change(ctx, `update meetings set title = $4, place = $5, starts_at = $6, chair = $7, units = $8, state = $9, minutes = $10, reason = $11,
		held_at = $12, closed_at = $13, revision = revision + 1 where district = $1 and id = $2 and revision = $3`,
		district, string(m.ID), m.Revision, m.Title, m.Place, db.At(m.StartsAt), m.Chair, strings.Join(m.Units, ","), string(m.State), m.Minutes, m.Reason,
		db.At(m.HeldAt), db.At(m.ClosedAt))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "没办成：这次会刚被别人改过，请再看看。", "Not done: somebody has just changed this meeting. Please look again.")
	}
	m.Revision++
	return nil
}

func (m *Meeting) insert(ctx context.Context, tx *db.Tx, district string) error {
	last, err := db.Value[int](ctx, tx, "select coalesce(max(serial), 0) from meetings where district = $1 and year = $2", district, m.Year)
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	m.ID, m.Serial, m.Revision = MeetingID(id.String()), last+1, 1
	return tx.Exec(ctx, `insert into meetings (district, id, year, serial, title, place, starts_at, chair, units, state, minutes, reason, planned_at, held_at,
		closed_at, revision) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		district, string(m.ID), m.Year, m.Serial, m.Title, m.Place, db.At(m.StartsAt), m.Chair, strings.Join(m.Units, ","), string(m.State), m.Minutes,
		m.Reason, db.At(m.PlannedAt), int64(0), int64(0), m.Revision)
}

func (i *MeetingItem) insert(ctx context.Context, tx *db.Tx, district string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	i.ID, i.State = id.String(), ItemOpen
	return tx.Exec(ctx, `insert into meeting_items (district, id, meeting, seq, case_id, number, matter, why, question, state, decision, unit, co, settled,
		limit_text, near_at, due, decided_at, done_at, done_by, done_post, done_text, reason)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'','','','','',$11,$11,0,0,'','','','')`,
		district, i.ID, string(i.Meeting), i.Seq, string(i.Case), i.Number, i.Matter, string(i.Why), i.Question, string(i.State), db.Due(time.Time{}))
}

// save stores a point that was read in the state from.
func (i *MeetingItem) save(ctx context.Context, tx *db.Tx, district string, from ItemState) error {
	n, err := tx.Change(ctx, `update meeting_items set state = $4, decision = $5, unit = $6, co = $7, settled = $8, limit_text = $9, near_at = $10, due = $11,
		decided_at = $12, done_at = $13, done_by = $14, done_post = $15, done_text = $16, reason = $17 where district = $1 and id = $2 and state = $3`,
		district, i.ID, string(from), string(i.State), i.Decision, i.Unit, strings.Join(i.Co, ","), string(i.Settled), i.Limit, db.Due(i.NearAt), db.Due(i.Due),
		db.At(i.DecidedAt), db.At(i.DoneAt), i.DoneBy, i.DonePost, i.DoneText, i.Reason)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "没办成：这一条刚被别人动过，请再看看。", "Not done: somebody has just changed this point. Please look again.")
	}
	return err
}

// subject is whose trail holds what was done to a meeting.
func (m Meeting) subject() string { return "meeting:" + string(m.ID) }

// MeetingTrail is what was done to a meeting, oldest first.
func MeetingTrail(ctx context.Context, r db.Reader, district string, id MeetingID) ([]trail.Entry, error) {
	return trail.Of(ctx, r, district, Meeting{ID: id}.subject())
}

// noted writes what was done into a trail of this package.
func noted(ctx context.Context, tx *db.Tx, a casework.Acting, subject, act string, detail map[string]string) error {
	head, err := trail.HeadOf(ctx, tx, a.District.Code, subject)
	if err != nil {
		return err
	}
	for name, value := range detail {
		if value == "" {
			delete(detail, name)
		}
	}
	_, err = trail.Add(ctx, tx, a.District.Code, subject, head, trail.Entry{Person: a.By.Person, Post: a.By.Post, Unit: a.By.Unit, Act: act, Detail: detail})
	return err
}

// until counts a limit from an instant on the calendar of the unit that has to
// keep it.
func until(d *district.District, unit string, from time.Time, l clock.Limit) (near, due time.Time) {
	r := d.CalendarOf(unit).Reckon(clock.Count{Start: from, Limit: l})
	return r.Near, r.Due
}
