package supervise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// AdmissionState is where a duty stands.
type AdmissionState string

// The states of a duty on the list. One that is ended stays approved, up to the
// day it ends.
const (
	AdmissionProposed AdmissionState = "proposed"
	AdmissionApproved AdmissionState = "approved"
	AdmissionDeclined AdmissionState = "declined"
)

// Text names the state for a person.
func (s AdmissionState) Text() lang.Text {
	switch s {
	case AdmissionProposed:
		return lang.T("等批", "proposed")
	case AdmissionApproved:
		return lang.T("准入", "admitted")
	}
	return lang.T("没批", "declined")
}

// Admission is a duty that grids and communities take over from a department
// (准入, YC-27), for a time, with what it costs them. What a department hands
// them beside the approved list they may refuse (回绝, YC-28), and that is not
// held against them; the refusing is casework's.
type Admission struct {
	ID             string
	Matter         string // a code of the catalogue, or how codes begin; '' for a duty that is no matter
	Duty           lang.Text
	ProposedBy     string // the unit whose duty it is otherwise
	ProposedPerson string
	Basis          string // the rule or document it rests on
	Units          []string
	Minutes        int // of one station's time in a month
	Forms          string
	From, To       clock.Date // To is '' until it is ended
	State          AdmissionState
	ApprovedBy     string // the body that approved it
	ApprovedOn     clock.Date
	DecidedPerson  string
	Reason         string // why it was declined or ended
	At             time.Time
}

// InForce reports whether the duty is on the list on a day.
func (m Admission) InForce(on clock.Date) bool {
	return m.State == AdmissionApproved && m.From <= on && (m.To == "" || on <= m.To)
}

// For reports whether the duty is for a station.
func (m Admission) For(unit string) bool { return len(m.Units) == 0 || slices.Contains(m.Units, unit) }

// AdmissionAct is something done about a duty.
type AdmissionAct string

// What may be done about a duty.
const (
	ActPropose AdmissionAct = "propose"
	ActApprove AdmissionAct = "approve"
	ActDecline AdmissionAct = "decline"
	ActEnd     AdmissionAct = "end"
)

// May says why somebody may not take an act about a duty; nil where they may.
// Whoever wrote a duty down does not approve it, and no unit its own.
func (m Admission) May(d *district.District, by procedure.Actor, act AdmissionAct) error {
	if act == ActPropose {
		if allowed(d, by, rights.AdmissionKeep) == nil || by.Role == "unit-lead" {
			return nil
		}
		return allowed(d, by, rights.AdmissionKeep)
	}
	if err := allowed(d, by, rights.AdmissionKeep); err != nil {
		return err
	}
	switch {
	case act != ActEnd && m.State != AdmissionProposed, act == ActEnd && (m.State != AdmissionApproved || m.To != ""):
		return errs.New(errs.Conflict, "没办成：这一条已经定过了。", "Not done: this duty is settled already.")
	case act == ActApprove && m.ProposedPerson == by.Person:
		return errs.New(errs.Forbidden, "您提的事项，要由别人来批。", "You proposed this duty, so somebody else approves it.")
	case act == ActApprove && m.ProposedBy == by.Unit:
		return errs.New(errs.Forbidden, "贵单位提的事项，要由别的单位来批。", "Your unit proposed this duty, so another approves it.")
	}
	return nil
}

const admissionColumns = `a.id, a.matter, a.duty_zh, a.duty_en, a.proposed_by, a.proposed_person, a.basis, a.units, a.minutes, a.forms, a.from_date, a.to_date,
	a.state, a.approved_by, a.approved_on, a.decided_person, a.reason, a.at`

func (m *Admission) dest() []any {
	return []any{
		&m.ID, &m.Matter, &m.Duty.ZH, &m.Duty.EN, &m.ProposedBy, &m.ProposedPerson, &m.Basis, (*unitList)(&m.Units), &m.Minutes, &m.Forms, &m.From, &m.To,
		&m.State, &m.ApprovedBy, &m.ApprovedOn, &m.DecidedPerson, &m.Reason, db.Time(&m.At),
	}
}

