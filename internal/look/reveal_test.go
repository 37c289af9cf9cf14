package look_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/look"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// GB/T 22239 8.1.4.3a
func TestRevealShowsOnceItIsOnRecord(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		a := w.asking("heyong")
		a.Reason = "登记的门牌找不到"
		got := w.sees(a)
		if diff := cmp.Diff(map[string]string{fields.Name: name, fields.Phone: phone}, got.Values); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		kept, err := look.ByID(t.Context(), w.DB, w.d.Code, got.Look.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Look, kept); diff != "" {
			t.Errorf("the look as kept (-shown +kept):\n%s", diff)
		}
		if !kept.Own {
			t.Error("the case has a task for the handler, and the look says it has not")
		}
		entries, err := trail.Of(t.Context(), w.DB, w.d.Code, trail.Chain(trail.Looks, w.report))
		if err != nil || len(entries) != 1 {
			t.Fatalf("%d entries in the trail, %v", len(entries), err)
		}
		e := entries[0]
		if e.Act != "look" || e.Post != a.By.Post || e.Detail["purpose"] != look.Reaching || e.Detail["fields"] != "name,phone" || e.Detail["reason"] != a.Reason {
			t.Errorf("the trail says %+v", e)
		}
		if said := fmt.Sprintf("%+v", entries); strings.Contains(said, phone) || strings.Contains(said, name) {
			t.Errorf("the trail holds what was shown: %s", said)
		}
	})
}

// ASVS 8.2.3, 16.3.2
// GB/T 22239 8.1.4.2f, 8.1.4.11b
func TestRevealRefuses(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		secret, secretReport := w.reports(intake.Sending{Secret: true})
		other, otherReport := w.reports(intake.Sending{})
		_ = other
		for _, row := range []struct {
			why   string
			login string
			turn  func(*look.Asking)
			kind  errs.Kind
			field string
		}{
			{"a dispatcher hands cases out and has no need of numbers", "chenli", nil, errs.Forbidden, ""},
			{"an administrator sees no case", "suming", nil, errs.NotFound, ""},
			{"a case outside the scope is as one that is not there", "heyong", func(a *look.Asking) { a.Case, a.Report = other.ID, otherReport }, errs.NotFound, ""},
			{"no such case", "heyong", func(a *look.Asking) { a.Case = "0190" }, errs.NotFound, ""},
			{"a report of another case must not be read through this one", "heyong", func(a *look.Asking) { a.Report = otherReport }, errs.NotFound, ""},
			{"no such report", "heyong", func(a *look.Asking) { a.Report = "0190" }, errs.NotFound, ""},
			{"nobody at all", "heyong", func(a *look.Asking) { a.By = procedure.Actor{} }, errs.NotFound, ""},
			{"the reporter is no member of staff", "heyong", func(a *look.Asking) { a.By = procedure.Actor{Reporter: true} }, errs.NotFound, ""},
			{"a purpose that is not on the list", "heyong", func(a *look.Asking) { a.Purpose = "curiosity" }, errs.Invalid, "purpose"},
			{"no purpose", "heyong", func(a *look.Asking) { a.Purpose = "" }, errs.Invalid, "purpose"},
			{"calling back needs no address", "heyong", func(a *look.Asking) { a.Fields = []string{fields.Address} }, errs.Invalid, "fields"},
			{"a field that there is not", "heyong", func(a *look.Asking) { a.Fields = []string{"word"} }, errs.Invalid, "fields"},
			{"nothing asked for", "heyong", func(a *look.Asking) { a.Fields = nil }, errs.Invalid, "fields"},
			{"no sort of reason", "heyong", func(a *look.Asking) { a.Kind = "" }, errs.Invalid, "kind"},
			{"another reason has to be said", "heyong", func(a *look.Asking) { a.Kind = look.Other }, errs.Invalid, "reason"},
			{"spaces say nothing", "heyong", func(a *look.Asking) { a.Kind, a.Reason = look.Other, "   　  " }, errs.Invalid, "reason"},
			{"a novel is no reason", "heyong", func(a *look.Asking) { a.Reason = strings.Repeat("长", 301) }, errs.Invalid, "reason"},
			{"a secret case outside the handler's scope", "heyong", func(a *look.Asking) { a.Case, a.Report = secret.ID, secretReport }, errs.NotFound, ""},
			{"the supervisor sees the secret case, and not who sent it", "zhouhui", func(a *look.Asking) { a.Case, a.Report = secret.ID, secretReport }, errs.Forbidden, ""},
			{"who took it in may reach the person, and nothing else", "guoyan", func(a *look.Asking) { a.Case, a.Report, a.Purpose = secret.ID, secretReport, "visit" }, errs.Invalid, "purpose"},
		} {
			a := w.asking(row.login)
			if row.turn != nil {
				row.turn(&a)
			}
			got, err := w.reveal(a)
			if !errors.Is(err, row.kind) || len(got.Values) > 0 {
				t.Errorf("%s: %v, shown %v; want %s", row.why, err, got.Values, row.kind)
				continue
			}
			if each := errs.Each(err); each[0].Field != row.field || each[0].Text.EN == "" {
				t.Errorf("%s: at %q, want %q: %v", row.why, each[0].Field, row.field, each[0])
			}
		}
		if n := w.looks(w.report) + w.looks(otherReport) + w.looks(secretReport); n != 0 {
			t.Errorf("%d looks on record, and nothing was shown", n)
		}
		a := w.asking("guoyan")
		a.Case, a.Report = secret.ID, secretReport
		if got := w.sees(a); got.Values[fields.Phone] != phone {
			t.Errorf("who took the secret report in reaches %v", got.Values)
		}
	})
}

