package portal

import (
	"net/http"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// mattersView is the catalogue as everybody may read it: a branch of it, or
// what a search found.
type mattersView struct {
	Query  string
	Found  []catalogue.Matter
	Path   []ui.Link
	Branch branchView
	Intro  string
}

// searchMost is how many matters a search shows.
const searchMost = 30

// matters shows the top of the catalogue, or what a search finds.
func matters(v *page.View) error {
	s := mattersView{Query: clip(strings.TrimSpace(v.R.URL.Query().Get("q")), 100), Branch: branch(v, "")}
	s.Branch.Title = v.Say("管哪些事，多久办好", "What we deal with, and how soon")
	if s.Query != "" {
		s.Found = v.District.Catalogue.Search(s.Query, searchMost)
	}
	return v.Show(http.StatusOK, mattersPage(v, s))
}

// matter shows a branch of the catalogue, or one matter with everything that is
// promised about it.
func matter(v *page.View) error {
	c := v.District.Catalogue
	m, ok := c.Matter(v.R.PathValue("code"))
	if !ok {
		return errs.New(errs.NotFound, "没有这个事项，可能改名了，请搜一下。", "There is no such matter; it may have been renamed. Please search.")
	}
	if !c.Selectable(m.Code) {
		return v.Show(http.StatusOK, mattersPage(v, mattersView{Branch: branch(v, m.Code), Path: matterPath(v, m.Code), Intro: m.Filing.In(v.Lang)}))
	}
	return v.Show(http.StatusOK, matterPage(v, m, matterPath(v, m.Code)))
}

func matterPath(v *page.View, code string) []ui.Link {
	path := []ui.Link{{Text: v.Say("全部事项", "All matters"), Href: "/matters"}}
	codes := v.District.Catalogue.Path(code)
	for i, at := range codes {
		link := ui.Link{Text: v.District.Catalogue.Title(at).In(v.Lang), Href: "/matters/" + at}
		if i == len(codes)-1 {
			link.Href = ""
		}
		path = append(path, link)
	}
	return path
}

// matterFacts are what is promised about a matter. What it leaves empty is
// said where it is written down, in the branch above.
func matterFacts(v *page.View, m catalogue.Matter) []ui.Fact {
	limit := limitOf(v, m)
	facts := []ui.Fact{{Name: v.Say("多久办好", "Done within"), Value: limit.Text().In(v.Lang), Strong: true}}
	if !limit.IsZero() {
		facts[0].Sub = v.Say("现在报上来，就是 %s", "reported now: %s", v.DueText(v.District.Calendar.Deadline(v.Now, limit, nil).At))
	}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Name: name, Value: value})
		}
	}
	filing, closing, basis := m.Filing, m.Closing, m.Basis
	for _, up := range reversed(v.District.Catalogue.Path(m.Code)) {
		above, _ := v.District.Catalogue.Matter(up)
		if filing.IsZero() {
			filing = above.Filing
		}
		if closing.IsZero() {
			closing = above.Closing
		}
		if len(basis) == 0 {
			basis = above.Basis
		}
	}
	add(v.Say("什么情况管", "Taken on when"), filing.In(v.Lang))
	add(v.Say("办到什么样", "Done means"), closing.In(v.Lang))
	add(v.Say("依据", "Basis"), strings.Join(basis, v.Say("；", "; ")))
	if p, ok := v.District.Catalogue.Procedure(m.Procedure, ""); ok {
		add(v.Say("怎么办", "Procedure"), p.Title.In(v.Lang))
	}
	if m.Secret {
		add(v.Say("保密", "Confidence"), v.Say("谁报的，承办单位看不到", "the unit that handles it never sees who reported it"))
	}
	return facts
}

func reversed(list []string) []string {
	var all []string
	for i := len(list) - 1; i >= 0; i-- {
		all = append(all, list[i])
	}
	return all
}

// matterSteps are what happens to a case where all goes well, in the words a
// resident reads meanwhile.
func matterSteps(v *page.View, m catalogue.Matter) []ui.TrailEntry {
	p, ok := v.District.Catalogue.Procedure(m.Procedure, "")
	if !ok {
		return nil
	}
	reached := goodWay(p)
	var all []ui.TrailEntry
	for _, step := range p.Steps {
		if !reached[step.Name] {
			continue
		}
		entry := ui.TrailEntry{Icon: "chevron-right", What: step.Title.In(v.Lang), Detail: step.Public.In(v.Lang)}
		if step.Limit != nil {
			entry.When = v.Say("%[1]s内", "within %[2]s", step.Limit.Text().ZH, step.Limit.Text().EN)
		}
		all = append(all, entry)
	}
	return all
}

// goodWay are the steps reached by always taking the first action that leads
// to a step: that is how the files are written.
func goodWay(p *procedure.Procedure) map[procedure.StepName]bool {
	reached := map[procedure.StepName]bool{}
	for next := []procedure.StepName{p.Start}; len(next) > 0; next = next[1:] {
		step := p.Step(next[0])
		if step == nil || reached[next[0]] {
			continue
		}
		reached[next[0]] = true
		for _, a := range step.Actions {
			n := len(next)
			for _, to := range a.Targets() {
				if p.Step(procedure.StepName(to)) != nil {
					next = append(next, procedure.StepName(to))
				}
			}
			if len(next) > n {
				break
			}
		}
	}
	return reached
}

func matterItems(v *page.View, list []catalogue.Matter) []ui.Item {
	items := make([]ui.Item, len(list))
	for i, m := range list {
		limit := limitOf(v, m).Text()
		items[i] = ui.Item{Title: m.Title.In(v.Lang), Href: "/matters/" + m.Code, Text: v.Say("办好：%[1]s", "Done within: %[2]s", limit.ZH, limit.EN)}
	}
	return items
}

func groupItems(v *page.View, list []catalogue.Matter) []ui.Item {
	items := make([]ui.Item, len(list))
	for i, m := range list {
		items[i] = ui.Item{Title: m.Title.In(v.Lang), Href: "/matters/" + m.Code, Text: v.Say("%d 项", "%d matters", leaves(v.District.Catalogue, m.Code))}
	}
	return items
}

// leaves counts the matters below a branch.
func leaves(c *catalogue.Catalogue, code string) int {
	if c.Selectable(code) {
		return 1
	}
	n := 0
	for _, child := range c.Children(code) {
		n += leaves(c, child.Code)
	}
	return n
}
