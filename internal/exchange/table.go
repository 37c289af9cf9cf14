package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Type is what a field of a table holds, in the words of Table Schema.
type Type string

// The types in use.
const (
	String  Type = "string"
	Number  Type = "number"
	Integer Type = "integer"
	Boolean Type = "boolean"
	Date    Type = "date"
)

// Field is a column.
type Field struct {
	Name     string
	Type     Type
	Title    lang.Text
	Required bool
	Unique   bool
	Pattern  string
	Enum     []string
}

// Table is a table of open data, with every cell as it is written.
type Table struct {
	Name   string
	Path   string // where it lies, beside the package or anywhere
	Title  lang.Text
	Fields []Field
	Key    []string
	Rows   [][]string
}

// CSV writes the table as the package says it is: UTF-8 without a mark, a head,
// lines that end in CRLF. What a spreadsheet would take for a formula is made
// inert.
func (t Table) CSV() (_ []byte, err error) {
	defer errs.Wrap(&err, "exchange.CSV(%s)", t.Name)
	var out bytes.Buffer
	lines, err := t.Lines(&out)
	if err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		if err := lines.Put(row); err != nil {
			return nil, err
		}
	}
	err = lines.Flush() // before the bytes are looked at
	return out.Bytes(), err
}

// Lines are the lines of a table that is too long to be held, written one by one.
type Lines struct {
	fields []Field
	w      *csv.Writer
	n      int
}

// Lines writes the head of the table as CSV does; the rows are for the caller to
// put. Rows of the table itself are left aside.
func (t Table) Lines(to io.Writer) (*Lines, error) {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	head := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		head[i] = f.Name
	}
	return &Lines{fields: t.Fields, w: w}, w.Write(head)
}

// Put writes a row.
func (l *Lines) Put(row []string) error {
	l.n++
	if len(row) != len(l.fields) {
		return fmt.Errorf("row %d has %d cells, want %d", l.n, len(row), len(l.fields))
	}
	cells := make([]string, len(row))
	for i, cell := range row {
		if cells[i] = cell; l.fields[i].Type == String {
			cells[i] = sheet.Inert(cell)
		}
	}
	return l.w.Write(cells)
}

// Flush hands on what is still held back.
func (l *Lines) Flush() error {
	l.w.Flush()
	return l.w.Error()
}

// What a data package says of itself, by the names of the specification.
type (
	packageDoc struct {
		Profile   string        `json:"profile"`
		Name      string        `json:"name"`
		Title     string        `json:"title"`
		Created   string        `json:"created"`
		Resources []resourceDoc `json:"resources"`
	}
	resourceDoc struct {
		Profile   string    `json:"profile"`
		Name      string    `json:"name"`
		Title     string    `json:"title"`
		Path      string    `json:"path"`
		Format    string    `json:"format"`
		MediaType string    `json:"mediatype"`
		Encoding  string    `json:"encoding"`
		Schema    schemaDoc `json:"schema"`
	}
	schemaDoc struct {
		Fields     []fieldDoc `json:"fields"`
		PrimaryKey []string   `json:"primaryKey,omitempty"`
		Missing    []string   `json:"missingValues"`
	}
	fieldDoc struct {
		Name        string          `json:"name"`
		Type        Type            `json:"type"`
		Title       string          `json:"title"`
		Constraints *constraintsDoc `json:"constraints,omitempty"`
	}
	constraintsDoc struct {
		Required bool     `json:"required,omitempty"`
		Unique   bool     `json:"unique,omitempty"`
		Pattern  string   `json:"pattern,omitempty"`
		Enum     []string `json:"enum,omitempty"`
	}
)

// Package writes the datapackage.json of some tables.
func Package(name string, title lang.Text, created time.Time, l lang.Lang, tables ...Table) (_ []byte, err error) {
	defer errs.Wrap(&err, "exchange.Package(%s)", name)
	doc := packageDoc{Profile: "tabular-data-package", Name: name, Title: title.In(l), Created: created.UTC().Format(time.RFC3339)}
	for _, t := range tables {
		r := resourceDoc{
			Profile: "tabular-data-resource", Name: t.Name, Title: t.Title.In(l), Path: t.Path, Format: "csv", MediaType: "text/csv", Encoding: "utf-8",
			Schema: schemaDoc{PrimaryKey: t.Key, Missing: []string{""}},
		}
		for _, f := range t.Fields {
			one := fieldDoc{Name: f.Name, Type: f.Type, Title: f.Title.In(l)}
			if f.Required || f.Unique || f.Pattern != "" || len(f.Enum) > 0 {
				one.Constraints = &constraintsDoc{f.Required, f.Unique, f.Pattern, f.Enum}
			}
			r.Schema.Fields = append(r.Schema.Fields, one)
		}
		doc.Resources = append(doc.Resources, r)
	}
	return json.MarshalIndent(doc, "", " ")
}
