package privacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/intake"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// passed takes a question in and passes it on to the unit that knows.
func (w *town) passed(s intake.Sending) intake.Receipt {
	w.t.Helper()
	s.Matter = "d-consult"
	r := w.reports(s)
	w.Due()
	w.does(acceptor, r.Case.ID, procedure.Move{Action: "file"})
	w.does("chenli", r.Case.ID, procedure.Move{Action: "send", Unit: "u-minzheng"})
	return r
}

// says lets a reporter answer, with a picture.
func (w *town) says(r intake.Receipt, id casework.ID, m procedure.Move) {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	for _, t := range tasks {
		if t.State == procedure.Open {
			m.Task = t.ID
		}
	}
	w.Clock.Advance(time.Minute)
	kept, err := w.Documents.Take(w.t.Context(), "photo.jpg", picture(w.t))
	w.must(err)
	w.write(func(tx *db.Tx) error {
		if _, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: procedure.Actor{Reporter: true, Report: r.Report}}, id, m); err != nil {
			return err
		}
		_, err := document.Add(w.t.Context(), tx, w.d.Code, string(id), document.Evidence, "", kept)
		return err
	})
	w.Due()
}

// TestDeleteFromStaff takes the name out of everything that staff may write about
// a case, and leaves the rest of what they wrote.
func TestDeleteFromStaff(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.passed(intake.Sending{Name: unique, Phone: string(phone), Text: "助餐怎么申请？"})
		id, said := r.Case.ID, func(text string) string { return unique[:6] + " " + unique[6:] + text } // with a space, as people type
		as := func(login string) casework.Acting { return casework.Acting{District: w.d, By: w.actor(login)} }
		var order supervise.Order
		var meeting supervise.Meeting
		w.write(func(tx *db.Tx) (err error) {
			order, err = supervise.GiveOrder(t.Context(), tx, as("zhouhui"), id, supervise.Giving{Reason: said("催了两次"), Form: "listed", Within: clock.Limit{N: 2, Unit: clock.WorkingDays}})
			return err
		})
		w.write(func(tx *db.Tx) error {
			_, err := casework.Disclose(t.Context(), tx, as("zhouhui"), id, casework.Disclosure{Post: w.actor("dingyan").Post, Reason: said("同意公开"), Until: tx.Now.Add(time.Hour)})
			return err
		})
		w.write(func(tx *db.Tx) (err error) {
			meeting, err = supervise.PlanMeeting(t.Context(), tx, as("fanghua"), supervise.Planning{Title: "协调会", Place: "二楼", StartsAt: tx.Now.Add(time.Hour), Units: []string{"u-minzheng"}})
			if err != nil {
				return err
			}
			_, err = supervise.AddItem(t.Context(), tx, as("fanghua"), meeting.ID, r.Case.Number, said("的事谁答"))
			return err
		})
		w.asksMore(id, said("要等街道回话"))
		w.does("aixin", id, procedure.Move{Action: "answer", Answer: said("可以申请")})
		w.says(r, id, procedure.Move{Action: "content", Rating: 5})
		if n := len(w.where(said(""))); n < 5 {
			t.Fatalf("staff wrote the name in %d columns: the test looks at too little: %v", n, w.where(said("")))
		}
		w.Clock.Advance(60 * 24 * time.Hour)
		w.Due()
		w.d = w.District()
		w.granted(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)}, "")
		w.Due()
		w.holdsNo(said(""))
		w.holdsNo(unique)
		got, err := supervise.OrderByID(t.Context(), w.DB, w.d.Code, order.ID)
		w.must(err)
		if !strings.HasSuffix(got.Reason, "催了两次") {
			t.Errorf("the order lost its reason: %q", got.Reason)
		}
		items, err := supervise.Items(t.Context(), w.DB, w.d.Code, meeting.ID)
		w.must(err)
		for _, i := range items {
			if i.Case == id && !strings.HasSuffix(i.Question, "的事谁答") {
				t.Errorf("the meeting lost its point: %q", i.Question)
			}
		}
		w.verifies(string(id))
		w.verifies("meeting:" + string(meeting.ID))
	})
}

