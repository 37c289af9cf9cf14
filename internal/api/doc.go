// Package api is the door for other systems: HTTP with JSON under /api/v1,
// described in OpenAPI 3.1 at /openapi.json.
//
// It puts together what lies in the packages below it: frame stands around every
// operation, shape is what several of them show alike, and the operations
// themselves are in reports (what people send), cases (what is read of cases and
// done to them), oversight (supervision, meetings, scorecards), events (the change
// feed and webhooks), tables (the district's tables, for every key) and admin
// (people, keys, set-up). None of these six knows another. An operation is one
// function that parses, calls one verb and shapes the answer; there are no rules
// and no SQL here, and no tables are owned.
//
// The document is what people read at /api/ and what package client is made from
// (genclient). Its examples are exchanges that the tests of this package really
// had. The types of the operations' packages are the interface: changing one
// changes docs/openapi.json, which a test compares. Their names in the document
// are those of Go without the package, so that no two packages may have one alike.
package api
