package watch_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/supervise"
)

func duty() url.Values {
	return url.Values{"duty": {"高龄津贴上门核对"}, "proposed_by": {"u-minzheng"}, "basis": {"3 号文"}, "minutes": {"240"}, "valid_from": {"2026-11-23"}, "units": {"u-guixiang"}}
}

func TestTheAdmissionList(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	mine := w.As(lead)
	if got := mine.Post(home+"/admissions", duty()); got.Path != home+"/admissions" || !strings.Contains(got.Text(), "高龄津贴上门核对") || has(forms(got), "/import") {
		t.Fatalf("proposed: %d %s", got.Status, got.Text())
	}
	other := duty()
	other.Set("proposed_by", "u-shizheng")
	if got := mine.Post(home+"/admissions", other); got.Status != http.StatusForbidden {
		t.Errorf("proposed for another unit: %d", got.Status)
	}
	for _, bad := range []struct{ field, name, value string }{
		{"minutes-propose", "minutes", "很多"}, {"minutes-propose", "minutes", "-1"}, {"valid_from-propose", "valid_from", "哪天"},
		{"valid_to-propose", "valid_to", "2026-13-01"}, {"duty-propose", "duty", ""}, {"matter-propose", "matter", "zz"},
	} {
		form := duty()
		form.Set("duty", "另一件")
		form.Set(bad.name, bad.value)
		if got := mine.Post(home+"/admissions", form); !wrong(got, bad.field) || value(got, "basis") != "3 号文" {
			t.Errorf("%s=%q: %d %s", bad.name, bad.value, got.Status, got.Text())
		}
	}
	all, err := supervise.Admissions(t.Context(), w.DB, w.District().Code, supervise.AdmissionFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%v %v", all, err)
	}
	one := home + "/admissions/" + all[0].ID
	if got := w.As(handler).Get(home + "/admissions"); got.Status != http.StatusOK || len(forms(got)) > 0 {
		t.Errorf("a handler sees the list with %d and the forms %v", got.Status, forms(got))
	}
	for _, login := range []string{lead, handler} {
		if got := w.As(login).Post(one, url.Values{"act": {"approve"}, "approved_by": {"区社工部"}}); got.Status != http.StatusForbidden {
			t.Errorf("%s approves: %d", login, got.Status)
		}
	}
	b := w.As(admin)
	if got := b.Post(one, url.Values{"act": {"approve"}, "approved_by": {" "}}); !wrong(got, "approved_by-approve-"+all[0].ID) {
		t.Errorf("approved by nobody: %d", got.Status)
	}
	if got := b.Post(one, url.Values{"act": {"nonsense"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("an act that is none: %d", got.Status)
	}
	got := b.Post(one, url.Values{"act": {"approve"}, "approved_by": {"区社工部"}})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "区社工部批") || !strings.Contains(got.Text(), "4 小时") {
		t.Errorf("approved: %d %s", got.Status, got.Text())
	}
	if got := b.Get(home + "/admissions?day=2026-11-22"); strings.Contains(got.Text(), "3 号文") {
		t.Error("in force before its first day")
	}
	if got := b.Post(one, url.Values{"act": {"end"}, "to": {"2026-11-22"}, "reason": {"不用了"}}); !wrong(got, "to-end-"+all[0].ID) {
		t.Errorf("ended yesterday: %d", got.Status)
	}
	if got := b.Post(one, url.Values{"act": {"end"}, "to": {"2026-12-31"}, "reason": {"改由系统核对"}}); !strings.Contains(got.Text(), "改由系统核对") {
		t.Errorf("ended: %s", got.Text())
	}
	b.Lang = "en"
	if got := b.Get(home + "/admissions").Text(); !strings.Contains(got, "Admission list") || !strings.Contains(got, "approved by 区社工部") {
		t.Errorf("in English: %s", got)
	}
}

func TestImportOfTheList(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(admin)
	send := func(act, data string) apptest.Answer {
		return b.PostFiles(home+"/admissions/import", url.Values{"go": {act}}, apptest.File{Field: "file", Name: "准入.csv", Data: []byte(data)})
	}
	const good = "工作事项,提出单位,依据,每月分钟,从哪天,批准机构,批准日期\n门前垃圾先劝导,u-chengguan,5 号文,120,2026-01-01,区社工部,2025-12-20\n"
	if got := send("try", good); got.Status != http.StatusOK || !strings.Contains(got.Text(), "新增 1") {
		t.Errorf("tried: %d %s", got.Status, got.Text())
	}
	if got := b.Get(home + "/admissions"); strings.Contains(got.Text(), "门前垃圾先劝导") {
		t.Fatal("trying kept the list")
	}
	bad := strings.Replace(good, "120", "-1", 1)
	if got := send("import", bad); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Text(), "准入.csv:2:4") {
		t.Errorf("a bad row: %d %s", got.Status, got.Text())
	}
	for why, data := range map[string]string{"empty": "", "no workbook": "PK\x03\x04x", "other columns": "a,b\n1,2\n"} {
		if got := send("import", data); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", why, got.Status, got.Text())
		}
	}
	if got := b.Post(home+"/admissions/import", url.Values{"go": {"import"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("no file: %d", got.Status)
	}
	if got := send("import", good); got.Path != home+"/admissions" || !strings.Contains(got.Text(), "门前垃圾先劝导") || !strings.Contains(got.Text(), "2 小时") {
		t.Errorf("imported: %d %s", got.Status, got.Text())
	}
	for _, login := range []string{lead, keeper} {
		if got := w.As(login).Get(home + "/admissions/import"); got.Status != http.StatusForbidden {
			t.Errorf("%s may import: %d", login, got.Status)
		}
	}
}

func TestLeadersOnDuty(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(admin)
	send := func(data string) apptest.Answer {
		return b.PostFiles(home+"/duty/import", url.Values{"go": {"import"}}, apptest.File{Field: "file", Name: "值班.csv", Data: []byte(data)})
	}
	const head = "day,hours,area,unit,login,phone\n"
	if got := send(head + "2026-11-23,08:00-20:00,,u-nobody,,\n"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Text(), "值班.csv:2") {
		t.Errorf("a unit that is none: %d %s", got.Status, got.Text())
	}
	got := send(head + "2026-11-23,08:00-20:00,,u-centre,linwang,0000-1234\n2026-11-24,08:00-20:00,990101001,u-centre,,\n")
	if got.Path != home+"/duty" || !strings.Contains(got.Text(), "林望") || !strings.Contains(got.Text(), "0000-1234") {
		t.Fatalf("imported: %d %s", got.Status, got.Text())
	}
	other := w.As(handler)
	if got := other.Get(home + "/duty"); got.Status != http.StatusOK || !strings.Contains(got.Text(), "现在当班") || strings.Contains(got.Text(), "导入值班表") {
		t.Errorf("a handler sees %d %s", got.Status, got.Text())
	}
	if got := other.Get(home + "/duty/import"); got.Status != http.StatusForbidden {
		t.Errorf("a handler may import the roster: %d", got.Status)
	}
}
