package db

import (
	"context"
	"time"
)

// txEngine is one running transaction of an engine.
type txEngine interface {
	exec(ctx context.Context, sql string, args ...any) error
	change(ctx context.Context, sql string, args ...any) (int64, error)
	query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// Tx is a running transaction. It is used by one goroutine.
type Tx struct {
	// Now is the instant of everything this transaction writes.
	Now    time.Time
	kind   Engine
	eng    txEngine
	topics []string
}

// Engine says which database the transaction runs in.
func (t *Tx) Engine() Engine { return t.kind }

// Exec writes. It may be sent later, in order, before the next read or commit.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) error {
	return t.eng.exec(ctx, sql, args...)
}

// Change writes and tells how many rows it met.
func (t *Tx) Change(ctx context.Context, sql string, args ...any) (int64, error) {
	return t.eng.change(ctx, sql, args...)
}

// Query reads inside the transaction, and sees what it wrote.
func (t *Tx) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return t.eng.query(ctx, sql, args...)
}

// Wake tells every watcher, in every copy of the program, that topic has news,
// once the transaction is on disk.
func (t *Tx) Wake(topic string) { t.topics = append(t.topics, topic) }
