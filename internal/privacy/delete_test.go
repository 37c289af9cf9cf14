package privacy_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/look"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/retain"
	"linli/internal/trail"
)

// unique is a name that nothing else in the invented district holds.
const unique = "欧阳鹮翎"

// TestDelete seeds a name wherever a name can come to stand, deletes, and looks
// for it in every column of every table and in every file.
func TestDelete(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.reports(intake.Sending{Matter: "d-consult", Name: unique, Phone: string(phone), Text: "我是" + unique + "，住桂香路。", Address: unique + "家门口"})
		ask := look.Asking{District: w.d, By: w.actor(acceptor), Case: r.Case.ID, Report: r.Report, Fields: []string{fields.Phone}, Purpose: look.Reaching, Kind: look.Other, Reason: "给" + unique + "回电话"}
		if _, err := look.Reveal(t.Context(), w.DB, w.Vault, ask); err != nil {
			t.Fatal(err)
		}
		w.Due()
		w.answered(r.Case.ID, unique+"您好，已经答复。")
		if n := w.holds(unique); n < 4 {
			t.Fatalf("the name stands in %d columns: the test looks at nothing", n)
		}
		q, sent := w.granted(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)}, "")
		w.Due()
		w.holdsNo(unique)
		w.holdsNo(string(phone))
		w.holdsNo(w.wang.PhoneIndex)
		w.findsNo(unique)
		if _, err := w.House.Residents.ByID(t.Context(), w.DB, w.d.Code, w.wang.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the account is still there: %v", err)
		}
		report, err := privacy.Word(t.Context(), w.DB, w.d.Code, sent.Case.Number, sent.Word)
		if err != nil || report.ID != q.Report {
			t.Errorf("the answer can no longer be read by number and secret word: %v", err)
		}
		w.verifies(string(r.Case.ID), trail.Chain(trail.Looks, r.Report), trail.Chain(trail.Privacy, string(q.ID)))
		c, err := casework.ByID(t.Context(), w.DB, w.d.Code, r.Case.ID)
		w.must(err)
		if c.Matter != "d-consult" || c.State != casework.Answered || c.OpenedAt != r.Case.OpenedAt {
			t.Errorf("the case lost what is counted: %+v", c)
		}
	})
}

// TestDeleteWaits refuses while a case runs, can be appealed or is held, and does
// it afterwards.
func TestDeleteWaits(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.reports(intake.Sending{Matter: "d-consult", Name: unique, Phone: string(phone)})
		q, _ := w.asks(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)})
		w.must(w.decides(q, privacy.Decision{Grant: true}))
		stays := func(why string, want privacy.Law) {
			t.Helper()
			p, err := privacy.PlanOf(t.Context(), w.DB, w.d, q, w.DB.Now())
			w.must(err)
			if len(p.Stays) != 1 || p.Stays[0].Law != want {
				t.Errorf("%s: %+v", why, p.Stays)
			}
			kind(t, w.carries(q, ""), errs.Conflict)
		}
		stays("under way", privacy.UnderWay)
		w.does(acceptor, r.Case.ID, procedure.Move{Action: "answer", Answer: "已经答复。"})
		stays("can still be appealed", privacy.UnderWay)
		w.Clock.Advance(30 * 24 * time.Hour)
		w.d = w.District()
		var hold retain.HoldID
		w.write(func(tx *db.Tx) (err error) {
			hold, err = retain.Put(t.Context(), tx, w.d, w.actor("linwang"), retain.Hold{Kind: retain.OfPerson, Ref: w.wang.PhoneIndex, Why: "诉讼", Basis: "民事诉讼法第六十七条", Until: tx.Now.Add(24 * time.Hour)})
			return err
		})
		stays("on hold", privacy.OnHold)
		w.write(func(tx *db.Tx) error { return retain.Lift(t.Context(), tx, w.d, w.actor("linwang"), hold, "结案") })
		w.must(w.carries(q, ""))
		report, err := casework.ReportByID(t.Context(), w.DB, w.d.Code, r.Report)
		w.must(err)
		if report.Name != "" || report.PhoneIndex != "" || report.Text != casework.GoneByRight {
			t.Errorf("the report still holds %+v", report)
		}
	})
}

