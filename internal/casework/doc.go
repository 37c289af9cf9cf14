// Package casework is the centre of linli: a case is opened, acted on, joined
// with others, found again and counted here and nowhere else.
//
// # One way through
//
// [Open] makes a case, [Act] moves it along its procedure, [Attach] adds a
// report to it, [Merge] joins two, [NameOwner] rules whose job it is where no
// rule says. Each runs inside its caller's transaction and writes, together, the
// case, its tasks, its trail, and the jobs that tell people or wait for a
// deadline. [Ask], [Decide], [Resume] and [Withdraw] keep the ledger of pauses and
// extensions; [ReckonAll] has the dates of all that is open counted again.
// [Take] brings in cases that another system had before, with a trail
// that says so. What may be done now is [Available], and Act asks the same function.
//
// [List], [Count] and [Groups] read cases through one [Filter], so that a count
// equals its list and an export holds what the page showed.
//
// Who sees what is one [Scope], made from posts and rights by [ScopeOf], from a key
// by [ScopeOfKey], and for observers, to whom single cases are disclosed
// ([Disclose]), by [ObservedBy]. A Filter holds it in SQL, [Seen] for the direct link,
// and [WhoSees] turns it round. What lies outside is as if it were not there.
//
// # What it owns
//
// The tables case_serials, cases, tasks, ledger, reckonings, reports, ratings,
// supplements, saved_filters, disclosures and the full-text index case_text (with case_docs on SQLite).
//
// # What it does not do
//
// It does not locate, suggest or judge likeness (intake), knows no wording of
// messages (notice), and decides no rights beyond what a procedure says about
// who does a step (access).
package casework
