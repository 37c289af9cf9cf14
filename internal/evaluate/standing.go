package evaluate

import (
	"cmp"
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/org"
)

// Standing is one subject's card in an assessment.
type Standing struct {
	Subject Subject
	Group   string // the kind or parent it is ranked among
	Rank    int    // within its group, 1 the best; 0 where nothing is ranked
	Card    measure.Card
}

// League is the subjects that are compared with each other, the best first.
type League struct {
	Title     lang.Text
	Standings []Standing
}

// Cards are the cards of an assessment, by group and rank.
func (res *Result) Cards(a *measure.Assessment) []Standing {
	var all []Standing
	for _, s := range subjectsOf(res.d, a, rosterDay(res.Period, res.Until, res.d.Calendar.Zone())) {
		all = append(all, Standing{Subject: s, Group: groupOf(res.d, a, s), Card: a.Card(res.Figures(s))})
	}
	return rank(a, all)
}

// rank orders standings within their groups. Equal scores share a rank; who has
// nothing to be judged by has none, and posts never have.
func rank(a *measure.Assessment, all []Standing) []Standing {
	slices.SortFunc(all, func(x, y Standing) int {
		if c := cmp.Or(cmp.Compare(x.Group, y.Group), order(x.Card.Empty, y.Card.Empty)); c != 0 {
			return c
		}
		if a.Ranked {
			return cmp.Or(cmp.Compare(y.Card.Score, x.Card.Score), cmp.Compare(x.Subject, y.Subject))
		}
		return cmp.Compare(x.Subject, y.Subject)
	})
	for i := range all {
		s := &all[i]
		s.Rank = 0
		if !a.Ranked || s.Card.Empty || s.Subject.Kind() == OfPost {
			continue
		}
		s.Rank = 1
		if i > 0 && all[i-1].Group == s.Group {
			if s.Rank = all[i-1].Rank; all[i-1].Card.Score != s.Card.Score {
				s.Rank = place(all[:i], s.Group) + 1
			}
		}
	}
	return all
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// place is how many of a group stand before.
func place(before []Standing, group string) (n int) {
	for i := len(before) - 1; i >= 0 && before[i].Group == group; i-- {
		n++
	}
	return n
}

// Leagues cuts standings, in the order Cards gives, into league tables.
func Leagues(d *district.District, a *measure.Assessment, all []Standing) (leagues []League) {
	for i, s := range all {
		if i == 0 || all[i-1].Group != s.Group {
			leagues = append(leagues, League{Title: groupTitle(d, a, s)})
		}
		last := &leagues[len(leagues)-1]
		last.Standings = append(last.Standings, s)
	}
	return leagues
}

// subjectsOf lists whom an assessment is about on a day.
func subjectsOf(d *district.District, a *measure.Assessment, on clock.Date) (all []Subject) {
	for _, of := range a.Of {
		switch of {
		case measure.Districts:
			all = append(all, District)
		case measure.Streets, measure.Communities, measure.Grids:
			for _, place := range d.Areas.Tier(area.Tier(of)) {
				all = append(all, Area(string(place.Code)))
			}
		default:
			all = append(all, bodies(d, of, on)...)
		}
	}
	return all
}

// bodies lists the units of a kind, or the posts of a role.
func bodies(d *district.District, of measure.Of, on clock.Date) (all []Subject) {
	role, posts := strings.CutPrefix(string(of), "post:")
	for _, u := range d.Org.Units() {
		if !u.ValidOn(on) {
			continue
		}
		if !posts && string(u.Kind) == string(of) {
			all = append(all, Unit(string(u.ID)))
		}
		if posts {
			for _, p := range d.Org.Holders(u.ID, org.Role(role), on) {
				all = append(all, Post(string(p.ID)))
			}
		}
	}
	return all
}

// groupOf names among whom a subject is compared.
func groupOf(d *district.District, a *measure.Assessment, s Subject) string {
	switch a.GroupBy {
	case measure.ByKind, measure.ByGroup:
		if s.Kind() == OfUnit {
			u, _ := d.Org.Unit(org.UnitID(s.Code()))
			return string(u.Kind)
		}
		return string(s.Kind())
	case measure.ByParent:
		return parentOf(d, s)
	}
	return ""
}

// parentOf is the unit or area above a subject; a post's is its unit.
func parentOf(d *district.District, s Subject) string {
	switch s.Kind() {
	case OfUnit:
		u, _ := d.Org.Unit(org.UnitID(s.Code()))
		return string(u.Parent)
	case OfPost:
		p, _ := d.Org.Post(org.PostID(s.Code()))
		return string(p.Unit)
	case OfStreet, OfCommunity, OfGrid:
		return string(area.Code(s.Code()).Parent())
	}
	return ""
}

func groupTitle(d *district.District, a *measure.Assessment, s Standing) lang.Text {
	switch {
	case s.Group == "":
		return a.Title
	case a.GroupBy != measure.ByParent && s.Subject.Kind() == OfUnit:
		return org.UnitKind(s.Group).Text()
	case a.GroupBy != measure.ByParent:
		return area.Tier(s.Group).Text()
	case s.Subject.Kind() == OfUnit || s.Subject.Kind() == OfPost:
		return d.Org.UnitName(org.UnitID(s.Group))
	}
	return d.Areas.Name(area.Code(s.Group))
}
