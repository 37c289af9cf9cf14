package watch

import (
	"net/http"

	"linli/internal/supervise"
	"linli/internal/web/page"
)

// decisionsMost is how many decisions one page lists.
const decisionsMost = 200

// decisions lists what meetings gave the reader's units to carry out; those who
// see every case see what everybody has to.
func decisions(v *page.View) error {
	all, err := supervise.ToCarryOut(v.Context(), v.House.DB, v.District.Code, bound(v), decisionsMost)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("会上定的", "Decisions to carry out"), At: "/decisions",
		Said: v.Say("最急的在前。办好了，用几句话说清楚。", "The most urgent first. When it is done, say in a few words what was done."),
	}, decisionsPage(v, all))
}
