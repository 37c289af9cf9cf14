package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// byOption are the parameters that callers give as options, on any operation.
var byOption = []string{"fields", "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language"}

// operations writes a method for each operation.
func (g *generator) operations() (string, error) {
	var b bytes.Buffer
	for _, op := range g.doc.operations() {
		if err := g.operation(&b, op); err != nil {
			return "", fmt.Errorf("%s: %w", op.ID, err)
		}
	}
	return b.String(), nil
}

// method is what is to be written of an operation.
type method struct {
	name, args, path, query, body, answer string
	item                                  string // what a list lists; "" where it is none
}

func (g *generator) operation(b *bytes.Buffer, op *operation) error {
	m := method{name: goName(op.ID), args: "ctx context.Context", query: "nil", body: "nil"}
	if err := g.request(b, op, &m); err != nil {
		return err
	}
	if err := g.answered(op, &m); err != nil {
		return err
	}
	fmt.Fprintf(b, "// %s: %s\n", m.name, about(op.Summary))
	if text := english(op.Description); text != "" {
		fmt.Fprintf(b, "//\n// %s\n", strings.ReplaceAll(text, "\n", " "))
	}
	if op.Deprecated {
		b.WriteString("//\n// Deprecated: it goes away; see docs/api.md.\n")
	}
	switch m.answer {
	case "":
		fmt.Fprintf(b, "func (c *Client) %s(%s, opts ...Option) error {\n", m.name, m.args)
		fmt.Fprintf(b, "return c.do(ctx, %q, %s, %s, %s, nil, opts)\n}\n\n", op.method, m.path, m.query, m.body)
	case "[]byte":
		fmt.Fprintf(b, "func (c *Client) %s(%s, opts ...Option) (out []byte, err error) {\n", m.name, m.args)
		fmt.Fprintf(b, "err = c.do(ctx, %q, %s, %s, %s, &out, opts)\nreturn out, err\n}\n\n", op.method, m.path, m.query, m.body)
	default:
		fmt.Fprintf(b, "func (c *Client) %s(%s, opts ...Option) (*%s, error) {\n", m.name, m.args, m.answer)
		fmt.Fprintf(b, "out := new(%s)\nerr := c.do(ctx, %q, %s, %s, %s, out, opts)\nreturn out, err\n}\n\n", m.answer, op.method, m.path, m.query, m.body)
	}
	if m.item != "" {
		each(b, m)
	}
	return nil
}

// each writes the method that reads all pages of a list.
func each(b *bytes.Buffer, m method) {
	names := []string{}
	for one := range strings.SplitSeq(m.args, ", ") {
		name, _, _ := strings.Cut(one, " ")
		names = append(names, name)
	}
	fmt.Fprintf(b, "// %sEach is %[1]s over all pages, each asked for when it is needed.\n", m.name)
	fmt.Fprintf(b, "func (c *Client) %sEach(%s, opts ...Option) iter.Seq2[%s, error] {\n", m.name, m.args, m.item)
	fmt.Fprintf(b, `return each(func(after string) ([]%s, string, error) {
		if after != "" {
			q.After = after
		}
		page, err := c.%s(%s, opts...)
		if err != nil {
			return nil, "", err
		}
		return page.Items, page.Next, nil
	})
}

`, m.item, m.name, strings.Join(names, ", "))
}

// request reads the parameters and the body of an operation, and writes the
// type of its query.
func (g *generator) request(b *bytes.Buffer, op *operation, m *method) error {
	path, query := fmt.Sprintf("%q", op.path), []parameter{}
	for _, p := range op.Parameters {
		switch {
		case slices.Contains(byOption, p.Name):
		case p.In == "path":
			m.args += ", " + argument(p.Name) + " string"
			path = strings.ReplaceAll(path, "{"+p.Name+"}", `" + url.PathEscape(`+argument(p.Name)+`) + "`)
		case p.In == "query":
			query = append(query, p)
		default:
			return unknown("a parameter %s in %s", p.Name, p.In)
		}
	}
	m.path = strings.TrimSuffix(path, ` + ""`)
	if len(query) > 0 {
		m.args, m.query = m.args+", q "+m.name+"Query", "q.values()"
		if err := g.queryType(b, m.name+"Query", query); err != nil {
			return err
		}
	}
	if op.Body != nil {
		j, ok := op.Body.Content["application/json"]
		if !ok {
			return unknown("a body that is no JSON")
		}
		t, err := g.typeOf(j.Schema, true)
		if err != nil {
			return err
		}
		m.args, m.body = m.args+", body "+t, "body"
	}
	return nil
}

// answered finds what an operation answers.
func (g *generator) answered(op *operation, m *method) (err error) {
	s, kind := op.answer()
	if kind == "bytes" {
		m.answer = "[]byte"
	}
	if s == nil {
		return nil
	}
	if m.answer, err = g.typeOf(s, true); err != nil || s.Ref == "" {
		return err
	}
	page := g.doc.Components.Schemas[m.answer]
	if page.Properties["items"] != nil && page.Properties["next"] != nil && strings.Contains(m.query, "q.") {
		m.item, err = g.typeOf(page.Properties["items"].Items, true)
	}
	return err
}

// queryType writes the query of an operation and how it is sent.
func (g *generator) queryType(b *bytes.Buffer, name string, query []parameter) error {
	fmt.Fprintf(b, "// %s is what %s can be asked; what is zero is not sent.\ntype %[1]s struct {\n", name, strings.TrimSuffix(name, "Query"))
	var sends strings.Builder
	for _, p := range query {
		t, err := g.typeOf(p.Schema, true)
		if err != nil {
			return err
		}
		send := map[string]string{"string": "text", "int": "number", "float64": "decimal", "bool": "yes", "time.Time": "instant", "[]string": "words"}[t]
		if send == "" {
			return unknown("a query parameter %s of type %s", p.Name, t)
		}
		if t == "float64" { // 0 is a value
			t = "*float64"
		}
		fmt.Fprintf(b, "%s %s%s\n", goName(p.Name), t, remark(&schema{Description: p.Description, Enum: p.Schema.Enum}))
		fmt.Fprintf(&sends, "set.%s(%q, q.%s)\n", send, p.Name, goName(p.Name))
	}
	fmt.Fprintf(b, "}\n\nfunc (q %s) values() url.Values {\nset := setter{}\n%sreturn url.Values(set)\n}\n\n", name, sends.String())
	return nil
}
