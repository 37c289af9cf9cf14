package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationsFor shows an engine its own migrations: those for both, and its
// twin of those that must differ (0004_search.sqlite.sql beside
// 0004_search.postgres.sql).
type migrationsFor struct {
	fs.FS
	engine Engine
}

// Glob lists what goose asks for, less the other engine's twins.
func (m migrationsFor) Glob(pattern string) ([]string, error) {
	all, err := fs.Glob(m.FS, pattern)
	var mine []string
	for _, name := range all {
		other := Postgres
		if m.engine == Postgres {
			other = SQLite
		}
		if !strings.HasSuffix(name, "."+string(other)+".sql") {
			mine = append(mine, name)
		}
	}
	return mine, err
}

// Newest is the number of the last migration that this program brings.
func Newest() (n int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		one, bad := strconv.ParseInt(number, 10, 64)
		err = errors.Join(err, bad)
		n = max(n, one)
	}
	return n, err
}

// migrateWith brings the schema up to date. Migrations go forward only.
func migrateWith(ctx context.Context, kind Engine, handle *sql.DB) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if kind == Postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, handle, migrationsFor{folder, kind}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return untilFree(ctx, func() error {
		_, err := provider.Up(ctx)
		return err
	})
}

// How often a migration is tried that got into the way of who serves, and how long
// it stands back in between.
const (
	migrateTries = 30
	migratePause = 200 * time.Millisecond
)

// untilFree runs up again where the engine called it off in favour of others: a
// former copy of the program serves on while this one brings the schema up to
// date, and writes its tables in another order than a migration locks them. What
// was migrated stays; what was called off left nothing behind.
func untilFree(ctx context.Context, up func() error) error {
	for try := 1; ; try++ {
		err := up()
		if err == nil || !contended(err) || try == migrateTries {
			return err
		}
		pause := time.NewTimer(migratePause)
		select {
		case <-ctx.Done():
			pause.Stop()
			return errors.Join(err, ctx.Err())
		case <-pause.C:
		}
	}
}
