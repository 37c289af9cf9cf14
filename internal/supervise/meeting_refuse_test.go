package supervise_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/supervise"
)

func TestDecisionsNobodyCouldCarryOutAreRefused(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		m := w.held(w.planned(friday()))
		item, err := w.added(m, "", "问题")
		if err != nil {
			t.Fatal(err)
		}
		by := w.as("fanghua", "shift-leader")
		for _, bad := range []struct {
			why, field string
			x          supervise.Decision
		}{
			{"no words", "decision", supervise.Decision{Unit: "u-shizheng", Limit: days(1)}},
			{"too many words", "decision", supervise.Decision{Text: strings.Repeat("定", 1001)}},
			{"broken words", "decision", supervise.Decision{Text: "a\xff"}},
			{"an unknown unit", "unit", supervise.Decision{Text: "办", Unit: "u-nobody", Limit: days(1)}},
			{"an unknown helper", "co", supervise.Decision{Text: "办", Unit: "u-shizheng", Co: []string{"u-nobody"}, Limit: days(1)}},
			{"a unit that helps itself", "co", supervise.Decision{Text: "办", Unit: "u-shizheng", Co: []string{"u-shizheng"}, Limit: days(1)}},
			{"a date for nobody", "unit", supervise.Decision{Text: "办", Limit: days(1)}},
			{"help for nobody", "unit", supervise.Decision{Text: "办", Co: []string{"u-shizheng"}}},
			{"no time", "limit", supervise.Decision{Text: "办", Unit: "u-shizheng"}},
			{"a limit of nothing", "limit", supervise.Decision{Text: "办", Unit: "u-shizheng", Limit: clock.Limit{Unit: clock.ElapsedDays}}},
			{"a million days", "limit", supervise.Decision{Text: "办", Unit: "u-shizheng", Limit: days(1_000_000)}},
		} {
			_, err := w.decide(by, item, bad.x)
			if all := errs.Each(err); errs.KindOf(err) != errs.Invalid || len(all) != 1 || all[0].Field != bad.field {
				t.Errorf("%s: %v, want it refused at %s", bad.why, err, bad.field)
			}
		}
		if got := w.items(m)[0]; got.State != supervise.ItemOpen || got.Decision != "" {
			t.Errorf("a refused decision left %+v", got)
		}
		if got, err := w.decide(by, item, supervise.Decision{Text: "知道了，不另派"}); err != nil || got.State != supervise.ItemNoted {
			t.Errorf("a decision with nothing to carry out: %+v, %v", got, err)
		}
	})
}

