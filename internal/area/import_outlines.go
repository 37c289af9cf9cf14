package area

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// OutlineColumns is the shape ImportOutlines takes: properties of features
// whose geometry is the outline.
func OutlineColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "code", Title: lang.T("区域代码", "Area code"), Kind: sheet.KindCode, Required: true, Max: 15},
		{Name: "valid_from", Title: lang.T("生效日期", "Valid from"), Kind: sheet.KindDate},
		{Name: "valid_to", Title: lang.T("失效日期", "Valid to"), Kind: sheet.KindDate},
	}
}

// ImportOutlines takes outlines in the shape of OutlineColumns, given in a
// datum, and keeps them in CGCS2000. An outline from a later day ends the one
// before; from the same day it replaces it. Outlines of one tier may share
// borders and not ground; one that reaches out of its parent is taken with a
// warning, because the code and not the drawing says what belongs to what.
func ImportOutlines(ctx context.Context, tx *db.Tx, district Code, datum geo.Datum, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "area.ImportOutlines(%s)", district)
	b, err := newOutlineBatch(ctx, tx, district, datum, report)
	if err != nil {
		return err
	}
	for _, r := range records {
		b.read(r)
	}
	b.checkGround()
	if !report.MayWrite() {
		return nil
	}
	if err := b.write(ctx, tx, district); err != nil {
		return err
	}
	b.warnMissing()
	return nil
}

// drawing is an outline on its way in.
type drawing struct {
	version
	outline geo.Outline
	record  *sheet.Record // nil for one already there
}

type outlineBatch struct {
	areas  map[Code]Area
	have   map[Code][]version // by date
	fresh  []drawing
	lines  map[version]int // where a code's outline from a day stands in the file
	datum  geo.Datum
	report *sheet.Report
}

func newOutlineBatch(ctx context.Context, tx *db.Tx, district Code, datum geo.Datum, report *sheet.Report) (*outlineBatch, error) {
	b := &outlineBatch{areas: map[Code]Area{}, have: map[Code][]version{}, lines: map[version]int{}, datum: datum, report: report}
	areas, err := loadAreas(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	for _, a := range areas {
		b.areas[a.Code] = a
	}
	outlines, err := loadOutlines(ctx, tx, district)
	for _, v := range outlines {
		b.have[v.code] = append(b.have[v.code], v)
	}
	return b, err
}

// read checks one outline for itself.
func (b *outlineBatch) read(r *sheet.Record) {
	code, err := ParseCode(r.Text("code"))
	if err != nil {
		t, _ := errs.TextOf(err)
		r.Refuse(b.report, "code", t)
		return
	}
	a, known := b.areas[code]
	if !known {
		r.Fail(b.report, "code", "没有区域 %s；请先导入区域表。", "There is no area %s; import the table of areas first.", code)
		return
	}
	if a.Kind == Exclusive {
		r.Fail(b.report, "code", "%s 是专属网格，由成员组成，没有轮廓。", "%s is an exclusive grid: it is made of members and has no outline.", code)
		return
	}
	d := drawing{record: r, version: version{code: code, from: clock.Date(r.Text("valid_from")), to: clock.Date(r.Text("valid_to"))}}
	if d.from == "" {
		d.from = a.From
	}
	if d.to != "" && d.to < d.from {
		r.Fail(b.report, "valid_to", "失效日期早于生效日期。", "It ends before it begins.")
	}
	if first := b.lines[version{code: code, from: d.from}]; first > 0 {
		r.Fail(b.report, "code", "与第 %d 行是同一区域同一天的轮廓。", "Line %d holds the same area's outline from the same day.", first)
	}
	b.lines[version{code: code, from: d.from}] = r.Line
	if d.outline, err = b.parse(r.Geometry); err != nil {
		t, ok := errs.TextOf(err)
		if !ok {
			t = lang.T("轮廓读不出来。", "The outline cannot be read.")
		}
		r.Refuse(b.report, "geometry", t)
		return
	}
	for _, f := range geo.SelfIntersections(geo.Area{ID: string(code), Outline: d.outline}) {
		r.Refuse(b.report, "geometry", f.Text)
		break
	}
	if !r.Bad() {
		b.fresh = append(b.fresh, d)
	}
}

func (b *outlineBatch) parse(raw json.RawMessage) (geo.Outline, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return geo.Outline{}, errs.New(errs.Invalid, "没有几何图形。", "There is no geometry.")
	}
	var o geo.Outline
	if err := o.UnmarshalJSON(raw); err != nil {
		return o, err
	}
	if b.datum == geo.CGCS2000 || b.datum == "" {
		return o, nil
	}
	var polygons []geo.Polygon
	for _, p := range o.Polygons() {
		var rings geo.Polygon
		for _, r := range p {
			ring := make(geo.Ring, len(r))
			for i, pt := range r {
				ring[i] = geo.Convert(pt, b.datum, geo.CGCS2000)
			}
			rings = append(rings, ring)
		}
		polygons = append(polygons, rings)
	}
	return geo.NewOutline(polygons...)
}

