package watch

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
)

// home is the address of the first page; the others lie below it.
const home = "/desk/watch"

// Routes adds the pages of supervision.
func Routes(mux *http.ServeMux, h *page.House) {
	see := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.CaseSee, fn)) }
	see("GET "+home, overview)
	see("GET "+home+"/stuck", stuck)
	see("GET "+home+"/decisions", decisions)
	see("POST "+home+"/meetings/{id}/items/{item}/done", carryOut)
	see("GET "+home+"/meetings", meetings)
	see("GET "+home+"/meetings/{id}", meetingShow)
	see("GET "+home+"/meetings/{id}/minutes", minutesShow)
	see("GET "+home+"/meetings/{id}/minutes.pdf", minutesPDF)

	see("GET "+home+"/orders", orders)
	see("GET "+home+"/orders/{id}", orderShow)
	see("POST "+home+"/orders/{id}/reply", orderReply)
	see("GET "+home+"/bounces", bounces)
	see("GET "+home+"/bounces/{unit}/{way}", passed)
	see("GET "+home+"/rungs", rungs)
	mux.Handle("GET "+home+"/orders.xlsx", h.Staff(rights.CaseExport, ordersBook))

	above := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.Supervise, fn)) }
	above("GET "+home+"/orders/new", giveForm)
	above("POST "+home+"/orders", give)
	above("POST "+home+"/orders/{id}/lift", orderLift)
	above("POST "+home+"/orders/{id}/decide", orderDecide)
	above("GET "+home+"/accounts/new", accountForm)
	above("POST "+home+"/accounts", account)

	keep := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.MeetingKeep, fn)) }
	keep("GET "+home+"/meetings/new", planForm)
	keep("POST "+home+"/meetings", plan)
	keep("GET "+home+"/meetings/{id}/plan", changeForm)
	keep("POST "+home+"/meetings/{id}/plan", change)
	keep("POST "+home+"/meetings/{id}/items", itemAdd)
	keep("POST "+home+"/meetings/{id}/items/{item}/drop", itemDrop)
	keep("POST "+home+"/meetings/{id}/items/{item}/decide", itemDecide)
	keep("POST "+home+"/meetings/{id}/items/{item}/back", itemBack)
	keep("POST "+home+"/meetings/{id}/hold", hold)
	keep("POST "+home+"/meetings/{id}/minutes", minutesSave)
	keep("POST "+home+"/meetings/{id}/close", closeMeeting)
	keep("POST "+home+"/meetings/{id}/cancel", cancel)

	list := func(pattern string, fn page.Handler) {
		mux.Handle(pattern, either(h, fn, rights.CaseSee, rights.AdmissionKeep))
	}
	list("GET "+home+"/admissions", admissions)
	list("GET "+home+"/admissions/new", proposeForm)
	list("POST "+home+"/admissions", propose)
	mux.Handle("POST "+home+"/admissions/{id}", h.Staff(rights.AdmissionKeep, admissionAct))
	mux.Handle("GET "+home+"/admissions/import", h.Staff(rights.AdmissionKeep, importForm(admissionTable)))
	mux.Handle("POST "+home+"/admissions/import", h.Staff(rights.AdmissionKeep, importTable(admissionTable)))

	mux.Handle("GET "+home+"/duty", either(h, duty, rights.CaseSee, rights.SetupImport))
	roster := func(pattern string, fn page.Handler) {
		mux.Handle(pattern, either(h, fn, rights.Supervise, rights.SetupImport))
	}
	roster("POST "+home+"/duty", dutyEnter)
	roster("POST "+home+"/duty/{id}/remove", dutyRemove)
	roster("GET "+home+"/duty/import", importForm(dutyTable))
	roster("POST "+home+"/duty/import", importTable(dutyTable))
}

// either makes a handler for people with one of several rights. The last is
// named to those who have none.
func either(h *page.House, fn page.Handler, rights ...rights.Right) http.Handler {
	return h.Handle(func(v *page.View) error {
		right := rights[len(rights)-1]
		for _, r := range rights {
			if v.Can(r) {
				right = r
			}
		}
		h.Staff(right, fn).ServeHTTP(v.W, v.R)
		return nil
	})
}
