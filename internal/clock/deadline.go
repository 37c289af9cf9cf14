package clock

import "time"

// Deadline is when a limit ends. Provisional means that it lies, in
// whole or part, in a year whose days off are not published yet; it will be
// counted again when they are.
type Deadline struct {
	At          time.Time
	Provisional bool
}

// Deadline counts a limit from a start, letting the clock stand during pauses,
// which may overlap and come in any order: Reckon without the nearing. Fractions
// of a second are dropped first. A limit that Check refuses gives the zero
// Deadline.
func (c *Calendar) Deadline(start time.Time, l Limit, pauses []Span) Deadline {
	k := c.count(start, l, pauses)
	return k.deadline()
}

// counting is one answered question, kept so that Explain tells the same story
// that Deadline did.
type counting struct {
	table  *table
	limit  Limit
	start  int64
	pauses []stretch
	end    int64
	ok     bool
}

func (c *Calendar) count(start time.Time, l Limit, pauses []Span) counting {
	k := counting{table: c.table, limit: l, start: start.Unix()}
	if l.Check() != nil {
		return k
	}
	k.pauses = merge(pauses, k.start)
	for years := 1 + l.N/40; ; years *= 2 {
		if k.run() {
			return k
		}
		k.table = c.tableFor(k, years)
	}
}

// tableFor counts out the years that a question outside the usual ones needs.
func (c *Calendar) tableFor(k counting, years int) *table {
	low := time.Unix(k.start, 0).UTC().Year()
	high := low
	for _, p := range k.pauses {
		high = max(high, time.Unix(p.to, 0).UTC().Year())
	}
	return newTable(c.zone, c.rules, low-1, high+years+1)
}

// run moves the end by the limit, then by each pause that begins before it, in
// the coordinate of the unit. It answers false where the table is too short.
func (k *counting) run() bool {
	if k.counted() && !k.table.covers(k.start) {
		return false
	}
	goal := k.coordinate(k.start) + int64(k.limit.N)*k.step()
	end, ok := k.instant(goal)
	for _, p := range k.pauses {
		if !ok || p.from >= end {
			break
		}
		if k.counted() && !k.table.covers(p.to) {
			return false
		}
		goal += k.stood(p.to) - k.stood(p.from)
		end, ok = k.instant(goal)
	}
	k.end, k.ok = end, ok
	return ok
}

// counted reports whether the unit needs the table at all.
func (k *counting) counted() bool {
	return k.limit.Unit == WorkingHours || k.limit.Unit == WorkingDays || k.limit.Unit == Days
}

func (k *counting) step() int64 {
	switch k.limit.Unit {
	case Minutes:
		return 60
	case Hours, WorkingHours:
		return 3600
	case ElapsedDays:
		return daySeconds
	}
	return 1
}

// coordinate is how much of the unit has passed until a second.
func (k *counting) coordinate(unix int64) int64 {
	t := k.table
	switch k.limit.Unit {
	case WorkingHours:
		return t.worked(unix)
	case WorkingDays:
		return int64(t.days[t.day(unix)+1])
	case Days:
		return t.ordinal(t.day(unix))
	case ElapsedDays:
		_, east := time.Unix(unix, 0).In(t.zone).Zone()
		return unix + int64(east)
	}
	return unix
}

// stood is the coordinate in which a pause is measured. It differs for working
// days: the start of a promise is a date, whatever the hour, but a day is lost
// to a pause only if the clock stood still when the office closed. That way a
// deadline, being a close, can never fall inside a pause.
func (k *counting) stood(unix int64) int64 {
	if k.limit.Unit == WorkingDays {
		return k.table.closed(unix)
	}
	return k.coordinate(unix)
}

// instant is the second at which the unit has reached a coordinate.
func (k *counting) instant(x int64) (unix int64, ok bool) {
	t := k.table
	switch k.limit.Unit {
	case WorkingHours:
		return t.atWorked(x)
	case WorkingDays:
		if x > int64(len(t.workdays)) {
			return 0, false
		}
		return t.closing(int(t.workdays[x-1])), true
	case Days:
		day := t.ordinalDay(x)
		if day >= len(t.kind) {
			return 0, false
		}
		return t.midnight[day+1], true
	case ElapsedDays:
		return sameWall(x, t.zone), true
	}
	return x, true
}

// sameWall is the instant at which the walls of a zone show a date and time,
// given as seconds. On a day that the zone left out it is the next day's start,
// so that it is never before the day it counts from.
func sameWall(x int64, zone *time.Location) int64 {
	w := time.Unix(x, 0).UTC()
	y, m, d := w.Date()
	t := time.Date(y, m, d, w.Hour(), w.Minute(), w.Second(), 0, zone)
	if t.Day() != d {
		return startOfDay(y, m, d, zone).Unix()
	}
	return t.Unix()
}

func (k *counting) deadline() Deadline {
	if !k.ok {
		return Deadline{}
	}
	return Deadline{At: time.Unix(k.end, 0).In(k.table.zone), Provisional: k.provisional()}
}

// provisional asks whether a day that could have been off or at work by a
// notice was counted without one. The day of receipt is not such a day where
// it is not counted anyway.
func (k *counting) provisional() bool {
	t := k.table
	if !k.limit.Unit.Working() {
		return false
	}
	from, to := t.day(k.start), t.day(k.end)
	if k.limit.Unit == WorkingDays {
		from++
	}
	return t.unknown[to+1] > t.unknown[from]
}
