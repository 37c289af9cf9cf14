package evaluate_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
)

// store counts November and stores it.
func (w *world) store() error {
	res := w.compute("2026-11")
	return w.do(func(tx *db.Tx) error { return evaluate.Store(w.t.Context(), tx, w.as("supervisor", "u-centre"), res) })
}

func (w *world) lodge(a casework.Acting, ap evaluate.Appeal) (out evaluate.Appeal, err error) {
	err = w.do(func(tx *db.Tx) error {
		out, err = evaluate.LodgeAppeal(w.t.Context(), tx, a, ap)
		return err
	})
	return out, err
}

func (w *world) decide(a casework.Acting, id string, strike bool) error {
	return w.do(func(tx *db.Tx) error {
		_, err := evaluate.DecideAppeal(w.t.Context(), tx, a, id, strike, "情况属实")
		return err
	})
}

func (w *world) freeze() error {
	return w.do(func(tx *db.Tx) error {
		return evaluate.Freeze(w.t.Context(), tx, w.as("supervisor", "u-centre"), "2026-11")
	})
}

// figures are all stored figures of the subjects of the told month.
func (w *world) figures() map[evaluate.Subject]map[string]measure.Figure {
	w.t.Helper()
	s, err := evaluate.NewKeeper(w.DB).Scores(w.t.Context(), w.d, w.book, "2026-11")
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[evaluate.Subject]map[string]measure.Figure{}
	for _, of := range []evaluate.Subject{evaluate.District, "unit:u-shizheng", "unit:u-yuanlin", "unit:u-centre", "grid:" + theGrid, "community:990101001004"} {
		if all[of], err = s.Figures(w.t.Context(), of); err != nil {
			w.t.Fatal(err)
		}
	}
	return all
}

func (w *world) unchanged(why string) {
	w.t.Helper()
	differences, err := evaluate.Recompute(w.t.Context(), w.DB, w.d, "2026-11")
	if err != nil || len(differences) != 0 {
		w.t.Errorf("%s: %d differences, %v, want none: %+v", why, len(differences), err, differences)
	}
}

func TestWhatIsStoredIsWhatWasCounted(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		live := w.compute("2026-11")
		before := w.figures()
		if err := w.store(); err != nil {
			t.Fatal(err)
		}
		stored := w.figures()
		for s, figures := range before {
			if s.Kind() == evaluate.OfGrid || s.Kind() == evaluate.OfCommunity {
				continue // only what an assessment asks for is stored
			}
			if diff := cmp.Diff(figures, stored[s]); diff != "" {
				t.Errorf("%s (-live +stored)\n%s", s, diff)
			}
		}
		s, err := evaluate.NewKeeper(w.DB).Scores(t.Context(), w.d, w.book, "2026-11")
		if err != nil {
			t.Fatal(err)
		}
		lists := 0
		for _, i := range w.book.Indicators {
			got, err := s.Cases(t.Context(), "unit:u-shizheng", i.Name)
			if diff := cmp.Diff(live.Cases("unit:u-shizheng", i.Name), got); diff != "" || err != nil {
				t.Errorf("%s: %v (-live +stored)\n%s", i.Name, err, diff)
			}
			lists += len(got)
		}
		if lists == 0 {
			t.Error("no figure has a case behind it: the test proves nothing")
		}
		for _, a := range w.book.Assessments {
			got, err := s.Standings(t.Context(), a.Name)
			brief := cmp.Transformer("brief", func(x evaluate.Standing) [5]any {
				return [5]any{x.Subject, x.Group, x.Rank, x.Card.Score, x.Card.Grade}
			})
			if diff := cmp.Diff(live.Cards(a), got, brief); diff != "" || err != nil {
				t.Errorf("%s: %v (-live +stored)\n%s", a.Name, err, diff)
			}
		}
		w.unchanged("nothing was done since")
	})
}

