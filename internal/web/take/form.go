package take

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// form is what has been written so far.
type form struct {
	Channel                                        intake.Channel
	Token                                          string // makes a form that is sent twice one report
	Phone, Name, Text, Find, Address, Area, Matter string
	Sender                                         string // the channel's own reference
	Danger                                         string // yes, no, or not asked yet
	Secret                                         bool
	Point                                          geo.Point
	Box                                            ui.Box // what the map showed
	Drawn                                          string // the area it was drawn for
	Errs                                           map[string]string
	Mistakes                                       []ui.FieldError
}

// read takes the form from a request; whatever is missing or no number is
// left empty, for the verb to judge.
func read(v *page.View) (form, error) {
	if err := v.Form(); err != nil {
		return form{Channel: channel(v, ""), Errs: map[string]string{}}, err
	}
	q := v.Fields()
	f := form{
		Channel: channel(v, q.Get("channel")), Token: q.Get("token"), Phone: q.Get("phone"), Name: q.Get("name"), Text: q.Get("text"),
		Find: q.Get("find"), Address: q.Get("address"), Area: q.Get("area"), Matter: q.Get("matter"), Sender: q.Get("sender"),
		Danger: q.Get("danger"), Secret: q.Get("secret") == "yes", Drawn: q.Get("drawn"), Box: page.Edges(q.Get("box")), Errs: map[string]string{},
	}
	if f.Token == "" {
		f.Token = rand.Text()[:16]
	}
	lon, errLon := strconv.ParseFloat(q.Get("lon"), 64)
	lat, errLat := strconv.ParseFloat(q.Get("lat"), 64)
	if p := (geo.Point{Lon: lon, Lat: lat}); errLon == nil && errLat == nil && p.Valid() {
		f.Point = p
	}
	return f, nil
}

// channel is the one asked for, else the one the reader's post is about.
func channel(v *page.View, asked string) intake.Channel {
	if ch := intake.Channel(asked); ch == intake.Hotline || ch == intake.Counter {
		return ch
	}
	if slices.ContainsFunc(v.Actors(), func(a procedure.Actor) bool { return a.Role == procedure.Clerk }) {
		return intake.Counter
	}
	return intake.Hotline
}

// moved takes what a press on the map asks for: a place, a closer look, or the
// pin taken off.
func (f *form) moved(v *page.View) {
	q := v.Fields()
	if f.Box == (ui.Box{}) {
		return
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
		f.Point, f.Box = geo.Point{}, ui.Box{}
	}
}

// sending is the form as intake takes it. The channel's reference makes a
// sending that comes twice one report; where it has none, the form's own does.
func (f *form) sending(v *page.View) intake.Sending {
	s := intake.Sending{
		Channel: f.Channel, Sender: strings.TrimSpace(f.Sender), Text: f.Text, Matter: f.Matter, Address: f.Address, Point: f.Point, Area: f.Area,
		Danger: f.Danger == "yes", Secret: f.Secret, Name: f.Name, Phone: f.Phone, Lang: v.Lang, By: taker(v, f.Channel),
		Attach: casework.ID(v.Fields().Get("attach")),
	}
	if s.Sender == "" {
		s.Sender = "form-" + f.Token
	}
	if f.Channel == intake.Counter {
		s.Receiver = s.By.Unit // who takes it first stays responsible to the person, whoever handles it (WH-17)
	}
	return s
}

// taker is the reader's post that takes down what comes by a channel.
func taker(v *page.View, ch intake.Channel) procedure.Actor {
	roles := []procedure.Role{procedure.Agent, procedure.Acceptor, procedure.ShiftLeader, procedure.Dispatcher}
	if ch == intake.Counter {
		roles[0] = procedure.Clerk
	}
	for _, role := range roles {
		for _, a := range v.Actors() {
			if a.Role == role {
				return a
			}
		}
	}
	return v.Acting(rights.ReportReceive, 0).By
}

// blame keeps what was wrong, to be shown beside the fields. It is false for
// what no field is to blame for.
func (f *form) blame(v *page.View, err error) bool {
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		if kind := errs.KindOf(err); kind != errs.Conflict && kind != errs.NotFound {
			return false
		}
		said, _ := errs.TextOf(err)
		f.Mistakes = []ui.FieldError{{ID: "text", Label: v.Say("没记下", "Not taken down"), Text: said.In(v.Lang)}}
		return true
	}
	for i := range list {
		list[i].Label = label(v, list[i].ID)
	}
	f.Errs, f.Mistakes = fields, list
	return true
}

func label(v *page.View, field string) string {
	switch field {
	case "phone":
		return v.Say("电话", "Phone")
	case "name":
		return v.Say("称呼", "Name")
	case "address":
		return v.Say("地址", "Address")
	case "sender":
		return v.Say("来件编号", "Reference")
	case "matter":
		return v.Say("事项", "Matter")
	case "secret":
		return v.Say("保密", "Secret")
	case "photos":
		return v.Say("照片", "Photos")
	}
	return v.Say("说的什么事", "What it is about")
}

// show opens an empty form. Who takes down only on foot has a page for it.
func show(v *page.View) error {
	if !v.Can(rights.CallerFind) {
		return v.Go("/field/report")
	}
	f, err := read(v)
	if err != nil {
		return err
	}
	return draw(v, http.StatusOK, f)
}

// take saves the form, or draws it again with more beside it.
func take(v *page.View) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	f.moved(v)
	if report := v.Fields().Get("use"); report != "" {
		if err := f.use(v, report); err != nil {
			return err
		}
	}
	if v.Fields().Get("do") != "save" && v.Fields().Get("attach") == "" {
		return draw(v, http.StatusOK, f)
	}
	s := f.sending(v)
	var got intake.Receipt
	if s.Photos, err = v.Photos("photos"); err == nil {
		s.Then = v.Noticed(false)
		got, err = v.House.Desk.Receive(v.Context(), v.District, s)
	}
	if err != nil {
		if f.blame(v, err) {
			return draw(v, page.Status(err), f)
		}
		return err
	}
	return issue(v, got, f.Channel)
}

// draw shows the whole page.
func draw(v *page.View, status int, f form) error {
	m, err := f.means(v)
	if err != nil {
		return err
	}
	var c caller
	if v.Can(rights.CallerFind) {
		if c, err = find(v, f.Phone); err != nil {
			return err
		}
	}
	return v.Show(status, formPage(v, v.Page(v.Say("接一件", "Take down")), f, m, c))
}
