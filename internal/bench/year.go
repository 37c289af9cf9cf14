package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"linli/internal/app"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/sample"
	"linli/internal/trail"
)

// scribe writes a year of the large district: copies of told cases, each moved
// to another day, another grid and the units that serve it.
type scribe struct {
	d        *district.District
	told     []told
	dice     *rand.Rand
	grids    []area.Area
	stations map[string]string // by community
	offices  map[string]string // by street
	posts    map[string]string // by unit or grid, and role
}

func newScribe(d *district.District, all []told) *scribe {
	s := &scribe{
		d: d, told: all, dice: rand.New(rand.NewPCG(11, 13)), grids: d.Areas.Tier(area.Grid),
		stations: map[string]string{}, offices: map[string]string{}, posts: map[string]string{},
	}
	for _, kept := range []struct {
		tier area.Tier
		of   map[string]string
	}{{area.Community, s.stations}, {area.Street, s.offices}} {
		for _, a := range d.Areas.Tier(kept.tier) {
			if u, _, ok := d.Org.TerritoryUnit(string(a.Code), d.Day); ok {
				kept.of[string(a.Code)] = string(u.ID)
			}
		}
	}
	return s
}

// copied is one case of the year: a told case, and where and when it is put.
type copied struct {
	*told
	s      *scribe
	opened time.Time
	by     time.Duration // from when it was told to when it is put
	grid   area.Code
	turn   int // of departments
}

func (s *scribe) copy(opened time.Time, n int) copied {
	t := &s.told[s.dice.IntN(len(s.told))]
	grid := s.grids[s.dice.IntN(len(s.grids))].Code
	// About the same hour, so that days still end where they did, and an instant
	// of its own, by which the case is found again.
	hour := t.c.OpenedAt.Sub(t.c.OpenedAt.Truncate(24 * time.Hour)).Truncate(time.Second)
	opened = opened.Truncate(24 * time.Hour).Add(hour + time.Duration(s.dice.IntN(3600))*time.Second + time.Duration(n)*time.Microsecond)
	return copied{told: t, s: s, opened: opened, by: opened.Sub(t.c.OpenedAt), grid: grid, turn: s.dice.IntN(largeDepartments)}
}

// historic is the case as it is taken in.
func (c copied) historic(n int) casework.Historic {
	return casework.Historic{
		Channel: c.c.Channel, External: fmt.Sprintf("bench-%d", n), Via: c.c.Channel, File: "bench", Matter: c.c.Matter, Kind: c.c.Kind,
		Text: c.c.Text, Opened: c.opened, Due: moved(c.c.Due, c.by), State: c.c.State, Closed: moved(c.c.ClosedAt, c.by), Judged: true, OnTime: c.c.OnTime,
		Unit: c.unit(c.c.Unit), Place: casework.Place{
			Address: c.c.Place.Address, Placed: casework.ByArea, Grid: string(c.grid),
			Community: string(c.grid.At(area.Community)), Street: string(c.grid.At(area.Street)),
		},
	}
}

func moved(t time.Time, by time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(by)
}

// unit is who stands where a unit of the tale stood.
func (c copied) unit(was string) string {
	if was == "" || was == "u-centre" {
		return was
	}
	switch c.kinds[was] {
	case org.CommunityStation:
		return c.s.stations[string(c.grid.At(area.Community))]
	case org.StreetOffice:
		return c.s.offices[string(c.grid.At(area.Street))]
	}
	n := c.turn
	for _, letter := range was {
		n += int(letter)
	}
	return fmt.Sprintf("u-d%02d", n%largeDepartments+1)
}

// area is the area of a tier where the case is put.
func (c copied) area(was string) string {
	tier := area.Code(was).Tier()
	if tier == "" || tier == area.District {
		return was
	}
	return string(c.grid.At(tier))
}

// post is somebody with the role of the tale's post.
func (c copied) post(was, unit string) string {
	role, ok := c.roles[was]
	if !ok {
		return ""
	}
	key := unit + " " + string(role)
	if role == org.GridWorker {
		key = string(c.grid)
	}
	id, ok := c.s.posts[key]
	if !ok {
		if role == org.GridWorker {
			if all := c.s.d.Org.WorkersOf(string(c.grid), c.s.d.Day); len(all) > 0 {
				id = string(all[0].ID)
			}
		} else {
			id = holder(c.s.d, unit, role, c.s.d.Day)
		}
		c.s.posts[key] = id
	}
	return id
}

