package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"

	"linli/internal/errs"
)

// Snapshot runs fn with a reader that sees the database as it is at one
// instant, however long fn takes and whatever is written meanwhile. Only one
// query may run on it at a time.
func (d *DB) Snapshot(ctx context.Context, fn func(r Reader) error) (err error) {
	defer errs.Wrap(&err, "db.Snapshot")
	return d.eng.snapshot(ctx, fn)
}

// snapshot holds a read transaction on a connection of its own. In WAL a reader
// stops no writer; the file beside the database grows until fn returns.
func (e *sqliteEngine) snapshot(ctx context.Context, fn func(r Reader) error) (err error) {
	conn, err := e.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return err
	}
	// The instant is that of the first read, so there is one at once.
	var tables int
	if err := conn.QueryRowContext(ctx, "select count(*) from sqlite_master").Scan(&tables); err != nil {
		return errors.Join(err, end(ctx, conn))
	}
	err = fn(&ReadOnly{engine: SQLite, query: newStatements(conn).query})
	return errors.Join(err, end(ctx, conn))
}

// end ends a read transaction, also where the caller has been called off: the
// connection goes back to the pool.
func end(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
	return err
}

func (e *pgEngine) snapshot(ctx context.Context, fn func(r Reader) error) (err error) {
	tx, err := e.conns.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback(context.WithoutCancel(ctx))) }()
	query := func(ctx context.Context, text string, args ...any) (Rows, error) { return tx.Query(ctx, text, args...) }
	return fn(&ReadOnly{engine: Postgres, query: query})
}
