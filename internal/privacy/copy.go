package privacy

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/trail"
)

// ExpireJob empties a copy that nobody fetched in time.
const ExpireJob = "data-copy"

// CopyLives is how long a copy waits to be fetched.
const CopyLives = 7 * 24 * time.Hour

type copyArgs struct {
	Copy string `json:"copy"`
}

// Waiting is a copy that waits to be fetched, or did.
type Waiting struct {
	ID      string
	Expires time.Time
	Fetched time.Time // zero until then
}

// Ready reports whether the copy can be fetched at an instant.
func (c Waiting) Ready(now time.Time) bool { return c.Fetched.IsZero() && now.Before(c.Expires) }

// CopyOf returns the copy of a request; errs.NotFound where none was made.
func CopyOf(ctx context.Context, r db.Reader, district string, id ID) (c Waiting, err error) {
	defer errs.Wrap(&err, "privacy.CopyOf(%s)", id)
	return db.One(ctx, r, func(c *Waiting) []any { return []any{&c.ID, db.Time(&c.Expires), db.Time(&c.Fetched)} },
		"select id, expires_at, fetched_at from data_copies where district = $1 and request = $2", district, string(id))
}

// copy gathers what there is of the person and seals it until it is fetched.
func (w *work) copy() error {
	code := w.a.District.Code
	bundle, err := w.gather()
	if err != nil {
		return err
	}
	body, err := json.Marshal(bundle)
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	expires := w.tx.Now.Add(CopyLives)
	if err := w.tx.Exec(w.ctx, "insert into data_copies (district, id, request, body, made_at, expires_at, fetched_at) values ($1,$2,$3,$4,$5,$6,0)",
		code, id.String(), string(w.q.ID), w.Desk.Vault.Seal(code, bodyField, string(body)), db.At(w.tx.Now), db.At(expires)); err != nil {
		return err
	}
	w.detail["copy"], w.detail["reports"] = id.String(), strconv.Itoa(len(w.all))
	w.told = lang.T("副本准备好了。七天内可以下载一次，在提出请求的地方下载。", "Your copy is ready. Fetch it once, within seven days, where you asked for it.")
	return job.Add(w.ctx, w.tx, code, ExpireJob, id.String(), copyArgs{id.String()}, expires)
}

// Fetch gives the copy of a request, once. The caller has made sure who fetches.
// It is errs.NotFound where there is none, or it was fetched, or its time is up.
func (k Keeper) Fetch(ctx context.Context, d *district.District, id ID) (b Bundle, err error) {
	defer errs.Wrap(&err, "privacy.Fetch(%s)", id)
	err = k.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		q, err := ByID(ctx, tx, d.Code, id)
		if err != nil {
			return err
		}
		sealed, err := db.Value[string](ctx, tx, "select coalesce(max(body), '') from data_copies where district = $1 and request = $2 and fetched_at = 0 and expires_at > $3",
			d.Code, string(id), db.At(tx.Now))
		if err != nil {
			return err
		}
		if sealed == "" {
			return errs.New(errs.NotFound, "没有可以下载的副本：已经下载过，或者过了七天。可以再提一次。", "There is no copy to fetch: it was fetched, or seven days are over. You can ask again.")
		}
		body, err := k.Desk.Vault.Reveal(d.Code, bodyField, sealed)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			return err
		}
		if err := tx.Exec(ctx, "update data_copies set body = '', fetched_at = $3 where district = $1 and request = $2", d.Code, string(id), db.At(tx.Now)); err != nil {
			return err
		}
		return trail.Note(ctx, tx, d.Code, trail.Privacy, string(id), trail.Entry{Act: "fetched", Detail: map[string]string{"kind": string(q.Kind)}})
	})
	return b, err
}

// Expire is the handler of ExpireJob.
func Expire(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
	defer errs.Wrap(&err, "privacy.Expire(%s)", j.Key)
	var args copyArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	return tx.Exec(ctx, "update data_copies set body = '' where district = $1 and id = $2", d.Code, args.Copy)
}
