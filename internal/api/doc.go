// Package api is the door for other systems: HTTP with JSON under /api/v1,
// described in OpenAPI 3.1 at /openapi.json.
//
// A system shows its key as "Authorization: Bearer linli_…". A key's scopes are
// the rights of package access; [register] asks for the one an operation needs
// before anything of the request is read. Failures are problem+json with the
// kind of package errs as their code, words in both languages, and where in the
// request the fault lies. Lists are paged by a cursor.
//
// A report that a system sends carries the system's own reference, or an
// Idempotency-Key: sent again it makes nothing new and gets the same answer.
// References of different systems do not meet.
//
// What goes out holds no personal data: no name, no telephone, no address, and
// no text of a case whose reporter is kept secret.
//
// Each operation is one file that parses, calls one verb and shapes the answer;
// there are no rules and no SQL here. The types of this package are the
// interface: changing one changes docs/openapi.json, which a test compares.
package api
