// Package look shows masked personal data, and keeps the record of it that the
// person concerned reads.
//
// Names and numbers of residents are masked on every page. [Reveal] is the one
// way to see more: through a post that has the right and sees the case, for a
// purpose of the district's list, for the case it serves, with a reason, and
// only the fields that the purpose allows. The look is on disk, and in the
// trail, before the value leaves; where it cannot be written, nothing is shown.
//
// # Who is told
//
// The person. [Ledger] says when, which unit, in which role, for what, which
// fields and what sort of reason; not the name of the member of staff, who
// acted for the unit, and not the reason's own words, which may speak of others.
// Who took the report down is in it too.
//
// # Later, by law
//
// Where telling would hinder an investigation, whoever looked asks for a delay
// with the article that allows it ([AskDelay]), and somebody else decides
// ([DecideDelay]). While nobody has decided the look is held back for a day at
// most, since telling cannot be taken back. A delay ends by itself, after six
// months at most, once prolonged; then the person sees the look, that it was
// held back, and by which law.
//
// # Too much
//
// One person sees so many fields an hour and no more. Unusual reading does not
// stop the work, which may be urgent: it is told to the security and the audit
// administrator once a day for each reader ([AlarmJob], [Signs]).
//
// # What it owns
//
// The tables looks, look_delays and look_days. Personal data are not in them:
// a look names the report and the fields, never what they held.
package look
