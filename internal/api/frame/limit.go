package frame

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"linli/internal/web/page"
)

// limited bounds how much one key may ask, and how often one address may come
// with a key that is wrong. A caller reads on every answer where it stands, as
// the IETF's draft on rate limits has it: RateLimit-Policy says how many
// requests (q) in how many seconds (w), RateLimit how many are left (r) and
// after how many seconds all of them are there again (t).
//
// A key counts by its whole text, so that nobody who knows no more than its
// name can use it up.
func (d *Door) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limits, now, from := d.house.Limits, d.house.DB.Now(), page.Network(r.RemoteAddr)
		if limits == nil {
			next.ServeHTTP(w, r)
			return
		}
		if _, err := limits.Take(page.LimitKeys, from, now); err != nil {
			d.refuse(w, r, err)
			return
		}
		if text := r.Header.Get("Authorization"); text != "" {
			sum := sha256.Sum256([]byte(text))
			a, err := limits.Take(page.LimitKey, hex.EncodeToString(sum[:16]), now)
			w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"key";q=%d;w=%d`, a.Most, int(a.Per.Seconds())))
			w.Header().Set("RateLimit", fmt.Sprintf(`"key";r=%d;t=%d`, a.Left, int(a.Full.Seconds())))
			if err != nil {
				limits.Return(page.LimitKeys, from, now)
				d.refuse(w, r, err)
				return
			}
		}
		answer := &refusals{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		if answer.status != http.StatusUnauthorized {
			limits.Return(page.LimitKeys, from, now)
		}
	})
}

// refuse answers instead of the operation.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	page.RetryAfter(w, err)
	d.problem(r.Context(), r.Method, language(r.Header.Get("Accept-Language")), "header", err).write(w)
}

// refusals remembers the status of an answer.
type refusals struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers.
func (a *refusals) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets operations set their own deadlines.
func (a *refusals) Unwrap() http.ResponseWriter { return a.ResponseWriter }
