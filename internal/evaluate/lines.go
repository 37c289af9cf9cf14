package evaluate

import (
	"context"
	"time"

	"linli/internal/district"
)

// linesFor is how old the on-time record on a board may be. The days behind it
// are counted every few minutes only.
const linesFor = time.Minute

// keptLines is a board's record and until when it may be shown.
type keptLines struct {
	lines map[string]BoardLine
	until time.Time
}

// Lines is Board of today, kept for a minute: pages that show colours ask for it
// with every change of a case. The caller must not change it.
func (k *Keeper) Lines(ctx context.Context, d *district.District) (map[string]BoardLine, error) {
	name := d.Code + " " + string(dayOf(d, k.db.Now()))
	now := k.db.Now()
	k.mu.Lock()
	had, ok := k.lines[name]
	k.mu.Unlock()
	if ok && now.Before(had.until) {
		return had.lines, nil
	}
	v, err, _ := k.busy.Do("lines "+name, func() (any, error) {
		lines, err := Board(context.WithoutCancel(ctx), k.db, d.Code, dayOf(d, now))
		if err != nil {
			return nil, err
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		for other, one := range k.lines { // yesterday's
			if !now.Before(one.until) {
				delete(k.lines, other)
			}
		}
		k.lines[name] = keptLines{lines, now.Add(linesFor)}
		return lines, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(map[string]BoardLine), nil
}
