// Package peer is linli as a client of other servers that speak Open311 GeoReport
// v2: it fetches what was reported there and belongs here, and sends there what
// was reported here and belongs there.
//
// A [Peer] is set up by the administrator: address, key, which of their services
// is which of our matters, how often. [Book.Round] is an outside job of each: it
// looks after what was sent and is not yet known, sends what is new, fetches what
// is new, and asks how everything that is still open stands. One round's failure
// is written down and seen on the administration's page; the next comes all the
// same.
//
// What is fetched goes the way of every report, through package intake, under the
// peer's id and the request's own number, so that fetched again it is one report.
// What is sent is written down before it is sent. Where nobody knows whether it
// arrived, since the answer did not, the peer's own list is looked through for it
// first, and only what is not there is sent again.
//
// A peer's word never moves a case: that it has closed the request is a line in
// the case's trail, and whoever deals with the case reads it there. A case whose
// reporter is kept secret is never sent, nor anybody's name or number; the words
// of a report go along only where the administrator says so.
//
// It owns the tables peers and peer_requests.
package peer
