package desk

import (
	"slices"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// labelOf names a condition in the bar of filters.
func labelOf(v *page.View, name string) string {
	switch name {
	case "q":
		return v.Say("文字", "Text")
	case "state":
		return v.Say("状态", "State")
	case "step":
		return v.Say("环节", "Step")
	case "only":
		return v.Say("只看", "Only")
	case "signal":
		return v.Say("期限", "Deadline")
	case "area":
		return v.Say("街道、社区", "Street, community")
	case "grid":
		return v.Say("网格", "Grid")
	case "unit":
		return v.Say("主办单位", "Lead unit")
	case "kind":
		return v.Say("类别", "Kind")
	case "matter":
		return v.Say("事项", "Matter")
	case "channel":
		return v.Say("从哪来", "Channel")
	case "rated":
		return v.Say("居民评价", "Rating")
	case "period":
		return v.Say("时段", "Period")
	case "from":
		return v.Say("从哪天", "From")
	case "to":
		return v.Say("到哪天", "To")
	}
	return v.Say("排列", "Order")
}

// usual and seldom are the conditions that a list's filter offers: those in
// sight, and those folded away.
func (a asked) usual() []string {
	if a.Path == queuePath {
		return []string{"q", "area", "signal", "step", "matter"}
	}
	return []string{"q", "state", "area", "unit", "matter", "period"}
}

func (a asked) seldom() []string {
	if a.Path == queuePath {
		return []string{"grid", "unit", "kind", "channel", "only"}
	}
	return []string{"step", "signal", "grid", "kind", "channel", "only", "rated", "from", "to", "sort"}
}

// fields are the controls of the filter. open tells that one of those folded
// away is in use.
func (a asked) fields(v *page.View) (usual, seldom []ui.FilterField, open bool) {
	for _, name := range a.usual() {
		usual = append(usual, a.field(v, name))
	}
	for _, name := range a.seldom() {
		seldom = append(seldom, a.field(v, name))
		open = open || a.Query.Has(name)
	}
	return usual, seldom, open
}

func (a asked) field(v *page.View, name string) ui.FilterField {
	return ui.FilterField{Name: name, Label: labelOf(v, name), Value: a.value(name), Kind: kindOf(name), Options: a.options(v, name)}
}

// value is what a control shows as chosen.
func (a asked) value(name string) string {
	value := a.Query.Get(name)
	switch {
	case value != "" || a.Path == queuePath:
	case name == "sort":
		return "newest"
	case name == "period" && (a.Query.Has("from") || a.Query.Has("to")):
		return "dates"
	case name == "period":
		return "90"
	}
	return value
}

func kindOf(name string) string {
	if name == "from" || name == "to" {
		return "date"
	}
	return "search"
}

// options are what a condition can be; none is a line of text.
func (a asked) options(v *page.View, name string) []ui.Option {
	all := []ui.Option{{Label: v.Say("不限", "Any")}}
	switch name {
	case "state":
		for _, s := range stateTexts {
			all = append(all, ui.Option{Value: string(s.state), Label: s.text.In(v.Lang)})
		}
	case "step":
		all = append(all, steps(v)...)
	case "only":
		for _, value := range onlyOrder() {
			all = append(all, ui.Option{Value: value, Label: onlyTexts[value].In(v.Lang)})
		}
	case "signal":
		w := ui.W(v.Lang)
		all = append(all, ui.Option{Value: "late", Label: w.Late}, ui.Option{Value: "near", Label: w.Nearing}, ui.Option{Value: "ok", Label: w.OnTime}, ui.Option{Value: "hold", Label: w.Paused})
	case "area":
		all = append(all, areas(v)...)
	case "unit":
		all = append(all, unitOptions(v)...)
	case "kind":
		for _, k := range kinds() {
			all = append(all, ui.Option{Value: string(k), Label: k.Title().In(v.Lang)})
		}
	case "channel":
		for _, c := range intake.Channels() {
			all = append(all, ui.Option{Value: string(c), Label: c.Text().In(v.Lang)})
		}
	case "rated":
		for n := 1; n <= 3; n++ {
			all = append(all, ui.Option{Value: string(rune('0' + n)), Label: ratedText(v, n)})
		}
	case "period":
		return []ui.Option{
			{Value: "90", Label: v.Say("近 90 天", "90 days")}, {Value: "365", Label: v.Say("近一年", "A year")},
			{Value: "all", Label: v.Say("全部", "All")}, {Value: "dates", Label: v.Say("按日期", "By dates")},
		}
	case "sort":
		return []ui.Option{{Value: "newest", Label: v.Say("最新的在前", "Newest first")}, {Value: "due", Label: v.Say("最急的在前", "Most urgent first")}}
	default:
		return nil
	}
	return all
}

// steps are the steps of all procedures in use, those of one name once.
func steps(v *page.View) []ui.Option {
	var all []ui.Option
	for _, p := range v.District.Catalogue.Procedures() {
		for _, s := range p.Steps {
			if !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == string(s.Name) }) {
				all = append(all, ui.Option{Value: string(s.Name), Label: s.Title.In(v.Lang)})
			}
		}
	}
	return all
}

// areas are the streets, each with its communities.
func areas(v *page.View) []ui.Option {
	var all []ui.Option
	for _, street := range v.District.Areas.Tier(area.Street) {
		all = append(all, ui.Option{Value: string(street.Code), Label: street.Name.In(v.Lang)})
		for _, c := range v.District.Areas.Children(street.Code) {
			all = append(all, ui.Option{Value: string(c.Code), Label: "　" + c.Name.In(v.Lang)})
		}
	}
	return all
}

// kinds are those that a case can be of.
func kinds() []catalogue.Kind {
	return []catalogue.Kind{
		catalogue.Component, catalogue.Event, catalogue.Hazard, catalogue.Consult, catalogue.Help,
		catalogue.Complaint, catalogue.Report, catalogue.Suggest, catalogue.Dispute,
	}
}
