package clock

import "time"

// Open reports whether it is office hours at t. Outside the years that the
// calendar has counted out it is not.
func (c *Calendar) Open(t time.Time) bool {
	now := t.Unix()
	return c.table.covers(now) && c.table.covers(now+1) && c.table.worked(now+1) > c.table.worked(now)
}
