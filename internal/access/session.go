package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/db"
	"linli/internal/errs"
)

// Sessions keeps session data in the database, for the session library: any
// copy of the program can answer any request. A copy of the table opens no
// session, since it holds only hashes of tokens.
type Sessions struct {
	d        *db.DB
	district string
}

// The library takes the forms with a context where there are any.
var _ scs.CtxStore = Sessions{}

// NewSessions keeps the sessions of people who sign in to a district.
func NewSessions(d *db.DB, district string) Sessions { return Sessions{d, district} }

// FindCtx gives the data of a token, unless there is none or it has expired.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, ok bool, err error) {
	defer errs.Wrap(&err, "access.Sessions.Find")
	all, err := db.All(ctx, s.d, func(v *string) []any { return []any{v} },
		`select data from sessions where district = $1 and token = $2 and expiry > $3`, s.district, hash(token), db.At(s.d.Now()))
	if err != nil || len(all) == 0 {
		return nil, false, err
	}
	data, err = base64.StdEncoding.DecodeString(all[0])
	return data, err == nil, err
}

// CommitCtx stores the data of a token until expiry, in place of what was there.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) (err error) {
	defer errs.Wrap(&err, "access.Sessions.Commit")
	return s.d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `insert into sessions (district, token, data, expiry) values ($1, $2, $3, $4)
			on conflict (district, token) do update set data = excluded.data, expiry = excluded.expiry`,
			s.district, hash(token), base64.StdEncoding.EncodeToString(data), db.At(expiry))
	})
}

// DeleteCtx ends a session. One that is not there is no error.
func (s Sessions) DeleteCtx(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "access.Sessions.Delete")
	return s.d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `delete from sessions where district = $1 and token = $2`, s.district, hash(token))
	})
}

// SweepSessions removes the sessions of a district that have expired.
func SweepSessions(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "access.SweepSessions(%s)", district)
	return tx.Exec(ctx, `delete from sessions where district = $1 and expiry <= $2`, district, db.At(tx.Now))
}

// Find is FindCtx for a library that has no context at hand.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for a library that has no context at hand.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for a library that has no context at hand.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// hash is how tokens and keys are stored. They are long and random, so a quick
// hash is enough.
func hash(token string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(token))) }
