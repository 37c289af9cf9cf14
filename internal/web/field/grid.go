package field

import (
	"net/http"
	"slices"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// openMost bounds the open cases that a worker's grids are drawn with.
const openMost = 300

// tally is one of the reader's grids with what is open in it.
type tally struct {
	Area             area.Area
	Open, Near, Late int
	Now              bool
}

// ground is the reader's grids, one of them chosen or none.
type ground struct {
	Grids   []tally
	Chosen  area.Code
	Map     ui.MapView
	Cases   []casework.Row // of the chosen grid, or of all
	Over    bool           // there are more open cases than are drawn
	Members []string       // of a grid that is a list of members
}

func grid(v *page.View) error {
	g := ground{}
	mine := grids(v)
	if code := area.Code(v.R.URL.Query().Get("grid")); slices.Contains(mine, code) {
		g.Chosen = code
	}
	found, err := casework.List(v.Context(), v.House.DB, v.District, casework.Filter{States: []casework.State{casework.Running}, Scope: scope(v)}, v.Now, "", openMost)
	if err != nil {
		return err
	}
	g.Over = found.Next != ""
	g.count(v, mine, found.Rows)
	for _, row := range found.Rows {
		if g.Chosen == "" || row.Place.Grid == string(g.Chosen) {
			g.Cases = append(g.Cases, row)
		}
	}
	waits := func(r casework.Row) int { // what waits for a resident's word comes last
		if tone, _ := v.Standing(r.Case); tone == ui.Hold {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(g.Cases, func(a, b casework.Row) int { return waits(a) - waits(b) })
	if a, ok := v.District.Areas.Area(g.Chosen); ok {
		g.Members = a.Members
	}
	g.drawMap(v, mine)
	return v.Show(http.StatusOK, gridPage(v, begin(v, v.Say("网格", "Grids")), g))
}

// count adds up what is open in each grid.
func (g *ground) count(v *page.View, mine []area.Code, rows []casework.Row) {
	for _, code := range mine {
		a, ok := v.District.Areas.Area(code)
		if !ok {
			continue
		}
		t := tally{Area: a, Now: code == g.Chosen}
		for _, row := range rows {
			if row.Place.Grid != string(code) {
				continue
			}
			t.Open++
			switch tone, _ := v.Standing(row.Case); tone {
			case ui.Late:
				t.Late++
			case ui.Near:
				t.Near++
			}
		}
		g.Grids = append(g.Grids, t)
	}
}

func (g *ground) drawMap(v *page.View, mine []area.Code) {
	codes := mine
	if g.Chosen != "" {
		codes = []area.Code{g.Chosen}
	}
	var here []string
	for _, code := range codes {
		here = append(here, string(code))
	}
	g.Map = v.Map(boxOf(v, codes), here...)
	g.Map.Height = 320
	g.Map.Alt = v.Say("网格地图，%d 件在办", "Map of the grids, %d open cases", len(g.Cases))
	for _, row := range g.Cases {
		if row.Place.Placed != casework.ByPoint {
			continue
		}
		tone, left := v.Standing(row.Case)
		g.Map.Pins = append(g.Map.Pins, ui.Pin{
			At: ui.Point(row.Place.Point), Kind: pinKind(tone), Href: "/field/task/" + string(row.ID), Quiet: true,
			Label: matter(v, row.Case) + v.Say("，", ", ") + left,
		})
	}
}

// self is the reader, as the page of their own shows them.
type self struct {
	Posts []held
	Heads []string     // who leads the reader's grids
	Ways  []notice.Way // browsers that are told of notices
}

// held is what the reader is, where: the grids of one unit and role together.
type held struct {
	Role, Unit string
	Areas      []string
}

func me(v *page.View) error {
	s := self{}
	for _, p := range v.Reader.Posts {
		role, unit := p.Role.Text().In(v.Lang), v.UnitName(string(p.Unit))
		i := slices.IndexFunc(s.Posts, func(h held) bool { return h.Role == role && h.Unit == unit })
		if i < 0 {
			i = len(s.Posts)
			s.Posts = append(s.Posts, held{Role: role, Unit: unit})
		}
		if p.Area != "" {
			s.Posts[i].Areas = append(s.Posts[i].Areas, v.District.Areas.Name(area.Code(p.Area)).In(v.Lang))
		}
	}
	s.heads(v)
	var err error
	if s.Ways, err = notice.Ways(v.Context(), v.House.DB, v.District.Code, notice.OfPerson(string(v.Reader.Person.ID))); err != nil {
		return err
	}
	return v.Show(http.StatusOK, mePage(v, begin(v, v.Say("我的", "Me")), s))
}

// heads names who leads the grids that the reader walks.
func (s *self) heads(v *page.View) {
	for _, a := range v.Actors() {
		if a.Role != procedure.GridWorker {
			continue
		}
		for _, post := range v.District.Org.LeadersOf(a.Area, v.District.Day) {
			person, ok := v.District.Org.Person(org.PersonID(post.Person))
			if ok && !slices.Contains(s.Heads, person.Name) {
				s.Heads = append(s.Heads, person.Name)
			}
		}
	}
}
