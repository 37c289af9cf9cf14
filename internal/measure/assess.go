package measure

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

var subjects = []Of{Departments, StreetUnits, Stations, Companies, Centres, Partners, Districts, Streets, Communities, Grids}

var postShape = regexp.MustCompile(`^post:[a-z]+(-[a-z]+)*$`)

func (r *reader) assessment(p pair, b *Book, grades []Grade) *Assessment {
	f := r.fields(p.value, p.key.Value, "title", "why", "assessor", "tier", "of", "group-by", "ranked", "sections", "vetoes", "grades")
	a := &Assessment{
		Name: r.name(p.key, "assessments"), Title: r.text(f["title"], p.key, "title"), Tier: int(r.number(f["tier"], "tier", 0, 3)),
		GroupBy: oneOf(r, f["group-by"], "group-by", ByKind, ByGroup, ByParent), Ranked: r.flag(f["ranked"], "ranked", true),
		Of: r.subjects(f["of"], p.key), Grades: grades, place: r.place(p.key),
	}
	if f["why"] != nil {
		a.Why = r.text(f["why"], nil, "why")
	}
	if f["assessor"] != nil || a.Tier > 0 {
		a.Assessor = r.text(f["assessor"], p.key, "assessor")
	}
	if f["grades"] != nil {
		a.Grades = r.grades(f["grades"])
	}
	r.sections(a, f["sections"], p.key, b)
	if f["vetoes"] != nil {
		for _, v := range r.pairs(f["vetoes"], "vetoes") {
			r.veto(a, v, b)
		}
	}
	return a
}

func (r *reader) subjects(n, at *yaml.Node) []Of {
	if n == nil {
		r.bad(at, "of", "“%s”没写考核谁（of）。", "“%s” does not say whom it assesses (of).", clip(at.Value))
		return nil
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var all []Of
	for _, c := range nodes {
		of := Of(r.word(c, "of"))
		if !postShape.MatchString(string(of)) {
			of = oneOf(r, c, "of", subjects...)
		}
		all = add(all, of)
	}
	return all
}

func (r *reader) sections(a *Assessment, n, at *yaml.Node, b *Book) {
	if n == nil {
		r.bad(at, "sections", "“%s”没有内容（sections）。", "“%s” has no sections.", clip(at.Value))
		return
	}
	before := r.errors()
	for _, p := range r.pairs(n, "sections") {
		a.Sections = append(a.Sections, r.section(p, b))
	}
	if r.errors() > before {
		return
	}
	var weights []*float64
	for n := range a.Sections {
		weights = append(weights, &a.Sections[n].Weight)
	}
	r.sum(at, "“"+a.Name+"”", weights...)
	r.once(a)
}

func (r *reader) section(p pair, b *Book) Section {
	f := r.fields(p.value, p.key.Value, "title", "weight", "indicators")
	s := Section{Name: r.name(p.key, "sections"), Title: r.text(f["title"], p.key, "title"), Weight: r.weight(f["weight"], p.key), place: r.place(p.key)}
	before := r.errors()
	for _, w := range r.pairs(f["indicators"], "indicators") {
		i := b.Indicator(w.key.Value)
		switch {
		case i == nil:
			r.bad(w.key, "indicators", "没有“%s”这个指标。", "There is no indicator “%s”.", clip(w.key.Value))
			continue
		case i.Better == Neither:
			r.bad(w.key, "indicators", "“%s”没写多好还是少好（better），不能打分。", "“%s” does not say which way is better (better), so it cannot be scored.", i.Name)
			continue
		}
		s.Indicators = append(s.Indicators, Weighted{Indicator: i.Name, Weight: r.weight(w.value, w.key), indicator: i, place: r.place(w.key)})
	}
	if r.errors() > before {
		return s
	}
	var weights []*float64
	for n := range s.Indicators {
		weights = append(weights, &s.Indicators[n].Weight)
	}
	r.sum(p.key, "“"+s.Name+"”", weights...)
	return s
}

// weight reads a weight, which is more than nothing.
func (r *reader) weight(n, at *yaml.Node) float64 {
	if n == nil {
		r.bad(at, "weight", "“%s”没有权重。", "“%s” has no weight.", clip(at.Value))
		return 0
	}
	w := r.number(n, "weight", 0, 100)
	if w == 0 && !r.failed() {
		r.bad(n, "weight", "权重是 0，等于没考核。", "A weight of 0 measures nothing.")
	}
	return w
}

func (r *reader) veto(a *Assessment, p pair, b *Book) {
	f := r.fields(p.value, p.key.Value, "over", "grade", "why")
	v := Veto{Indicator: p.key.Value, Over: r.number(f["over"], "over", 0, 1e9), Grade: r.word(f["grade"], "grade"), Why: r.text(f["why"], p.key, "why"), place: r.place(p.key)}
	i := b.Indicator(v.Indicator)
	switch {
	case i == nil:
		r.bad(p.key, "vetoes", "没有“%s”这个指标。", "There is no indicator “%s”.", clip(v.Indicator))
		return
	case i.Kind == Submitted || i.Better == More:
		r.bad(p.key, "vetoes", "否决看的是坏事有几件：“%s”数的不是坏事。", "A veto looks at how often something bad happened; “%s” does not count that.", i.Name)
		return
	case len(a.Grades) == 0:
		r.bad(p.key, "vetoes", "没有等次，就没有可以否决的。", "Without grades there is nothing to veto.")
		return
	}
	if f["grade"] == nil {
		v.Grade = a.Grades[len(a.Grades)-1].Name
	} else if a.rank(v.Grade) == len(a.Grades) {
		r.bad(f["grade"], "grade", "没有“%s”这一等。", "There is no grade “%s”.", clip(v.Grade))
	}
	a.Vetoes = append(a.Vetoes, v)
}

// fixed writes a number with nine decimals, enough to see which weight is off.
func fixed(v float64) string { return strconv.FormatFloat(v, 'f', 9, 64) }
