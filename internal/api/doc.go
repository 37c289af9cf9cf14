// Package api is the door for other systems: HTTP with JSON under /api/v1,
// described in OpenAPI 3.1 at /openapi.json.
//
// A system shows its key as "Authorization: Bearer linli_…". A key's scopes are
// the rights of package access; [register] asks for the one an operation needs
// before anything of the request is read. Failures are problem+json with the
// kind of package errs as their code, words in both languages, and where in the
// request the fault lies. Lists are paged by a cursor.
//
// What all operations have in common stands around them, in the files frame_*.go,
// and no operation knows of it: a request under an Idempotency-Key is done once
// (package repeat), answers have an ETag, a change may ask by If-Match that
// nobody was faster, fields leaves out what nobody wants, and a cursor is signed
// together with the filter it belongs to. An operation adds itself by [register];
// what it answers gets its tag's revision by a method version, and its cursor is
// found by nextCursor.
//
// The document is also what people read at /api/ and what package client is made
// from (genclient). Its examples are exchanges that the tests of this package
// really had.
//
// A report that a system sends carries the system's own reference: sent again it
// makes nothing new. References of different systems do not meet.
//
// A key is a system's, which sends reports and reads, or it acts: with the posts of
// the person who made it, or as the one post it is bound to. The caller of a key
// that acts is the same [page.View] that the pages have, narrowed to the scopes of
// the key, so that both show and do the same.
//
// What goes out to a system holds no personal data: no name, no telephone, no
// address, and no text of a case whose reporter is kept secret. Whoever acts reads
// what the page shows, masked; more is for the operation reveal, on record.
//
// Each operation is one file that parses, calls one verb and shapes the answer;
// there are no rules and no SQL here. The types of this package are the
// interface: changing one changes docs/openapi.json, which a test compares.
package api
