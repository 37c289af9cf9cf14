package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// groupMost bounds how many transactions share one commit, so that the first
// of them does not wait long.
const groupMost = 64

type sqliteEngine struct {
	read   *statements
	reader *sql.DB
	writer *sql.DB
	conn   *sql.Conn
	wstmt  *statements
	queue  chan *writeRequest
	done   chan struct{}
	closed sync.Once

	running bool
	version int64 // data_version at the last look
	tell    atomic.Pointer[func(topic string)]
}

type writeRequest struct {
	ctx   context.Context
	now   func() time.Time
	fn    func(*Tx) error
	err   error
	panic any
	ready chan struct{}
}

// openSQLite opens the file at path, with one writer and a pool of readers,
// and asserts that the pragmas that keep what was acknowledged are in force:
// misspelt ones are silently ignored by the driver.
func openSQLite(ctx context.Context, path string, seeding bool) (engine, error) {
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return nil, err
		}
	}
	e := &sqliteEngine{queue: make(chan *writeRequest, groupMost), done: make(chan struct{})}
	var err error
	if e.writer, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
		return nil, err
	}
	e.writer.SetMaxOpenConns(1)
	if e.conn, err = e.writer.Conn(ctx); err != nil {
		return nil, err
	}
	if err := assertDurable(ctx, e.conn); err != nil {
		return nil, err
	}
	if seeding {
		if _, err := e.conn.ExecContext(ctx, "pragma synchronous = off"); err != nil {
			return nil, err
		}
	}
	if e.reader, err = sql.Open("sqlite", sqliteDSN(path, true)); err != nil {
		return nil, err
	}
	readers := max(4, runtime.NumCPU()*2)
	e.reader.SetMaxOpenConns(readers)
	e.reader.SetMaxIdleConns(readers)
	e.read = newStatements(e.reader)
	e.wstmt = newStatements(e.conn)
	return e, nil
}

func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(5000)")
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous(FULL)")
	q.Add("_pragma", "foreign_keys(ON)")
	q.Add("_pragma", "temp_store(MEMORY)")
	q.Add("_pragma", "mmap_size(8589934592)")
	if readOnly {
		q.Add("_pragma", "query_only(1)")
		q.Add("_pragma", "cache_size(-8192)")
	} else {
		q.Add("_pragma", "cache_size(-32768)")
		q.Add("_pragma", "wal_autocheckpoint(16000)") // 64 MB: pages that change often are copied once
		q.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func assertDurable(ctx context.Context, conn *sql.Conn) error {
	var mode string
	var sync int
	if err := conn.QueryRowContext(ctx, "pragma journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "pragma synchronous").Scan(&sync); err != nil {
		return err
	}
	if mode != "wal" || sync != 2 {
		return fmt.Errorf("SQLite runs with journal_mode=%s synchronous=%d, want wal and 2 (FULL)", mode, sync)
	}
	return nil
}

func (e *sqliteEngine) query(ctx context.Context, text string, args ...any) (Rows, error) {
	return e.read.query(ctx, text, args...)
}

// write hands fn to the one writer and waits for the commit that holds it.
func (e *sqliteEngine) write(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	r := &writeRequest{ctx: ctx, now: now, fn: fn, ready: make(chan struct{})}
	select {
	case <-e.done:
		return errors.New("the database is closed")
	case <-ctx.Done():
		return ctx.Err()
	case e.queue <- r:
	}
	<-r.ready
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

func (e *sqliteEngine) run() {
	e.lookAround()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case first := <-e.queue:
			e.group(first)
		case <-look.C:
			e.lookAround()
		case <-e.done:
			return
		}
	}
}

// lookAround notices what other processes wrote: SQLite has no messages between
// processes, but on the writer's connection data_version moves only when
// somebody else commits.
func (e *sqliteEngine) lookAround() {
	var version int64
	if err := e.conn.QueryRowContext(context.Background(), "pragma data_version").Scan(&version); err != nil {
		return // the next look may succeed; nothing is lost, watchers poll
	}
	if tell := e.tell.Load(); tell != nil && e.version != 0 && version != e.version {
		(*tell)("")
	}
	e.version = version
}

// group runs first and whatever else is waiting in one transaction, and tells
// them after the commit. They run bare as long as all goes well, because a
// savepoint around each makes the search index write its pages for every one;
// where one fails after it wrote, all of the group is undone and run again,
// each inside a savepoint of its own.
func (e *sqliteEngine) group(first *writeRequest) {
	// A cancelled statement would roll back the whole group, so requests run
	// to their end once begun.
	ctx := context.Background()
	if err := e.wstmt.exec(ctx, "begin immediate"); err != nil {
		first.err = err
		close(first.ready)
		return
	}
	requests, kept := e.gather(first)
	var err error
	if !kept {
		err = e.apart(ctx, requests)
	}
	if err == nil {
		err = e.wstmt.exec(ctx, "commit")
	}
	if err != nil {
		err = errors.Join(err, e.wstmt.exec(ctx, "rollback"))
	}
	for _, r := range requests {
		if r.err == nil {
			r.err = err
		}
		close(r.ready)
	}
}

