package ladder

import (
	"slices"
	"time"

	"linli/internal/clock"
)

// Standing is how a task stands: its instants as they are now and how far up
// the ladder it has been taken.
type Standing struct {
	Near, Due time.Time // zero Due: nothing was promised, nothing climbs
	Held      time.Time // since when its clock stands; zero while it runs
	Step      string
	Kind      string // of the case
	Taken     int    // rungs taken or passed over
	Overdue   bool   // the breach is already noted
}

// Climb is what has come for a task.
type Climb struct {
	Rungs  []Taking  // in their order; those that are not for it are among them, passed over
	Breach bool      // it is past due and nobody has noted it yet
	Next   time.Time // when to look again; zero for never
}

// Taking is one rung whose instant has come.
type Taking struct {
	*Rung
	At   time.Time // when it truly came
	Pass bool      // not for this task, or overtaken: counted and left out
}

// Climb says which rungs have come by now and when to look again. The calendar
// is that of the unit whose task it is.
func (l *Ladder) Climb(c *clock.Calendar, s Standing, now time.Time) (out Climb) {
	if s.Due.IsZero() || !s.Held.IsZero() {
		return out
	}
	late := s.Due.Before(now)
	out.Breach = late && !s.Overdue
	if !late && !s.Overdue {
		out.Next = s.Due.Add(time.Microsecond) // at due itself it is still in time
	}
	for i := max(s.Taken, 0); i < len(l.Rungs); i++ {
		r := &l.Rungs[i]
		at := r.at(c, s.Near, s.Due)
		if at.After(now) {
			if out.Next.IsZero() || at.Before(out.Next) {
				out.Next = at
			}
			break
		}
		out.Rungs = append(out.Rungs, Taking{Rung: r, At: at, Pass: !r.takes(s) || r.When == Near && late})
	}
	return out
}

// at is the instant of a rung. What counts from due begins just after it: who
// is done at the due instant is in time.
func (r *Rung) at(c *clock.Calendar, near, due time.Time) time.Time {
	from := near
	if r.When == Late {
		from = due.Add(time.Microsecond)
	}
	switch r.After.Unit {
	case "":
		return from
	case clock.WorkingDays, clock.Days:
		// A due instant is often the end of a day; at midnight it is the day that
		// ended whose breach is counted from, not the one that begins.
		from = from.Add(-time.Second)
	}
	return c.Deadline(from, r.After, nil).At
}

// takes reports whether a rung is for a task at all.
func (r *Rung) takes(s Standing) bool {
	return (len(r.Steps) == 0 || slices.Contains(r.Steps, s.Step)) && (len(r.Kinds) == 0 || slices.Contains(r.Kinds, s.Kind))
}
