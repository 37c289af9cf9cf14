package trail

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
)

// row is an entry as it stands in the table: what its hash is counted over.
type row struct {
	district, book, subject string
	seq                     int
	at                      int64
	person, post, unit      string
	act, step, detail       string
	salt, before, hash      string
}

// The forms of a hash. Rows without a salt are of the first.
const (
	formOne = "linli trail 1"
	formTwo = "linli trail 2"
)

// hasher counts hashes in one buffer, so that millions of them leave nothing
// to collect.
type hasher struct{ buf []byte }

// field adds a text with its length before it, so that no two rows spell the
// same bytes.
func (h *hasher) field(s string) {
	h.buf = strconv.AppendInt(h.buf, int64(len(s)), 10)
	h.buf = append(h.buf, ':')
	h.buf = append(h.buf, s...)
}

// number adds a whole number as field adds its digits.
func (h *hasher) number(n int64) {
	var digits [20]byte
	h.field(string(strconv.AppendInt(digits[:0], n, 10)))
}

// of is the hash of a row by the form that it has.
func (h *hasher) of(r *row) [sha256.Size]byte {
	if r.salt == "" {
		return h.formOne(r)
	}
	return h.outside(r, h.shown(r.salt), h.who(r))
}

func (h *hasher) formOne(r *row) [sha256.Size]byte {
	h.buf = h.buf[:0]
	h.field(formOne)
	h.field(r.district)
	h.field(r.subject)
	h.number(int64(r.seq))
	h.number(r.at)
	for _, s := range [...]string{r.person, r.post, r.unit, r.act, r.step, r.detail, r.before} {
		h.field(s)
	}
	return sha256.Sum256(h.buf)
}

// outside is the second form: what was done and when, beside a salted hash of
// who did it. A receipt can thus give the one without the other.
func (h *hasher) outside(r *row, shown, who string) [sha256.Size]byte {
	h.buf = h.buf[:0]
	for _, s := range [...]string{formTwo, shown, r.district, r.book, r.subject} {
		h.field(s)
	}
	h.number(int64(r.seq))
	h.number(r.at)
	for _, s := range [...]string{r.act, r.step, r.detail, who, r.before} {
		h.field(s)
	}
	return sha256.Sum256(h.buf)
}

// who is what stands for person, post and unit in the hash.
func (h *hasher) who(r *row) string {
	h.buf = h.buf[:0]
	for _, s := range [...]string{formTwo + " who", r.salt, r.person, r.post, r.unit} {
		h.field(s)
	}
	sum := sha256.Sum256(h.buf)
	return hex.EncodeToString(sum[:])
}

// shown is the salt of the outside. It is made of the row's own, which stays
// inside: with it one could try out who is meant.
func (h *hasher) shown(salt string) string {
	h.buf = h.buf[:0]
	h.field(formTwo + " shown")
	h.field(salt)
	sum := sha256.Sum256(h.buf)
	return hex.EncodeToString(sum[:])
}

// word is what stands in an entry for words that are kept apart. The mark before
// it says that it is no text.
func (h *hasher) word(salt, name, text string) string {
	h.buf = h.buf[:0]
	for _, s := range [...]string{formTwo + " word", salt, name, text} {
		h.field(s)
	}
	sum := sha256.Sum256(h.buf)
	return "#" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// newSalt is sixteen random bytes as text.
func newSalt() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: the program ends instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
