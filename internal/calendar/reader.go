package calendar

import (
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
// wrote it sees all of them at once. Calendars are YAML, which a tree reads;
// notices have lines.
type reader struct{ sheet.Tree }

func (r *reader) note(sev sheet.Severity, line, column int, field, zh, en string, args ...any) {
	r.Note(sev, sheet.Place{File: r.File, Line: line, Column: column}, field, zh, en, args...)
}

// bad refuses something at a line; 0 is the whole file.
func (r *reader) bad(line int, field, zh, en string, args ...any) {
	r.note(sheet.Error, line, 0, field, zh, en, args...)
}

// text checks that a notice can be read at all.
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

// title reads a text in both languages; a calendar's may lack neither.
func (r *reader) title(n *yaml.Node, field string) (t lang.Text) {
	if n == nil {
		return t
	}
	got := r.Fields(n, field, "zh", "en")
	t = lang.Text{ZH: r.short(got["zh"], "zh"), EN: r.short(got["en"], "en")}
	if n.Kind == yaml.MappingNode && (t.ZH == "" || t.EN == "") {
		r.Bad(n, field, "中文（zh）和英文（en）都要写。", "Both Chinese (zh) and English (en) are needed.")
	}
	return t
}

// short reads a word that has room in a heading.
func (r *reader) short(n *yaml.Node, field string) string {
	w := r.Word(n, field)
	if utf8.RuneCountInString(w) > maxText {
		r.Bad(n, field, "超过 %d 字。", "Longer than %d characters.", maxText)
		return ""
	}
	return w
}