func TestAMeetingGoesOneWay(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		m := w.planned(friday())
		first, err := w.added(m, "", "留到下次")
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.added(m, "", "收回")
		if err != nil {
			t.Fatal(err)
		}
		by, ctx := w.as("fanghua", "shift-leader"), t.Context()
		verbs := map[string]func(tx *db.Tx, a casework.Acting) error{
			"change": func(tx *db.Tx, a casework.Acting) error {
				_, err := supervise.ChangeMeeting(ctx, tx, a, m.ID, friday())
				return err
			},
			"hold": func(tx *db.Tx, a casework.Acting) error {
				_, err := supervise.HoldMeeting(ctx, tx, a, m.ID)
				return err
			},
			"cancel": func(tx *db.Tx, a casework.Acting) error {
				return supervise.CancelMeeting(ctx, tx, a, m.ID, "不开了")
			},
			"add": func(tx *db.Tx, a casework.Acting) error {
				_, err := supervise.AddItem(ctx, tx, a, m.ID, "", "多一条")
				return err
			},
			"drop": func(tx *db.Tx, a casework.Acting) error { return supervise.DropItem(ctx, tx, a, m.ID, first.ID) },
			"decide": func(tx *db.Tx, a casework.Acting) error {
				_, err := supervise.Decide(ctx, tx, a, m.ID, second.ID, supervise.Decision{Text: "办", Unit: "u-shizheng", Limit: days(1)})
				return err
			},
			"minutes": func(tx *db.Tx, a casework.Acting) error {
				now, err := supervise.MeetingByID(ctx, tx, a.District.Code, m.ID)
				if err == nil {
					_, err = supervise.SaveMinutes(ctx, tx, a, m.ID, "谈了两件", now.Revision)
				}
				return err
			},
			"close": func(tx *db.Tx, a casework.Acting) error {
				_, err := supervise.CloseMeeting(ctx, tx, a, m.ID)
				return err
			},
			"back": func(tx *db.Tx, a casework.Acting) error {
				return supervise.TakeBack(ctx, tx, a, m.ID, second.ID, "写错了单位")
			},
		}
		refused := func(state string, names ...string) {
			t.Helper()
			for _, name := range names {
				if err := w.write(func(tx *db.Tx) error { return verbs[name](tx, by) }); errs.KindOf(err) != errs.Conflict {
					t.Errorf("%s, %s: %v, want a conflict", state, name, err)
				}
			}
		}
		do := func(name string) {
			t.Helper()
			if err := w.write(func(tx *db.Tx) error { return verbs[name](tx, by) }); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for name, verb := range verbs {
			if err := w.write(func(tx *db.Tx) error { return verb(tx, w.as("heyong", "handler")) }); errs.KindOf(err) != errs.Forbidden {
				t.Errorf("a handler may %s: %v", name, err)
			}
		}
		refused("planned", "decide", "minutes", "close", "back")
		do("change")
		do("hold")
		refused("held", "change", "hold", "cancel", "back")
		do("minutes")
		do("decide")
		do("close")
		refused("closed", "change", "hold", "cancel", "add", "drop", "decide", "minutes", "close")
		do("back")
		if got := w.items(m); got[0].State != supervise.ItemDeferred || got[1].State != supervise.ItemDropped || got[1].Reason != "写错了单位" {
			t.Errorf("after closing: %+v", got)
		}
		next := w.planned(friday())
		if got := w.items(next); len(got) != 1 || got[0].Question != "留到下次" || w.items(m)[0].State != supervise.ItemCarried {
			t.Errorf("the next meeting takes up %+v", got)
		}
		if n, ok, err := supervise.NextMeeting(ctx, w.DB, by.District.Code); !ok || n.ID != next.ID || err != nil {
			t.Errorf("next: %+v %v %v", n, ok, err)
		}
	})
}

func TestBadPlansAndPointsAreRefused(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		for _, bad := range []struct {
			why, field string
			change     func(p *supervise.Planning)
		}{
			{"no title", "title", func(p *supervise.Planning) { p.Title = " " }},
			{"a long title", "title", func(p *supervise.Planning) { p.Title = strings.Repeat("会", 61) }},
			{"nowhere", "place", func(p *supervise.Planning) { p.Place = "" }},
			{"at no time", "starts", func(p *supervise.Planning) { p.StartsAt = time.Time{} }},
			{"last week", "starts", func(p *supervise.Planning) { p.StartsAt = apptest.Start.AddDate(0, 0, -7) }},
			{"in two years", "starts", func(p *supervise.Planning) { p.StartsAt = apptest.Start.AddDate(2, 0, 0) }},
			{"nobody presides", "chair", func(p *supervise.Planning) { p.Chair = "nobody" }},
			{"nobody is called", "units", func(p *supervise.Planning) { p.Units = []string{"u-nobody"} }},
		} {
			p := friday()
			bad.change(&p)
			err := w.write(func(tx *db.Tx) error {
				_, err := supervise.PlanMeeting(t.Context(), tx, w.as("fanghua", "shift-leader"), p)
				return err
			})
			if all := errs.Each(err); errs.KindOf(err) != errs.Invalid || len(all) != 1 || all[0].Field != bad.field {
				t.Errorf("%s: %v, want it refused at %s", bad.why, err, bad.field)
			}
		}
		if all, err := supervise.Meetings(t.Context(), w.DB, w.District().Code, nil, 10); len(all) != 0 || err != nil {
			t.Errorf("refused plans left %v, %v", all, err)
		}
		m, c := w.planned(friday()), w.received("c01002", "1")
		if _, err := w.added(m, c.Number, ""); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct{ why, field, number, question string }{
			{"nothing", "question", "", ""},
			{"a number that is none", "number", "999999", ""},
			{"a case that is on already", "number", c.Number, ""},
			{"endless", "question", "", strings.Repeat("问", 1001)},
		} {
			_, err := w.added(m, bad.number, bad.question)
			if all := errs.Each(err); errs.KindOf(err) != errs.Invalid || len(all) != 1 || all[0].Field != bad.field {
				t.Errorf("%s: %v, want it refused at %s", bad.why, err, bad.field)
			}
		}
	})
}

