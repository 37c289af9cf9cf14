package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"linli/internal/errs"
)

// translate turns what a driver says into the kinds the rest of linli knows.
// It is the only place that reads driver codes.
func translate(err error) error {
	if err == nil || errs.KindOf(err) != "" {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, pgx.ErrNoRows) {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Busy, "系统正忙，请稍后再试", "busy, please try again").Because(err)
	}
	switch {
	case unreadable(err):
		return errs.New(errs.Invalid, "里面有认不出的字符。", "It holds characters that cannot be read.").Because(err)
	case duplicate(err):
		return errs.New(errs.Conflict, "已经有了，或刚被别人改过，请刷新再看", "it exists already or was just changed by someone else, please look again").Because(err)
	case contended(err):
		return errs.New(errs.Busy, "系统正忙，请稍后再试", "busy, please try again").Because(err)
	}
	return err
}

// unreadable is a text that PostgreSQL does not take: with a NUL, or not UTF-8.
// Nothing of ours holds one, so that whoever asked with it asked for nothing.
func unreadable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "22021" || pg.Code == "22P05")
}

func duplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	}
	return false
}

// contended is a loss against another transaction, worth another try.
func contended(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return false
}
