package frame

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"

	"linli/internal/errs"
)

// A cursor is where the next page begins, signed together with the list and
// the filter it belongs to: one that was made up, or is used with another
// filter, would leave out rows without anybody noticing.

// cursorSeal is how many bytes of the signature a cursor carries.
const cursorSeal = 12

// unbound are the parameters that may differ from page to page.
var unbound = []string{"after", "limit", "fields", "count"}

// bound is a query as a cursor is bound to it.
func bound(q url.Values) string {
	for name := range q {
		if slices.Contains(unbound, name) {
			q.Del(name)
		}
	}
	return q.Encode()
}

func (d *Door) sealOf(f *frame, inner string) []byte {
	mac := hmac.New(sha256.New, d.cursorKey)
	for _, part := range []string{f.op, f.query, inner} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return mac.Sum(nil)[:cursorSeal]
}

// sealCursor makes a cursor that a caller may hold.
func (d *Door) sealCursor(f *frame, inner string) string {
	return base64.RawURLEncoding.EncodeToString(append(d.sealOf(f, inner), inner...))
}

// openCursor gives back what was sealed for the same list and filter.
func (d *Door) openCursor(f *frame, text string) (string, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(data) <= cursorSeal || !hmac.Equal(data[:cursorSeal], d.sealOf(f, string(data[cursorSeal:]))) {
		return "", errs.New(errs.Invalid, "after 只能是上一页的 next，而且别的参数要和上一页一样。请从第一页看起。",
			"after is the next of the page before, with all other parameters as they were. Please begin at the first page.").At("after")
	}
	return string(data[cursorSeal:]), nil
}
