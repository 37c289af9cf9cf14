package repeat

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// Kept is how long an answer can be had again.
const Kept = 24 * time.Hour

// Lease is how long a request may be under way. After it nobody works on it.
const Lease = 2 * time.Minute

// The fields under which the vault seals and indexes.
const (
	answerField = "repeat answer"
	nameField   = "repeat name"
	printField  = "repeat print"
)

// State is what is known of a request.
type State string

// The states. Only a New request is to be done.
const (
	New        State = "new"
	Answered   State = "answered"
	Running    State = "running"    // somebody is at it now
	Unfinished State = "unfinished" // somebody was at it, and nobody knows how far it came
	Other      State = "other"      // the name was used for another request
)

// Request is a request that may come twice: whose it is, the name its sender
// gave it, and all that it says.
type Request struct {
	District, Key string
	Name, Says    string
}

// Answer is what was answered.
type Answer struct {
	Status int               `json:"-"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// Book keeps answers.
type Book struct {
	DB    *db.DB
	Vault *vault.Vault
}

// Begin claims a request, or tells what became of it. The answer is that of the
// first time where the state is Answered.
func (b *Book) Begin(ctx context.Context, q Request) (s State, a Answer, err error) {
	defer errs.Wrap(&err, "repeat.Begin(%s, %s)", q.District, q.Key)
	err = b.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Change(ctx, `insert into repeats (district, key_id, name, print, status, answer, begun_at, until_at) values ($1, $2, $3, $4, 0, '', $5, $6)
			on conflict (district, key_id, name) do update set print = $4, status = 0, answer = '', begun_at = $5, until_at = $6 where repeats.until_at <= $5`,
			q.District, q.Key, b.name(q), b.print(q), db.At(tx.Now), db.At(tx.Now.Add(Kept)))
		if err != nil {
			return err
		}
		if s = New; n > 0 {
			return nil
		}
		s, a, err = b.known(ctx, tx, q)
		return err
	})
	return s, a, err
}

// row is what is stored.
type row struct {
	print, answer string
	status        int
	begun         time.Time
}

func (r *row) dest() []any { return []any{&r.print, &r.status, &r.answer, db.Time(&r.begun)} }

// known tells what became of a request whose name is taken.
func (b *Book) known(ctx context.Context, tx *db.Tx, q Request) (s State, a Answer, err error) {
	r, err := db.One(ctx, tx, (*row).dest, `select print, status, answer, begun_at from repeats where district = $1 and key_id = $2 and name = $3`, q.District, q.Key, b.name(q))
	switch {
	case errs.KindOf(err) == errs.NotFound: // given free at this very moment
		return Running, a, nil
	case err != nil:
		return "", a, err
	case r.print != b.print(q):
		return Other, a, nil
	case r.status == 0 && tx.Now.Sub(r.begun) < Lease:
		return Running, a, nil
	case r.status == 0:
		return Unfinished, a, nil
	}
	text, err := b.Vault.Reveal(q.District, answerField, r.answer)
	if err == nil {
		err = json.Unmarshal([]byte(text), &a)
	}
	a.Status = r.status
	return Answered, a, err
}

// Done keeps the answer of a claimed request.
func (b *Book) Done(ctx context.Context, q Request, a Answer) (err error) {
	defer errs.Wrap(&err, "repeat.Done(%s, %s)", q.District, q.Key)
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `update repeats set status = $1, answer = $2, until_at = $3 where district = $4 and key_id = $5 and name = $6 and status = 0`,
			a.Status, b.Vault.Seal(q.District, answerField, string(text)), db.At(tx.Now.Add(Kept)), q.District, q.Key, b.name(q))
	})
}

// Undone gives a claimed request free: it was refused and did nothing.
func (b *Book) Undone(ctx context.Context, q Request) (err error) {
	defer errs.Wrap(&err, "repeat.Undone(%s, %s)", q.District, q.Key)
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `delete from repeats where district = $1 and key_id = $2 and name = $3 and status = 0`, q.District, q.Key, b.name(q))
	})
}

// name and print are kept as blind indexes: a sender may have put anything into
// the one, and the other is made of all that was sent.
func (b *Book) name(q Request) string { return b.Vault.Index(nameField, q.Name) }

func (b *Book) print(q Request) string { return b.Vault.Index(printField, q.Says) }

// Sweep forgets answers whose time is over.
func Sweep(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "repeat.Sweep(%s)", district)
	return tx.Exec(ctx, `delete from repeats where district = $1 and until_at <= $2`, district, db.At(tx.Now))
}

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{{Name: "repeats", Key: []string{"key_id", "name"}, Columns: []vault.Column{{Name: "answer", Field: answerField}}}}
}
