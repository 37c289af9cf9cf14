package db_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
)

const insert = "insert into settings (district, name, value) values ($1, $2, $3)"

func count(t *testing.T, r db.Reader, where string, args ...any) int {
	t.Helper()
	n, err := db.Value[int](t.Context(), r, "select count(*) from settings "+where, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ASVS 2.3.3
func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.Exec(t.Context(), insert, "990101", "a", "1"); err != nil {
				return err
			}
			if got := count(t, tx, ""); got != 1 {
				t.Errorf("inside the transaction %d rows, want 1", got)
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Errorf("got %v, want boom", err)
		}
		if got := count(t, d, ""); got != 0 {
			t.Errorf("after the failure %d rows, want 0", got)
		}
	})
}

// Transactions that share a commit must not share a failure.
//
// ASVS 16.5.3
func TestFailureStaysAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wait sync.WaitGroup
		for i := range 60 {
			wait.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					if err := tx.Exec(t.Context(), insert, "990101", fmt.Sprint(i), "x"); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return errors.New("given up")
					case 2: // the engine itself refuses
						return tx.Exec(t.Context(), insert, "990101", fmt.Sprint(i), "twice")
					}
					return nil
				})
				if wantErr := i%3 != 0; (err != nil) != wantErr {
					t.Errorf("transaction %d: got %v, want an error: %v", i, err, wantErr)
				}
				if i%3 == 2 && !errors.Is(err, errs.Conflict) {
					t.Errorf("transaction %d: got %v, want a conflict", i, err)
				}
			})
		}
		wait.Wait()
		if got := count(t, d, ""); got != 20 {
			t.Errorf("got %d rows, want the 20 that succeeded", got)
		}
	})
}

// What was written by a statement that is asked like a query is undone too.
func TestReturningIsUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if name, err := db.Value[string](t.Context(), tx, insert+" returning name", "990101", "a", "1"); err != nil || name != "a" {
				t.Errorf("got %q, %v", name, err)
			}
			return boom
		})
		if !errors.Is(err, boom) || count(t, d, "") != 0 {
			t.Errorf("got %v and %d rows, want boom and none", err, count(t, d, ""))
		}
	})
}

func TestPanicReachesItsCallerAndNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				_ = tx.Exec(t.Context(), insert, "990101", "a", "1")
				panic("bug")
			})
		}()
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.Exec(t.Context(), insert, "990101", "b", "1") }); err != nil {
			t.Errorf("the next transaction: %v", err)
		}
		if got := count(t, d, ""); got != 1 {
			t.Errorf("got %d rows, want 1", got)
		}
	})
}

func TestCancelledRequestChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := d.Write(ctx, func(tx *db.Tx) error { return tx.Exec(ctx, insert, "990101", "a", "1") })
		if err == nil || count(t, d, "") != 0 {
			t.Errorf("got %v and %d rows, want an error and none", err, count(t, d, ""))
		}
	})
}

func TestChangeTellsHowManyRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.Exec(t.Context(), insert, "990101", "a", "1"); err != nil {
				return err
			}
			for _, row := range []struct {
				name string
				want int64
			}{{"a", 1}, {"b", 0}} {
				got, err := tx.Change(t.Context(), "update settings set value = '2' where name = $1", row.name)
				if err != nil || got != row.want {
					t.Errorf("update of %q: got %d, %v, want %d", row.name, got, err, row.want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// What engines are known to do differently must come out the same.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	values := []string{"", "a", "A", "Z", "桂香", "邻里😀", "o'clock", `back\slash`, strings.Repeat("长", 5000), "\u00e9", "e\u0301"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i, v := range values {
				if err := tx.Exec(t.Context(), insert, "990101", fmt.Sprintf("%02d", i), v); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			if got := count(t, d, "where value = $1", v); got != 1 {
				t.Errorf("%.20q is found %d times, want 1: case and composition matter", v, got)
			}
		}
		got, err := db.Value[int64](t.Context(), d, "select cast($1 as bigint)", int64(math.MaxInt64))
		if err != nil || got != math.MaxInt64 {
			t.Errorf("the largest number came back as %d, %v", got, err)
		}
	})
}

// ASVS 16.2.2
func TestInstantsKeepMicroseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 28, 23, 59, 59, 123456000, time.FixedZone("", 8*3600))
	dbtest.EachAt(t, func() time.Time { return at }, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			got, err := db.One(t.Context(), tx, func(v *time.Time) []any { return []any{db.Time(v)} }, "select cast($1 as bigint)", db.At(tx.Now))
			if err != nil || !got.Equal(at) || got.Location() != time.UTC {
				t.Errorf("got %v, %v, want %v in UTC", got, err, at)
			}
			none, err := db.One(t.Context(), tx, func(v *time.Time) []any { return []any{db.Time(v)} }, "select cast($1 as bigint)", db.Due(time.Time{}))
			if err != nil || !none.IsZero() {
				t.Errorf("no due instant came back as %v, %v", none, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWakeComesAfterTheCommit(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		here, there := openAt(t, address), openAt(t, address)
		heard := make(chan string, 8)
		stop := there.Watch(func(topic string) { heard <- topic })
		defer stop()
		time.Sleep(50 * time.Millisecond) // listening begins beside Open; a wake before it is made good by polling
		err := here.Write(t.Context(), func(tx *db.Tx) error {
			tx.Wake("case")
			return tx.Exec(t.Context(), insert, "990101", "a", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
			if got := count(t, there, ""); got != 1 {
				t.Errorf("woken, but sees %d rows", got)
			}
		case <-time.After(10 * time.Second):
			t.Error("another process was never woken")
		}
	})
}

func openAt(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	_, err := db.Open(t.Context(), db.Config{URL: "mysql://root:secret@host/x"})
	if !errors.Is(err, errs.Invalid) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want invalid without the password", err)
	}
}
