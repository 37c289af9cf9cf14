// Package rights says what may be done and which roles may do it.
//
// A [Right] is one thing that a page, a list or a verb asks before it does
// anything; the code names it. Which roles have it is data: the rulebook
// roles.yaml of a pack, read by [Parse] into a [Book]. Rights hang on posts
// (a role in a unit, for an area, for a time) and never on people: whoever asks
// looks the roles of the posts held at that minute up here.
//
// The book is a table on purpose, not a program in a policy language: an
// auditor reads who may do what from one page, a decision is two look-ups, and
// what a right reaches (which cases, whose data) is the scope's to say, one
// rule for lists, counts, exports and direct links alike.
//
// A role may be shut out of another ([Book.Exclusive]): who sets up, who gives
// rights and who audits are three people. A role whose holders see personal
// data asks for a second factor ([Book.Second]).
//
// The package is pure. It knows no people, posts or units.
package rights
