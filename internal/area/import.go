package area

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Columns is the shape Import takes.
func Columns() sheet.Schema {
	return sheet.Schema{
		{Name: "code", Title: lang.T("区域代码", "Area code"), Kind: sheet.KindCode, Required: true, Max: 15},
		{Name: "name", Title: lang.T("区域名称", "Area name"), Required: true, Max: 60},
		{Name: "name_en", Title: lang.T("英文名称", "English name"), Max: 80},
		{Name: "tier", Title: lang.T("层级", "Tier"), Kind: sheet.KindCode},
		{Name: "kind", Title: lang.T("网格类别", "Kind of grid"), Kind: sheet.KindCode},
		{Name: "members", Title: lang.T("成员", "Members"), Max: 20000},
		{Name: "valid_from", Title: lang.T("生效日期", "Valid from"), Kind: sheet.KindDate},
		{Name: "valid_to", Title: lang.T("失效日期", "Valid to"), Kind: sheet.KindDate},
	}
}

// Import takes areas of all tiers in the shape of Columns, in any order. An
// area already there is changed; one not mentioned stays. The tier and a
// grid's kind follow from the code where the table does not give them.
func Import(ctx context.Context, tx *db.Tx, district Code, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "area.Import(%s)", district)
	have, err := loadAreas(ctx, tx, district)
	if err != nil {
		return err
	}
	b := newBatch(district, have, report)
	for _, r := range records {
		b.read(r)
	}
	b.checkTree()
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("区域", "Areas"))
	for _, a := range b.fresh {
		old, there := b.have[a.Code]
		switch {
		case there && same(old, a):
			count.Same++
			continue
		case there:
			count.Changed++
		default:
			count.Added++
		}
		if err := writeArea(ctx, tx, district, a); err != nil {
			return err
		}
	}
	return nil
}

// batch is what one file brings, checked against itself and what is there.
type batch struct {
	district Code
	have     map[Code]Area
	fresh    []Area
	from     map[Code]*sheet.Record
	report   *sheet.Report
}

func newBatch(district Code, have []Area, report *sheet.Report) *batch {
	b := &batch{district: district, have: map[Code]Area{}, from: map[Code]*sheet.Record{}, report: report}
	for _, a := range have {
		b.have[a.Code] = a
	}
	return b
}

// read checks a row for itself.
func (b *batch) read(r *sheet.Record) {
	code, err := ParseCode(r.Text("code"))
	if err != nil {
		t, _ := errs.TextOf(err)
		r.Refuse(b.report, "code", t)
		return
	}
	a := Area{
		Code: code, Tier: cmp.Or(Tier(r.Text("tier")), code.Tier()), Name: lang.Text{ZH: r.Text("name"), EN: r.Text("name_en")},
		Kind: cmp.Or(Kind(r.Text("kind")), code.kind()), Members: r.List("members"),
		From: clock.Date(r.Text("valid_from")), To: clock.Date(r.Text("valid_to")),
	}
	if !code.In(b.district) {
		r.Fail(b.report, "code", "代码 %s 不在本区 %s 之下。", "The code %s does not lie in the district %s.", code, b.district)
	}
	if first, twice := b.from[code]; twice {
		r.Fail(b.report, "code", "代码与第 %d 行重复。", "The code stands already in line %d.", first.Line)
	}
	if a.Tier != code.Tier() {
		r.Fail(b.report, "tier", "代码 %[1]s 是%[2]s的代码，与层级“%[3]s”不符。", "The code %[1]s is that of a %[4]s, not of a “%[3]s”.", code, code.Tier().Text().ZH, a.Tier, code.Tier().Text().EN)
	}
	if a.To != "" && a.To < a.From {
		r.Fail(b.report, "valid_to", "失效日期早于生效日期。", "It ends before it begins.")
	}
	b.readKind(r, a)
	if !r.Bad() {
		b.from[code] = r
		b.fresh = append(b.fresh, a)
	}
}

// readKind holds the two sorts of grid apart.
func (b *batch) readKind(r *sheet.Record, a Area) {
	switch {
	case a.Tier != Grid && a.Kind != "":
		r.Fail(b.report, "kind", "只有网格分基础与专属。", "Only grids are basic or exclusive.")
	case a.Tier == Grid && a.Kind != a.Code.kind():
		r.Fail(b.report, "kind", "编号 %s 起是专属网格，之前是基础网格；“%s”不符。", "Numbers from %s are exclusive grids, those below basic ones; “%s” does not fit.", reserved, a.Kind)
	case a.Kind == Exclusive && len(a.Members) == 0:
		r.Fail(b.report, "members", "专属网格要列出成员。", "An exclusive grid lists its members.")
	case a.Tier != Grid && len(a.Members) > 0:
		r.Fail(b.report, "members", "只有网格有成员。", "Only grids have members.")
	}
}

// checkTree refuses areas without a parent and names that neighbours share. It
// goes from the top, so what hangs under a bad row is refused with it.
func (b *batch) checkTree() {
	slices.SortStableFunc(b.fresh, func(x, y Area) int {
		return cmp.Or(cmp.Compare(len(x.Code), len(y.Code)), cmp.Compare(x.Code, y.Code))
	})
	good := map[Code]Area{}
	for code, a := range b.have {
		if b.from[code] == nil {
			good[code] = a
		}
	}
	named := map[Code]map[string][]Area{} // by parent and name
	note := func(a Area) {
		p := a.Code.Parent()
		if named[p] == nil {
			named[p] = map[string][]Area{}
		}
		named[p][a.Name.ZH] = append(named[p][a.Name.ZH], a)
	}
	for _, a := range good {
		note(a)
	}
	kept := b.fresh[:0]
	for _, a := range b.fresh {
		r := b.from[a.Code]
		parent, there := good[a.Code.Parent()]
		if a.Tier != District && !there {
			r.Fail(b.report, "code", "上级 %s 不存在。", "Its parent %s does not exist.", a.Code.Parent())
		} else if there && parent.To != "" && (a.To == "" || a.To > parent.To) {
			r.Warn(b.report, "valid_to", "上级 %s 在 %s 失效，早于本区域。", "Its parent %s ends on %s, before it.", parent.Code, parent.To)
		}
		for _, other := range named[a.Code.Parent()][a.Name.ZH] {
			if other.together(a) {
				r.Fail(b.report, "name", "与同级的 %s 重名。", "%s beside it has the same name.", other.Code)
				break
			}
		}
		if !r.Bad() {
			good[a.Code] = a
			note(a)
			kept = append(kept, a)
		}
	}
	b.fresh = kept
}

func same(a, b Area) bool {
	return a.Name == b.Name && a.Kind == b.Kind && strings.Join(a.Members, "\n") == strings.Join(b.Members, "\n") && a.From == b.From && a.To == b.To
}
