package db

import (
	"context"
	"fmt"
	"math"
	"time"

	"linli/internal/errs"
)

// All reads every row of a query. dest names, for one T, where each column
// goes, in order.
func All[T any](ctx context.Context, r Reader, dest func(*T) []any, sql string, args ...any) ([]T, error) {
	var all []T
	err := Scan(ctx, r, func(rows Rows) error {
		var one T
		if err := rows.Scan(dest(&one)...); err != nil {
			return err
		}
		all = append(all, one)
		return nil
	}, sql, args...)
	return all, err
}

// One reads the single row of a query; errs.NotFound when there is none.
func One[T any](ctx context.Context, r Reader, dest func(*T) []any, sql string, args ...any) (T, error) {
	all, err := All(ctx, r, dest, sql, args...)
	var zero T
	switch {
	case err != nil:
		return zero, err
	case len(all) == 0:
		return zero, errs.New(errs.NotFound, "没有找到", "not found")
	case len(all) > 1:
		return zero, fmt.Errorf("%d rows where one was expected: %s", len(all), sql)
	}
	return all[0], nil
}

// Value reads one row of one column, such as a count.
func Value[T any](ctx context.Context, r Reader, sql string, args ...any) (T, error) {
	return One(ctx, r, func(v *T) []any { return []any{v} }, sql, args...)
}

// Scan calls each for every row of a query.
func Scan(ctx context.Context, r Reader, each func(Rows) error, sql string, args ...any) error {
	rows, err := r.Query(ctx, sql, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	return translate(rows.Err())
}

// At is how an instant is stored. The zero time is 0.
func At(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Due is how a due instant is stored: none sorts after every other.
func Due(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return t.UnixMicro()
}

// Time scans a stored instant into t.
func Time(t *time.Time) any { return instant{t} }

type instant struct{ t *time.Time }

func (i instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("an instant is a whole number, not %T", v)
	}
	if n == 0 || n == math.MaxInt64 {
		*i.t = time.Time{}
		return nil
	}
	*i.t = time.UnixMicro(n).UTC()
	return nil
}
