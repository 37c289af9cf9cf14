package fields

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/sheet"
)

const (
	proseMost = 600 // characters of a sentence in a notice
	spanMost  = 100 // years
)

// ParseRules reads and checks privacy.yaml. It returns everything it found fault
// with, in the order of the file; the rules are nil unless all of that are
// warnings.
func ParseRules(source []byte, file string) (*Rules, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	rules := r.rules(r.Document(source))
	if r.Failed() {
		return nil, r.Sorted()
	}
	return rules, r.Sorted()
}

// reader reads the rulebook of personal data.
type reader struct{ sheet.Tree }

func (r *reader) rules(n *yaml.Node) *Rules {
	if n == nil {
		return nil
	}
	f := r.Fields(n, "", "purposes", "reveals-an-hour", "alarm-a-day", "keep", "notices", "consents", "processors")
	rules := &Rules{
		RevealsAnHour: r.Whole(f["reveals-an-hour"], n, "reveals-an-hour", 1, 1000),
		AlarmADay:     r.Whole(f["alarm-a-day"], n, "alarm-a-day", 1, 10000),
	}
	for _, p := range r.named(f["purposes"], n, "purposes") {
		rules.Purposes = append(rules.Purposes, r.purpose(p))
	}
	for _, p := range r.named(f["keep"], n, "keep") {
		rules.Keep = append(rules.Keep, r.keep(p))
	}
	r.missing(rules, cmp.Or(f["keep"], n))
	for _, p := range r.named(f["notices"], n, "notices") {
		rules.Notices = append(rules.Notices, r.notice(p, rules))
	}
	if f["consents"] != nil {
		for _, p := range r.named(f["consents"], n, "consents") {
			rules.Consents = append(rules.Consents, r.consent(p))
		}
	}
	if f["processors"] != nil {
		for _, p := range r.named(f["processors"], n, "processors") {
			rules.Processors = append(rules.Processors, r.processor(p, rules))
		}
	}
	return rules
}

// named reads a group of “name: {…}” of which there is at least one.
func (r *reader) named(n, at *yaml.Node, field string) (all []sheet.Pair) {
	if n == nil {
		r.Bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return nil
	}
	for _, p := range r.Pairs(n, field) {
		if r.Name(p.Key, field) != "" {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		r.Bad(n, field, "“%s”至少写一项。", "“%s” needs at least one entry.", field)
	}
	return all
}

func (r *reader) purpose(p sheet.Pair) Purpose {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "title", "basis", "fields", "delayable", "always")
	out := Purpose{Name: p.Key.Value, Title: r.Text(f["title"], p.Key, "title"), Basis: r.prose(f["basis"], p.Key, "basis"),
		Fields: r.shown(f["fields"]), Delayable: r.yes(f["delayable"], "delayable"), Always: r.yes(f["always"], "always")}
	if len(out.Fields) == 0 {
		r.Bad(cmp.Or(f["fields"], p.Key), "fields", "没写这个目的可以看什么（fields）。", "What this purpose may show (fields) is missing.")
	}
	return out
}

// shown reads names of personal fields.
func (r *reader) shown(n *yaml.Node) []string {
	names := r.Names(n, "fields")
	for _, name := range names {
		if !slices.Contains(Shown(), name) {
			r.Bad(n, "fields", "没有“%s”这一项，可以写：%s。", "There is no field “%s”. One may write: %s.", name, strings.Join(Shown(), ", "))
		}
	}
	return names
}

func (r *reader) keep(p sheet.Pair) Keep {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "title", "for", "basis")
	k := Keep{Name: p.Key.Value, Title: r.Text(f["title"], p.Key, "title"), Basis: r.prose(f["basis"], p.Key, "basis")}
	span, ok := r.span(f["for"], p.Key)
	k.For = span
	kind, known := kinds[k.Name]
	switch {
	case !known:
		r.Bad(p.Key, "keep", "程序不清理“%s”。可以写：%s。", "The program removes nothing called “%s”. One may write: %s.", k.Name, strings.Join(kindNames(), ", "))
	case !ok:
	case kind.always && !span.IsZero():
		r.Bad(f["for"], "for", "“%[1]s”一直保存（always）：%[2]s。", "“%[1]s” is kept for good (always): %[3]s.", k.Name, kind.why.ZH, kind.why.EN)
	case !span.IsZero() && span.days() < kind.least.days():
		least := kind.least.Text()
		r.Bad(f["for"], "for", "“%[1]s”至少留 %[2]s：%[4]s。", "“%[1]s” is kept at least %[3]s: %[5]s.", k.Name, least.ZH, least.EN, kind.why.ZH, kind.why.EN)
	}
	return k
}

