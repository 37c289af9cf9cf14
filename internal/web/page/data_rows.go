package page

import (
	"time"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/privacy"
	"linli/internal/web/ui"
)

// DataRow is a request as the person who made it reads it.
type DataRow struct {
	privacy.Request
	Number string
	Href   string
	Copy   string // where a copy that waits is fetched; empty for none
}

// DataRow reads what a page shows of a request. copyAt is where its copy would
// be fetched.
func (v *View) DataRow(q privacy.Request, copyAt string) (row DataRow, err error) {
	c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, q.Case)
	if err != nil {
		return row, err
	}
	row = DataRow{Request: q, Number: c.Number, Href: "/track/" + c.Number}
	if q.Kind != privacy.Copy || q.State != privacy.Done {
		return row, nil
	}
	waiting, err := privacy.CopyOf(v.Context(), v.House.DB, v.District.Code, q.ID)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return row, nil
	case err == nil && waiting.Ready(v.Now):
		row.Copy = copyAt
	}
	return row, err
}

func required(f ui.Field) ui.Field { f.Required = true; return f }

func consentTitle(v *View, name string) string {
	if c, ok := v.District.Catalogue.Privacy().Consent(name); ok {
		return c.Title.In(v.Lang)
	}
	return name
}

func withdrawnText(v *View, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return v.Say("，撤回于 ", ", withdrawn ") + v.MomentText(at)
}
