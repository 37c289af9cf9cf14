// Package retain sees to what is stored as time passes: what is past its time
// goes, what a law asks for stays, and what an old key sealed is sealed again.
//
// # What goes
//
// The rulebook privacy.yaml says how long each sort of data is kept. A [Sweep]
// finds what is over in one table and has the package that owns it take it away.
// [Job] runs every night, batch by batch, and reads before it writes, so that a
// district with years behind it holds up nobody. Every batch is put down in the
// table removals and in the trail: which rule, which version of it, which table,
// how many and which ids, never what they said. Cases, scorecards and the trail
// stay whole: a report without a name still counts.
//
// # What stays
//
// A [Hold] keeps the data of a case or of a person past their time, with the
// law or the order it rests on and the day on which it ends. Holds beat every
// rule. [Preview] says what would go tonight, and what a hold keeps.
//
// # What is sealed again
//
// After a change of keys [ResealJob] goes through every table with sealed
// columns while the program serves ([AskReseal]).
//
// It owns the tables holds and removals. It changes no other table: the owners
// do, when they are asked.
package retain
