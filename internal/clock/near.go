package clock

import (
	"time"

	"linli/internal/errs"
)

// Thresholds say when a promise is near. The zero value is the usual rule.
type Thresholds struct {
	// Share is the percentage of a promise's time after which it is near, from
	// 1 to 99; zero is the usual 80.
	Share int
}

// usualShare is where blue begins: the start value of the supervision rules.
const usualShare = 80

// Check refuses a share that is no percentage: at 100 nothing would ever be
// near, and below 1 everything always.
func (th Thresholds) Check() error {
	if th.Share != 0 && (th.Share < 1 || th.Share > 99) {
		return errs.New(errs.Invalid, "临期的比例要在 1 到 99 之间，写的是 %d", "The share that makes a promise near is between 1 and 99, not %d", th.Share).At("share")
	}
	return nil
}

func (th Thresholds) share() int64 {
	if th.Share == 0 {
		return usualShare
	}
	return int64(th.Share)
}

// NearFrom is the instant from which a promise with a given due date is near:
// one that was not counted here but imposed, or came with an import. Ask the
// calendar that For gives for its kind of time. It lies between start and due;
// for a zero due it is zero.
func (c *Calendar) NearFrom(start, due time.Time, pauses ...Span) time.Time {
	if due.IsZero() || !start.Before(due) {
		return due
	}
	k := counting{table: c.table, limit: Limit{Unit: WorkingHours}, start: start.Unix(), end: due.Unix()}
	if c.plain {
		k.limit.Unit = Hours
	}
	k.pauses = merge(pauses, k.start)
	if k.counted() && (!k.table.covers(k.start) || !k.table.covers(k.end)) {
		k.table = newTable(c.zone, c.rules, start.UTC().Year()-1, due.UTC().Year()+1)
	}
	return time.Unix(k.near(c.near.share()), 0).In(c.zone)
}

// near is the first second at which the share of the promise's time is used,
// what the pauses took left out. A promise without any time is near when due.
func (k *counting) near(share int64) int64 {
	from := k.used(k.start)
	total := k.used(k.end) - from
	for _, p := range k.pauses {
		if p.from < k.end {
			total -= k.used(min(p.to, k.end)) - k.used(p.from)
		}
	}
	if total <= 0 {
		return k.end
	}
	goal := from + (total*share+99)/100
	for _, p := range k.pauses {
		before := k.used(p.from)
		if p.from >= k.end || before >= goal {
			break
		}
		goal += k.used(min(p.to, k.end)) - before
	}
	if !k.limit.Unit.Working() {
		return goal
	}
	unix, ok := k.table.atWorked(goal)
	if !ok {
		return k.end
	}
	return max(k.start, min(unix, k.end))
}

// used is the time that runs in the promise's kind of time: office seconds for
// working hours and days, plain seconds for the rest.
func (k *counting) used(unix int64) int64 {
	if k.limit.Unit.Working() {
		return k.table.worked(unix)
	}
	return unix
}
