package portal

import (
	"net/http"
	"net/url"
	"strings"

	"linli/internal/casework"
	"linli/internal/web/page"
)

// showLooks is who looked at the data of the report by which this browser has
// proved the case.
func showLooks(v *page.View) error {
	c, l, err := looksOf(v)
	if err != nil {
		return askAgain(v, err)
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(http.StatusOK, looksPage(v, c, l))
}

// looksFile is the same to keep: looks.csv, looks.json.
func looksFile(format string) page.Handler {
	return func(v *page.View) error {
		_, l, err := looksOf(v)
		if err != nil {
			return err
		}
		return v.ShowLedger(l, format)
	}
}

func looksOf(v *page.View) (casework.Case, page.Ledger, error) {
	c, id, err := proved(v)
	if err != nil {
		return c, page.Ledger{}, err
	}
	report, err := casework.ReportByID(v.Context(), v.House.DB, v.District.Code, id)
	if err != nil {
		return c, page.Ledger{}, err
	}
	l, err := v.Ledger(report)
	return c, l, err
}

// looksHref leads to who looked at the data of the reader's report, or to the
// same as a file; it carries the word on for who keeps no cookies.
func looksHref(v *page.View, c casework.Case, ending string) string {
	return below(v, c, "/looks"+ending)
}

// below is an address below a case's own, with the word carried on.
func below(v *page.View, c casework.Case, ending string) string {
	path, word, _ := strings.Cut(caseHref(v, c), "?word=")
	path += ending
	if word != "" {
		path += "?word=" + url.QueryEscape(word)
	}
	return path
}
