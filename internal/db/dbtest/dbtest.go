// Package dbtest runs a test on each engine with a fresh, empty database.
//
// SQLite is always there. PostgreSQL is used where LINLI_TEST_POSTGRES holds
// the address of a server on which databases may be made; `make test` starts a
// throw-away one and sets it.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"linli/internal/db"
)

// Env names the variable that holds the address of the test server.
const Env = "LINLI_TEST_POSTGRES"

var made atomic.Int64 // numbers the databases of this process

// Each runs fn as a subtest on SQLite and on PostgreSQL.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, address string) { fn(t, open(t, address, nil)) })
}

// EachAt is Each with a clock of the test's own.
func EachAt(t *testing.T, now func() time.Time, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, address string) { fn(t, open(t, address, now)) })
}

// EachURL is for tests that open the database themselves.
func EachURL(t *testing.T, fn func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv(Env)
		if server == "" {
			t.Skipf("%s is not set; `make test` starts a PostgreSQL and sets it", Env)
		}
		t.Parallel()
		fn(t, Fresh(t, server))
	})
}

// Fresh makes an empty database on server that goes when the test ends.
func Fresh(t testing.TB, server string) (address string) {
	t.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("reach the PostgreSQL of %s: %v", Env, err)
	}
	name := fmt.Sprintf("linli_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), made.Add(1))
	if _, err := admin.Exec(ctx, "create database "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(ctx, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
		_ = admin.Close(ctx)
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func open(t *testing.T, address string, now func() time.Time) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: address, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
