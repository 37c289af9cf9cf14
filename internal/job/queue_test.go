package job

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
)

// Where twenty thousand jobs wait, taking twenty away reads twenty rows. PostgreSQL
// last counted the queue when it was empty, as it mostly is.
func TestTakingAwayReadsWhatIsTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const many = 20_000
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			for n := range many {
				if err := Add(t.Context(), tx, "990101", "note", fmt.Sprintf("%05d", n*7919%many), nil, tx.Now); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		args := []any{"990101", "note"}
		for n := range groupMost {
			args = append(args, fmt.Sprintf("%05d", n*100))
		}
		ask, found := "explain query plan ", "key=?"
		if d.Engine() == db.Postgres { // Differs because each engine tells its plan in its own words.
			ask, found = "explain ", `"*VALUES*".column3)`
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(t.Context(), ask+"delete from jobs where "+byKeys(tx.Engine()), args...)
			if err != nil {
				return err
			}
			defer rows.Close()
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var line string
				into := []any{&id, &parent, &unused, &line}
				if d.Engine() == db.Postgres {
					into = into[3:]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				plan = append(plan, line)
			}
			if !slices.ContainsFunc(plan, func(line string) bool {
				return strings.Contains(line, found) && (strings.Contains(line, "Index Cond") || strings.Contains(line, "SEARCH"))
			}) {
				t.Errorf("the index is not asked for each key:\n%s", strings.Join(plan, "\n"))
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Who does jobs of one kind is not woken by those of another: to look over a long
// queue and find nothing costs more than the work.
func TestWokenByItsOwnKinds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		wake, stop := New(d, nil, slog.New(slog.DiscardHandler)).woken([]string{"count"})
		defer stop()
		add := func(kind string) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return Add(t.Context(), tx, "990101", kind, "one", nil, tx.Now) }); err != nil {
				t.Fatal(err)
			}
		}
		heard := make(chan string, 8)
		defer d.Watch(func(topic string) { heard <- topic })()
		for len(wake) > 0 {
			<-wake
		}
		add("note")
		for topic := range heard {
			if topic == "job/note" {
				break
			}
		}
		if len(wake) > 0 {
			t.Error("woken by a job of another kind")
		}
		add("count")
		select {
		case <-wake:
		case <-time.After(20 * time.Second):
			t.Error("not woken by a job of its kind")
		}
	})
}
