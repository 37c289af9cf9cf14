package clock

import (
	"sort"
	"time"
)

// NearFrom is the second from which Judge calls an open promise near, so that
// a store can sort and filter by signal and still agree with Judge. It lies
// between start and deadline; for a zero deadline it is zero.
func (c *Calendar) NearFrom(start, deadline time.Time) time.Time {
	if deadline.IsZero() {
		return time.Time{}
	}
	start = start.Truncate(time.Second)
	seconds := int(deadline.Sub(start) / time.Second)
	if seconds <= 0 {
		return deadline
	}
	first := sort.Search(seconds, func(n int) bool {
		return c.Judge(start.Add(time.Duration(n)*time.Second), start, deadline, time.Time{}).Signal != OK
	})
	return start.Add(time.Duration(first) * time.Second)
}
