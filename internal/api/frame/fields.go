package frame

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/errs"
)

// fieldsMost bounds what fields may say.
const fieldsMost = 2000

// choice is the part of an answer that a caller wants: of each object the named
// members, in the order he gave; an empty choice is all of it.
type choice struct {
	names []string
	of1   map[string]*choice
	list  bool // the answer is a page, and the choice is made in its items
}

// picked reads fields, as names with commas between, dots leading inward:
// id,number,place.street. Names are those of the document; any other is
// refused, together with all there are.
func (d *Door) picked(op *huma.Operation, values []string) (*choice, error) {
	if len(values) == 0 {
		return nil, nil
	}
	schema, list := d.answerOf(op)
	text := strings.Join(values, ",")
	if schema == nil || op.Method != http.MethodGet {
		return nil, errs.New(errs.Invalid, "这个接口不能用 fields。", "fields is not for this operation.").At("fields")
	}
	if len(text) > fieldsMost {
		return nil, errs.New(errs.Invalid, "fields 最长 %d 个字。", "fields is of at most %d characters.", fieldsMost).At("fields")
	}
	c := &choice{list: list}
	for path := range strings.SplitSeq(text, ",") {
		if path = strings.TrimSpace(path); path == "" {
			continue
		}
		if !d.add(c, schema, path) {
			return nil, errs.New(errs.Invalid, "没有“%[1]s”这一项；有的是：%[2]s。", "There is no field “%[1]s”; there are: %[2]s.", Short(path), strings.Join(namesOf(schema), ", ")).At("fields")
		}
	}
	return c, nil
}

// add takes a path into a choice; false where the document has none such.
func (d *Door) add(c *choice, schema *huma.Schema, path string) bool {
	name, rest, inward := strings.Cut(path, ".")
	inner := d.resolved(schema.Properties[name])
	if inner == nil {
		return false
	}
	if c.of1 == nil {
		c.of1 = map[string]*choice{}
	}
	known, ok := c.of1[name]
	if !ok {
		known = &choice{}
		c.of1[name], c.names = known, append(c.names, name)
	}
	if !inward {
		c.of1[name] = &choice{} // the whole of it, whatever part was asked for before
		return true
	}
	if ok && len(known.names) == 0 { // the whole of it was asked for before
		return d.add(&choice{}, inner, rest)
	}
	return d.add(known, inner, rest)
}

// resolved follows references and lists to the object that is meant.
func (d *Door) resolved(s *huma.Schema) *huma.Schema {
	for s != nil {
		switch {
		case s.Ref != "":
			s = d.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
		case s.Items != nil:
			s = s.Items
		default:
			return s
		}
	}
	return nil
}

// answerOf is the object that an operation answers with, or lists.
func (d *Door) answerOf(op *huma.Operation) (s *huma.Schema, list bool) {
	r := op.Responses["200"]
	if r == nil || r.Content["application/json"] == nil {
		return nil, false
	}
	s = d.resolved(r.Content["application/json"].Schema)
	if s == nil || s.Type != huma.TypeObject {
		return nil, false
	}
	if items := s.Properties["items"]; items != nil && items.Items != nil {
		inner := d.resolved(items)
		return inner, inner != nil && len(inner.Properties) > 0
	}
	return s, false
}

func namesOf(s *huma.Schema) (names []string) {
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// of leaves in JSON what was chosen. What it cannot read it leaves alone.
func (c *choice) of(body []byte) []byte {
	if !c.list {
		return c.within(body)
	}
	var page map[string]json.RawMessage
	if json.Unmarshal(body, &page) != nil {
		return body
	}
	page["items"] = c.within(page["items"])
	out, err := json.Marshal(page)
	if err != nil {
		return body
	}
	return append(out, '\n')
}

func (c *choice) within(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if len(c.names) == 0 || len(body) == 0 {
		return body
	}
	var b bytes.Buffer
	switch body[0] {
	case '[':
		var all []json.RawMessage
		if json.Unmarshal(body, &all) != nil {
			return body
		}
		for i, one := range all {
			all[i] = c.within(one)
		}
		out, err := json.Marshal(all)
		if err != nil {
			return body
		}
		return out
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) != nil {
			return body
		}
		b.WriteByte('{')
		for _, name := range c.names {
			value, ok := members[name]
			if !ok {
				continue
			}
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			key, _ := json.Marshal(name) // a text always marshals
			b.Write(key)
			b.WriteByte(':')
			b.Write(c.of1[name].within(value))
		}
		b.WriteByte('}')
		return b.Bytes()
	}
	return body
}
