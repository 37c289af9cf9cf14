package measure

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

// Formulas are read by people; these bounds stop what is none.
const (
	maxSource     = 256 << 10
	maxIndicators = 200
	maxText       = 500 // characters
)

// reader walks a YAML tree and notes every fault with its place, so that an
// author sees all of them at once.
type reader struct {
	file     string
	findings []sheet.Finding
}

func (r *reader) place(n *yaml.Node) sheet.Place {
	if n == nil {
		return sheet.Place{File: r.file}
	}
	return sheet.Place{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) note(sev sheet.Severity, at sheet.Place, field, zh, en string, args ...any) {
	r.findings = append(r.findings, sheet.Finding{Place: at, Field: field, Severity: sev, Text: lang.T(zh, en, args...)})
}

func (r *reader) bad(n *yaml.Node, field, zh, en string, args ...any) {
	r.note(sheet.Error, r.place(n), field, zh, en, args...)
}

// errors is how many things noted so far forbid the book.
func (r *reader) errors() int {
	n := 0
	for _, f := range r.findings {
		if f.Severity != sheet.Warning && f.Severity != sheet.Note {
			n++
		}
	}
	return n
}

func (r *reader) failed() bool { return r.errors() > 0 }

var (
	fromParser = regexp.MustCompile(`did not find expected (<|'|,|node content|key)`)
	yamlLine   = regexp.MustCompile(`line (\d+)(: )?`)
)

// document parses the source and returns its only top node, or nil.
func (r *reader) document(source []byte) *yaml.Node {
	switch {
	case len(source) > maxSource:
		r.bad(nil, "", "文件超过 %d KB。", "The file is over %d KB.", maxSource>>10)
		return nil
	case !utf8.Valid(source):
		r.bad(nil, "", "文件不是 UTF-8 编码。", "The file is not in UTF-8.")
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(source)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		r.unread(err)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.bad(&more, "", "一个文件只写一套考核。", "A file holds one evaluation only.")
	}
	if len(doc.Content) != 1 {
		r.bad(&doc, "", "文件是空的。", "The file is empty.")
		return nil
	}
	return doc.Content[0]
}

func (r *reader) unread(err error) {
	if errors.Is(err, io.EOF) {
		r.note(sheet.Fatal, sheet.Place{File: r.file}, "", "文件是空的。", "The file is empty.")
		return
	}
	at := sheet.Place{File: r.file}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		if fromParser.MatchString(err.Error()) {
			at.Line++ // the library counts these from 0, and its scanner's from 1
		}
	}
	r.note(sheet.Fatal, at, "", "YAML 写法有误：%s", "This is not valid YAML: %s", yamlLine.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), ""))
}

// pair is one entry of a mapping.
type pair struct{ key, value *yaml.Node }

// pairs returns the entries of a mapping in order, each key once.
func (r *reader) pairs(n *yaml.Node, field string) []pair {
	if n == nil || n.Kind != yaml.MappingNode {
		r.bad(n, field, "这里要写成“名称: 值”的一组。", "A set of “name: value” is expected here.")
		return nil
	}
	var all []pair
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.bad(k, field, "名称只能是一个词。", "A name is a single word.")
		case v.Kind == yaml.AliasNode:
			r.bad(v, k.Value, "请直接写出来，不用 YAML 的别名。", "Write it out; YAML aliases are not used here.")
		case seen[k.Value]:
			r.bad(k, clip(k.Value), "“%s”写了两次。", "“%s” is written twice.", clip(k.Value))
		default:
			seen[k.Value] = true
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
			all := strings.Join(known, ", ")
			r.bad(p.key, clip(p.key.Value), "不认识“%s”。这里可以写：%s。", "“%s” is not known. Here one may write: %s.", clip(p.key.Value), all)
			continue
		}
		got[p.key.Value] = p.value
	}
	return got
}

// word reads a scalar; empty where there is none.
func (r *reader) word(n *yaml.Node, field string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		r.bad(n, field, "这里要写一个值。", "A single value is expected here.")
		return ""
	}
	if utf8.RuneCountInString(n.Value) > maxText {
		r.bad(n, field, "超过 %d 字。", "Longer than %d characters.", maxText)
		return ""
	}
	return n.Value
}

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// name reads a lower-case name such as on-time.
func (r *reader) name(n *yaml.Node, field string) string {
	w := r.word(n, field)
	if n != nil && (!nameShape.MatchString(w) || len(w) > 40) {
		r.bad(n, field, "“%s”不行：名称用小写字母、数字和连字符，不超过 40 个。", "“%s” will not do: a name has lower-case letters, digits and hyphens, at most 40.", clip(w))
		return ""
	}
	return w
}

// names reads a list of names, or one.
func (r *reader) names(n *yaml.Node, field string) []string {
	if n == nil {
		return nil
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var all []string
	for _, c := range nodes {
		w := r.name(c, field)
		if slices.Contains(all, w) {
			r.bad(c, field, "“%s”写了两次。", "“%s” is written twice.", w)
		} else if w != "" {
			all = append(all, w)
		}
	}
	return all
}

// text reads {zh: …, en: …}, both written.
func (r *reader) text(n, at *yaml.Node, field string) lang.Text {
	if n == nil {
		if at != nil {
			r.bad(at, field, "“%s”缺“%s”。", "“%s” has no “%s”.", clip(at.Value), field)
		}
		return lang.Text{}
	}
	f := r.fields(n, field, "zh", "en")
	t := lang.Text{ZH: strings.TrimSpace(r.word(f["zh"], field)), EN: strings.TrimSpace(r.word(f["en"], field))}
	if t.ZH == "" {
		r.bad(n, field, "缺中文（zh）。", "The Chinese (zh) is missing.")
	} else if t.EN == "" {
		r.note(sheet.Warning, r.place(n), field, "缺英文（en）。", "The English (en) is missing.")
	}
	return t
}

// number reads a number from low to high.
func (r *reader) number(n *yaml.Node, field string, low, high float64) float64 {
	if n == nil {
		return 0
	}
	v, err := strconv.ParseFloat(r.word(n, field), 64)
	if err != nil || !(v >= low && v <= high) {
		r.bad(n, field, "要写 %v 到 %v 的数。", "A number from %v to %v is expected.", low, high)
		return 0
	}
	return v
}

// flag reads true or false; otherwise is what nothing means.
func (r *reader) flag(n *yaml.Node, field string, otherwise bool) bool {
	switch r.word(n, field) {
	case "true":
		return true
	case "false":
		return false
	}
	if n != nil {
		r.bad(n, field, "要写 true 或 false。", "Write true or false.")
	}
	return otherwise
}

// oneOf reads a word of a short list.
func oneOf[T ~string](r *reader, n *yaml.Node, field string, known ...T) T {
	w := T(r.word(n, field))
	if n == nil || slices.Contains(known, w) {
		return w
	}
	var all []string
	for _, k := range known {
		all = append(all, string(k))
	}
	r.bad(n, field, "“%s”不行。可以写：%s。", "“%s” will not do. One may write: %s.", clip(string(w)), strings.Join(all, ", "))
	return ""
}

// clip keeps a quotation short.
func clip(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}
