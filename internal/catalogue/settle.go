package catalogue

import (
	"linli/internal/sheet"
)

// draft is a matter with the row it came from.
type draft struct {
	Matter
	row *sheet.Record
}

// settle checks matters against each other, against those the district has
// already, and against the procedures and forms there are, and returns the good
// ones in their order.
func settle(drafts []draft, have map[string]Matter, procedures, forms map[string]bool, report *sheet.Report) []Matter {
	all := map[string]Matter{}
	for code, m := range have {
		all[code] = m
	}
	first := map[string]*sheet.Record{}
	for _, d := range drafts {
		if other := first[d.Code]; other != nil {
			d.row.Fail(report, "code", "代码“%s”重复，前一个在 %s。", "The code “%s” is there twice; the other is at %s.", d.Code, other.Place.String())
			continue
		}
		first[d.Code] = d.row
		all[d.Code] = d.Matter
	}
	for _, d := range drafts {
		if _, ok := all[d.Parent]; d.Parent != "" && !ok {
			d.row.Fail(report, "parent", "上级“%s”不存在。", "The parent “%s” does not exist.", d.Parent)
		} else if circles(all, d.Code) {
			d.row.Fail(report, "parent", "上级绕成了圈。", "The parents form a circle.")
		}
		if d.Procedure != "" && !procedures[d.Procedure] {
			d.row.Fail(report, "procedure", "没有“%s”这个规程。", "There is no procedure “%s”.", d.Procedure)
		}
		if d.Form != "" && !forms[d.Form] {
			d.row.Fail(report, "form", "没有“%s”这个表单。", "There is no form “%s”.", d.Form)
		}
	}
	orphans(drafts, first, have, report)
	var good []Matter
	for _, d := range drafts {
		if whole, ok := resolved(all, d.Code); ok && d.Kind != Group && whole.Procedure == "" && !d.row.Bad() {
			d.row.Fail(report, "procedure", "它和它的上级都没有写规程。", "Neither it nor what stands above it names a procedure.")
		}
		if !d.row.Bad() {
			good = append(good, d.Matter)
		}
	}
	return good
}

// orphans refuses what stands below a matter that is not taken.
func orphans(drafts []draft, first map[string]*sheet.Record, have map[string]Matter, report *sheet.Report) {
	for again := true; again; {
		again = false
		for _, d := range drafts {
			_, stored := have[d.Parent]
			if up := first[d.Parent]; up != nil && up.Bad() && !stored && !d.row.Bad() {
				d.row.Fail(report, "parent", "上级“%s”有错，没有收。", "The parent “%s” has a fault and was not taken.", d.Parent)
				again = true
			}
		}
	}
}

// circles reports whether going up from a matter never ends.
func circles(all map[string]Matter, code string) bool {
	for range len(all) + 1 {
		m, ok := all[code]
		if !ok || m.Parent == "" {
			return false
		}
		code = m.Parent
	}
	return true
}

// resolved gives a matter with what it inherits.
func resolved(all map[string]Matter, code string) (Matter, bool) {
	m, ok := all[code]
	if !ok || circles(all, code) {
		return Matter{}, false
	}
	for up := m.Parent; up != ""; {
		above, ok := all[up]
		if !ok {
			return Matter{}, false
		}
		m.inherit(&above)
		up = above.Parent
	}
	return m, true
}
