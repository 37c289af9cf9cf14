package open311

import (
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/georeport"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/peer"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// shaped turns cases into requests, leaving out those that whoever asks may not
// read.
func (d *door) shaped(c *call, cases []casework.Case) (georeport.Requests, error) {
	ctx, all := c.r.Context(), georeport.Requests{}
	into, err := casework.Joined(ctx, d.house.DB, c.District.Code, cases)
	if err != nil {
		return nil, err
	}
	own, err := casework.SentIn(ctx, d.house.DB, c.District.Code, string(intake.Open311), c.prefix(), cases)
	if err != nil {
		return nil, err
	}
	fetched := map[casework.ID]casework.Report{}
	if c.extends() {
		if fetched, err = casework.SentIn(ctx, d.house.DB, c.District.Code, string(intake.Open311), peer.Prefix, cases); err != nil {
			return nil, err
		}
	}
	for _, one := range cases {
		report, mine := own[one.ID]
		if !mine && !one.Public() {
			continue
		}
		r := c.shape(one, into[one.ID])
		if mine {
			c.private(&r, one, report)
		}
		if c.extends() {
			r.Extended = c.extended(one)
			if _, ok := fetched[one.ID]; ok && !one.Secret {
				r.Extended.Channel = georeport.FromPeer
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// shape is a case as anybody may read it. on is the case in which a merged one
// goes on.
func (c *call) shape(one, on casework.Case) georeport.Request {
	stands := one
	if one.State == casework.Merged && on.ID != "" {
		stands = on
	}
	r := georeport.Request{
		ID: georeport.Text(one.Number), Status: georeport.Open, StatusNotes: c.standing(one, on),
		ServiceCode: georeport.Text(one.Matter), ServiceName: c.say(c.District.Catalogue.Title(one.Matter)),
		Description: c.say(c.District.Catalogue.Title(one.Matter)), Agency: c.unit(stands.Unit),
		Requested: c.moment(one.OpenedAt), Updated: c.moment(stands.MovedAt), Expected: c.moment(one.Due),
		Address: c.address(one.Place), AddressID: georeport.Text(communityOf(one.Place, c.District.Code)),
	}
	if stands.State != casework.Running {
		r.Status, r.Updated = georeport.Closed, c.moment(stands.ClosedAt)
	}
	if !one.Due.IsZero() && one.State == casework.Running {
		due := one.Due.In(c.District.Calendar.Zone()).Format("2006-01-02 15:04")
		r.Notice = c.say(lang.T("答应 %s 前办好", "promised by %s", due))
	}
	if p, ok := one.PublicPoint(); ok {
		r.Lat, r.Long = georeport.At(p.Lat), georeport.At(p.Lon)
	}
	return r
}

// private adds what the sender of a report knows anyway: its own words and place.
// Of a secret one nothing is added, and the minute at which it came in is taken
// away: the sender's program may be read by more than its sender.
func (c *call) private(r *georeport.Request, one casework.Case, report casework.Report) {
	if one.Secret {
		zone := c.District.Calendar.Zone()
		day := c.moment(clock.DateOf(one.OpenedAt, zone).Start(zone))
		if r.Updated == r.Requested {
			r.Updated = day
		}
		r.Requested, r.Address, r.AddressID = day, "", ""
		r.Lat, r.Long = georeport.Degrees{}, georeport.Degrees{}
		return
	}
	if report.Text != "" {
		r.Description = georeport.Text(clip(report.Text, 4000))
	}
	if report.Address != "" {
		r.Address = georeport.Text(report.Address)
	}
	if one.Place.Placed == casework.ByPoint {
		r.Lat, r.Long = georeport.At(report.Point.Lat), georeport.At(report.Point.Lon)
	}
}

// standing says in public words where a case stands or how it ended.
func (c *call) standing(one, on casework.Case) georeport.Text {
	if one.State != casework.Merged {
		return c.say(c.public(one))
	}
	t := lang.T("已并入另一件", "joined with another case")
	if on.Public() {
		t = lang.T("已并入 %s", "joined with %s", on.Number)
	}
	if on.ID == "" || on.State == casework.Merged {
		return c.say(t)
	}
	where := c.public(on)
	return c.say(lang.Text{ZH: t.ZH + "：" + where.ZH, EN: t.EN + ": " + where.In(lang.EN)})
}

// public are the words of the procedure for where a case stands.
func (c *call) public(one casework.Case) lang.Text {
	p, ok := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	if !ok {
		return lang.Text{}
	}
	if s := p.Step(one.Step); s != nil {
		if s.Public.IsZero() {
			return s.Title
		}
		return s.Public
	}
	e := p.End(procedure.EndName(one.Step))
	switch {
	case e == nil:
		return lang.Text{}
	case e.Public.IsZero():
		return e.Title
	}
	return e.Public
}

// address is the road, where the case names one that everybody knows, and the
// community, from the narrowest outwards.
func (c *call) address(p casework.Place) georeport.Text {
	var parts []string
	for _, road := range c.District.Ground.Roads {
		if road.Name.ZH != "" && strings.Contains(p.Address, road.Name.ZH) {
			parts = append(parts, road.Name.In(c.Lang))
			break
		}
	}
	for _, code := range []string{p.Community, p.Street, c.District.Code} {
		if code != "" {
			parts = append(parts, c.District.Areas.Name(area.Code(code)).In(c.Lang))
		}
	}
	return georeport.Text(strings.Join(parts, c.Lang.Pick("，", ", ")))
}

// communityOf is the narrowest area that is told: a grid is some hundred homes.
func communityOf(p casework.Place, district string) string {
	p.Grid = ""
	return p.Area(district)
}

func (c *call) unit(id string) georeport.Text {
	if id == "" {
		return ""
	}
	return c.say(c.District.Org.UnitName(org.UnitID(id)))
}

// moment is an instant in the district's zone, to the second.
func (c *call) moment(t time.Time) georeport.Instant {
	if t.IsZero() {
		return georeport.Instant{}
	}
	return georeport.Instant{Time: t.In(c.District.Calendar.Zone()).Truncate(time.Second)}
}

// extends reports whether more is asked for than the specification has.
func (c *call) extends() bool { return c.q.Get("extensions") == "true" }

// extended is what extensions=true adds.
func (c *call) extended(one casework.Case) *georeport.Extended {
	e := &georeport.Extended{
		State: georeport.Text(one.State), Step: georeport.Text(one.Step), StepName: c.say(c.public(one)),
		Area: georeport.Text(communityOf(one.Place, c.District.Code)), Unit: georeport.Text(one.Unit), Reports: georeport.Whole(one.Reports),
	}
	if !one.Secret {
		e.Channel = georeport.Text(one.Channel)
	}
	return e
}

// noted adds to a single request what happened to it, where that is asked for:
// when it came in, what was done in the words of its procedure, nothing that
// anybody wrote and nobody's name.
func (d *door) noted(c *call, all georeport.Requests) error {
	if !c.extends() || len(all) != 1 {
		return nil
	}
	one, err := casework.ByNumber(c.r.Context(), d.house.DB, c.District.Code, string(all[0].ID))
	if err != nil || one.Secret {
		return err
	}
	p, ok := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	if !ok {
		return nil
	}
	entries, err := trail.Of(c.r.Context(), d.house.DB, c.District.Code, string(one.ID))
	if err != nil {
		return err
	}
	for _, e := range entries {
		text := lang.T("收到了", "Received")
		if e.Act != "opened" {
			step := p.Step(procedure.StepName(e.Step))
			if step == nil || step.Action(procedure.ActionName(e.Act)) == nil {
				continue
			}
			text = step.Action(procedure.ActionName(e.Act)).Title
		}
		all[0].Notes = append(all[0].Notes, georeport.Note{At: c.moment(e.At), Type: georeport.Text(e.Act), Description: c.say(text)})
	}
	return nil
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
