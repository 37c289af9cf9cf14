package conform

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"linli/internal/georeport"
)

// node is a piece of a body, of JSON or of XML alike: an object with fields, a
// list, or a single value.
type node struct {
	name   string // of the element, in XML
	fields map[string]node
	order  []node // the elements, in XML; the items of an array, in JSON
	value  any    // string, json.Number, bool or nil, where it is single
	kind   kind
}

type kind string

const (
	object kind = "an object"
	array  kind = "a list"
	single kind = "a single value"
)

// deepest is how deep a body may be: the standard needs six.
const deepest = 32

// parse reads a body. In XML root is what its outermost element must be, and the
// node is that element.
func parse(data []byte, f georeport.Format, root string) (node, error) {
	if f == georeport.JSON {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return node{}, err
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return node{}, errors.New("something stands after the JSON value")
		}
		return ofJSON(v), nil
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err != nil {
			return node{}, err
		}
		switch t := token.(type) {
		case xml.Directive:
			return node{}, errors.New("there is a document type")
		case xml.StartElement:
			if t.Name.Local != root {
				return node{}, fmt.Errorf("the root is %.40q and not %q", t.Name.Local, root)
			}
			return ofXML(d, t, 0)
		}
	}
}

func ofJSON(v any) node {
	switch v := v.(type) {
	case map[string]any:
		n := node{kind: object, fields: map[string]node{}}
		for name, value := range v {
			n.fields[name] = ofJSON(value)
		}
		return n
	case []any:
		n := node{kind: array}
		for _, value := range v {
			n.order = append(n.order, ofJSON(value))
		}
		return n
	}
	return node{kind: single, value: v}
}

func ofXML(d *xml.Decoder, start xml.StartElement, depth int) (node, error) {
	n := node{name: start.Name.Local, kind: object, fields: map[string]node{}}
	if depth > deepest {
		return n, errors.New("too deep")
	}
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return n, err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			child, err := ofXML(d, t, depth+1)
			if err != nil {
				return n, err
			}
			n.order = append(n.order, child)
			n.fields[child.name] = child
		case xml.EndElement:
			if len(n.order) == 0 {
				n.value = strings.TrimSpace(text.String())
			}
			return n, nil
		}
	}
}

// items are the members of a list: those of an array, or in XML the elements,
// each of which must have the given name.
func (n node) items(f georeport.Format, member string) ([]node, error) {
	if f == georeport.JSON {
		if n.kind != array {
			return nil, fmt.Errorf("it is %s and not a list", n.kind)
		}
		return n.order, nil
	}
	for _, one := range n.order {
		if one.name != member {
			return nil, fmt.Errorf("an element is %.40q and not %q", one.name, member)
		}
	}
	return n.order, nil
}

// text is a field as text; ok is false where it is missing, null or empty.
func (n node) text(name string) (s string, ok bool) {
	switch v := n.fields[name].value.(type) {
	case string:
		return v, v != ""
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// isText reports whether a field is text where it is there at all: a number in
// JSON loses leading zeros.
func (n node) isText(name string) bool {
	one, there := n.fields[name]
	if !there || one.value == nil && len(one.fields) == 0 && one.kind != array {
		return true
	}
	_, ok := one.value.(string)
	return ok
}