func TestAStruckCaseChangesOneFigure(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		if err := w.store(); err != nil {
			t.Fatal(err)
		}
		before := w.figures()
		lead := w.as("unit-lead", "u-yuanlin")
		late := evaluate.Appeal{Period: "2026-11", Subject: "unit:u-yuanlin", Indicator: "timely-work", Case: "00000000-0000-7000-8000-000000000003", Reason: "材料断供，已报备"}
		ap, err := w.lodge(lead, late)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.freeze(); !errors.Is(err, errs.Conflict) {
			t.Errorf("freezing over an undecided appeal: %v, want a conflict", err)
		}
		for why, try := range map[string]func() error{
			"the same again":              func() error { _, err := w.lodge(lead, late); return err },
			"about another unit's figure": func() error { _, err := w.lodge(w.as("unit-lead", "u-shizheng"), late); return err },
			"by one who does not lead":    func() error { _, err := w.lodge(w.as("handler", "u-yuanlin"), late); return err },
			"without a reason":            func() error { x := late; x.Reason = " "; _, err := w.lodge(lead, x); return err },
			"about a case that is not in it": func() error {
				x := late
				x.Case = "00000000-0000-7000-8000-000000000001"
				_, err := w.lodge(lead, x)
				return err
			},
			"about a month not counted":        func() error { x := late; x.Period = "2026-10"; _, err := w.lodge(lead, x); return err },
			"decided by the unit's own":        func() error { return w.decide(w.as("leader", "u-yuanlin"), ap.ID, true) },
			"decided by one without the right": func() error { return w.decide(w.as("handler", "u-centre"), ap.ID, true) },
			"counted again over an appeal":     w.store,
		} {
			if err := try(); errs.KindOf(err) == "" {
				t.Errorf("%s: %v, want it refused", why, err)
			}
		}
		if err := w.decide(w.as("supervisor", "u-centre"), ap.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := w.decide(w.as("supervisor", "u-centre"), ap.ID, false); !errors.Is(err, errs.Conflict) {
			t.Errorf("deciding twice: %v, want a conflict", err)
		}
		after := w.figures()
		var changed []string
		for s := range before {
			for name := range before[s] {
				if before[s][name] != after[s][name] {
					changed = append(changed, string(s)+" "+name)
				}
			}
		}
		if diff := cmp.Diff([]string{"unit:u-yuanlin timely-work"}, changed); diff != "" {
			t.Errorf("changed figures (-want +got)\n%s", diff)
		}
		if f := after["unit:u-yuanlin"]["timely-work"]; f.Denominator != 0 || !f.Empty {
			t.Errorf("the figure whose only case was struck is %+v, want it empty", f)
		}
		w.unchanged("a struck case is left out of both counts")
		if err := w.freeze(); err != nil {
			t.Errorf("freezing when all is decided: %v", err)
		}
		if acts := slices.Sorted(maps.Keys(w.acts("period:2026-11"))); !slices.Equal(acts, []string{"appealed", "counted", "frozen", "struck"}) {
			t.Errorf("the period's trail says %v", acts)
		}
	})
}

func (w *world) acts(subject string) map[string]int {
	w.t.Helper()
	all := map[string]int{}
	err := db.Scan(w.t.Context(), w.DB, func(rows db.Rows) error {
		var act string
		err := rows.Scan(&act)
		all[act]++
		return err
	}, "select act from trail where district = $1 and subject = $2", w.d.Code, subject)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// What happens after a period is over, or is written about it later, does not
// change what was frozen, and a fresh count of it still comes out the same.
func TestLateEditsChangeNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		if err := w.store(); err != nil {
			t.Fatal(err)
		}
		if err := w.freeze(); err != nil {
			t.Fatal(err)
		}
		before := w.figures()
		// Case 1 is opened again in December, given to another unit and voided.
		late := &tale{w: w, id: "00000000-0000-7000-8000-000000000001", seq: 6, tasks: 5, round: 2, grid: theGrid, receiver: "u-centre", due: on("12-09 09:00"), since: on("12-02 09:00")}
		late.add(on("12-02 09:00"), "reopen", "closed", "", map[string]string{"to": "handle", "to-unit": "u-chengguan"})
		late.closes(on("12-03 08:00"), "close", "review", "u-centre", "", late.due, map[string]string{"ended": "rejected"})
		w.told()
		if diff := cmp.Diff(before, w.figures()); diff != "" {
			t.Errorf("frozen figures changed (-before +after)\n%s", diff)
		}
		w.unchanged("what December did is December's")
		for why, err := range map[string]error{
			"counting it again": w.store(),
			"freezing it again": w.freeze(),
			"a late review": w.do(func(tx *db.Tx) error {
				return evaluate.EnterReview(t.Context(), tx, w.as("leader", "u-centre"), evaluate.Review{Period: "2026-11", Unit: "u-shizheng", Body: evaluate.Media, Score: 3})
			}),
			"a late appeal": func() error {
				_, err := w.lodge(w.as("unit-lead", "u-shizheng"), evaluate.Appeal{Period: "2026-11", Subject: "unit:u-shizheng", Indicator: "closing", Case: "00000000-0000-7000-8000-000000000001", Reason: "晚了"})
				return err
			}(),
		} {
			if !errors.Is(err, errs.Conflict) {
				t.Errorf("%s: %v, want a conflict", why, err)
			}
		}
		// A trail that was tampered with shows.
		dbtest.Unguard(t, w.DB)
		err := w.do(func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update trail set detail = replace(detail, '\"rating\":\"5\"', '\"rating\":\"1\"') where act = 'content' and subject = $1",
				"00000000-0000-7000-8000-000000000001")
		})
		if err != nil {
			t.Fatal(err)
		}
		differences, err := evaluate.Recompute(t.Context(), w.DB, w.d, "2026-11")
		if err != nil || len(differences) == 0 {
			t.Errorf("a changed rating: %d differences, %v, want some", len(differences), err)
		}
	})
}

