// Package mail carries letters by e-mail and reads what comes by it.
//
// Out: a [Relay] hands a letter to the district's own mail server over SMTP,
// which signs (DKIM) and delivers it. A letter says that a program wrote it,
// names the thread it belongs to, and bounces to an address that names it.
//
// In: a [Receiver] takes mail over SMTP, a [Mailbox] fetches it over IMAP, and
// [Read] makes of the bytes what somebody wrote: the text, plain where there is
// such a part, in whatever charset; the pictures; which letter of ours it
// answers; whether a program wrote it ([Received].Auto), and which of our
// letters came back ([Received].Bounces). Bad bytes cost little and harm nobody.
//
// It knows no district and no case, and keeps nothing.
package mail
