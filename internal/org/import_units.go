package org

import (
	"context"
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Known says whether the district has an area or a calendar of that name.
// Package org asks because it knows neither.
type Known func(name string) bool

// UnitColumns is the shape ImportUnits takes.
func UnitColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "code", Title: lang.T("单位代码", "Unit code"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "name", Title: lang.T("单位名称", "Unit name"), Required: true, Max: 100},
		{Name: "name_en", Title: lang.T("英文名称", "English name"), Max: 100},
		{Name: "kind", Title: lang.T("单位类别", "Kind"), Kind: sheet.KindCode, Required: true},
		{Name: "parent", Title: lang.T("上级单位", "Parent unit"), Kind: sheet.KindCode, Max: 40},
		{Name: "areas", Title: lang.T("负责区域", "Areas"), Max: 4000},
		{Name: "phone", Title: lang.T("办公电话", "Office phone"), Max: 40},
		{Name: "calendar", Title: lang.T("工作日历", "Calendar"), Kind: sheet.KindCode, Max: 40},
		{Name: "valid_from", Title: lang.T("生效日期", "Valid from"), Kind: sheet.KindDate},
		{Name: "valid_to", Title: lang.T("失效日期", "Valid to"), Kind: sheet.KindDate},
	}
}

// ImportUnits takes units in the shape of UnitColumns. A unit already there
// with another name, parent or area is changed.
func ImportUnits(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, areas, calendars Known, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "org.ImportUnits(%s)", district)
	have, err := loadUnits(ctx, tx, district)
	if err != nil {
		return err
	}
	batch := unitBatch{have: have, fresh: map[UnitID]Unit{}, from: map[UnitID]*sheet.Record{}, report: report}
	for _, r := range records {
		batch.add(r, areas, calendars)
	}
	batch.checkParents()
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("单位", "Units"))
	for _, id := range batch.order {
		u, good := batch.fresh[id]
		if !good {
			continue
		}
		old, there := have[id]
		switch {
		case there && sameUnit(old, u):
			count.Same++
			continue
		case there:
			count.Changed++
		default:
			count.Added++
		}
		if err := writeUnit(ctx, tx, district, u); err != nil {
			return err
		}
	}
	return nil
}

// unitBatch is what one file brings, checked against itself and what is there.
type unitBatch struct {
	have   map[UnitID]Unit
	fresh  map[UnitID]Unit
	from   map[UnitID]*sheet.Record
	order  []UnitID
	report *sheet.Report
}

func (b *unitBatch) add(r *sheet.Record, areas, calendars Known) {
	u := Unit{
		ID: UnitID(r.Text("code")), Name: lang.Text{ZH: r.Text("name"), EN: r.Text("name_en")}, Kind: UnitKind(r.Text("kind")),
		Parent: UnitID(r.Text("parent")), Phone: r.Text("phone"), Calendar: r.Text("calendar"),
		From: clock.Date(r.Text("valid_from")), To: clock.Date(r.Text("valid_to")),
	}
	if _, known := kindText[u.Kind]; !known {
		r.Fail(b.report, "kind", "没有“%s”这种单位；可用：%s。", "There is no kind of unit “%s”; known are %s.", u.Kind, joined(kinds))
	}
	if first, twice := b.from[u.ID]; twice {
		r.Fail(b.report, "code", "单位代码与第 %d 行重复。", "The unit code stands already in line %d.", first.Line)
	}
	if u.Calendar != "" && !calendars(u.Calendar) {
		r.Fail(b.report, "calendar", "没有日历 %s；空着就用上级单位的。", "There is no calendar %s; left empty, the unit keeps that of the one above.", u.Calendar)
	}
	if u.To != "" && u.To < u.From {
		r.Fail(b.report, "valid_to", "失效日期早于生效日期。", "It ends before it begins.")
	}
	for _, a := range r.List("areas") {
		if !areas(a) {
			r.Fail(b.report, "areas", "没有区域 %s。", "There is no area %s.", a)
		}
		u.Areas = append(u.Areas, a)
	}
	slices.Sort(u.Areas)
	u.Areas = slices.Compact(u.Areas)
	if u.Kind.Territorial() && len(u.Areas) == 0 {
		r.Warn(b.report, "areas", "块上单位没有负责区域，来件不会自动到它。", "A territorial unit without areas is given no cases.")
	}
	if r.Bad() {
		return
	}
	b.fresh[u.ID], b.from[u.ID] = u, r
	b.order = append(b.order, u.ID)
}

// checkParents refuses units whose parent is nowhere, and with them those
// below; what is left must not go in circles.
func (b *unitBatch) checkParents() {
	for again := true; again; {
		again = false
		for _, id := range b.order {
			u, good := b.fresh[id]
			if !good || u.Parent == "" || b.there(u.Parent) {
				continue
			}
			b.from[id].Fail(b.report, "parent", "没有上级单位 %s。", "There is no parent unit %s.", u.Parent)
			delete(b.fresh, id)
			again = true
		}
	}
	for _, id := range b.order {
		if _, good := b.fresh[id]; good && b.circular(id) {
			b.from[id].Fail(b.report, "parent", "上级单位绕成了圈。", "The parents go in a circle.")
		}
	}
	for id, r := range b.from {
		if r.Bad() {
			delete(b.fresh, id)
		}
	}
}

func (b *unitBatch) there(id UnitID) bool {
	_, fresh := b.fresh[id]
	_, have := b.have[id]
	return fresh || have
}

func (b *unitBatch) circular(id UnitID) bool {
	at := id
	for range len(b.fresh) + len(b.have) + 1 {
		u, fresh := b.fresh[at]
		if !fresh {
			u = b.have[at]
		}
		if at = u.Parent; at == "" {
			return false
		}
	}
	return true
}

func sameUnit(a, b Unit) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.Parent == b.Parent && slices.Equal(a.Areas, b.Areas) &&
		a.Phone == b.Phone && a.Calendar == b.Calendar && a.From == b.From && a.To == b.To
}

func joined[T ~string](all []T) string {
	parts := make([]string, len(all))
	for i, one := range all {
		parts[i] = string(one)
	}
	return strings.Join(parts, ", ")
}
