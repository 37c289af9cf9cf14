package api

import (
	"context"
	"sync"
	"time"

	"linli/internal/access"
	"linli/internal/db"
)

// remembered is how long a key that was good is taken as good: a system that
// sends a thousand reports a second need not have its key read each time, and
// a key that was ended is refused by every copy of the program within it.
const remembered = 2 * time.Second

// keys remembers keys for a moment.
type keys struct {
	mu   sync.Mutex
	good map[string]knownKey
}

type knownKey struct {
	key   access.Key
	until time.Time
}

// check is access.CheckKey with that memory, and notes that the key is in use.
// Keys that are wrong are never remembered.
func (k *keys) check(ctx context.Context, d *db.DB, text string, now time.Time) (access.Key, error) {
	k.mu.Lock()
	known, ok := k.good[text]
	k.mu.Unlock()
	if ok && now.Before(known.until) && now.Before(known.key.Expires) {
		return known.key, nil
	}
	key, err := access.CheckKey(ctx, d, text, now)
	if err == nil {
		err = access.UseKey(ctx, d, key, now)
	}
	if err != nil {
		return access.Key{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for old, one := range k.good {
		if !now.Before(one.until) {
			delete(k.good, old)
		}
	}
	k.good[text] = knownKey{key, now.Add(remembered)}
	return key, nil
}
