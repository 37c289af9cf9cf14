package supervise

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/sheet"
)

// MinutesInMonth is the most a duty may cost one station in a month: five
// people who do nothing else.
const MinutesInMonth = 5 * 22 * 8 * 60

// AdmissionColumns is the shape ImportAdmissions takes.
func AdmissionColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "duty", Title: lang.T("工作事项", "Duty"), Required: true, Max: 100},
		{Name: "duty_en", Title: lang.T("英文名称", "English name"), Max: 200},
		{Name: "matter", Title: lang.T("事项代码", "Matter code"), Kind: sheet.KindCode, Max: 40},
		{Name: "proposed_by", Title: lang.T("提出单位", "Proposed by"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "basis", Title: lang.T("依据", "Basis"), Required: true, Max: 200},
		{Name: "units", Title: lang.T("适用社区站", "For stations"), Max: 4000},
		{Name: "minutes", Title: lang.T("每月分钟", "Minutes a month"), Kind: sheet.KindInt, Required: true},
		{Name: "forms", Title: lang.T("要填的表", "Forms"), Max: 200},
		{Name: "valid_from", Title: lang.T("从哪天", "From"), Kind: sheet.KindDate, Required: true},
		{Name: "valid_to", Title: lang.T("到哪天", "To"), Kind: sheet.KindDate},
		{Name: "approved_by", Title: lang.T("批准机构", "Approved by"), Max: titleMost},
		{Name: "approved_on", Title: lang.T("批准日期", "Approved on"), Kind: sheet.KindDate},
	}
}

// fault is one thing wrong with a duty, by the column it stands in.
type fault struct {
	field string
	text  lang.Text
}

// faults are what is wrong with a duty as it is written down; a form and a
// table are asked the same.
func (m Admission) faults(d *district.District) (all []fault) {
	say := func(field, zh, en string, args ...any) { all = append(all, fault{field, lang.T(zh, en, args...)}) }
	if m.Matter != "" && !begins(d, m.Matter) {
		say("matter", "事项目录里没有以 %s 开头的代码。", "No code of the catalogue begins with %s.", m.Matter)
	}
	if _, ok := d.Org.Unit(org.UnitID(m.ProposedBy)); !ok {
		say("proposed_by", "没有这个单位：%s", "there is no such unit: %s", m.ProposedBy)
	}
	protected := stations(d.Org.Units())
	for _, unit := range m.Units {
		if !slices.Contains(protected, unit) {
			say("units", "%s 不是社区站。", "%s is no community station.", unit)
		}
	}
	if m.Minutes < 0 || m.Minutes > MinutesInMonth {
		say("minutes", "每月分钟在 0 到 %d 之间。", "Minutes a month are between 0 and %d.", MinutesInMonth)
	}
	if m.From == "" {
		say("valid_from", "请写从哪天开始。", "Please say from which day.")
	}
	if m.To != "" && m.To < m.From {
		say("valid_to", "结束早于开始。", "It ends before it begins.")
	}
	if (m.ApprovedBy == "") != (m.ApprovedOn == "") {
		say("approved_by", "批准机构和批准日期要一起写，或者都不写。", "The approving body and the day go together, or neither is given.")
	}
	return all
}

// begins reports whether some matter's code begins so.
func begins(d *district.District, code string) bool {
	for _, m := range d.Catalogue.Matters() {
		if strings.HasPrefix(m.Code, code) {
			return true
		}
	}
	return false
}

// check completes a duty from a form and refuses what is wrong with it, field
// by field.
func (m *Admission) check(d *district.District) (err error) {
	if m.Duty.ZH, err = written("duty", m.Duty.ZH, 100, lang.T("请写是什么事。", "Please say what the duty is.")); err != nil {
		return err
	}
	if m.Duty.EN, err = written("duty_en", m.Duty.EN, 200, lang.Text{}); err != nil {
		return err
	}
	if m.Basis, err = written("basis", m.Basis, 200, lang.T("请写依据：哪份文件、哪一条。", "Please give the basis: which document, which article.")); err != nil {
		return err
	}
	if m.Forms, err = written("forms", m.Forms, 200, lang.Text{}); err != nil {
		return err
	}
	for _, f := range m.faults(d) {
		return errs.New(errs.Invalid, "%[1]s", "%[2]s", f.text.ZH, f.text.EN).At(f.field)
	}
	return nil
}

