package admin

import (
	"cmp"
	"slices"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func procedures(v *page.View) error {
	all := v.District.Catalogue.Procedures()
	return show(v, 200, head{
		Title: v.Say("规程", "Procedures"), Said: v.Say("每件事怎么一步步办。改了以后，新开的件按新的办，在办的还按老的办完。", "How a case goes, step by step. After a change new cases take the new version; running ones finish on theirs."), At: "/procedures",
	}, proceduresPage(v, all))
}

// users counts the matters that follow a procedure.
func users(v *page.View, name string) (n int) {
	for _, m := range v.District.Catalogue.Matters() {
		if m.Procedure == name && v.District.Catalogue.Selectable(m.Code) {
			n++
		}
	}
	return n
}

// procedureShow draws a procedure from the same data that runs it, with its
// steps in words and as it was written.
func procedureShow(v *page.View) error {
	p, ok := v.District.Catalogue.Procedure(v.R.PathValue("name"), "")
	if !ok {
		return errs.New(errs.NotFound, "没有这个规程。", "There is no such procedure.")
	}
	source, err := catalogue.ProcedureSource(v.Context(), v.House.DB, v.District.Code, p.Name, p.Version)
	if err != nil {
		return err
	}
	return show(v, 200, head{
		Title: p.Title.In(v.Lang), Said: v.Say("%[1]s，版本 %[2]s，%[3]d 条事项在用", "%[1]s, version %[2]s, for %[3]d matters", p.Name, p.Version, users(v, p.Name)), At: "/procedures",
		Path: []ui.Link{{Text: v.Say("规程", "Procedures"), Href: home + "/procedures"}, {Text: p.Title.In(v.Lang)}},
	}, procedurePage(v, p, drawing(v, p), source.Text))
}

// byText says who does a step.
func byText(v *page.View, b procedure.By) string {
	if b.Reporter {
		return v.Say("上报人", "The reporter")
	}
	text := b.Role.Title().In(v.Lang)
	switch b.At {
	case procedure.ReceivingUnit:
		text = v.Say("收件单位的", "Of the receiving unit: ") + text
	case procedure.Routed:
		text = v.Say("派到的单位", "The unit it was sent to")
	case procedure.SameUnit:
		text = v.Say("同一单位的", "Of the same unit: ") + text
	case procedure.CaseGrid:
		text = v.Say("所在网格的", "Of the case's grid: ") + text
	case procedure.CaseCommunity:
		text = v.Say("所在社区的", "Of the case's community: ") + text
	case procedure.CaseStreet:
		text = v.Say("所在街道的", "Of the case's street: ") + text
	case procedure.NamedUnit:
		text = v.UnitName(b.Unit)
	}
	return text
}

func notText(v *page.View, p *procedure.Procedure, b procedure.By) string {
	var names []string
	for _, s := range slices.Concat(b.Not, b.NotUnits) {
		if step := p.Step(s); step != nil {
			names = append(names, step.Title.In(v.Lang))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return v.Say("不能是办过“%s”的人", "Nobody who had a hand in: %s", strings.Join(names, v.Say("、", ", ")))
}

func stepLimit(v *page.View, s *procedure.Step) string {
	switch {
	case s.OfMatter:
		return v.Say("事项的时限", "The matter's")
	case s.Limit != nil:
		return s.Limit.Text().In(v.Lang)
	}
	return v.Say("不限时", "None")
}

// actionText says what an action does: 派出 → 处置，要写单位.
func actionText(v *page.View, p *procedure.Procedure, a *procedure.Action) string {
	var to []string
	for _, t := range a.To {
		to = append(to, targetTitle(v, p, t))
	}
	text := a.Title.In(v.Lang) + " → " + strings.Join(to, v.Say(" 和 ", " and "))
	if a.Else != "" {
		text += v.Say("，否则 ", ", else ") + targetTitle(v, p, a.Else)
	}
	var needs []string
	for _, n := range a.Needs {
		needs = append(needs, needText(v, n))
	}
	if len(needs) > 0 {
		text += v.Say("，要有", ", with ") + strings.Join(needs, v.Say("、", ", "))
	}
	if a.Final {
		text += v.Say("，不能再退", ", and cannot be returned")
	}
	return text
}

func needText(v *page.View, n procedure.Need) string {
	switch n {
	case procedure.NeedReason:
		return v.Say("理由", "a reason")
	case procedure.NeedEvidence:
		return v.Say("依据", "evidence")
	case procedure.NeedUnit:
		return v.Say("单位", "a unit")
	case procedure.NeedPhoto:
		return v.Say("照片", "a photo")
	case procedure.NeedAnswer:
		return v.Say("答复", "an answer")
	case procedure.NeedRating:
		return v.Say("评价", "a rating")
	}
	return string(n)
}

func targetTitle(v *page.View, p *procedure.Procedure, t procedure.Target) string {
	if s := p.Step(procedure.StepName(t)); s != nil {
		return s.Title.In(v.Lang)
	}
	if e := p.End(procedure.EndName(t)); e != nil {
		return e.Title.In(v.Lang)
	}
	return string(t)
}

// allowances are what else a step lets its unit do.
func allowances(v *page.View, s *procedure.Step) string {
	var all []string
	if s.Returns > 0 {
		all = append(all, v.Say("可退回 %d 次", "returns allowed: %d", s.Returns))
	}
	switch s.Pause.Mode {
	case procedure.Approved:
		all = append(all, v.Say("批准后可暂停计时", "the clock may stop when that is approved"))
	case procedure.Always:
		all = append(all, v.Say("等人时不计时", "the clock stands while it waits"))
	}
	if s.Extend.Times > 0 {
		all = append(all, v.Say("可延期 %d 次", "extensions allowed: %d", s.Extend.Times))
	}
	if s.OnExpiry != "" {
		all = append(all, v.Say("到期自动往下走", "goes on by itself when time is up"))
	}
	return cmp.Or(strings.Join(all, v.Say("，", ", ")), "")
}
