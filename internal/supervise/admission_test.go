package supervise_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
	"linli/internal/supervise"
)

// survey is a duty that is in order.
func survey() supervise.Admission {
	return supervise.Admission{
		Matter: "m06", Duty: lang.T("高龄津贴上门核对", "Visits to check old-age allowances"), ProposedBy: "u-minzheng", Basis: "区民政局 2026 年 3 号文",
		Minutes: 240, Forms: "高龄津贴核对表", From: "2026-12-01",
	}
}

func (w *table) proposed(a casework.Acting, m supervise.Admission) (out supervise.Admission, err error) {
	err = w.write(func(tx *db.Tx) (err error) {
		out, err = supervise.ProposeAdmission(w.t.Context(), tx, a, m)
		return err
	})
	return out, err
}

func (w *table) listed(f supervise.AdmissionFilter) (all []string) {
	w.t.Helper()
	list, err := supervise.Admissions(w.t.Context(), w.DB, w.District().Code, f)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range list {
		all = append(all, m.Duty.ZH)
	}
	return all
}

func TestADutyIsProposedApprovedAndEnded(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		lead, keeper, other := w.as("wenhe", "unit-lead"), w.as("zhouhui", "supervisor"), w.as("suming", "admin")
		m, err := w.proposed(lead, survey())
		if err != nil {
			t.Fatal(err)
		}
		if m.InForce("2026-12-02") || len(w.listed(supervise.AdmissionFilter{On: "2026-12-02"})) != 0 {
			t.Error("what nobody approved is in force")
		}
		approve := func(a casework.Acting, id, body string) error {
			return w.write(func(tx *db.Tx) error {
				_, err := supervise.ApproveAdmission(t.Context(), tx, a, id, body)
				return err
			})
		}
		own, err := w.proposed(keeper, func() supervise.Admission { m := survey(); m.Duty.ZH = "另一件"; return m }())
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct {
			why, id, body string
			by            casework.Acting
			want          errs.Kind
		}{
			{"a unit lead", m.ID, "区社工部", lead, errs.Forbidden},
			{"who proposed it", own.ID, "区社工部", keeper, errs.Forbidden},
			{"no body named", m.ID, " ", keeper, errs.Invalid},
			{"a duty that is none", "x", "区社工部", keeper, errs.NotFound},
		} {
			if err := approve(bad.by, bad.id, bad.body); errs.KindOf(err) != bad.want {
				t.Errorf("%s approves: %v, want %s", bad.why, err, bad.want)
			}
		}
		if err := approve(keeper, m.ID, "区社工部"); err != nil {
			t.Fatal(err)
		}
		if err := approve(other, m.ID, "区社工部"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("approved twice: %v", err)
		}
		for _, row := range []struct {
			why  string
			f    supervise.AdmissionFilter
			want int
		}{
			{"on its first day", supervise.AdmissionFilter{On: "2026-12-01"}, 1},
			{"the day before", supervise.AdmissionFilter{On: "2026-11-30"}, 0},
			{"of a matter below it", supervise.AdmissionFilter{Matter: "m06010", On: "2026-12-01"}, 1},
			{"of another matter", supervise.AdmissionFilter{Matter: "c01002", On: "2026-12-01"}, 0},
			{"for any station", supervise.AdmissionFilter{Unit: "u-guixiang", State: supervise.AdmissionApproved}, 1},
			{"of its department, approved or not", supervise.AdmissionFilter{ProposedBy: "u-minzheng"}, 2},
		} {
			if got := w.listed(row.f); len(got) != row.want {
				t.Errorf("%s: %v, want %d", row.why, got, row.want)
			}
		}
		end := func(a casework.Acting, last clock.Date, reason string) error {
			return w.write(func(tx *db.Tx) error {
				_, err := supervise.EndAdmission(t.Context(), tx, a, m.ID, last, reason)
				return err
			})
		}
		if err := end(keeper, "2026-11-22", "不用了"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("ended yesterday: %v", err)
		}
		if err := end(keeper, "2026-12-31", " "); errs.KindOf(err) != errs.Invalid {
			t.Errorf("ended without a reason: %v", err)
		}
		if err := end(keeper, "2026-12-31", "改由系统核对"); err != nil {
			t.Fatal(err)
		}
		if got := w.listed(supervise.AdmissionFilter{On: "2027-01-01"}); len(got) != 0 {
			t.Errorf("still in force after its last day: %v", got)
		}
		decline := func(a casework.Acting, reason string) error {
			return w.write(func(tx *db.Tx) error {
				_, err := supervise.DeclineAdmission(t.Context(), tx, a, own.ID, reason)
				return err
			})
		}
		if err := decline(other, ""); errs.KindOf(err) != errs.Invalid {
			t.Errorf("declined without a reason: %v", err)
		}
		if err := decline(other, "已有系统"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"proposed", "proposed", "approved", "ended", "declined"}, w.acts("admissions")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBadDutiesAreRefused(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		keeper := w.as("zhouhui", "supervisor")
		if _, err := w.proposed(keeper, survey()); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct {
			why, field string
			change     func(m *supervise.Admission)
		}{
			{"no duty", "duty", func(m *supervise.Admission) { m.Duty.ZH = " " }},
			{"no basis", "basis", func(m *supervise.Admission) { m.Basis = "" }},
			{"a matter nobody knows", "matter", func(m *supervise.Admission) { m.Matter = "zz" }},
			{"a unit nobody knows", "proposed_by", func(m *supervise.Admission) { m.ProposedBy = "u-nobody" }},
			{"for a department", "units", func(m *supervise.Admission) { m.Units = []string{"u-shizheng"} }},
			{"less than no time", "minutes", func(m *supervise.Admission) { m.Minutes = -1 }},
			{"more time than there is", "minutes", func(m *supervise.Admission) { m.Minutes = 1 << 40 }},
			{"no first day", "valid_from", func(m *supervise.Admission) { m.From = "" }},
			{"over before it begins", "valid_to", func(m *supervise.Admission) { m.To = "2026-11-30" }},
			{"there already", "duty", func(*supervise.Admission) {}},
		} {
			m := survey()
			bad.change(&m)
			_, err := w.proposed(keeper, m)
			if all := errs.Each(err); errs.KindOf(err) != errs.Invalid || len(all) != 1 || all[0].Field != bad.field {
				t.Errorf("%s: %v, want it refused at %s", bad.why, err, bad.field)
			}
		}
		if _, err := w.proposed(w.as("wenhe", "unit-lead"), func() supervise.Admission { m := survey(); m.ProposedBy = "u-shizheng"; return m }()); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("for another unit: %v", err)
		}
		if _, err := w.proposed(w.as("heyong", "handler"), survey()); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("by a handler: %v", err)
		}
		if got := w.listed(supervise.AdmissionFilter{}); len(got) != 1 {
			t.Errorf("refused duties are listed: %v", got)
		}
	})
}

