package web

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// headers keep pages to themselves: no script but ours, no frames, no sniffing.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", ui.CSP)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, "/assets/") {
			head.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// recovered answers a panic as any other failure: a reference for the reader,
// the rest into the log.
func recovered(h *page.House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			h.Log.Error("panic", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			h.Handle(func(*page.View) error { return fmt.Errorf("panic: %v", p) }).ServeHTTP(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
