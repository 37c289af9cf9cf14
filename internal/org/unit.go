package org

import (
	"linli/internal/clock"
	"linli/internal/lang"
)

// UnitID is the short text code a district gives a unit, such as u-shizheng.
type UnitID string

// UnitKind is what sort of body a unit is.
type UnitKind string

// The kinds of unit.
const (
	Department       UnitKind = "department"        // 条: acts on its subject everywhere
	StreetOffice     UnitKind = "street-office"     // 块: acts on everything in its street
	CommunityStation UnitKind = "community-station" // 块: acts on everything in its community
	Centre           UnitKind = "centre"            // the operation centre: takes in, hands out, and catches all
	Company          UnitKind = "company"
	Partner          UnitKind = "partner" // a body that helps but is not commanded
)

// kinds lists them in the order people expect to read units.
var kinds = []UnitKind{Centre, Department, StreetOffice, CommunityStation, Company, Partner}

var kindText = map[UnitKind]lang.Text{
	Department:       {ZH: "部门", EN: "department"},
	StreetOffice:     {ZH: "街道办事处", EN: "street office"},
	CommunityStation: {ZH: "社区工作站", EN: "community station"},
	Centre:           {ZH: "运行中心", EN: "operation centre"},
	Company:          {ZH: "企业", EN: "company"},
	Partner:          {ZH: "协作单位", EN: "partner body"},
}

// Kinds gives the kinds of unit in reading order.
func Kinds() []UnitKind { return append([]UnitKind(nil), kinds...) }

// Text names the kind for a person.
func (k UnitKind) Text() lang.Text { return kindText[k] }

// Territorial reports whether a unit of this kind answers for a territory (块)
// rather than for a subject (条).
func (k UnitKind) Territorial() bool {
	return k == StreetOffice || k == CommunityStation || k == Centre
}

// Unit is a body that acts.
type Unit struct {
	ID       UnitID
	Name     lang.Text
	Kind     UnitKind
	Parent   UnitID   // "" for none
	Areas    []string // area codes it answers for, sorted
	Phone    string
	Calendar string // whose hours it keeps, "" for the district's
	From, To clock.Date
}

// ValidOn reports whether the unit exists on a day. Both ends count.
func (u Unit) ValidOn(on clock.Date) bool { return during(u.From, u.To, on) }

// during holds where on is within from and to, both counted, "" being open.
func during(from, to, on clock.Date) bool {
	return (from == "" || from <= on) && (to == "" || on <= to)
}
