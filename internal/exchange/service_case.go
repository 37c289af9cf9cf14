package exchange

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/fields"
	"linli/internal/org"
	"linli/internal/procedure"
)

// How a case ended, as its record says it.
const (
	saysClosed   = "已办结"
	saysAnswered = "已答复"
	saysRejected = "不予受理"
	saysMerged   = "并入另一件"
)

var results = map[casework.State]string{ // never changed
	casework.Closed: saysClosed, casework.Answered: saysAnswered, casework.Rejected: saysRejected, casework.Merged: saysMerged,
}

var unitNames = map[clock.Unit]string{ // never changed
	clock.Minutes: "分钟", clock.Hours: "小时", clock.WorkingHours: "工作小时", clock.WorkingDays: "工作日", clock.Days: "自然日", clock.ElapsedDays: "日",
}

// item is the record of a matter.
func (b *book) item(m catalogue.Matter) item {
	d := b.District
	one := item{
		Name: m.Title.ZH, Basic: basic(m.Code), Code: m.Code, TypeCode: typeCode(m.Kind), Basis: strings.Join(m.Basis, "；"), LevelCode: "4",
		Filing: m.Filing.ZH, Ground: d.Areas.Name(area.Code(d.Code)).ZH, GroundNo: d.Code, Hotline: d.Settings.Hotline,
	}
	if one.Hotline == "" {
		one.Hotline = "12345"
	}
	if !m.Limit.IsZero() {
		one.Limit, one.LimitUnit, one.LimitSaid = strconv.Itoa(m.Limit.N), unitNames[m.Limit.Unit], m.Limit.Text().ZH
	}
	if p, ok := d.Catalogue.Procedure(m.Procedure, ""); ok {
		one.Flow = p.Title.ZH
	}
	one.Type, one.Level = nameOf(listMatterType, one.TypeCode), nameOf(listLevel, one.LevelCode)
	return one
}

// typeCode is the type of a kind of matter: what people ask is a service to the
// public, what stands or happens in the street is of another kind.
func typeCode(k catalogue.Kind) string {
	switch k {
	case catalogue.Component, catalogue.Event, catalogue.Hazard, catalogue.Dispute:
		return "10"
	}
	return "20"
}

// basic is a matter's code where the standard's ten letters hold it: half a code
// would be another one.
func basic(code string) string {
	if utf8.RuneCountInString(code) > 10 {
		return ""
	}
	return code
}

// put writes all records of a case.
func (b *book) put(c casework.Case) error {
	code := b.District.Code
	reports, err := casework.Reports(b.ctx, b.r, code, c.ID)
	if err != nil {
		return err
	}
	tasks, err := casework.Tasks(b.ctx, b.r, code, c.ID)
	if err != nil {
		return err
	}
	if err := b.taken(c, reports); err != nil {
		return err
	}
	for _, t := range tasks {
		if err := b.step(c, t); err != nil {
			return err
		}
	}
	if err := b.specialsOf(c); err != nil {
		return err
	}
	if err := b.overseen(c); err != nil {
		return err
	}
	if c.State != casework.Running {
		err := b.completions.put(completion{
			Number: c.Number, Person: b.last(tasks), At: b.stamp(c.ClosedAt), Result: results[c.State], Area: b.division(c),
		})
		if err != nil {
			return err
		}
	}
	return b.rated(c, reports)
}

// taken writes that somebody asked, that it was taken in, and the case as a line.
func (b *book) taken(c casework.Case, reports []casework.Report) error {
	app := application{
		Number: c.Number, Code: c.Matter, Name: b.District.Catalogue.Title(c.Matter).ZH, TypeCode: "9", At: b.stamp(c.OpenedAt), Area: b.division(c),
	}
	switch limit, err := clock.ParseLimit(c.Limit); {
	case err == nil && limit.N == 0: // due as it is opened
		app.TypeCode = "1"
	case !c.Due.IsZero():
		app.TypeCode = "2"
	}
	app.Type = nameOf(listCaseType, app.TypeCode)
	by := ""
	if len(reports) > 0 {
		var err error
		if app.Who, app.Phone, err = b.who(reports[0]); err != nil {
			return err
		}
		post, _ := b.District.Org.Post(org.PostID(reports[0].Post))
		by = b.person(string(post.Person))
	}
	err := b.applications.put(app)
	if c.State != casework.Rejected {
		err = errors.Join(err, b.acceptances.put(acceptance{
			Number: c.Number, Basic: basic(c.Matter), Code: c.Matter, Name: app.Name, Unit: b.unit(c.Receiver), Person: by,
			At: app.At, Due: b.stamp(c.Due), Type: app.Type, TypeCode: app.TypeCode, Area: app.Area,
		}))
	}
	return errors.Join(err, b.cases.put(whole{
		Number: c.Number, Code: c.Matter, Name: app.Name, At: app.At, Due: b.stamp(c.Due), Unit: b.unit(c.Unit), UnitNo: c.Unit,
		Ended: b.stamp(c.ClosedAt), Result: results[c.State], Area: app.Area,
	}))
}

