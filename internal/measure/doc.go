// Package measure is the language in which a district writes what its units
// are judged by: which things are counted, how a count becomes a score, and who
// assesses whom with which weights. It reads the file evaluation.yaml of a pack.
//
// # The story
//
// Somebody folds the trail of a period into [Item] values: a promise kept or
// broken, a task closed, a case, a rating, a call-back, an order. An [Indicator]
// says of each item of its grain whether it belongs to the denominator
// ([Indicator.Takes]) and how much of it counts ([Indicator.Gives], 0 to 1). The
// sums become a [Figure], which keeps numerator and denominator, and the figures
// of one subject become a [Card]: score, grade, and each line that made them.
//
// # What cannot be written
//
// [Parse] refuses, with file, line and reason in both languages, the formulas
// that other systems went wrong with. A numerator is counted among its own
// denominator, so no rate exceeds 1 and nothing is multiplied by 100 twice.
// Weights make 1, or 100. A score lies within 0 and 100 and never falls as its
// value gets better; nor may a better outcome of any single item lower it, which
// is what finds 100 minus the closing rate under another name. An assessment
// uses an input once: two indicators that agree on every item, or whose
// numerators make up the whole, are one input, however they are written. A
// scored rate says what a denominator of zero scores.
//
// The last three are decided by trying: the formulas of an indicator read a few
// fields and compare them with a few values, so a few thousand invented items
// (worlds) hold every case they can tell apart. Where there would be too many,
// a fixed sample stands for all, and nothing is refused for never holding.
//
// # Speed
//
// Formulas are parsed and typed by expr-lang and then turned into Go functions,
// because a year is asked tens of millions of questions. A test holds that both
// answer alike.
//
// It knows no trail, no unit and no date: what an item is made of, and for whom
// it counts, is for package evaluate. No formula can read who did something:
// linli rates agencies.
package measure