// Somebody else's failure and one's own must read the same.
func TestRevealSaysNoMoreOfACaseElsewhereThanOfNone(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		other, report := w.reports(intake.Sending{})
		elsewhere, none := w.asking("heyong"), w.asking("heyong")
		elsewhere.Case, elsewhere.Report = other.ID, report
		none.Case, none.Report = "01900000-0000-7000-8000-000000000000", report
		_, one := w.reveal(elsewhere)
		_, two := w.reveal(none)
		if got, want := errs.Each(one)[0].Text, errs.Each(two)[0].Text; got != want {
			t.Errorf("elsewhere %q, none %q", got, want)
		}
	})
}

func TestRevealIsNotForOnesOwnReport(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		a := w.asking("guoyan")
		self, _ := w.d.Org.PersonByLogin("guoyan")
		r, err := w.World.Desk.Receive(t.Context(), w.d, intake.Sending{Channel: intake.Portal, Matter: road, Text: "路面塌了", Area: "990101001", Phone: self.Phone})
		if err != nil {
			t.Fatal(err)
		}
		a.Case, a.Report = r.Case.ID, r.Report
		if _, err := w.reveal(a); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a member of staff reads their own report by the staff door: %v", err)
		}
	})
}

func TestRevealGivesWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	r, err := w.World.Desk.Receive(t.Context(), w.d, intake.Sending{Channel: intake.Portal, Matter: road, Text: "路面塌了", Area: "990101001", Phone: phone})
	if err != nil {
		t.Fatal(err)
	}
	a := w.asking("guoyan")
	a.Case, a.Report = r.Case.ID, r.Report
	got := w.sees(a)
	if diff := cmp.Diff([]string{fields.Phone}, got.Look.Fields); diff != "" || got.Values[fields.Phone] != phone {
		t.Errorf("of a report without a name: %v, on record %v", got.Values, got.Look.Fields)
	}
	a.Fields = []string{fields.Name}
	if _, err := w.reveal(a); !errors.Is(err, errs.Invalid) {
		t.Errorf("a name that is not there: %v", err)
	}
}

