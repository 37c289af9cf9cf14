package score

import (
	"net/http"

	"linli/internal/rights"
	"linli/internal/web/page"
)

// The first pages; the others lie below them.
const (
	boardHome = "/desk/board"
	home      = "/desk/scores"
)

// Routes adds the pages of the board and of scorecards.
func Routes(mux *http.ServeMux, h *page.House) {
	see := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.ScoreSee, fn)) }
	see("GET "+boardHome, boardShow)
	see("GET "+boardHome+"/part", boardPart)
	see("GET "+boardHome+"/board.xlsx", boardTable)
	see("GET "+boardHome+"/unit/{code}", unitShow)
	see("GET "+boardHome+"/unit/{code}/weeks.png", unitPNG)

	see("GET "+home, periodsShow)
	see("GET "+home+"/totals", totalsShow)
	see("GET "+home+"/totals.xlsx", totalsTable)
	see("GET "+home+"/totals.png", totalsPNG)
	see("GET "+home+"/{period}", periodShow)
	see("GET "+home+"/{period}/bulletin", bulletinShow)
	see("GET "+home+"/{period}/bulletin.pdf", bulletinPDF)
	see("GET "+home+"/{period}/bulletin.png", bulletinPNG)
	see("GET "+home+"/{period}/bulletin.xlsx", bulletinTable)
	see("GET "+home+"/{period}/{assessment}", leagueShow)
	see("GET "+home+"/{period}/{assessment}/league.xlsx", leagueTable)
	see("GET "+home+"/{period}/{assessment}/league.png", leaguePNG)
	see("GET "+home+"/{period}/{assessment}/{subject}", cardShow)
	see("GET "+home+"/{period}/{assessment}/{subject}/card.xlsx", cardTable)
	see("GET "+home+"/{period}/{assessment}/{subject}/trend.png", trendPNG)
	see("GET "+home+"/{period}/{assessment}/{subject}/cases", figureShow)
	see("GET "+home+"/{period}/{assessment}/{subject}/cases.xlsx", figureTable)
	see("POST "+home+"/{period}/{assessment}/{subject}/appeal", appeal)

	keep := func(pattern string, fn page.Handler) { mux.Handle(pattern, h.Staff(rights.ScoreKeep, fn)) }
	keep("POST "+home+"/{period}/count", count)
	keep("POST "+home+"/{period}/freeze", freeze)
	keep("GET "+home+"/{period}/compare", compare)
	keep("GET "+home+"/{period}/appeals", appealsShow)
	keep("POST "+home+"/{period}/appeals/{id}", decide)
	keep("GET "+home+"/{period}/reviews", reviewsShow)
	keep("POST "+home+"/{period}/reviews", review)
}
