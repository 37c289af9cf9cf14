package clock

import "time"

// Count is the question that every date of a promise answers.
type Count struct {
	// Start is when the promise was given.
	Start time.Time
	Limit Limit
	// Pauses are the times the clock stood still. They may overlap and come in
	// any order.
	Pauses []Span
	// Held is when the clock was stopped, zero while it runs. What Pauses hold
	// from then on is a plan and moves nothing yet: the dates stay as they stood,
	// and are counted again when the clock goes on.
	Held time.Time
}

// Reckoning is what a store keeps of a promise: when it is due, from when it is
// near, and whether a year without a published notice had to be guessed. A
// limit that Check refuses gives the zero Reckoning.
type Reckoning struct {
	Due, Near   time.Time
	Provisional bool
}

// Reckon counts a promise. Judge compares with its two instants, and Explain
// tells the same count day by day.
func (c *Calendar) Reckon(q Count) Reckoning {
	k := c.count(q.Start, q.Limit, q.past())
	return k.reckoning(c.near.share())
}

func (k *counting) reckoning(share int64) Reckoning {
	if !k.ok {
		return Reckoning{}
	}
	d := k.deadline()
	return Reckoning{Due: d.At, Near: time.Unix(k.near(share), 0).In(k.table.zone), Provisional: d.Provisional}
}

// past are the pauses up to the moment the clock was stopped.
func (q Count) past() []Span {
	if q.Held.IsZero() || len(q.Pauses) == 0 {
		return q.Pauses
	}
	out := make([]Span, 0, len(q.Pauses))
	for _, p := range q.Pauses {
		if p.To.After(q.Held) {
			p.To = q.Held
		}
		out = append(out, p)
	}
	return out
}
