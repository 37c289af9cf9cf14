package trail

import (
	"context"
	"encoding/hex"

	"linli/internal/db"
)

// FormOneHash is the hash of an entry as the first form had it.
func FormOneHash(district, subject string, seq int, at int64, person, act, detail string) string {
	var h hasher
	return hexHash(h.formOne(&row{district: district, subject: subject, seq: seq, at: at, person: person, act: act, detail: detail}))
}

// Hex is data as text.
func Hex(data []byte) string { return hex.EncodeToString(data) }

// Row is a row of the table, for those who tamper with it.
type Row struct {
	District, Book, Subject string
	Seq                     int
	At                      int64
	Person, Post, Unit      string
	Act, Step, Detail       string
	Salt, Before, Hash      string
}

// ReadRow reads one.
func ReadRow(ctx context.Context, r db.Reader, district, subject string, seq int) (Row, error) {
	one, err := db.One(ctx, r, (*row).columns, "select "+rowColumns+" from trail t where t.district = $1 and t.subject = $2 and t.seq = $3", district, subject, seq)
	return Row{
		one.district, one.book, one.subject, one.seq, one.at, one.person, one.post, one.unit, one.act, one.step, one.detail, one.salt, one.before, one.hash,
	}, err
}

// Write inserts it with the hash that is right for it.
func (w Row) Write(ctx context.Context, tx *db.Tx) error {
	var h hasher
	hash := h.of(&row{
		district: w.District, book: w.Book, subject: w.Subject, seq: w.Seq, at: w.At, person: w.Person, post: w.Post, unit: w.Unit,
		act: w.Act, step: w.Step, detail: w.Detail, salt: w.Salt, before: w.Before,
	})
	return tx.Exec(ctx, `insert into trail (district, book, subject, seq, at, person, post, unit, act, step, detail, salt, before, hash)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		w.District, w.Book, w.Subject, w.Seq, w.At, w.Person, w.Post, w.Unit, w.Act, w.Step, w.Detail, w.Salt, w.Before, hexHash(hash))
}

// The parsers that have no exported door.
var (
	ParseCheckpoint = parseCheckpoint
	ParseEntries    = parseEntries
)

// PlaceIsRead reports whether a text names where a page of Recent begins.
func PlaceIsRead(text string) bool {
	_, err := parsePlace(text)
	return err == nil
}
