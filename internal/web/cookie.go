package web

import (
	"net/http"
	"strings"

	"linli/internal/web/page"
)

// The prefixes by which browsers take a cookie only over TLS and, with the
// first, only from this very host for the whole of it. Nobody on the way, and
// no neighbour under the same domain, can then plant one.
const (
	hostPrefix   = "__Host-"
	securePrefix = "__Secure-"
)

// prefixed gives every cookie its prefix as it leaves, and takes it off as it
// comes back, so that no page has to know. One that comes without was not set
// by us over TLS and is left out. Without TLS browsers take no such cookie, and
// nothing is changed.
func prefixed(h *page.House, next http.Handler) http.Handler {
	if !h.Secure {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ours []string
		for _, c := range r.Cookies() {
			name, ok := strings.CutPrefix(c.Name, hostPrefix)
			if !ok {
				name, ok = strings.CutPrefix(c.Name, securePrefix)
			}
			if ok {
				ours = append(ours, name+"="+c.Value)
			}
		}
		r.Header.Del("Cookie")
		if len(ours) > 0 {
			r.Header.Set("Cookie", strings.Join(ours, "; "))
		}
		next.ServeHTTP(&prefixing{ResponseWriter: w}, r)
	})
}

// prefixing renames the cookies of an answer before it leaves.
type prefixing struct {
	http.ResponseWriter
	done bool
}

func (p *prefixing) rename() {
	if p.done {
		return
	}
	p.done = true
	set := p.Header()["Set-Cookie"]
	for i, line := range set {
		prefix := securePrefix
		if c, err := http.ParseSetCookie(line); err == nil && c.Path == "/" && c.Domain == "" {
			prefix = hostPrefix
		}
		set[i] = prefix + line
	}
}

// WriteHeader sends the header with renamed cookies.
func (p *prefixing) WriteHeader(status int) {
	p.rename()
	p.ResponseWriter.WriteHeader(status)
}

// Write sends the header first where nothing was sent yet.
func (p *prefixing) Write(b []byte) (int, error) {
	p.rename()
	return p.ResponseWriter.Write(b)
}

// FlushError does so too.
func (p *prefixing) FlushError() error {
	p.rename()
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Unwrap lets a stream set deadlines of its own.
func (p *prefixing) Unwrap() http.ResponseWriter { return p.ResponseWriter }
