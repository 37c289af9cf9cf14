// Package procedure turns a procedure written as data into the steps a case
// takes. A district writes, in one YAML file, which steps there are, who does
// them, by when, and what each action leads to; this package parses it, checks
// it, and runs it.
//
// # The story
//
// [Parse] reads the file and refuses, with file, line and column in both
// languages, whatever could trap a case: a step nobody can reach or leave, a
// fork that never joins, rework without bound, a check that the handler could
// do on their own work. What passes is a [Procedure], named by the digest of
// its source, and a case stays on the version it was opened with.
//
// [Procedure.Begin] gives the first tasks of a case, and [Procedure.Next] what
// follows from a [Move]. Both are pure: they take a [State] and return an
// [Outcome], which casework writes down. [Procedure.Available] lists what an
// [Actor] may do now, and says why not where an action is closed to them; Next
// asks the same function, so the buttons and the guard cannot differ.
//
// # The rules it holds
//
// A person who handled a case, as lead or as co-handler, never verifies it. A
// unit returns a case as often as its step allows, and never after a final
// ruling. A lead is done when all, or any, of its co-handlers are. Whatever was
// called done and comes back starts a new round, and rounds are bounded.
//
// # Forks
//
// An action with a list of targets forks. The steps that can be reached from
// there before the joining step are the fork's ground: the joining step opens
// when nothing is open on it any more (all, first-refusal) or with the first to
// arrive (any). An action that leads off the ground, such as a refusal,
// cancels what the other branches still had open.
//
// It owns no tables, knows no clock, and reads no roster: who holds a post, and
// when a limit ends, is for its callers.
package procedure
