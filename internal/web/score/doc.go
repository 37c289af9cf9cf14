// Package score shows how agencies did: the colour board, scorecards, league
// tables, the monthly bulletin and yearly totals.
//
// A page asks evaluate, supervise and measure, and says in words what came: each
// figure with its numerator and denominator, each of those with the cases behind
// it. A table can be taken away as XLSX and a chart as PNG; the bulletin is one
// list of parts (bulletin) that the page and the PDF both print.
//
// Who sees what is asked of sees: with case.see-all every unit, otherwise the
// own unit and what stands under it. A grid worker's card is seen by that worker
// and by the lead of the station, by nobody else, and no page ranks workers.
//
// It owns nothing and counts nothing.
package score
