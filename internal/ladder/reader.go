package ladder

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// A ladder is read by people; these bounds stop what is none.
const (
	sourceMost = 64 << 10
	textMost   = 200 // characters
)

// reader walks a YAML tree and notes every fault with its place, so that an
// author sees all of them at once.
type reader struct {
	file     string
	findings []sheet.Finding
	failed   bool
}

func (r *reader) bad(n *yaml.Node, field, zh, en string, args ...any) {
	r.failed = true
	r.note(sheet.Error, n, field, zh, en, args...)
}

func (r *reader) note(sev sheet.Severity, n *yaml.Node, field, zh, en string, args ...any) {
	at := sheet.Place{File: r.file}
	if n != nil {
		at.Line, at.Column = n.Line, n.Column
	}
	r.findings = append(r.findings, sheet.Finding{Place: at, Field: field, Severity: sev, Text: lang.T(zh, en, args...)})
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document parses the source and returns its only top node, or nil.
func (r *reader) document(source []byte) *yaml.Node {
	switch {
	case len(source) > sourceMost:
		r.bad(nil, "", "文件超过 %d KB。", "The file is over %d KB.", sourceMost>>10)
		return nil
	case !utf8.Valid(source):
		r.bad(nil, "", "文件不是 UTF-8 编码。", "The file is not in UTF-8.")
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(source)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		at := &yaml.Node{}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			at.Line, _ = strconv.Atoi(m[1]) // no line: 0, the whole file
		}
		if errors.Is(err, io.EOF) {
			r.bad(nil, "", "文件是空的。", "The file is empty.")
		} else {
			r.bad(at, "", "YAML 写法有误：%s", "This is not valid YAML: %s", yamlLine.ReplaceAllString(err.Error(), ""))
		}
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.bad(&more, "", "一个文件只写一份督办规则。", "A file holds one set of rules only.")
	}
	if len(doc.Content) != 1 {
		r.bad(nil, "", "文件是空的。", "The file is empty.")
		return nil
	}
	return doc.Content[0]
}

// pair is one entry of a mapping.
type pair struct{ key, value *yaml.Node }

// pairs returns the entries of a mapping in order, each key once.
func (r *reader) pairs(n *yaml.Node, field string) (all []pair) {
	if n == nil || n.Kind != yaml.MappingNode {
		r.bad(n, field, "这里要写成“名称: 值”的一组。", "A set of “name: value” is expected here.")
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.bad(k, field, "名称只能是一个词。", "A name is a single word.")
		case v.Kind == yaml.AliasNode:
			r.bad(v, clip(k.Value), "请直接写出来，不用 YAML 的别名。", "Write it out; YAML aliases are not used here.")
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
			r.bad(p.key, clip(p.key.Value), "不认识“%s”。这里可以写：%s。", "“%s” is not known. Here one may write: %s.", clip(p.key.Value), strings.Join(known, ", "))
			continue
		}
		got[p.key.Value] = p.value
	}
	return got
}

// word reads a scalar; empty where there is none.
func (r *reader) word(n *yaml.Node, field string) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		r.bad(n, field, "这里要写一个值。", "A single value is expected here.")
		return ""
	case utf8.RuneCountInString(n.Value) > textMost:
		r.bad(n, field, "超过 %d 字。", "Longer than %d characters.", textMost)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// name reads a lower-case name such as leader-on-duty.
func (r *reader) name(n *yaml.Node, field string) string {
	w := r.word(n, field)
	if w != "" && (!nameShape.MatchString(w) || len(w) > 40) {
		r.bad(n, field, "“%s”不行：名称用小写字母、数字和连字符，不超过 40 个。", "“%s” will not do: a name has lower-case letters, digits and hyphens, at most 40.", clip(w))
		return ""
	}
	return w
}

// names reads a list of names, or one.
func (r *reader) names(n *yaml.Node, field string) (all []string) {
	nodes := []*yaml.Node{n}
	if n == nil {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
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

// text reads {zh: …, en: …}. Chinese may not be missing; English should not.
func (r *reader) text(n, at *yaml.Node, field string) lang.Text {
	if n == nil {
		r.bad(at, field, "缺标题。", "The title is missing.")
		return lang.Text{}
	}
	f := r.fields(n, field, "zh", "en")
	t := lang.Text{ZH: r.word(f["zh"], field), EN: r.word(f["en"], field)}
	if t.ZH == "" {
		r.bad(n, field, "缺中文（zh）。", "The Chinese (zh) is missing.")
	} else if t.EN == "" {
		r.note(sheet.Warning, n, field, "缺英文（en）。", "The English (en) is missing.")
	}
	return t
}

// whole reads a whole number from least to most. at is blamed where it is missing.
func (r *reader) whole(n, at *yaml.Node, field string, least, most int) int {
	if n == nil {
		n = at
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n == at || err != nil || v < least || v > most {
		r.bad(n, field, "要写 %d 到 %d 的整数。", "A whole number from %d to %d is expected.", least, most)
		return 0
	}
	return v
}

// limit reads a limit such as “1 working-days”; none is the zero one.
func (r *reader) limit(n *yaml.Node, field string) clock.Limit {
	w := r.word(n, field)
	if n == nil || w == "" {
		return clock.Limit{}
	}
	l, err := clock.ParseLimit(w)
	if err != nil || l.N == 0 {
		r.bad(n, field, "时限“%s”不行：要有数和单位，例如 1 working-days、30 minutes。", "The limit “%s” will not do: it has a number and a unit, for example 1 working-days, 30 minutes.", clip(w))
		return clock.Limit{}
	}
	return l
}

// clip keeps a quotation short.
func clip(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}
