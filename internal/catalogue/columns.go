package catalogue

import (
	"fmt"
	"regexp"
	"strings"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// MatterColumns is the shape of a table of matters, in a pack or imported.
func MatterColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "code", Title: lang.T("事项代码", "Matter code"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "parent", Title: lang.T("上级代码", "Parent code"), Kind: sheet.KindCode, Max: 40},
		{Name: "kind", Title: lang.T("类别", "Kind"), Kind: sheet.KindCode, Required: true},
		{Name: "name", Title: lang.T("事项名称", "Matter name"), Required: true, Max: 100},
		{Name: "name_en", Title: lang.T("英文名称", "English name")},
		{Name: "urgency", Title: lang.T("紧急程度", "Urgency"), Kind: sheet.KindCode},
		{Name: "limit", Title: lang.T("时限", "Limit"), Max: 40},
		{Name: "limits", Title: lang.T("按紧急程度的时限", "Limits by urgency"), Max: 200},
		{Name: "procedure", Title: lang.T("规程", "Procedure"), Kind: sheet.KindCode, Max: 40},
		{Name: "form", Title: lang.T("表单", "Form"), Kind: sheet.KindCode, Max: 40},
		{Name: "filing", Title: lang.T("立案条件", "Filing condition"), Max: 500},
		{Name: "filing_en", Title: lang.T("立案条件（英文）", "Filing condition (English)"), Max: 1000},
		{Name: "closing", Title: lang.T("结案条件", "Closing condition"), Max: 500},
		{Name: "closing_en", Title: lang.T("结案条件（英文）", "Closing condition (English)"), Max: 1000},
		{Name: "basis", Title: lang.T("依据", "Legal basis"), Max: 1000},
		{Name: "words", Title: lang.T("俗称", "Words"), Max: 1000},
		{Name: "secret", Title: lang.T("保密", "Secret"), Kind: sheet.KindCode},
		{Name: "valid_from", Title: lang.T("生效日期", "Valid from"), Kind: sheet.KindDate},
		{Name: "valid_to", Title: lang.T("失效日期", "Valid to"), Kind: sheet.KindDate},
	}
}

var codeShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// readMatter takes one row; what is wrong with it is reported on it.
func readMatter(r *sheet.Record, report *sheet.Report) Matter {
	m := Matter{
		Code: r.Text("code"), Parent: r.Text("parent"), Kind: Kind(strings.ToLower(r.Text("kind"))),
		Title:   lang.Text{ZH: r.Text("name"), EN: r.Text("name_en")},
		Urgency: Urgency(strings.ToUpper(r.Text("urgency"))), Procedure: r.Text("procedure"), Form: r.Text("form"),
		Filing:  lang.Text{ZH: r.Text("filing"), EN: r.Text("filing_en")},
		Closing: lang.Text{ZH: r.Text("closing"), EN: r.Text("closing_en")},
		Basis:   r.List("basis"), Words: r.List("words"),
		ValidFrom: clock.Date(r.Text("valid_from")), ValidTo: clock.Date(r.Text("valid_to")),
	}
	if !codeShape.MatchString(m.Code) {
		r.Fail(report, "code", "代码“%s”只能有字母、数字、点和连字符。", "The code “%s” may only have letters, digits, dots and hyphens.", m.Code)
	}
	if m.Kind.Title().IsZero() {
		r.Fail(report, "kind", "没有“%s”这个类别。", "There is no kind “%s”.", string(m.Kind))
	}
	if m.Urgency != "" && m.Urgency.Title().IsZero() {
		r.Fail(report, "urgency", "紧急程度是 A 到 F，不是“%s”。", "The urgency is A to F, not “%s”.", string(m.Urgency))
	}
	if text := r.Text("limit"); text != "" {
		limit, err := clock.ParseLimit(text)
		if err != nil {
			r.Fail(report, "limit", "时限“%s”看不懂：要有数和单位，数在 1 到 10000，例如 5 working-days；只有 elapsed-days 可以是 0。", "The limit “%s” is not understood: a number from 1 to 10000 and a unit, for example 5 working-days; only elapsed-days may be 0.", text)
		}
		m.Limit = limit
	}
	var err error
	if m.Limits, err = ParseLimits(r.Text("limits")); err != nil {
		text, _ := errs.TextOf(err)
		r.Fail(report, "limits", "%[1]s", "%[2]s", text.ZH, text.EN)
	}
	switch r.Text("secret") {
	case "", "0", "false", "no", "否":
	case "1", "true", "yes", "是":
		m.Secret = true
	default:
		r.Fail(report, "secret", "保密要写 1 或 0。", "Secret is 1 or 0.")
	}
	if m.ValidFrom != "" && m.ValidTo != "" && m.ValidTo < m.ValidFrom {
		r.Fail(report, "valid_to", "失效早于生效。", "It ends before it begins.")
	}
	if m.Title.EN == "" {
		r.Warn(report, "name_en", "缺英文名称。", "The English name is missing.")
	}
	return m
}

// RouteColumns is the shape of a routing table. A row with a weight, a
// share in ten-thousandths, was learned from earlier cases; one without was
// written by somebody.
func RouteColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "matter", Title: lang.T("事项", "Matter"), Kind: sheet.KindCode, Max: 40},
		{Name: "area", Title: lang.T("区域", "Area"), Kind: sheet.KindCode, Max: 15},
		{Name: "hours", Title: lang.T("时段", "Hours"), Max: 20},
		{Name: "unit", Title: lang.T("承办单位", "Unit"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "co", Title: lang.T("协办单位", "Co-handlers"), Max: 400},
		{Name: "reason", Title: lang.T("理由", "Reason"), Max: 200},
		{Name: "reason_en", Title: lang.T("理由（英文）", "Reason (English)")},
		{Name: "weight", Title: lang.T("权重（万分比）", "Weight"), Kind: sheet.KindInt},
	}
}

// readRule takes one row of a routing table.
func readRule(r *sheet.Record, report *sheet.Report) Rule {
	rule := Rule{
		Matter: r.Text("matter"), Area: r.Text("area"), Unit: r.Text("unit"), Co: r.List("co"),
		Reason: lang.Text{ZH: r.Text("reason"), EN: r.Text("reason_en")}, Weight: int(r.Int("weight")),
		From: fmt.Sprintf("%s:%d", r.File, r.Line),
	}
	var err error
	if rule.Hours, err = ParseHours(r.Text("hours")); err != nil {
		r.Fail(report, "hours", "时段“%s”看不懂：写 office、off-office 或 18:00-08:00，空着是全天。", "The hours “%s” are not understood: office, off-office or 18:00-08:00; empty is all day.", r.Text("hours"))
	}
	if rule.Area != "" && !areaShape.MatchString(rule.Area) {
		r.Fail(report, "area", "区域“%s”不是区划代码或它的开头。", "The area “%s” is not an area code or the beginning of one.", rule.Area)
	}
	if rule.Weight < 0 || rule.Weight > Whole {
		r.Fail(report, "weight", "权重是万分之几，在 0 到 %d 之间。", "A weight is a share in ten-thousandths, from 0 to %d.", Whole)
	}
	return rule
}

var areaShape = regexp.MustCompile(`^[0-9]{1,15}$`)
