package org

import (
	"linli/internal/clock"
	"linli/internal/lang"
)

// WorkersOf gives the posts of a grid's workers on a day.
func (d *Directory) WorkersOf(grid string, on clock.Date) []Post {
	return held(d.ofArea[grid], on, func(p Post) bool { return p.Role == GridWorker })
}

// LeadersOf gives the posts of a grid's leaders on a day: of the grid itself,
// or else of the community it belongs to (ZJ-06: one leader, who may lead the
// grids of a whole community).
func (d *Directory) LeadersOf(grid string, on clock.Date) []Post {
	for area := grid; area != ""; area = parentArea(area) {
		if posts := held(d.ofArea[area], on, func(p Post) bool { return p.Role == GridLeader }); len(posts) > 0 {
			return posts
		}
	}
	return nil
}

// Serving gives the units that answer for exactly this area on a day, in
// reading order.
func (d *Directory) Serving(area string, on clock.Date) []Unit {
	var all []Unit
	for _, u := range d.serving[area] {
		if u.ValidOn(on) {
			all = append(all, u)
		}
	}
	return all
}

// TerritoryUnit is the territorial office (块) an area falls to when no rule
// names another (MH-20): the nearest unit upwards from the area — station,
// street office, centre — or else the centre, which catches all. ok is false
// only in a district without any territorial unit. why tells a person.
func (d *Directory) TerritoryUnit(area string, on clock.Date) (u Unit, why lang.Text, ok bool) {
	for at := area; at != ""; at = parentArea(at) {
		for _, u := range d.Serving(at, on) {
			if u.Kind.Territorial() {
				return u, lang.Text{ZH: "按属地由" + u.Name.ZH + "负责", EN: "by territory, " + u.Name.In(lang.EN) + " answers for it"}, true
			}
		}
	}
	for _, u := range d.UnitsByKind(Centre) {
		if u.ValidOn(on) {
			return u, lang.Text{ZH: "没有属地单位，由" + u.Name.ZH + "兜底", EN: "no territorial unit answers for it; " + u.Name.In(lang.EN) + " catches it"}, true
		}
	}
	return Unit{}, lang.T("本区没有属地单位", "the district has no territorial unit"), false
}

// Unmanned gives those of the grids that have no worker on a day (HC-25, YC-08:
// no grid without a worker).
func (d *Directory) Unmanned(grids []string, on clock.Date) []string {
	var all []string
	for _, g := range grids {
		if len(d.WorkersOf(g, on)) == 0 {
			all = append(all, g)
		}
	}
	return all
}

// parentArea is the code above: grid, community, street, district, nothing.
func parentArea(code string) string {
	for _, n := range []int{12, 9, 6} {
		if len(code) > n {
			return code[:n]
		}
	}
	return ""
}
