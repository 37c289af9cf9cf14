// Package open311 is the door for programs that speak Open311 GeoReport v2, in
// JSON and XML, under /open311/v2.
//
// Reading needs no key, so it gives what anybody may read and no more: things in
// the street (components, events, hazards) by what they are about, in which
// community, with which unit and until when. The words of a report and its
// address are never among them; nothing that was reported in secret is there at
// all. A system that shows its key reads its own reports whole, by number.
//
// Posting needs a key with the right to send reports. A posting goes the same
// way as every other report, through package intake; a picture that it names is
// fetched afterwards, by package peer.
//
// The life of a case is longer than open and closed. A case is closed when it
// has ended, whatever the end; status_notes says in the public words of its
// procedure what that was, or where it stands. One that was merged is open as
// long as the one in which it goes on, and one that was opened again is open.
//
// Every failure is a list of code and description in the format asked for: 404
// for what is not there, 403 for a key, 400 for nearly everything else. The door
// parses, calls one verb and shapes the answer; there are no rules and no SQL.
package open311
