package privacy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/look"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/resident"
)

// TestCopy gives a person what is held of them, once, and of nobody else.
func TestCopy(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		mine := w.reports(intake.Sending{Name: "王小雨", Phone: string(phone), Text: "楼道的灯坏了，我腿脚不便。"})
		joined := w.reports(intake.Sending{Name: "李大山", Phone: string(other), Attach: mine.Case.ID, Text: "我家在三楼，也看不见。"})
		secret := w.reports(intake.Sending{Phone: string(phone), Matter: "d-report", Text: "有人收钱。"})
		q, r := w.granted(privacy.Asking{Kind: privacy.Copy, Subject: privacy.Account(w.wang)}, "")
		b, err := w.k.Fetch(t.Context(), w.d, q.ID)
		w.must(err)
		text, err := json.Marshal(b)
		w.must(err)
		for _, want := range []string{"王小雨", string(phone), "腿脚不便", mine.Case.Number, r.Case.Number, `"kind":"copy"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("the copy lacks %s", want)
			}
		}
		for _, not := range []string{"李大山", string(other), "三楼", secret.Case.Number} {
			if strings.Contains(string(text), not) {
				t.Errorf("the copy holds %s, which is another's, or was sent in secret", not)
			}
		}
		_, err = w.k.Fetch(t.Context(), w.d, q.ID)
		kind(t, err, errs.NotFound)
		c, err := casework.ByID(t.Context(), w.DB, w.d.Code, q.Case)
		w.must(err)
		if c.State != casework.Answered {
			t.Errorf("the case of the request is %s", c.State)
		}
		if joined.Case.ID != mine.Case.ID {
			t.Error("the other's report made a case of its own: the test looks at nothing")
		}
	})
}

// TestCopyExpires empties a copy nobody fetched in a week.
func TestCopyExpires(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.reports(intake.Sending{Name: "王小雨", Phone: string(phone)})
		q, _ := w.granted(privacy.Asking{Kind: privacy.Copy, Subject: privacy.Account(w.wang)}, "")
		w.Clock.Advance(privacy.CopyLives + time.Minute)
		_, err := w.k.Fetch(t.Context(), w.d, q.ID)
		kind(t, err, errs.NotFound)
		w.Due()
		n, err := db.Value[int](t.Context(), w.DB, "select count(*) from data_copies where body <> ''")
		w.must(err)
		if n != 0 {
			t.Error("the copy is kept after its week")
		}
	})
}

// TestDeedOnly holds that no plain action says that a request was granted or
// carried out.
func TestDeedOnly(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		q, _ := w.asks(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)})
		tasks, err := casework.Tasks(t.Context(), w.DB, w.d.Code, q.Case)
		w.must(err)
		m := procedure.Move{Action: "grant", Task: tasks[len(tasks)-1].ID}
		err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := casework.Act(t.Context(), tx, w.leader(), q.Case, m)
			return err
		})
		kind(t, err, errs.Invalid)
		kind(t, w.carries(q, ""), errs.Conflict)
		_, err = w.k.Decide(t.Context(), casework.Acting{District: w.d, By: w.actor(acceptor)}, q.ID, privacy.Decision{Grant: true})
		kind(t, err, errs.Forbidden)
		w.must(w.decides(q, privacy.Decision{Grant: true}))
		kind(t, w.decides(q, privacy.Decision{Grant: true}), errs.Conflict)
	})
}

// TestAskRefuses has a row for each thing that is not asked rightly.
func TestAskRefuses(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		me := privacy.Account(w.wang)
		for _, row := range []struct {
			why  string
			ask  privacy.Asking
			want error
		}{
			{"there is no such kind", privacy.Asking{Kind: "sell", Subject: me}, errs.Invalid},
			{"nobody knows whose data", privacy.Asking{Kind: privacy.Copy}, errs.Invalid},
			{"an explanation of nothing", privacy.Asking{Kind: privacy.Explain, Subject: me}, errs.Invalid},
			{"a masked name is nobody's", privacy.Asking{Kind: privacy.Correct, Subject: me, Field: fields.Name, Value: "王*"}, errs.Invalid},
			{"a new number is shown by signing in with it", privacy.Asking{Kind: privacy.Correct, Subject: me, Field: fields.Phone, Value: string(other)}, errs.Invalid},
			{"no field to correct", privacy.Asking{Kind: privacy.Correct, Subject: me, Value: "王小雨"}, errs.Invalid},
			{"too many words", privacy.Asking{Kind: privacy.Explain, Subject: me, Words: strings.Repeat("问", 1001)}, errs.Invalid},
			{"broken letters", privacy.Asking{Kind: privacy.Explain, Subject: me, Words: "\xff"}, errs.Invalid},
		} {
			row.ask.Channel, row.ask.Lang = intake.Portal, lang.ZH
			if _, _, err := w.k.Ask(t.Context(), w.d, row.ask); !isKind(err, row.want) {
				t.Errorf("%s: got %v, want %v", row.why, err, row.want)
			}
		}
		w.asks(privacy.Asking{Kind: privacy.Copy, Subject: me})
		_, _, err := w.k.Ask(t.Context(), w.d, privacy.Asking{Kind: privacy.Copy, Subject: me, Channel: intake.Portal, Lang: lang.ZH})
		kind(t, err, errs.Conflict)
	})
}

func isKind(err, want error) bool { return errs.KindOf(err) == want }

// TestCorrect leaves the old name nowhere.
func TestCorrect(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.reports(intake.Sending{Name: "汪小语", Phone: string(phone)})
		w.granted(privacy.Asking{Kind: privacy.Correct, Subject: privacy.Account(w.wang), Field: fields.Name, Value: "王小雨"}, "")
		report, err := casework.ReportByID(t.Context(), w.DB, w.d.Code, r.Report)
		w.must(err)
		name, err := w.Vault.Reveal(w.d.Code, casework.NameField, report.Name)
		w.must(err)
		if name != "王小雨" {
			t.Errorf("the report has the name %s", name)
		}
		me, err := w.House.Residents.ByID(t.Context(), w.DB, w.d.Code, w.wang.ID)
		w.must(err)
		if me.Name != "王小雨" {
			t.Errorf("the account has the name %s", me.Name)
		}
		w.holdsNo("汪小语")
	})
}

// TestCorrectPhone puts the right number on one report, by its secret word.
func TestCorrectPhone(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.reports(intake.Sending{Name: "王小雨", Phone: string(other)})
		_, err := privacy.Word(t.Context(), w.DB, w.d.Code, r.Case.Number, "wrongwords")
		kind(t, err, errs.NotFound)
		report, err := privacy.Word(t.Context(), w.DB, w.d.Code, r.Case.Number, r.Word)
		w.must(err)
		w.granted(privacy.Asking{Kind: privacy.Correct, Subject: privacy.Sent(report, privacy.ByWord), Field: fields.Phone, Value: string(phone)}, "")
		mine, err := casework.OwnReports(t.Context(), w.DB, w.d.Code, w.wang.PhoneIndex, w.wang.From, w.wang.To, 10)
		w.must(err)
		if len(mine) != 1 || mine[0].Report.ID != r.Report {
			t.Errorf("the account has %d reports, want the one whose number was corrected", len(mine))
		}
	})
}

// TestObject shows the report for purposes of law alone.
func TestObject(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r := w.reports(intake.Sending{Name: "王小雨", Phone: string(phone)})
		ask := look.Asking{District: w.d, By: w.actor(acceptor), Case: r.Case.ID, Report: r.Report, Fields: []string{fields.Phone}, Purpose: look.Reaching, Kind: look.ToAsk}
		if _, err := look.Reveal(t.Context(), w.DB, w.Vault, ask); err != nil {
			t.Fatalf("before the objection: %v", err)
		}
		w.granted(privacy.Asking{Kind: privacy.Object, Subject: privacy.Account(w.wang)}, "")
		_, err := look.Reveal(t.Context(), w.DB, w.Vault, ask)
		kind(t, err, errs.Forbidden)
		ask.Purpose = "emergency"
		if _, err := look.Reveal(t.Context(), w.DB, w.Vault, ask); err != nil {
			t.Errorf("in an emergency: %v", err)
		}
	})
}

// TestRefusal tells the law and where to complain.
func TestRefusal(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		q, _ := w.asks(privacy.Asking{Kind: privacy.Delete, Subject: privacy.Account(w.wang)})
		kind(t, w.decides(q, privacy.Decision{Reason: "不行"}), errs.Invalid)
		kind(t, w.decides(q, privacy.Decision{Law: privacy.UnderWay}), errs.Invalid)
		w.must(w.decides(q, privacy.Decision{Law: privacy.UnderWay, Reason: "路灯还没修好。"}))
		w.Due()
		text, err := db.All(t.Context(), w.DB, func(s *string) []any { return []any{s} }, "select text_zh from messages where case_id = $1 and report_id = $2 order by at", string(q.Case), q.Report)
		w.must(err)
		all := strings.Join(text, "\n")
		for _, want := range []string{"路灯还没修好", "第四十七条", "网信部门"} {
			if !strings.Contains(all, want) {
				t.Errorf("the person is not told %s: %s", want, all)
			}
		}
	})
}

// TestConsents are given and withdrawn at once, and withdrawn all on request.
func TestConsents(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		me := privacy.OfResident(w.wang.ID)
		set := func(give bool, name string) {
			w.write(func(tx *db.Tx) error {
				if give {
					return privacy.Give(t.Context(), tx, w.d, me, name, privacy.BySelf, procedure.Actor{})
				}
				return privacy.Take(t.Context(), tx, w.d, me, name, procedure.Actor{})
			})
		}
		has := func(name string, want bool) {
			t.Helper()
			if got, err := privacy.Consents(t.Context(), w.DB, w.d.Code, me, name); err != nil || got != want {
				t.Errorf("consents to %s: %t (%v), want %t", name, got, err, want)
			}
		}
		set(true, "survey")
		set(true, "survey")
		has("survey", true)
		set(false, "survey")
		has("survey", false)
		set(true, "survey")
		set(true, "publish")
		w.granted(privacy.Asking{Kind: privacy.Withdraw, Subject: privacy.Account(w.wang)}, "")
		has("survey", false)
		has("publish", false)
		all, err := privacy.ConsentsOf(t.Context(), w.DB, w.d.Code, me)
		w.must(err)
		if len(all) != 3 {
			t.Errorf("the history has %d rows, want 3: what was withdrawn stays on record", len(all))
		}
	})
}

// TestNotices are new until they were shown in their present version.
func TestNotices(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		me := privacy.OfResident(w.wang.ID)
		for n, want := range []bool{true, false, false} {
			got, err := privacy.News(t.Context(), w.DB, w.d, me, "report")
			if err != nil || got != want {
				t.Errorf("visit %d: new %t (%v), want %t", n, got, err, want)
			}
			w.write(func(tx *db.Tx) error { return privacy.Shown(t.Context(), tx, w.d, me, "report") })
		}
		all, err := privacy.TellingsOf(t.Context(), w.DB, w.d.Code, me)
		w.must(err)
		if len(all) != 1 || all[0].Version != 1 {
			t.Errorf("on record: %+v", all)
		}
	})
}

// TestAtCounter knows somebody by number and paper, with an account or without.
func TestAtCounter(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		s, err := w.k.Seen(t.Context(), w.DB, w.d.Code, phone, resident.IDCards, w.DB.Now())
		w.must(err)
		if s.Resident != w.wang.ID {
			t.Errorf("the account of the number was not found: %+v", s)
		}
		if s, err = w.k.Seen(t.Context(), w.DB, w.d.Code, other, resident.IDCards, w.DB.Now()); err != nil || s.Resident != "" || s.PhoneIndex == "" {
			t.Errorf("a number without an account: %+v, %v", s, err)
		}
		_, err = w.k.Seen(t.Context(), w.DB, w.d.Code, ident.Phone("12"), resident.IDCards, w.DB.Now())
		kind(t, err, errs.Invalid)
	})
}
