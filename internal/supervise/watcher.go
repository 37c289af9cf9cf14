package supervise

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
)

// How often a board is counted: not more than once a second while cases flow,
// and again after a while when none does, because time alone turns signals.
const (
	boardLeast = time.Second
	boardMost  = 15 * time.Second
)

// Watcher keeps the colour board of districts for the pages that show it.
type Watcher struct {
	db       *db.DB
	promised func(ctx context.Context, r db.Reader, d *district.District, now time.Time) (Promised, error)
	mu       sync.Mutex
	boards   map[string]*Board
	changed  map[string]bool // since the board was counted, or is being
	busy     map[string]bool // somebody is counting it now
	counting singleflight.Group
	stop     func()
}

// NewWatcher makes a watcher over a database; Close ends it. promised may be nil.
func NewWatcher(d *db.DB, promised func(ctx context.Context, r db.Reader, d *district.District, now time.Time) (Promised, error)) *Watcher {
	w := &Watcher{db: d, promised: promised, boards: map[string]*Board{}, changed: map[string]bool{}, busy: map[string]bool{}}
	w.stop = d.Watch(func(topic string) {
		if topic == casework.Topic || topic == district.Topic || topic == "" {
			w.mark()
		}
	})
	return w
}

// Close stops listening for changes.
func (w *Watcher) Close() { w.stop() }

func (w *Watcher) mark() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for code := range w.changed {
		w.changed[code] = true
	}
}

// Board is the district's board, about a second behind what was written. Who
// comes while it is counted again gets the one before, and does not wait.
func (w *Watcher) Board(ctx context.Context, d *district.District) (*Board, error) {
	now := w.db.Now()
	w.mu.Lock()
	b, changed, busy := w.boards[d.Code], w.changed[d.Code], w.busy[d.Code]
	w.mu.Unlock()
	if b != nil {
		age := now.Sub(b.At)
		if age > 0 && age < boardLeast || age >= 0 && age < boardMost && (busy || !changed) {
			return b, nil
		}
	}
	// Many that ask together for the first board count once.
	read, err, _ := w.counting.Do(d.Code, func() (any, error) { return w.count(context.WithoutCancel(ctx), d, now) })
	if err != nil {
		return nil, err
	}
	return read.(*Board), nil
}

func (w *Watcher) count(ctx context.Context, d *district.District, now time.Time) (*Board, error) {
	w.mu.Lock()
	w.changed[d.Code] = false // what comes from here on may be missed by the count
	w.busy[d.Code] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.busy[d.Code] = false
	}()
	var promised Promised
	if w.promised != nil {
		var err error
		if promised, err = w.promised(ctx, w.db, d, now); err != nil {
			return nil, err
		}
	}
	b, err := ReadBoard(ctx, w.db, d, now, promised)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.boards[d.Code] = b
	return b, nil
}
