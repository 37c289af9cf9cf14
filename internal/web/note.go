package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"linli/internal/access"
	"linli/internal/clock"
	"linli/internal/meter"
	"linli/internal/web/page"
)

// note is what the log says of a request. It holds the route and not the
// address that was asked for: addresses carry numbers, words and searches.
type note struct{ route, person string }

type noteKey struct{}

// noteOf is the note of a request; an empty one where none is kept.
func noteOf(r *http.Request) *note {
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

// noted gives each request an id, which the answer and all that is logged of the
// request carry too, measures it, and writes one line when it is answered.
func noted(h *page.House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, n := meter.RequestID(r.Header.Get("X-Request-Id")), &note{}
		w.Header().Set("X-Request-Id", id)
		r = r.WithContext(context.WithValue(meter.WithRequest(r.Context(), id), noteKey{}, n))
		began, out := clock.System().Now(), &seen{ResponseWriter: w}
		ctx, answered := h.Meter.Request(r)
		defer func() {
			answered(n.route, out.status, n.route == liveRoute)
			if h.Requests == nil {
				return
			}
			h.Requests.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method),
				slog.String("route", n.route), slog.Int("status", out.status), slog.Int64("bytes", out.bytes),
				slog.Duration("took", clock.System().Now().Sub(began).Round(time.Microsecond)), slog.String("network", access.Network(r.RemoteAddr)), slog.String("person", n.person))
		}()
		next.ServeHTTP(out, r.WithContext(ctx))
	})
}

// known notes which route answers and which of the staff asks. It stands next
// to the routes, inside the session.
func known(h *page.House, mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := noteOf(r)
		n.route = routeOf(mux, r)
		if d, err := h.Districts.Get(r.Context(), h.District); err == nil && h.Requests != nil {
			if person, ok := d.Org.PersonByLogin(h.Sessions.GetString(r.Context(), page.LoginKey)); ok {
				n.person = string(person.ID)
			}
		}
		mux.ServeHTTP(w, r)
	})
}

// routeOf is the pattern that answers a request. Where the mux would lead a
// CONNECT on to the same address with a slash behind it, it gives that address
// for a pattern, and an address may hold a number or a name.
func routeOf(mux *http.ServeMux, r *http.Request) string {
	_, route := mux.Handler(r)
	if r.Method == http.MethodConnect && route == r.URL.Path+"/" {
		return "redirect"
	}
	return route
}

// seen remembers what an answer was.
type seen struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader keeps the first status that is final.
func (s *seen) WriteHeader(status int) {
	if s.status == 0 && status >= http.StatusOK {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write counts; without a status before it, it is a 200.
func (s *seen) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	n, err := s.ResponseWriter.Write(p)
	s.bytes += int64(n)
	return n, err
}

// Unwrap lets streams flush and set their own deadlines.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }
