package access

import (
	"context"
	"sync"
	"time"

	"linli/internal/db"
)

// remembered is how long a key that was good is taken as good: a system that
// sends a thousand reports a second need not have its key read each time, and
// a key that was ended is refused by every copy of the program within it.
const remembered = 2 * time.Second

// Keyring remembers good keys for a moment, for a door that systems call.
type Keyring struct {
	mu   sync.Mutex
	good map[string]knownKey
}

type knownKey struct {
	key   Key
	until time.Time
}

// NewKeyring makes one that knows no key yet.
func NewKeyring() *Keyring { return &Keyring{good: map[string]knownKey{}} }

// Check is CheckKey with that memory, and notes that the key is in use. Keys that
// are wrong are never remembered.
func (k *Keyring) Check(ctx context.Context, d *db.DB, text string, now time.Time) (Key, error) {
	k.mu.Lock()
	known, ok := k.good[text]
	k.mu.Unlock()
	if ok && now.Before(known.until) && now.Before(known.key.Expires) {
		return known.key, nil
	}
	key, err := CheckKey(ctx, d, text, now)
	if err == nil {
		err = UseKey(ctx, d, key, now)
	}
	if err != nil {
		return Key{}, err
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
