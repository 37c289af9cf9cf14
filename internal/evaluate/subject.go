package evaluate

import (
	"strings"

	"linli/internal/area"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
)

// SubjectKind is what sort of thing is assessed.
type SubjectKind string

// The kinds of subject. A post is a grid worker's; whom it is shown to is for
// the pages: their own station's leader and themselves.
const (
	WholeDistrict SubjectKind = "district"
	OfUnit        SubjectKind = "unit"
	OfStreet      SubjectKind = "street"
	OfCommunity   SubjectKind = "community"
	OfGrid        SubjectKind = "grid"
	OfPost        SubjectKind = "post"
)

// Subject is who or what a figure is about, written unit:u-shizheng or district.
type Subject string

// District is the whole of it.
const District = Subject(WholeDistrict)

// Unit is the subject of a unit.
func Unit(code string) Subject { return subject(OfUnit, code) }

// Post is the subject of a grid worker's post.
func Post(id string) Subject { return subject(OfPost, id) }

// Area is the subject of a street, community or grid, or of the district.
func Area(code string) Subject {
	switch area.Code(code).Tier() {
	case area.Street:
		return subject(OfStreet, code)
	case area.Community:
		return subject(OfCommunity, code)
	case area.Grid:
		return subject(OfGrid, code)
	}
	return District
}

func subject(kind SubjectKind, code string) Subject { return Subject(string(kind) + ":" + code) }

// ParseSubject reads a subject as it is written.
func ParseSubject(s string) (Subject, error) {
	switch kind := Subject(s).Kind(); kind {
	case WholeDistrict:
		if s == string(District) {
			return District, nil
		}
	case OfUnit, OfStreet, OfCommunity, OfGrid, OfPost:
		if Subject(s).Code() != "" {
			return Subject(s), nil
		}
	}
	return "", errs.New(errs.NotFound, "没有这个考核对象：%s", "there is nothing like this to assess: %s", s)
}

// Kind is what sort of thing the subject is.
func (s Subject) Kind() SubjectKind {
	kind, _, _ := strings.Cut(string(s), ":")
	return SubjectKind(kind)
}

// Code is the unit's or area's code or the post's id.
func (s Subject) Code() string {
	_, code, _ := strings.Cut(string(s), ":")
	return code
}

// Name is what the subject is called. A post is named by its unit and area, never
// by who holds it.
func (s Subject) Name(d *district.District) lang.Text {
	switch s.Kind() {
	case OfUnit:
		return d.Org.UnitName(org.UnitID(s.Code()))
	case OfStreet, OfCommunity, OfGrid:
		return d.Areas.Name(area.Code(s.Code()))
	case OfPost:
		post, ok := d.Org.Post(org.PostID(s.Code()))
		if !ok {
			return lang.Text{ZH: s.Code(), EN: s.Code()}
		}
		place, role := d.Areas.Name(area.Code(post.Area)), post.Role.Text()
		if post.Area == "" {
			place = d.Org.UnitName(post.Unit)
		}
		return lang.Text{ZH: place.ZH + role.ZH, EN: role.EN + ", " + place.EN}
	}
	name := lang.Text{ZH: d.Settings.Name, EN: d.Settings.NameEN}
	if name.EN == "" {
		name.EN = name.ZH
	}
	return name
}

// unitOf is the unit that answers for a subject: itself, the post's, or the
// territory's office.
func (s Subject) unitOf(d *district.District) string {
	switch s.Kind() {
	case OfUnit:
		return s.Code()
	case OfPost:
		post, _ := d.Org.Post(org.PostID(s.Code()))
		return string(post.Unit)
	case OfStreet, OfCommunity, OfGrid:
		unit, _, _ := d.Org.TerritoryUnit(s.Code(), d.Day)
		return string(unit.ID)
	}
	return d.Centre()
}
