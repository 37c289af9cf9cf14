// Package resident knows the people who report: by the phone number they hold,
// and by whom they let act for them.
//
// A resident signs in with the number and a code that is sent to it
// ([Book.Ask], [Book.SignIn]), later with a passkey. Nobody applies for an
// account: the first right code makes it, so that asking for a code tells
// nobody whether a number is known here. It holds what it must: the number and
// a name if one was given, both sealed; the language; which notice was shown,
// and when.
//
// Numbers change hands. An account therefore holds its number for a time, and
// what was reported from the number in that time is the account's to see:
//
//   - The first code shows what was reported in the last 90 days. Carriers keep
//     a number that was given up out of use for that long, so whoever holds it
//     now has sent these reports.
//   - Who signs in again within 180 days goes on with the account.
//   - After a longer absence a code alone proves nothing of the past. It begins a
//     new account, which sees what is reported from then on; the old one keeps
//     its matters, for the passkey of whoever had it, and its proxies end. Older
//     matters are opened by number and secret word.
//
// Guessing is slow: a code has six digits, lives five minutes and takes five
// tries; a phone gets one a minute and ten a day, so fifty guesses of a million
// a day. How often one network may ask is counted at the door. A code is stored
// as a keyed hash, leaves as a job of the transaction that made it, and stands
// in no log and in no error of a job.
//
// A proxy ([Proxy]) is somebody who acts for another person: a daughter for her
// father, a community worker for an old neighbour, a guardian for a child. It
// says in what, from when until when (a year at the most), and how the authority
// was shown: by a code sent to the person's own phone, or at the counter by a
// clerk who names the paper seen. Both sides see it and either ends it at any
// time. A child under fourteen is asked for no code: its guardians come to the
// counter, and their authority ends with the fourteenth birthday at the latest.
// Every beginning, act and end stands in the trail under ids, never names.
//
// It owns the tables residents, resident_codes and proxies. It knows no cases
// and no pages, and does not keep sessions or passkeys: package access does.
package resident
