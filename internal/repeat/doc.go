// Package repeat makes it safe to send a request twice. A system that got no
// answer does not know whether its request was done; with an Idempotency-Key it
// sends the same again and gets the answer of the first time, and nothing is
// done a second time.
//
// [Book.Begin] claims a name before the request is done, so that two copies of
// the program, or two lines of one, do not both do it. [Book.Done] keeps the
// answer, [Book.Undone] gives the name free where the request was refused and
// did nothing. A request whose end nobody saw, because the program was stopped
// in the middle of it, stays [Unfinished]: doing it again might do it twice, so
// its sender has to look.
//
// Names and requests are kept as blind indexes and answers sealed, for [Kept].
// The package knows no HTTP and not what a request means.
//
// It owns the table repeats.
package repeat
