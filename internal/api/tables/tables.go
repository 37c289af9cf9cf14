package tables

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/api/frame"
	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/org"
)

// Matter is an entry of the catalogue, with what it takes from above it.
type Matter struct {
	Code       string      `json:"code"`
	Parent     string      `json:"parent,omitempty"`
	Title      frame.Text  `json:"title"`
	Kind       string      `json:"kind"`
	KindTitle  frame.Text  `json:"kind_title"`
	Urgency    string      `json:"urgency,omitempty"`
	Limit      string      `json:"limit,omitempty" doc:"例如 5 working-days · Such as 5 working-days"`
	Procedure  string      `json:"procedure,omitempty"`
	Form       string      `json:"form,omitempty"`
	Filing     *frame.Text `json:"filing,omitempty" doc:"立案条件 · When it is taken"`
	Closing    *frame.Text `json:"closing,omitempty" doc:"结案条件 · When it counts as done"`
	Basis      []string    `json:"basis,omitempty" doc:"依据 · Legal basis"`
	Secret     bool        `json:"secret"`
	Selectable bool        `json:"selectable" doc:"可以上报的，不是分类 · Can be reported; no mere group"`
}

// Area is a district, street, community or grid.
type Area struct {
	Code     string     `json:"code"`
	Parent   string     `json:"parent,omitempty"`
	Tier     string     `json:"tier" enum:"district,street,community,grid"`
	Name     frame.Text `json:"name"`
	Kind     string     `json:"kind,omitempty" enum:"basic,exclusive"`
	Members  []string   `json:"members,omitempty" doc:"专属网格的成员 · The members of an exclusive grid"`
	Outlined bool       `json:"outlined" doc:"有没有轮廓 · Whether it has an outline"`
	From     string     `json:"valid_from,omitempty"`
	To       string     `json:"valid_to,omitempty"`
}

// Unit is a body that acts.
type Unit struct {
	Code     string     `json:"code"`
	Name     frame.Text `json:"name"`
	Kind     string     `json:"kind" enum:"centre,department,street-office,community-station,company,partner"`
	KindName frame.Text `json:"kind_name"`
	Parent   string     `json:"parent,omitempty"`
	Areas    []string   `json:"areas,omitempty" doc:"管哪些区域 · The areas it answers for"`
	Phone    string     `json:"phone,omitempty" doc:"单位的电话 · Of the office"`
}

type mattersInput struct {
	frame.Paging
	Parent string `query:"parent" maxLength:"40" doc:"它下面一层 · Those right below it"`
	Kind   string `query:"kind" maxLength:"20"`
	Q      string `query:"q" maxLength:"60" doc:"名称里的字，或大白话 · Words of the title, or plain words"`
}

type areasInput struct {
	frame.Paging
	Tier   string `query:"tier" enum:"district,street,community,grid"`
	Within string `query:"within" maxLength:"15" doc:"它和它下面的 · It and everything below it"`
}

type unitsInput struct {
	frame.Paging
	Kind string `query:"kind" enum:"centre,department,street-office,community-station,company,partner"`
}

func tableOperations(d *frame.Door) {
	const by = "按代码排，分页用 after。 · By code, paged by after."
	frame.Register(d, read("list-matters", "/matters", "事项 · Matters", by), frame.AnyKey, listMatters)
	frame.Register(d, read("list-areas", "/areas", "区域 · Areas", by), frame.AnyKey, listAreas)
	frame.Register(d, read("read-area-tree", "/areas/tree", "区域的树 · The tree of areas",
		"从一个区域往下，一次取全，可以带轮廓。 · An area with everything below it in one answer, with outlines where asked for."), frame.AnyKey, readAreaTree)
	frame.Register(d, read("list-units", "/units", "单位 · Units", by), frame.AnyKey, listUnits)
}

func listMatters(_ context.Context, c *frame.Caller, in *mattersInput) (*frame.Output[frame.List[Matter]], error) {
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
	return frame.Paged(all, in.Paging, func(m Matter) string { return m.Code })
}

func matterOf(cat *catalogue.Catalogue, m catalogue.Matter) Matter {
	return Matter{
		Code: m.Code, Parent: m.Parent, Title: frame.TextOf(m.Title), Kind: string(m.Kind), KindTitle: frame.TextOf(m.Kind.Title()), Urgency: string(m.Urgency),
		Limit: m.Limit.String(), Procedure: m.Procedure, Form: m.Form, Basis: m.Basis, Secret: m.Secret, Selectable: cat.Selectable(m.Code),
		Filing: frame.TextIf(m.Filing), Closing: frame.TextIf(m.Closing),
	}
}

func listAreas(_ context.Context, c *frame.Caller, in *areasInput) (*frame.Output[frame.List[Area]], error) {
	m := c.District.Areas
	within := area.Code(in.Within)
	if in.Within != "" && !m.Known(in.Within) {
		return nil, frame.MissingArea(in.Within, "within")
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
	return frame.Paged(all, in.Paging, func(a Area) string { return a.Code })
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

func readAreaTree(_ context.Context, c *frame.Caller, in *areaTreeInput) (*frame.Output[AreaNode], error) {
	top, ok := c.District.Areas.Area(area.Code(cmp.Or(in.Within, c.District.Code)))
	if !ok {
		return nil, frame.MissingArea(in.Within, "within")
	}
	return frame.Reply(nodeOf(c.District.Areas, top, in.Outlines), nil)
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
		Code: string(a.Code), Tier: string(a.Tier), Name: frame.TextOf(a.Name), Kind: string(a.Kind), Outlined: outlined, From: string(a.From), To: string(a.To),
	}
	if a.Tier != area.District {
		one.Parent = string(a.Code.Parent())
	}
	if a.Kind == area.Exclusive {
		one.Members = a.Members
	}
	return one
}

func listUnits(_ context.Context, c *frame.Caller, in *unitsInput) (*frame.Output[frame.List[Unit]], error) {
	var all []Unit
	for _, u := range c.District.Org.Units() {
		if in.Kind != "" && u.Kind != org.UnitKind(in.Kind) || !u.ValidOn(c.District.Day) {
			continue
		}
		all = append(all, unitRow(u))
	}
	slices.SortFunc(all, func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
	return frame.Paged(all, in.Paging, func(u Unit) string { return u.Code })
}

func unitRow(u org.Unit) Unit {
	return Unit{
		Code: string(u.ID), Name: frame.TextOf(u.Name), Kind: string(u.Kind), KindName: frame.TextOf(u.Kind.Text()), Parent: string(u.Parent), Areas: u.Areas, Phone: u.Phone,
	}
}
