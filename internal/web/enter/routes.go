package enter

import (
	"net/http"

	"linli/internal/web/page"
)

// Routes adds the pages of this door.
func Routes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET /sign-in", h.Handle(signInForm))
	mux.Handle("POST /sign-in", h.Handle(signIn))
	mux.Handle("POST /sign-in/passkey", h.Handle(signInPasskey))
	mux.Handle("GET /sign-in/second", h.Handle(secondForm))
	mux.Handle("POST /sign-in/second", h.Handle(second))
	mux.Handle("POST /sign-in/second/passkey", h.Handle(secondPasskey))
	mux.Handle("GET /sign-in/set-up", h.Handle(setUpForm))
	mux.Handle("POST /sign-in/set-up", h.Handle(setUp))
	mux.Handle("POST /sign-in/set-up/passkey", h.Handle(setUpPasskey))
	mux.Handle("GET /sign-in/invited/{link}", h.Handle(invitedForm))
	mux.Handle("POST /sign-in/invited/{link}", h.Handle(invited))
	mux.Handle("GET /sign-in/provider", h.Handle(leave))
	mux.Handle("GET "+backPath, h.Handle(comeBack))
	mux.Handle("POST /sign-out", h.Handle(signOut))

	mux.Handle("GET /account", h.SignedIn(account))
	mux.Handle("POST /account/sessions", h.SignedIn(endSessions))
	mux.Handle("GET /account/password", h.SignedIn(fresh(passwordForm)))
	mux.Handle("POST /account/password", h.SignedIn(fresh(changePassword)))
	mux.Handle("GET /account/app", h.SignedIn(fresh(appForm)))
	mux.Handle("POST /account/app", h.SignedIn(fresh(addApp)))
	mux.Handle("POST /account/app/remove", h.SignedIn(fresh(removeApp)))
	mux.Handle("GET /account/passkey", h.SignedIn(fresh(passkeyForm)))
	mux.Handle("POST /account/passkey", h.SignedIn(fresh(addPasskey)))
	mux.Handle("POST /account/passkey/remove", h.SignedIn(fresh(removePasskey)))
	mux.Handle("GET /account/provider", h.SignedIn(fresh(leaveToBind)))
	mux.Handle("POST /account/provider/remove", h.SignedIn(fresh(unbind)))
	mux.Handle("GET /account/keys", h.SignedIn(fresh(keyForm)))
	mux.Handle("POST /account/keys", h.SignedIn(fresh(makeKey)))
	mux.Handle("POST /account/keys/{id}/end", h.SignedIn(endKey))
	mux.Handle("GET /account/calendar", h.SignedIn(fresh(calendarForm)))
	mux.Handle("POST /account/calendar", h.SignedIn(fresh(makeCalendar)))
	mux.Handle("POST /account/calendar/{id}/end", h.SignedIn(endCalendar))
	mux.Handle("POST /account/recovery", h.SignedIn(fresh(newRecovery)))
}
