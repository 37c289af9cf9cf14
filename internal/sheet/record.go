package sheet

import (
	"encoding/json"
	"strings"
	"time"

	"linli/internal/lang"
)

// Record is a row in the shape of a Schema. A verb reads it by field name and
// reports what it finds wrong through Fail, which points at the source.
type Record struct {
	Place
	Geometry json.RawMessage
	schema   Schema
	values   []value
	bad      bool
}

func (r *Record) value(name string) value {
	if i, ok := r.schema.field(name); ok {
		return r.values[i]
	}
	return value{}
}

// Has reports whether the source gave the field a value.
func (r *Record) Has(name string) bool { return r.value(name).set }

// Text is the field in its canonical form: a date as YYYY-MM-DD, an instant as
// RFC 3339, "" where there is none.
func (r *Record) Text(name string) string { return r.value(name).text }

// Number is the field as a number, 0 where there is none.
func (r *Record) Number(name string) float64 { return r.value(name).number }

// Int is the field as a whole number, 0 where there is none.
func (r *Record) Int(name string) int64 { return int64(r.value(name).number) }

// Time is the field as an instant, zero where there is none.
func (r *Record) Time(name string) time.Time { return r.value(name).at }

// List splits the field at semicolons, either width, and drops what is empty.
func (r *Record) List(name string) []string { return splitList(r.Text(name)) }

// Bad reports whether an error was found in this record.
func (r *Record) Bad() bool { return r.bad }

// At is where in the source the field stands.
func (r *Record) At(name string) Place {
	if p := r.value(name).place; p.File != "" {
		return p
	}
	return r.Place
}

// Fail reports an error in a field of the record and makes the record bad.
func (r *Record) Fail(report *Report, field, zh, en string, args ...any) {
	r.Refuse(report, field, lang.T(zh, en, args...))
}

// Refuse is Fail with a text somebody else wrote.
func (r *Record) Refuse(report *Report, field string, text lang.Text) {
	r.bad = true
	at := r.At(field)
	at.Line = r.Line // the row to leave out is named by its first line
	report.Add(Finding{Place: at, Field: field, Severity: Error, Text: text})
}

// Warn reports something to look at; the record stays good.
func (r *Record) Warn(report *Report, field, zh, en string, args ...any) {
	r.Caution(report, field, lang.T(zh, en, args...))
}

// Caution is Warn with a text somebody else wrote.
func (r *Record) Caution(report *Report, field string, text lang.Text) {
	report.Add(Finding{Place: r.At(field), Field: field, Severity: Warning, Text: text})
}

func splitList(s string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' }) {
		if part = trim(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
