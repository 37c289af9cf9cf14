// Package shape is what operations of more than one package show alike, or take: a
// case as a list has it, where it lies and how it stands, what may be done with it,
// a photo. The operations' packages do not know each other, so it lies here.
//
// What goes out to a system holds no personal data: no name, no telephone, no
// address, and no text of a case whose reporter is kept secret; of such a case
// nothing tells the minute at which it came in, to whoever must not know.
package shape
