package trail

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"linli/internal/db"
	"linli/internal/errs"
)

// free are the facts of an entry in which people write what they like. They may
// name somebody, so they are kept apart, and the entry holds a salted hash.
var free = [...]string{"answer", "decision", "note", "reason"}

// Erased is the act of an entry that says which words of an earlier one went.
const Erased = "erased"

// word is one of the texts kept apart.
type word struct{ name, salt, text string }

// setApart takes the words out of detail. It returns what the entry holds
// instead, leaving the caller's map as it is.
func (h *hasher) setApart(detail map[string]string) (map[string]string, []word) {
	var words []word
	for _, name := range free {
		if text := detail[name]; text != "" {
			words = append(words, word{name, newSalt(), text})
		}
	}
	if len(words) == 0 {
		return detail, nil
	}
	held := make(map[string]string, len(detail))
	for name, value := range detail {
		held[name] = value
	}
	for _, w := range words {
		held[w.name] = h.word(w.salt, w.name, w.text)
	}
	return held, words
}

// addWords keeps the words of entry seq.
func addWords(ctx context.Context, tx *db.Tx, district, subject string, seq int, words []word) error {
	for _, w := range words {
		err := tx.Exec(ctx, "insert into trail_words (district, subject, seq, name, salt, text) values ($1,$2,$3,$4,$5,$6)",
			district, subject, seq, w.name, w.salt, w.text)
		if err != nil {
			return err
		}
	}
	return nil
}

// giveWords puts the words of a subject back into its entries. What was erased
// is absent from Detail and named in Gone.
func giveWords(ctx context.Context, r db.Reader, district, subject string, entries []Entry) error {
	if !slices.ContainsFunc(entries, func(e Entry) bool { return len(e.held) > 0 }) {
		return nil
	}
	at := make(map[int]*Entry, len(entries))
	for i := range entries {
		at[entries[i].Seq] = &entries[i]
	}
	err := db.Scan(ctx, r, func(rows db.Rows) error {
		var seq int
		var w word
		if err := rows.Scan(&seq, &w.name, &w.salt, &w.text); err != nil {
			return err
		}
		if e := at[seq]; e != nil && e.held[w.name] != "" {
			e.Detail[w.name] = w.text
			e.salts[w.name] = w.salt
		}
		return nil
	}, "select seq, name, salt, text from trail_words where district = $1 and subject = $2", district, subject)
	for _, e := range entries {
		for _, name := range free {
			if e.held[name] != "" && e.salts[name] == "" {
				at[e.Seq].Gone = append(at[e.Seq].Gone, name)
			}
		}
	}
	return err
}

// hold moves what stands for words out of Detail, where the words belong.
func (e *Entry) hold() {
	if e.salt == "" {
		return // the first form keeps words in the entry
	}
	for _, name := range free {
		mark := e.Detail[name]
		if mark == "" {
			continue
		}
		if e.held == nil {
			e.held, e.salts = map[string]string{}, map[string]string{}
		}
		e.held[name] = mark
		delete(e.Detail, name)
	}
}

// Erase removes words of entry seq for good, as the law may ask, and first adds
// an entry by e that says so. Details of e give the reason as a code or a rule,
// not in words. It fails with errs.NotFound where there are no such words.
func Erase(ctx context.Context, tx *db.Tx, district, subject string, seq int, name string, e Entry) (err error) {
	defer errs.Wrap(&err, "trail.Erase(%s, %d, %s)", subject, seq, name)
	if err := lock(ctx, tx, district, subject); err != nil {
		return err
	}
	n, err := db.Value[int](ctx, tx, "select count(*) from trail_words where district = $1 and subject = $2 and seq = $3 and name = $4", district, subject, seq, name)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "没有这些话，或者已经删了。", "There are no such words, or they are gone already.")
	}
	head, err := HeadOf(ctx, tx, district, subject)
	if err != nil {
		return err
	}
	detail := map[string]string{"entry": strconv.Itoa(seq), "word": name}
	for fact, value := range e.Detail {
		if fact > "entry" && fact < "word" {
			return fmt.Errorf("a fact %q would stand between entry and word, which are read together", fact)
		}
		if fact != "word" && fact != "entry" {
			detail[fact] = value
		}
	}
	e.Act, e.Detail = Erased, detail
	if _, err := add(ctx, tx, district, bookOf(subject), subject, head, e); err != nil {
		return err
	}
	return tx.Exec(ctx, "delete from trail_words where district = $1 and subject = $2 and seq = $3 and name = $4", district, subject, seq, name)
}
