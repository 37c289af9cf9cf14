package retain

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/trail"
)

// Job removes what is past its time, every night.
const Job = "retain"

// nightAt is when in a district's night: before the books of the night close.
const nightAt = 2 * time.Hour

// place is how far a night has come.
type place struct {
	Sweep string `json:"sweep"` // rule and table; empty at the beginning
	After string `json:"after"` // the last id that was looked at
}

func (s *Sweep) name() string { return s.Rule + "/" + s.What }

// Schedule asks for the next night's job.
func Schedule(ctx context.Context, tx *db.Tx, d *district.District) error {
	zone := d.Calendar.Zone()
	at := clock.DateOf(tx.Now, zone).Start(zone).Add(nightAt)
	if !at.After(tx.Now) {
		at = clock.DateOf(tx.Now, zone).Add(1).Start(zone).Add(nightAt)
	}
	return job.Add(ctx, tx, d.Code, Job, Job, place{}, at)
}

// Prepare reads the next batch of Job, and returns what to write: the batch, and
// the job for what comes after it.
func Prepare(ctx context.Context, r db.Reader, d *district.District, now time.Time, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "retain.Prepare(%s)", d.Code)
	var at place
	if err := json.Unmarshal(j.Args, &at); err != nil {
		return nil, err
	}
	all := sweeps()
	first := max(0, slices.IndexFunc(all, func(s Sweep) bool { return s.name() == at.Sweep }))
	for i := range all[first:] {
		s := &all[first+i]
		after := ""
		if s.name() == at.Sweep {
			after = at.After
		}
		b, err := s.next(ctx, r, d, now, after)
		if err != nil {
			return nil, err
		}
		if b != nil {
			return b.write, nil
		}
	}
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		if err := AskReseal(ctx, tx, d.Code); err != nil { // what was sealed with an old key while it was changed
			return err
		}
		return Schedule(ctx, tx, d)
	}, nil
}

// taken is one batch that a sweep will take away.
type taken struct {
	*Sweep
	d       *district.District
	before  time.Time
	span    string
	version string
	things  []past
	last    string
}

// next finds the next batch after an id; nil when the sweep is through. What a
// hold keeps is passed over.
func (s *Sweep) next(ctx context.Context, r db.Reader, d *district.District, now time.Time, after string) (*taken, error) {
	keep, before, ok := s.cut(d, now)
	if !ok {
		return nil, nil
	}
	kept, err := standing(ctx, r, d.Code, now)
	if err != nil {
		return nil, err
	}
	version, err := catalogue.RulebookVersion(ctx, r, d.Code, "privacy")
	if err != nil {
		return nil, err
	}
	for {
		page, err := s.page(ctx, r, d, before, after)
		if err != nil || len(page) == 0 {
			return nil, err
		}
		after = page[len(page)-1].id
		page = slices.DeleteFunc(page, func(p past) bool { return kept.of(p) != "" })
		if len(page) > 0 {
			return &taken{Sweep: s, d: d, before: before, span: strings.TrimSpace(strconv.Itoa(keep.For.N) + " " + string(keep.For.Unit)), version: version, things: page, last: after}, nil
		}
	}
}

// write takes the batch away, puts down that it went, and asks for the next. A
// hold that was put since the batch was read still keeps what it names.
func (b *taken) write(ctx context.Context, tx *db.Tx, _ job.Job) error {
	kept, err := standing(ctx, tx, b.d.Code, tx.Now)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range b.things {
		if kept.of(p) == "" {
			ids = append(ids, p.id)
		}
	}
	if len(ids) > 0 {
		if err := b.forget(ctx, tx, b.d.Code, ids); err != nil {
			return err
		}
		if err := b.record(ctx, tx, ids); err != nil {
			return err
		}
	}
	return job.Add(ctx, tx, b.d.Code, Job, Job, place{b.name(), b.last}, tx.Now)
}

// record puts down what went, in the table and in the trail.
func (b *taken) record(ctx context.Context, tx *db.Tx, ids []string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	names := strings.Join(ids, ",")
	if b.nameless {
		names = ""
	}
	err = tx.Exec(ctx, `insert into removals (district, id, at, rule, version, span, before_at, what, many, ids) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		b.d.Code, id.String(), db.At(tx.Now), b.Rule, b.version, b.span, db.At(b.before), b.What, len(ids), names)
	if err != nil {
		return err
	}
	return trail.Note(ctx, tx, b.d.Code, trail.Privacy, "retention", trail.Entry{Act: "removed", Detail: map[string]string{
		"rule": b.Rule, "version": b.version, "span": b.span, "what": b.What, "many": strconv.Itoa(len(ids)), "removal": id.String()}})
}
