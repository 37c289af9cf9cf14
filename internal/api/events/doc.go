// Package events has the operations by which other systems hear of changes: the
// change feed, read on from any place in the log and waiting for what comes
// (package feed), and webhooks, to which the same is sent (package hook).
//
// Both hold public facts alone, nothing of cases whose reporter is kept secret, and
// no more than the area and the unit that the key is bound to.
package events
