package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/job"
)

// SendJob posts what waits for a hook, which is its key.
const SendJob = "hook-send"

// Bounds of one job: how many deliveries, until when another is begun, and how
// long one target may take.
const (
	sendMost = 50
	sendFor  = 8 * time.Second
	sendEach = 15 * time.Second
)

// again is how soon a hook is looked at again where only what failed waits: what
// comes new meanwhile goes with it.
const againEvery = 15 * time.Second

// answerMost is how much of an answer is read, to use the connection again.
const answerMost = 4 << 10

// Send is the job.Preparer of SendJob, run outside.
func (b *Book) Send(ctx context.Context, r db.Reader, j job.Job) (handle job.Handler, err error) {
	defer errs.Wrap(&err, "hook.Send(%s, %s)", j.District, j.Key)
	nothing := func(context.Context, *db.Tx, job.Job) error { return nil }
	h, err := ByID(ctx, r, j.District, j.Key)
	if errors.Is(err, errs.NotFound) {
		return nothing, nil // it was ended
	}
	if err != nil {
		return nil, err
	}
	now := b.DB.Now()
	if h.State != On {
		return nothing, nil
	}
	if h.Rests.After(now) { // woken by what came new
		return func(ctx context.Context, tx *db.Tx, j job.Job) error {
			return job.Add(ctx, tx, j.District, SendJob, j.Key, nil, h.Rests)
		}, nil
	}
	waiting, err := waits(ctx, r, j.District, h.ID, now)
	if err != nil {
		return nil, err
	}
	came, err := b.sendAll(ctx, r, j.District, h, waiting)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx, j job.Job) error {
		return b.settle(ctx, tx, j.District, h.ID, waiting, came)
	}, nil
}

// waits are the deliveries that are due: what was never tried before what failed,
// else in the order of the feed.
func waits(ctx context.Context, r db.Reader, district, hook string, now time.Time) ([]Delivery, error) {
	return db.All(ctx, r, (*Delivery).dest, "select "+deliveryColumns+` from deliveries where district = $1 and hook = $2
		and state in ('queued', 'failed') and next_at <= $3 order by attempts, place, event limit $4`, district, hook, db.At(now), sendMost)
}

// sendAll posts deliveries one after the other, until time is up or one fails: a
// target that does not take this one is left alone for a while.
func (b *Book) sendAll(ctx context.Context, r db.Reader, code string, h Hook, all []Delivery) (came []outcome, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	d, err := b.Get(ctx, code)
	if err != nil {
		return nil, err
	}
	to, err := b.target(code, h)
	if err != nil {
		return nil, err
	}
	enough, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	for _, one := range all {
		e, found, err := eventOf(ctx, r, d, one)
		if err != nil {
			return nil, err
		}
		o := outcome{event: one.Event, why: Missing}
		if found {
			o, err = b.post(ctx, to, e)
		}
		if err != nil {
			return nil, err
		}
		if came = append(came, o); o.why != "" && o.why != Missing || enough.Err() != nil {
			break
		}
	}
	return came, nil
}

// eventOf makes the event of a delivery again: nothing of it is kept beside the
// trail. A case that became secret since is told of no more.
func eventOf(ctx context.Context, r db.Reader, d *district.District, one Delivery) (feed.Event, bool, error) {
	if one.isPing() {
		return feed.NewPing(d.Code, one.Event, one.Queued), true, nil
	}
	events, err := feed.Span(ctx, r, d, one.Place-1, one.Place)
	i := slices.IndexFunc(events, func(e feed.Event) bool { return e.ID == one.Event })
	if err != nil || i < 0 {
		return feed.Event{}, false, err
	}
	return events[i], true, nil
}

// target is where a hook's events go and what signs them.
type target struct {
	url     string
	secrets []string
}

func (b *Book) target(district string, h Hook) (t target, err error) {
	if t.url, err = b.Address(district, h); err != nil {
		return t, err
	}
	sealed := []string{h.secret}
	if h.former != "" && h.formerUntil.After(b.DB.Now()) {
		sealed = append(sealed, h.former)
	}
	for _, s := range sealed {
		secret, err := b.Vault.Reveal(district, SecretField, s)
		if err != nil {
			return t, err
		}
		t.secrets = append(t.secrets, secret)
	}
	return t, nil
}

