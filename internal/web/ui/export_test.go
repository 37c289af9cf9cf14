package ui

import (
	"reflect"

	"linli/internal/lang"
)

// NamePlaces is the room each name of the map takes: left, top, right, bottom.
func (v MapView) NamePlaces() [][4]float64 {
	var places [][4]float64
	for _, t := range v.names() {
		a := t.area()
		places = append(places, [4]float64{a.x0, a.y0, a.x1, a.y1})
	}
	return places
}

// MissingWords names the fixed words that are not said in a language.
func MissingWords(l lang.Lang) []string {
	var missing []string
	words := reflect.ValueOf(W(l))
	for i := range words.NumField() {
		if words.Field(i).IsZero() {
			missing = append(missing, words.Type().Field(i).Name)
		}
	}
	return missing
}

// GalleryMap is the map on the gallery's page for residents.
func GalleryMap(l lang.Lang) MapView { return galleryMap(l) }
