package bench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the bare driver, as db uses it
)

// bareSQLite measures one-row durable transactions of the bare driver: each
// insert commits by itself and is on disk when it returns.
func bareSQLite(ctx context.Context, cfg Config, dir string) (load, error) {
	d, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)")
	if err != nil {
		return load{}, err
	}
	defer d.Close()
	d.SetMaxOpenConns(1) // more only wait for each other
	if _, err := d.ExecContext(ctx, "create table bare (id text primary key, at integer, body text)"); err != nil {
		return load{}, err
	}
	stmt, err := d.PrepareContext(ctx, "insert into bare (id, at, body) values (?, ?, ?)")
	if err != nil {
		return load{}, err
	}
	defer stmt.Close()
	l := drive(ctx, cfg.Now, cfg.Clients, cfg.For, func(ctx context.Context, client, n int) error {
		_, err := stmt.ExecContext(ctx, fmt.Sprintf("%d-%d", client, n), n, body)
		return err
	})
	return l, l.failed
}

const body = "桂香路 18 号门口的井盖碎了一角，早上人多，差点有老人踩进去。请尽快派人来看看，先围起来也好。"

// barePostgres measures durable transactions of two rows with the bare driver.
func barePostgres(ctx context.Context, cfg Config, address string) (load, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return load{}, err
	}
	config.MaxConns = int32(cfg.Clients)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return load{}, err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, "create table bare (id text primary key, at bigint, body text)"); err != nil {
		return load{}, err
	}
	l := drive(ctx, cfg.Now, cfg.Clients, cfg.For, func(ctx context.Context, client, n int) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			for row := range 2 {
				if _, err := tx.Exec(ctx, "insert into bare (id, at, body) values ($1, $2, $3)", fmt.Sprintf("%d-%d-%d", client, n, row), n, body); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return l, l.failed
}

// database makes a throw-away PostgreSQL database.
func database(ctx context.Context, cfg Config, name string) (address string, drop func(), err error) {
	admin, err := pgx.Connect(ctx, cfg.Postgres)
	if err != nil {
		return "", nil, err
	}
	name = fmt.Sprintf("linli_bench_%s_%d", name, cfg.Now().UnixNano())
	if _, err := admin.Exec(ctx, "create database "+name); err != nil {
		return "", nil, err
	}
	drop = func() {
		_, _ = admin.Exec(context.Background(), "drop database "+name+" with (force)")
		_ = admin.Close(context.Background())
	}
	config := admin.Config().Copy()
	return fmt.Sprintf("postgres://%s@%s:%d/%s?sslmode=disable", config.User, config.Host, config.Port, name), drop, nil
}
