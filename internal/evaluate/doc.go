// Package evaluate counts how agencies did, from the trail alone: figures for a
// month, quarter or year, scorecards made of them, and league tables of like
// units. It rates agencies and posts, never residents.
//
// # From trail to figure
//
// read gathers the cases that something was done to, each with its trail from
// the opening until the period's end, and nothing after. fold walks a trail and
// hands out items: a promise kept or broken, a task closed, the case itself
// once, a rating, a check, an order. Formulas are data ([measure.Book]): each
// says which items it takes and what each gives. [Compute] puts every item to
// every formula, and adds up by whom it counts for: its unit, its street,
// community and grid, the post that did it, and the district. Sums are whole
// ten-thousandths, so the same trail gives the same figures in any order.
//
// A task counts for its unit, one of an area for the office whose territory
// that is. A case counts for the unit that leads it when the period ends, or
// where none was named for who did the work, or took it in. So every item has one
// unit at most, and what the units of a district did adds up to what it did.
//
// # From figure to frozen
//
//	counted live  →  Store: preliminary, open to appeal  →  Freeze
//
// A stored period keeps its formulas, its figures, the cases behind each and the
// cards. LodgeAppeal (申诉) asks for a case to be struck from one figure of the
// own unit; DecideAppeal strikes or keeps it; nothing else changes a figure, and
// after Freeze nothing does. [Recompute] counts a stored period again and says
// what does not come out the same, which must be nothing.
//
// Pages read through a [Keeper], which holds live counts for a minute. Boards
// and small lines read unit_days, what each unit did each day, which a job
// counts again every few minutes.
//
// It owns the tables periods, figures, figure_cases, period_cases, cards,
// appeals, reviews, unit_days and totals, and reads trail and cases. It decides
// no signal and gives no order: that is package supervise.
package evaluate