// gather runs first and those that wait, until nobody does or one leaves
// something behind that must be undone.
func (e *sqliteEngine) gather(first *writeRequest) (requests []*writeRequest, kept bool) {
	requests = []*writeRequest{first}
	if !e.runOne(first) {
		return requests, false
	}
	for len(requests) < groupMost {
		select {
		case next := <-e.queue:
			requests = append(requests, next)
			if !e.runOne(next) {
				return requests, false
			}
		default:
			return requests, true
		}
	}
	return requests, true
}

// runOne runs a request, and reports false where it failed after it wrote.
func (e *sqliteEngine) runOne(r *writeRequest) (kept bool) {
	if r.panic, r.err = nil, r.ctx.Err(); r.err != nil {
		return true
	}
	tx := &sqliteTx{stmts: e.wstmt}
	func() {
		defer func() {
			if p := recover(); p != nil {
				r.panic, r.err = p, fmt.Errorf("panic: %v", p)
			}
		}()
		r.err = r.fn(&Tx{Now: r.now(), kind: SQLite, eng: tx})
	}()
	return r.err == nil || !tx.wrote
}

// apart begins the transaction anew and runs every request inside a savepoint,
// so that the one that fails is undone alone.
func (e *sqliteEngine) apart(ctx context.Context, requests []*writeRequest) error {
	undo := e.wstmt.exec(ctx, "rollback") // fails where the fault itself ended the transaction
	if err := e.wstmt.exec(ctx, "begin immediate"); err != nil {
		return errors.Join(undo, err)
	}
	for _, r := range requests {
		if err := e.wstmt.exec(ctx, "savepoint one"); err != nil {
			return err
		}
		if !e.runOne(r) {
			if err := e.wstmt.exec(ctx, "rollback to one"); err != nil {
				return err
			}
		}
		if err := e.wstmt.exec(ctx, "release one"); err != nil {
			return err
		}
	}
	return nil
}

// sqliteTx is one request inside a group, on the writer's connection. Its
// statements run without the caller's cancellation, see group.
type sqliteTx struct {
	stmts *statements
	wrote bool
}

func (t *sqliteTx) exec(_ context.Context, text string, args ...any) error {
	t.wrote = true
	return t.stmts.exec(context.Background(), text, args...)
}

func (t *sqliteTx) change(_ context.Context, text string, args ...any) (int64, error) {
	t.wrote = true
	return t.stmts.change(context.Background(), text, args...)
}

func (t *sqliteTx) query(_ context.Context, text string, args ...any) (Rows, error) {
	t.wrote = t.wrote || !strings.HasPrefix(strings.TrimLeft(text, " \t\n"), "select ") // insert … returning is asked for like a query
	return t.stmts.query(context.Background(), text, args...)
}

func (e *sqliteEngine) migrate(ctx context.Context) error {
	// goose needs a pool; the writer's only connection is lent to it.
	if err := e.conn.Close(); err != nil {
		return err
	}
	if err := migrateWith(ctx, SQLite, e.writer); err != nil {
		return err
	}
	var err error
	if e.conn, err = e.writer.Conn(ctx); err != nil {
		return err
	}
	e.wstmt = newStatements(e.conn)
	e.running = true
	go e.run()
	return nil
}

func (e *sqliteEngine) watch(ctx context.Context, tell func(string)) {
	e.tell.Store(&tell)
	<-ctx.Done()
	e.tell.Store(nil)
}

func (e *sqliteEngine) wake([]string) {}

func (e *sqliteEngine) pool() Pool {
	s := e.reader.Stats()
	return Pool{s.OpenConnections, s.InUse, s.MaxOpenConnections, s.WaitCount, s.WaitDuration}
}

func (e *sqliteEngine) close() error {
	var err error
	e.closed.Do(func() {
		if !e.running { // the schema could not be brought up to date
			err = errors.Join(e.conn.Close(), e.writer.Close(), e.reader.Close())
			return
		}
		// Whoever is in the queue is served before the file closes.
		last := &writeRequest{ctx: context.Background(), now: time.Now, fn: func(*Tx) error { return nil }, ready: make(chan struct{})}
		e.queue <- last
		<-last.ready
		close(e.done)
		err = errors.Join(e.conn.Close(), e.writer.Close(), e.reader.Close())
	})
	return err
}