// asksMore has the handler ask for more time, in words.
func (w *town) asksMore(id casework.ID, reason string) {
	w.t.Helper()
	c, err := casework.ByID(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	a := casework.Acting{District: w.d, By: w.actor("aixin")}
	offered, err := casework.Asks(w.t.Context(), w.DB, a, c, w.DB.Now())
	w.must(err)
	for _, o := range offered {
		if o.Kind != procedure.Extension {
			continue
		}
		w.write(func(tx *db.Tx) error {
			_, err := casework.Ask(w.t.Context(), tx, a, id, casework.Asking{Task: o.Task, Kind: o.Kind, More: 1, Reason: reason})
			return err
		})
		return
	}
	w.t.Fatal("the handler may ask for no more time")
}

// TestDeleteOnSharedCase holds that whoever opened a case takes their own words
// along and nobody else's: a neighbour's ratings and pictures stay, and the
// other way round. A copy gives each their own.
func TestDeleteOnSharedCase(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		opener bool // the one who deletes opened the case
		merged bool // the neighbour's report came with a case of its own
	}{
		{"who opened it deletes", true, false},
		{"who joined it deletes", false, false},
		{"who opened it deletes, and an older case went into it", true, true},
		{"whose case went into a newer one deletes", false, true},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			eachTown(t, func(t *testing.T, w *town) {
				mine, theirs := intake.Sending{Name: unique, Phone: string(phone), Text: "我问助餐。"}, intake.Sending{Name: "李大山", Phone: string(other), Text: "他也问助餐。"}
				one, two, id := w.shared(mine, theirs, row.opener, row.merged)
				w.does("aixin", id, procedure.Move{Action: "answer", Answer: "可以申请。"})
				w.says(two, id, procedure.Move{Action: "not-content", Rating: 2, Reason: "邻居说不清楚"})
				w.does("aixin", id, procedure.Move{Action: "answer", Answer: "到社区填表。"})
				w.says(one, id, procedure.Move{Action: "content", Rating: 5, Reason: "本人说清楚了"})
				w.copyHolds(one, "本人说清楚了", "邻居说不清楚")
				w.Clock.Advance(60 * 24 * time.Hour)
				w.Due()
				w.d = w.District()
				w.granted(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)}, "")
				for _, gone := range []string{unique, "我问助餐", "本人说清楚了"} {
					w.holdsNo(gone)
				}
				stay := map[string]string{"邻居说不清楚": "ratings.text", "他也问助餐": "reports.text"}
				if !row.opener || row.merged { // the neighbour's report opened a case
					stay["他也问助餐"] = "cases.text"
				}
				for words, column := range stay {
					if all := w.where(words); !slices.Contains(all, column) {
						t.Errorf("the neighbour's %q went from %s and is in %v", words, column, all)
					}
				}
				if photos, err := document.Of(t.Context(), w.DB, w.d.Code, string(id)); err != nil || len(photos) != 1 {
					t.Errorf("%d pictures are left, want the neighbour's: %v", len(photos), err)
				}
				entries, err := trail.Of(t.Context(), w.DB, w.d.Code, string(id))
				w.must(err)
				w.must(trail.Verify(w.d.Code, string(id), entries))
			})
		})
	}
}

// shared makes one case of two reports.
func (w *town) shared(mine, theirs intake.Sending, opener, merged bool) (one, two intake.Receipt, id casework.ID) {
	w.t.Helper()
	first, second := mine, theirs
	if opener == merged { // what goes into another case came before it
		first, second = theirs, mine
	}
	a := w.passed(first)
	w.Clock.Advance(time.Minute)
	if merged {
		b := w.passed(second)
		w.write(func(tx *db.Tx) error {
			_, err := casework.Merge(w.t.Context(), tx, casework.Acting{District: w.d, By: w.actor("fanghua")}, a.Case.ID, b.Case.ID)
			return err
		})
		one, two, id = b, a, b.Case.ID
		if !opener {
			one, two = a, b
		}
		return one, two, id
	}
	second.Attach = a.Case.ID
	b := w.reports(second)
	if opener {
		return a, b, a.Case.ID
	}
	return b, a, a.Case.ID
}

// copyHolds asks for a copy of what one report holds.
func (w *town) copyHolds(r intake.Receipt, has, lacks string) {
	w.t.Helper()
	report, err := casework.ReportByID(w.t.Context(), w.DB, w.d.Code, r.Report)
	w.must(err)
	q, _ := w.granted(privacy.Asking{Kind: privacy.Copy, Subject: privacy.Sent(report, privacy.ByWord)}, "")
	b, err := w.k.Fetch(w.t.Context(), w.d, q.ID)
	w.must(err)
	var said []string
	for _, one := range b.Reports {
		for _, g := range one.Ratings {
			said = append(said, g.Text)
		}
	}
	if got := strings.Join(said, " "); !strings.Contains(got, has) || strings.Contains(got, lacks) {
		w.t.Errorf("the copy gives %q", got)
	}
}
