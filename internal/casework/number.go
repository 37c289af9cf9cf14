package casework

import (
	"context"
	"sync"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
)

// block is how many serials one copy of the program takes at once, so that
// openings do not queue for the counter's row. A restart leaves a gap.
const block = 50

// Numbers hands out case numbers: the day, a serial within it, a check digit.
type Numbers struct {
	db  *db.DB
	mu  sync.Mutex
	own map[string]span // by district and day
}

type span struct{ next, end int }

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
		if have, err = n.reserve(ctx, district, day.Format("060102")); err != nil {
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

func (n *Numbers) reserve(ctx context.Context, district, day string) (got span, err error) {
	err = n.db.Write(ctx, func(tx *db.Tx) error {
		got, err = reserve(ctx, tx, district, day, block)
		return err
	})
	return got, err
}

// reserve takes the next n serials of a day for the caller alone.
func reserve(ctx context.Context, tx *db.Tx, district, day string, n int) (span, error) {
	end, err := db.Value[int](ctx, tx, `insert into case_serials (district, day, next) values ($1, $2, $3)
		on conflict (district, day) do update set next = case_serials.next + $4 returning next`, district, day, n+1, n)
	return span{end - n, end}, err
}

// dayOf is how a day is written in case_serials.
func dayOf(at time.Time, zone *time.Location) string { return at.In(zone).Format("060102") }