// post sends one event. What the target does wrong is an outcome; the error is
// our own.
func (b *Book) post(ctx context.Context, to target, e feed.Event) (o outcome, err error) {
	body, err := json.Marshal(e)
	if err != nil {
		return o, err
	}
	now := b.DB.Now()
	signature, err := Sign(e.ID, now, body, to.secrets...)
	if err != nil {
		return o, err
	}
	bounded, cancel := context.WithTimeout(ctx, sendEach)
	defer cancel()
	r, err := http.NewRequestWithContext(bounded, http.MethodPost, to.url, bytes.NewReader(body))
	if err != nil {
		return outcome{event: e.ID, why: NoAnswer}, nil
	}
	r.Header.Set("Content-Type", feed.ContentType)
	r.Header.Set("User-Agent", "linli")
	r.Header.Set("Webhook-Id", e.ID)
	r.Header.Set("Webhook-Timestamp", stamp(now))
	r.Header.Set("Webhook-Signature", signature)
	answer, err := b.Client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return o, ctx.Err() // the program ends, or the job's own time is up
		}
		return outcome{event: e.ID, why: whyOf(err)}, nil
	}
	defer answer.Body.Close()
	if answer.ContentLength >= 0 && answer.ContentLength <= answerMost {
		_, _ = io.Copy(io.Discard, answer.Body) // what it said counts, whether or not it was said to the end
	}
	return outcomeOf(e.ID, answer), nil
}

// settle writes what came of deliveries, and asks for the rest.
func (b *Book) settle(ctx context.Context, tx *db.Tx, district, id string, waiting []Delivery, came []outcome) error {
	h, err := ByID(ctx, tx, district, id)
	if errors.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	byEvent := make(map[string]Delivery, len(waiting))
	for _, one := range waiting {
		byEvent[one.Event] = one
	}
	for _, o := range came {
		if err := h.settle(ctx, tx, district, byEvent[o.event], o); err != nil {
			return err
		}
	}
	n, err := tx.Change(ctx, "update hooks set failures = $3, rests = $4 where district = $1 and id = $2", district, id, h.Failures, db.At(h.Rests))
	if err != nil || n == 0 {
		return err
	}
	if h.State == Gone {
		return tx.Exec(ctx, "update hooks set state = 'gone' where district = $1 and id = $2 and state = 'on'", district, id)
	}
	if h.Failures > 0 {
		if err := h.giveUp(ctx, tx, district); err != nil {
			return err
		}
	}
	return h.rest(ctx, tx, district, len(came) < len(waiting) || len(waiting) == sendMost)
}

// settle writes what came of one delivery, and what it means for the hook. One
// that was asked to be sent again meanwhile is left waiting.
func (h *Hook) settle(ctx context.Context, tx *db.Tx, district string, d Delivery, o outcome) error {
	state, next := Sent, time.Time{}
	switch {
	case o.why == Missing:
		state = Parked
	case o.why != "":
		h.Failures++
		wait := max(pause(d.Attempts+1), o.after)
		state, next = Failed, tx.Now.Add(wait)
		h.Rests = tx.Now.Add(max(pause(h.Failures), o.after))
		if next.After(d.Queued.Add(tryFor)) {
			state, next = Parked, time.Time{}
		}
		if o.why == Over && h.State == On {
			h.State, h.Rests = Gone, time.Time{}
		}
	default:
		h.Failures, h.Rests = 0, time.Time{}
	}
	return tx.Exec(ctx, `update deliveries set state = $4, attempts = attempts + 1, next_at = $5, status = $6, why = $7, tried_at = $8
		where district = $1 and hook = $2 and event = $3 and queued_at = $9`,
		district, h.ID, d.Event, string(state), db.Due(next), o.status, string(o.why), db.At(tx.Now), db.At(d.Queued))
}

// giveUp parks what has waited too long for a hook that fails.
func (h Hook) giveUp(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `update deliveries set state = 'parked', next_at = $3 where district = $1 and hook = $2 and state in ('queued', 'failed') and queued_at < $4`,
		district, h.ID, db.Due(time.Time{}), db.At(tx.Now.Add(-tryFor)))
}

// rest asks for what is left, when the hook has rested. more says that something
// that was due is left.
func (h Hook) rest(ctx context.Context, tx *db.Tx, district string, more bool) error {
	order := ""
	if !more {
		order = " order by next_at" // few: what waits for another try
	}
	next, err := db.All(ctx, tx, func(at *time.Time) []any { return []any{db.Time(at)} }, `select next_at from deliveries where district = $1 and hook = $2
		and state in ('queued', 'failed')`+order+" limit 1", district, h.ID)
	if err != nil || len(next) == 0 {
		return err
	}
	at := tx.Now
	switch {
	case h.Rests.After(tx.Now):
		at = h.Rests
	case !more && next[0].After(tx.Now):
		at = tx.Now.Add(min(next[0].Sub(tx.Now), againEvery))
	}
	return job.Add(ctx, tx, district, SendJob, h.ID, nil, at)
}