const admissionTable = `duty,duty_en,matter,proposed_by,basis,units,minutes,forms,valid_from,valid_to,approved_by,approved_on
入户核对高龄津贴,Allowance visits,,u-minzheng,3 号文,u-guixiang；u-wutongli,240,核对表,2026-01-01,,区社工部,2025-12-20
门前垃圾先劝导,First word about litter,m06,u-chengguan,5 号文,,120,,2026-01-01,2026-12-31,区社工部,2025-12-20
代收燃气问卷,,,u-ranqi,来函,,60,问卷,2026-06-01,,,
`

// brought brings a table in.
func (w *table) brought(a casework.Acting, text string) (report *sheet.Report, err error) {
	w.t.Helper()
	file, err := sheet.Load("admissions.csv", strings.NewReader(text), sheet.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.DB.Write(context.Background(), func(tx *db.Tx) error {
		report = sheet.NewReport(sheet.Policy{})
		if err := supervise.ImportAdmissions(w.t.Context(), tx, a, supervise.AdmissionColumns().Map(nil, file, report), report); err != nil {
			return err
		}
		return report.Settle()
	})
	return report, err
}

func TestTheListIsBroughtIn(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		keeper := w.as("suming", "admin")
		report, err := w.brought(keeper, admissionTable)
		if err != nil || len(report.Findings()) != 0 || report.Counts()[0].Added != 3 {
			t.Fatalf("%v %v %v", report.Counts(), report.Findings(), err)
		}
		if got := w.listed(supervise.AdmissionFilter{On: "2026-11-23"}); len(got) != 2 {
			t.Errorf("in force: %v", got)
		}
		list, err := supervise.Admissions(t.Context(), w.DB, w.District().Code, supervise.AdmissionFilter{})
		if err != nil {
			t.Fatal(err)
		}
		want := []supervise.Burden{{Unit: "u-guixiang", Duties: 2, Minutes: 360, Forms: 1}, {Unit: "u-huaibei", Duties: 1, Minutes: 120}}
		if diff := cmp.Diff(want, supervise.Burdens(list, []string{"u-huaibei", "u-guixiang"}, "2026-11-23")); diff != "" {
			t.Error(diff)
		}
		if again, err := w.brought(keeper, admissionTable); err != nil || again.Counts()[0].Same != 3 || again.Counts()[0].Changed != 0 {
			t.Errorf("again: %v %v", again.Counts(), err)
		}
		changed, err := w.brought(keeper, strings.Replace(admissionTable, "240", "90", 1))
		if err != nil || changed.Counts()[0].Changed != 1 {
			t.Errorf("changed: %v %v", changed.Counts(), err)
		}
		if _, err := w.brought(w.as("wenhe", "unit-lead"), admissionTable); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a department brings in its own list: %v", err)
		}
	})
}

func TestABadListChangesNothing(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		keeper := w.as("suming", "admin")
		const bad = `duty,matter,proposed_by,basis,units,minutes,valid_from,valid_to,approved_by,approved_on
好的,,u-minzheng,文,,10,2026-01-01,,,
事项不对,zz,u-minzheng,文,,10,2026-01-01,,,
单位不对,,u-nobody,文,,10,2026-01-01,,,
不是社区站,,u-minzheng,文,u-shizheng,10,2026-01-01,,,
时间不对,,u-minzheng,文,,-5,2026-01-01,,,
日子反了,,u-minzheng,文,,5,2026-02-01,2026-01-01,,
批了一半,,u-minzheng,文,,5,2026-02-01,,区社工部,
好的,,u-minzheng,文,,10,2026-01-01,,,
不是数,,u-minzheng,文,,十,2026-01-01,,,
没依据,,u-minzheng,,,1,2026-01-01,,,
`
		report, err := w.brought(keeper, bad)
		if errs.KindOf(err) != errs.Invalid {
			t.Fatalf("taken: %v", err)
		}
		var lines []int
		for _, f := range report.Findings() {
			lines = append(lines, f.Line)
			if f.File != "admissions.csv" || f.Text.ZH == "" || f.Text.EN == "" || f.Field == "" {
				t.Errorf("finding %+v lacks file, field or a language", f)
			}
		}
		if diff := cmp.Diff([]int{3, 4, 5, 6, 7, 8, 9, 10, 11}, lines); diff != "" {
			t.Errorf("lines (-want +got)\n%s", diff)
		}
		if got := w.listed(supervise.AdmissionFilter{}); len(got) != 0 {
			t.Errorf("half of a bad list is in: %v", got)
		}
	})
}
