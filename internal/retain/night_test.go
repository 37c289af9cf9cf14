package retain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/retain"
	"linli/internal/trail"
)

const (
	phone = "13800000013"
	other = "13800000027"
)

func TestNight(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		old, oldReport := w.reported("张小民", phone, "桂香路的井盖响得睡不着")
		w.answered(old)
		running, runningReport := w.reported("李大同", other, "路面塌了一块还没修")
		tally := func() []int {
			var all []int
			for _, f := range []casework.Filter{{}, {States: []casework.State{"answered"}}, {Text: "井盖响"}, {Phone: w.vault.Index(casework.PhoneField, phone)}} {
				n, err := casework.Count(ctx, w.DB, w.d, f, w.Now())
				w.must(err)
				all = append(all, n.N)
			}
			return all
		}
		if got := tally(); !cmp.Equal(got, []int{2, 1, 1, 1}) {
			t.Fatalf("before: %v", got)
		}
		docs, err := document.Of(ctx, w.DB, w.d.Code, string(old.ID))
		w.must(err)

		w.nightAfter(2, 364)
		if r := w.report(oldReport); r.Name == "" {
			t.Error("the name went before its time")
		}
		if n := w.count("select count(*) from messages where district = $1 and case_id = $2", w.d.Code, string(old.ID)); n != 0 {
			t.Errorf("%d messages are older than their year", n)
		}
		w.nightAfter(0, 2)
		if r := w.report(oldReport); r.Name+r.Phone+r.PhoneIndex+r.TailIndex+r.Word != "" || r.Text == casework.Gone {
			t.Errorf("after three years the report says %+v, want nobody and the words still", r)
		}
		if r := w.report(runningReport); r.Name == "" || r.Phone == "" {
			t.Error("a case that runs lost its reporter")
		}
		if _, err := w.files.Open(docs[0]); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the photo's file is still there: %v", err)
		}
		if n := w.count("select count(*) from documents"); n != 1 {
			t.Errorf("%d documents, want that of the running case", n)
		}
		if got := tally(); !cmp.Equal(got, []int{2, 1, 1, 0}) {
			t.Errorf("after three years: %v, want the case counted and found by its words, not by a number", got)
		}

		w.nightAfter(2, 1)
		c, err := casework.ByID(ctx, w.DB, w.d.Code, old.ID)
		w.must(err)
		if c.Text != casework.Gone || c.Place.Address != "" || c.Title == "" || c.State != "answered" || c.ClosedAt.IsZero() {
			t.Errorf("after five years the case says %+v", c)
		}
		if got := tally(); !cmp.Equal(got, []int{2, 1, 0, 0}) {
			t.Errorf("after five years: %v, want the case counted and its words not found", got)
		}
		if c, err := casework.ByID(ctx, w.DB, w.d.Code, running.ID); err != nil || !strings.Contains(c.Text, "塌了一块") {
			t.Errorf("a case that runs lost its words: %v, %v", c.Text, err)
		}
		entries, err := trail.Of(ctx, w.DB, w.d.Code, string(old.ID))
		w.must(err)
		w.must(trail.Verify(w.d.Code, string(old.ID), entries))
		w.recorded()
	})
}

// recorded looks at what is put down of three nights: never what it said.
func (w *world) recorded() {
	w.t.Helper()
	all, err := retain.Removals(w.t.Context(), w.DB, w.d.Code, time.Time{}, w.Now().Add(time.Hour), 100)
	w.must(err)
	many := map[string]int{}
	for _, m := range all {
		many[m.Rule+"/"+m.What] += m.Many
		if m.Version == "" || m.Span == "" || m.Before.IsZero() || m.IDs == "" {
			w.t.Errorf("%+v does not say by which version of which rule", m)
		}
	}
	if many["identity/reports"] != 1 || many["words/cases"] != 1 || many["photos/documents"] != 1 || many["messages/messages"] == 0 {
		w.t.Errorf("put down: %v", many)
	}
	book, err := trail.Of(w.t.Context(), w.DB, w.d.Code, "privacy:retention")
	w.must(err)
	w.must(trail.Verify(w.d.Code, "privacy:retention", book))
	if len(book) != len(all) {
		w.t.Errorf("%d entries in the trail for %d removals", len(book), len(all))
	}
	for _, e := range book {
		for key, value := range e.Detail {
			if strings.Contains(value, "张小民") || strings.Contains(value, phone) || strings.Contains(value, "井盖") {
				w.t.Errorf("the trail says %s: %s", key, value)
			}
		}
	}
}

