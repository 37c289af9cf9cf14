// Package trail keeps the append-only record of what was done: who, what,
// when, why. Each entry holds the hash of the one before it about the same
// subject, so that an entry changed, removed or moved later shows; and every
// entry becomes a leaf of one public log, whose signed checkpoints others keep,
// so that a whole trail written anew shows too.
//
// # Entries
//
// [Add] appends to the trail of a case and of what belongs to cases. [Note]
// appends to a book: rights, sign-ins, exports, set-up, looks at personal data,
// and what people asked about theirs. Details are facts of the act. What staff
// wrote in their own words is kept apart, under a salted hash, and [Erase] can
// remove it by law; everything still adds up. Nothing else ever goes: the
// database itself refuses.
//
// # The log
//
// A [Keeper] takes new entries into the log some seconds after they are written,
// signs what it has come to, and looks over everything at night. The log has the forms of C2SP: tiles, checkpoints, proofs. Its
// leaves are salted hashes, which tell nothing. [Proof] makes a receipt that
// can be checked with the public key alone, [CheckProof] checks it.
//
// # Looking it over
//
// [Audit] goes through a database or a backup and names every row that was
// changed, removed, put in or moved. [AuditTiles] does what can be done from
// outside, with the public tiles and the key.
//
// It owns the tables trail, trail_words, trail_leaves, trail_roots and
// trail_checkpoints.
package trail

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// Entry is one line of a subject's trail.
type Entry struct {
	Seq    int
	At     time.Time
	Person string // '' for the program or a resident
	Post   string
	Unit   string
	Act    string
	Step   string
	Detail map[string]string
	Before string
	Hash   string

	Book    Book     // '' for cases and what belongs to them
	Subject string   // what it is about, without the book
	Gone    []string // the facts of Detail that were erased

	chain string            // subject as stored
	salt  string            // '' in the first form
	held  map[string]string // what the entry holds for words that are kept apart
	salts map[string]string // the salts of those that are there
}

// Head is where a subject's trail ends: the next entry is chained to it.
type Head struct {
	Seq  int
	Hash string
}

// Add appends entries to the trail of subject, whose present end is head, and
// returns the new end. The caller knows head from reading the trail in the
// same transaction, or from having just made the subject; two that add at once
// meet on the primary key, and one gets errs.Conflict.
func Add(ctx context.Context, tx *db.Tx, district, subject string, head Head, entries ...Entry) (Head, error) {
	return add(ctx, tx, district, bookOf(subject), subject, head, entries...)
}

