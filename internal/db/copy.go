package db

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"linli/internal/errs"
)

// SQLitePath is the file of an address such as sqlite:linli.db; false for one
// that is not SQLite's.
func SQLitePath(address string) (path string, ok bool) {
	if address == "" {
		return "linli.db", true
	}
	return strings.CutPrefix(address, "sqlite:")
}

// CopySQLite writes the SQLite database at path, which may be in use by any
// number of programs, into a new file: everything that was committed when it
// began, and nothing of what came after. It stops nobody from writing. When it
// returns nil the copy is on disk.
//
// Differs because PostgreSQL brings pg_dump, which does the same.
func CopySQLite(ctx context.Context, path, to string) (err error) {
	defer errs.Wrap(&err, "db.CopySQLite(%s, %s)", path, to)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.NotFound, "没有数据库文件 %s。", "There is no database file %s.", path).Because(err)
	}
	handle, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+url.Values{"_pragma": {"busy_timeout(5000)"}}.Encode())
	if err != nil {
		return err
	}
	_, err = handle.ExecContext(ctx, "vacuum into ?", to)
	if err := errors.Join(err, handle.Close()); err != nil {
		return err
	}
	return errors.Join(syncFile(to), syncFile(filepath.Dir(to)))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// CheckSQLite looks over the pages of a file that nobody has open, and finds
// whether it is a whole database.
func CheckSQLite(ctx context.Context, path string) (err error) {
	defer errs.Wrap(&err, "db.CheckSQLite(%s)", path)
	r, err := OpenToRead(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	said, err := Value[string](ctx, r, "pragma quick_check(1)")
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if said != "ok" {
		return errs.New(errs.Invalid, "数据库文件是坏的：%s", "The database file is broken: %s", said)
	}
	return nil
}
