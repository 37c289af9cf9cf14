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

// The names under which a session keeps whose it is. The pages write them when
// somebody signs in; the table reads them to bound the session and to list it.
const (
	SessionLogin    = "login"    // of staff
	SessionResident = "resident" // id
	SessionAgent    = "agent"    // browser and system, in plain words
	SessionLife     = "life"     // a Life
)

// Life names how long a session lives.
type Life string

// The lives.
const (
	StaffLife    Life = "staff"
	AdminLife    Life = "administrator"
	ResidentLife Life = "resident"
	visitLife    Life = "" // nobody has signed in
)

// span is the longest a session is left alone, and the longest it lives at all.
type span struct{ idle, whole time.Duration }

// lives is the table of how long sessions live.
var lives = map[Life]span{
	// A shift with its break; nobody stays signed in over night.
	StaffLife: {4 * time.Hour, 12 * time.Hour},
	// What these can change is worth the trouble of signing in again.
	AdminLife: {30 * time.Minute, 12 * time.Hour},
	// Their own phone, and a repair takes weeks.
	ResidentLife: {24 * time.Hour, 30 * 24 * time.Hour},
	// Which cases this browser has shown the word of, drafts of a report.
	visitLife: {4 * time.Hour, 24 * time.Hour},
}

// LongestSession is the longest any session lives, for the library's cookie.
const LongestSession = 30 * 24 * time.Hour

// seenEach is how fine the last use is known; finer would be a write for each
// request.
const seenEach = time.Minute

// Sessions keeps session data in the database, for the session library: any
// copy of the program can answer any request. A copy of the table opens no
// session, since it holds only hashes of tokens.
//
// How long a session lives is this package's to say and not the library's: it
// hangs on who has signed in, and on the clock of the database.
type Sessions struct {
	d        *db.DB
	district string
}

// The library takes the forms with a context where there are any.
var _ scs.CtxStore = Sessions{}

// NewSessions keeps the sessions of people who sign in to a district.
func NewSessions(d *db.DB, district string) Sessions { return Sessions{d, district} }

// FindCtx gives the data of a token, unless there is none or it has expired,
// and counts as a use of it.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, ok bool, err error) {
	defer errs.Wrap(&err, "access.Sessions.Find")
	type row struct {
		data        string
		began, seen time.Time
	}
	now := s.d.Now()
	all, err := db.All(ctx, s.d, func(r *row) []any { return []any{&r.data, db.Time(&r.began), db.Time(&r.seen)} },
		`select data, began, seen from sessions where district = $1 and token = $2 and expiry > $3`, s.district, hash(token), db.At(now))
	if err != nil || len(all) == 0 {
		return nil, false, err
	}
	if data, err = base64.StdEncoding.DecodeString(all[0].data); err != nil {
		return nil, false, err
	}
	if now.Sub(all[0].seen) < seenEach {
		return data, true, nil
	}
	life := lives[ownerOf(data).life]
	return data, true, s.d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `update sessions set seen = $1, expiry = $2 where district = $3 and token = $4`,
			db.At(now), db.At(life.end(all[0].began, now)), s.district, hash(token))
	})
}

// end is when a session ends that was used now.
func (l span) end(began, now time.Time) time.Time {
	whole, idle := began.Add(l.whole), now.Add(l.idle)
	if whole.Before(idle) {
		return whole
	}
	return idle
}

// CommitCtx stores the data of a token in place of what was there. The library
// gives an expiry by its own clock, which does not count here. A session that
// somebody has ended meanwhile stays ended.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) (err error) {
	defer errs.Wrap(&err, "access.Sessions.Commit")
	who := ownerOf(data)
	text := base64.StdEncoding.EncodeToString(data)
	return s.d.Write(ctx, func(tx *db.Tx) error {
		began, err := db.All(ctx, tx, func(t *time.Time) []any { return []any{db.Time(t)} },
			`select began from sessions where district = $1 and token = $2`, s.district, hash(token))
		if err != nil {
			return err
		}
		if len(began) > 0 {
			// A request that was under way when its session ended changes nothing.
			return tx.Exec(ctx, `update sessions set data = $1, expiry = $2, holder = $3, seen = $4, agent = $5
				where district = $6 and token = $7 and expiry > $4`,
				text, db.At(lives[who.life].end(began[0], tx.Now)), who.holder, db.At(tx.Now), who.agent, s.district, hash(token))
		}
		return tx.Exec(ctx, `insert into sessions (district, token, data, expiry, holder, began, seen, agent)
			values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (district, token) do nothing`,
			s.district, hash(token), text, db.At(lives[who.life].end(tx.Now, tx.Now)), who.holder, db.At(tx.Now), who.agent)
	})
}

// owner is what the table knows of a session's data.
type owner struct {
	holder Holder
	agent  string
	life   Life
}

// ownerOf reads the library's own form. What cannot be read is nobody's.
func ownerOf(data []byte) (o owner) {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return owner{}
	}
	text := func(name string) string { s, _ := values[name].(string); return s }
	o.agent, o.life = text(SessionAgent), Life(text(SessionLife))
	switch login, id := text(SessionLogin), text(SessionResident); {
	case login != "":
		o.holder = Staff(login)
		if o.life != AdminLife {
			o.life = StaffLife
		}
	case id != "":
		o.holder, o.life = Resident(id), ResidentLife
	default:
		o.life = visitLife
	}
	return o
}

// DeleteCtx ends a session. One that is not there is no error.
func (s Sessions) DeleteCtx(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "access.Sessions.Delete")
	return s.d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, ended+` token = $2`, s.district, hash(token))
	})
}

// ended leaves the row of an ended session, empty, until the night: a request
// that is under way could otherwise write the session anew.
const ended = `update sessions set data = '', expiry = 0 where district = $1 and expiry > 0 and`

// Session is one browser that somebody is signed in with.
type Session struct {
	ID    string // names it on a page; it opens nothing
	Began time.Time
	Seen  time.Time // to the minute
	Agent string    // browser and system, in plain words
	This  bool      // the one that asks
}

// SessionsOf gives the running sessions of a holder, the last used first.
// token is that of the reader's own.
func SessionsOf(ctx context.Context, r db.Reader, district string, holder Holder, token string, now time.Time) (all []Session, err error) {
	defer errs.Wrap(&err, "access.SessionsOf(%s)", holder)
	all, err = db.All(ctx, r, func(s *Session) []any { return []any{&s.ID, db.Time(&s.Began), db.Time(&s.Seen), &s.Agent} },
		`select token, began, seen, agent from sessions where district = $1 and holder = $2 and expiry > $3 order by seen desc, began desc, token`,
		district, holder, db.At(now))
	for i := range all {
		all[i].This = all[i].ID == hash(token)
	}
	return all, err
}

// EndSession ends one session of a holder; another's is errs.NotFound.
func EndSession(ctx context.Context, tx *db.Tx, district string, holder Holder, id string) (err error) {
	defer errs.Wrap(&err, "access.EndSession(%s)", holder)
	n, err := tx.Change(ctx, ended+` holder = $2 and token = $3`, district, holder, id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "这次登录已经结束了", "that session has ended already")
	}
	return err
}

// EndSessions ends every session of a holder but the one of token, which may be
// empty for all of them, and says how many.
func EndSessions(ctx context.Context, tx *db.Tx, district string, holder Holder, token string) (n int, err error) {
	defer errs.Wrap(&err, "access.EndSessions(%s)", holder)
	met, err := tx.Change(ctx, ended+` holder = $2 and token <> $3`, district, holder, hash(token))
	return int(met), err
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
