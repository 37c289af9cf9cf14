package desk

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
)

// Routes adds the pages of the desk.
func Routes(mux *http.ServeMux, h *page.House) {
	see := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.CaseSee, fn)) }
	see("GET /desk", queueShow)
	see("GET /desk/part/{part}", queuePart)
	see("GET /desk/cases", casesShow)
	see("POST /desk/filters", filterSave)
	see("POST /desk/filters/{id}/drop", filterDrop)
	see("GET /desk/search", searchShow)
	mux.Handle("GET /desk/notices", h.SignedIn(noticesShow)) // administrators are told things too
	mux.Handle("POST /desk/notices", h.SignedIn(noticesRead))
	see("GET /desk/case/{id}", caseShow)
	see("GET /desk/case/{id}/trail", caseTrailPart)
	see("POST /desk/case/{id}/act", caseAct)
	see("POST /desk/case/{id}/hold", caseHold)
	see("POST /desk/case/{id}/ask", caseAsk)
	see("POST /desk/case/{id}/ledger/{entry}", caseEntry)
	see("POST /desk/case/{id}/orders/{order}", caseReply)
	see("GET /desk/case/{id}/person", personPart)
	see("GET /desk/case/{id}/reveal", revealForm)
	see("POST /desk/case/{id}/reveal", reveal)
	see("GET /desk/case/{id}/data", dataShow)
	mux.Handle("POST /desk/case/{id}/data", h.Staff(rights.DataKeep, dataDo))
	mux.Handle("GET "+takePath, h.Staff(rights.ReportReceive, dataTakeForm))
	mux.Handle("POST "+takePath, h.Staff(rights.ReportReceive, dataTake))
	see("GET /desk/no-owner", noOwner)
	see("GET "+askedPath, askedShow)
	see("GET /desk/case/{id}/who", whoShow)
	mux.Handle("GET "+whoPath, h.Staff(rights.RightsSee, whoAsked))
	mux.Handle("POST /desk/case/{id}/disclosures", h.Staff(rights.CaseOpenTo, disclose))
	mux.Handle("POST /desk/case/{id}/disclosures/{disclosure}/end", h.Staff(rights.CaseOpenTo, endDisclosure))

	observe := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.CaseObserve, fn)) }
	observe("GET "+observePath, observeShow)
	observe("GET "+observePath+"/{id}", observedShow)
	observe("POST "+observePath+"/{id}/remark", observedRemark)

	mux.Handle("GET "+looksPath, h.SignedIn(looksShow))
	mux.Handle("POST "+looksPath+"/delays", h.Staff(rights.DataReveal, delayAsk))
	mux.Handle("POST "+looksPath+"/delays/{delay}", h.Staff(rights.LookDelay, delayDecide))
	mux.Handle("POST /desk/case/{id}/urge", h.Staff(rights.Supervise, caseUrge))
	mux.Handle("POST /desk/case/{id}/order", h.Staff(rights.Supervise, caseOrder))
	mux.Handle("GET /desk/cases.xlsx", h.Staff(rights.CaseExport, exportXLSX))
	mux.Handle("GET /desk/cases.csv", h.Staff(rights.CaseExport, exportCSV))
	mux.Handle("POST /desk/case/{id}/owner", h.Staff(rights.OwnerName, nameOwner))
	mux.Handle("GET /desk/merge", h.Staff(rights.CaseMerge, mergeForm))
	mux.Handle("POST /desk/merge", h.Staff(rights.CaseMerge, merge))
}
