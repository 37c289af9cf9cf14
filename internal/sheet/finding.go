package sheet

import (
	"cmp"
	"fmt"

	"linli/internal/lang"
)

// Severity is how much a finding weighs.
type Severity string

// The severities, from light to heavy.
const (
	Note    Severity = "note"    // worth knowing; nothing to do
	Warning Severity = "warning" // taken, but look at it
	Error   Severity = "error"   // this row cannot be taken
	Fatal   Severity = "fatal"   // the file cannot be read on; no policy skips it
)

var severityText = map[Severity]lang.Text{
	Note:    {ZH: "说明", EN: "note"},
	Warning: {ZH: "提醒", EN: "warning"},
	Error:   {ZH: "错误", EN: "error"},
	Fatal:   {ZH: "无法读取", EN: "unreadable"},
}

// Text names the severity for a person.
func (s Severity) Text() lang.Text { return severityText[s] }

// Place is where in the input something stands. Line and Column are 0 where
// the whole file or the whole row is meant.
type Place struct {
	File   string
	Line   int
	Column int
}

// String gives file:line:column, the form editors jump to.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Finding is one thing a person should know about the input.
type Finding struct {
	Place
	Field    string // the target field or the source column, where one is to blame
	Severity Severity
	Text     lang.Text
}

// In gives the finding as one line in l.
func (f Finding) In(l lang.Lang) string {
	s := f.Place.String()
	if s != "" {
		s += " "
	}
	s += f.Severity.Text().In(l) + l.Pick("：", ": ")
	if f.Field != "" {
		s += f.Field + " "
	}
	return s + f.Text.In(l)
}

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}
