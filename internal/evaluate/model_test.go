package evaluate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/evaluate"
	"linli/internal/measure"
)

// plain is what the model counts: numerator and denominator of a subject's figure.
type plain map[string][2]int

func (p plain) add(indicator string, in bool, subjects ...string) {
	for _, s := range subjects {
		n := p[s+" "+indicator]
		n[1]++
		if in {
			n[0]++
		}
		p[s+" "+indicator] = n
	}
}

// ramble tells a random case from October to December and counts with it, in
// the plainest way, what of it is November's.
func ramble(w *world, dice *rand.Rand, want plain) {
	from, to := on("11-01 00:00"), on("12-01 00:00")
	in := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	at := on("10-01 00:00").Add(time.Duration(dice.IntN(62*24*60)) * time.Minute)
	grid := fmt.Sprintf("99010100%d00100%d", 1+dice.IntN(3), 1+dice.IntN(9))
	c := w.opened(at, "event", []string{"portal", "grid-worker"}[dice.IntN(2)], grid)
	next := func() time.Time { at = at.Add(time.Duration(1+dice.IntN(40*60)) * time.Minute); return at }
	place := []string{"district", "street:" + c.street, "community:" + c.community, "grid:" + c.grid}
	unit, filed, ended, rounds, returned, rated := "u-centre", false, time.Time{}, 1, false, 0
	promise := func(at time.Time, kept bool, unit string) {
		if in(at) {
			want.add("on-time", kept, append(place, "unit:"+unit)...)
		}
	}
	steps := dice.IntN(9)
	for step := 0; step < steps && ended.IsZero() && at.Before(to.Add(300*time.Hour)); step++ {
		switch {
		case step == 0:
			due := c.since.Add(30 * time.Minute)
			c.file(next())
			promise(at, !at.After(due), "u-centre")
			filed = in(at)
		case step == 1:
			due := c.since.Add(2 * time.Hour)
			unit = []string{"u-shizheng", "u-yuanlin", "u-chengguan"}[dice.IntN(3)]
			c.send(next(), unit)
			promise(at, !at.After(due), "u-centre")
		case dice.IntN(4) == 0 && !returned:
			returned = true
			c.closes(next(), "return", "handle", unit, "", c.due, map[string]string{"state": "returned", "to": "rule"})
			promise(at, !at.After(c.due), unit)
			if in(at) {
				want.add("returns", true, append(place, "unit:"+unit)...)
			}
			unit = "u-minzheng"
			c.closes(next(), "assign", "rule", "u-centre", "", time.Time{}, map[string]string{"to": "handle", "to-unit": unit})
		default:
			seen := dice.IntN(2) == 0 && at.Before(c.due)
			if seen {
				c.overdue(c.due.Add(time.Minute), unit)
				promise(c.due.Add(time.Minute), false, unit)
				at = c.due.Add(time.Hour)
			}
			c.done(next(), unit)
			if !seen {
				promise(at, !at.After(c.due), unit)
			}
			if in(at) {
				want.add("returns", false, append(place, "unit:"+unit)...)
				want.add("rework", rounds > 1, append(place, "unit:"+unit)...)
			}
			station := territory(w, c.grid)
			due := c.since.Add(24 * time.Hour)
			if rounds < 3 && dice.IntN(3) == 0 {
				c.fail(next())
				promise(at, !at.After(due), station)
				rounds++
				continue
			}
			c.pass(next())
			promise(at, !at.After(due), station)
			rated = 1 + dice.IntN(5)
			c.rate(next(), rated)
			ended = at
			if in(at) {
				want.add("satisfaction", rated >= 3, append(place, "unit:"+unit)...)
			}
		}
	}
	done := !ended.IsZero() && ended.Before(to)
	// The model knows the whole tale; November knows it until its end.
	lead := leadBefore(w, c, to)
	if filed {
		want.add("closing", done, append(place, "unit:"+lead)...)
	}
	if done && in(ended) {
		want.add("first-time", rounds == 1 && !returned, append(place, "unit:"+lead)...)
	}
}

// leadBefore is the last unit a case was sent to before an instant.
func leadBefore(w *world, c *tale, to time.Time) string {
	lead := "u-centre"
	for _, r := range w.rows {
		if unit := r.detail["to-unit"]; r.subject == c.id && unit != "" && r.at.Before(to) {
			lead = unit
		}
	}
	return lead
}

func territory(w *world, grid string) string {
	u, _, _ := w.d.Org.TerritoryUnit(grid, "2026-11-30")
	return string(u.ID)
}

