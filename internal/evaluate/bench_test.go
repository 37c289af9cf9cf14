package evaluate_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/evaluate"
)

var large = flag.Int("cases", 2_000, "cases of the synthetic month; a large district has 21,000")

// crowdUnits is how many units share the work of the synthetic month.
const crowdUnits = 586

// newMonth tells a month of a district with as many units as a large one: each
// case ten entries, some of them begun the month before.
func newMonth(b *testing.B, address string, cases int) *world {
	w := newWorld(b, address)
	dice := rand.New(rand.NewPCG(1, 1))
	err := w.do(func(tx *db.Tx) error {
		for n := range crowdUnits {
			if err := tx.Exec(b.Context(), `insert into units (district, code, name, name_en, kind, parent, phone, calendar, valid_from, valid_to)
				values ($1, $2, $3, '', 'department', '', '', '', '', '')`, w.d.Code, fmt.Sprintf("u-%d", n), fmt.Sprintf("单位%d", n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	w.reopen()
	for range cases {
		at := on("10-26 00:00").Add(time.Duration(dice.IntN(34*24*60)) * time.Minute)
		next := func() time.Time { at = at.Add(time.Duration(dice.IntN(20*60)) * time.Minute); return at }
		grid := fmt.Sprintf("99010100%d00%d0%02d", 1+dice.IntN(3), 1+dice.IntN(4), 1+dice.IntN(9))
		unit := fmt.Sprintf("u-%d", dice.IntN(crowdUnits))
		c := w.opened(at, "event", []string{"portal", "hotline", "grid-worker"}[dice.IntN(3)], grid)
		c.file(next()).send(next(), unit)
		c.add(next(), "remind", "handle", "", map[string]string{"task": c.task(), "of": unit, "order": "o"})
		c.done(next(), unit).fail(next()).done(next(), unit)
		c.add(next(), "attached", "", "", map[string]string{"channel": "portal", "report": c.id})
		c.pass(next()).rate(next(), 1+dice.IntN(5))
	}
	w.told()
	return w
}

// BenchmarkMonth counts every figure of a month from cold, with every card.
// go test -bench Month -args -cases 21000
func BenchmarkMonth(b *testing.B) {
	run := func(b *testing.B, address string) {
		w := newMonth(b, address, *large)
		b.ReportAllocs()
		for b.Loop() {
			res := w.compute("2026-11")
			for _, a := range w.book.Assessments {
				res.Cards(a)
			}
		}
		n, err := db.Value[int](b.Context(), w.DB, "select count(*) from trail where at >= $1", db.At(on("11-01 00:00")))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "entries")
		res := w.compute("2026-11")
		begun := time.Now()
		if err := w.do(func(tx *db.Tx) error { return evaluate.Store(b.Context(), tx, w.as("supervisor", "u-centre"), res) }); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s/store")
		begun = time.Now()
		if _, err := evaluate.CountDay(b.Context(), w.DB, w.d, "2026-11-20"); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s/day")
	}
	b.Run("sqlite", func(b *testing.B) { run(b, "sqlite:"+filepath.Join(b.TempDir(), "linli.db")) })
	b.Run("postgres", func(b *testing.B) {
		server := os.Getenv(dbtest.Env)
		if server == "" {
			b.Skipf("%s is not set", dbtest.Env)
		}
		run(b, dbtest.Fresh(b, server))
	})
}
