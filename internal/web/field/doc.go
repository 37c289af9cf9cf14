// Package field is what a grid worker carries: an installable page on a phone,
// with today's tasks, the worker's own grids on a map, what was reported from
// them and how it went, and a report made on the spot.
//
// Each page is one column under a bar with the grid's name, above a dock in
// reach of the thumb (shell.go). Every page works without script; with it a
// position takes one press and what is written is kept on the phone.
//
// The package holds no rules and no SQL: who may do what is the procedure's to
// say, through [page.View.Offers], and a report goes the way of all, through
// [intake.Desk.Receive].
package field

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
)

// Routes adds the pages of the field.
func Routes(mux *http.ServeMux, h *page.House) {
	worker := func(fn page.Handler) http.Handler { return h.Staff(rights.CaseVerify, fn) }
	taker := func(fn page.Handler) http.Handler { return h.Staff(rights.ReportReceive, fn) }
	mux.Handle("GET /field", worker(today))
	mux.Handle("GET /field/task/{id}", worker(task))
	mux.Handle("POST /field/task/{id}", worker(act))
	mux.Handle("POST /field/task/{id}/hold", worker(hold))
	mux.Handle("GET /field/report", taker(report))
	mux.Handle("POST /field/report", taker(send))
	mux.Handle("GET /field/sent/{id}", taker(sent))
	mux.Handle("GET /field/reported", worker(reported))
	mux.Handle("GET /field/grid", worker(grid))
	mux.Handle("GET /field/me", worker(me))
	mux.Handle("POST /field/me/push", worker(pushMe))
	mux.Handle("POST /field/me/push/{id}/end", worker(pushEnd))
}
