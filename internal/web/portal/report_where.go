package portal

import (
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// whereView is the second screen: the place, what is reported there already,
// and whether it is dangerous.
type whereView struct {
	*wizard
	Map     ui.MapView
	Caption string
	Sight   intake.Sight
	Choose  []ui.Option // areas the address may mean
	Facts   []ui.Fact
	Asks    bool // about danger
}

// How far the map reaches around a point, in metres, and how near and how far
// it may be zoomed, in degrees of width.
const (
	reach    = 260.0
	nearest  = 0.0012
	farthest = 0.5
)

// takeWhere reads the second screen: the map and its buttons first, then the
// address, then whether all that is needed was said.
func takeWhere(v *page.View, w *wizard) error {
	f := v.R.PostForm
	m := w.drawn(v)
	if p, ok := m.Picked(f); ok {
		w.put(p)
		return showWhere(v, w)
	}
	switch {
	case f.Get("zoom") == "in":
		w.zoom(m.Box, 0.5)
		return showWhere(v, w)
	case f.Get("zoom") == "out":
		w.zoom(m.Box, 2)
		return showWhere(v, w)
	case f.Get("locate") != "":
		w.Area, w.Box = "", ""
		return showWhere(v, w)
	case f.Get("unpin") != "":
		w.Lon, w.Lat, w.Box = "", "", ""
		return showWhere(v, w)
	case f.Get("find") != "":
		w.Lon, w.Lat, w.Box, w.Area = "", "", "", ""
		return showWhere(v, w)
	case f.Get("same") != "":
		w.Follow = f.Get("same")
		return showSend(v, w)
	}
	w.Follow = ""
	sight, err := v.House.Desk.Look(v.Context(), v.District, w.sending(v))
	if err != nil && !w.blame(v, err) {
		return err
	}
	w.checkWhere(v, sight)
	if len(w.mistakes) > 0 {
		return showWhere(v, w)
	}
	return showMore(v, w)
}

// checkWhere asks for what the second screen still needs.
func (w *wizard) checkWhere(v *page.View, sight intake.Sight) {
	here := w.point() != (geo.Point{}) && sight.Flag != intake.Placeholder
	switch {
	case here || w.Area != "" || len(w.mistakes) > 0:
	case strings.TrimSpace(w.Address) == "" && w.placed(v):
		w.wrong(v, "address", "请点一下地图，或写地址，例如“桂香路 18 号东门外”。", "Please tap the map or write the address, for example “outside the east gate of 18 Guixiang Road”.")
	case sight.Place.Placed == casework.Nowhere && len(sight.Areas) > 1:
		w.wrong(v, "area", "这个地址可能在几处，请选一个；都不是也可以。", "The address may be in several places; please choose one, or none of them.")
	}
	if w.Danger == "" && w.placed(v) {
		w.wrong(v, "danger", "请选：现在有没有危险。", "Please choose whether it is dangerous now.")
	}
}

// showWhere shows the second screen.
func showWhere(v *page.View, w *wizard) error {
	s := whereView{wizard: w, Asks: w.placed(v)}
	look := w.sending(v)
	if w.problems["address"] != "" {
		look.Address = "" // it could not be taken as it is
	}
	var err error
	if s.Sight, err = v.House.Desk.Look(v.Context(), v.District, look); err != nil && !w.blame(v, err) {
		return err
	}
	if s.Sight.Flag == intake.Placeholder {
		w.Lon, w.Lat = "", ""
	}
	s.Map = w.drawn(v)
	w.Box = writeBox(s.Map.Box)
	s.pins(v)
	s.Choose = s.choices(v)
	s.Facts = s.facts(v)
	return v.Show(w.status(), wherePage(v, s))
}

// drawn is the map as the form shows it: what was drawn before, else around
// the point, else the area the reader named, else the whole district.
func (w *wizard) drawn(v *page.View) ui.MapView {
	p := w.point()
	here := ""
	if p != (geo.Point{}) {
		here = string(v.District.Areas.Locate(p).Grid)
	}
	box, ok := readBox(w.Box)
	switch {
	case ok:
	case p != (geo.Point{}):
		box = ui.Around(ui.Point(p), reach)
	default:
		box = w.around(v)
	}
	return v.Map(box, here)
}

// around is the part of the ground to begin with.
func (w *wizard) around(v *page.View) ui.Box {
	code := area.Code(w.Area)
	if found := v.District.Areas.FromAddress(w.Address); code == "" || w.Area == noArea {
		code = ""
		if len(found) > 0 {
			code = found[0].Code
		} else if home, ok := chosenArea(v); ok {
			code = home.Code
		}
	}
	for ; len(code) > len(v.District.Code); code = code.Parent() {
		if o, ok := v.District.Areas.Outline(code); ok {
			b := o.Box()
			return ui.BoxOf(ui.Point(b.Min), ui.Point(b.Max)).Scaled(1.1)
		}
	}
	return v.DistrictBox().Scaled(1.05)
}

// zoom changes the part that is drawn, around the pin if it is there.
func (w *wizard) zoom(box ui.Box, factor float64) {
	if width := (box.East - box.West) * factor; width < nearest || width > farthest {
		return
	}
	if p := w.point(); p != (geo.Point{}) {
		c := box.Centre()
		box.West, box.East = box.West+p.Lon-c.Lon, box.East+p.Lon-c.Lon
		box.South, box.North = box.South+p.Lat-c.Lat, box.North+p.Lat-c.Lat
	}
	// A map that would not be read again next time is not drawn.
	if next := writeBox(box.Scaled(factor)); drawable(next) {
		w.Box = next
	}
}

// pins marks the place and what is reported close by, and says it in words.
func (s *whereView) pins(v *page.View) {
	for _, l := range s.Sight.Likely {
		s.Map.Pins = append(s.Map.Pins, ui.Pin{At: ui.Point(l.Case.Place.Point), Label: v.Say("已有上报", "Reported"), Kind: ui.PinReport})
	}
	s.Map.Alt = v.Say("%[1]s的地图，还没有选位置。", "Map of %[2]s; no place chosen yet.", districtName(v).ZH, districtName(v).EN)
	if p := s.point(); p != (geo.Point{}) {
		s.Map.Pins = append(s.Map.Pins, ui.Pin{At: ui.Point(p), Label: v.Say("您选的位置", "Your place"), Kind: ui.PinPlace})
		at := v.District.Areas.Path(area.Code(s.Sight.Place.Area(v.District.Code)))
		s.Map.Alt = v.Say("地图：您选的位置在%[1]s，附近有 %[3]d 件已经报过。", "Map: the chosen place is in %[2]s; %[3]d reported nearby.", at.ZH, at.EN, len(s.Sight.Likely))
	}
}

// choices offers the areas an address may mean, where it is not plain.
func (s *whereView) choices(v *page.View) []ui.Option {
	if s.point() != (geo.Point{}) || len(s.Sight.Areas) < 2 && s.Area == "" {
		return nil
	}
	if s.Area == "" && s.Sight.Place.Placed == casework.ByAddress {
		return nil
	}
	var all []ui.Option
	for _, c := range s.Sight.Areas[:min(5, len(s.Sight.Areas))] {
		all = append(all, ui.Option{Value: string(c.Code), Label: v.District.Areas.Path(c.Code).In(v.Lang), Hint: c.Why.In(v.Lang)})
	}
	return append(all, ui.Option{Value: noArea, Label: v.Say("都不是，就按我写的地址", "None of these, take the address as written")})
}

// facts tells in which grid the place lies and who looks after it.
func (s *whereView) facts(v *page.View) []ui.Fact {
	p := s.Sight.Place
	switch {
	case s.Sight.Flag == intake.Outside:
		return []ui.Fact{{Name: v.Say("所在网格", "Grid"), Value: v.Say("不在%[1]s的网格里，我们会转给该管的地方", "In no grid of %[2]s; we pass it to whoever is in charge", districtName(v).ZH, districtName(v).EN)}}
	case p.Placed == casework.Nowhere:
		return nil
	}
	var facts []ui.Fact
	if p.Grid != "" {
		facts = append(facts, ui.Fact{Name: v.Say("所在网格", "Grid"), Value: v.District.Areas.Name(area.Code(p.Grid)).In(v.Lang), Strong: true})
	}
	if name := v.District.Areas.Name(area.Code(p.Street)).In(v.Lang); p.Community != "" {
		facts = append(facts, ui.Fact{Name: v.Say("归谁管", "Looked after by"), Value: v.District.Areas.Name(area.Code(p.Community)).In(v.Lang) + " · " + name})
	} else if p.Street != "" {
		facts = append(facts, ui.Fact{Name: v.Say("归谁管", "Looked after by"), Value: name})
	}
	if person, role, ok := worker(v, p.Grid); ok {
		facts = append(facts, ui.Fact{Name: capital(role.Text().In(v.Lang)), Value: person.Name})
	}
	return facts
}

// followed is the case a report joins. Only a case that anybody may see nearby
// can be joined: one that runs and is not kept in confidence.
func (w *wizard) followed(v *page.View) (casework.Case, error) {
	c, err := casework.ByNumber(v.Context(), v.House.DB, v.District.Code, w.Follow)
	if err != nil {
		return casework.Case{}, err
	}
	if c.Secret || !physical(kindOf(c)) {
		return casework.Case{}, errs.New(errs.NotFound, "没有这件，请重新上报。", "There is no such case; please report anew.")
	}
	return c, nil
}
