package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/org"
)

// Paging is where a page of a table begins and how long it is.
type Paging struct {
	After string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// List is a page of a table, by code.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
}

type listOutput[T any] struct{ Body List[T] }

// Matter is an entry of the catalogue, with what it takes from above it.
type Matter struct {
	Code       string   `json:"code"`
	Parent     string   `json:"parent,omitempty"`
	Title      Text     `json:"title"`
	Kind       string   `json:"kind"`
	KindTitle  Text     `json:"kind_title"`
	Urgency    string   `json:"urgency,omitempty"`
	Limit      string   `json:"limit,omitempty" doc:"例如 5 working-days · Such as 5 working-days"`
	Procedure  string   `json:"procedure,omitempty"`
	Form       string   `json:"form,omitempty"`
	Filing     *Text    `json:"filing,omitempty" doc:"立案条件 · When it is taken"`
	Closing    *Text    `json:"closing,omitempty" doc:"结案条件 · When it counts as done"`
	Basis      []string `json:"basis,omitempty" doc:"依据 · Legal basis"`
	Secret     bool     `json:"secret"`
	Selectable bool     `json:"selectable" doc:"可以上报的，不是分类 · Can be reported; no mere group"`
}

// Area is a district, street, community or grid.
type Area struct {
	Code     string   `json:"code"`
	Parent   string   `json:"parent,omitempty"`
	Tier     string   `json:"tier" enum:"district,street,community,grid"`
	Name     Text     `json:"name"`
	Kind     string   `json:"kind,omitempty" enum:"basic,exclusive"`
	Members  []string `json:"members,omitempty" doc:"专属网格的成员 · The members of an exclusive grid"`
	Outlined bool     `json:"outlined" doc:"有没有轮廓 · Whether it has an outline"`
	From     string   `json:"valid_from,omitempty"`
	To       string   `json:"valid_to,omitempty"`
}

// Unit is a body that acts.
type Unit struct {
	Code     string   `json:"code"`
	Name     Text     `json:"name"`
	Kind     string   `json:"kind" enum:"centre,department,street-office,community-station,company,partner"`
	KindName Text     `json:"kind_name"`
	Parent   string   `json:"parent,omitempty"`
	Areas    []string `json:"areas,omitempty" doc:"管哪些区域 · The areas it answers for"`
	Phone    string   `json:"phone,omitempty" doc:"单位的电话 · Of the office"`
}

type mattersInput struct {
	Paging
	Parent string `query:"parent" maxLength:"40" doc:"它下面一层 · Those right below it"`
	Kind   string `query:"kind" maxLength:"20"`
	Q      string `query:"q" maxLength:"60" doc:"名称里的字，或大白话 · Words of the title, or plain words"`
}

type areasInput struct {
	Paging
	Tier   string `query:"tier" enum:"district,street,community,grid"`
	Within string `query:"within" maxLength:"15" doc:"它和它下面的 · It and everything below it"`
}

type unitsInput struct {
	Paging
	Kind string `query:"kind" enum:"centre,department,street-office,community-station,company,partner"`
}

func (d *door) tableOperations() {
	const by = "按代码排，分页用 after。 · By code, paged by after."
	register(d, huma.Operation{
		OperationID: "list-matters", Method: http.MethodGet, Path: base + "/matters", Tags: []string{"district"}, Summary: "事项 · Matters", Description: by,
	}, anyKey, d.listMatters)
	register(d, huma.Operation{
		OperationID: "list-areas", Method: http.MethodGet, Path: base + "/areas", Tags: []string{"district"}, Summary: "区域 · Areas", Description: by,
	}, anyKey, d.listAreas)
	register(d, told("read-area-tree", http.MethodGet, "/areas/tree", "district", "区域的树 · The tree of areas",
		"从一个区域往下，一次取全，可以带轮廓。 · An area with everything below it in one answer, with outlines where asked for."), anyKey, d.readAreaTree)
	register(d, huma.Operation{
		OperationID: "list-units", Method: http.MethodGet, Path: base + "/units", Tags: []string{"district"}, Summary: "单位 · Units", Description: by,
	}, anyKey, d.listUnits)
}

func (d *door) listMatters(_ context.Context, c *caller, in *mattersInput) (*listOutput[Matter], error) {
	cat := c.District.Catalogue
	list := cat.Matters()
	if in.Q != "" {
		list = cat.Search(in.Q, 50)
		slices.SortFunc(list, func(a, b catalogue.Matter) int { return cmp.Compare(a.Code, b.Code) })
	}
	var all []Matter
	for _, m := range list {
		if in.Parent != "" && m.Parent != in.Parent || in.Kind != "" && string(m.Kind) != in.Kind || !m.ValidOn(c.District.Day) {
			continue
		}
		all = append(all, matterOf(cat, m))
	}
	return paged(all, in.Paging, func(m Matter) string { return m.Code }), nil
}