// ASVS 2.3.2
func TestRevealHoldsTheHourlyNumber(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		most := w.d.Catalogue.Privacy().RevealsAnHour
		a := w.asking("heyong")
		for range most - 1 {
			w.sees(a)
			w.later(time.Second)
		}
		// Two at once for the one that is left.
		var both sync.WaitGroup
		failed := make([]error, 2)
		for i := range failed {
			both.Go(func() { _, failed[i] = w.reveal(a) })
		}
		both.Wait()
		if (failed[0] == nil) == (failed[1] == nil) {
			t.Fatalf("of two at once for the last one of the hour: %v and %v", failed[0], failed[1])
		}
		_, err := w.reveal(a)
		if wait, ok := errs.WaitOf(err); !errors.Is(err, errs.Often) || !ok || wait > time.Hour || wait < 59*time.Minute {
			t.Errorf("over the number: %v, wait %v", err, wait)
		}
		if text := errs.Each(err)[0].Text; !strings.Contains(text.ZH, "60 分钟以后") {
			t.Errorf("the refusal does not say when again: %q", text.ZH)
		}
		if n := w.looks(w.report); n != most {
			t.Errorf("%d looks on record, want %d", n, most)
		}
		w.later(time.Hour - time.Duration(most-1)*time.Second)
		w.sees(a) // the first is an hour ago
	})
}

// A failure to write must show nothing: here the trail cannot be added to.
//
// ASVS 16.5.3
// GB/T 22239 8.1.4.3d
func TestNothingIsShownWhereItCannotBeWritten(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	rename := func(from, to string) {
		w.write(func(tx *db.Tx) error { return tx.Exec(t.Context(), "alter table "+from+" rename to "+to) })
	}
	rename("looks", "looks_away")
	got, err := w.reveal(w.asking("heyong"))
	if err == nil || len(got.Values) > 0 {
		t.Errorf("shown %v, %v", got.Values, err)
	}
	rename("looks_away", "looks")
	w.sees(w.asking("heyong"))
}

func TestTwoAtOnceAreTwoOnRecord(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		var all sync.WaitGroup
		logins := []string{"heyong", "guoyan", "heyong", "guoyan"}
		failed := make([]error, len(logins))
		for i, login := range logins {
			a := w.asking(login)
			all.Go(func() { _, failed[i] = w.reveal(a) })
		}
		all.Wait()
		if err := errors.Join(failed...); err != nil {
			t.Fatal(err)
		}
		entries, err := trail.Of(t.Context(), w.DB, w.d.Code, trail.Chain(trail.Looks, w.report))
		if err != nil || len(entries) != len(logins) || w.looks(w.report) != len(logins) {
			t.Errorf("%d looks, %d entries, %v", w.looks(w.report), len(entries), err)
		}
	})
}

// GB/T 22239 8.1.4.4f
func TestUnusualReadingIsToldOnceADay(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		a := w.asking("heyong")
		for range 4 {
			w.sees(a)
		}
		if all := w.alarms(); len(all) != 0 {
			t.Fatalf("four looks at one person are already unusual: %+v", all)
		}
		for range 3 {
			w.sees(a)
		}
		all := w.alarms()
		if len(all) != 1 || !slices.Equal(all[0].Signs, []look.Sign{look.Again}) || all[0].Looks != 7 || all[0].Person != a.By.Person {
			t.Fatalf("the same person again and again: %+v", all)
		}
		w.Clock.Set(time.Date(2026, 11, 23, 23, 10, 0, 0, w.d.Calendar.Zone()))
		w.sees(a)
		if all = w.alarms(); len(all) != 1 || !slices.Contains(all[0].Signs, look.Night) {
			t.Errorf("at night: %+v", all)
		}
		if n := w.jobsOf(look.AlarmJob); n != 1 {
			t.Errorf("%d notices are to be written, want one a day", n)
		}
	})
}

