package exchange

import (
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/lang"
)

// areaCode is the pattern of codes of areas, as a Table Schema has patterns.
const areaCode = `^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$`

// Areas is the table of a map's areas.
func Areas(path string, m *area.Map) Table {
	t := Table{
		Name: "areas", Path: path, Title: lang.T("区域", "Areas"), Key: []string{"code"},
		Fields: []Field{
			{Name: "code", Type: String, Title: lang.T("代码", "Code"), Required: true, Unique: true, Pattern: areaCode},
			{Name: "tier", Type: String, Title: lang.T("层级", "Tier"), Required: true, Enum: []string{string(area.District), string(area.Street), string(area.Community), string(area.Grid)}},
			{Name: "name", Type: String, Title: lang.T("名称", "Name in Chinese"), Required: true},
			{Name: "name_en", Type: String, Title: lang.T("英文名称", "Name in English")},
			{Name: "kind", Type: String, Title: lang.T("网格种类", "Kind of grid"), Enum: []string{string(area.Basic), string(area.Exclusive)}},
			{Name: "parent", Type: String, Title: lang.T("上级代码", "Code of the parent"), Pattern: areaCode},
			{Name: "valid_from", Type: Date, Title: lang.T("从哪天起", "First day")},
			{Name: "valid_to", Type: Date, Title: lang.T("到哪天止", "Last day")},
			{Name: "drawn", Type: Boolean, Title: lang.T("有边界", "Has an outline"), Required: true},
		},
	}
	all := slices.SortedFunc(m.All(), func(a, b area.Area) int { return strings.Compare(string(a.Code), string(b.Code)) })
	for _, a := range all {
		_, drawn := m.Outline(a.Code)
		t.Rows = append(t.Rows, []string{
			string(a.Code), string(a.Tier), a.Name.ZH, a.Name.EN, string(a.Kind), string(a.Code.Parent()), string(a.From), string(a.To), strconv.FormatBool(drawn),
		})
	}
	return t
}

// Matters is the table of the matters of a catalogue.
func Matters(path string, c *catalogue.Catalogue) Table {
	t := Table{
		Name: "matters", Path: path, Title: lang.T("事项", "Matters"), Key: []string{"code"},
		Fields: []Field{
			{Name: "code", Type: String, Title: lang.T("代码", "Code"), Required: true, Unique: true, Pattern: `^[A-Za-z0-9._-]{1,50}$`},
			{Name: "parent", Type: String, Title: lang.T("上级代码", "Code of the parent")},
			{Name: "title", Type: String, Title: lang.T("名称", "Title in Chinese"), Required: true},
			{Name: "title_en", Type: String, Title: lang.T("英文名称", "Title in English")},
			{Name: "kind", Type: String, Title: lang.T("种类", "Kind")},
			{Name: "limit", Type: String, Title: lang.T("时限", "Limit"), Pattern: `^[0-9]+ [a-z-]+$`},
			{Name: "procedure", Type: String, Title: lang.T("规程", "Procedure")},
			{Name: "selectable", Type: Boolean, Title: lang.T("可以报", "Can be reported"), Required: true},
			{Name: "valid_from", Type: Date, Title: lang.T("从哪天起", "First day")},
			{Name: "valid_to", Type: Date, Title: lang.T("到哪天止", "Last day")},
		},
	}
	for _, m := range c.Matters() {
		t.Rows = append(t.Rows, []string{
			m.Code, m.Parent, m.Title.ZH, m.Title.EN, string(m.Kind), m.Limit.String(), m.Procedure, strconv.FormatBool(c.Selectable(m.Code)), string(m.ValidFrom), string(m.ValidTo),
		})
	}
	return t
}

// Figures is the table of published figures, with rows in the order of its
// fields. Where one is withheld, and where there was nothing to count, the cells
// are empty.
func Figures(path string, rows [][]string) Table {
	return Table{
		Name: "figures", Path: path, Title: lang.T("指标", "Figures"), Rows: rows, Key: []string{"period", "scope", "code", "indicator"},
		Fields: []Field{
			{Name: "period", Type: String, Title: lang.T("时段", "Period"), Required: true},
			{Name: "state", Type: String, Title: lang.T("状态", "State"), Required: true},
			{Name: "scope", Type: String, Title: lang.T("范围", "Scope"), Required: true},
			{Name: "code", Type: String, Title: lang.T("代码", "Code"), Required: true},
			{Name: "name", Type: String, Title: lang.T("名称", "Name")},
			{Name: "indicator", Type: String, Title: lang.T("指标", "Indicator"), Required: true},
			{Name: "title", Type: String, Title: lang.T("指标名", "Title")},
			{Name: "numerator", Type: Number, Title: lang.T("分子", "Numerator")},
			{Name: "denominator", Type: Integer, Title: lang.T("分母", "Denominator")},
			{Name: "value", Type: Number, Title: lang.T("值", "Value")},
			{Name: "withheld", Type: Boolean, Title: lang.T("不公布（不足五件）", "Withheld: fewer than five"), Required: true},
		},
	}
}