// TestDeleteLeavesOthers takes nothing of a neighbour who joined the same case.
func TestDeleteLeavesOthers(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		first := w.reports(intake.Sending{Matter: "d-consult", Name: "李大山", Phone: string(other), Text: "公交几点末班？"})
		mine := w.reports(intake.Sending{Name: unique, Phone: string(phone), Attach: first.Case.ID, Text: "我也想知道。"})
		w.answered(first.Case.ID, "晚上九点半。")
		w.granted(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)}, "")
		theirs, err := casework.ReportByID(t.Context(), w.DB, w.d.Code, first.Report)
		w.must(err)
		gone, err := casework.ReportByID(t.Context(), w.DB, w.d.Code, mine.Report)
		w.must(err)
		if theirs.Text != "公交几点末班？" || theirs.Name == "" {
			t.Errorf("the neighbour's report lost %+v", theirs)
		}
		if gone.Name != "" || gone.Text != casework.GoneByRight {
			t.Errorf("the person's own report still holds %+v", gone)
		}
	})
}

// columns are those of every table, as table and column.
func (w *town) columns() [][2]string {
	list := "select table_name, column_name from information_schema.columns where table_schema = 'public'"
	if w.DB.Engine() == db.SQLite {
		list = `select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' and t.name not like 'case\_text%' escape '\'`
	}
	all, err := db.All(w.t.Context(), w.DB, func(c *[2]string) []any { return []any{&c[0], &c[1]} }, list)
	w.must(err)
	return all
}

// holds counts the columns in which a word stands.
func (w *town) holds(word string) (n int) {
	w.t.Helper()
	for range w.where(word) {
		n++
	}
	return n
}

func (w *town) where(word string) (all []string) {
	w.t.Helper()
	for _, c := range w.columns() {
		if w.DB.Engine() == db.Postgres && c[0] == "case_text" {
			continue
		}
		n, err := db.Value[int](w.t.Context(), w.DB, "select count(*) from "+c[0]+" where cast("+c[1]+" as text) like $1", "%"+word+"%")
		w.must(err)
		if n > 0 {
			all = append(all, c[0]+"."+c[1])
		}
	}
	return all
}

// holdsNo looks for a word in every column and every file.
func (w *town) holdsNo(word string) {
	w.t.Helper()
	if all := w.where(word); len(all) > 0 {
		w.t.Errorf("%s still stands in %s", word, strings.Join(all, ", "))
	}
	w.must(fs.WalkDir(os.DirFS(w.files), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(w.files), path)
		if strings.Contains(string(data), word) {
			w.t.Errorf("%s stands in the file %s", word, path)
		}
		return err
	}))
}

// findsNo searches for a word as staff do.
func (w *town) findsNo(word string) {
	w.t.Helper()
	p, err := casework.List(w.t.Context(), w.DB, w.d, casework.Filter{Text: word}, w.DB.Now(), "", 10)
	w.must(err)
	if len(p.Rows) > 0 {
		w.t.Errorf("a search finds %s in %s", word, p.Rows[0].Number)
	}
}

// verifies holds that trails are whole after words were erased.
func (w *town) verifies(subjects ...string) {
	w.t.Helper()
	for _, s := range subjects {
		entries, err := trail.Of(w.t.Context(), w.DB, w.d.Code, s)
		w.must(err)
		if len(entries) == 0 {
			w.t.Errorf("the trail of %s is empty", s)
		}
		if err := trail.Verify(w.d.Code, s, entries); err != nil {
			w.t.Errorf("the trail of %s: %v", s, err)
		}
	}
}
