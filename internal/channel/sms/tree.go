package sms

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/errs"
)

// node is a piece of an answer, whatever it was written in: a text, or named
// pieces below it. A name that comes several times, or a list, is several.
type node struct {
	text  string
	named map[string][]*node
}

// The bounds of an answer. What a gateway says fits well within them.
const (
	bodyMost  = 256 << 10
	depthMost = 24
	nodesMost = 20_000
)

var errShape = errs.New(errs.Invalid, "对方的话读不懂。", "What the other side said cannot be read.")

// parse reads an answer. Pattern is for text: its named groups are the names.
func parse(form Form, pattern *regexp.Regexp, text string) (*node, error) {
	if len(text) > bodyMost {
		return nil, errs.New(errs.TooLarge, "对方的话太长。", "What the other side said is too long.")
	}
	switch form {
	case JSON:
		return parseJSON(text)
	case XML:
		return parseXML(text)
	case Pairs:
		values, err := url.ParseQuery(strings.TrimSpace(text))
		if err != nil {
			return nil, errShape.Because(err)
		}
		return pairs(values), nil
	}
	return parseText(pattern, text)
}

func pairs(values url.Values) *node {
	n := &node{named: map[string][]*node{}}
	for name, all := range values {
		for _, v := range all {
			n.named[name] = append(n.named[name], &node{text: v})
		}
	}
	return n
}

func parseText(pattern *regexp.Regexp, text string) (*node, error) {
	text = strings.TrimSpace(text)
	n := &node{text: text, named: map[string][]*node{}}
	if pattern == nil {
		return n, nil
	}
	found := pattern.FindStringSubmatch(text)
	if found == nil {
		return nil, errShape
	}
	for i, name := range pattern.SubexpNames() {
		if name != "" {
			n.named[name] = []*node{{text: found[i]}}
		}
	}
	return n, nil
}

func parseJSON(text string) (*node, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber() // an id of twenty digits is not a float
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, errShape.Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errShape.Because(err)
	}
	count := 0
	all, err := fromJSON(v, 0, &count)
	if err != nil {
		return nil, err
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return &node{named: map[string][]*node{"": all}}, nil
}

func fromJSON(v any, depth int, count *int) ([]*node, error) {
	if *count++; depth > depthMost || *count > nodesMost {
		return nil, errShape.Because(fmt.Errorf("%d deep, %d pieces", depth, *count))
	}
	switch v := v.(type) {
	case nil:
		return []*node{{}}, nil
	case string:
		return []*node{{text: v}}, nil
	case json.Number:
		return []*node{{text: v.String()}}, nil
	case bool:
		return []*node{{text: strconv.FormatBool(v)}}, nil
	case []any:
		var all []*node
		for _, one := range v {
			below, err := fromJSON(one, depth+1, count)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
		}
		return all, nil
	case map[string]any:
		n := &node{named: map[string][]*node{}}
		for name, one := range v {
			below, err := fromJSON(one, depth+1, count)
			if err != nil {
				return nil, err
			}
			n.named[name] = below
		}
		return []*node{n}, nil
	}
	return nil, errShape
}

// parseXML reads elements and attributes. A document type is refused outright:
// it is where entities are made that grow without bound or read files.
func parseXML(text string) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader([]byte(text)))
	// The bytes were brought to UTF-8 before, whatever the first line says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	root := &node{named: map[string][]*node{}}
	open, count := []*node{root}, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errShape.Because(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errShape.Because(errors.New("a document type"))
		case xml.StartElement:
			if count += 1 + len(t.Attr); len(open) > depthMost || count > nodesMost {
				return nil, errShape.Because(fmt.Errorf("%d deep, %d pieces", len(open), count))
			}
			n := &node{named: map[string][]*node{}}
			for _, a := range t.Attr {
				n.named[a.Name.Local] = []*node{{text: a.Value}}
			}
			above := open[len(open)-1]
			above.named[t.Name.Local] = append(above.named[t.Name.Local], n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			open[len(open)-1].text += string(t)
		}
	}
	if len(root.named) == 0 {
		return nil, errShape.Because(errors.New("no element"))
	}
	return root, nil
}

// all are the pieces at a path such as data.list; the empty path is the piece
// itself. A list at the top is at the path "".
func (n *node) all(path string) []*node {
	here := []*node{n}
	if path == "" {
		if list, ok := n.named[""]; ok {
			return list
		}
		return here
	}
	for name := range strings.SplitSeq(path, ".") {
		var next []*node
		for _, one := range here {
			next = append(next, one.named[name]...)
		}
		here = next
	}
	return here
}

// at is the text at a path; empty where there is none.
func (n *node) at(path string) string {
	if path == "" {
		return ""
	}
	if path == "." { // the whole of a text
		return strings.TrimSpace(n.text)
	}
	if all := n.all(path); len(all) > 0 {
		return strings.TrimSpace(all[0].text)
	}
	return ""
}

// Is is a place in an answer and what stands there.
type Is struct {
	At string   `yaml:"at"`
	Is []string `yaml:"is"`
}

// holds reports whether one of the values stands there.
func (c Is) holds(n *node) bool { return c.At != "" && slices.Contains(c.Is, n.at(c.At)) }
