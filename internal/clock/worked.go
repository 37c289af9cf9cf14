package clock

import "time"

// Worked is the office time of the calendar between two instants, none where
// the second is not after the first.
func (c *Calendar) Worked(from, to time.Time) time.Duration {
	a, b := from.Unix(), to.Unix()
	if b <= a {
		return 0
	}
	t := c.table
	if !t.covers(a) || !t.covers(b) {
		t = newTable(c.zone, c.rules, from.UTC().Year()-1, to.UTC().Year()+1)
	}
	return time.Duration(t.worked(b)-t.worked(a)) * time.Second
}
