package page

import (
	"net/url"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
)

// Origin is this house as whoever asks reaches it, for documents in which
// addresses stand whole.
func (v *View) Origin() string {
	u := url.URL{Scheme: "http", Host: v.R.Host}
	if v.House.Secure {
		u.Scheme = "https"
	}
	return u.String()
}

// PublicPlace is a place as everybody may read it: the road an address names,
// without the house number, or else the smallest area known.
func (v *View) PublicPlace(p casework.Place) string {
	name := ""
	if p.Community != "" {
		name = v.District.Areas.Name(area.Code(p.Community)).In(v.Lang)
	} else {
		name = v.District.Areas.Name(area.Code(p.Area(v.District.Code))).In(v.Lang)
	}
	for _, road := range v.District.Ground.Roads {
		if road.Name.ZH != "" && strings.Contains(p.Address, road.Name.ZH) {
			return road.Name.In(v.Lang) + " · " + name
		}
	}
	return name
}
