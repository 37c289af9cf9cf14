package db

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/meter"
)

// Engine is which of the two databases is open.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Rows is what both drivers give for a query.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Reader answers queries: a *DB from its pool, a *Tx from inside itself.
type Reader interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	Engine() Engine
}

// engine is what SQLite and PostgreSQL each bring.
type engine interface {
	query(ctx context.Context, sql string, args ...any) (Rows, error)
	write(ctx context.Context, now func() time.Time, fn func(*Tx) error) error
	snapshot(ctx context.Context, fn func(r Reader) error) error
	migrate(ctx context.Context) error
	watch(ctx context.Context, tell func(topic string))
	wake(topics []string)
	pool() Pool
	close() error
}

// DB is an open database.
type DB struct {
	kind Engine
	eng  engine
	now  func() time.Time
	hub  *hub
	stop context.CancelFunc
}

// Config says where the database is. Its zero value is a file linli.db in the
// working folder.
type Config struct {
	URL string           // sqlite:PATH or postgres://…; empty is sqlite:linli.db
	Now func() time.Time // the clock of Tx.Now; nil is the system's
	Log *slog.Logger     // nil is slog.Default
	// Seeding opens SQLite without waiting for the disk, to fill a database
	// that is worth nothing until it is full.
	Seeding bool
}

// Open opens the database at cfg.URL and brings its schema up to date. It
// fails with errs.Invalid for a URL of neither engine.
func Open(ctx context.Context, cfg Config) (d *DB, err error) {
	defer errs.Wrap(&err, "db.Open(%s)", Redact(cfg.URL))
	d = &DB{now: cfg.Now, hub: newHub()}
	if d.now == nil {
		d.now = time.Now
	}
	log := cfg.Log
	if log == nil {
		log = slog.Default()
	}
	url := cfg.URL
	if url == "" {
		url = "sqlite:linli.db"
	}
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		d.kind = SQLite
		d.eng, err = openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), cfg.Seeding)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		d.kind = Postgres
		d.eng, err = openPostgres(ctx, url, log)
	default:
		err = errs.New(errs.Invalid, "数据库地址要以 sqlite: 或 postgres:// 开头", "the database address must begin with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := d.eng.migrate(ctx); err != nil {
		return nil, fmt.Errorf("migrate: %w (%v)", err, d.eng.close())
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	go d.eng.watch(watching, d.hub.tell)
	return d, nil
}

// Engine says which database is open.
func (d *DB) Engine() Engine { return d.kind }

// Now is the clock that transactions use.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// Query reads outside any transaction.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return d.eng.query(ctx, sql, args...)
}

// Write runs fn in a transaction. When it returns nil, everything fn wrote is
// on disk; on any error nothing is. A transaction that lost against another
// one is run again, so fn must have no effect outside its Tx.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) (err error) {
	ctx, end := meter.Span(ctx, "db write")
	defer func() { end(err) }()
	var topics []string
	err = d.eng.write(ctx, d.Now, func(tx *Tx) error {
		tx.topics = nil
		err := fn(tx)
		topics = tx.topics
		return err
	})
	if err != nil {
		return translate(err)
	}
	if len(topics) > 0 {
		for _, topic := range topics {
			d.hub.tell(topic)
		}
		d.eng.wake(topics)
	}
	return nil
}

// Watch calls tell for every topic woken by a committed transaction of any
// copy of the program, until stop is called. A topic "" means that something
// changed that another process wrote. Wakes may be merged, so tell must look
// for itself what is new.
func (d *DB) Watch(tell func(topic string)) (stop func()) { return d.hub.add(tell) }

// Pool is how the connections that queries run on stand.
type Pool struct {
	Open, Busy, Most int
	Waited           int64         // how often a query had to wait for one
	Wait             time.Duration // and how long, all together
}

// Pool tells how the connections stand.
func (d *DB) Pool() Pool { return d.eng.pool() }

// Close closes the database after what is running has finished.
func (d *DB) Close() error {
	d.stop()
	return d.eng.close()
}

// Redact hides a password in a database URL.
func Redact(url string) string {
	at := strings.LastIndex(url, "@")
	scheme := strings.Index(url, "://")
	if at < 0 || scheme < 0 {
		return url
	}
	user, _, _ := strings.Cut(url[scheme+3:at], ":")
	return url[:scheme+3] + user + ":…" + url[at:]
}