func matterOf(cat *catalogue.Catalogue, m catalogue.Matter) Matter {
	out := Matter{
		Code: m.Code, Parent: m.Parent, Title: textOf(m.Title), Kind: string(m.Kind), KindTitle: textOf(m.Kind.Title()), Urgency: string(m.Urgency),
		Limit: m.Limit.String(), Procedure: m.Procedure, Form: m.Form, Basis: m.Basis, Secret: m.Secret, Selectable: cat.Selectable(m.Code),
	}
	if !m.Filing.IsZero() {
		t := textOf(m.Filing)
		out.Filing = &t
	}
	if !m.Closing.IsZero() {
		t := textOf(m.Closing)
		out.Closing = &t
	}
	return out
}

func (d *door) listAreas(_ context.Context, c *caller, in *areasInput) (*listOutput[Area], error) {
	m := c.District.Areas
	within := area.Code(in.Within)
	if in.Within != "" && !m.Known(in.Within) {
		return nil, errs.New(errs.NotFound, "没有这个区域：%s", "There is no such area: %s", short(in.Within)).At("within")
	}
	var all []Area
	for a := range m.All() {
		if in.Tier != "" && string(a.Tier) != in.Tier || within != "" && !a.Code.In(within) {
			continue
		}
		_, outlined := m.Outline(a.Code)
		all = append(all, areaRow(a, outlined))
	}
	slices.SortFunc(all, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	return paged(all, in.Paging, func(a Area) string { return a.Code }), nil
}

// AreaNode is an area with all that lies below it.
type AreaNode struct {
	Area
	Outline *geoOutline `json:"outline,omitempty" doc:"GeoJSON MultiPolygon，CGCS2000；要了才有 · Where it was asked for"`
	Below   []AreaNode  `json:"below"`
}

type areaTreeInput struct {
	Within   string `query:"within" maxLength:"15" doc:"从哪里往下；不写是全区 · From where; the whole district where empty"`
	Outlines bool   `query:"outlines" doc:"带轮廓 · With outlines"`
}

func (d *door) readAreaTree(_ context.Context, c *caller, in *areaTreeInput) (*output[AreaNode], error) {
	top, ok := c.District.Areas.Area(area.Code(cmp.Or(in.Within, c.District.Code)))
	if !ok {
		return nil, errs.New(errs.NotFound, "没有这个区域：%s", "There is no such area: %s", short(in.Within)).At("within")
	}
	return reply(nodeOf(c.District.Areas, top, in.Outlines), nil)
}

func nodeOf(m *area.Map, a area.Area, outlines bool) AreaNode {
	outline, outlined := m.Outline(a.Code)
	node := AreaNode{Area: areaRow(a, outlined), Below: []AreaNode{}}
	if outlined && outlines {
		node.Outline = outlineOf(outline)
	}
	for _, b := range m.Children(a.Code) {
		node.Below = append(node.Below, nodeOf(m, b, outlines))
	}
	return node
}

func areaRow(a area.Area, outlined bool) Area {
	one := Area{
		Code: string(a.Code), Tier: string(a.Tier), Name: textOf(a.Name), Kind: string(a.Kind), Outlined: outlined, From: string(a.From), To: string(a.To),
	}
	if a.Tier != area.District {
		one.Parent = string(a.Code.Parent())
	}
	if a.Kind == area.Exclusive {
		one.Members = a.Members
	}
	return one
}

func (d *door) listUnits(_ context.Context, c *caller, in *unitsInput) (*listOutput[Unit], error) {
	var all []Unit
	for _, u := range c.District.Org.Units() {
		if in.Kind != "" && u.Kind != org.UnitKind(in.Kind) || !u.ValidOn(c.District.Day) {
			continue
		}
		all = append(all, unitRow(u))
	}
	slices.SortFunc(all, func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
	return paged(all, in.Paging, func(u Unit) string { return u.Code }), nil
}

func unitRow(u org.Unit) Unit {
	return Unit{
		Code: string(u.ID), Name: textOf(u.Name), Kind: string(u.Kind), KindName: textOf(u.Kind.Text()), Parent: string(u.Parent), Areas: u.Areas, Phone: u.Phone,
	}
}

// paged cuts a page out of a table that is sorted by code. The cursor is the
// last code given, so that a row added meanwhile moves nothing.
func paged[T any](all []T, p Paging, code func(T) string) *listOutput[T] {
	first := 0
	for first < len(all) && p.After != "" && code(all[first]) <= p.After {
		first++
	}
	rest := all[first:]
	out := &listOutput[T]{List[T]{Items: rest[:min(p.Limit, len(rest)):min(p.Limit, len(rest))]}}
	if out.Body.Items == nil {
		out.Body.Items = []T{}
	}
	if len(rest) > p.Limit {
		out.Body.Next = code(rest[p.Limit-1])
	}
	return out
}

// cutAt cuts a page off rows that were read one beyond it, and says where the
// next page begins: after the last row given.
func cutAt[T any](rows []T, most int, name func(T) string) (page []T, next string) {
	if len(rows) <= most {
		return rows, ""
	}
	return rows[:most], name(rows[most-1])
}
