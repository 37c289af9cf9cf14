package trail

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// Book is which kind of trail an entry stands in. Cases have none: their
// subject is the case.
type Book string

// The books beside the cases.
const (
	Rights  Book = "rights"  // posts, accounts and keys given and taken
	SignIns Book = "sign-in" // by person
	Exports Book = "export"  // tables that left the program
	Setup   Book = "setup"   // tables, packs and calendars brought in
	Looks   Book = "look"    // masked fields that were shown
	Privacy Book = "privacy" // what people asked about their data, and what was erased
)

// Books are all of them, in the order in which a page offers them.
func Books() []Book { return []Book{Rights, SignIns, Exports, Setup, Looks, Privacy} }

// Note appends an entry about a subject to a book, finding its end itself. The
// subject is an id, never a name or a number of somebody. Any number may note
// about one subject at once: each waits for the one before it to be on disk.
func Note(ctx context.Context, tx *db.Tx, district string, book Book, subject string, e Entry) (err error) {
	defer errs.Wrap(&err, "trail.Note(%s, %s)", book, subject)
	name := Chain(book, subject)
	if err := lock(ctx, tx, district, name); err != nil {
		return err
	}
	head, err := HeadOf(ctx, tx, district, name)
	if err != nil {
		return err
	}
	_, err = add(ctx, tx, district, book, name, head, e)
	return err
}

// Chain is what the entries of a book about a subject are chained under, and
// what Of takes.
func Chain(book Book, subject string) string { return prefix(book) + subject }

func prefix(book Book) string {
	if book == "" {
		return ""
	}
	return string(book) + ":"
}

// bookOf is the book that a chain belongs to by its name.
func bookOf(chain string) Book {
	name, _, _ := strings.Cut(chain, ":")
	if book := Book(name); slices.Contains(Books(), book) {
		return book
	}
	return ""
}

// lock makes those who add to one chain wait for each other until their
// transactions end.
//
// Differs because SQLite has one writer, and so nothing to wait for.
func lock(ctx context.Context, tx *db.Tx, district, chain string) error {
	if tx.Engine() == db.SQLite {
		return nil
	}
	return tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1, 0))", "trail "+district+" "+chain)
}

// place is where a page of Find begins.
type place struct {
	At      int64  `json:"a"`
	Subject string `json:"s"`
	Seq     int    `json:"n"`
}

func (p place) String() string {
	data, err := json.Marshal(p)
	if err != nil {
		return "" // numbers and a text can always be written
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func parsePlace(s string) (place, error) {
	p := place{At: math.MaxInt64}
	if s == "" {
		return p, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return p, errs.New(errs.Invalid, "这一页的地址不对。", "The address of this page is not right.").Because(err)
	}
	return p, nil
}
