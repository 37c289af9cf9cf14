package area

import (
	"context"
	"encoding/json"
	"fmt"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
)

// Stretch is an area with one of its outlines, for as long as both hold.
type Stretch struct {
	Area
	Outline geo.Outline // zero where none is drawn
	From    clock.Date  // the first day of both; empty from ever
	To      clock.Date  // the last day of both; empty for ever
}

// History reads the areas of a district that hold on some day from first to
// last, by code and in order of time, each as often as it has outlines then.
// Either bound may be empty. An area without an outline then comes once.
func History(ctx context.Context, r db.Reader, district Code, first, last clock.Date) (all []Stretch, err error) {
	defer errs.Wrap(&err, "area.History(%s, %s, %s)", district, first, last)
	areas, err := loadAreas(ctx, r, district)
	if err != nil {
		return nil, err
	}
	versions, err := loadOutlines(ctx, r, district)
	if err != nil {
		return nil, err
	}
	drawn := map[Code][]version{}
	for _, v := range versions {
		drawn[v.code] = append(drawn[v.code], v)
	}
	for _, a := range areas {
		if !meets(a.From, a.To, first, last) {
			continue
		}
		own, err := stretches(a, drawn[a.Code], first, last)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	return all, nil
}

// stretches are those of one area.
func stretches(a Area, versions []version, first, last clock.Date) (all []Stretch, err error) {
	for _, v := range versions {
		s := Stretch{Area: a, From: max(a.From, v.from), To: earlier(a.To, v.to)}
		if !meets(v.from, v.to, a.From, a.To) || !meets(s.From, s.To, first, last) {
			continue
		}
		if err := json.Unmarshal([]byte(v.geojson), &s.Outline); err != nil {
			return nil, fmt.Errorf("outline of %s: %w", v.code, err)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		all = []Stretch{{Area: a, From: a.From, To: a.To}}
	}
	return all, nil
}

// meets reports whether two spans of days, both ends counted, share a day. An
// empty date is from ever as a first day, and for ever as a last.
func meets(from, to, first, last clock.Date) bool {
	return (to == "" || first <= to) && (last == "" || from <= last)
}

// earlier is the earlier of two last days.
func earlier(a, b clock.Date) clock.Date {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}
