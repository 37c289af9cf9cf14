package me

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/web/page"
)

// looks is who looked at the reader's data, over all reports from the number.
func looks(v *page.View) error {
	l, err := ledger(v)
	if err != nil {
		return err
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(http.StatusOK, looksPage(v, l))
}

// looksFile is the same to keep: looks.csv, looks.json.
func looksFile(format string) page.Handler {
	return func(v *page.View) error {
		l, err := ledger(v)
		if err != nil {
			return err
		}
		return v.ShowLedger(l, format)
	}
}

// ledger reads the looks at the reader's own reports. Those of secret cases are
// opened by number and secret word alone.
func ledger(v *page.View) (page.Ledger, error) {
	all, err := casework.OwnReports(v.Context(), v.House.DB, v.District.Code, v.Resident.PhoneIndex, v.Resident.From, v.Resident.To, mattersMost)
	if err != nil {
		return page.Ledger{}, err
	}
	reports := make([]casework.Report, len(all))
	for i, o := range all {
		reports[i] = o.Report
	}
	return v.Ledger(reports...)
}
