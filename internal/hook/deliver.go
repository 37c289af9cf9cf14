package hook

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// SequenceJob writes deliveries for what is new in the feed.
const SequenceJob = "hook-sequence"

// sequenceMost is how many places of the feed, and about how many events, one
// transaction goes on: those who write meanwhile wait for it.
const sequenceMost = 500

// Standing is what became of a delivery.
type Standing string

// The standings of a delivery.
const (
	Queued Standing = "queued"
	Sent   Standing = "sent"
	Failed Standing = "failed" // it will be tried again
	Parked Standing = "parked" // it was given up; it can be sent by hand
)

// Standings are all of them, in reading order.
func Standings() []Standing { return []Standing{Queued, Sent, Failed, Parked} }

// Title names a standing for people.
func (s Standing) Title() lang.Text {
	switch s {
	case Queued:
		return lang.T("等着推", "waiting")
	case Sent:
		return lang.T("推到了", "sent")
	case Failed:
		return lang.T("没推到，会再试", "failed, will be tried again")
	}
	return lang.T("停下了，可手工重推", "given up; can be sent by hand")
}

// Delivery is one event on its way to one hook.
type Delivery struct {
	Event    string // its id, which is the webhook-id
	Place    int64  // in the feed; 0 for a ping
	Kind     feed.Kind
	Subject  string
	State    Standing
	Attempts int
	Next     time.Time // when it is tried next; zero for never
	Status   int       // of the last answer; 0 for none
	Why      Why       // of the last failure
	Queued   time.Time
	Tried    time.Time
}

const deliveryColumns = "event, place, kind, subject, state, attempts, next_at, status, why, queued_at, tried_at"

func (d *Delivery) dest() []any {
	return []any{&d.Event, &d.Place, &d.Kind, &d.Subject, &d.State, &d.Attempts, db.Time(&d.Next), &d.Status, &d.Why, db.Time(&d.Queued), db.Time(&d.Tried)}
}

// Deliveries lists what was sent to a hook and what is to be, the newest first,
// of one standing or of all; before is "" for the first page.
func Deliveries(ctx context.Context, r db.Reader, district, hook string, only Standing, before string, most int) (all []Delivery, next string, err error) {
	defer errs.Wrap(&err, "hook.Deliveries(%s, %s)", district, hook)
	sql := "select " + deliveryColumns + " from deliveries where district = $1 and hook = $2"
	args := []any{district, hook, most + 1}
	if only != "" {
		args = append(args, string(only))
		sql += " and state = $4"
	}
	if before != "" {
		at, event, err := parseBefore(before)
		if err != nil {
			return nil, "", err
		}
		n := len(args)
		args = append(args, at, event)
		sql += " and (queued_at, event) < (" + mark(n+1) + ", " + mark(n+2) + ")"
	}
	all, err = db.All(ctx, r, (*Delivery).dest, sql+" order by queued_at desc, event desc limit $3", args...)
	if err != nil || len(all) <= most {
		return all, "", err
	}
	all = all[:most]
	return all, all[most-1].before(), nil
}

// Tally is how many deliveries of each hook stand how.
func Tally(ctx context.Context, r db.Reader, district string) (counts map[string]map[Standing]int, err error) {
	defer errs.Wrap(&err, "hook.Tally(%s)", district)
	counts = map[string]map[Standing]int{}
	return counts, db.Scan(ctx, r, func(rows db.Rows) error {
		var hook string
		var s Standing
		var n int
		err := rows.Scan(&hook, &s, &n)
		if counts[hook] == nil {
			counts[hook] = map[Standing]int{}
		}
		counts[hook][s] = n
		return err
	}, "select hook, state, count(*) from deliveries where district = $1 group by hook, state", district)
}

// Wake asks for the feed to be read where a hook has not come to its end. The
// job that takes entries into the log calls it each time, so that a call that
// went by another is made good by the next.
func Wake(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "hook.Wake(%s)", district)
	size, err := trail.Size(ctx, tx, district)
	if err != nil {
		return err
	}
	// A database brought back from a backup has a shorter log: what comes now is new.
	if err := tx.Exec(ctx, "update hooks set place = $2 where district = $1 and place > $2", district, size); err != nil {
		return err
	}
	n, err := db.Value[int](ctx, tx, "select count(*) from hooks where district = $1 and state = 'on' and place < $2", district, size)
	if err != nil || n == 0 {
		return err
	}
	return job.Add(ctx, tx, district, SequenceJob, SequenceJob, nil, tx.Now)
}

