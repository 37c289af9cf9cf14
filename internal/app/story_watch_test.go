package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/evaluate"
	"linli/internal/sheet"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// urges is LOGIN urges A reason='…' unit=U: by hand; without a unit, the one
// that has the case.
func urges(s *story, login string, w words) error {
	return s.gives(login, w, supervise.Urge)
}

// orders is LOGIN orders A reason='…' form=listed within='1 working-days' unit=U.
func orders(s *story, login string, w words) error {
	return s.gives(login, w, supervise.GiveOrder)
}

func (s *story) gives(login string, w words, give func(context.Context, *db.Tx, casework.Acting, casework.ID, supervise.Giving) (supervise.Order, error)) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	g := supervise.Giving{Unit: w.named["unit"], Reason: w.named["reason"], Form: w.named["form"]}
	if g.Within, err = within(w); err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := give(context.Background(), tx, a, c.ID, g)
		return err
	})
}

func within(w words) (clock.Limit, error) {
	if w.named["within"] == "" {
		return clock.Limit{}, nil
	}
	return clock.ParseLimit(w.named["within"])
}

// order is the last order about a case that an answer can end.
func (s *story) order(w words) (o supervise.Order, err error) {
	c, err := s.of(w.word(0))
	if err != nil {
		return o, err
	}
	all, err := supervise.OrdersOf(context.Background(), s.DB, s.District(), c.ID)
	if err != nil {
		return o, err
	}
	all = slices.DeleteFunc(all, func(o supervise.Order) bool { return o.State == supervise.Told })
	if len(all) == 0 {
		return o, fmt.Errorf("nothing was ordered about %s", w.word(0))
	}
	return all[len(all)-1], nil
}

func (s *story) onOrder(login string, w words, do func(*db.Tx, casework.Acting, supervise.OrderID) (supervise.Order, error)) error {
	o, err := s.order(w)
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := do(tx, a, o.ID)
		return err
	})
}

// answers is LOGIN answers A text='…': the order, or what the unit is held to
// account for.
func answers(s *story, login string, w words) error {
	return s.onOrder(login, w, func(tx *db.Tx, a casework.Acting, id supervise.OrderID) (supervise.Order, error) {
		return supervise.Reply(context.Background(), tx, a, id, w.named["text"])
	})
}

// lifts is LOGIN lifts A reason='…'.
func lifts(s *story, login string, w words) error {
	return s.onOrder(login, w, func(tx *db.Tx, a casework.Acting, id supervise.OrderID) (supervise.Order, error) {
		return supervise.Lift(context.Background(), tx, a, id, w.named["reason"])
	})
}

// accuses is LOGIN accuses A unit=U fault=inaction entries=overdue,order
// within='3 working-days' reason='…': holds a unit to account for A, on
// entries of its trail.
func accuses(s *story, login string, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	x := supervise.Accusation{Unit: w.named["unit"], Fault: w.named["fault"], Reason: w.named["reason"]}
	if x.Within, err = within(w); err != nil {
		return err
	}
	entries, err := trail.Of(context.Background(), s.DB, s.code(), string(c.ID))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if slices.Contains(strings.Split(w.named["entries"], ","), e.Act) {
			x.Evidence = append(x.Evidence, supervise.Evidence{Case: c.ID, Seq: e.Seq})
		}
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.HoldToAccount(context.Background(), tx, a, x)
		return err
	})
}

// upholds is LOGIN upholds A means=circular reason='…'.
func upholds(s *story, login string, w words) error {
	return s.decidesAccount(login, w, supervise.Verdict{Upheld: true, Means: w.named["means"], Reason: w.named["reason"]})
}

// acquits is LOGIN acquits A reason='…'.
func acquits(s *story, login string, w words) error {
	return s.decidesAccount(login, w, supervise.Verdict{Reason: w.named["reason"]})
}

