package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"linli/internal/errs"
)

// ReadOnly is a database, or a backup of one, that is looked at and never
// touched: its schema stays as it is.
type ReadOnly struct {
	engine Engine
	query  func(ctx context.Context, text string, args ...any) (Rows, error)
	close  func() error
}

// OpenToRead opens the database at a URL as Config has it for reading alone. An
// SQLite file that nobody has open may lie in a folder that cannot be written.
func OpenToRead(ctx context.Context, address string) (r *ReadOnly, err error) {
	defer errs.Wrap(&err, "db.OpenToRead(%s)", Redact(address))
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return sqliteToRead(ctx, path)
	}
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return postgresToRead(ctx, address)
	}
	return nil, errs.New(errs.Invalid, "数据库地址要以 sqlite: 或 postgres:// 开头。", "The address of a database begins with sqlite: or postgres://.")
}

func sqliteToRead(ctx context.Context, path string) (*ReadOnly, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, errs.New(errs.NotFound, "没有文件 %s。", "There is no file %s.", path).Because(err)
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {"query_only(1)", "mmap_size(8589934592)", "temp_store(MEMORY)"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		q.Set("immutable", "1") // nobody writes, so nothing beside the file is needed
	}
	handle, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	if err := handle.PingContext(ctx); err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	return &ReadOnly{SQLite, newStatements(handle).query, handle.Close}, nil
}

func postgresToRead(ctx context.Context, address string) (*ReadOnly, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // pgx would print the password
	}
	config.ConnConfig.RuntimeParams["application_name"] = "linli"
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	query := func(ctx context.Context, text string, args ...any) (Rows, error) {
		return pool.Query(ctx, text, args...)
	}
	return &ReadOnly{Postgres, query, func() error { pool.Close(); return nil }}, nil
}

// Query reads.
func (r *ReadOnly) Query(ctx context.Context, text string, args ...any) (Rows, error) {
	return r.query(ctx, text, args...)
}

// Engine says which database is open.
func (r *ReadOnly) Engine() Engine { return r.engine }

// Close ends it.
func (r *ReadOnly) Close() error { return r.close() }