// PrepareSequence is the job.Preparer of SequenceJob: it reads the feed from the
// hook that is furthest behind, and writes what each hook has to hear.
func PrepareSequence(ctx context.Context, r db.Reader, d *district.District, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "hook.PrepareSequence(%s)", d.Code)
	hooks, err := db.All(ctx, r, (*Hook).dest, "select "+columns+" from hooks where district = $1 and state = 'on' order by place", d.Code)
	if err != nil {
		return nil, err
	}
	size, err := trail.Size(ctx, r, d.Code)
	if err != nil {
		return nil, err
	}
	if len(hooks) == 0 || hooks[0].Place >= size {
		return func(context.Context, *db.Tx, job.Job) error { return nil }, nil
	}
	from := hooks[0].Place
	until := min(size, from+sequenceMost)
	events, err := feed.Span(ctx, r, d, from, until)
	if err != nil {
		return nil, err
	}
	events, until = bounded(events, until)
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		for _, h := range hooks {
			if h.Place >= until {
				break
			}
			if err := h.queue(ctx, tx, d.Code, events, until); err != nil {
				return err
			}
		}
		return Wake(ctx, tx, d.Code)
	}, nil
}

// bounded leaves for the next time what one transaction is not to write: a place
// of an import makes many events. The first place always goes whole.
func bounded(events []feed.Event, until int64) ([]feed.Event, int64) {
	for i := sequenceMost; i < len(events); i++ {
		if events[i].Place != events[i-1].Place {
			return events[:i], events[i].Place - 1
		}
	}
	return events, until
}

// queue writes what a hook has to hear of some events, and how far it has come.
// One that was changed meanwhile is left for the next time.
//
// The job is asked for before the hook's row is changed, and the job that ends
// changes the row before it looks whether more waits: so one of the two sees the
// other.
func (h Hook) queue(ctx context.Context, tx *db.Tx, district string, events []feed.Event, until int64) error {
	var mine []feed.Event
	for _, e := range events {
		if e.Place > h.Place && h.Filter().Passes(e) {
			mine = append(mine, e)
		}
	}
	if len(mine) > 0 {
		if err := job.Add(ctx, tx, district, SendJob, h.ID, nil, tx.Now); err != nil {
			return err
		}
	}
	n, err := tx.Change(ctx, "update hooks set place = $3 where district = $1 and id = $2 and place = $4 and state = 'on'", district, h.ID, until, h.Place)
	if err != nil || n == 0 {
		return err
	}
	for _, e := range mine {
		if err := h.insert(ctx, tx, district, e); err != nil {
			return err
		}
	}
	return nil
}

// insert writes a delivery. An event that is replayed takes the place of itself.
func (h Hook) insert(ctx context.Context, tx *db.Tx, district string, e feed.Event) error {
	return tx.Exec(ctx, `insert into deliveries (district, hook, event, place, kind, subject, state, attempts, next_at, status, why, queued_at, tried_at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13) on conflict (district, hook, event) do update
		set state = excluded.state, attempts = 0, next_at = excluded.next_at, queued_at = excluded.queued_at`,
		district, h.ID, e.ID, e.Place, string(e.Kind), e.Subject, string(Queued), 0, db.At(tx.Now), 0, "", db.At(tx.Now), int64(0))
}

// Try sends a hook a ping, which says only that it came.
func Try(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.Try(%s, %s)", district, id)
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if h.State != On {
		return errs.New(errs.Conflict, "它停着，先恢复再试。", "It is paused; resume it first.")
	}
	ping, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "update hooks set failures = 0, rests = 0 where district = $1 and id = $2", district, id); err != nil {
		return err
	}
	if err := h.insert(ctx, tx, district, feed.NewPing(district, pingPrefix+ping.String(), tx.Now)); err != nil {
		return err
	}
	if err := sendSoon(ctx, tx, district, id); err != nil {
		return err
	}
	return h.note(ctx, tx, district, "hook-tried", by)
}

const pingPrefix = "ping-"

// keepSent is how long it is known what was sent.
const keepSent = 30 * 24 * time.Hour

// Sweep forgets what was sent, or given up, a month ago.
func Sweep(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "hook.Sweep(%s)", district)
	return tx.Exec(ctx, "delete from deliveries where district = $1 and queued_at < $2 and state in ('sent', 'parked')", district, db.At(tx.Now.Add(-keepSent)))
}

// isPing reports whether a delivery is of no change.
func (d Delivery) isPing() bool { return strings.HasPrefix(d.Event, pingPrefix) }
