// Package feeds is what a neighbourhood hears of its street without asking: for
// each area a page, the same as RSS 2.0 and Atom for feed readers, and a screen
// for the television in the hall or at home (HC-24), which reloads itself without
// script, needs no hand, and works on the browser of an old set-top box.
//
// All four show the same news: things in the street that anybody may know of, in
// the words of the matter and of the public side of the procedure, with the road
// but no house number. What was told in secret is not among them, nor any word
// that somebody wrote.
package feeds
