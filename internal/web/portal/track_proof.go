package portal

import (
	"fmt"
	"net/http"
	"net/url"

	"linli/internal/trail"
	"linli/internal/web/page"
)

// opening is the entry of a case that its receipt is of.
const opening = 1

// receipt says whether the reader's receipt can be had.
func (s *caseView) receipt(v *page.View) (err error) {
	if !s.Own {
		return nil // the opening is somebody else's
	}
	s.Receipt, err = trail.StandingOf(v.Context(), v.House.DB, v.District.Code, string(s.Case.ID), opening)
	return err
}

// receiptHref is where the receipt of a case is.
func receiptHref(v *page.View, s caseView) string {
	to := "/track/" + s.Case.Number + "/receipt"
	if s.Word != "" {
		to += "?word=" + url.QueryEscape(s.Word)
	}
	return to
}

// giveReceipt gives the receipt of a case as a file that anyone can check.
func giveReceipt(v *page.View) error {
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	s, err := view(v, c, report)
	if err != nil {
		return err
	}
	if s.Receipt == "" {
		return noSuch()
	}
	text, err := trail.Proof(v.Context(), v.House.DB, v.District.Code, string(c.ID), opening)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.W.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", c.Number+".tlog-proof"))
	v.W.WriteHeader(http.StatusOK)
	_, err = v.W.Write([]byte(text))
	return err
}
