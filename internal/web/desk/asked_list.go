package desk

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// askedPath is the address of what waits for the reader's decision.
const askedPath = "/desk/asked"

// askedView is one request for a pause or more time that the reader decides.
type askedView struct {
	caseView
	Entry entryView
}

// askedOf lists what waits for a decision of the reader's posts.
func askedOf(v *page.View) ([]casework.AskedRow, error) {
	if !v.Can(rights.DelayApprove) {
		return nil, nil
	}
	return casework.AskedOf(v.Context(), v.House.DB, v.District, v.Actors())
}

// askedMost is how many requests a page shows at once: the longest waiting.
const askedMost = 50

// askedShow is the list of what waits for the reader's decision.
func askedShow(v *page.View) error {
	rows, err := askedOf(v)
	if err != nil {
		return err
	}
	var all []askedView
	for _, row := range rows[:min(askedMost, len(rows))] {
		s := askedView{caseView: caseView{Case: row.Case}}
		if s.Tasks, err = casework.Tasks(v.Context(), v.House.DB, v.District.Code, row.Case.ID); err != nil {
			return err
		}
		if s.Entry, err = s.entry(v, row.Entry); err != nil {
			return err
		}
		all = append(all, s)
	}
	return v.Show(http.StatusOK, askedPage(v, all, len(rows)))
}

// withAsked puts what waits for the reader's decision second in a menu, for
// whoever decides.
func withAsked(v *page.View, items []ui.NavItem) ([]ui.NavItem, error) {
	if !v.Can(rights.DelayApprove) || len(items) == 0 {
		return items, nil
	}
	rows, err := askedOf(v)
	if err != nil {
		return nil, err
	}
	mine := ui.NavItem{Link: ui.Link{Text: v.Say("待我批", "To decide"), Href: askedPath, Icon: "checklist"}, Count: ui.N(len(rows))}
	return append([]ui.NavItem{items[0], mine}, items[1:]...), nil
}