func TestHoldsBeatRules(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		leader := w.actor("linwang", "leader")
		one, oneReport := w.reported("张小民", phone, "一")
		two, twoReport := w.reported("李大同", other, "二")
		free, freeReport := w.reported("王小五", "13800000041", "三")
		for _, c := range []casework.Case{one, two, free} {
			w.answered(c)
		}
		w.clock.Set(w.clock.Now().AddDate(2, 6, 0))
		until := w.clock.Now().AddDate(2, 0, 0)
		var ofCase, ofPerson retain.HoldID
		w.write(func(tx *db.Tx) (err error) {
			ofCase, err = retain.Put(ctx, tx, w.d, leader, retain.Hold{Kind: retain.OfCase, Ref: string(one.ID), Why: "法院在审", Basis: "行政诉讼法第四十条", Until: until})
			if err != nil {
				return err
			}
			ofPerson, err = retain.Put(ctx, tx, w.d, leader, retain.Hold{Kind: retain.OfPerson, Ref: w.vault.Index(casework.PhoneField, other), Why: "正在调查", Basis: "监察法第十八条", Until: until})
			return err
		})
		w.nightAfter(1, 0)
		for id, want := range map[string]bool{oneReport: true, twoReport: true, freeReport: false} {
			if got := w.report(id).Name != ""; got != want {
				t.Errorf("report %s still has a name: %v, want %v", id, got, want)
			}
		}
		if n := w.count("select count(*) from documents"); n != 2 {
			t.Errorf("%d photos, want those of the two cases that are held", n)
		}
		lines, err := retain.Preview(ctx, w.DB, w.d, w.Now())
		w.must(err)
		if l := lines[0]; l.What != "reports" || l.Goes != 0 || l.Held[ofCase] != 1 || l.Held[ofPerson] != 1 {
			t.Errorf("the preview says %+v, want one kept by each hold", l)
		}

		w.write(func(tx *db.Tx) error { return retain.Lift(ctx, tx, w.d, leader, ofCase, "判决已生效") })
		if err := w.Write(ctx, func(tx *db.Tx) error { return retain.Lift(ctx, tx, w.d, leader, ofCase, "再来") }); errs.KindOf(err) != errs.NotFound {
			t.Errorf("lifted twice: %v", err)
		}
		lines, err = retain.Preview(ctx, w.DB, w.d, w.Now())
		w.must(err)
		if l := lines[0]; l.Goes != 1 || l.Held[ofPerson] != 1 {
			t.Errorf("the preview says %+v, want one going and one kept", l)
		}
		w.nightAfter(0, 1)
		if w.report(oneReport).Name != "" || w.report(twoReport).Name == "" {
			t.Error("want the lifted one gone and the other kept")
		}
		w.nightAfter(2, 0) // the hold has ended by itself
		if w.report(twoReport).Name != "" {
			t.Error("a hold outlived its day")
		}
		book, err := trail.Of(ctx, w.DB, w.d.Code, "privacy:"+string(ofCase))
		w.must(err)
		if len(book) != 2 || book[0].Act != "hold-put" || book[1].Act != "hold-lifted" || book[1].Person != leader.Person {
			t.Errorf("the trail of the hold: %+v", book)
		}
	})
}