// write stores a duty, new or changed.
func (m Admission) write(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `insert into admissions (district, id, matter, duty_zh, duty_en, proposed_by, proposed_person, basis, units, minutes, forms,
		from_date, to_date, state, approved_by, approved_on, decided_person, reason, at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)
		on conflict (district, id) do update set matter = excluded.matter, duty_en = excluded.duty_en, basis = excluded.basis, units = excluded.units,
		minutes = excluded.minutes, forms = excluded.forms, to_date = excluded.to_date, state = excluded.state, approved_by = excluded.approved_by,
		approved_on = excluded.approved_on, decided_person = excluded.decided_person, reason = excluded.reason`,
		district, m.ID, m.Matter, m.Duty.ZH, m.Duty.EN, m.ProposedBy, m.ProposedPerson, m.Basis, strings.Join(m.Units, ","), m.Minutes, m.Forms,
		string(m.From), string(m.To), string(m.State), m.ApprovedBy, string(m.ApprovedOn), m.DecidedPerson, m.Reason, db.At(m.At))
}

// AdmissionByID returns a duty; errs.NotFound where the district has none of
// that id.
func AdmissionByID(ctx context.Context, r db.Reader, district, id string) (m Admission, err error) {
	defer errs.Wrap(&err, "supervise.AdmissionByID(%s, %s)", district, id)
	return db.One(ctx, r, (*Admission).dest, "select "+admissionColumns+" from admissions a where a.district = $1 and a.id = $2", district, id)
}

// AdmissionFilter says which duties are meant. Its zero value is all of them.
type AdmissionFilter struct {
	Matter     string     // what bears on the cases of this matter
	ProposedBy string     // a department
	Unit       string     // a station
	On         clock.Date // in force on a day
	State      AdmissionState
}

func (f AdmissionFilter) holds(m Admission) bool {
	return (f.Matter == "" || m.Matter != "" && strings.HasPrefix(f.Matter, m.Matter)) && (f.ProposedBy == "" || m.ProposedBy == f.ProposedBy) &&
		(f.Unit == "" || m.For(f.Unit)) && (f.On == "" || m.InForce(f.On)) && (f.State == "" || m.State == f.State)
}

// Admissions lists duties: those that wait to be decided first, then by the
// unit that proposed them. A district has a few hundred, so all are read.
func Admissions(ctx context.Context, r db.Reader, district string, f AdmissionFilter) (all []Admission, err error) {
	defer errs.Wrap(&err, "supervise.Admissions(%s)", district)
	all, err = db.All(ctx, r, (*Admission).dest, "select "+admissionColumns+" from admissions a where a.district = $1 order by a.id", district)
	all = slices.DeleteFunc(all, func(m Admission) bool { return !f.holds(m) })
	slices.SortStableFunc(all, func(a, b Admission) int {
		return cmp.Or(slices.Index(admissionOrder, a.State)-slices.Index(admissionOrder, b.State), cmp.Compare(a.ProposedBy, b.ProposedBy), cmp.Compare(a.From, b.From))
	})
	return all, err
}

var admissionOrder = []AdmissionState{AdmissionProposed, AdmissionApproved, AdmissionDeclined} // never changed

// Burden is what the duties of a day cost one station in a month.
type Burden struct {
	Unit    string
	Duties  int
	Minutes int
	Forms   int
}

// Burdens add up what duties in force on a day cost each of the stations, the
// heaviest first.
func Burdens(duties []Admission, stations []string, on clock.Date) []Burden {
	var all []Burden
	for _, unit := range stations {
		b := Burden{Unit: unit}
		for _, m := range duties {
			if m.InForce(on) && m.For(unit) {
				b.Duties++
				b.Minutes += m.Minutes
				if m.Forms != "" {
					b.Forms++
				}
			}
		}
		all = append(all, b)
	}
	slices.SortStableFunc(all, func(a, b Burden) int { return cmp.Compare(b.Minutes, a.Minutes) })
	return all
}

