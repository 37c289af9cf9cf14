package org

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Directory is everything the organisation is at one moment. It never changes;
// open it again after an import. Answers that depend on the day take it.
type Directory struct {
	District string
	units    map[UnitID]Unit
	sorted   []Unit
	children map[UnitID][]Unit
	serving  map[string][]Unit // by area code
	people   map[PersonID]Person
	logins   map[string]PersonID
	posts    map[PostID]Post
	ofPerson map[PersonID][]Post
	ofUnit   map[UnitID][]Post
	ofArea   map[string][]Post
	standing map[PersonID][]StandIn // by who stands in
	away     map[PostID][]StandIn   // by the post that is stood in for
}

// Open reads the directory of a district.
func Open(ctx context.Context, r db.Reader, district string) (_ *Directory, err error) {
	defer errs.Wrap(&err, "org.Open(%s)", district)
	units, err := loadUnits(ctx, r, district)
	if err != nil {
		return nil, err
	}
	people, err := loadPeople(ctx, r, district)
	if err != nil {
		return nil, err
	}
	posts, err := loadPosts(ctx, r, district)
	if err != nil {
		return nil, err
	}
	standins, err := loadStandIns(ctx, r, district)
	if err != nil {
		return nil, err
	}
	d := newDirectory(district, units, people, posts)
	for _, s := range standins {
		d.standing[s.Person] = append(d.standing[s.Person], s)
		d.away[s.Post] = append(d.away[s.Post], s)
	}
	return d, nil
}

func newDirectory(district string, units map[UnitID]Unit, people []Person, posts []Post) *Directory {
	d := &Directory{
		District: district, units: units, children: map[UnitID][]Unit{}, serving: map[string][]Unit{},
		people: map[PersonID]Person{}, logins: map[string]PersonID{},
		posts: map[PostID]Post{}, ofPerson: map[PersonID][]Post{}, ofUnit: map[UnitID][]Post{}, ofArea: map[string][]Post{},
		standing: map[PersonID][]StandIn{}, away: map[PostID][]StandIn{},
	}
	for _, u := range units {
		d.sorted = append(d.sorted, u)
	}
	slices.SortFunc(d.sorted, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.ID, b.ID))
	})
	for _, u := range d.sorted {
		d.children[u.Parent] = append(d.children[u.Parent], u)
		for _, area := range u.Areas {
			d.serving[area] = append(d.serving[area], u)
		}
	}
	for _, p := range people {
		d.people[p.ID], d.logins[p.Login] = p, p.ID
	}
	slices.SortFunc(posts, func(a, b Post) int {
		return cmp.Or(cmp.Compare(slices.Index(roles, a.Role), slices.Index(roles, b.Role)), cmp.Compare(a.Area, b.Area),
			cmp.Compare(d.people[a.Person].Login, d.people[b.Person].Login), cmp.Compare(a.From, b.From))
	})
	for _, p := range posts {
		d.posts[p.ID] = p
		d.ofPerson[p.Person] = append(d.ofPerson[p.Person], p)
		d.ofUnit[p.Unit] = append(d.ofUnit[p.Unit], p)
		if p.Area != "" {
			d.ofArea[p.Area] = append(d.ofArea[p.Area], p)
		}
	}
	return d
}

// Unit finds a unit by its code.
func (d *Directory) Unit(id UnitID) (Unit, bool) { u, ok := d.units[id]; return u, ok }

// UnitName is the unit's name, or its code where it is not known any more.
func (d *Directory) UnitName(id UnitID) lang.Text {
	if u, ok := d.units[id]; ok {
		return u.Name
	}
	return lang.Text{ZH: string(id), EN: string(id)}
}

// Units gives all units in reading order: by kind, then code.
func (d *Directory) Units() []Unit { return slices.Clone(d.sorted) }

// UnitsByKind gives the units of a kind, by code.
func (d *Directory) UnitsByKind(k UnitKind) []Unit {
	var all []Unit
	for _, u := range d.sorted {
		if u.Kind == k {
			all = append(all, u)
		}
	}
	return all
}

// Children gives the units directly under a unit; those at the top under "".
func (d *Directory) Children(id UnitID) []Unit { return slices.Clone(d.children[id]) }

// Under reports whether a unit is another or somewhere below it.
func (d *Directory) Under(id, top UnitID) bool {
	for range len(d.units) + 1 {
		if id == top {
			return true
		}
		u, ok := d.units[id]
		if !ok || u.Parent == "" {
			return false
		}
		id = u.Parent
	}
	return false
}

// Person finds a member of staff by id.
func (d *Directory) Person(id PersonID) (Person, bool) { p, ok := d.people[id]; return p, ok }

// PersonByLogin finds a member of staff by login, in any case of letters.
func (d *Directory) PersonByLogin(login string) (Person, bool) {
	p, ok := d.people[d.logins[strings.ToLower(login)]]
	return p, ok
}

// People gives all staff by login.
func (d *Directory) People() []Person {
	all := make([]Person, 0, len(d.people))
	for _, p := range d.people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Person) int { return cmp.Compare(a.Login, b.Login) })
	return all
}

// Post finds a post by id, held now or not.
func (d *Directory) Post(id PostID) (Post, bool) { p, ok := d.posts[id]; return p, ok }

// AllPostsOf gives every post a person holds, held or will hold, in reading order.
func (d *Directory) AllPostsOf(person PersonID) []Post { return slices.Clone(d.ofPerson[person]) }

// PostsOf gives the posts a person holds on a day or a part of it. What a person
// may do now, HeldAt says.
func (d *Directory) PostsOf(person PersonID, on clock.Date) []Post {
	return held(d.ofPerson[person], on, func(Post) bool { return true })
}

// PostsIn gives the posts held in a unit on a day.
func (d *Directory) PostsIn(unit UnitID, on clock.Date) []Post {
	return held(d.ofUnit[unit], on, func(Post) bool { return true })
}

// Holders gives the posts with a role in a unit on a day.
func (d *Directory) Holders(unit UnitID, role Role, on clock.Date) []Post {
	return held(d.ofUnit[unit], on, func(p Post) bool { return p.Role == role })
}

func held(posts []Post, on clock.Date, want func(Post) bool) []Post {
	var all []Post
	for _, p := range posts {
		if p.HeldOn(on) && want(p) {
			all = append(all, p)
		}
	}
	return all
}

// Held gives every post that is held at an instant, by its holder or by whoever
// stands in.
func (d *Directory) Held(now time.Time, zone *time.Location) []Post {
	on := clock.DateOf(now, zone)
	var all []Post
	for _, p := range d.posts {
		if p.heldAt(on, now) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b Post) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// EndedSince gives the posts whose last day was before today, and not before
// the day since; those that were ended at a minute are not among them.
func (d *Directory) EndedSince(since, today clock.Date) []Post {
	var all []Post
	for _, p := range d.posts {
		if p.Ends.IsZero() && p.To != "" && p.To < today && p.To >= since {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b Post) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