// ImportAdmissions takes the list in the shape of AdmissionColumns. A duty of
// the same unit, name and first day is that duty, and is changed. A row with an
// approving body is on the list; one without waits to be approved.
func ImportAdmissions(ctx context.Context, tx *db.Tx, a casework.Acting, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "supervise.ImportAdmissions(%s)", a.District.Code)
	if err := (Admission{State: AdmissionProposed}).May(a.District, a.By, ActDecline); err != nil {
		return err // whoever brings in approved duties keeps the list
	}
	have, err := Admissions(ctx, tx, a.District.Code, AdmissionFilter{})
	if err != nil {
		return err
	}
	there := map[string]Admission{}
	for _, m := range have {
		there[m.key()] = m
	}
	count := report.Count(lang.T("准入事项", "Admitted duties"))
	lines := map[string]int{}
	for _, r := range records {
		m := admissionOf(r)
		for _, f := range m.faults(a.District) {
			r.Refuse(report, f.field, f.text)
		}
		if first, twice := lines[m.key()]; twice {
			r.Fail(report, "duty", "与第 %d 行是同一项。", "It is the same duty as in line %d.", first)
		}
		if r.Bad() {
			continue
		}
		lines[m.key()] = r.Line
		if err := m.take(ctx, tx, a, there, count, report); err != nil {
			return err
		}
	}
	return nil
}

// key is by what a duty is known again.
func (m Admission) key() string { return m.ProposedBy + "\n" + m.Duty.ZH + "\n" + string(m.From) }

func admissionOf(r *sheet.Record) Admission {
	m := Admission{
		Matter: r.Text("matter"), Duty: lang.Text{ZH: r.Text("duty"), EN: r.Text("duty_en")}, ProposedBy: r.Text("proposed_by"), Basis: r.Text("basis"),
		Units: r.List("units"), Minutes: int(r.Int("minutes")), Forms: r.Text("forms"), From: clock.Date(r.Text("valid_from")), To: clock.Date(r.Text("valid_to")),
		State: AdmissionProposed, ApprovedBy: r.Text("approved_by"), ApprovedOn: clock.Date(r.Text("approved_on")),
	}
	if m.ApprovedBy != "" {
		m.State = AdmissionApproved
	}
	return m
}

// take writes one good row where it says something new.
func (m Admission) take(ctx context.Context, tx *db.Tx, a casework.Acting, there map[string]Admission, count *sheet.Count, report *sheet.Report) (err error) {
	old, had := there[m.key()]
	m.ID, m.At, m.ProposedPerson, m.DecidedPerson, m.Reason = old.ID, old.At, old.ProposedPerson, old.DecidedPerson, old.Reason
	if had && m.ApprovedBy == "" { // what a file does not mention stays as it is
		m.State, m.ApprovedBy, m.ApprovedOn = old.State, old.ApprovedBy, old.ApprovedOn
	}
	if m.To == "" {
		m.To = old.To
	}
	switch {
	case had && m.same(old):
		count.Same++
		return nil
	case had:
		count.Changed++
	default:
		count.Added++
		m.At, m.ProposedPerson = tx.Now, a.By.Person
		if m.ID, err = newID(); err != nil {
			return err
		}
	}
	if !report.MayWrite() {
		return nil
	}
	if m.State == AdmissionApproved && old.State != AdmissionApproved {
		m.DecidedPerson = a.By.Person
	}
	if err := m.write(ctx, tx, a.District.Code); err != nil {
		return err
	}
	return m.noted(ctx, tx, a, "imported", map[string]string{"state": string(m.State)})
}

func (m Admission) same(old Admission) bool {
	return m.Matter == old.Matter && m.Duty == old.Duty && m.Basis == old.Basis && slices.Equal(m.Units, old.Units) && m.Minutes == old.Minutes &&
		m.Forms == old.Forms && m.To == old.To && m.State == old.State && m.ApprovedBy == old.ApprovedBy && m.ApprovedOn == old.ApprovedOn
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}
