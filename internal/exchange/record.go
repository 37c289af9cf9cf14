package exchange

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/lang"
)

// A record of an agreed form is a struct of texts whose tags say all there is to
// say of a field: json its name, en what it is called in English, form how it is
// written (an..50 as in the standard, or time), list the code list it is taken
// from, must that it is never empty.

// textForm is a form of so many letters and digits at most.
var textForm = regexp.MustCompile(`^(an|a|n)\.\.([0-9]+)$`)

// stampPattern is how GB/T 39046 writes an instant, and stampLayout the same for
// package time.
const (
	stampPattern = `^[0-9]{8}T[0-9]{6}$`
	stampLayout  = "20060102T150405"
)

// fieldsOf reads the fields of a record off its struct.
func fieldsOf[T any]() (all []Field) {
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name, _, _ := strings.Cut(tag.Get("json"), ",")
		f := Field{Name: name, Type: String, Title: lang.Text{ZH: name, EN: tag.Get("en")}, Required: tag.Get("must") != "", Pattern: patternOf(tag.Get("form"))}
		if list := tag.Get("list"); list != "" {
			f.Enum = codesOf(list)
		}
		all = append(all, f)
	}
	return all
}

func patternOf(form string) string {
	if form == "time" {
		return stampPattern
	}
	m := textForm.FindStringSubmatch(form)
	switch {
	case m == nil:
		return ""
	case m[1] == "n":
		return `^[0-9]{0,` + m[2] + `}$`
	}
	return `^[\s\S]{0,` + m[2] + `}$`
}

// fit cuts texts of a record to the length that their form allows.
func fit[T any](one *T) {
	v := reflect.ValueOf(one).Elem()
	for i := range v.NumField() {
		m := textForm.FindStringSubmatch(v.Type().Field(i).Tag.Get("form"))
		if m == nil {
			continue
		}
		most, err := strconv.Atoi(m[2])
		if text := []rune(v.Field(i).String()); err == nil && len(text) > most {
			v.Field(i).SetString(string(text[:most]))
		}
	}
}

func cellsOf[T any](one T) []string {
	v := reflect.ValueOf(one)
	cells := make([]string, v.NumField())
	for i := range cells {
		cells[i] = v.Field(i).String()
	}
	return cells
}

// records are the records of one kind on their way out, as CSV and as JSON Lines
// beside it.
type records[T any] struct {
	table Table
	n     int
	lines *Lines
	json  *json.Encoder
	ends  []func() error
}

// recordsTo begins both files.
func recordsTo[T any](open Opener, name string, title lang.Text, key ...string) (*records[T], error) {
	r := &records[T]{table: Table{Name: name, Path: name + ".csv", Title: title, Fields: fieldsOf[T](), Key: key}}
	csvTo, err := r.begin(open, r.table.Path)
	if err != nil {
		return r, err
	}
	if r.lines, err = r.table.Lines(csvTo); err != nil {
		return r, err
	}
	r.ends = append([]func() error{r.lines.Flush}, r.ends...)
	jsonTo, err := r.begin(open, name+".jsonl")
	if err != nil {
		return r, err
	}
	r.json = json.NewEncoder(jsonTo)
	r.json.SetEscapeHTML(false)
	return r, nil
}

func (r *records[T]) begin(open Opener, name string) (io.Writer, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriter(file)
	r.ends = append(r.ends, out.Flush, file.Close)
	return out, nil
}

func (r *records[T]) put(one T) error {
	fit(&one)
	r.n++
	return errors.Join(r.lines.Put(cellsOf(one)), r.json.Encode(one))
}

// end closes what was begun, whole or not.
func (r *records[T]) end() (err error) {
	for _, f := range r.ends {
		err = errors.Join(err, f())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.table.Name, err)
	}
	return nil
}