func TestSecretReportsComeBeforeNoMeeting(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		secret := ""
		for _, m := range w.District().Catalogue.Matters() {
			if m.Secret && w.District().Catalogue.Selectable(m.Code) {
				secret = m.Code
			}
		}
		c := w.received(secret, "1")
		if !c.Secret {
			t.Fatal("no matter is secret: the test looks at nothing")
		}
		w.Clock.Advance(90 * 24 * time.Hour) // late by now
		p := friday()
		p.StartsAt = w.DB.Now().Add(time.Hour)
		m := w.planned(p)
		for _, i := range w.items(m) {
			if i.Case == c.ID {
				t.Error("a secret report is on the agenda")
			}
		}
		if _, err := w.added(m, c.Number, ""); errs.KindOf(err) != errs.Invalid {
			t.Errorf("put on by hand: %v", err)
		}
	})
}

func TestMeetingsOfUnits(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		m := w.held(w.planned(friday()))
		item, err := w.added(m, "", "问题")
		if err != nil {
			t.Fatal(err)
		}
		x := supervise.Decision{Text: "办", Unit: "u-minzheng", Co: []string{"u-ranqi", "u-yuanlin"}, Limit: days(1)}
		if _, err := w.decide(w.as("fanghua", "shift-leader"), item, x); err != nil {
			t.Fatal(err)
		}
		items := w.items(m)
		for _, row := range []struct {
			why  string
			unit string
			want int
		}{
			{"called", "u-shizheng", 1}, {"called last", "u-chengguan", 1}, {"has a decision", "u-minzheng", 1}, {"helps", "u-yuanlin", 1},
			{"has nothing to do with it", "u-zhujian", 0}, {"the beginning of one called", "u-sh", 0}, {"no unit", "", 0},
		} {
			all, err := supervise.Meetings(t.Context(), w.DB, w.District().Code, []string{row.unit}, 10)
			if len(all) != row.want || err != nil {
				t.Errorf("%s: %d meetings, %v, want %d", row.why, len(all), err, row.want)
			}
			if got := m.Concerns(items, []string{row.unit}); got != (row.want == 1) {
				t.Errorf("%s: concerned %v, while the list shows %d", row.why, got, row.want)
			}
		}
	})
}

// Two who write the minutes at once do not lose each other's words.
func TestMinutesCompareTheRevision(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		m := w.held(w.planned(friday()))
		save := func(text string) error {
			return w.write(func(tx *db.Tx) error {
				_, err := supervise.SaveMinutes(t.Context(), tx, w.as("fanghua", "shift-leader"), m.ID, text, m.Revision)
				return err
			})
		}
		if err := save("我记的"); err != nil {
			t.Fatal(err)
		}
		if err := save("他记的"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the second writer: %v", err)
		}
		if got, err := supervise.MeetingByID(t.Context(), w.DB, w.District().Code, m.ID); got.Minutes != "我记的" || err != nil {
			t.Errorf("minutes %q, %v", got.Minutes, err)
		}
	})
}
