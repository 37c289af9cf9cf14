package peer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/job"
)

// RoundJob is a round of talk with one peer.
const RoundJob = "peer-round"

// The bounds of one round. What is left over comes in the next.
const (
	roundTime = 25 * time.Second // the job has thirty
	sendMost  = 50
	askMost   = 500
	askOnce   = 50
	askAlone  = 20
)

// round is one talk with one peer.
type round struct {
	*Book
	d      *district.District
	p      Peer
	client georeport.Client
	until  time.Time // requests made before this have been fetched
	came   int
	went   int
	faults []error
}

// Round is the outside job RoundJob. Each step writes what came of it as it goes,
// so that a round that is cut off has lost nothing; what failed is written down
// at the end, and never keeps the next round from coming.
func (b *Book) Round(ctx context.Context, r db.Reader, j job.Job) (_ job.Handler, err error) {
	defer errs.Wrap(&err, "peer.Round(%s)", j.Key)
	id, _, _ := strings.Cut(j.Key, "/")
	p, err := Find(ctx, r, j.District, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && !p.Runs {
		return func(context.Context, *db.Tx, job.Job) error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	t := &round{Book: b, p: p, until: p.FetchedTo}
	if t.d, err = b.Districts.Get(ctx, j.District); err != nil {
		return nil, err
	}
	if t.client, err = b.client(j.District, p); err != nil {
		return nil, err
	}
	t.talk(ctx)
	return t.write, nil
}

// talk does the steps in the order in which they matter most to somebody who
// waits.
func (t *round) talk(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	for _, step := range []func(context.Context) error{t.settle, t.send, t.fetch, t.refresh} {
		if err := step(ctx); err != nil {
			t.faults = append(t.faults, err)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// write notes how the round went, and asks for the next.
func (t *round) write(ctx context.Context, tx *db.Tx, _ job.Job) error {
	err := tx.Exec(ctx, "update peers set fetched_to = $3, round_at = $4, came = $5, went = $6, why = $7 where district = $1 and id = $2",
		t.d.Code, t.p.ID, db.At(t.until), db.At(tx.Now), t.came, t.went, said(errors.Join(t.faults...)))
	if err != nil {
		return err
	}
	return t.p.ask(ctx, tx, t.d.Code, tx.Now.Add(t.p.Every))
}

// said is a failure as the administrator reads it, cut short. It holds no key:
// package georeport keeps addresses out of its errors.
func said(err error) string {
	if err == nil {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, err.Error())
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + "…"
	}
	return text
}

// refused reports whether the peer has said no for good: it read the request and
// will not take it. Too many and try later are no such answer.
func refused(err error) bool {
	var r *georeport.Refused
	return errs.KindOf(err) == errs.NotFound || errors.As(err, &r) && r.Status/100 == 4 && r.Status != 429 && r.Status != 408
}

// wrap names the step that failed.
func wrap(step string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", step, err)
}