// Random cases counted by Compute and by the plainest reading of their tales.
func TestCountsAgreeWithAPlainModel(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		dice, want := rand.New(rand.NewPCG(7, 44)), plain{}
		for range 400 {
			ramble(w, dice, want)
		}
		w.told()
		res := w.compute("2026-11")
		got := plain{}
		names := []string{"on-time", "closing", "satisfaction", "returns", "rework", "first-time"}
		for _, s := range res.Subjects() {
			if s.Kind() == evaluate.OfPost {
				continue
			}
			for _, name := range names {
				f, _ := res.Figure(s, name)
				if f.Denominator > 0 {
					got[string(s)+" "+name] = [2]int{int(f.Numerator), f.Denominator}
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-model +Compute)\n%s", diff)
		}
		if n := want["district on-time"][1]; n < 200 {
			t.Errorf("only %d promises were judged: the tales are too short to prove much", n)
		}
		w.holdsTogether(res)
	})
}

// holdsTogether checks what must be true of any count.
func (w *world) holdsTogether(res *evaluate.Result) {
	w.t.Helper()
	for _, i := range w.book.Indicators {
		total := measure.Figure{}
		for _, s := range res.Subjects() {
			f, _ := res.Figure(s, i.Name)
			list := res.Cases(s, i.Name)
			if len(list) != f.Denominator {
				w.t.Errorf("%s of %s: %d cases behind a denominator of %d", i.Name, s, len(list), f.Denominator)
			}
			if i.Kind == measure.Rate && (f.Numerator < 0 || f.Numerator > float64(f.Denominator)) {
				w.t.Errorf("%s of %s: %g of %d is no rate", i.Name, s, f.Numerator, f.Denominator)
			}
			if s.Kind() == evaluate.OfUnit {
				total.Numerator += f.Numerator
				total.Denominator += f.Denominator
			}
			if i.Over == measure.Cases {
				numbers := map[string]bool{}
				for _, c := range list {
					if numbers[c.Number] {
						w.t.Errorf("%s of %s counts case %s twice", i.Name, s, c.Number)
					}
					numbers[c.Number] = true
				}
			}
		}
		of, _ := res.Figure(evaluate.District, i.Name)
		if diff := total.Numerator - of.Numerator; diff > 1e-6 || diff < -1e-6 || total.Denominator != of.Denominator {
			w.t.Errorf("%s: the units have %g of %d, the district %g of %d", i.Name, total.Numerator, total.Denominator, of.Numerator, of.Denominator)
		}
	}
}

// What units did day by day adds up to what they did in the month.
func TestDaysAddUpToTheMonth(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		dice := rand.New(rand.NewPCG(8, 44))
		for range 150 {
			ramble(w, dice, plain{})
		}
		w.told()
		w.runDays()
		days, err := evaluate.Days(t.Context(), w.DB, w.d.Code, "", "2026-11-01", "2026-11-30")
		if err != nil {
			t.Fatal(err)
		}
		month := map[string]evaluate.UnitDay{}
		for _, day := range days {
			m := month[day.Unit]
			m.Kept, m.Broken, m.Returned, m.Rated = m.Kept+day.Kept, m.Broken+day.Broken, m.Returned+day.Returned, m.Rated+day.Rated
			month[day.Unit] = m
		}
		res := w.compute("2026-11")
		w.clock.Set(on("11-30 23:00")) // the board of the month's last day
		board, err := evaluate.Board(t.Context(), w.DB, w.d.Code, "2026-11-30")
		if err != nil || len(month) < 4 {
			t.Fatalf("%v, %d units", err, len(month))
		}
		for unit, m := range month {
			on, _ := res.Figure(evaluate.Unit(unit), "on-time")
			returns, _ := res.Figure(evaluate.Unit(unit), "returns")
			rated, _ := res.Figure(evaluate.Unit(unit), "ratings")
			got := []int{m.Kept, m.Kept + m.Broken, m.Returned, m.Rated}
			want := []int{int(on.Numerator), on.Denominator, int(returns.Numerator), rated.Denominator}
			if !slices.Equal(got, want) {
				t.Errorf("%s: the days have kept, judged, returned, rated %v, the month %v", unit, got, want)
			}
			if line := board[unit]; line.Month.Kept != m.Kept || line.Month.Broken != m.Broken {
				t.Errorf("%s: the board says %+v, the days %+v", unit, line.Month, m)
			}
			if weeks := w.weeks(unit); weeks != board[unit].Weeks {
				t.Errorf("%s: the board's weeks are %v, the days' %v", unit, board[unit].Weeks, weeks)
			}
		}
	})
}

// weeks adds up eight weeks until the one of 30 November from the days.
func (w *world) weeks(unit string) (all [8]evaluate.Promised) {
	days, err := evaluate.Days(w.t.Context(), w.DB, w.d.Code, unit, "2026-10-12", "2026-11-30")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, day := range days {
		since := day.Day.Start(time.UTC).Sub(clock.Date("2026-10-12").Start(time.UTC))
		week := &all[int(since.Hours())/24/7]
		week.Kept, week.Broken = week.Kept+day.Kept, week.Broken+day.Broken
	}
	return all
}
