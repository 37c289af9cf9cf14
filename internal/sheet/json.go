package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// feature is what a GeoJSON collection holds. Properties become columns; the
// geometry is kept as it stands, for whoever knows geometry.
type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
}

// walker decodes JSON piece by piece and knows where in the file it is.
type walker struct {
	file   File
	text   *trace
	dec    *json.Decoder
	report *Report
}

func (f File) walk(text io.Reader, report *Report) *walker {
	t := &trace{in: text, line: 1, most: f.limits.Element}
	dec := json.NewDecoder(t)
	dec.UseNumber()
	return &walker{file: f, text: t, dec: dec, report: report}
}

// here is the place of the next value: after separators and white space.
func (w *walker) here() Place {
	return w.ahead(w.next())
}

// next is how far ahead the next value stands.
func (w *walker) next() (ahead int) {
	w.text.to(w.dec.InputOffset())
	for bytes.IndexByte([]byte(" \t\r\n,:"), w.text.byte(ahead)) >= 0 {
		ahead++
	}
	return ahead
}

func (w *walker) ahead(n int) Place {
	line, column := w.text.place(n)
	return Place{File: w.file.Name, Line: line, Column: column + 1}
}

// fail reports what ended the reading. The streaming decoder does not say where
// in an element the fault is, so what is at hand of it is scanned once more by
// the checker, which does.
func (w *walker) fail(err error) bool {
	at := w.next()
	if w.text.err != nil {
		err = w.text.err
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errLong):
		w.report.add(Fatal, w.ahead(at), "", "这一项超过 %d MB。", "This element is over %d MB.", w.file.limits.Element>>20)
		return false
	case !errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF:
		w.file.lost(w.report)
		return false
	}
	var one json.RawMessage
	if errors.As(json.Unmarshal(w.text.held[min(at, len(w.text.held)):], &one), &syntax) {
		switch said := syntax.Error(); {
		case strings.HasPrefix(said, "unexpected end"):
			at = len(w.text.held)
		case !strings.HasSuffix(said, "after top-level value"): // else the fault is that it stands here
			at += max(0, int(syntax.Offset)-1)
		}
	}
	w.report.add(Fatal, w.ahead(at), "", "JSON 在此处有语法错误。", "The JSON has a syntax error here.")
	return false
}

// features streams a FeatureCollection.
func (f File) features(text io.Reader, report *Report, yield func(Row) bool) {
	w := f.walk(text, report)
	start := w.here()
	if t, err := w.dec.Token(); err != nil || t != json.Delim('{') {
		report.add(Fatal, start, "", "应是 GeoJSON 的 FeatureCollection。", "A GeoJSON FeatureCollection is expected.")
		return
	}
	found, collection := false, true
	for w.dec.More() {
		key, err := w.dec.Token()
		if err != nil {
			w.fail(err)
			return
		}
		if key == "features" {
			found = true
			if !w.list(func(at Place) bool { return w.feature(at, yield) }) {
				return
			}
			continue
		}
		var skip json.RawMessage
		if err := w.dec.Decode(&skip); err != nil {
			w.fail(err)
			return
		}
		if key == "type" {
			collection = string(skip) == `"FeatureCollection"`
		}
	}
	if w.end() && (!found || !collection) {
		report.add(Fatal, start, "", "应是 GeoJSON 的 FeatureCollection。", "A GeoJSON FeatureCollection is expected.")
	}
}

// objects streams a list of objects.
func (f File) objects(text io.Reader, report *Report, yield func(Row) bool) {
	w := f.walk(text, report)
	ok := w.list(func(at Place) bool {
		var columns map[string]json.RawMessage
		if fine, stop := w.decode(at, &columns); !fine {
			return !stop
		}
		row, fine := w.row(at, columns, nil)
		return !fine || yield(row)
	})
	if ok {
		w.end()
	}
}

// end expects nothing more than the close of the outer object.
func (w *walker) end() bool {
	for {
		if _, err := w.dec.Token(); err == io.EOF {
			return true
		} else if err != nil {
			return w.fail(err)
		}
	}
}

// list walks a JSON list, calling each at the place of every element.
func (w *walker) list(each func(Place) bool) bool {
	start := w.here()
	if t, err := w.dec.Token(); err != nil {
		return w.fail(err)
	} else if t != json.Delim('[') {
		w.report.add(Fatal, start, "", "此处应是一个列表。", "A list is expected here.")
		return false
	}
	for n := 1; w.dec.More(); n++ {
		at := w.here()
		if w.file.tooMany(n, w.file.limits.Rows, at.Line, w.report) || !each(at) {
			return false
		}
	}
	if _, err := w.dec.Token(); err != nil {
		return w.fail(err)
	}
	return true
}

func (w *walker) feature(at Place, yield func(Row) bool) bool {
	var one feature
	if fine, stop := w.decode(at, &one); !fine {
		return !stop
	}
	if one.Type != "Feature" {
		w.report.add(Error, at, "type", "应是 Feature。", "A Feature is expected.")
		return true
	}
	row, fine := w.row(at, one.Properties, one.Geometry)
	return !fine || yield(row)
}

// decode reads one element. A wrong type inside it is the element's fault; a
// syntax error is the file's, and stop is true.
func (w *walker) decode(at Place, into any) (fine, stop bool) {
	err := w.dec.Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return true, false
	case errors.As(err, &wrong):
		w.report.add(Error, at, wrong.Field, "类型不对，不应是 %s。", "The type is wrong: %s is not expected.", wrong.Value)
		return false, false
	}
	w.fail(err)
	return false, true
}

// row makes a row of an object's members, ordered by name.
func (w *walker) row(at Place, columns map[string]json.RawMessage, geometry json.RawMessage) (Row, bool) {
	names := make([]string, 0, len(columns))
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = plain(columns[name])
		if text, bad := faulty(name+values[i], w.file.limits.Field); bad {
			w.report.Add(Finding{Place: at, Field: strings.ToValidUTF8(name[:min(len(name), 40)], ""), Severity: Error, Text: text})
			return Row{}, false
		}
	}
	return Row{Place: at, Geometry: geometry, head: newHead(names), values: values}, true
}

// plain turns a JSON value into a field: text without its quotes, nothing for
// null, numbers and the rest as written.
func plain(raw json.RawMessage) string {
	var s string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case raw[0] == '"' && json.Unmarshal(raw, &s) == nil:
		return s
	}
	return string(raw)
}
