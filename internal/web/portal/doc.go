// Package portal is everything a resident sees: the first page, reporting
// something in four screens, following it up to the rating, the catalogue with
// its limits, and what the district does with what it is told.
//
// Nobody signs in here. A resident proves a case with its number and either the
// secret word of the receipt or the last four digits of the phone; the session
// remembers which cases were proved and which photos wait to be sent, and
// nothing else. Everything works without script: a form carries its own state
// from screen to screen.
//
// A handler parses, calls one verb of intake or casework, and shows one
// component. What a reporter may do is what casework.Available says.
package portal
