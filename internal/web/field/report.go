package field

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// found is a report made on the spot: first where and what, then, with what
// that may mean beside it, the photos.
type found struct {
	Token, Text, Address, Area, Matter, Danger string
	Point                                      geo.Point
	Looked                                     bool // the second screen
	Sight                                      intake.Sight
	Matters                                    []catalogue.Matter
	Guess                                      string
	Box                                        ui.Box
	Map                                        ui.MapView
	Errs                                       map[string]string
	Mistakes                                   []ui.FieldError
}

func report(v *page.View) error {
	f, err := readFound(v)
	if err != nil {
		return err
	}
	return showFound(v, http.StatusOK, f)
}

func readFound(v *page.View) (found, error) {
	if err := v.Form(); err != nil {
		return found{}, err
	}
	q := v.Fields()
	f := found{
		Token: q.Get("token"), Text: q.Get("text"), Address: q.Get("address"), Area: q.Get("area"), Matter: q.Get("matter"), Danger: q.Get("danger"),
		Looked: q.Get("looked") == "yes" || q.Get("do") == "next", Errs: map[string]string{},
	}
	if f.Token == "" {
		f.Token = rand.Text()[:16]
	}
	lon, errLon := strconv.ParseFloat(q.Get("lon"), 64)
	lat, errLat := strconv.ParseFloat(q.Get("lat"), 64)
	if p := (geo.Point{Lon: lon, Lat: lat}); errLon == nil && errLat == nil && p.Valid() {
		f.Point = p
	}
	f.moved(v, q)
	return f, nil
}

// moved takes what a press on the map asks for.
func (f *found) moved(v *page.View, q url.Values) {
	f.Box = page.Edges(q.Get("box"))
	if f.Box == (ui.Box{}) {
		f.Box = gridsBox(v)
	}
	if p, ok := (ui.MapView{Box: f.Box}).Picked(q); ok {
		f.Point = geo.Point(p)
	}
	switch q.Get("zoom") {
	case "in":
		f.Box = f.Box.Scaled(0.5)
	case "out":
		f.Box = f.Box.Scaled(2)
	}
	if q.Get("unpin") != "" {
		f.Point, f.Area, f.Looked = geo.Point{}, "", false
	}
	if q.Get("locate") != "" && f.Point != (geo.Point{}) {
		f.Box = ui.Around(ui.Point(f.Point), 250)
	}
}

// send takes the report in, or shows the next screen.
func send(v *page.View) error {
	f, err := readFound(v)
	if err != nil {
		return err
	}
	q := v.Fields()
	if q.Get("do") != "send" && q.Get("attach") == "" {
		return showFound(v, http.StatusOK, f)
	}
	s := f.sending(v)
	s.Attach = casework.ID(q.Get("attach"))
	var got intake.Receipt
	if s.Photos, err = v.Photos("photos"); err == nil {
		s.Then = v.Noticed(false)
		got, err = v.House.Desk.Receive(v.Context(), v.District, s)
	}
	if err == nil {
		as := ""
		if got.Attached {
			as = "?as=joined"
		}
		v.House.Sessions.Put(v.Context(), sentKey, string(got.Case.ID))
		return v.Go("/field/sent/" + url.PathEscape(string(got.Case.ID)) + as)
	}
	if !f.blame(v, err) {
		return err
	}
	f.Looked = true
	return showFound(v, page.Status(err), f)
}

// sending is the report as intake takes it. The form's own token makes one
// that is sent twice, on a bad line, one report.
func (f *found) sending(v *page.View) intake.Sending {
	return intake.Sending{
		Channel: intake.GridWorker, Sender: "field-" + f.Token, Text: f.Text, Matter: f.Matter, Address: f.Address, Point: f.Point, Area: f.Area,
		Danger: f.Danger == "yes", Lang: v.Lang, By: reporter(v, f),
	}
}

// reporter is the post the report is made with: the one for its grid, else the
// first that may.
func reporter(v *page.View, f *found) procedure.Actor {
	at := f.Area
	if f.Point != (geo.Point{}) {
		at = string(v.District.Areas.Locate(f.Point).Code())
	}
	for _, a := range v.Actors() {
		if (a.Role == procedure.GridWorker || a.Role == procedure.GridLeader) && a.Area != "" && strings.HasPrefix(at, a.Area) {
			return a
		}
	}
	return v.Acting(rights.ReportReceive, 0).By
}

