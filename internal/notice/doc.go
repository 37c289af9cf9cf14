// Package notice tells people how a case goes: the reporter on the tracking
// page, units and posts on the desk.
//
// Wording is data: a [Book] of templates in both languages with places for a
// few facts, such as {number} or {due}. The list of facts is closed and holds
// no personal data, so that no template, however edited, can say who reported.
// A template with an unknown fact is refused where the book is read, with its
// line, not when somebody should be told something.
//
// [Book.Queue] writes a message in the caller's transaction: what happened and
// that it was told stand or fall together. A message on the [Portal] is
// delivered by being there, so its state is sent at once. Other channels get
// their own delivery, which takes messages in state queued; until a district
// has one, Queue refuses its name.
//
// It owns the table messages. It does not decide whom to tell, nor when.
package notice