func (b *book) step(c casework.Case, t casework.Task) error {
	one := handling{
		Number: c.Number, Action: actionOf(t), Step: string(t.Step), Person: b.person(t.DoneBy), From: b.stamp(t.OpenedAt), To: b.stamp(t.DoneAt),
		Unit: b.unit(t.Unit), Stand: "2",
	}
	if t.State == procedure.Open {
		one.Stand = "1"
	}
	if title := b.stepTitle(c, t.Step); title != "" {
		one.Step = title
	}
	return b.handlings.put(one)
}

// actionOf puts what was done into the three words that the standard has.
func actionOf(t casework.Task) string {
	switch t.Action {
	case "":
		return ""
	case "pass", "grant":
		return "通过"
	case procedure.Return, procedure.Refuse, "fail", "reject":
		return "退回"
	}
	return "其他"
}

// specialsOf writes the pauses and extensions that were decided on.
func (b *book) specialsOf(c casework.Case) error {
	all, err := casework.Ledger(b.ctx, b.r, b.District, c.ID)
	for _, e := range all {
		one := special{Number: c.Number, KindCode: "1", From: b.stamp(e.AskedAt), Asked: b.person(e.AskedPer), To: b.stamp(e.EndedAt), Result: "同意", Unit: b.unit(e.Unit)}
		switch e.State {
		case casework.PauseRuns, casework.PauseEnded, casework.Granted:
		case casework.Denied:
			one.Result = "不同意"
		default:
			continue
		}
		if e.IsPause() {
			one.KindCode = "2"
			if !e.FromAt.IsZero() {
				one.From = b.stamp(e.FromAt)
			}
		}
		one.Kind = nameOf(listSpecial, one.KindCode)
		err = errors.Join(err, b.specials.put(one))
	}
	return err
}

func (b *book) rated(c casework.Case, reports []casework.Report) error {
	if c.Rating == 0 {
		return nil
	}
	all, err := casework.Ratings(b.ctx, b.r, b.District.Code, c.ID)
	if err != nil {
		return err
	}
	for i, g := range all {
		grade := strconv.Itoa(6 - g.Grade) // five is the best here, one in the standard
		one := opinion{Number: c.Number, At: b.stamp(g.At), Times: strconv.Itoa(i + 1), Grade: grade, Content: nameOf(listContent, grade), Area: b.division(c)}
		for _, r := range reports {
			if r.ID == g.Report {
				if one.Who, _, err = b.who(r); err != nil {
					return err
				}
			}
		}
		if err := b.opinions.put(one); err != nil {
			return err
		}
	}
	return nil
}

// who is the sender of a report as every page may show them.
func (b *book) who(r casework.Report) (name, phone string, err error) {
	if b.objected[r.ID] {
		return "", "", nil
	}
	if name, err = b.Keys.Reveal(b.District.Code, casework.NameField, r.Name); err != nil {
		return "", "", err
	}
	if phone, err = b.Keys.Reveal(b.District.Code, casework.PhoneField, r.Phone); err != nil {
		return "", "", err
	}
	return fields.Mask(fields.Name, name), fields.Mask(fields.Phone, phone), nil
}

// person is a member of staff, masked too: elsewhere it is the unit that counts.
func (b *book) person(id string) string {
	p, _ := b.District.Org.Person(org.PersonID(id))
	return fields.Mask(fields.Name, p.Name)
}

// last is who closed the last task of the lead.
func (b *book) last(tasks []casework.Task) string {
	var at time.Time
	who := ""
	for _, t := range tasks {
		if t.Part == procedure.Lead && t.DoneBy != "" && !t.DoneAt.Before(at) {
			at, who = t.DoneAt, t.DoneBy
		}
	}
	return b.person(who)
}

func (b *book) unit(id string) string {
	if id == "" {
		return ""
	}
	return b.District.Org.UnitName(org.UnitID(id)).ZH
}

// division is where a case lies, to the street: no finer has the standard room.
func (b *book) division(c casework.Case) string {
	if c.Place.Street != "" {
		return c.Place.Street
	}
	return b.District.Code
}

func (b *book) stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(b.District.Calendar.Zone()).Format(stampLayout)
}
