package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"linli/internal/lang"
	"linli/internal/procedure"
)

// Catalogue is everything a district deals with, as installed at one moment.
// It does not change, so any number of requests may share it.
type Catalogue struct {
	matters    map[string]*Matter
	order      []*Matter // by code
	children   map[string][]*Matter
	paths      map[string][]string // from the top to the matter
	keys       map[string][]string // what a rule may name to hold for it
	procedures map[string]map[string]*procedure.Procedure
	current    map[string]string // procedure → version that new cases take
	forms      map[string]*Form
	rules      *table
	nRules     int
	words      *suggester
	books      books
}

// parts are what a catalogue is made of.
type parts struct {
	matters    []Matter
	procedures []*procedure.Procedure // the current version of each name last
	forms      []*Form
	rules      []Rule
	books      books
}

func build(p parts) *Catalogue {
	c := &Catalogue{
		matters: map[string]*Matter{}, children: map[string][]*Matter{}, paths: map[string][]string{}, keys: map[string][]string{},
		procedures: map[string]map[string]*procedure.Procedure{}, current: map[string]string{}, forms: map[string]*Form{},
		rules: newTable(p.rules), nRules: len(p.rules), books: p.books,
	}
	own := make(map[string]Matter, len(p.matters))
	for _, m := range p.matters {
		own[m.Code] = m
	}
	for _, code := range slices.Sorted(maps.Keys(own)) {
		if m, ok := resolved(own, code); ok {
			c.matters[code] = &m
			c.order = append(c.order, &m)
			c.children[m.Parent] = append(c.children[m.Parent], &m)
		}
	}
	for _, m := range c.order {
		path := []string{m.Code}
		for up := c.matters[m.Parent]; up != nil; up = c.matters[up.Parent] {
			path = append(path, up.Code)
		}
		slices.Reverse(path)
		c.paths[m.Code], c.keys[m.Code] = path, matterKeys(path)
	}
	for _, one := range p.procedures {
		if c.procedures[one.Name] == nil {
			c.procedures[one.Name] = map[string]*procedure.Procedure{}
		}
		c.procedures[one.Name][one.Version] = one
		c.current[one.Name] = one.Version
	}
	for _, f := range p.forms {
		c.forms[f.Name] = f
	}
	c.words = newSuggester(c.open())
	return c
}

// Catalogue makes a catalogue of the pack alone, for a district that has
// nothing else, and for tests.
func (p *Pack) Catalogue() *Catalogue {
	made := parts{matters: p.Matters, rules: p.Rules}
	for _, s := range p.Procedures {
		if one, _ := procedure.Parse([]byte(s.Text), s.Name+".yaml"); one != nil {
			made.procedures = append(made.procedures, one)
		}
	}
	for _, s := range p.Forms {
		if one, _ := ParseForm([]byte(s.Text), s.Name+".yaml"); one != nil {
			made.forms = append(made.forms, one)
		}
	}
	own := map[string]string{}
	for _, s := range p.Rulebooks {
		own[s.Name] = s.Text
	}
	made.books, _ = readBooks(own) // they were checked with the pack
	return build(made)
}

// open lists the matters a case can be about: those that gather no others.
func (c *Catalogue) open() []*Matter {
	var all []*Matter
	for _, m := range c.order {
		if m.Kind != Group && len(c.children[m.Code]) == 0 {
			all = append(all, m)
		}
	}
	return all
}

// Matter returns the matter of that code, with what it inherits. A group is
// found too: a case cannot be about it, but a page may show it.
func (c *Catalogue) Matter(code string) (Matter, bool) {
	m, ok := c.matters[code]
	if !ok {
		return Matter{}, false
	}
	return *m, true
}

// Selectable reports whether a case can be about the matter.
func (c *Catalogue) Selectable(code string) bool {
	m, ok := c.matters[code]
	return ok && m.Kind != Group && len(c.children[code]) == 0
}

// Matters lists every matter by code.
func (c *Catalogue) Matters() []Matter { return values(c.order) }

// Children lists the matters right below one, by code; of "" the top ones.
func (c *Catalogue) Children(code string) []Matter { return values(c.children[code]) }

func values(list []*Matter) []Matter {
	all := make([]Matter, len(list))
	for i, m := range list {
		all[i] = *m
	}
	return all
}

// Path gives the codes from the top of the tree to the matter.
func (c *Catalogue) Path(code string) []string { return slices.Clone(c.paths[code]) }

// Major is the class a matter is counted under: the second of its path, or
// the first where there is no more. An unknown matter is its own.
func (c *Catalogue) Major(code string) string {
	path := c.paths[code]
	switch len(path) {
	case 0:
		return code
	case 1:
		return path[0]
	}
	return path[1]
}

// Procedure returns a procedure in the version a case was opened with, or
// with "" in the one new cases take.
func (c *Catalogue) Procedure(name, version string) (*procedure.Procedure, bool) {
	p, ok := c.procedures[name][cmp.Or(version, c.current[name])]
	return p, ok
}

// Procedures lists the current procedures by name.
func (c *Catalogue) Procedures() []*procedure.Procedure {
	var all []*procedure.Procedure
	for _, name := range slices.Sorted(maps.Keys(c.current)) {
		all = append(all, c.procedures[name][c.current[name]])
	}
	return all
}

// Form returns the form of that name.
func (c *Catalogue) Form(name string) (*Form, bool) {
	f, ok := c.forms[name]
	return f, ok
}

// Rules tells how many rules the routing table has.
func (c *Catalogue) Rules() int { return c.nRules }

// Route proposes units for a case. A matter that is not in the catalogue is
// routed by the rules for any matter.
func (c *Catalogue) Route(q Query) Explained {
	keys, path := c.keys[q.Matter], c.paths[q.Matter]
	if path == nil {
		path = []string{q.Matter}
		keys = []string{""}
	}
	return c.rules.route(keys, path, q)
}

// Suggest guesses up to five matters from what a resident wrote.
func (c *Catalogue) Suggest(text string) []Suggestion { return c.words.suggest(text, 5) }

// Search lists matters a person may mean by a few letters: those whose code
// begins with them, whose title or words hold them, then what Suggest finds.
func (c *Catalogue) Search(text string, n int) []Matter {
	text = fold(text)
	if text == "" || n <= 0 {
		return nil
	}
	var all []Matter
	for _, m := range c.open() {
		holds := strings.HasPrefix(strings.ToLower(m.Code), text) || strings.Contains(fold(m.Title.ZH), text) || strings.Contains(fold(m.Title.EN), text) ||
			slices.ContainsFunc(m.Words, func(w string) bool { return strings.Contains(fold(w), text) })
		if holds && len(all) < n {
			all = append(all, *m)
		}
	}
	for _, s := range c.words.suggest(text, n) {
		if len(all) < n && !slices.ContainsFunc(all, func(m Matter) bool { return m.Code == s.Matter.Code }) {
			all = append(all, s.Matter)
		}
	}
	return all
}

// Title names a matter; a code that is not there names itself.
func (c *Catalogue) Title(code string) lang.Text {
	m, ok := c.matters[code]
	if !ok {
		return lang.Text{ZH: code, EN: code}
	}
	return m.Title
}
