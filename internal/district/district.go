// Package district is the picture of one district that every verb works from:
// its areas, units, matters, procedures, routes and calendars, read together,
// immutable, shared by all requests, and read again when a table changes.
//
// It owns the tables settings, ground, calendars and years, and otherwise only
// joins what its parts know: [District.Route] asks the catalogue for a rule and
// org for the territory where there is none; [District.CalendarOf] asks org
// which calendar a unit keeps.
//
// Which hours a unit works, and which days are off, is data that a district
// brings: [ImportCalendars] and [ImportYears] take it or refuse it as a whole,
// and whoever calls them has open deadlines counted again.
package district

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
)

// Topic is what a transaction wakes that changes the tables of a district.
const Topic = "district"

// District is one district as it is on one day.
type District struct {
	Code      string
	Settings  Settings
	Areas     *area.Map
	Org       *org.Directory
	Catalogue *catalogue.Catalogue
	Calendar  *clock.Calendar // the standard one; see CalendarOf
	Ground    Ground
	Day       clock.Date
	hours     calendars
}

// Settings are what a district says once about itself. Their zero value works.
type Settings struct {
	Name         string      `json:"name,omitempty"`
	NameEN       string      `json:"name_en,omitempty"`
	Zone         string      `json:"zone,omitempty"`         // Asia/Shanghai unless said
	Placeholders []geo.Point `json:"placeholders,omitempty"` // points that machines send for none
	Hotline      string      `json:"hotline,omitempty"`      // 12345 unless said
}

// Save stores the settings of a district.
func (s Settings) Save(ctx context.Context, tx *db.Tx, code string) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	tx.Wake(Topic)
	return tx.Exec(ctx, `insert into settings (district, name, value) values ($1, 'district', $2)
		on conflict (district, name) do update set value = excluded.value`, code, string(data))
}

// Codes lists the districts of the database.
func Codes(ctx context.Context, r db.Reader) ([]string, error) {
	return db.All(ctx, r, func(s *string) []any { return []any{s} }, "select district from settings where name = 'district' order by district")
}

// Open reads a district as it is at an instant; errs.NotFound where there is none.
func Open(ctx context.Context, r db.Reader, code string, now time.Time) (d *District, err error) {
	defer errs.Wrap(&err, "district.Open(%s)", code)
	d = &District{Code: code}
	if d.Settings, err = openSettings(ctx, r, code); err != nil {
		return nil, err
	}
	if d.Catalogue, err = catalogue.Open(ctx, r, code); err != nil {
		return nil, err
	}
	if d.hours, err = openCalendars(ctx, r, code, d.Settings, d.Catalogue.Ladder().Share); err != nil {
		return nil, err
	}
	d.Calendar = d.hours.made[Standard]
	d.Day = clock.DateOf(now, d.Calendar.Zone())
	if d.Areas, err = area.Open(ctx, r, area.Code(code), d.Day, d.Settings.Placeholders...); err != nil {
		return nil, err
	}
	if d.Org, err = org.Open(ctx, r, code); err != nil {
		return nil, err
	}
	d.hours.keep(d.Org.Units())
	d.Ground, err = openGround(ctx, r, code)
	return d, err
}

func openSettings(ctx context.Context, r db.Reader, code string) (s Settings, err error) {
	value, err := db.Value[string](ctx, r, "select value from settings where district = $1 and name = 'district'", code)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

func openCalendars(ctx context.Context, r db.Reader, code string, s Settings, share int) (calendars, error) {
	files, err := loadCalendars(ctx, r, code)
	if err != nil {
		return calendars{}, err
	}
	years, err := loadYears(ctx, r, code)
	if err != nil {
		return calendars{}, err
	}
	made, bad := makeCalendars(s, share, files, years)
	if len(bad) > 0 {
		return calendars{}, fmt.Errorf("the calendars as kept: %s", bad[0].In(lang.ZH))
	}
	return made, nil
}

// Centre is the unit that takes in, hands out and catches what is nobody's;
// empty in a district that has none yet.
func (d *District) Centre() string {
	for _, u := range d.Org.UnitsByKind(org.Centre) {
		if u.ValidOn(d.Day) {
			return string(u.ID)
		}
	}
	return ""
}

// Can reports whether a post of one of the roles has a right.
func (d *District) Can(right rights.Right, roles ...string) bool {
	return d.Catalogue.Roles().Can(right, roles...)
}

// Route proposes units for a matter in an area at an instant, with why. Where
// no rule speaks, the territory comes first and the case has no owner.
func (d *District) Route(matter, areaCode string, at time.Time) catalogue.Explained {
	local := at.In(d.Calendar.Zone())
	q := catalogue.Query{
		Matter: matter, Area: areaCode,
		When: catalogue.When{Minute: local.Hour()*60 + local.Minute(), Office: d.Calendar.Open(at)},
	}
	for _, territory := range []string{areaCode[:min(9, len(areaCode))], areaCode, d.Code} { // street office, station, centre
		if u, why, ok := d.Org.TerritoryUnit(territory, d.Day); ok {
			q.Territory = append(q.Territory, catalogue.Fallback{Unit: string(u.ID), Why: why})
		}
	}
	return d.Catalogue.Route(q)
}
