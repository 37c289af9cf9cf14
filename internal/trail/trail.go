// Package trail keeps the append-only record of what was done: who, what,
// when, why. Each entry holds the hash of the one before it about the same
// subject, so that an entry changed, removed or moved later shows.
//
// It owns the table trail. It adds and reads; nothing changes or removes an
// entry. Details are facts of the act and never hold personal data.
package trail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
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
	for _, e := range entries {
		e.Seq, e.Before, e.At = head.Seq+1, head.Hash, tx.Now
		detail, err := encode(e.Detail)
		if err != nil {
			return head, err
		}
		e.Hash = hash(district, subject, e, detail)
		err = tx.Exec(ctx, `insert into trail (district, subject, seq, at, person, post, unit, act, step, detail, before, hash)
			values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
			district, subject, e.Seq, db.At(e.At), e.Person, e.Post, e.Unit, e.Act, e.Step, detail, e.Before, e.Hash)
		if err != nil {
			return head, err
		}
		head = Head{e.Seq, e.Hash}
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
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var e Entry
		var detail string
		if err := rows.Scan(&e.Seq, db.Time(&e.At), &e.Person, &e.Post, &e.Unit, &e.Act, &e.Step, &detail, &e.Before, &e.Hash); err != nil {
			return err
		}
		if detail != "" {
			if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
				return fmt.Errorf("detail of entry %d: %w", e.Seq, err)
			}
		}
		entries = append(entries, e)
		return nil
	}, "select seq, at, person, post, unit, act, step, detail, before, hash from trail where district = $1 and subject = $2 order by seq", district, subject)
	return entries, err
}

// Verify checks that entries are a whole, unchanged trail of subject, and
// names the first entry that is not as it was written.
func Verify(district, subject string, entries []Entry) error {
	head := Head{}
	for _, e := range entries {
		detail, err := encode(e.Detail)
		if err != nil {
			return err
		}
		switch {
		case e.Seq != head.Seq+1:
			return fmt.Errorf("%s: entry %d is missing or out of order", subject, head.Seq+1)
		case e.Before != head.Hash:
			return fmt.Errorf("%s: entry %d does not follow the one before it", subject, e.Seq)
		case e.Hash != hash(district, subject, e, detail):
			return fmt.Errorf("%s: entry %d was changed", subject, e.Seq)
		}
		head = Head{e.Seq, e.Hash}
	}
	return nil
}

func encode(detail map[string]string) (string, error) {
	if len(detail) == 0 {
		return "", nil
	}
	data, err := json.Marshal(detail) // keys come sorted, so that the hash is stable
	return string(data), err
}

// hash covers every field, each with its length, so that no two entries spell
// the same bytes.
func hash(district, subject string, e Entry, detail string) string {
	var b strings.Builder
	for _, field := range []string{
		"linli trail 1", district, subject, strconv.Itoa(e.Seq), strconv.FormatInt(db.At(e.At), 10),
		e.Person, e.Post, e.Unit, e.Act, e.Step, detail, e.Before,
	} {
		b.WriteString(strconv.Itoa(len(field)))
		b.WriteByte(':')
		b.WriteString(field)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}
