package portal

import (
	"crypto/rand"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// wizard is a report on its way through the four screens. Each screen carries
// what the others asked in hidden fields, so nothing depends on script.
type wizard struct {
	Sender  string // the portal's own reference, so that sending twice makes one report
	Text    string
	Matter  string
	Tree    string // the branch of the catalogue that is open; "top" for its root
	Address string
	Area    string // chosen among those an address may mean; noArea: none of them
	Lon     string // as sent, checked by point
	Lat     string
	Box     string // the part of the map that was drawn: west,south,east,north
	Danger  string // yes, no, or empty for not asked yet
	Name    string
	Phone   string
	Mail    string // to be told there, too
	Quiet   string // yes: no text messages
	Follow  string // number of the case this joins
	As      string // who reports, of a reader who has signed in: asMe, asNobody, or a proxy

	problems map[string]string // by field
	mistakes []ui.FieldError
}

// noArea is the answer that an address means none of the areas offered.
const noArea = "none"

// The screens, in order.
const (
	stepWhat  = "what"
	stepWhich = "which" // part of the first
	stepWhere = "where"
	stepMore  = "more"
	stepSend  = "send"
)

var senderForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// readWizard takes what a form or an address carries. A sender that is not one
// of ours is replaced.
func readWizard(v *page.View, from url.Values) *wizard {
	w := &wizard{
		Sender: from.Get("sender"), Text: from.Get("text"), Matter: from.Get("matter"), Tree: from.Get("tree"),
		Address: from.Get("address"), Area: from.Get("area"), Lon: from.Get("lon"), Lat: from.Get("lat"), Box: from.Get("box"),
		Danger: from.Get("danger"), Name: from.Get("name"), Phone: from.Get("phone"), Mail: from.Get("mail"), Quiet: from.Get("quiet"), Follow: from.Get("follow"), As: from.Get("as"),
	}
	if !senderForm.MatchString(w.Sender) {
		w.Sender = rand.Text()
	}
	if !v.District.Catalogue.Selectable(w.Matter) {
		w.Matter = ""
	}
	if w.Area != noArea && !v.District.Areas.Known(w.Area) {
		w.Area = ""
	}
	if v.Resident == nil {
		w.As = ""
	} else if w.As == "" {
		w.As = asMe
	}
	if w.Danger != "yes" && w.Danger != "no" {
		w.Danger = ""
	}
	return w
}

// carried are the fields a screen must pass on, but for those it asks itself.
func (w *wizard) carried(asked ...string) [][2]string {
	all := [][2]string{
		{"sender", w.Sender}, {"text", w.Text}, {"matter", w.Matter}, {"address", w.Address}, {"area", w.Area}, {"lon", w.Lon}, {"lat", w.Lat},
		{"box", w.Box}, {"danger", w.Danger}, {"name", w.Name}, {"phone", w.Phone}, {"mail", w.Mail}, {"quiet", w.Quiet}, {"follow", w.Follow}, {"as", w.As},
	}
	var kept [][2]string
	for _, field := range all {
		if field[1] != "" && !strings.Contains(" "+strings.Join(asked, " ")+" ", " "+field[0]+" ") {
			kept = append(kept, field)
		}
	}
	return kept
}

// point is the place on the map, zero for none.
func (w *wizard) point() geo.Point {
	lon, errLon := strconv.ParseFloat(w.Lon, 64)
	lat, errLat := strconv.ParseFloat(w.Lat, 64)
	p := geo.Point{Lon: lon, Lat: lat}
	if errLon != nil || errLat != nil || !p.Valid() {
		return geo.Point{}
	}
	return p
}

func (w *wizard) put(p ui.Point) {
	w.Lon, w.Lat = strconv.FormatFloat(p.Lon, 'f', 6, 64), strconv.FormatFloat(p.Lat, 'f', 6, 64)
	w.Area = "" // the point says where it is
}

// matter is what was chosen; a case cannot be about its zero value.
func (w *wizard) matter(v *page.View) catalogue.Matter {
	m, _ := v.District.Catalogue.Matter(w.Matter)
	return m
}

// placed tells whether the matter lies somewhere.
func (w *wizard) placed(v *page.View) bool { return physical(w.matter(v).Kind) }

// sending is what the report hands to intake.
func (w *wizard) sending(v *page.View) intake.Sending {
	s := intake.Sending{
		Channel: intake.Portal, Sender: w.Sender, Text: w.Text, Matter: w.Matter, Address: w.Address, Point: w.point(),
		Danger: w.Danger == "yes", Name: w.Name, Phone: w.Phone, Lang: v.Lang,
	}
	if w.Area != noArea {
		s.Area = w.Area
	}
	return s
}

// wrong notes what is wrong with a field.
func (w *wizard) wrong(v *page.View, field, zh, en string) {
	w.blame(v, errs.New(errs.Invalid, "%[1]s", "%[2]s", zh, en).At(field))
}

// blame takes over failures of single fields; it reports whether err was that.
func (w *wizard) blame(v *page.View, err error) bool {
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return false
	}
	if w.problems == nil {
		w.problems = map[string]string{}
	}
	for name, text := range fields {
		w.problems[name] = text
	}
	for _, m := range list {
		m.Label = fieldLabel(v, m.ID)
		w.mistakes = append(w.mistakes, m)
	}
	return true
}

func fieldLabel(v *page.View, field string) string {
	switch field {
	case "text":
		return v.Say("情况", "What happened")
	case "matter":
		return v.Say("事项", "Matter")
	case "address":
		return v.Say("地址", "Address")
	case "area":
		return v.Say("地点", "Place")
	case "danger":
		return v.Say("有没有危险", "Danger")
	case "photos":
		return v.Say("照片", "Photos")
	case "phone":
		return v.Say("电话", "Phone")
	case "mail":
		return v.Say("邮箱", "E-mail")
	case "name":
		return v.Say("称呼", "Name")
	case "rating":
		return v.Say("评价", "Rating")
	case "reason":
		return v.Say("想说的话", "What you want to say")
	case "answer":
		return v.Say("补充说明", "What you add")
	case "number":
		return v.Say("编号", "Number")
	}
	return v.Say("这张表单", "This form")
}

// status is 422 for a screen that came back with something to correct.
func (w *wizard) status() int {
	if len(w.mistakes) > 0 {
		return page.Status(errs.Invalid)
	}
	return 200
}

// readBox reads the part of the map a form was drawn with; false for none, or
// for one that no map of a district has.
func readBox(s string) (ui.Box, bool) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return ui.Box{}, false
	}
	var f [4]float64
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(n) || math.Abs(n) > 180 {
			return ui.Box{}, false
		}
		f[i] = n
	}
	b := ui.Box{West: f[0], South: f[1], East: f[2], North: f[3]}
	wide, high := b.East-b.West, b.North-b.South
	return b, wide > 0.0005 && high > 0.0005 && wide < 2 && high < 2 && math.Abs(b.South) < 89 && math.Abs(b.North) < 89
}

func writeBox(b ui.Box) string {
	f := func(n float64) string { return strconv.FormatFloat(n, 'f', 6, 64) }
	return f(b.West) + "," + f(b.South) + "," + f(b.East) + "," + f(b.North)
}

func drawable(box string) bool {
	_, ok := readBox(box)
	return ok
}
