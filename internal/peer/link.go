package peer

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
)

// Way is whether a request came from a peer or went there.
type Way string

// The ways.
const (
	In  Way = "in"
	Out Way = "out"
)

// State is how far a case has come to a peer.
type State string

// The states. Sending is everything between the intent and an answer: nobody
// knows whether it arrived.
const (
	Sending State = "sending"
	Token   State = "token"
	Posted  State = "posted"
	Refused State = "refused"
)

// Link says which request of a peer is which case.
type Link struct {
	Peer    string
	Case    casework.ID
	Way     Way
	Remote  string // service_request_id; empty while it is not known
	Token   string
	Code    string
	State   State
	Status  string // open, closed, as they last said
	Notes   string // status_notes, numbers hidden
	Why     string
	Tries   int
	TriedAt time.Time // the first time it was sent
	SeenAt  time.Time // when they were last asked
}

const linkColumns = `q.peer, q.case_id, q.way, q.remote, q.token, q.code, q.state, q.status, q.notes, q.why, q.tries, q.tried_at, q.seen_at`

func (l *Link) dest() []any {
	return []any{&l.Peer, &l.Case, &l.Way, &l.Remote, &l.Token, &l.Code, &l.State, &l.Status, &l.Notes, &l.Why, &l.Tries, db.Time(&l.TriedAt), db.Time(&l.SeenAt)}
}

// put writes a link, in place of one that is there.
func (l Link) put(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `insert into peer_requests (district, peer, case_id, way, remote, token, code, state, status, notes, why, tries, tried_at, seen_at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)
		on conflict (district, peer, case_id) do update set remote = excluded.remote, token = excluded.token, state = excluded.state, status = excluded.status,
		notes = excluded.notes, why = excluded.why, tries = excluded.tries, seen_at = excluded.seen_at`,
		district, l.Peer, string(l.Case), string(l.Way), l.Remote, l.Token, l.Code, string(l.State), l.Status, l.Notes, l.Why, l.Tries, db.At(l.TriedAt), db.At(l.SeenAt))
}

// Links gives the newest links of a peer, at most most of them.
func Links(ctx context.Context, r db.Reader, district, peer string, most int) (all []Link, err error) {
	defer errs.Wrap(&err, "peer.Links(%s)", peer)
	return db.All(ctx, r, (*Link).dest, "select "+linkColumns+" from peer_requests q where q.district = $1 and q.peer = $2 order by q.case_id desc limit $3", district, peer, most)
}

// unknown are the links of a peer of which nobody knows the number yet, oldest
// first.
func unknown(ctx context.Context, r db.Reader, district, peer string, most int) ([]Link, error) {
	return db.All(ctx, r, (*Link).dest, "select "+linkColumns+` from peer_requests q where q.district = $1 and q.peer = $2 and q.state in ('sending', 'token')
		order by q.seen_at, q.case_id limit $3`, district, peer, most)
}

// open are the links of a peer that it has not called closed, the longest unasked
// first.
func open(ctx context.Context, r db.Reader, district, peer string, most int) ([]Link, error) {
	return db.All(ctx, r, (*Link).dest, "select "+linkColumns+` from peer_requests q where q.district = $1 and q.peer = $2 and q.status <> 'closed' and q.remote <> ''
		order by q.seen_at, q.case_id limit $3`, district, peer, most)
}

// remoteKnown reports whether a request of a peer is a case of ours already.
func remoteKnown(ctx context.Context, r db.Reader, district, peer, remote string) (bool, error) {
	n, err := db.Value[int](ctx, r, "select count(*) from peer_requests q where q.district = $1 and q.peer = $2 and q.remote = $3 and q.remote <> ''", district, peer, remote)
	return n > 0, err
}

// caseKnown reports whether a case of ours has come from a peer or gone there.
func caseKnown(ctx context.Context, r db.Reader, district string, id casework.ID) (bool, error) {
	n, err := db.Value[int](ctx, r, "select count(*) from peer_requests q where q.district = $1 and q.case_id = $2", district, string(id))
	return n > 0, err
}

func unitID(s string) org.UnitID { return org.UnitID(s) }
