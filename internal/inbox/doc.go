// Package inbox takes in what people write to the district: e-mail, text
// messages, WeChat. A channel's adapter makes a [Letter] of what came;
// [Box.Take] makes of it a report, or more words to a case that runs.
//
// A letter belongs to a case if it answers one of ours and comes from where that
// went, or if it gives the case's number and its secret word. Anything else is a
// new report, taken in by intake like every other; one that is written to the
// mailbox of a community is of that community. The writer is told the number and
// the secret word by the way the letter came.
//
// Nobody answers a program, or two of them would answer each other for ever:
// what a program wrote, what came from our own address and what comes too often
// from one writer gets no answer. A letter that came back marks ours as failed.
// Each letter is taken in once, by its own id, in one transaction.
//
// A text message too long for one comes in parts, each of which is kept before it
// is acknowledged; it is taken in when the last has come, or, after a time, with
// what came.
//
// It owns the tables arrivals, which keeps no words and no addresses,
// arrival_parts, wechat_drafts, what followers of the WeChat account have begun to report, and
// wechat_talks, the last answer to each. It does not fetch anything: the
// channels' packages do.
package inbox
