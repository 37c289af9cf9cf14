package db

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestMigrationStandsBack: a migration that the engine called off in favour of
// who serves is tried again, and no other fault is.
func TestMigrationStandsBack(t *testing.T) {
	t.Parallel()
	deadlock, broken := fmt.Errorf("migrate: %w", &pgconn.PgError{Code: "40P01"}), errors.New("syntax error")
	for _, row := range []struct {
		why  string
		fail []error
		want error
		runs int
	}{
		{"nobody is in the way", nil, nil, 1},
		{"called off twice", []error{deadlock, deadlock}, nil, 3},
		{"what is wrong stays wrong", []error{broken, nil}, broken, 1},
		{"called off, then wrong", []error{deadlock, broken}, broken, 2},
	} {
		runs := 0
		err := untilFree(t.Context(), func() error {
			runs++
			if runs <= len(row.fail) {
				return row.fail[runs-1]
			}
			return nil
		})
		if !errors.Is(err, row.want) || runs != row.runs {
			t.Errorf("%s: %d runs, %v; want %d, %v", row.why, runs, err, row.runs, row.want)
		}
	}
}