// A hold that is put between reading and writing keeps what it names.
func TestHoldPutMeanwhile(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c, report := w.reported("张小民", phone, "一")
		w.answered(c)
		w.clock.Set(w.clock.Now().AddDate(3, 0, 1))
		at := job.Job{District: w.d.Code, Kind: retain.Job, Key: retain.Job, Args: []byte("{}")}
		h, err := retain.Prepare(ctx, w.DB, w.d, w.Now(), at)
		w.must(err)
		w.write(func(tx *db.Tx) error {
			_, err := retain.Put(ctx, tx, w.d, w.actor("linwang", "leader"), retain.Hold{Kind: retain.OfCase, Ref: string(c.ID), Why: "法院在审", Basis: "行政诉讼法第四十条", Until: w.Now().AddDate(1, 0, 0)})
			return err
		})
		w.write(func(tx *db.Tx) error { return h(ctx, tx, at) })
		if w.report(report).Name == "" {
			t.Error("it went all the same")
		}
		if n := w.count("select count(*) from removals"); n != 0 {
			t.Errorf("%d removals of nothing", n)
		}
	})
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		c, _ := w.reported("张小民", phone, "一")
		leader, handler := w.actor("linwang", "leader"), w.actor("wugang", "handler")
		good := retain.Hold{Kind: retain.OfCase, Ref: string(c.ID), Why: "法院在审", Basis: "行政诉讼法", Until: w.Now().AddDate(1, 0, 0)}
		for _, row := range []struct {
			why    string
			by     procedure.Actor
			change func(*retain.Hold)
			want   errs.Kind
		}{
			{"a handler has no such right", handler, func(*retain.Hold) {}, errs.Forbidden},
			{"nobody has it without a post", procedure.Actor{Role: "leader"}, func(*retain.Hold) {}, errs.Forbidden},
			{"without a reason", leader, func(h *retain.Hold) { h.Why = " " }, errs.Invalid},
			{"without a law", leader, func(h *retain.Hold) { h.Basis = "" }, errs.Invalid},
			{"a reason that is a book", leader, func(h *retain.Hold) { h.Why = strings.Repeat("长", 501) }, errs.Invalid},
			{"for ever is no hold but a file on somebody", leader, func(h *retain.Hold) { h.Until = w.Now().AddDate(3, 0, 2) }, errs.Invalid},
			{"that has ended", leader, func(h *retain.Hold) { h.Until = w.Now() }, errs.Invalid},
			{"of nothing", leader, func(h *retain.Hold) { h.Ref = "" }, errs.Invalid},
			{"of a kind there is not", leader, func(h *retain.Hold) { h.Kind = "street" }, errs.Invalid},
			{"of a case that is not there", leader, func(h *retain.Hold) { h.Ref = "no-such" }, errs.NotFound},
		} {
			h := good
			row.change(&h)
			err := w.Write(t.Context(), func(tx *db.Tx) error {
				_, err := retain.Put(t.Context(), tx, w.d, row.by, h)
				return err
			})
			if errs.KindOf(err) != row.want {
				t.Errorf("%s: got %v, want %s", row.why, err, row.want)
			}
		}
		if n := w.count("select count(*) from holds"); n != 0 {
			t.Errorf("%d holds were put", n)
		}
	})
}

// Who left keeps the name in the trail, and nothing else.
//
// GB/T 22239 8.1.4.2c
func TestStaffWhoLeft(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		gone := w.actor("wugang", "handler")
		w.write(func(tx *db.Tx) error {
			if err := tx.Exec(t.Context(), "update posts set to_date = '2026-11-30' where district = $1 and person = $2", w.d.Code, gone.Person); err != nil {
				return err
			}
			return tx.Exec(t.Context(), "insert into accounts (district, login, password, person, active, created) values ($1, 'wugang', 'x', $2, $3, 0)", w.d.Code, gone.Person, true)
		})
		left := func() (phones, accounts int) {
			return w.count("select count(*) from people where phone <> ''"), w.count("select count(*) from accounts")
		}
		before, _ := left()
		w.nightAfter(1, 0)
		if phones, accounts := left(); phones != before || accounts != 1 {
			t.Errorf("%d phones and %d accounts before the year is over", phones, accounts)
		}
		w.nightAfter(0, 9)
		if phones, accounts := left(); phones != before-1 || accounts != 0 {
			t.Errorf("%d phones and %d accounts, want one phone less than %d and none", phones, accounts, before)
		}
	})
}
