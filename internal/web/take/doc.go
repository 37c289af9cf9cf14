// Package take is where an agent or a clerk takes down what somebody says, on
// the telephone or at the counter: one dense form, filled in while talking.
//
// While the number is typed, the caller's earlier cases stand beside it
// (caller.go); while the words and the address are typed, what they may mean
// does: matters, areas, the unit that will get it and why, and cases that may
// be the same thing (means.go). Saving leads to a receipt to read out
// (receipt.go), where a question can be answered at once. At the counter a clerk
// also records who may act for whom (proxy.go).
//
// Every part works without script: each button sends the whole form, which
// comes back as it was with more beside it. The package holds no rules and no
// SQL: [intake.Desk] takes in, the procedure says what may follow.
package take

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
)

// Routes adds the pages of taking down.
func Routes(mux *http.ServeMux, h *page.House) {
	staff := func(fn page.Handler) http.Handler { return h.Staff(rights.ReportReceive, fn) }
	mux.Handle("GET /desk/take", staff(show))
	mux.Handle("POST /desk/take", staff(take))
	// The open page posts to these, so that numbers stay out of addresses and
	// with them out of logs; a plain GET answers the same.
	for _, method := range []string{"GET", "POST"} {
		mux.Handle(method+" /desk/take/caller", h.Staff(rights.CallerFind, callerPart))
		mux.Handle(method+" /desk/take/suggest", staff(meansPart))
	}
	mux.Handle("GET /desk/take/proxy", h.Staff(rights.ProxyKeep, proxyPage))
	mux.Handle("POST /desk/take/proxy", h.Staff(rights.ProxyKeep, recordProxy))
	mux.Handle("POST /desk/take/proxy/{proxy}/end", h.Staff(rights.ProxyKeep, endProxy))
	mux.Handle("GET /desk/take/receipt/{id}", staff(receipt))
	mux.Handle("POST /desk/take/receipt/{id}", staff(answer))
}
