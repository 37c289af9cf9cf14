package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A route is a pattern of ours, whatever was asked for.
func TestRouteOf(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/case/{id}/", http.NotFoundHandler())
	mux.Handle("GET /track/{number}", http.NotFoundHandler())
	for _, row := range []struct{ method, path, want, why string }{
		{"GET", "/track/261123-01478", "GET /track/{number}", "a page"},
		{"POST", "/track/261123-01478", "", "no such method"},
		{"GET", "/case/261123-01478", "/case/{id}/", "led on to the slash"},
		{"CONNECT", "/case/261123-01478", "redirect", "led on, with the address for a pattern"},
		{"GET", "/ouyang", "", "nothing there"},
	} {
		r := httptest.NewRequest("GET", row.path, nil)
		r.Method = row.method
		if got := routeOf(mux, r); got != row.want {
			t.Errorf("%s %s (%s): %q, want %q", row.method, row.path, row.why, got, row.want)
		}
	}
}
