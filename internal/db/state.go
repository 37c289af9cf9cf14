package db

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"linli/internal/errs"
)

// State is what whoever runs a database should know of it.
type State struct {
	Engine   Engine
	Version  string            // of the engine
	Settings map[string]string // those on which it hangs that what was acknowledged is kept
	Lossy    []string          // of these, those that let it be lost
	Writable error             // why it cannot be written to; nil: it can
	Now      time.Time         // by the server's clock; zero where it has none of its own
}

// StateOf looks at the database at an address, through a reader of it, and
// changes nothing.
//
// Differs because each engine keeps what was acknowledged by settings of its
// own.
func StateOf(ctx context.Context, address string, r Reader) (s State, err error) {
	defer errs.Wrap(&err, "db.StateOf")
	s = State{Engine: r.Engine(), Settings: map[string]string{}}
	if path, ok := SQLitePath(address); ok {
		return s, s.ofFile(ctx, path, r)
	}
	return s, s.ofServer(ctx, r)
}

// ofFile looks at a file. How it is synchronised is asserted by [Open]; what the
// file itself says is whether it has a log to write ahead.
func (s *State) ofFile(ctx context.Context, path string, r Reader) (err error) {
	if s.Version, err = Value[string](ctx, r, "select sqlite_version()"); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 20)
	if _, err := io.ReadFull(f, head); err != nil {
		return fmt.Errorf("%s is no database: %w", filepath.Base(path), err)
	}
	s.set("journal_mode", map[bool]string{true: "wal", false: "delete"}[head[18] == 2], "wal")
	for _, name := range []string{path, path + "-wal"} {
		if one, err := os.OpenFile(name, os.O_RDWR, 0); err == nil {
			_ = one.Close()
		} else if !os.IsNotExist(err) {
			s.Writable = err
		}
	}
	beside, err := os.CreateTemp(filepath.Dir(path), ".linli-doctor-")
	if err != nil {
		s.Writable = err
		return nil
	}
	_ = beside.Close()
	return os.Remove(beside.Name())
}

func (s *State) ofServer(ctx context.Context, r Reader) error {
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		value, err := Value[string](ctx, r, "select current_setting($1)", name)
		if err != nil {
			return err
		}
		// Whatever else synchronous_commit may be, only off acknowledges what is
		// on no disk.
		s.set(name, value, map[bool]string{true: value, false: "on"}[name == "synchronous_commit" && value != "off"])
	}
	type row struct {
		version      string
		standby, may bool
		at           int64
	}
	got, err := One(ctx, r, func(x *row) []any { return []any{&x.version, &x.standby, &x.may, &x.at} },
		"select current_setting('server_version'), pg_is_in_recovery(), has_schema_privilege(current_schema(), 'create'), (extract(epoch from clock_timestamp()) * 1000000)::bigint")
	s.Version, s.Now = got.version, time.UnixMicro(got.at).UTC()
	switch {
	case got.standby:
		s.Writable = fmt.Errorf("the server is a standby")
	case err == nil && !got.may:
		s.Writable = fmt.Errorf("the role may not create in the schema")
	}
	return err
}

func (s *State) set(name, value, wanted string) {
	if s.Settings[name] = value; value != wanted {
		s.Lossy = append(s.Lossy, name)
	}
}