func TestReviewsAreTheirMean(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		enter := func(a casework.Acting, r evaluate.Review) error {
			return w.do(func(tx *db.Tx) error { return evaluate.EnterReview(t.Context(), tx, a, r) })
		}
		leader, good := w.as("leader", "u-centre"), evaluate.Review{Period: "2026-11", Unit: "u-shizheng", Body: evaluate.Congress, Score: 80}
		if err := enter(leader, good); err != nil {
			t.Fatal(err)
		}
		if err := w.store(); err != nil {
			t.Fatal(err)
		}
		if f := w.figures()["unit:u-shizheng"]["deputies-review"]; f.Value != 80 || f.Denominator != 1 {
			t.Errorf("one review: %+v, want 80 of 1", f)
		}
		before := w.score(t, "departments", "unit:u-shizheng")
		good.Body, good.Score = evaluate.Consultative, 91
		if err := enter(leader, good); err != nil {
			t.Fatal(err)
		}
		if f := w.figures()["unit:u-shizheng"]["deputies-review"]; f.Value != 85.5 || f.Denominator != 2 {
			t.Errorf("a second one while preliminary: %+v, want 85.5 of 2", f)
		}
		if after := w.score(t, "departments", "unit:u-shizheng"); after <= before {
			t.Errorf("the card went from %g to %g, want it higher", before, after)
		}
		for why, bad := range map[string]evaluate.Review{
			"above 100":       {Period: "2026-11", Unit: "u-shizheng", Body: evaluate.Media, Score: 101},
			"nobody's":        {Period: "2026-11", Unit: "u-shizheng", Body: "passers-by", Score: 50},
			"an unknown unit": {Period: "2026-11", Unit: "u-nowhere", Body: evaluate.Media, Score: 50},
			"no period":       {Period: "lately", Unit: "u-shizheng", Body: evaluate.Media, Score: 50},
		} {
			if err := enter(leader, bad); !errors.Is(err, errs.Invalid) {
				t.Errorf("%s: %v, want it invalid", why, err)
			}
		}
		if err := enter(w.as("handler", "u-shizheng"), good); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a handler's: %v, want it forbidden", err)
		}
		w.unchanged("reviews are counted from their table")
	})
}

func (w *world) score(t *testing.T, assessment string, of evaluate.Subject) float64 {
	t.Helper()
	s, err := evaluate.NewKeeper(w.DB).Scores(t.Context(), w.d, w.book, "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Standings(t.Context(), assessment)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Subject == of {
			return one.Card.Score
		}
	}
	t.Fatalf("%s has no card in %s", of, assessment)
	return 0
}

func TestAMonthMustBeOver(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		res := w.compute("2026-12")
		err := w.do(func(tx *db.Tx) error { return evaluate.Store(t.Context(), tx, w.as("supervisor", "u-centre"), res) })
		if !errors.Is(err, errs.Conflict) {
			t.Errorf("storing a month that runs: %v, want a conflict", err)
		}
		if _, err := evaluate.Compute(t.Context(), w.DB, w.d, w.book, "2027-01", w.Now()); !errors.Is(err, errs.Invalid) {
			t.Errorf("counting a month to come: %v, want it invalid", err)
		}
		res = w.compute("2026-11")
		err = w.do(func(tx *db.Tx) error { return evaluate.Store(t.Context(), tx, w.as("handler", "u-centre"), res) })
		if !errors.Is(err, errs.Forbidden) {
			t.Errorf("storing by a handler: %v, want it forbidden", err)
		}
	})
}
