package district

import (
	"context"
	"log/slog"
	"sync"

	"golang.org/x/sync/singleflight"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/org"
)

// Keeper keeps the pictures of districts and reads them again when their
// tables change or the day turns.
type Keeper struct {
	db   *db.DB
	log  *slog.Logger
	mu   sync.Mutex
	have map[string]*District
	stop func()

	changes int // how often the tables have changed
	reading singleflight.Group
}

// NewKeeper makes a keeper over d; Close ends it.
func NewKeeper(d *db.DB, log *slog.Logger) *Keeper {
	k := &Keeper{db: d, log: log, have: map[string]*District{}}
	k.stop = d.Watch(func(topic string) {
		if topic == Topic || topic == org.Topic || topic == "" {
			k.forget()
		}
	})
	return k
}

// Close stops listening for changes.
func (k *Keeper) Close() { k.stop() }

// forget lets the next request read again. A wake that names nothing may be
// any process's change, also one to these tables.
func (k *Keeper) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	clear(k.have)
}

// Get returns the picture of a district; errs.NotFound where there is none.
func (k *Keeper) Get(ctx context.Context, code string) (*District, error) {
	now := k.db.Now()
	k.mu.Lock()
	d := k.have[code]
	k.mu.Unlock()
	if d != nil && clock.DateOf(now, d.Calendar.Zone()) == d.Day {
		return d, nil
	}
	// Many requests that miss together read it once.
	read, err, _ := k.reading.Do(code, func() (any, error) {
		k.mu.Lock()
		changes := k.changes
		k.mu.Unlock()
		d, err := Open(context.WithoutCancel(ctx), k.db, code, now)
		if err != nil {
			return nil, err
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.changes == changes { // else it changed while it was read: read again next time
			k.have[code] = d
		}
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	k.log.Debug("district read", "district", code)
	return read.(*District), nil
}