// missing warns of sorts of data that no rule speaks of: they are kept.
func (r *reader) missing(rules *Rules, at *yaml.Node) {
	for _, name := range kindNames() {
		if _, ok := rules.KeepOf(name); !ok {
			r.Note(sheet.Warning, r.Place(at), "keep", "没写“%s”留多久，会一直留着。", "How long “%s” is kept is not said, so it is kept for good.", name)
		}
	}
}

// span reads “3 years”, “6 months”, “30 days” or always.
func (r *reader) span(n, at *yaml.Node) (s Span, ok bool) {
	w := r.Word(n, "for")
	if w == "always" {
		return Span{}, true
	}
	number, unit, _ := strings.Cut(w, " ")
	count, err := strconv.Atoi(number)
	s = Span{count, Unit(unit)}
	if err != nil || count < 1 || !slices.Contains([]Unit{Days, Months, Years}, s.Unit) || count > spanMost*366 || s.days() > spanMost*366 {
		r.Bad(cmp.Or(n, at), "for", "期限“%s”不行：写 30 days、6 months、3 years 或 always。", "The time “%s” will not do: write 30 days, 6 months, 3 years or always.", sheet.Clip(w))
		return Span{}, false
	}
	return s, true
}

func (r *reader) notice(p sheet.Pair, rules *Rules) Notice {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "version", "title", "purpose", "kinds", "manner", "basis", "keep", "rights")
	n := Notice{Name: p.Key.Value, Version: r.Whole(f["version"], p.Key, "version", 1, 100000), Title: r.Text(f["title"], p.Key, "title"),
		Purpose: r.prose(f["purpose"], p.Key, "purpose"), Kinds: r.prose(f["kinds"], p.Key, "kinds"), Manner: r.prose(f["manner"], p.Key, "manner"),
		Basis: r.prose(f["basis"], p.Key, "basis"), Keep: r.Names(f["keep"], "keep"), Rights: r.prose(f["rights"], p.Key, "rights")}
	if len(n.Keep) == 0 {
		r.Bad(cmp.Or(f["keep"], p.Key), "keep", "告知里要写留多久（keep）。", "A notice says how long data are kept (keep).")
	}
	for _, name := range n.Keep {
		if _, ok := rules.KeepOf(name); !ok {
			r.Bad(f["keep"], "keep", "上面没有“%s”这条期限。", "There is no rule of keeping “%s” above.", name)
		}
	}
	return n
}

func (r *reader) consent(p sheet.Pair) Consent {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "version", "title", "text", "basis", "fields")
	return Consent{Name: p.Key.Value, Version: r.Whole(f["version"], p.Key, "version", 1, 100000), Title: r.Text(f["title"], p.Key, "title"),
		Text: r.prose(f["text"], p.Key, "text"), Basis: r.prose(f["basis"], p.Key, "basis"), Fields: r.shown(f["fields"])}
}

// prose reads {zh: …, en: …} of whole sentences. Both are needed: people are
// told what is done with their data in the language they read.
func (r *reader) prose(n, at *yaml.Node, field string) lang.Text {
	if n == nil {
		r.Bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return lang.Text{}
	}
	f := r.Fields(n, field, "zh", "en")
	t := lang.Text{ZH: r.sentence(f["zh"], field), EN: r.sentence(f["en"], field)}
	if t.ZH == "" || t.EN == "" {
		r.Bad(n, field, "“%s”要有中文（zh）和英文（en）。", "“%s” needs Chinese (zh) and English (en).", field)
	}
	return t
}

func (r *reader) sentence(n *yaml.Node, field string) string {
	switch {
	case n == nil:
	case n.Kind != yaml.ScalarNode:
		r.Bad(n, field, "这里要写一句话。", "A sentence is expected here.")
	case utf8.RuneCountInString(n.Value) > proseMost:
		r.Bad(n, field, "超过 %d 字。", "Longer than %d characters.", proseMost)
	default:
		return strings.TrimSpace(n.Value)
	}
	return ""
}

func (r *reader) yes(n *yaml.Node, field string) bool {
	switch w := r.Word(n, field); w {
	case "", "false":
		return false
	case "true":
		return true
	}
	r.Bad(n, field, "写 true 或 false。", "Write true or false.")
	return false
}
