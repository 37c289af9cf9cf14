package casework

import (
	"fmt"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
)

// Stuck names why a case stands on the list of what does not move.
type Stuck string

// Why a case is stuck. The list is worked off in coordination meetings.
const (
	NotStuck     Stuck = ""
	StuckAny     Stuck = "any"
	Bounced      Stuck = "bounced"   // returned, refused or sent on twice or more
	Untouched    Stuck = "untouched" // nothing has happened for one working day, and its clock runs
	WithoutOwner Stuck = "no-owner"  // no rule says whose job it is, and nobody has ruled
)

// bouncesMost is from how many changes of hands a case counts as passed about.
const bouncesMost = 2

// addStuck narrows to running cases that are stuck for a reason.
func (f Filter) addStuck(w *where, d *district.District, now time.Time) {
	if f.Stuck == NotStuck {
		return
	}
	idle := idleSince(d.Calendar, now)
	bounced := fmt.Sprintf("c.bounces >= %d", bouncesMost)
	switch f.Stuck {
	case Bounced:
		w.add(running + " and " + bounced)
	case Untouched:
		w.add(running+" and c.held_at = 0 and c.moved_at < ?", db.At(idle))
	case WithoutOwner:
		w.add(running + " and c.no_owner")
	default:
		w.add(running+" and ("+bounced+" or c.no_owner or c.held_at = 0 and c.moved_at < ?)", db.At(idle))
	}
}

// StuckBy lists why a case is stuck at an instant, as Filter.Stuck has it.
func (c Case) StuckBy(cal *clock.Calendar, now time.Time) (why []Stuck) {
	if c.State != Running {
		return nil
	}
	if c.Bounces >= bouncesMost {
		why = append(why, Bounced)
	}
	if c.HeldAt.IsZero() && c.MovedAt.Before(idleSince(cal, now)) {
		why = append(why, Untouched)
	}
	if c.NoOwner {
		why = append(why, WithoutOwner)
	}
	return why
}

// idleSince is before when a case was last touched that one working day has
// passed by: all that happened on one day has until the close of the next
// working day, so the answer is a midnight.
func idleSince(cal *clock.Calendar, now time.Time) time.Time {
	zone := cal.Zone()
	day := clock.DateOf(now, zone)
	for range 60 { // no holiday is longer
		before := day.Add(-1)
		if cal.Deadline(before.Start(zone), clock.Limit{N: 1, Unit: clock.WorkingDays}, nil).At.Before(now) {
			return day.Start(zone)
		}
		day = before
	}
	return day.Start(zone)
}
