package measure

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"linli/internal/sheet"
)

var subjects = []Of{Departments, StreetUnits, Stations, Companies, Centres, Partners, Districts, Streets, Communities, Grids}

var postShape = regexp.MustCompile(`^post:[a-z]+(-[a-z]+)*$`)

func (r *reader) assessment(p sheet.Pair, b *Book, grades []Grade) *Assessment {
	f := r.Fields(p.Value, p.Key.Value, "title", "why", "assessor", "tier", "of", "group-by", "ranked", "sections", "vetoes", "grades")
	a := &Assessment{
		Name: r.Name(p.Key, "assessments"), Title: r.Text(f["title"], p.Key, "title"), Tier: int(r.Number(f["tier"], "tier", 0, 3)),
		GroupBy: sheet.OneOf(&r.Tree, f["group-by"], "group-by", ByKind, ByGroup, ByParent), Ranked: r.Yes(f["ranked"], "ranked", true),
		Of: r.subjects(f["of"], p.Key), Grades: grades, place: r.Place(p.Key),
	}
	if f["why"] != nil {
		a.Why = r.Text(f["why"], nil, "why")
	}
	if f["assessor"] != nil || a.Tier > 0 {
		a.Assessor = r.Text(f["assessor"], p.Key, "assessor")
	}
	if f["grades"] != nil {
		a.Grades = r.grades(f["grades"])
	}
	r.sections(a, f["sections"], p.Key, b)
	if f["vetoes"] != nil {
		for _, v := range r.Pairs(f["vetoes"], "vetoes") {
			r.veto(a, v, b)
		}
	}
	return a
}

func (r *reader) subjects(n, at *yaml.Node) []Of {
	if n == nil {
		r.Bad(at, "of", "“%s”没写考核谁（of）。", "“%s” does not say whom it assesses (of).", sheet.Clip(at.Value))
		return nil
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var all []Of
	for _, c := range nodes {
		of := Of(r.Word(c, "of"))
		if !postShape.MatchString(string(of)) {
			of = sheet.OneOf(&r.Tree, c, "of", subjects...)
		}
		all = add(all, of)
	}
	return all
}

func (r *reader) sections(a *Assessment, n, at *yaml.Node, b *Book) {
	if n == nil {
		r.Bad(at, "sections", "“%s”没有内容（sections）。", "“%s” has no sections.", sheet.Clip(at.Value))
		return
	}
	before := r.errors()
	for _, p := range r.Pairs(n, "sections") {
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

func (r *reader) section(p sheet.Pair, b *Book) Section {
	f := r.Fields(p.Value, p.Key.Value, "title", "weight", "indicators")
	s := Section{Name: r.Name(p.Key, "sections"), Title: r.Text(f["title"], p.Key, "title"), Weight: r.weight(f["weight"], p.Key), place: r.Place(p.Key)}
	before := r.errors()
	for _, w := range r.Pairs(f["indicators"], "indicators") {
		i := b.Indicator(w.Key.Value)
		switch {
		case i == nil:
			r.Bad(w.Key, "indicators", "没有“%s”这个指标。", "There is no indicator “%s”.", sheet.Clip(w.Key.Value))
			continue
		case i.Better == Neither:
			r.Bad(w.Key, "indicators", "“%s”没写多好还是少好（better），不能打分。", "“%s” does not say which way is better (better), so it cannot be scored.", i.Name)
			continue
		}
		s.Indicators = append(s.Indicators, Weighted{Indicator: i.Name, Weight: r.weight(w.Value, w.Key), indicator: i, place: r.Place(w.Key)})
	}
	if r.errors() > before {
		return s
	}
	var weights []*float64
	for n := range s.Indicators {
		weights = append(weights, &s.Indicators[n].Weight)
	}
	r.sum(p.Key, "“"+s.Name+"”", weights...)
	return s
}

// weight reads a weight, which is more than nothing.
func (r *reader) weight(n, at *yaml.Node) float64 {
	if n == nil {
		r.Bad(at, "weight", "“%s”没有权重。", "“%s” has no weight.", sheet.Clip(at.Value))
		return 0
	}
	w := r.Number(n, "weight", 0, 100)
	if w == 0 && !r.Failed() {
		r.Bad(n, "weight", "权重是 0，等于没考核。", "A weight of 0 measures nothing.")
	}
	return w
}

func (r *reader) veto(a *Assessment, p sheet.Pair, b *Book) {
	f := r.Fields(p.Value, p.Key.Value, "over", "grade", "why")
	v := Veto{Indicator: p.Key.Value, Over: r.Number(f["over"], "over", 0, 1e9), Grade: r.Word(f["grade"], "grade"), Why: r.Text(f["why"], p.Key, "why"), place: r.Place(p.Key)}
	i := b.Indicator(v.Indicator)
	switch {
	case i == nil:
		r.Bad(p.Key, "vetoes", "没有“%s”这个指标。", "There is no indicator “%s”.", sheet.Clip(v.Indicator))
		return
	case i.Kind == Submitted || i.Better == More:
		r.Bad(p.Key, "vetoes", "否决看的是坏事有几件：“%s”数的不是坏事。", "A veto looks at how often something bad happened; “%s” does not count that.", i.Name)
		return
	case len(a.Grades) == 0:
		r.Bad(p.Key, "vetoes", "没有等次，就没有可以否决的。", "Without grades there is nothing to veto.")
		return
	}
	if f["grade"] == nil {
		v.Grade = a.Grades[len(a.Grades)-1].Name
	} else if a.rank(v.Grade) == len(a.Grades) {
		r.Bad(f["grade"], "grade", "没有“%s”这一等。", "There is no grade “%s”.", sheet.Clip(v.Grade))
	}
	a.Vetoes = append(a.Vetoes, v)
}

// fixed writes a number with nine decimals, enough to see which weight is off.
func fixed(v float64) string { return strconv.FormatFloat(v, 'f', 9, 64) }
