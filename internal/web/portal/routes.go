package portal

import (
	"net/http"

	"linli/internal/web/page"
)

// Routes adds the pages of residents.
func Routes(mux *http.ServeMux, h *page.House) {
	promises := &ledger{}
	guesses := &guesses{}
	open := &records{}
	mux.Handle("GET /{$}", h.Handle(promises.home))
	mux.Handle("GET /late", h.Handle(promises.late))
	mux.Handle("GET /report", h.Handle(startReport))
	mux.Handle("POST /report", h.Handle(goOnReport))
	mux.Handle("GET /report/photo/{n}", h.Handle(waitingPhoto))
	mux.Handle("GET /report/sent", h.Handle(sent))
	mux.Handle("GET /track", h.Handle(trackForm))
	mux.Handle("POST /track", h.Handle(guesses.track))
	mux.Handle("GET /track/{number}", h.Handle(showCase))
	mux.Handle("POST /track/{number}", h.Handle(actOnCase))
	mux.Handle("POST /track/{number}/push", h.Handle(pushCase))
	mux.Handle("POST /track/{number}/ways/{id}/again", h.Handle(tryWay))
	mux.Handle("GET /track/{number}/looks", h.Handle(showLooks))
	mux.Handle("GET /track/{number}/looks.csv", h.Handle(looksFile("csv")))
	mux.Handle("GET /track/{number}/looks.json", h.Handle(looksFile("json")))
	mux.Handle("GET /track/{number}/data", h.Handle(showData))
	mux.Handle("POST /track/{number}/data", h.Handle(askData))
	mux.Handle("POST /track/{number}/data/copy", h.Handle(fetchCopy))
	mux.Handle("GET /track/{number}/receipt", h.Handle(giveReceipt))
	mux.Handle("GET /mine", h.Handle(mine))
	mux.Handle("GET /matters", h.Handle(matters))
	mux.Handle("GET /matters/{code}", h.Handle(matter))
	mux.Handle("GET /area", h.Handle(areas))
	mux.Handle("POST /area", h.Handle(chooseArea))
	mux.Handle("GET "+performHref, h.Handle(open.performance))
	mux.Handle("GET "+performHref+"/late", h.Handle(open.missed))
	mux.Handle("GET "+performHref+"/{form}", h.Handle(open.data))
	mux.Handle("GET /about/privacy", h.Handle(dataUse))
	mux.Handle("GET "+registerPath, h.Handle(register))
	mux.Handle("GET /about/notices", h.Handle(notices))
	mux.Handle("GET /about/access", h.Handle(accessibility))
	mux.Handle("GET /about/duty", h.Handle(duty))
}
