package sheet

import (
	"bytes"
	"io"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
)

// Mapping turns rows of a source into records of a schema. It is made by
// ParseMappings from YAML such as:
//
//	to: areas                          # informative: which import it feeds
//	from: {file: cases.csv, format: csv, encoding: auto, missing: ["-", ""]}
//	where: {column: STREET_ID, not: ["-"]}      # or in: [..]; or a list of these
//	columns:
//	  code:   {column: STREET_ID, lookup: {"100": "440310001"}}
//	  name:   STREET_NAME                       # short for {column: STREET_NAME}
//	  tier:   {value: street}
//	  full:   {columns: [A, B], join: "-"}
//	  opened: {column: CREATE_TIME, time: "2006-01-02 15:04:05", zone: Asia/Shanghai}
//	  limit:  {column: SRType, table: {file: limits.csv, key: type, value: limit}}
//	  number: {column: ID, pad: 3, prefix: "440310001"}
//	  place:  {column: Neighborhood, sequence: {parent: _street, width: 3, from: 1}}
//	  _street: {value: "990201001"}             # a name with _ only serves sequence
//	distinct: code                      # or {by: code, pick: most}
//
// A value that a lookup or table does not hold is an error, unless default
// gives another or keep leaves it. Default also stands in where the source has
// nothing. Several documents in one file are several mappings.
type Mapping struct {
	To       string
	From     From
	where    []condition
	columns  []target
	distinct string
	most     bool // of differing values for one distinct key take the most frequent
}

// target is the rule for one target field.
type target struct {
	name string
	at   Place
	rule rule
}

// condition keeps or drops source rows by one column.
type condition struct {
	column string
	not    []string
	in     []string
}

// maxMapping bounds a mapping file: it is written by hand.
const maxMapping = 4 << 20

// ParseMappings reads the mappings in a file of fsys. Tables they name are read
// from fsys too, beside the mapping. Findings go to report; with any error
// nothing is returned.
func ParseMappings(fsys fs.FS, name string, report *Report) []*Mapping {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		report.add(Fatal, Place{File: name}, "", "读不到映射文件。", "The mapping file cannot be read.")
		return nil
	}
	if len(data) > maxMapping {
		report.add(Fatal, Place{File: name}, "", "映射文件太大。", "The mapping file is too large.")
		return nil
	}
	var all []*Mapping
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if err == io.EOF {
			break
		}
		p := &mappingParser{fsys: fsys, name: name, report: report}
		if err != nil {
			p.syntax(err)
			return nil
		}
		m := p.mapping(&doc)
		if p.failed {
			return nil
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		report.add(Fatal, Place{File: name}, "", "映射文件是空的。", "The mapping file is empty.")
	}
	return all
}

// mapping reads one document.
func (p *mappingParser) mapping(doc *yaml.Node) *Mapping {
	m := &Mapping{}
	root := doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		root = doc.Content[0]
	}
	p.each(root, keys{
		"to":      func(n *yaml.Node) { m.To = p.text(n) },
		"from":    func(n *yaml.Node) { m.From = p.from(n) },
		"where":   func(n *yaml.Node) { m.where = p.conditions(n) },
		"columns": func(n *yaml.Node) { m.columns = p.columns(n) },
		"distinct": func(n *yaml.Node) {
			if n.Kind == yaml.ScalarNode {
				m.distinct = p.text(n)
				return
			}
			p.each(n, keys{
				"by":   func(n *yaml.Node) { m.distinct = p.text(n) },
				"pick": func(n *yaml.Node) { m.most = p.choice(n, "first", "most") == "most" },
			})
		},
	})
	if len(m.columns) == 0 && !p.failed {
		p.fail(root, "columns", lang.T("缺少 columns。", "columns is missing."))
	}
	for _, c := range m.columns {
		if s := c.rule.sequence; s != nil && s.parent != "" && !m.has(s.parent) {
			p.failAt(c.at, c.name, lang.T("sequence 的 parent “%s”不在 columns 中。", "The parent “%s” of the sequence is not among the columns.", s.parent))
		}
	}
	if m.distinct != "" && !m.has(m.distinct) {
		p.fail(root, "distinct", lang.T("distinct 的“%s”不在 columns 中。", "“%s” of distinct is not among the columns.", m.distinct))
	}
	return m
}

func (m *Mapping) has(name string) bool {
	for _, c := range m.columns {
		if c.name == name {
			return true
		}
	}
	return false
}

func (p *mappingParser) from(n *yaml.Node) From {
	var f From
	p.each(n, keys{
		"file":     func(n *yaml.Node) { f.File = p.text(n) },
		"format":   func(n *yaml.Node) { f.Format = Format(p.choice(n, "csv", "tsv", "xlsx", "geojson", "json")) },
		"encoding": func(n *yaml.Node) { f.Encoding = Encoding(p.choice(n, "auto", "utf-8", "gb18030", "utf-16")) },
		"sheet":    func(n *yaml.Node) { f.Sheet = p.text(n) },
		"header":   func(n *yaml.Node) { f.Header = p.number(n, 1, 100) },
		"missing":  func(n *yaml.Node) { f.Missing = p.list(n) },
		"delimiter": func(n *yaml.Node) {
			f.Delimiter = p.text(n)
			if len(f.Delimiter) != 1 || f.Delimiter[0] >= 0x80 || f.Delimiter == "\"" || f.Delimiter == "\n" {
				p.fail(n, "delimiter", lang.T("分隔符应是一个 ASCII 字符。", "The delimiter is one ASCII character."))
			}
		},
	})
	return f
}

func (p *mappingParser) conditions(n *yaml.Node) []condition {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var all []condition
	for _, one := range nodes {
		var c condition
		p.each(one, keys{
			"column": func(n *yaml.Node) { c.column = p.text(n) },
			"not":    func(n *yaml.Node) { c.not = p.list(n) },
			"in":     func(n *yaml.Node) { c.in = p.list(n) },
		})
		if c.column == "" || len(c.not)+len(c.in) == 0 {
			p.fail(one, "where", lang.T("where 要写 column 和 not 或 in。", "where needs a column and not or in."))
		}
		all = append(all, c)
	}
	return all
}

func (p *mappingParser) columns(n *yaml.Node) []target {
	var all []target
	p.pairs(n, func(key, val *yaml.Node) {
		all = append(all, target{name: key.Value, at: p.place(key), rule: p.rule(val)})
	})
	return all
}

// beside is a file named in the mapping, in the mapping's folder.
func (p *mappingParser) beside(name string) string { return path.Join(path.Dir(p.name), name) }
