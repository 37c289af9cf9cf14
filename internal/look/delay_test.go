package look_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/look"
	"linli/internal/trail"
)

// investigates is a look for a purpose that a law lets wait.
func (w *town) investigates(login string) look.Look {
	w.t.Helper()
	a := w.asking(login)
	a.Purpose, a.Kind = "investigation", look.ByLaw
	return w.sees(a).Look
}

// delays is what a handler asks who investigates.
func (w *town) delays(l look.Look, until time.Time) look.DelayAsking {
	return look.DelayAsking{District: w.d, By: w.actor("heyong"), Look: l.ID, Law: "监察法第二十五条", Reason: "现在告诉本人会走漏消息", Until: until}
}

func (w *town) asks(a look.DelayAsking) (y look.Delay, err error) {
	err = w.DB.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		y, err = look.AskDelay(w.t.Context(), tx, a)
		return err
	})
	return y, err
}

func (w *town) decides(login string, y look.Delay, grant bool) error {
	return w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := look.DecideDelay(w.t.Context(), tx, w.d, w.actor(login), y.ID, grant, "情况属实")
		return err
	})
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestALookIsHeldBackAndThenTold(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		start := w.Clock.Now()
		w.sees(w.asking("heyong")) // an ordinary look beside it
		l := w.investigates("heyong")
		if n := len(w.ledger(w.report)); n != 2 {
			t.Fatalf("the person sees %d looks before a delay is asked for, want 2", n)
		}
		y, err := w.asks(w.delays(l, start.AddDate(0, 3, 0)))
		w.must(err)
		if n := len(w.ledger(w.report)); n != 1 {
			t.Errorf("while nobody has decided the person sees %d looks, want the other one", n)
		}
		w.must(w.decides("linwang", y, true))
		w.later(2 * 24 * time.Hour)
		if n := len(w.ledger(w.report)); n != 1 {
			t.Errorf("while the delay runs the person sees %d looks, want the other one", n)
		}
		w.Clock.Set(start.AddDate(0, 3, 0))
		lines := w.ledger(w.report)
		if len(lines) != 2 {
			t.Fatalf("after the delay the person sees %d looks, want 2", len(lines))
		}
		at := slices.IndexFunc(lines, func(l look.Line) bool { return l.Held != nil })
		if at < 0 || !lines[at].Held.Granted || lines[at].Held.Law != "监察法第二十五条" || !lines[at].Held.Until.Equal(start.AddDate(0, 3, 0)) || lines[at].Held.Unit.IsZero() {
			t.Fatalf("that it was held back is told as %+v", lines)
		}
		if lines[1-at].Held != nil {
			t.Errorf("the ordinary look says it was held back: %+v", lines[1-at])
		}
		entries, err := trail.Of(t.Context(), w.DB, w.d.Code, trail.Chain(trail.Looks, w.report))
		w.must(err)
		var acts []string
		for _, e := range entries {
			acts = append(acts, e.Act)
		}
		if got, want := strings.Join(acts, " "), "look look delay-asked delay-granted"; got != want {
			t.Errorf("the trail: %s, want %s", got, want)
		}
		all, err := look.Delays(t.Context(), w.DB, w.d.Code, start)
		if err != nil || len(all) != 1 || all[0].Of.ID != l.ID || all[0].State != look.Granted {
			t.Errorf("the auditor sees %+v, %v", all, err)
		}
	})
}

func TestADelayNobodyDecidedOnIsOverInADay(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		l := w.investigates("heyong")
		y, err := w.asks(w.delays(l, w.Clock.Now().AddDate(0, 1, 0)))
		w.must(err)
		w.later(24*time.Hour - time.Second)
		if n := len(w.ledger(w.report)); n != 0 {
			t.Errorf("within the day the person sees %d looks", n)
		}
		w.later(time.Second)
		if lines := w.ledger(w.report); len(lines) != 1 || lines[0].Held == nil || lines[0].Held.Granted {
			t.Errorf("after the day: %+v", lines)
		}
		if err := w.decides("linwang", y, true); !errors.Is(err, errs.Conflict) {
			t.Errorf("granted after the person could see it: %v", err)
		}
	})
}

func TestARefusedDelayIsTold(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		y, err := w.asks(w.delays(w.investigates("heyong"), w.Clock.Now().AddDate(0, 1, 0)))
		w.must(err)
		w.must(w.decides("linwang", y, false))
		if lines := w.ledger(w.report); len(lines) != 1 || lines[0].Held == nil || lines[0].Held.Granted {
			t.Errorf("refused: %+v", lines)
		}
		if err := w.decides("linwang", y, true); !errors.Is(err, errs.Conflict) {
			t.Errorf("granted after it was refused: %v", err)
		}
	})
}

