package measure

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"linli/internal/sheet"
)

var ownMarks = regexp.MustCompile(`(?m)^marks:`)

// Join makes one source of a file of formulas and a file of marks, for packs
// that keep the two apart. It is what Parse reads, and what a counted period
// keeps, so that it can be counted again. The formulas keep their lines, and
// where they bring marks of their own, those hold.
func Join(formulas, marks []byte) []byte {
	if ownMarks.Match(formulas) {
		return formulas
	}
	return slices.Concat(formulas, []byte("\n"), marks)
}

// Parse reads and checks a file of formulas. It returns everything it found
// fault with, in the order of the file; the book is nil unless all of that are
// warnings.
func Parse(source []byte, file string) (*Book, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	b := r.book(r.Document(source))
	slices.SortStableFunc(r.Findings, func(a, b sheet.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if b == nil || r.Failed() {
		return nil, r.Findings
	}
	sum := sha256.Sum256(source)
	b.Source, b.Version = string(source), hex.EncodeToString(sum[:6])
	return b, r.Findings
}

func (r *reader) book(n *yaml.Node) *Book {
	if n == nil {
		return nil
	}
	f := r.Fields(n, "", "marks", "grades", "indicators", "assessments")
	b := &Book{over: map[Over][]*Indicator{}}
	if f["marks"] != nil {
		for _, p := range r.Pairs(f["marks"], "marks") {
			b.Marks = append(b.Marks, r.mark(p))
		}
	}
	grades := r.grades(f["grades"])
	var marks []string
	for _, m := range b.Marks {
		marks = append(marks, m.Name)
	}
	all := r.Pairs(f["indicators"], "indicators")
	if len(all) > maxIndicators {
		r.Bad(f["indicators"], "indicators", "指标超过 %d 个。", "More than %d indicators.", maxIndicators)
		return nil
	}
	for _, p := range all {
		if i := r.indicator(p, marks); i != nil {
			b.Indicators = append(b.Indicators, i)
			b.over[i.Over] = append(b.over[i.Over], i)
		}
	}
	if f["assessments"] != nil {
		for _, p := range r.Pairs(f["assessments"], "assessments") {
			b.Assessments = append(b.Assessments, r.assessment(p, b, grades))
		}
	}
	if !r.Failed() {
		r.unused(b)
		r.twins(b)
	}
	return b
}

func (r *reader) mark(p sheet.Pair) *Mark {
	f := r.Fields(p.Value, "marks", "title", "options")
	m := &Mark{Name: r.Name(p.Key, "marks"), Title: r.Text(f["title"], p.Key, "title"), place: r.Place(p.Key)}
	if f["options"] == nil {
		r.Bad(p.Key, "options", "“%s”缺可选的等次（options）。", "“%s” has no options.", sheet.Clip(p.Key.Value))
		return m
	}
	for _, o := range r.Pairs(f["options"], "options") {
		g := r.Fields(o.Value, "options", "title", "worth")
		option := Option{Name: r.Word(o.Key, "options"), Title: r.Text(g["title"], o.Key, "title"), Worth: -1}
		switch {
		case g["worth"] == nil:
			r.Bad(o.Key, "worth", "“%s”没写值多少（worth，0 到 1，只记不算写 none）。", "“%s” does not say what it is worth (worth, 0 to 1, or none where it is noted only).", sheet.Clip(o.Key.Value))
		case g["worth"].Value != "none":
			option.Worth = r.Number(g["worth"], "worth", 0, 1)
		}
		m.Options = append(m.Options, option)
	}
	return m
}

// grades reads words for scores, from the best down: {A: 90, B: 75, E: 0}.
func (r *reader) grades(n *yaml.Node) []Grade {
	if n == nil {
		return nil
	}
	var all []Grade
	for _, p := range r.Pairs(n, "grades") {
		g := Grade{Name: r.Word(p.Key, "grades"), From: r.Number(p.Value, "grades", 0, 100)}
		if len(all) > 0 && g.From >= all[len(all)-1].From {
			r.Bad(p.Value, "grades", "等次要从高到低：“%s”的下限不比上一等低。", "Grades go down: “%s” does not begin below the one before.", sheet.Clip(g.Name))
		}
		all = append(all, g)
	}
	if len(all) > 0 && all[len(all)-1].From != 0 {
		r.Bad(n, "grades", "最后一等要从 0 分起，不然有的分数没有等次。", "The last grade must begin at 0, or some scores have no grade.")
	}
	return all
}

// indicator reads one indicator, or nil where nothing can be said about it.
func (r *reader) indicator(p sheet.Pair, marks []string) *Indicator {
	f := r.Fields(p.Value, p.Key.Value, "title", "why", "kind", "over", "from", "of", "counts", "worth", "better", "bands", "score", "empty", "target")
	i := &Indicator{Name: r.Name(p.Key, "indicators"), Title: r.Text(f["title"], p.Key, "title"), Kind: Rate, From: r.Names(f["from"], "from"), place: r.Place(p.Key)}
	if f["why"] != nil {
		i.Why = r.Text(f["why"], nil, "why")
	}
	if f["kind"] != nil {
		i.Kind = sheet.OneOf(&r.Tree, f["kind"], "kind", Rate, Amount, Submitted)
	}
	i.Better = sheet.OneOf(&r.Tree, f["better"], "better", More, Less)
	if i.Kind == "" || !r.fits(i, p.Key, f) {
		return i
	}
	i.Over = sheet.OneOf(&r.Tree, f["over"], "over", overs...)
	i.Target = r.Number(f["target"], "target", 0, map[Kind]float64{Rate: 1, Amount: 1e9, Submitted: 100}[i.Kind])
	r.scored(i, p.Key, f)
	if i.Over != "" && r.formulas(i, f, marks) {
		r.sense(i, f)
	}
	return i
}

// fits checks that an indicator has the parts its kind needs, and no others.
func (r *reader) fits(i *Indicator, at *yaml.Node, f map[string]*yaml.Node) bool {
	before := r.errors()
	refuse := func(zh, en string, keys ...string) {
		for _, k := range keys {
			if f[k] != nil {
				r.Bad(f[k], k, zh, en, k)
			}
		}
	}
	if i.Kind == Submitted {
		refuse("别人打的分不用“%s”：它不数案件。", "Scores that somebody enters have no “%s”: no case is counted.", "over", "of", "counts", "worth")
		if len(i.From) == 0 {
			r.Bad(at, "from", "“%s”没写谁打分（from）。", "“%s” does not say who enters the scores (from).", sheet.Clip(at.Value))
		}
		return r.errors() == before
	}
	refuse("只有别人打的分才写“%s”。", "Only scores that somebody enters have “%s”.", "from")
	if f["over"] == nil {
		r.Bad(at, "over", "“%s”没写数什么（over）。", "“%s” does not say what it counts (over).", sheet.Clip(at.Value))
	}
	if i.Kind == Amount {
		refuse("数量数的就是 of 取的，不写“%s”。", "An amount counts what “of” takes; it has no “%s”.", "counts", "worth")
	} else if (f["counts"] == nil) == (f["worth"] == nil) {
		r.Bad(at, "counts", "“%s”是比率，要在 counts（算不算）和 worth（算多少，0 到 1）里写一样。", "“%s” is a rate: it has either counts (whether) or worth (how much, 0 to 1).", sheet.Clip(at.Value))
	}
	return r.errors() == before
}

// formulas turns the conditions of an indicator into functions. They stay nil
// where there is none.
func (r *reader) formulas(i *Indicator, f map[string]*yaml.Node, marks []string) bool {
	before := r.errors()
	i.Of, i.takes = r.condition(i, f["of"], "of", marks)
	i.Counts, i.counts = r.condition(i, f["counts"], "counts", marks)
	i.Worth = r.Word(f["worth"], "worth")
	if p, ok := r.formula(i, f["worth"], "worth", marks); ok {
		i.worth = p.number
	}
	return r.errors() == before
}

// unused warns of indicators that cost time and tell nobody anything.
func (r *reader) unused(b *Book) {
	used := map[string]bool{}
	for _, a := range b.Assessments {
		for _, s := range a.Sections {
			for _, w := range s.Indicators {
				used[w.Indicator] = true
			}
		}
		for _, v := range a.Vetoes {
			used[v.Indicator] = true
		}
	}
	for _, i := range b.Indicators {
		if i.Scored() && !used[i.Name] {
			r.Note(sheet.Warning, i.place, "indicators", "没有考核用到“%s”。只给人看的指标不用写 better。", "No assessment uses “%s”. An indicator that is only shown needs no “better”.", i.Name)
		}
	}
}
