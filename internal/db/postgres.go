package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// channel is the one NOTIFY channel; the topic travels as its payload.
const channel = "linli"

// tries is how often a transaction that lost against another one is run.
const tries = 5

type pgEngine struct {
	conns *pgxpool.Pool
	log   *slog.Logger
	wakes chan []string
	done  chan struct{}
}

func openPostgres(ctx context.Context, url string, log *slog.Logger) (engine, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // pgx would print the password
	}
	if config.MaxConns < 16 {
		config.MaxConns = int32(max(16, runtime.NumCPU()*4))
	}
	config.ConnConfig.RuntimeParams["application_name"] = "linli"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	e := &pgEngine{conns: pool, log: log, wakes: make(chan []string, 256), done: make(chan struct{})}
	go e.sendWakes()
	return e, nil
}

func (e *pgEngine) query(ctx context.Context, text string, args ...any) (Rows, error) {
	return e.conns.Query(ctx, text, args...)
}

func (e *pgEngine) write(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	var err error
	for try := range tries {
		if err = e.writeOnce(ctx, now, fn); err == nil || !contended(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(time.Duration(try+1) * 5 * time.Millisecond):
		}
	}
	return err
}

func (e *pgEngine) writeOnce(ctx context.Context, now func() time.Time, fn func(*Tx) error) (err error) {
	conn, err := e.conns.Acquire(ctx)
	if err != nil {
		return err
	}
	tx := &pgTx{conn: conn.Conn()}
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(tx.undo(), fmt.Errorf("panic: %v", p))
			conn.Release()
			panic(p)
		}
		if err != nil {
			err = errors.Join(err, tx.undo())
		}
		conn.Release()
	}()
	if err := fn(&Tx{Now: now(), kind: Postgres, eng: tx}); err != nil {
		return err
	}
	return tx.commit(ctx)
}

// pgTx sends its writes in as few round trips as it can: they wait until
// something must be read. One that only writes goes out as a single pipeline,
// which PostgreSQL runs as one transaction by itself; one that reads begins in so
// many words.
type pgTx struct {
	conn    *pgx.Conn
	waiting []statement
	begun   bool
}

type statement struct {
	text string
	args []any
}

// send runs what waits, and tells how many rows the last statement met.
func (t *pgTx) send(ctx context.Context) (changed int64, err error) {
	if len(t.waiting) == 0 {
		return 0, nil
	}
	batch := &pgx.Batch{}
	for _, s := range t.waiting {
		batch.Queue(s.text, s.args...)
	}
	t.waiting = t.waiting[:0]
	results := t.conn.SendBatch(ctx, batch)
	for range batch.Len() {
		tag, err := results.Exec()
		if err != nil {
			return 0, errors.Join(err, results.Close())
		}
		changed = tag.RowsAffected()
	}
	return changed, results.Close()
}

// begin makes sure that the transaction is one in so many words.
func (t *pgTx) begin() {
	if !t.begun {
		t.waiting = append([]statement{{text: "begin"}}, t.waiting...)
		t.begun = true
	}
}

func (t *pgTx) exec(_ context.Context, text string, args ...any) error {
	t.waiting = append(t.waiting, statement{text, args})
	return nil
}

func (t *pgTx) change(ctx context.Context, text string, args ...any) (int64, error) {
	t.begin()
	t.waiting = append(t.waiting, statement{text, args})
	return t.send(ctx)
}

func (t *pgTx) query(ctx context.Context, text string, args ...any) (Rows, error) {
	t.begin()
	if _, err := t.send(ctx); err != nil {
		return nil, err
	}
	return t.conn.Query(ctx, text, args...)
}

func (t *pgTx) commit(ctx context.Context) error {
	if t.begun {
		t.waiting = append(t.waiting, statement{text: "commit"})
	}
	if _, err := t.send(ctx); err != nil {
		return err
	}
	t.begun = false
	return nil
}

func (t *pgTx) undo() error {
	if !t.begun || t.conn.IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := t.conn.Exec(ctx, "rollback")
	if err != nil {
		return errors.Join(err, t.conn.Close(ctx))
	}
	return nil
}

func (e *pgEngine) migrate(ctx context.Context) error {
	handle := stdlib.OpenDBFromPool(e.conns)
	defer func(handle *sql.DB) { _ = handle.Close() }(handle)
	// Copies of the program that start together take turns.
	conn, err := e.conns.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const turn = 7_013_301 // any number that nothing else in the database locks
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", turn); err != nil {
		return err
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", turn) }()
	return migrateWith(ctx, Postgres, handle)
}

// wake sends topics to the other copies. Differs because a NOTIFY inside the
// writing transaction takes a lock over the whole database until its commit,
// which would make every opening wait for the one before it. A wake lost in a
// crash costs a poll: watchers look for themselves.
func (e *pgEngine) wake(topics []string) {
	select {
	case e.wakes <- topics:
	default: // a full queue already promises a wake
	}
}

func (e *pgEngine) sendWakes() {
	for {
		var topics []string
		select {
		case <-e.done:
			return
		case topics = <-e.wakes:
		}
		time.Sleep(20 * time.Millisecond) // gather what comes together
		seen := map[string]bool{}
		for more := true; more; {
			for _, topic := range topics {
				seen[topic] = true
			}
			select {
			case topics = <-e.wakes:
			default:
				more = false
			}
		}
		batch := &pgx.Batch{}
		for topic := range seen {
			batch.Queue("select pg_notify($1, $2)", channel, topic)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if err := e.conns.SendBatch(ctx, batch).Close(); err != nil {
			e.log.Warn("wake not sent", "error", err)
		}
		cancel()
	}
}

func (e *pgEngine) watch(ctx context.Context, tell func(string)) {
	for ctx.Err() == nil {
		if err := e.listen(ctx, tell); err != nil && ctx.Err() == nil {
			e.log.Warn("listening for changes stopped, trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(2 * time.Second):
			}
		}
	}
}

func (e *pgEngine) listen(ctx context.Context, tell func(string)) error {
	conn, err := pgx.ConnectConfig(ctx, e.conns.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	for {
		note, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		tell(note.Payload)
	}
}

func (e *pgEngine) pool() Pool {
	s := e.conns.Stat()
	return Pool{int(s.TotalConns()), int(s.AcquiredConns()), int(s.MaxConns()), s.EmptyAcquireCount(), s.EmptyAcquireWaitTime()}
}

func (e *pgEngine) close() error {
	close(e.done)
	e.conns.Close()
	return nil
}
