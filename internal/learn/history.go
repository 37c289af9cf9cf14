package learn

import (
	"slices"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Columns is the shape of a table of past cases: what an import of a
// district's history asks for, whatever its own system called it. Only the
// number, the instant of opening and the matter are required; what the source
// does not know stays empty and is never made up.
func Columns() sheet.Schema {
	return sheet.Schema{
		{Name: "external", Title: lang.T("原编号", "number in the source"), Kind: sheet.KindCode, Required: true, Max: 60},
		{Name: "opened", Title: lang.T("受理时间", "opened"), Kind: sheet.KindTime, Required: true},
		{Name: "channel", Title: lang.T("渠道", "channel"), Kind: sheet.KindCode, Max: 40},
		{Name: "source", Title: lang.T("原渠道名", "channel in the source"), Max: 60},
		{Name: "kind", Title: lang.T("诉求类型", "kind"), Kind: sheet.KindCode, Max: 40},
		{Name: "matter", Title: lang.T("事项", "matter"), Kind: sheet.KindCode, Required: true, Max: 80},
		{Name: "area", Title: lang.T("区域", "area"), Kind: sheet.KindCode, Max: 15},
		{Name: "unit", Title: lang.T("承办单位", "unit"), Kind: sheet.KindCode, Max: 40},
		{Name: "state", Title: lang.T("状态", "state"), Kind: sheet.KindCode, Max: 10}, // open, closed, answered, rejected
		{Name: "due", Title: lang.T("截止时间", "due"), Kind: sheet.KindTime},
		{Name: "closed", Title: lang.T("办结时间", "closed"), Kind: sheet.KindTime},
		{Name: "on_time", Title: lang.T("按时", "on time"), Kind: sheet.KindCode, Max: 3}, // yes, no
		{Name: "lon", Title: lang.T("经度", "longitude"), Kind: sheet.KindNumber},
		{Name: "lat", Title: lang.T("纬度", "latitude"), Kind: sheet.KindNumber},
		{Name: "address", Title: lang.T("地址", "address"), Max: 300},
		{Name: "text", Title: lang.T("内容", "text"), Max: 5000},
	}
}

// Examples turns past cases into what Learn reads. parents gives the parent
// of every matter that has one; the parents of an area are in its code.
func Examples(cases []*sheet.Record, parents map[string]string) []Example {
	all := make([]Example, len(cases))
	for i, c := range cases {
		all[i] = Example{
			Matter: MatterPath(c.Text("matter"), parents),
			Area:   AreaPath(c.Text("area")),
			Unit:   c.Text("unit"),
		}
	}
	return all
}

// maxDepth bounds a path, so that a matter that is its own ancestor ends.
const maxDepth = 10

// MatterPath is the way from the widest matter down to code; none where there
// is no code.
func MatterPath(code string, parents map[string]string) []string {
	var path []string
	for code != "" && len(path) < maxDepth {
		path = append(path, code)
		code = parents[code]
	}
	slices.Reverse(path)
	return path
}

// AreaPath is the way from the district down to code: each tier is a prefix of
// the next. A code that ends between tiers counts as the tier it reaches.
func AreaPath(code string) []string {
	var path []string
	for _, digits := range []int{6, 9, 12, 15} {
		if len(code) >= digits {
			path = append(path, code[:digits])
		}
	}
	return path
}