// ProposeAdmission puts a duty before whoever approves. A unit's own lead
// proposes for that unit; those who keep the list for any.
func ProposeAdmission(ctx context.Context, tx *db.Tx, a casework.Acting, m Admission) (_ Admission, err error) {
	defer errs.Wrap(&err, "supervise.ProposeAdmission(%s)", m.Duty.ZH)
	if err := m.May(a.District, a.By, ActPropose); err != nil {
		return m, err
	}
	if allowed(a.District, a.By, rights.AdmissionKeep) != nil && m.ProposedBy != a.By.Unit {
		return m, errs.New(errs.Forbidden, "只能替本单位提。", "You propose for your own unit.")
	}
	m.State, m.At, m.ProposedPerson = AdmissionProposed, tx.Now, a.By.Person
	m.ApprovedBy, m.ApprovedOn, m.DecidedPerson, m.Reason = "", "", "", ""
	if err := m.check(a.District); err != nil {
		return m, err
	}
	twice, err := db.Value[int](ctx, tx, "select count(*) from admissions where district = $1 and proposed_by = $2 and duty_zh = $3 and from_date = $4",
		a.District.Code, m.ProposedBy, m.Duty.ZH, string(m.From))
	if err != nil {
		return m, err
	}
	if twice > 0 {
		return m, errs.New(errs.Invalid, "同一天起的同一项已经提过了。", "The same duty from the same day is there already.").At("duty")
	}
	if m.ID, err = newID(); err != nil {
		return m, err
	}
	if err := m.write(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, m.noted(ctx, tx, a, "proposed", nil)
}

// beginAdmission reads a duty for an act.
func beginAdmission(ctx context.Context, tx *db.Tx, a casework.Acting, id string, act AdmissionAct) (Admission, error) {
	m, err := AdmissionByID(ctx, tx, a.District.Code, id)
	if err != nil {
		return m, err
	}
	return m, m.May(a.District, a.By, act)
}

// ApproveAdmission puts a proposed duty on the list, naming the body that
// approved it.
func ApproveAdmission(ctx context.Context, tx *db.Tx, a casework.Acting, id, body string) (m Admission, err error) {
	defer errs.Wrap(&err, "supervise.ApproveAdmission(%s)", id)
	if m, err = beginAdmission(ctx, tx, a, id, ActApprove); err != nil {
		return m, err
	}
	if m.ApprovedBy, err = written("approved_by", body, titleMost, lang.T("请写是哪里批的。", "Please say which body approved it.")); err != nil {
		return m, err
	}
	m.State, m.ApprovedOn, m.DecidedPerson = AdmissionApproved, today(a, tx.Now), a.By.Person
	if err := m.write(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, m.noted(ctx, tx, a, "approved", map[string]string{"by": m.ApprovedBy})
}

// DeclineAdmission refuses a proposed duty.
func DeclineAdmission(ctx context.Context, tx *db.Tx, a casework.Acting, id, reason string) (m Admission, err error) {
	defer errs.Wrap(&err, "supervise.DeclineAdmission(%s)", id)
	if m, err = beginAdmission(ctx, tx, a, id, ActDecline); err != nil {
		return m, err
	}
	if m.Reason, err = written("reason", reason, decisionMost, lang.T("请写为什么不批。", "Please say why it is declined.")); err != nil {
		return m, err
	}
	m.State, m.DecidedPerson = AdmissionDeclined, a.By.Person
	if err := m.write(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, m.noted(ctx, tx, a, "declined", map[string]string{"reason": m.Reason})
}

// EndAdmission takes a duty off the list after a last day, today or later.
func EndAdmission(ctx context.Context, tx *db.Tx, a casework.Acting, id string, last clock.Date, reason string) (m Admission, err error) {
	defer errs.Wrap(&err, "supervise.EndAdmission(%s)", id)
	if m, err = beginAdmission(ctx, tx, a, id, ActEnd); err != nil {
		return m, err
	}
	if m.Reason, err = written("reason", reason, decisionMost, lang.T("请写为什么停。", "Please say why it ends.")); err != nil {
		return m, err
	}
	if last < today(a, tx.Now) || last < m.From {
		return m, errs.New(errs.Invalid, "最后一天不能早于今天，也不能早于开始那天。", "The last day is neither before today nor before it began.").At("to")
	}
	m.To, m.DecidedPerson = last, a.By.Person
	if err := m.write(ctx, tx, a.District.Code); err != nil {
		return m, err
	}
	return m, m.noted(ctx, tx, a, "ended", map[string]string{"reason": m.Reason, "last": string(last)})
}

// AdmissionTrail is what was done about the list, oldest first.
func AdmissionTrail(ctx context.Context, r db.Reader, district string) ([]trail.Entry, error) {
	return trail.Of(ctx, r, district, admissionSubject)
}

const admissionSubject = "admissions"

func (m Admission) noted(ctx context.Context, tx *db.Tx, a casework.Acting, act string, detail map[string]string) error {
	all := map[string]string{"duty": m.Duty.ZH, "matter": m.Matter, "unit": m.ProposedBy, "from": string(m.From), "minutes": fmt.Sprint(m.Minutes)}
	for name, value := range detail {
		all[name] = value
	}
	return noted(ctx, tx, a, admissionSubject, act, all)
}

func today(a casework.Acting, now time.Time) clock.Date {
	return clock.DateOf(now, a.District.Calendar.Zone())
}

// stations are the units that the list protects: those of the communities.
func stations(units []org.Unit) (all []string) {
	for _, u := range units {
		if u.Kind == org.CommunityStation {
			all = append(all, string(u.ID))
		}
	}
	return all
}
