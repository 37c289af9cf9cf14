package look

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"time"

	"linli/internal/casework"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Said is a line in words of one language, as tables and pages give it.
type Said struct {
	When, Number, What, Unit, Role, Purpose, Basis, Fields, Kind, Held string
}

// Say puts a line into words. number is that of its case; zone is the
// district's.
func (l *Line) Say(in lang.Lang, zone *time.Location, number string) Said {
	s := Said{
		When: l.At.In(zone).Format("2006-01-02 15:04"), Number: number, What: in.Pick("看过", "looked"), Unit: l.Unit.In(in), Role: l.Role.In(in),
		Purpose: l.Purpose.In(in), Basis: l.Basis.In(in), Fields: FieldsText(l.Fields).In(in), Kind: l.Kind.Text().In(in), Held: l.Held.Say(in, zone),
	}
	if l.Taken {
		s.What = in.Pick("记下来件时在场", "was there at taking down")
	}
	return s
}

// Say puts what is told of a delay into words; empty for none.
func (h *Held) Say(in lang.Lang, zone *time.Location) string {
	if h == nil {
		return ""
	}
	by := h.Unit
	if by.IsZero() {
		by = lang.T("没有人", "nobody")
	}
	if !h.Granted {
		return lang.T("申请过推迟告诉您（依据：%[1]s），没有批准。", "It was asked that you be told later (by %[2]s); it was not granted.", h.Law, h.Law).In(in)
	}
	until := h.Until.In(zone).Format("2006-01-02 15:04")
	return lang.T("依法推迟到 %[1]s 才告诉您。依据：%[2]s。批准：%[3]s。", "By law you were told only after %[1]s. The law: %[2]s. Granted by %[4]s.", until, h.Law, by.ZH, by.EN).In(in)
}

// WriteCSV writes the ledger as a table that a spreadsheet opens. numbers are
// those of the cases.
func WriteCSV(w io.Writer, in lang.Lang, zone *time.Location, lines []Line, numbers map[casework.ID]string) error {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // or spreadsheets guess the encoding wrong
	out := csv.NewWriter(&b)
	heads := []string{"when", "number", "what", "unit", "role", "purpose", "basis", "fields", "reason", "held_back"}
	if in == lang.ZH {
		heads = []string{"时间", "编号", "做了什么", "单位", "岗位", "用途", "法律依据", "看了哪几项", "事由", "推迟告知"}
	}
	if err := out.Write(heads); err != nil {
		return err
	}
	for _, l := range lines {
		s := l.Say(in, zone, numbers[l.Case])
		row := []string{s.When, s.Number, s.What, s.Unit, s.Role, s.Purpose, s.Basis, s.Fields, s.Kind, s.Held}
		for i := range row {
			row[i] = sheet.Inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// WriteJSON writes the ledger for machines: words of the program as they are,
// names in both languages.
func WriteJSON(w io.Writer, lines []Line, numbers map[casework.ID]string) error {
	type held struct {
		Law     string     `json:"law"`
		Granted bool       `json:"granted"`
		Until   *time.Time `json:"until,omitempty"`
		Unit    *lang.Text `json:"unit,omitempty"`
	}
	type line struct {
		At      time.Time  `json:"at"`
		Number  string     `json:"number"`
		Taken   bool       `json:"at_taking_down"`
		Unit    lang.Text  `json:"unit"`
		Role    lang.Text  `json:"role"`
		Purpose *lang.Text `json:"purpose,omitempty"`
		Basis   *lang.Text `json:"basis,omitempty"`
		Fields  []string   `json:"fields"`
		Reason  Kind       `json:"reason,omitempty"`
		Held    *held      `json:"held_back,omitempty"`
	}
	all := make([]line, len(lines)) // an empty ledger is [], not null
	for i, l := range lines {
		all[i] = line{At: l.At, Number: numbers[l.Case], Taken: l.Taken, Unit: l.Unit, Role: l.Role, Fields: append([]string{}, l.Fields...), Reason: l.Kind,
			Purpose: some(l.Purpose), Basis: some(l.Basis)}
		if l.Held != nil {
			all[i].Held = &held{Law: l.Held.Law, Granted: l.Held.Granted, Unit: some(l.Held.Unit)}
			if l.Held.Granted {
				all[i].Held.Until = &l.Held.Until
			}
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(all)
}

func some(t lang.Text) *lang.Text {
	if t.IsZero() {
		return nil
	}
	return &t
}
