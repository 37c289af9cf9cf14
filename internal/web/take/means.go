package take

import (
	"errors"
	"net/http"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// means is what the words and the place may mean.
type means struct {
	Sight   intake.Sight
	Matters []catalogue.Matter // to choose from, the likeliest first
	Guess   string             // what is taken down where none is chosen
	Matter  catalogue.Matter   // what the unit is proposed for
	Route   catalogue.Explained
	Alike   []casework.Case // running in the same community, of the same matter
	Map     ui.MapView
	Drawn   string
	Wrong   string // why nothing can be told
}

// alikeMost is how many cases of the same community are shown.
const alikeMost = 3

// means asks intake what is known so far.
func (f *form) means(v *page.View) (m means, err error) {
	m.Sight, err = v.House.Desk.Look(v.Context(), v.District, intake.Sending{
		Channel: f.Channel, Text: f.Text, Matter: f.Matter, Address: f.Address, Point: f.Point, Area: f.Area,
	})
	if errors.Is(err, errs.Invalid) {
		said, _ := errs.TextOf(err)
		m.Wrong, err = said.In(v.Lang), nil
	}
	if err != nil {
		return m, err
	}
	f.matters(v, &m)
	if m.Matter.Code != "" {
		m.Route = v.District.Route(m.Matter.Code, m.Sight.Place.Area(v.District.Code), v.Now)
	}
	if m.Alike, err = alike(v, m); err != nil {
		return m, err
	}
	f.drawMap(v, &m)
	return m, nil
}

// matters lists what may be chosen: what was searched for, the one chosen,
// and what the text suggests.
func (f *form) matters(v *page.View, m *means) {
	have := map[string]bool{}
	add := func(one catalogue.Matter) {
		if !have[one.Code] && v.District.Catalogue.Selectable(one.Code) {
			have[one.Code] = true
			m.Matters = append(m.Matters, one)
		}
	}
	chosen, ok := v.District.Catalogue.Matter(f.Matter)
	if ok {
		add(chosen)
	}
	if f.Find != "" {
		for _, one := range v.District.Catalogue.Search(f.Find, 6) {
			add(one)
		}
	}
	if f.Text != "" && m.Wrong == "" {
		for _, s := range v.District.Catalogue.Suggest(f.Text) {
			add(s.Matter)
		}
		m.Guess = intake.Suggested(v.District, f.Text)
	}
	m.Matter = chosen
	if !ok && m.Guess != "" {
		m.Matter, _ = v.District.Catalogue.Matter(m.Guess)
	}
}

// alike finds running cases of the matter in the community, for a place that
// is known by name only: without a point nothing can be called near.
func alike(v *page.View, m means) ([]casework.Case, error) {
	place := m.Sight.Place
	if place.Placed == casework.ByPoint || place.Community == "" || m.Matter.Code == "" {
		return nil, nil
	}
	found, err := casework.List(v.Context(), v.House.DB, v.District, casework.Filter{
		States: []casework.State{casework.Running}, Community: place.Community, Matter: m.Matter.Code, Newest: true, Scope: v.Scope(),
	}, v.Now, "", 3*alikeMost)
	if err != nil {
		return nil, err
	}
	var all []casework.Case
	for _, row := range found.Rows {
		if !row.Secret && len(all) < alikeMost {
			all = append(all, row.Case)
		}
	}
	return all, nil
}

// drawMap shows the pin, or the area the address seems to name. The part that
// is shown stays while the place does.
func (f *form) drawMap(v *page.View, m *means) {
	place := m.Sight.Place
	m.Drawn = place.Area(v.District.Code)
	if place.Placed == casework.Nowhere && len(m.Sight.Areas) > 0 {
		m.Drawn = string(m.Sight.Areas[0].Code)
	}
	shown := f.Box
	switch outline, ok := v.District.Areas.Outline(area.Code(m.Drawn)); {
	case f.Point != (geo.Point{}) && !within(shown, f.Point):
		shown = ui.Around(ui.Point(f.Point), 300)
	case shown != (ui.Box{}) && (f.Drawn == m.Drawn || f.Point != (geo.Point{})):
	case ok && len(m.Drawn) > 6:
		b := outline.Box()
		shown = ui.BoxOf(ui.Point(b.Min), ui.Point(b.Max)).Scaled(1.3)
	default:
		shown = v.DistrictBox().Scaled(1.02)
	}
	f.Box = shown
	m.Map = v.Map(shown, place.Grid)
	m.Map.Alt = v.Say("地图，可以点选位置；写地址也一样", "Map to choose the place on; an address does as well")
	for _, l := range m.Sight.Likely {
		m.Map.Pins = append(m.Map.Pins, ui.Pin{At: ui.Point(l.Case.Place.Point), Kind: ui.PinReport, Label: l.Case.Title})
	}
	if f.Point != (geo.Point{}) {
		m.Map.Pins = append(m.Map.Pins, ui.Pin{At: ui.Point(f.Point), Kind: ui.PinPlace, Label: v.Say("说的位置", "The place")})
	}
}

func within(b ui.Box, p geo.Point) bool {
	return p.Lon >= b.West && p.Lon <= b.East && p.Lat >= b.South && p.Lat <= b.North
}

// meansPart answers what the form as typed so far may mean.
func meansPart(v *page.View) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	m, err := f.means(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, meansView(v, f, m))
}
