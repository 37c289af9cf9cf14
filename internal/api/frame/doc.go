// Package frame is what all operations of the machine interface have in common, and
// no operation knows of.
//
// An operation is a function of a [Caller] and of what was asked. It adds itself to
// the [Door] by [Register] with the right that a key needs for it, or by [Acting]
// where only a key may call it that acts for somebody. Around it stand: how often a
// key may come; the key, shown as "Authorization: Bearer linli_…", and its right,
// asked for before anything of the request is read; If-Match, by which a change may
// ask that nobody was faster; Idempotency-Key, under which a request is done once
// (package repeat); cursors, signed together with the filter they belong to; fields,
// which leaves out of the answer what nobody wants; and its ETag. Failures are
// problem+json with the kind of package errs as their code, words in both languages,
// and where in the request the fault lies.
//
// What the body of an answer says of itself it says by methods: Version is the
// revision that its tag begins with, NextCursor where its next page begins.
//
// A key is a system's, which sends reports and reads, or it acts: with the posts of
// the person who made it, or as the one post it is bound to. The caller of a key
// that acts is the same [page.View] that the pages have, narrowed to the scopes of
// the key, so that both show and do the same.
//
// From the operations the frame writes the OpenAPI document, and shows it as
// people read it at /api/. It has no operations of its own.
package frame
