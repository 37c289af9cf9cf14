// Package me is what a resident has behind a sign-in of their own: all their
// matters in one list, who acts for them and for whom they act, who looked at
// their data, and the way in itself: phone and code, passkeys, sessions.
//
// Signing in is never needed. Everything can be reported without it, and a case
// is opened by number and secret word as before; secret cases only so. Who is
// signed in is asked for neither: the tracking page of an own case opens by
// itself, from [page.View.Stands].
//
// Every page works without script, but for passkeys, which browsers have no
// other way for. A handler calls one verb of resident or access and shows one
// component.
package me
