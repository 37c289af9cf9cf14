package transfer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/transfer"
)

// BenchmarkCases tells how many cases a second come in, with their reports,
// numbers, trails and text: checked, then written, all durable.
func BenchmarkCases(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmark(b, "sqlite:"+filepath.Join(b.TempDir(), "linli.db")) })
	b.Run("postgres", func(b *testing.B) {
		server := os.Getenv(dbtest.Env)
		if server == "" {
			b.Skipf("%s is not set; `make bench` starts a PostgreSQL and sets it", dbtest.Env)
		}
		benchmark(b, dbtest.Fresh(b, server))
	})
}

func benchmark(b *testing.B, address string) {
	const cases = 20_000
	d, err := db.Open(b.Context(), db.Config{URL: address, Now: now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	files, maps := linli()
	to := founded(b, d, files, maps)
	n := 0
	for b.Loop() {
		var text strings.Builder
		text.WriteString(caseHead)
		for range cases {
			n++
			opened := now().AddDate(0, 0, -1-n%365).Format(time.DateTime)
			fmt.Fprintf(&text, "N-%d,%s,hotline,m06010,990101001001,u-shizheng,closed,,,yes,114.005,30.005,桂香路 %d 号,小区门口的垃圾堆了三天没人来收，味道很大，请尽快处理\n", n, opened, n%200)
		}
		file := loaded(b, "cases.csv", text.String())
		begun := time.Now()
		if report, err := transfer.Cases(b.Context(), d, to, file, nil, transfer.Options{}); err != nil {
			logged(b, report)
			b.Fatal(err)
		}
		b.ReportMetric(cases/time.Since(begun).Seconds(), "cases/s")
	}
}