func (f *found) blame(v *page.View, err error) bool {
	fields, list, ok := v.FieldErrors(err)
	if kind := errs.KindOf(err); !ok && (kind == errs.Conflict || kind == errs.NotFound) {
		said, _ := errs.TextOf(err)
		f.Mistakes = []ui.FieldError{{ID: "text", Label: v.Say("没并进去", "Not added"), Text: said.In(v.Lang)}}
		return true
	}
	for i := range list {
		switch list[i].ID {
		case "photos":
			list[i].ID, list[i].Label = "report-photos", v.Say("照片", "Photos")
		case "address":
			list[i].Label = v.Say("地址", "Address")
		case "matter":
			list[i].Label = v.Say("事项", "Matter")
		default:
			list[i].Label = v.Say("说几句", "What it is")
		}
	}
	f.Errs, f.Mistakes = fields, list
	return ok
}

// showFound asks what the report may mean and draws the screen.
func showFound(v *page.View, status int, f found) (err error) {
	f.Sight, err = v.House.Desk.Look(v.Context(), v.District, intake.Sending{
		Channel: intake.GridWorker, Text: f.Text, Matter: f.Matter, Address: f.Address, Point: f.Point, Area: f.Area,
	})
	if err != nil && !f.blame(v, err) {
		return err
	}
	if f.Looked && err == nil {
		f.suggest(v)
	}
	f.Map = v.Map(f.Box, f.Sight.Place.Grid)
	f.Map.Alt = v.Say("网格的地图，可以点选位置；选网格也一样", "Map of your grids to choose the place on; choosing the grid does as well")
	if f.Point != (geo.Point{}) {
		f.Map.Pins = append(f.Map.Pins, ui.Pin{At: ui.Point(f.Point), Kind: ui.PinPlace, Label: v.Say("这里", "Here")})
	}
	return v.Show(status, reportPage(v, begin(v, v.Say("拍照上报", "Report")), f))
}

// suggest lists the matters the words may mean, the chosen one first.
func (f *found) suggest(v *page.View) {
	if chosen, ok := v.District.Catalogue.Matter(f.Matter); ok && v.District.Catalogue.Selectable(f.Matter) {
		f.Matters = append(f.Matters, chosen)
	}
	if f.Text == "" {
		return
	}
	for _, s := range v.District.Catalogue.Suggest(f.Text) {
		if s.Matter.Code != f.Matter {
			f.Matters = append(f.Matters, s.Matter)
		}
	}
	f.Guess = intake.Suggested(v.District, f.Text)
}

// gridsBox is the box around the reader's grids.
func gridsBox(v *page.View) ui.Box { return boxOf(v, grids(v)) }

func boxOf(v *page.View, codes []area.Code) ui.Box {
	var all []ui.Point
	for _, g := range codes {
		if o, ok := v.District.Areas.Outline(g); ok {
			b := o.Box()
			all = append(all, ui.Point(b.Min), ui.Point(b.Max))
		}
	}
	if len(all) == 0 {
		return v.DistrictBox()
	}
	return ui.BoxOf(all...).Scaled(1.15)
}

// sentKey is where a session keeps the case of the last report: it may lie
// outside the reader's grids, and then only this one page of it is theirs.
const sentKey = "field sent"

// sent tells the number and the promise.
func sent(v *page.View) error {
	id := v.R.PathValue("id")
	if id != v.House.Sessions.GetString(v.Context(), sentKey) {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, casework.ID(id))
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, sentPage(v, begin(v, v.Say("报上去了", "Sent")), c, v.R.URL.Query().Get("as") == "joined"))
}

// reportedMost is how many reports the list of them shows.
const reportedMost = 40

// reported lists what was reported from the reader's grids by those who walk
// them, and how it went (ZJ-05: who reports is told).
func reported(v *page.View) error {
	found, err := casework.List(v.Context(), v.House.DB, v.District, casework.Filter{Channel: string(intake.GridWorker), Scope: scope(v), Newest: true}, v.Now, "", reportedMost)
	if err != nil {
		return err
	}
	rows := slices.DeleteFunc(found.Rows, func(r casework.Row) bool { return r.State == casework.Merged })
	return v.Show(http.StatusOK, reportedPage(v, begin(v, v.Say("报过的", "Reported")), rows))
}
