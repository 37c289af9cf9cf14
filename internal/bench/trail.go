package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"linli/internal/db"
	"linli/internal/trail"
)

const (
	trailCode   = "990101"
	perSubject  = 10   // entries of a case
	trailAtOnce = 1000 // entries written in one transaction
)

// Trail measures looking over a large trail with its log on one core, and making
// a receipt's proof from it.
func Trail(ctx context.Context, cfg Config) error {
	dir, remove, err := cfg.folder()
	if err != nil {
		return err
	}
	defer remove()
	entries := cmp.Or(cfg.Entries, 2_500_000)
	path := filepath.Join(dir, fmt.Sprintf("trail-%d.db", entries))
	keep := trail.NewKeeper(func(code string) (*trail.Signer, error) {
		return trail.NewSigner(trail.Origin(code), bytes.Repeat([]byte{1}, 32))
	}, slog.New(slog.DiscardHandler))
	signer, err := keep.Signer(trailCode)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path + ".full"); err != nil {
		if err := fillTrail(ctx, cfg, path, entries, keep); err != nil {
			return err
		}
	}
	r, err := db.OpenToRead(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	defer r.Close()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	begin := cfg.Now()
	report, err := trail.Audit(ctx, r, trail.Auditing{District: trailCode, Key: signer.Key()})
	if err != nil {
		return err
	}
	took := cfg.Now().Sub(begin)
	if len(report.Findings) > 0 {
		return fmt.Errorf("a trail that nobody touched: %v", report.Findings[0])
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	each, err := proveMany(ctx, cfg, r, int64(entries/perSubject), signer.Key())
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(cfg.Out, "| entries | checkpoints | file | looked over in, one core | entries/s | memory of the program | proof, half | proof, 99 in 100 |\n|---|---|---|---|---|---|---|---|\n"+
		"| %d | %d | %d MB | %.1f s | %.0f | %d MB | %s | %s |\n", report.Entries, report.Checkpoints, info.Size()>>20, took.Seconds(), float64(report.Entries)/took.Seconds(),
		memory.Sys>>20, ms(each[len(each)/2]), ms(each[len(each)*99/100]))
	return nil
}

// proveMany makes and checks receipts of cases picked at random.
func proveMany(ctx context.Context, cfg Config, r db.Reader, subjects int64, key string) (each []time.Duration, err error) {
	dice := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		subject := trailSubject(dice.Int64N(subjects))
		begin := cfg.Now()
		text, err := trail.Proof(ctx, r, trailCode, subject, 1)
		if err != nil {
			return nil, err
		}
		each = append(each, cfg.Now().Sub(begin))
		if _, err := trail.CheckProof(text, key); err != nil {
			return nil, err
		}
	}
	slices.Sort(each)
	return each, nil
}

func trailSubject(n int64) string { return fmt.Sprintf("019a0000-0000-7000-8000-%012d", n) }

// fillTrail writes a trail in which many cases go on side by side, and takes it
// into the log.
func fillTrail(ctx context.Context, cfg Config, path string, entries int, keep *trail.Keeper) (err error) {
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	d, err := db.Open(ctx, db.Config{URL: "sqlite:" + path, Seeding: true, Now: func() time.Time { at = at.Add(9 * time.Second); return at }})
	if err != nil {
		return err
	}
	const beside = trailAtOnce // cases that are open at once
	begin := cfg.Now()
	for first := int64(0); first < int64(entries/perSubject); first += beside {
		heads := make([]trail.Head, beside)
		for range perSubject {
			next := make([]trail.Head, beside)
			err := d.Write(ctx, func(tx *db.Tx) error {
				for i := range heads {
					e := trail.Entry{
						Person: "019a0000-0000-7000-8000-000000000777", Post: "u-shizheng-3", Unit: "u-shizheng", Act: "returned", Step: "handle",
						Detail: map[string]string{"since": "1767600000000000", "due": "1767700000000000", "task": "t", "to": "verify", "to-unit": "u-centre", "state": "done"},
					}
					if i%8 == 0 {
						e.Detail["reason"] = "现场看过，不归我们管，请派给市政"
					}
					var err error
					if next[i], err = trail.Add(ctx, tx, trailCode, trailSubject(first+int64(i)), heads[i], e); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			heads = next
		}
	}
	written := cfg.Now()
	if _, err := keep.TakeIn(ctx, d, trailCode); err != nil {
		return err
	}
	fmt.Fprintf(cfg.Out, "written in %.0f s, taken into the log in %.0f s\n\n", written.Sub(begin).Seconds(), cfg.Now().Sub(written).Seconds())
	if err := d.Close(); err != nil {
		return err
	}
	return os.WriteFile(path+".full", nil, 0o600) // what SQLite keeps beside the file belongs to it
}
