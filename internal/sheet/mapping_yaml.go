package sheet

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
)

// mappingParser walks YAML nodes itself, because a decoder into structs
// forgets the columns and speaks only English.
type mappingParser struct {
	fsys   fs.FS
	name   string
	report *Report
	failed bool
}

// keys says what to do with each key a mapping node may have.
type keys map[string]func(*yaml.Node)

func (p *mappingParser) place(n *yaml.Node) Place {
	return Place{File: p.name, Line: n.Line, Column: n.Column}
}

func (p *mappingParser) fail(n *yaml.Node, field string, t lang.Text) {
	p.failAt(p.place(n), field, t)
}

func (p *mappingParser) failAt(at Place, field string, t lang.Text) {
	p.failed = true
	p.report.Add(Finding{Place: at, Field: field, Severity: Fatal, Text: t})
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// syntax reports what the YAML reader could not read, at the line it names.
func (p *mappingParser) syntax(err error) {
	at := Place{File: p.name}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
	}
	p.failAt(at, "", lang.T("YAML 语法错误：%s", "YAML syntax error: %s", strings.TrimPrefix(err.Error(), "yaml: ")))
}

// pairs calls each for the key and value of every entry, and refuses a key
// that stands twice.
func (p *mappingParser) pairs(n *yaml.Node, each func(key, val *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "", lang.T("此处应是“键: 值”。", "Keys with values are expected here."))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			p.fail(key, key.Value, lang.T("写了两次。", "It stands twice."))
			continue
		}
		seen[key.Value] = true
		each(key, val)
	}
}

// each hands every entry to the function of its key.
func (p *mappingParser) each(n *yaml.Node, known keys) {
	p.pairs(n, func(key, val *yaml.Node) {
		do, ok := known[key.Value]
		if !ok {
			names := make([]string, 0, len(known))
			for k := range known {
				names = append(names, k)
			}
			slices.Sort(names)
			p.fail(key, key.Value, lang.T("不认识的键；可用：%s。", "Unknown key; known are %s.", strings.Join(names, ", ")))
			return
		}
		do(val)
	})
}

// text takes a scalar as written: 007 stays 007. An alias is refused, since
// expanding aliases is how a small file becomes a huge one.
func (p *mappingParser) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		p.fail(n, "", lang.T("此处应是一个值。", "One value is expected here."))
		return ""
	}
	if n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

func (p *mappingParser) list(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{p.text(n)}
	}
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "", lang.T("此处应是一个列表。", "A list is expected here."))
		return nil
	}
	var all []string
	for _, one := range n.Content {
		all = append(all, p.text(one))
	}
	return all
}

func (p *mappingParser) choice(n *yaml.Node, allowed ...string) string {
	s := p.text(n)
	if !slices.Contains(allowed, s) {
		p.fail(n, "", lang.T("“%s”不可用；可用：%s。", "“%s” cannot be used; known are %s.", short(s), strings.Join(allowed, ", ")))
	}
	return s
}

func (p *mappingParser) flag(n *yaml.Node) bool { return p.choice(n, "true", "false") == "true" }

func (p *mappingParser) number(n *yaml.Node, low, high int) int {
	i, err := strconv.Atoi(p.text(n))
	if err != nil || i < low || i > high {
		p.fail(n, "", lang.T("应是 %d 到 %d 之间的整数。", "A whole number from %d to %d is expected.", low, high))
	}
	return i
}

