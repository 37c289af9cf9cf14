// Package hook takes the change feed to other systems' own addresses: each event
// a POST signed as Standard Webhooks has it, tried again with growing pauses, and
// given up after a week.
//
// A [Hook] is an address with a secret, which changes it wants to hear of, and
// how far along the feed it is. [PrepareSequence] reads the feed past the hooks
// and writes a delivery for each event and hook, in one transaction with the
// place it has come to, so that no event is left out and none is written twice.
// [Book.Send] is an outside job: it posts what waits for one hook, in the order of
// the feed, and notes what came of each.
//
// There is one such job a hook and not one a delivery. A target that answers
// slowly, lies or is gone takes one place of those who talk outside, for some
// seconds, and then rests: first for seconds, in the end for an hour. Nobody
// else waits for it, and no case ever does. What failed is tried again beside
// what comes later, so that order is kept as long as nothing fails and no longer.
// A target may get an event twice, with the same webhook-id, where an answer was
// lost; it never misses one that was not given up, and those wait to be sent
// again by hand ([Again], [AgainAll], [Replay]).
//
// A target that answers 410 is asked no more. Where it may lie is for package
// outbound: no address inside, whatever its name says, and no redirect.
//
// It owns the tables hooks and deliveries.
package hook
