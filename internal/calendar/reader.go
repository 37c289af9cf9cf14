package calendar

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// A calendar file is read by people; these bounds stop what is none.
const (
	maxSource = 1 << 20
	maxText   = 100 // characters of a title
)

// reader walks a file and notes every fault with its place, so that whoever
// wrote it sees all of them at once.
type reader struct {
	file     string
	findings []sheet.Finding
}

func (r *reader) note(sev sheet.Severity, line, column int, field, zh, en string, args ...any) {
	at := sheet.Place{File: r.file, Line: line, Column: column}
	r.findings = append(r.findings, sheet.Finding{Place: at, Field: field, Severity: sev, Text: lang.T(zh, en, args...)})
}

// bad refuses something at a line; 0 is the whole file.
func (r *reader) bad(line int, field, zh, en string, args ...any) {
	r.note(sheet.Error, line, 0, field, zh, en, args...)
}

// refuse is bad with the place of a node.
func (r *reader) refuse(n *yaml.Node, field, zh, en string, args ...any) {
	if n == nil {
		r.bad(0, field, zh, en, args...)
		return
	}
	r.note(sheet.Error, n.Line, n.Column, field, zh, en, args...)
}

// failed reports whether anything noted so far forbids the file.
func (r *reader) failed() bool {
	return slices.ContainsFunc(r.findings, func(f sheet.Finding) bool { return f.Severity == sheet.Error || f.Severity == sheet.Fatal })
}

// text checks that a source can be read at all.
func (r *reader) text(source []byte) bool {
	switch {
	case len(source) > maxSource:
		r.bad(0, "", "文件超过 %d KB。", "The file is over %d KB.", maxSource>>10)
		return false
	case !utf8.Valid(source):
		r.bad(0, "", "文件不是 UTF-8 编码。", "The file is not in UTF-8.")
		return false
	case len(strings.TrimSpace(string(source))) == 0:
		r.bad(0, "", "文件是空的。", "The file is empty.")
		return false
	}
	return true
}

var (
	yamlLine   = regexp.MustCompile(`line (\d+)(: )?`)
	fromParser = regexp.MustCompile(`did not find expected (<|'|,|node content|key)`)
)

// document parses YAML and returns its only top node, or nil.
func (r *reader) document(source []byte) *yaml.Node {
	if !r.text(source) {
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(source)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		line := 0
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1]) // digits, by the expression
			if fromParser.MatchString(err.Error()) {
				line++ // the library counts these from 0, and its scanner's from 1
			}
		}
		r.bad(line, "", "YAML 写法有误：%s", "This is not valid YAML: %s", yamlLine.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), ""))
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.refuse(&more, "", "一个文件只写一个日历。", "A file holds one calendar only.")
	}
	if len(doc.Content) != 1 {
		r.refuse(&doc, "", "文件是空的。", "The file is empty.")
		return nil
	}
	return doc.Content[0]
}

// pair is one entry of a mapping.
type pair struct{ key, value *yaml.Node }

// pairs returns the entries of a mapping in order, each key once.
func (r *reader) pairs(n *yaml.Node, field string) []pair {
	if n.Kind != yaml.MappingNode {
		r.refuse(n, field, "这里要写成“名称: 值”的一组。", "A set of “name: value” is expected here.")
		return nil
	}
	var all []pair
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.refuse(k, field, "名称只能是一个词。", "A name is a single word.")
		case v.Kind == yaml.AliasNode:
			r.refuse(v, k.Value, "请直接写出来，不用 YAML 的别名。", "Write it out; YAML aliases are not used here.")
		case seen[k.Value] > 0:
			r.refuse(k, clip(k.Value), "“%[1]s”写了两次，前一次在第 %[2]d 行。", "“%[1]s” is written twice, first on line %[2]d.", clip(k.Value), seen[k.Value])
		default:
			seen[k.Value] = k.Line
			all = append(all, pair{k, v})
		}
	}
	return all
}

// fields returns the values of a mapping whose keys are all known.
func (r *reader) fields(n *yaml.Node, field string, known ...string) map[string]*yaml.Node {
	got := map[string]*yaml.Node{}
	for _, p := range r.pairs(n, field) {
		if !slices.Contains(known, p.key.Value) {
			r.refuse(p.key, clip(p.key.Value), "不认识“%[1]s”。这里可以写：%[2]s。", "“%[1]s” is not known. Here one may write: %[2]s.", clip(p.key.Value), strings.Join(known, ", "))
			continue
		}
		got[p.key.Value] = p.value
	}
	return got
}

// word reads a single value; empty where there is none.
func (r *reader) word(n *yaml.Node, field string) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		r.refuse(n, field, "这里要写一个值。", "A single value is expected here.")
		return ""
	case utf8.RuneCountInString(n.Value) > maxText:
		r.refuse(n, field, "超过 %d 字。", "Longer than %d characters.", maxText)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// yes reads true or false.
func (r *reader) yes(n *yaml.Node, field string) bool {
	switch word := r.word(n, field); word {
	case "true":
		return true
	case "false", "":
		return false
	default:
		r.refuse(n, field, "“%s”应为 true 或 false。", "“%s” should be true or false.", clip(word))
		return false
	}
}

// title reads a text in both languages.
func (r *reader) title(n *yaml.Node, field string) (t lang.Text) {
	if n == nil {
		return t
	}
	got := r.fields(n, field, "zh", "en")
	t = lang.Text{ZH: r.word(got["zh"], "zh"), EN: r.word(got["en"], "en")}
	if n.Kind == yaml.MappingNode && (t.ZH == "" || t.EN == "") {
		r.refuse(n, field, "中文（zh）和英文（en）都要写。", "Both Chinese (zh) and English (en) are needed.")
	}
	return t
}

// clip keeps a message short whatever was sent.
func clip(s string) string {
	all := []rune(strings.ToValidUTF8(s, "?"))
	if len(all) > 30 {
		return string(all[:30]) + "…"
	}
	return string(all)
}