func TestWhatDutyAndWorkExplainIsNotUnusual(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	w.Clock.Set(time.Date(2026, 11, 23, 23, 10, 0, 0, w.d.Calendar.Zone()))
	a := w.asking("heyong")
	a.OnDuty = true
	w.sees(a)
	w.Clock.Set(time.Date(2026, 11, 24, 10, 0, 0, 0, w.d.Calendar.Zone()))
	for i := range 12 {
		c, report := w.reports(intake.Sending{Sender: fmt.Sprint(i)})
		a := w.asking("guoyan") // every case waits at the acceptor's desk first
		a.Case, a.Report = c.ID, report
		if i < 4 {
			w.sees(a)
		}
	}
	if all := w.alarms(); len(all) != 0 {
		t.Errorf("unusual: %+v", all)
	}
}

func TestManyCasesOfOthersAreUnusual(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	for i := range 10 {
		r, err := w.World.Desk.Receive(t.Context(), w.d, intake.Sending{Channel: intake.Portal, Sender: fmt.Sprint(i), Matter: road, Text: "路面塌了", Area: "990101001",
			Phone: fmt.Sprintf("138000%05d", 100+i)})
		if err != nil {
			t.Fatal(err)
		}
		a := w.asking("zhouhui") // a supervisor, who sees all and has no task in any
		a.Case, a.Report = r.Case.ID, r.Report
		w.sees(a)
		if all := w.alarms(); (len(all) > 0) != (i == 9) {
			t.Fatalf("after %d: %+v", i+1, all)
		}
	}
	if all := w.alarms(); !slices.Equal(all[0].Signs, []look.Sign{look.Others}) {
		t.Errorf("signs: %+v", all)
	}
}

// A masked value shown on a page must not come back as one.
func TestAMaskIsNotTakenForANumber(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	for field, s := range map[string]intake.Sending{
		"phone": {Channel: intake.Portal, Text: "路灯不亮", Phone: "138****0013"},
		"name":  {Channel: intake.Portal, Text: "路灯不亮", Name: "张*民"},
	} {
		_, err := w.World.Desk.Receive(t.Context(), w.d, s)
		if each := errs.Each(err); len(each) != 1 || each[0].Field != field || each[0].Kind != errs.Invalid {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func BenchmarkReveal(b *testing.B) {
	w := newTown(b, "sqlite:"+filepath.Join(b.TempDir(), "linli.db"))
	a := w.asking("heyong")
	for b.Loop() {
		w.Clock.Set(w.Clock.Now().Add(4 * time.Minute)) // within the hourly number
		if _, err := w.reveal(a); err != nil {
			b.Fatal(err)
		}
	}
}

func (w *town) alarms() []look.Day {
	w.t.Helper()
	all, err := look.Alarms(w.t.Context(), w.DB, w.d.Code, time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// jobsOf counts the jobs of a kind that wait.
func (w *town) jobsOf(kind string) int {
	w.t.Helper()
	n, err := db.Value[int](w.t.Context(), w.DB, "select count(*) from jobs where district = $1 and kind = $2", w.d.Code, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// A company that works for the district sees what is to be done and never who
// asked for it, whatever role its people hold there.
func TestContractorNeverLearnsWhoReported(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.c, w.report = w.reports(intake.Sending{})
		w.does("guoyan", "file", procedure.Move{})
		w.does("chenli", "send", procedure.Move{Unit: "u-ranqi"})
		for _, login := range []string{"leibin", "xiongwei"} {
			if got, err := w.reveal(w.asking(login)); !errors.Is(err, errs.Forbidden) || len(got.Values) > 0 {
				t.Errorf("%s of the gas crew: %v, shown %v; want it refused", login, err, got.Values)
			}
		}
		if n := w.looks(w.report); n != 0 {
			t.Errorf("%d looks on record, and nothing was shown", n)
		}
	})
}