// rule reads how one target field is made.
func (p *mappingParser) rule(n *yaml.Node) rule {
	var r rule
	if n.Kind == yaml.ScalarNode {
		r.columns = []string{p.text(n)}
		return r
	}
	given := func(n *yaml.Node) *string { s := p.text(n); return &s }
	if n.Kind != yaml.MappingNode {
		p.fail(n, "", lang.T("此处应是列名或“键: 值”。", "A column name, or keys with values, is expected here."))
		return r
	}
	p.each(n, keys{
		"column":   func(n *yaml.Node) { r.columns = append(r.columns, p.text(n)) },
		"columns":  func(n *yaml.Node) { r.columns = append(r.columns, p.list(n)...) },
		"join":     func(n *yaml.Node) { r.join = p.text(n) },
		"value":    func(n *yaml.Node) { r.constant = given(n) },
		"prefix":   func(n *yaml.Node) { r.prefix = p.text(n) },
		"pad":      func(n *yaml.Node) { r.pad = p.number(n, 1, 40) },
		"lookup":   func(n *yaml.Node) { r.lookup = p.lookup(n) },
		"table":    func(n *yaml.Node) { r.lookup = p.table(n) },
		"default":  func(n *yaml.Node) { r.fallback = given(n) },
		"keep":     func(n *yaml.Node) { r.keep = p.flag(n) },
		"number":   func(n *yaml.Node) { r.number = p.flag(n) },
		"time":     func(n *yaml.Node) { r.how.layout = p.layout(n) },
		"zone":     func(n *yaml.Node) { r.how.zone = p.zone(n) },
		"sequence": func(n *yaml.Node) { r.sequence = p.sequence(n) },
	})
	if len(r.columns) == 0 && r.constant == nil && !p.failed {
		p.fail(n, "", lang.T("要写 column、columns 或 value。", "column, columns or value is needed."))
	}
	if len(r.columns) > 0 && r.constant != nil {
		p.fail(n, "", lang.T("column 与 value 只能写一个。", "Either column or value, not both."))
	}
	if r.fallback != nil && r.keep {
		p.fail(n, "", lang.T("default 与 keep 只能写一个。", "Either default or keep, not both."))
	}
	return r
}

func (p *mappingParser) lookup(n *yaml.Node) map[string]string {
	m := map[string]string{}
	p.pairs(n, func(key, val *yaml.Node) { m[key.Value] = p.text(val) })
	return m
}

// table reads a lookup from a file beside the mapping.
func (p *mappingParser) table(n *yaml.Node) map[string]string {
	var file, key, val string
	p.each(n, keys{
		"file":  func(n *yaml.Node) { file = p.text(n) },
		"key":   func(n *yaml.Node) { key = p.text(n) },
		"value": func(n *yaml.Node) { val = p.text(n) },
	})
	name := p.beside(file)
	r, err := p.fsys.Open(name)
	if err != nil || key == "" || val == "" {
		p.fail(n, "table", lang.T("表需要 file、key、value，且文件要在映射文件旁边。", "A table needs file, key and value, and the file stands beside the mapping."))
		return nil
	}
	defer func() { _ = r.Close() }()
	f, err := Load(name, r, Limits{Bytes: maxMapping})
	if err != nil {
		p.fail(n, "table", lang.T("表读不出来。", "The table cannot be read."))
		return nil
	}
	m := map[string]string{}
	for row := range f.Rows(From{}, p.report) {
		k, hasKey := row.Get(key)
		v, hasValue := row.Get(val)
		if !hasKey || !hasValue {
			p.fail(n, "table", lang.T("表里没有列“%s”或“%s”。", "The table has no column “%s” or “%s”.", key, val))
			return nil
		}
		if old, twice := m[trim(k)]; twice && old != trim(v) {
			p.failAt(row.At(key), key, lang.T("“%s”有两个不同的值。", "“%s” has two different values.", short(k)))
		}
		m[trim(k)] = trim(v)
	}
	p.failed = p.failed || p.report.Number(Fatal)+p.report.Number(Error) > 0
	return m
}

func (p *mappingParser) sequence(n *yaml.Node) *sequence {
	s := &sequence{width: 3, from: 1}
	p.each(n, keys{
		"parent": func(n *yaml.Node) { s.parent = p.text(n) },
		"width":  func(n *yaml.Node) { s.width = p.number(n, 1, 9) },
		"from":   func(n *yaml.Node) { s.from = p.number(n, 0, 999_999_999) },
	})
	return s
}

// layout checks that a time layout tells days apart: one without any reference
// number reads every value as the same instant.
func (p *mappingParser) layout(n *yaml.Node) string {
	s := p.text(n)
	a := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC).Format(s)
	b := time.Date(2011, 12, 13, 14, 15, 16, 0, time.UTC).Format(s)
	if a == b {
		p.fail(n, "time", lang.T("“%s”不是时间格式；请照 2006-01-02 15:04:05 的样子写。",
			"“%s” is not a time layout; write it after the example 2006-01-02 15:04:05.", short(s)))
	}
	return s
}

func (p *mappingParser) zone(n *yaml.Node) *time.Location {
	name := p.text(n)
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		p.fail(n, "zone", lang.T("没有时区“%s”。", "There is no time zone “%s”.", short(name)))
		return nil
	}
	return zone
}
