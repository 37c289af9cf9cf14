package admin

import (
	"net/url"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func matterHref(code string) string { return home + "/matters?at=" + url.QueryEscape(code) }

func procedureHref(name string) string { return home + "/procedures/" + url.PathEscape(name) }

// found is how many matters a search lists.
const found = 50

// matters shows one level of the tree, or one matter, or what a search finds.
func matters(v *page.View) error {
	q := v.R.URL.Query()
	cat, code, words := v.District.Catalogue, q.Get("at"), strings.TrimSpace(q.Get("q"))
	h := head{Title: v.Say("事项", "Matters"), Said: v.Say("时限、规程和表单，没写的取上一级的。", "What has no limit, procedure or form of its own takes that above it."), At: "/matters"}
	if words != "" {
		h.Said = v.Say("找“%s”", "Looking for “%s”", words)
		return show(v, 200, h, mattersPage(v, words, nil, cat.Search(words, found)))
	}
	var facts []ui.Fact
	if code != "" {
		m, ok := cat.Matter(code)
		if !ok {
			return errs.New(errs.NotFound, "没有这个事项。", "There is no such matter.")
		}
		h.Title, h.Said, facts = m.Title.In(v.Lang), v.Say("%[1]s，代码 %[3]s", "%[2]s, code %[3]s", m.Kind.Title().ZH, m.Kind.Title().EN, m.Code), matterFacts(v, m)
		h.Path = matterPath(v, code)
	}
	return show(v, 200, h, mattersPage(v, "", facts, cat.Children(code)))
}

func matterPath(v *page.View, code string) []ui.Link {
	path := []ui.Link{{Text: v.Say("事项", "Matters"), Href: home + "/matters"}}
	for _, at := range v.District.Catalogue.Path(code) {
		l := ui.Link{Text: v.District.Catalogue.Title(at).In(v.Lang), Href: matterHref(at)}
		if at == code {
			l.Href = ""
		}
		path = append(path, l)
	}
	return path
}

// matterFacts is everything a matter says, its own and what it inherits.
func matterFacts(v *page.View, m catalogue.Matter) []ui.Fact {
	facts := []ui.Fact{{Name: v.Say("时限", "Limit"), Value: limitText(v, m), Strong: true}}
	add := func(zh, en, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Name: lang.Text{ZH: zh, EN: en}.In(v.Lang), Value: value})
		}
	}
	if p, ok := v.District.Catalogue.Procedure(m.Procedure, ""); ok {
		facts = append(facts, ui.Fact{Name: v.Say("规程", "Procedure"), Body: link(p.Title.In(v.Lang), procedureHref(p.Name))})
	}
	if m.Urgency != "" {
		add("紧急类", "Urgency", string(m.Urgency)+" "+m.Urgency.Title().In(v.Lang))
	}
	if f, ok := v.District.Catalogue.Form(m.Form); ok {
		add("表单", "Form", f.Title.In(v.Lang))
	}
	add("立案条件", "Taken when", m.Filing.In(v.Lang))
	add("结案条件", "Done when", m.Closing.In(v.Lang))
	add("依据", "Basis", strings.Join(m.Basis, v.Say("；", "; ")))
	add("老百姓怎么说", "How people say it", strings.Join(m.Words, v.Say("、", ", ")))
	if m.Secret {
		add("上报人", "Reporter", v.Say("对承办单位保密", "Kept secret from the unit"))
	}
	if v.District.Catalogue.Selectable(m.Code) {
		facts = append(facts, ui.Fact{Name: v.Say("派给谁", "Goes to"), Body: link(v.Say("试一下怎么派", "Try how it is routed"), home+"/routes?matter="+url.QueryEscape(m.Code))})
	}
	return facts
}

func limitText(v *page.View, m catalogue.Matter) string {
	if m.Limit.IsZero() {
		return v.Say("看规程", "As the procedure says")
	}
	return m.Limit.Text().In(v.Lang)
}

func matterCells(v *page.View, m catalogue.Matter) []ui.Cell {
	cat := v.District.Catalogue
	below := len(cat.Children(m.Code))
	sub := m.Code + " · " + m.Kind.Title().In(v.Lang)
	if below > 0 {
		return []ui.Cell{{Text: m.Title.In(v.Lang), Sub: m.Code, Href: matterHref(m.Code)}, {Text: v.Say("下面 %d 项", "%d below", below)}, {}, {}}
	}
	procedure := ui.Cell{}
	if p, ok := cat.Procedure(m.Procedure, ""); ok {
		procedure = ui.Cell{Text: p.Title.In(v.Lang), Href: procedureHref(p.Name)}
	}
	return []ui.Cell{{Text: m.Title.In(v.Lang), Sub: sub, Href: matterHref(m.Code)}, {Text: limitText(v, m)}, procedure, {Text: m.Filing.In(v.Lang)}}
}