func TestADelayIsProlongedOnce(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		start := w.Clock.Now()
		l := w.investigates("heyong")
		first := start.AddDate(0, 6, 0)
		y, err := w.asks(w.delays(l, first))
		w.must(err)
		if _, err := w.asks(w.delays(l, first.AddDate(0, 1, 0))); !errors.Is(err, errs.Conflict) {
			t.Errorf("prolonged before it was granted: %v", err)
		}
		w.must(w.decides("linwang", y, true))
		w.Clock.Set(first.AddDate(0, 0, -3))
		second := first.AddDate(0, 6, 0)
		y, err = w.asks(w.delays(l, second))
		w.must(err)
		w.must(w.decides("linwang", y, true))
		w.Clock.Set(second.Add(-time.Second))
		if n := len(w.ledger(w.report)); n != 0 {
			t.Errorf("while it runs the person sees %d looks", n)
		}
		if _, err := w.asks(w.delays(l, second.AddDate(0, 1, 0))); !errors.Is(err, errs.Conflict) {
			t.Errorf("prolonged twice: %v", err)
		}
		w.Clock.Set(second)
		if lines := w.ledger(w.report); len(lines) != 1 || !lines[0].Held.Until.Equal(second) {
			t.Errorf("after both: %+v", lines)
		}
	})
}

func TestADelayRefuses(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		now := w.Clock.Now()
		ordinary := w.sees(w.asking("heyong")).Look
		l := w.investigates("heyong")
		ok := w.delays(l, now.AddDate(0, 1, 0))
		for _, row := range []struct {
			why   string
			turn  func(*look.DelayAsking)
			kind  errs.Kind
			field string
		}{
			{"calling back is told at once", func(a *look.DelayAsking) { a.Look = ordinary.ID }, errs.Forbidden, ""},
			{"somebody else's look", func(a *look.DelayAsking) { a.By = w.actor("guoyan") }, errs.NotFound, ""},
			{"no such look", func(a *look.DelayAsking) { a.Look = "0190" }, errs.NotFound, ""},
			{"more than six months", func(a *look.DelayAsking) { a.Until = now.AddDate(0, 6, 1) }, errs.Invalid, "until"},
			{"a day that is past", func(a *look.DelayAsking) { a.Until = now }, errs.Invalid, "until"},
			{"no law", func(a *look.DelayAsking) { a.Law = " " }, errs.Invalid, "law"},
			{"no reason", func(a *look.DelayAsking) { a.Reason = "" }, errs.Invalid, "reason"},
		} {
			a := ok
			row.turn(&a)
			_, err := w.asks(a)
			if each := errs.Each(err); !errors.Is(err, row.kind) || each[0].Field != row.field {
				t.Errorf("%s: %v, want %s at %q", row.why, err, row.kind, row.field)
			}
		}
		y, err := w.asks(ok)
		w.must(err)
		for _, row := range []struct{ why, login string }{
			{"whoever asked does not decide", "heyong"},
			{"a supervisor has no right to", "zhouhui"},
		} {
			if err := w.decides(row.login, y, true); !errors.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", row.why, err)
			}
		}
		if err := w.decides("suming", y, true); !errors.Is(err, errs.NotFound) {
			t.Errorf("an administrator sees no case: %v", err)
		}
		old := w.investigates("heyong")
		w.later(24 * time.Hour)
		if _, err := w.asks(w.delays(old, w.Clock.Now().AddDate(0, 1, 0))); !errors.Is(err, errs.Conflict) {
			t.Errorf("a day after the look: %v", err)
		}
	})
}

func TestTwoDecisionsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		y, err := w.asks(w.delays(w.investigates("heyong"), w.Clock.Now().AddDate(0, 1, 0)))
		w.must(err)
		var both sync.WaitGroup
		failed := make([]error, 2)
		for i := range failed {
			both.Go(func() { failed[i] = w.decides("linwang", y, i == 0) })
		}
		both.Wait()
		if (failed[0] == nil) == (failed[1] == nil) || !errors.Is(errors.Join(failed...), errs.Conflict) {
			t.Errorf("both: %v and %v", failed[0], failed[1])
		}
	})
}

func TestTwoAskingsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		a := w.delays(w.investigates("heyong"), w.Clock.Now().AddDate(0, 1, 0))
		var both sync.WaitGroup
		failed := make([]error, 2)
		for i := range failed {
			both.Go(func() { _, failed[i] = w.asks(a) })
		}
		both.Wait()
		if (failed[0] == nil) == (failed[1] == nil) || !errors.Is(errors.Join(failed...), errs.Conflict) {
			t.Errorf("both: %v and %v", failed[0], failed[1])
		}
	})
}

func TestMineDelayable(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	w.sees(w.asking("heyong"))
	l := w.investigates("heyong")
	mine := func() []look.Look {
		all, err := look.MineDelayable(t.Context(), w.DB, w.d.Code, l.Person, []string{"investigation", "hand-over"}, w.Clock.Now())
		w.must(err)
		return all
	}
	if all := mine(); len(all) != 1 || all[0].ID != l.ID {
		t.Errorf("a delay may be asked for %+v", all)
	}
	_, err := w.asks(w.delays(l, w.Clock.Now().AddDate(0, 1, 0)))
	w.must(err)
	if all := mine(); len(all) != 0 {
		t.Errorf("asked for already: %+v", all)
	}
}
