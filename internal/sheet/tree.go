package sheet

import (
	"cmp"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
)

// A rulebook is read by people; these bounds stop what is none.
const (
	treeMost = 256 << 10
	wordMost = 500 // characters
)

// Tree reads a rulebook written in YAML and notes every fault with its place,
// so that its author sees all of them at once.
type Tree struct {
	File     string
	Findings []Finding
}

// Failed reports whether anything noted so far forbids the file.
func (r *Tree) Failed() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Error || f.Severity == Fatal })
}

// Sorted gives what was noted in the order of the file.
func (r *Tree) Sorted() []Finding {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.Findings
}

// Place is where a node stands; of nil, the whole file.
func (r *Tree) Place(n *yaml.Node) Place {
	if n == nil {
		return Place{File: r.File}
	}
	return Place{File: r.File, Line: n.Line, Column: n.Column}
}

// Note notes something at a place.
func (r *Tree) Note(sev Severity, at Place, field, zh, en string, args ...any) {
	r.Findings = append(r.Findings, Finding{Place: at, Field: field, Severity: sev, Text: lang.T(zh, en, args...)})
}

// Bad notes a fault at a node; nil is the whole file.
func (r *Tree) Bad(n *yaml.Node, field, zh, en string, args ...any) {
	r.Note(Error, r.Place(n), field, zh, en, args...)
}

var (
	treeLine   = regexp.MustCompile(`line (\d+)(: )?`)
	fromParser = regexp.MustCompile(`did not find expected (<|'|,|node content|key)`)
)

// Document parses the source and returns its only top node, or nil.
func (r *Tree) Document(source []byte) *yaml.Node {
	switch {
	case len(source) > treeMost:
		r.Bad(nil, "", "文件超过 %d KB。", "The file is over %d KB.", treeMost>>10)
		return nil
	case !utf8.Valid(source):
		r.Bad(nil, "", "文件不是 UTF-8 编码。", "The file is not in UTF-8.")
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(source)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		r.unread(err)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.Bad(&more, "", "一个文件只写一份，不用 --- 分开。", "A file holds one document only, without ---.")
	}
	if len(doc.Content) != 1 {
		r.Bad(nil, "", "文件是空的。", "The file is empty.")
		return nil
	}
	return doc.Content[0]
}

func (r *Tree) unread(err error) {
	if errors.Is(err, io.EOF) {
		r.Note(Fatal, r.Place(nil), "", "文件是空的。", "The file is empty.")
		return
	}
	at := &yaml.Node{}
	if m := treeLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1]) // digits, by the expression
		if fromParser.MatchString(err.Error()) {
			at.Line++ // the library counts these from 0, and its scanner's from 1
		}
	}
	r.Note(Fatal, r.Place(at), "", "YAML 写法有误：%s", "This is not valid YAML: %s", treeLine.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), ""))
}

// Pair is one entry of a mapping.
type Pair struct{ Key, Value *yaml.Node }

// Pairs returns the entries of a mapping in order, each key once.
func (r *Tree) Pairs(n *yaml.Node, field string) (all []Pair) {
	if n == nil || n.Kind != yaml.MappingNode {
		r.Bad(n, field, "这里要写成“名称: 值”的一组。", "A set of “name: value” is expected here.")
		return nil
	}
	seen := map[string]int{} // its line
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.Bad(k, field, "名称只能是一个词。", "A name is a single word.")
		case v.Kind == yaml.AliasNode:
			r.Bad(v, Clip(k.Value), "请直接写出来，不用 YAML 的别名。", "Write it out; YAML aliases are not used here.")
		case seen[k.Value] > 0:
			r.Bad(k, Clip(k.Value), "“%[1]s”写了两次，前一次在第 %[2]d 行。", "“%[1]s” is written twice, first on line %[2]d.", Clip(k.Value), seen[k.Value])
		default:
			seen[k.Value] = k.Line
			all = append(all, Pair{k, v})
		}
	}
	return all
}

// Fields returns the values of a mapping whose keys are all known.
func (r *Tree) Fields(n *yaml.Node, field string, known ...string) map[string]*yaml.Node {
	got := map[string]*yaml.Node{}
	for _, p := range r.Pairs(n, field) {
		if !slices.Contains(known, p.Key.Value) {
			r.Bad(p.Key, Clip(p.Key.Value), "不认识“%s”。这里可以写：%s。", "“%s” is not known. Here one may write: %s.", Clip(p.Key.Value), strings.Join(known, ", "))
			continue
		}
		got[p.Key.Value] = p.Value
	}
	return got
}

