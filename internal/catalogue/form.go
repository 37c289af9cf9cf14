package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Form is what a matter asks for beyond text and place: a JSON Schema, written
// in YAML, in which titles, descriptions and choices have both languages.
type Form struct {
	Name    string
	Title   lang.Text
	Version string
	Fields  []Field // in the order of the file

	schema *jsonschema.Schema
}

// Field is one question of a form.
type Field struct {
	Name     string
	Title    lang.Text
	Help     lang.Text
	Type     string // string, integer, number, boolean
	Format   string // date, …
	Required bool
	Choices  []FieldChoice // for one of a list
	Max      int           // characters, where the type is string; 0 for none
}

// FieldChoice is one of the answers a field offers.
type FieldChoice struct {
	Value string
	Title lang.Text
}

// maxForm bounds a form file, which is written by hand.
const maxForm = 64 << 10

// ParseForm reads a form. Its findings are those of the file alone.
func ParseForm(source []byte, file string) (*Form, []sheet.Finding) {
	p := &formParser{file: file}
	form := p.form(source)
	if form == nil || slices.ContainsFunc(p.findings, func(f sheet.Finding) bool { return f.Severity != sheet.Warning }) {
		return nil, p.findings
	}
	return form, p.findings
}

type formParser struct {
	file     string
	findings []sheet.Finding
}

func (p *formParser) bad(line, column int, field, zh, en string, args ...any) {
	p.findings = append(p.findings, sheet.Finding{
		Place: sheet.Place{File: p.file, Line: line, Column: column}, Field: field, Severity: sheet.Error, Text: lang.T(zh, en, args...),
	})
}

func (p *formParser) form(source []byte) *Form {
	if len(source) > maxForm {
		p.bad(0, 0, "", "表单超过 %d KB。", "The form is over %d KB.", maxForm>>10)
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		line := 1
		if err != nil {
			line = lineOf(err)
		}
		p.bad(line, 0, "", "不是有效的 YAML 表单。", "This is not a form in valid YAML.")
		return nil
	}
	top := doc.Content[0]
	sum := sha256.Sum256(source)
	f := &Form{Name: strings.TrimSuffix(path.Base(p.file), path.Ext(p.file)), Version: hex.EncodeToString(sum[:6])}
	f.Title = p.text(top, "title", true)
	f.Fields = p.fields(top)
	plain, ok := p.plain(top, 0).(map[string]any)
	if !ok || len(p.findings) > 0 {
		return f
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	compiler.AssertFormat()
	if err := compiler.AddResource("form.json", plain); err != nil {
		p.bad(top.Line, top.Column, "", "表单不合规范：%s", "The form is not a valid schema: %s", err.Error())
		return f
	}
	schema, err := compiler.Compile("form.json")
	if err != nil {
		p.bad(top.Line, top.Column, "", "表单不合规范：%s", "The form is not a valid schema: %s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	f.schema = schema
	return f
}

// noLoader refuses to fetch: a form stands by itself.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a form may not refer to %s", url)
}

var lineShape = regexp.MustCompile(`line (\d+)`)

func lineOf(err error) int {
	if m := lineShape.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

// child gives the value of a key of a mapping.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// text reads {zh, en} at a key.
func (p *formParser) text(n *yaml.Node, key string, need bool) lang.Text {
	c := child(n, key)
	t := lang.Text{}
	for lang, into := range map[string]*string{"zh": &t.ZH, "en": &t.EN} {
		if v := child(c, lang); v != nil && v.Kind == yaml.ScalarNode {
			*into = strings.TrimSpace(v.Value)
		}
	}
	at := n
	if c != nil {
		at = c
	}
	if (need || c != nil) && (t.ZH == "" || t.EN == "") {
		p.bad(at.Line, at.Column, key, "%s 要写中英文：{zh: …, en: …}。", "%s needs both languages: {zh: …, en: …}.", key)
	}
	return t
}

func (p *formParser) fields(top *yaml.Node) []Field {
	props := child(top, "properties")
	if props == nil || props.Kind != yaml.MappingNode {
		p.bad(top.Line, top.Column, "properties", "表单没有问题（properties）。", "The form asks nothing (properties).")
		return nil
	}
	required := map[string]bool{}
	if r := child(top, "required"); r != nil {
		for _, c := range r.Content {
			required[c.Value] = true
			if child(props, c.Value) == nil {
				p.bad(c.Line, c.Column, "required", "没有“%s”这一项。", "There is no field “%s”.", c.Value)
			}
		}
	}
	var all []Field
	for i := 0; i+1 < len(props.Content); i += 2 {
		name, n := props.Content[i].Value, props.Content[i+1]
		if n.Kind != yaml.MappingNode {
			p.bad(n.Line, n.Column, name, "这一项要写成一组。", "This field is not a set of “name: value”.")
			continue
		}
		f := Field{Name: name, Title: p.text(n, "title", true), Help: p.text(n, "description", false), Required: required[name]}
		f.Type, f.Format = value(n, "type"), value(n, "format")
		if !slices.Contains([]string{"string", "integer", "number", "boolean"}, f.Type) {
			p.bad(n.Line, n.Column, "type", "类型要写 string、integer、number 或 boolean。", "The type is string, integer, number or boolean.")
		}
		f.Max, _ = strconv.Atoi(value(n, "maxLength"))
		f.Choices = p.choices(n)
		all = append(all, f)
	}
	return all
}

func value(n *yaml.Node, key string) string {
	if c := child(n, key); c != nil {
		return c.Value
	}
	return ""
}

// choices reads oneOf: [{const: gas, title: {zh, en}}].
func (p *formParser) choices(n *yaml.Node) []FieldChoice {
	list := child(n, "oneOf")
	if list == nil {
		return nil
	}
	var all []FieldChoice
	for _, c := range list.Content {
		if value(c, "const") == "" {
			p.bad(c.Line, c.Column, "oneOf", "每个选项要有 const 和 title。", "Every choice has a const and a title.")
			continue
		}
		all = append(all, FieldChoice{Value: value(c, "const"), Title: p.text(c, "title", true)})
	}
	return all
}

// plain turns the tree into what the schema library takes, with Chinese where
// a text has both languages.
func (p *formParser) plain(n *yaml.Node, depth int) any {
	if depth > 20 {
		p.bad(n.Line, n.Column, "", "层次太深。", "This is nested too deeply.")
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		if zh := child(n, "zh"); zh != nil && len(n.Content) <= 4 {
			return zh.Value
		}
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = p.plain(n.Content[i+1], depth+1)
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			list = append(list, p.plain(c, depth+1))
		}
		return list
	case yaml.ScalarNode:
		return p.scalar(n)
	}
	p.bad(n.Line, n.Column, "", "请直接写出来，不用 YAML 的别名。", "Write it out; YAML aliases are not used here.")
	return nil
}

func (p *formParser) scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!bool":
		return n.Value == "true"
	case "!!int", "!!float":
		return json.Number(n.Value)
	case "!!null":
		return nil
	}
	return n.Value
}
