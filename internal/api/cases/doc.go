// Package cases has the operations on cases: lists, searches and counts; one case
// with its tasks, its ledger and its trail, its photos and why its date is what it
// is; who sees it. By keys that act, what the pages let somebody do with it:
// actions, pauses and longer limits, merging, owners, observers; the own queue and
// notices.
//
// Whoever acts reads what the page shows, masked; more is for the operation reveal,
// on record. A system reads no name, no address, and of a case whose reporter is
// kept secret no text.
package cases