// Word reads a scalar; empty where there is none.
func (r *Tree) Word(n *yaml.Node, field string) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		r.Bad(n, field, "这里要写一个值。", "A single value is expected here.")
		return ""
	case utf8.RuneCountInString(n.Value) > wordMost:
		r.Bad(n, field, "超过 %d 字。", "Longer than %d characters.", wordMost)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Name reads a lower-case name such as leader-on-duty.
func (r *Tree) Name(n *yaml.Node, field string) string {
	w := r.Word(n, field)
	if n != nil && n.Kind == yaml.ScalarNode && (!nameShape.MatchString(w) || len(w) > 40) {
		r.Bad(n, field, "“%s”不行：名称用小写字母、数字和连字符，不超过 40 个。", "“%s” will not do: a name has lower-case letters, digits and hyphens, at most 40.", Clip(w))
		return ""
	}
	return w
}

// Names reads a list of names, or one.
func (r *Tree) Names(n *yaml.Node, field string) (all []string) {
	nodes := []*yaml.Node{n}
	if n == nil {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, c := range nodes {
		w := r.Name(c, field)
		if slices.Contains(all, w) {
			r.Bad(c, field, "“%s”写了两次。", "“%s” is written twice.", w)
		} else if w != "" {
			all = append(all, w)
		}
	}
	return all
}

// Text reads {zh: …, en: …}. Chinese may not be missing; English should not. at
// is blamed where there is none; with at nil there need be none.
func (r *Tree) Text(n, at *yaml.Node, field string) lang.Text {
	switch {
	case n == nil && at != nil:
		r.Bad(at, field, "“%s”缺“%s”。", "“%s” has no “%s”.", Clip(at.Value), field)
		return lang.Text{}
	case n == nil:
		return lang.Text{}
	}
	f := r.Fields(n, field, "zh", "en")
	t := lang.Text{ZH: r.Word(f["zh"], field), EN: r.Word(f["en"], field)}
	if t.ZH == "" {
		r.Bad(n, field, "缺中文（zh）。", "The Chinese (zh) is missing.")
	} else if t.EN == "" {
		r.Note(Warning, r.Place(n), field, "缺英文（en）。", "The English (en) is missing.")
	}
	return t
}

// Whole reads a whole number from least to most. at is blamed where it is missing.
func (r *Tree) Whole(n, at *yaml.Node, field string, least, most int) int {
	if n == nil {
		n = at
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n == at || err != nil || v < least || v > most {
		r.Bad(n, field, "要写 %d 到 %d 的整数。", "A whole number from %d to %d is expected.", least, most)
		return 0
	}
	return v
}

// Clip keeps a quotation short.
func Clip(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}

// Yes reads true or false; otherwise is what nothing means.
func (r *Tree) Yes(n *yaml.Node, field string, otherwise bool) bool {
	switch w := r.Word(n, field); {
	case w == "true":
		return true
	case w == "false":
		return false
	case n != nil && w != "":
		r.Bad(n, field, "要写 true 或 false。", "Write true or false.")
	}
	return otherwise
}

// Number reads a number from low to high; 0 where there is none.
func (r *Tree) Number(n *yaml.Node, field string, low, high float64) float64 {
	if n == nil {
		return 0
	}
	v, err := strconv.ParseFloat(r.Word(n, field), 64)
	if err != nil || !(v >= low && v <= high) {
		r.Bad(n, field, "要写 %v 到 %v 的数。", "A number from %v to %v is expected.", low, high)
		return 0
	}
	return v
}

// OneOf reads a word of a short list.
func OneOf[T ~string](r *Tree, n *yaml.Node, field string, known ...T) T {
	w := T(r.Word(n, field))
	if n == nil || slices.Contains(known, w) {
		return w
	}
	var all []string
	for _, k := range known {
		all = append(all, string(k))
	}
	r.Bad(n, field, "“%s”不行。可以写：%s。", "“%s” will not do. One may write: %s.", Clip(string(w)), strings.Join(all, ", "))
	return ""
}
