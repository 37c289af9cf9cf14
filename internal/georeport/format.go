package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"

	"linli/internal/errs"
)

// Format is how a body is written.
type Format string

// The formats. They are also how an address ends.
const (
	XML  Format = "xml"
	JSON Format = "json"
)

// Type is the media type of a format.
func (f Format) Type() string {
	if f == JSON {
		return "application/json; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}

// roots name the outermost element of each body in XML.
var roots = map[reflect.Type]string{
	reflect.TypeFor[Services]():   "services",
	reflect.TypeFor[Definition](): "service_definition",
	reflect.TypeFor[Requests]():   "service_requests",
	reflect.TypeFor[Receipts]():   "service_requests",
	reflect.TypeFor[Tokens]():     "service_requests",
	reflect.TypeFor[Errors]():     "errors",
	reflect.TypeFor[Discovery]():  "discovery",
}

// Write writes a body: Services, a Definition, Requests, Receipts, Tokens, Errors
// or a Discovery.
func Write(w io.Writer, f Format, body any) (err error) {
	defer errs.Wrap(&err, "georeport.Write(%s, %T)", f, body)
	root, ok := roots[reflect.TypeOf(body)]
	if !ok {
		return errors.New("no body of GeoReport")
	}
	if f == JSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(body)
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	if err := xml.NewEncoder(&b).EncodeElement(body, xml.StartElement{Name: xml.Name{Local: root}}); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}

// The bounds of what is read. Real bodies are four deep in lists, a dozen with
// extensions.
const (
	deepest  = 24
	elements = 2_000_000
)

// Read reads a body into a pointer to one of the types that Write takes. It is
// errs.Invalid for what is none.
func Read(data []byte, f Format, body any) (err error) {
	defer errs.Wrap(&err, "georeport.Read(%s, %T)", f, body)
	kind := reflect.TypeOf(body)
	if kind == nil || kind.Kind() != reflect.Pointer {
		return errors.New("no pointer to a body of GeoReport")
	}
	root, ok := roots[kind.Elem()]
	if !ok {
		return errors.New("no pointer to a body of GeoReport")
	}
	if f == JSON {
		err = json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), body)
	} else if err = harmless(data, root); err == nil {
		err = xml.Unmarshal(data, body)
	}
	if err != nil {
		return errs.New(errs.Invalid, "内容读不懂，不是 GeoReport 的格式。", "The body cannot be read as GeoReport.").Because(err)
	}
	return nil
}

// harmless reads an XML body once without building anything, and refuses what
// the standard never needs: a document type, by which entities are made, another
// root, depth and bulk. The standard library expands no entities but its five
// and fetches nothing.
func harmless(data []byte, root string) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth, seen := 0, 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && seen > 0 && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("a document type is not taken")
		case xml.StartElement:
			if seen == 0 && t.Name.Local != root {
				return fmt.Errorf("the root is %.40q and not %q", t.Name.Local, root)
			}
			if depth, seen = depth+1, seen+1; depth > deepest || seen > elements {
				return errors.New("too deep or too much")
			}
		case xml.EndElement:
			depth--
		}
	}
}
