// Package web puts the doors together: it mounts the pages of the portal, the
// desk, the field and the administration, the machine interface, signing in,
// pictures and assets, and stands guard before all of them: sessions, origin
// checks, security headers.
package web

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// Mount adds a door's routes.
type Mount func(mux *http.ServeMux, h *page.House)

// Handler makes the whole house of doors.
func Handler(h *page.House, doors ...Mount) http.Handler {
	mux := http.NewServeMux()
	routes(mux, h)
	for _, mount := range doors {
		mount(mux, h)
	}
	// The check on where a form was sent from needs no token in the page.
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(h.Handle(stranger))
	inside := limited(h, recovered(h, origin.Handler(known(h, mux))))
	return proxied(h, noted(h, headers(h, paced(prefixed(h, h.Sessions.LoadAndSave(inside))))))
}

// liveRoute is the pattern of live pages, which last as long as somebody looks.
const liveRoute = "GET /live"

// routes are those of this package itself.
func routes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET /healthz", http.HandlerFunc(healthz))
	mux.Handle("GET /readyz", readyz(h))
	mux.Handle("GET /assets/", ui.Assets())
	mux.Handle("GET /gallery/", inDemo(h, ui.Gallery()))
	mux.Handle("GET /choose", h.Handle(choose))
	mux.Handle("GET /photo/{id}", h.Handle(photo))
	mux.Handle(liveRoute, h.Staff(rights.CaseSee, page.Live))
	mux.Handle("/", h.Handle(nowhere))
}
