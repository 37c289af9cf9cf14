package retain_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/retain"
	"linli/internal/vault"
)

// What the register says is sealed, and what a change of keys seals again, are
// the same columns.
//
// ASVS 14.2.4
func TestTablesAreTheSealedFields(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, f := range fields.Register() {
		if f.Sealed {
			want = append(want, f.Table+"."+f.Column)
		}
	}
	for _, table := range retain.Tables() {
		for _, c := range table.Columns {
			got = append(got, table.Name+"."+c.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sealed columns (-register +sealed again)\n%s", diff)
	}
}

// Keys are changed three times while reports come in and are read. Nothing is
// unreadable at any moment, by this copy of the program or by another, and in
// the end nothing needs an old key.
//
// ASVS 11.2.2
func TestRotateUnderLoad(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		copies := []*vault.Vault{w.vault}
		second, err := vault.Open(w.keys)
		w.must(err)
		copies = append(copies, second)
		stop := make(chan struct{})
		var load sync.WaitGroup
		var sent, read atomic.Int64
		for i, v := range copies {
			desk := &intake.Desk{DB: w.DB, Vault: v, Numbers: casework.NewNumbers(w.DB)}
			load.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					_, err := desk.Receive(ctx, w.d, intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: fmt.Sprintf("第 %d 件", n), Area: "990101001",
						Name: "张小民", Phone: fmt.Sprintf("1380000%02d%02d", i, n%100)})
					if err != nil {
						t.Error(err)
						return
					}
					sent.Add(1)
				}
			})
			load.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					names, err := db.All(ctx, w.DB, func(s *string) []any { return []any{s} }, "select name from reports where district = $1", w.d.Code)
					if err != nil {
						t.Error(err)
						return
					}
					for _, sealed := range names {
						if name, err := copies[1-i].Reveal(w.d.Code, casework.NameField, sealed); err != nil || name != "张小民" {
							t.Errorf("%.3s revealed as %q, %v", sealed, name, err)
							return
						}
						read.Add(1)
					}
				}
			})
		}
		for round, c := range []vault.Cipher{vault.SM4, vault.AES, vault.SM4} {
			for before := sent.Load(); sent.Load() < before+15 && !t.Failed(); { // some of each key
				w.due()
			}
			number, err := vault.Rotate(w.keys, c)
			w.must(err)
			if number != round+2 {
				t.Errorf("version %d", number)
			}
			w.write(func(tx *db.Tx) error { return retain.AskReseal(ctx, tx, w.d.Code) })
			w.due()
		}
		close(stop)
		load.Wait()
		w.write(func(tx *db.Tx) error { return retain.AskReseal(ctx, tx, w.d.Code) }) // as every night does
		w.due()
		held, err := retain.Count(ctx, w.DB, w.vault, []string{w.d.Code})
		w.must(err)
		for _, h := range held {
			if h.Table != "reports" {
				continue
			}
			if want := map[int]int{4: int(sent.Load())}[h.Version]; h.Values != want {
				t.Errorf("%s.%s: version %d holds %d values, want %d", h.Table, h.Column, h.Version, h.Values, want)
			}
		}
		for _, old := range []int{1, 2, 3} {
			_, err := vault.Retire(w.keys, old)
			w.must(err)
		}
		found, err := casework.ReportsByPhone(ctx, w.DB, w.d.Code, w.vault.Index(casework.PhoneField, "13800000000"), 10)
		w.must(err)
		if len(found) == 0 {
			t.Error("a number is no longer found")
		}
		for _, r := range found {
			if name, err := second.Reveal(w.d.Code, casework.NameField, r.Name); err != nil || name != "张小民" {
				t.Errorf("after the old keys went: %q, %v", name, err)
			}
		}
		t.Logf("%d reports sent, %d names read meanwhile", sent.Load(), read.Load())
	})
}
