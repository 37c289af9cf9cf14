package supervise

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/sheet"
)

// DutyColumns is the shape ImportDuties takes.
func DutyColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "day", Title: lang.T("日期", "Day"), Kind: sheet.KindDate, Required: true},
		{Name: "hours", Title: lang.T("时段", "Hours"), Required: true, Max: 20},
		{Name: "area", Title: lang.T("区或街道代码", "Code of the district or street"), Kind: sheet.KindCode, Max: 9},
		{Name: "unit", Title: lang.T("单位代码", "Unit code"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "login", Title: lang.T("登录名", "Login"), Kind: sheet.KindCode, Max: 40},
		{Name: "phone", Title: lang.T("值班电话", "Phone of the office"), Max: 40},
	}
}

// ImportDuties takes a roster in the shape of DutyColumns. No area is the whole
// district; no login is whoever sits at the unit's desk. A turn that begins
// when one is there already takes its place.
func ImportDuties(ctx context.Context, tx *db.Tx, d *district.District, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "supervise.ImportDuties(%s)", d.Code)
	roster := dutyRoster{d: d, report: report, taken: map[string][]turn{}}
	for _, r := range records {
		roster.add(r)
	}
	if len(roster.fresh) == 0 {
		return nil
	}
	days := []clock.Date{roster.fresh[0].Day, roster.fresh[0].Day}
	for _, t := range roster.fresh {
		days[0], days[1] = min(days[0], t.Day), max(days[1], t.Day)
	}
	had, err := Duties(ctx, tx, d, days[0].Add(-1), days[1].Add(1))
	if err != nil {
		return err
	}
	roster.beside(had)
	if !report.MayWrite() {
		return nil
	}
	return roster.write(ctx, tx, had)
}

// turn is a row that can be taken.
type turn struct {
	Duty
	row *sheet.Record
}

type dutyRoster struct {
	d      *district.District
	report *sheet.Report
	fresh  []turn
	taken  map[string][]turn // by area
}

func (b *dutyRoster) add(r *sheet.Record) {
	t := turn{row: r, Duty: Duty{
		Area: cmp.Or(r.Text("area"), b.d.Code), Day: clock.Date(r.Text("day")), Unit: r.Text("unit"), Phone: r.Text("phone"),
	}}
	var err error
	if t.Hours, err = clock.ParsePeriod(r.Text("hours")); err != nil {
		r.Fail(b.report, "hours", "看不懂时段“%s”，例如 08:30-17:30，或 17:30-08:30 到第二天。", "The hours “%s” cannot be read; write for example 08:30-17:30, or 17:30-08:30 into the next day.", r.Text("hours"))
	}
	if t.Area != b.d.Code {
		if _, ok := b.d.Areas.Area(area.Code(t.Area)); !ok || len(t.Area) != 9 {
			r.Fail(b.report, "area", "没有街道 %s。", "There is no street %s.", t.Area)
		}
	}
	if _, ok := b.d.Org.Unit(org.UnitID(t.Unit)); !ok {
		r.Fail(b.report, "unit", "没有单位 %s。", "There is no unit %s.", t.Unit)
	}
	if login := r.Text("login"); login != "" {
		t.Post = b.post(r, login, t)
	}
	if r.Bad() {
		return
	}
	for _, q := range b.taken[t.Area] {
		if q.meets(t.Duty) {
			r.Fail(b.report, "hours", "与第 %d 行的班次重叠。", "It overlaps the turn of line %d.", q.row.Line)
			return
		}
	}
	b.taken[t.Area] = append(b.taken[t.Area], t)
	b.fresh = append(b.fresh, t)
}

// post finds the post in which a person is on duty: one of that unit, a
// leader's before others.
func (b *dutyRoster) post(r *sheet.Record, login string, t turn) string {
	p, ok := b.d.Org.PersonByLogin(login)
	if !ok {
		r.Fail(b.report, "login", "没有登录名为 %s 的人员。", "There is nobody with the login %s.", login)
		return ""
	}
	held := slices.DeleteFunc(b.d.Org.PostsOf(p.ID, t.Day), func(p org.Post) bool { return string(p.Unit) != t.Unit })
	if len(held) == 0 {
		r.Fail(b.report, "login", "%s 那天在 %s 没有岗位。", "%s holds no post at %s on that day.", login, t.Unit)
		return ""
	}
	for _, p := range held {
		if p.Role == org.Leader {
			return string(p.ID)
		}
	}
	return string(held[0].ID)
}

// meets reports whether two turns of one area share a minute.
func (d Duty) meets(o Duty) bool {
	for offset, day := range []clock.Date{o.Day.Add(-1), o.Day, o.Day.Add(1)} {
		if d.Day != day {
			continue
		}
		shift := (offset - 1) * 24 * 60
		return d.begins()+shift < o.ends() && o.begins() < d.ends()+shift
	}
	return false
}

// beside refuses turns that overlap one that is there and stays.
func (b *dutyRoster) beside(had []Duty) {
	for _, h := range had {
		replaced := slices.ContainsFunc(b.fresh, func(t turn) bool {
			return t.Area == h.Area && t.Day == h.Day && t.Hours.From == h.Hours.From
		})
		if replaced {
			continue
		}
		for _, t := range b.fresh {
			if t.Area == h.Area && h.meets(t.Duty) {
				t.row.Fail(b.report, "hours", "与已有的班次 %s %s 重叠。", "It overlaps the turn of %s %s that is there.", h.Day, h.Hours)
			}
		}
	}
}

func (b *dutyRoster) write(ctx context.Context, tx *db.Tx, had []Duty) error {
	count := b.report.Count(lang.T("值班", "Turns of duty"))
	for _, t := range b.fresh {
		if t.row.Bad() {
			continue
		}
		i := slices.IndexFunc(had, func(h Duty) bool { return h.Area == t.Area && h.Day == t.Day && h.Hours.From == t.Hours.From })
		switch {
		case i < 0:
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			t.ID = id.String()
			count.Added++
		default:
			t.ID = had[i].ID
			if t.Duty == had[i] {
				count.Same++
				continue
			}
			count.Changed++
		}
		if err := t.insert(ctx, tx, b.d.Code); err != nil {
			return err
		}
	}
	return nil
}
