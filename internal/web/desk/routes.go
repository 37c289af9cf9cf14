package desk

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/web/page"
)

// Routes adds the pages of the desk.
func Routes(mux *http.ServeMux, h *page.House) {
	see := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(access.CaseSee, fn)) }
	see("GET /desk", queueShow)
	see("GET /desk/part/{part}", queuePart)
	see("GET /desk/cases", casesShow)
	see("POST /desk/filters", filterSave)
	see("POST /desk/filters/{id}/drop", filterDrop)
	see("GET /desk/search", searchShow)
	see("GET /desk/notices", noticesShow)
	see("POST /desk/notices", noticesRead)
	see("GET /desk/case/{id}", caseShow)
	see("GET /desk/case/{id}/trail", caseTrailPart)
	see("POST /desk/case/{id}/act", caseAct)
	see("POST /desk/case/{id}/ask", caseAsk)
	see("POST /desk/case/{id}/ledger/{entry}", caseEntry)
	see("POST /desk/case/{id}/orders/{order}", caseReply)
	see("GET /desk/no-owner", noOwner)
	see("GET "+askedPath, askedShow)

	mux.Handle("POST /desk/case/{id}/urge", h.Staff(access.Supervise, caseUrge))
	mux.Handle("POST /desk/case/{id}/order", h.Staff(access.Supervise, caseOrder))
	mux.Handle("GET /desk/cases.xlsx", h.Staff(access.CaseExport, exportXLSX))
	mux.Handle("GET /desk/cases.csv", h.Staff(access.CaseExport, exportCSV))
	mux.Handle("POST /desk/case/{id}/owner", h.Staff(access.OwnerName, nameOwner))
	mux.Handle("GET /desk/merge", h.Staff(access.CaseMerge, mergeForm))
	mux.Handle("POST /desk/merge", h.Staff(access.CaseMerge, merge))
}
