package web

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// always are the headers of every answer: no script but ours, no frames, no
// sniffing, nothing of ours inside other sites, no device that a page does not
// ask for by its own words.
var always = map[string]string{
	"Content-Security-Policy":      ui.CSP,
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           "geolocation=(self), camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), microphone=(), payment=(), usb=(), serial=(), midi=(), display-capture=(), browsing-topics=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	// Browsers that know no frame-ancestors know this one.
	"X-Frame-Options": "DENY",
}

// transport makes browsers stay with TLS for two years. It is sent only where
// readers come over TLS: without, it would lock them out.
const transport = "max-age=63072000; includeSubDomains"

// headers sends what every answer has. A handler may still tighten them.
func headers(h *page.House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		for name, value := range always {
			head.Set(name, value)
		}
		if h.Secure {
			head.Set("Strict-Transport-Security", transport)
		}
		head.Set("Cache-Control", "no-store") // what may be kept says so itself
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
			h.Log.ErrorContext(r.Context(), "panic", "route", noteOf(r).route, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			h.Handle(func(*page.View) error { return fmt.Errorf("panic: %v", p) }).ServeHTTP(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