func add(ctx context.Context, tx *db.Tx, district string, book Book, subject string, head Head, entries ...Entry) (Head, error) {
	var h hasher
	for _, e := range entries {
		held, words := h.setApart(e.Detail)
		detail, err := encode(held)
		if err != nil {
			return head, err
		}
		r := row{
			district: district, book: string(book), subject: subject, seq: head.Seq + 1, at: db.At(tx.Now),
			person: e.Person, post: e.Post, unit: e.Unit, act: e.Act, step: e.Step, detail: detail, salt: newSalt(), before: head.Hash,
		}
		sum := h.of(&r)
		r.hash = hex.EncodeToString(sum[:])
		err = tx.Exec(ctx, `insert into trail (district, subject, seq, at, person, post, unit, act, step, detail, before, hash, salt, book)
			values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
			r.district, r.subject, r.seq, r.at, r.person, r.post, r.unit, r.act, r.step, r.detail, r.before, r.hash, r.salt, r.book)
		if err != nil {
			return head, err
		}
		if err := addWords(ctx, tx, district, subject, r.seq, words); err != nil {
			return head, err
		}
		head = Head{r.seq, r.hash}
	}
	return head, nil
}

// HeadOf returns where the trail of subject ends; the zero Head when it has none.
func HeadOf(ctx context.Context, r db.Reader, district, subject string) (Head, error) {
	heads, err := db.All(ctx, r, func(h *Head) []any { return []any{&h.Seq, &h.Hash} },
		"select seq, hash from trail where district = $1 and subject = $2 order by seq desc limit 1", district, subject)
	if err != nil || len(heads) == 0 {
		return Head{}, err
	}
	return heads[0], nil
}

// Heads returns where the trails of many subjects end, for those that have one.
func Heads(ctx context.Context, r db.Reader, district string, subjects []string) (map[string]Head, error) {
	heads := make(map[string]Head, len(subjects))
	list, arg, err := db.FromList(r.Engine(), "$2", subjects)
	if err != nil {
		return nil, err
	}
	return heads, db.Scan(ctx, r, func(rows db.Rows) error {
		var subject string
		var h Head
		err := rows.Scan(&subject, &h.Seq, &h.Hash)
		heads[subject] = h
		return err
	}, "select t.subject, t.seq, t.hash from "+list+` trail t on t.district = $1 and t.subject = j.value
		where t.seq = (select max(l.seq) from trail l where l.district = $1 and l.subject = j.value)`, district, arg)
}

// Of returns the trail of subject, oldest first.
func Of(ctx context.Context, r db.Reader, district, subject string) (entries []Entry, err error) {
	defer errs.Wrap(&err, "trail.Of(%s, %s)", district, subject)
	entries, err = scan(ctx, r, "where t.district = $1 and t.subject = $2 order by t.seq", district, subject)
	if err != nil {
		return nil, err
	}
	return entries, giveWords(ctx, r, district, subject, entries)
}

// scan reads entries without their words.
func scan(ctx context.Context, r db.Reader, where string, args ...any) (entries []Entry, err error) {
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var e Entry
		var detail string
		if err := rows.Scan(&e.chain, &e.Seq, db.Time(&e.At), &e.Person, &e.Post, &e.Unit, &e.Act, &e.Step, &detail, &e.Before, &e.Hash, &e.salt, &e.Book); err != nil {
			return err
		}
		if detail != "" {
			if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
				return fmt.Errorf("detail of entry %d of %s: %w", e.Seq, e.chain, err)
			}
		}
		e.Subject = strings.TrimPrefix(e.chain, prefix(e.Book))
		e.hold()
		entries = append(entries, e)
		return nil
	}, "select t.subject, t.seq, t.at, t.person, t.post, t.unit, t.act, t.step, t.detail, t.before, t.hash, t.salt, t.book from trail t "+where, args...)
	return entries, err
}

// Verify checks that entries are a whole, unchanged trail of subject, and
// names the first entry that is not as it was written.
func Verify(district, subject string, entries []Entry) error {
	var h hasher
	head := Head{}
	for _, e := range entries {
		detail, err := e.stored(&h)
		if err != nil {
			return fmt.Errorf("%s: entry %d: %w", subject, e.Seq, err)
		}
		r := row{
			district: district, book: string(e.Book), subject: subject, seq: e.Seq, at: db.At(e.At),
			person: e.Person, post: e.Post, unit: e.Unit, act: e.Act, step: e.Step, detail: detail, salt: e.salt, before: e.Before,
		}
		sum := h.of(&r)
		switch {
		case e.Seq != head.Seq+1:
			return fmt.Errorf("%s: entry %d is missing or out of order", subject, head.Seq+1)
		case e.Before != head.Hash:
			return fmt.Errorf("%s: entry %d does not follow the one before it", subject, e.Seq)
		case e.Hash != hex.EncodeToString(sum[:]):
			return fmt.Errorf("%s: entry %d was changed", subject, e.Seq)
		}
		head = Head{e.Seq, e.Hash}
	}
	return nil
}

// stored is the detail as it stands in the table: words that are there count as
// they are now, and those that were erased as they were.
func (e *Entry) stored(h *hasher) (string, error) {
	if len(e.held) == 0 {
		return encode(e.Detail)
	}
	detail := make(map[string]string, len(e.Detail))
	for name, value := range e.Detail {
		detail[name] = value
	}
	for name, mark := range e.held {
		salt, here := e.salts[name]
		if here {
			mark = h.word(salt, name, e.Detail[name])
		}
		detail[name] = mark
	}
	return encode(detail)
}

func encode(detail map[string]string) (string, error) {
	if len(detail) == 0 {
		return "", nil
	}
	data, err := json.Marshal(detail) // keys come sorted, so that the hash is stable
	return string(data), err
}
