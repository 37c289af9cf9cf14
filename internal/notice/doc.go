// Package notice tells people how a case goes: the reporter on the tracking
// page and, by the ways that the reporter chose, outside of it; units and posts
// on the desk.
//
// Wording is data: a [Book] of templates in both languages with places for a
// few facts, such as {number} or {due}. The list of facts is closed and holds
// no personal data, so that no template, however edited, can say who reported.
// A template with an unknown fact is refused where the book is read, with its
// line, not when somebody should be told something. A district may word each of
// them its own way ([Book.Reword]); what it writes is held to the same.
//
// [Book.Queue] writes a message in the caller's transaction: what happened and
// that it was told stand or fall together. A message on the [Portal] is
// delivered by being there, so its state is sent at once. For each [Way] of the
// reporter another is written in state queued, with a job that takes it to its
// channel's carrier ([Book.PrepareCarry]); the counterpart tells whether it
// arrived ([Book.Reported]), each part by itself where it went in several. Every
// message has its record, with where it went masked and why it failed. An address
// of which the counterpart says that there is none is marked and used no more,
// until its holder or somebody at the desk has it tried again.
//
// Each fact has a class, that of the field it comes from, and each channel a
// highest class that it may tell ([ClassOf], [Highest]). What is above it never
// reaches the letter: the template is filled without, or the letter says only
// that there is news and where. Of a secret report no letter says more.
//
// It owns the tables messages, message_parts, ways and notice_texts. It does not decide whom to
// tell, nor when.
package notice