func (s *story) decidesAccount(login string, w words, v supervise.Verdict) error {
	return s.onOrder(login, w, func(tx *db.Tx, a casework.Acting, id supervise.OrderID) (supervise.Order, error) {
		return supervise.DecideAccountability(context.Background(), tx, a, id, v)
	})
}

// orderIs is: order A is kind=supervision state=asked unit=U level=1 reply-due=…:
// the last that an answer can end.
func orderIs(s *story, w words) error {
	o, err := s.order(w)
	if err != nil {
		return err
	}
	shown := map[string]string{
		"kind": string(o.Kind), "state": string(o.State), "unit": o.Unit, "rung": o.Rung, "level": fmt.Sprint(o.Level), "form": o.Form, "fault": o.Fault,
		"means": o.Means, "reply": o.Reply, "reply-due": s.moment(o.ReplyDue),
	}
	for name, want := range w.named {
		if got, ok := shown[name]; !ok || got != want {
			return no("the order's %s is %q, want %q", name, got, want)
		}
	}
	return nil
}

// rungs are: rungs A are 'remind u-shizheng, urge u-shizheng' — those taken about
// a case in their order, each as often as it was.
func rungs(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	all, err := supervise.OrdersOf(context.Background(), s.DB, s.District(), c.ID)
	if err != nil {
		return err
	}
	var taken []string
	for _, o := range all {
		if o.Rung != "" {
			taken = append(taken, o.Rung+" "+o.Unit)
		}
	}
	if got := strings.Join(taken, ", "); got != w.word(2) {
		return no("rungs %q, want %q", got, w.word(2))
	}
	return nil
}

// roster is: roster 2026-12-01 linwang area=槐树街道 hours=08:30-17:30. Without an
// area, the whole district.
func roster(s *story, w words) error {
	d := s.District()
	code := ""
	if name := w.named["area"]; name != "" {
		found, err := gridCode(d, name)
		if err != nil {
			return err
		}
		code = string(found)
	}
	posts, err := s.posts(w.word(1))
	if err != nil {
		return err
	}
	table := "day,hours,area,unit,login,phone\n" + strings.Join([]string{w.word(0), w.named["hours"], code, posts[0].Unit, w.word(1), "0990-1234"}, ",") + "\n"
	file, err := sheet.Load("duties.csv", strings.NewReader(table), sheet.Limits{})
	if err != nil {
		return err
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		report := sheet.NewReport(sheet.Policy{})
		records := supervise.DutyColumns().Map(nil, file, report)
		if err := supervise.ImportDuties(context.Background(), tx, d, records, report); err != nil {
			return err
		}
		for _, f := range report.Findings() {
			return fmt.Errorf("%s", f.Text.ZH)
		}
		return nil
	})
}

// board is: board u-shizheng is late because='超期' — the colour of a unit, or of
// a street or grid by its name.
func board(s *story, w words) error {
	ctx, d := context.Background(), s.District()
	lines, err := evaluate.Board(ctx, s.DB, d.Code, clock.DateOf(s.now(), s.zone()))
	if err != nil {
		return err
	}
	b, err := supervise.ReadBoard(ctx, s.DB, d, s.now(), func(code string) (kept, broken int) { return lines[code].Month.Kept, lines[code].Month.Broken })
	if err != nil {
		return err
	}
	tiles := slices.Concat(b.Streets, b.Grids)
	for _, tier := range b.Tiers {
		tiles = append(tiles, tier.Tiles...)
	}
	for _, t := range tiles {
		if t.Code != w.word(0) && d.Areas.Name(area.Code(t.Code)).ZH != w.word(0) {
			continue
		}
		if string(t.Signal) != w.word(2) || !strings.Contains(t.Why.ZH+t.Why.EN, w.named["because"]) {
			return no("%s is %s: %s", w.word(0), t.Signal, t.Why.ZH)
		}
		return nil
	}
	return no("%s is not on the board", w.word(0))
}
