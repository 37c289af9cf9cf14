package casework

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
)

// A copy of the program takes serials in blocks, so that openings do not queue
// for the counter's row. Each block of a day is twice the one before, so that a
// quiet day leaves a small gap at a restart and a storm does not wait.
const (
	firstBlock = 10
	mostBlock  = 640
)

// Numbers hands out case numbers: the day, a serial within it, a check digit.
type Numbers struct {
	db  *db.DB
	mu  sync.Mutex
	own map[string]span // by district and day
}

// span is the serials from next up to but not including end.
type span struct {
	next, end int
	taken     int // how many the block held
}

// NewNumbers makes a source of case numbers over d.
func NewNumbers(d *db.DB) *Numbers { return &Numbers{db: d, own: map[string]span{}} }

// Next returns a number that no other case of district has. day is the local
// date of opening. It runs a transaction of its own now and then, so it is
// called before the transaction that opens the case.
func (n *Numbers) Next(ctx context.Context, district string, day time.Time) (number string, err error) {
	defer errs.Wrap(&err, "casework.Numbers.Next(%s)", district)
	n.mu.Lock()
	defer n.mu.Unlock()
	key := district + day.Format("060102")
	have := n.own[key]
	if have.next == have.end {
		if have, err = n.reserve(ctx, district, day.Format("060102"), min(mostBlock, max(firstBlock, 2*have.taken))); err != nil {
			return "", err
		}
		for old := range n.own { // other days of this district are over
			if len(old) == len(key) && old[:len(district)] == district && old < key {
				delete(n.own, old)
			}
		}
	}
	serial := have.next
	have.next++
	n.own[key] = have
	made, err := ident.NewNumber(day, serial)
	return string(made), err
}

func (n *Numbers) reserve(ctx context.Context, district, day string, block int) (got span, err error) {
	err = n.db.Write(ctx, func(tx *db.Tx) error {
		got, err = reserve(ctx, tx, district, day, block)
		return err
	})
	got.taken = block
	return got, err
}

// reserve takes the next n serials of a day for the caller alone.
func reserve(ctx context.Context, tx *db.Tx, district, day string, n int) (span, error) {
	all, err := reserveDays(ctx, tx, district, map[string]int{day: n})
	return all[day], err
}

// reserveDays takes the next serials of several days at once, as many of each
// as counts says. Days are taken in order, so that two who take the same ones
// wait for each other and do not lock each other out.
func reserveDays(ctx context.Context, tx *db.Tx, district string, counts map[string]int) (map[string]span, error) {
	spans := make(map[string]span, len(counts))
	days := slices.Sorted(maps.Keys(counts))
	for len(days) > 0 {
		some := days[:atOnce(len(days))]
		days = days[len(some):]
		args := make([]any, 0, 3*len(some))
		for _, day := range some {
			args = append(args, district, day, counts[day]+1)
		}
		err := db.Scan(ctx, tx, func(rows db.Rows) error {
			var day string
			var end int
			if err := rows.Scan(&day, &end); err != nil {
				return err
			}
			spans[day] = span{next: end - counts[day], end: end}
			return nil
		}, "insert into case_serials (district, day, next) values "+marks(len(some), 3)+
			" on conflict (district, day) do update set next = case_serials.next + excluded.next - 1 returning day, next", args...)
		if err != nil {
			return nil, err
		}
	}
	return spans, nil
}

// atOnce is how many of n rows go into one statement. The few sizes keep the
// number of different statements small, since each is prepared once.
func atOnce(n int) int {
	for _, size := range []int{64, 8} {
		if n >= size {
			return size
		}
	}
	return min(n, 1)
}

// dayOf is how a day is written in case_serials.
func dayOf(at time.Time, zone *time.Location) string { return at.In(zone).Format("060102") }