// checkGround compares what will be the latest outline of each area with its
// neighbours and its parent.
func (b *outlineBatch) checkGround() {
	latest := map[Code]drawing{}
	for code, versions := range b.have {
		d := drawing{version: versions[len(versions)-1]}
		if json.Unmarshal([]byte(d.geojson), &d.outline) == nil {
			latest[code] = d
		}
	}
	for _, d := range b.fresh {
		if old, there := latest[d.code]; !there || d.from >= old.from {
			latest[d.code] = d
		}
	}
	tiers := map[Tier][]geo.Area{}
	children := map[Code][]geo.Area{}
	for code, d := range latest {
		one := geo.Area{ID: string(code), Outline: d.outline}
		tiers[code.Tier()] = append(tiers[code.Tier()], one)
		children[code.Parent()] = append(children[code.Parent()], one)
	}
	for _, t := range []Tier{Street, Community, Grid} {
		b.overlaps(tiers[t], latest)
	}
	for parent, below := range children {
		if p, ok := latest[parent]; ok {
			b.outside(geo.Area{ID: string(parent), Outline: p.outline}, below, latest)
		}
	}
	b.fresh = slices.DeleteFunc(b.fresh, func(d drawing) bool { return d.record.Bad() })
}

func (b *outlineBatch) overlaps(areas []geo.Area, latest map[Code]drawing) {
	for _, f := range geo.Overlaps(areas) {
		first, second := latest[Code(f.IDs[0])], latest[Code(f.IDs[1])]
		blame := second.record
		if blame == nil {
			blame = first.record
		}
		if blame == nil || !b.areas[first.code].together(b.areas[second.code]) || first.record != nil && first.record.Bad() {
			continue // both were there before, or never at the same time, or one is refused already
		}
		if !blame.Bad() {
			blame.Refuse(b.report, "geometry", f.Text)
		}
	}
}

func (b *outlineBatch) outside(parent geo.Area, below []geo.Area, latest map[Code]drawing) {
	for _, f := range geo.Outside(parent, below) {
		blame := cmp.Or(latest[Code(f.IDs[0])].record, latest[Code(f.IDs[1])].record)
		if blame != nil {
			blame.Caution(b.report, "geometry", f.Text)
		}
	}
}

func (b *outlineBatch) write(ctx context.Context, tx *db.Tx, district Code) error {
	count := b.report.Count(lang.T("轮廓", "Outlines"))
	slices.SortStableFunc(b.fresh, func(x, y drawing) int {
		return cmp.Or(cmp.Compare(x.code, y.code), cmp.Compare(x.from, y.from))
	})
	for _, d := range b.fresh {
		raw, err := d.outline.MarshalJSON()
		if err != nil {
			return err
		}
		d.geojson = string(raw)
		versions := b.have[d.code]
		at, there := slices.BinarySearchFunc(versions, d.from, func(v version, from clock.Date) int { return cmp.Compare(v.from, from) })
		if at > 0 && (versions[at-1].to == "" || versions[at-1].to >= d.from) {
			versions[at-1].to = d.from.Add(-1)
			if err := writeOutline(ctx, tx, district, versions[at-1]); err != nil {
				return err
			}
		}
		if next := at + b2i(there); next < len(versions) && (d.to == "" || d.to >= versions[next].from) {
			d.to = versions[next].from.Add(-1)
		}
		switch {
		case there && versions[at] == d.version:
			count.Same++
			continue
		case there:
			count.Changed++
			versions[at] = d.version
		default:
			count.Added++
			b.have[d.code] = slices.Insert(versions, at, d.version)
		}
		if err := writeOutline(ctx, tx, district, d.version); err != nil {
			return err
		}
	}
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// warnMissing names the basic grids that no outline was ever given for: no
// point can be located in them.
func (b *outlineBatch) warnMissing() {
	var missing []string
	for code, a := range b.areas {
		if a.Kind == Basic && a.To == "" && len(b.have[code]) == 0 {
			missing = append(missing, string(code))
		}
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	named := strings.Join(missing[:min(5, len(missing))], ", ")
	b.report.Add(sheet.Finding{Severity: sheet.Warning, Text: lang.T(
		"%d 个基础网格没有轮廓，点位落不到它们：%s 等。", "%d basic grids have no outline, no point can be located in them: %s and so on.", len(missing), named)})
}
