package main

import (
	"context"
	"io"
	"os"
	"runtime/pprof"
	"time"

	"linli/internal/bench"
)

func measure(ctx context.Context, args []string, out io.Writer) error {
	f := flags("bench", out)
	only := f.String("only", "", "open, locate, deadline, start, read, trail, reveal, live, history, scorecards, board, reckon, several with commas between; all unless named")
	seconds := f.Duration("for", 10*time.Second, "how long each load runs")
	clients := f.Int("clients", 8, "how many send at once")
	cases := f.Int("cases", 1_000_000, "cases loaded for the reading pages")
	year := f.Int("year", 250_000, "cases of the large district's year")
	entries := f.Int("entries", 2_500_000, "entries of the trail that is looked over")
	running := f.Int("running", 50_000, "cases open in the large district")
	postgres := f.String("postgres", os.Getenv("LINLI_TEST_POSTGRES"), "PostgreSQL server for throw-away databases; SQLite alone unless named")
	dir := f.String("dir", "", "folder to keep SQLite's databases in, so that cases are loaded once")
	profile := f.String("profile", "", "file to write a CPU profile to")
	if err := parse(f, args); err != nil {
		return err
	}
	if *profile != "" {
		to, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer to.Close()
		if err := pprof.StartCPUProfile(to); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	return bench.Run(ctx, bench.Config{Only: *only, For: *seconds, Clients: *clients, Cases: *cases, Year: *year, Running: *running, Entries: *entries, Postgres: *postgres, Dir: *dir, Out: out, Now: time.Now})
}