// entry is an entry of the tale, put to its new time and place.
func (c copied) entry(e trail.Entry) trail.Entry {
	out := trail.Entry{Act: e.Act, Step: e.Step, Unit: c.unit(e.Unit), Detail: make(map[string]string, len(e.Detail))}
	out.Post = c.post(e.Post, out.Unit)
	for name, value := range e.Detail {
		switch name {
		case "of", "unit", "to-unit", "now.unit", "receiver", "proposed":
			value = c.unit(value)
		case "area":
			value = c.area(value)
		case "since", "due", "case-due", "now.due", "before", "after":
			if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
				value = strconv.FormatInt(n+c.by.Microseconds(), 10)
			}
		}
		out.Detail[name] = value
	}
	return out
}

// write takes some cases in, with their trails until now, in one transaction.
// Each entry is written at its own time.
func (s *scribe) write(ctx context.Context, a *app.App, first int, opened []time.Time) error {
	copies, all := make([]copied, len(opened)), make([]casework.Historic, len(opened))
	for i, at := range opened {
		copies[i] = s.copy(at, first+i)
		all[i] = copies[i].historic(first + i)
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now
		defer func() { tx.Now = now }()
		tx.Now = opened[0].Truncate(24 * time.Hour)
		if _, err := casework.Take(ctx, tx, s.d, all); err != nil {
			return err
		}
		ids, heads, err := taken(ctx, tx, s.d.Code, copies)
		if err != nil {
			return err
		}
		for i, c := range copies {
			if err := c.write(ctx, tx, ids[i], heads[ids[i]], now); err != nil {
				return err
			}
		}
		return nil
	})
}

// write writes the trail of one case.
func (c copied) write(ctx context.Context, tx *db.Tx, id string, head trail.Head, now time.Time) (err error) {
	for _, e := range c.entries {
		if tx.Now = e.At.Add(c.by); tx.Now.After(now) {
			return nil
		}
		if head, err = trail.Add(ctx, tx, c.s.d.Code, id, head, c.entry(e)); err != nil {
			return err
		}
	}
	return nil
}

// taken finds the cases that were just taken in, by the instant of opening that
// each has for itself, and where their trails end.
func taken(ctx context.Context, tx *db.Tx, code string, copies []copied) (ids []string, heads map[string]trail.Head, err error) {
	at := make(map[int64]int, len(copies))
	from, to := copies[0].opened, copies[0].opened
	for i, c := range copies {
		at[db.At(c.opened)] = i
		if c.opened.Before(from) {
			from = c.opened
		}
		if c.opened.After(to) {
			to = c.opened
		}
	}
	ids = make([]string, len(copies))
	err = db.Scan(ctx, tx, func(rows db.Rows) error {
		var id string
		var opened int64
		if err := rows.Scan(&id, &opened); err != nil {
			return err
		}
		if i, ok := at[opened]; ok {
			ids[i] = id
		}
		return nil
	}, "select c.id, c.opened_at from cases c where c.district = $1 and c.opened_at >= $2 and c.opened_at <= $3", code, db.At(from), db.At(to))
	if err != nil {
		return nil, nil, err
	}
	heads, err = trail.Heads(ctx, tx, code, ids)
	return ids, heads, err
}

// months is how much is told: whole months, the last of them over.
const months = 12

// span is the year that is told: its first instant and the first after it.
func span(now time.Time, zone *time.Location) (from, to time.Time) {
	local := now.In(zone)
	to = time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, zone)
	return to.AddDate(0, -months, 0), to
}

// fillYear writes the year, unless an earlier run did.
func fillYear(ctx context.Context, cfg Config, a *app.App, tell func() ([]told, error)) error {
	there, err := db.Value[int](ctx, a.DB, "select count(*) from cases c where c.state <> 'open'")
	if err != nil || there >= cfg.Year {
		return err
	}
	all, err := tell()
	if err != nil {
		return err
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	s := newScribe(d, all)
	from, to := span(cfg.Now(), d.Calendar.Zone())
	begin := cfg.Now()
	for n := there; n < cfg.Year; n += batch { // an earlier run may have been cut off
		var opened []time.Time
		for i := n; i < min(n+batch, cfg.Year); i++ {
			opened = append(opened, from.Add(to.Sub(from)/time.Duration(cfg.Year)*time.Duration(i)))
		}
		if err := s.write(ctx, a, n, opened); err != nil {
			return err
		}
	}
	fmt.Fprintf(cfg.Out, "%s: a year of %d cases written in %s\n", a.DB.Engine(), cfg.Year, cfg.Now().Sub(begin).Round(time.Second))
	return nil
}
