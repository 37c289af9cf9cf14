package page

import (
	"bytes"
	"net/http"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/look"
)

// Ledger is who looked at the reader's own data, as a resident reads it.
type Ledger struct {
	Lines   []look.Line
	Numbers map[casework.ID]string // of the cases
}

// Ledger reads who looked at the data of reports. The caller has made sure that
// they are the reader's own.
func (v *View) Ledger(reports ...casework.Report) (l Ledger, err error) {
	if l.Lines, err = look.Ledger(v.Context(), v.House.DB, v.District, v.Now, reports...); err != nil {
		return l, err
	}
	l.Numbers = map[casework.ID]string{}
	for _, line := range l.Lines {
		if l.Numbers[line.Case] != "" {
			continue
		}
		c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, line.Case)
		if err != nil {
			return l, err
		}
		l.Numbers[line.Case] = c.Number
	}
	return l, nil
}

// ShowLedger sends the ledger as a file to keep: csv in the reader's language, or
// json for machines.
func (v *View) ShowLedger(l Ledger, format string) error {
	var b bytes.Buffer
	kind, err := "", error(nil)
	switch format {
	case "csv":
		kind, err = "text/csv; charset=utf-8", look.WriteCSV(&b, v.Lang, v.Zone(), l.Lines, l.Numbers)
	case "json":
		kind, err = "application/json; charset=utf-8", look.WriteJSON(&b, l.Lines, l.Numbers)
	default:
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	if err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="looks.`+format+`"`)
	h.Set("Cache-Control", "no-store")
	v.W.WriteHeader(http.StatusOK)
	_, err = v.W.Write(b.Bytes())
	return err
}

// ledgerLine is a line as a sentence: 市政养护所的经办人看了您的电话.
func (v *View) ledgerLine(l look.Line) string {
	who := lang.T("%[1]s的%[2]s", "The %[4]s of %[3]s", l.Unit.ZH, l.Role.ZH, l.Unit.In(lang.EN), l.Role.In(lang.EN))
	if l.Unit.IsZero() {
		who = lang.T("工作人员", "Staff")
	}
	what := look.FieldsText(l.Fields)
	switch {
	case l.Taken && len(l.Fields) == 0:
		return v.Say("%[1]s记下了这一件。", "%[2]s took this down.", who.ZH, who.EN)
	case l.Taken:
		return v.Say("%[1]s记下这一件，当时就知道您的%[3]s。", "%[2]s took this down, and knew your %[4]s from you.", who.ZH, who.EN, what.ZH, what.EN)
	}
	return v.Say("%[1]s看了您的%[3]s。", "%[2]s saw your %[4]s.", who.ZH, who.EN, what.ZH, what.EN)
}
