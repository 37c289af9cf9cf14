package clock

import (
	"slices"
	"time"
)

// The years every calendar has counted out in advance. They hold any limit
// that starts today; what falls outside, such as an old case being imported, is
// counted on a table made for the question.
const (
	firstYear = 2010
	lastYear  = 2069
)

const daySeconds = 24 * 60 * 60

// table is a calendar counted out day by day, with running sums, so that a
// limit of any length is a few look-ups instead of a walk.
type table struct {
	zone     *time.Location
	first    time.Time // the first day, at midnight UTC, for dates
	hours    [][]Period
	kind     []uint16 // day -> index into hours
	midnight []int64  // day -> its first second; one more for the end
	days     []int32  // day -> working days before it; one more for the end
	secs     []int64  // day -> office seconds before it; one more for the end
	unknown  []int32  // day -> days of unpublished years before it; one more
	workdays []int32  // ordinal of a working day -> day
	missing  []int    // days that the zone left out, of which there are hardly any
}

func newTable(zone *time.Location, r rules, from, to int) *table {
	first := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	n := int(time.Date(to+1, 1, 1, 0, 0, 0, 0, time.UTC).Sub(first).Hours() / 24)
	t := &table{
		zone: zone, first: first, hours: append(slices.Clone(r.week[:]), r.makeUp, nil),
		kind: make([]uint16, n), midnight: midnights(first, n, zone),
		days: make([]int32, n+1), secs: make([]int64, n+1), unknown: make([]int32, n+1),
		workdays: make([]int32, 0, n*5/7+n/50),
	}
	for d := range n {
		day := first.AddDate(0, 0, d)
		own := t.setKind(d, day, r)
		t.days[d+1], t.secs[d+1], t.unknown[d+1] = t.days[d], t.secs[d]+t.officeSeconds(d), t.unknown[d]
		if len(t.hours[t.kind[d]]) > 0 {
			t.days[d+1]++
			t.workdays = append(t.workdays, int32(d))
		}
		if !own && !r.through && !r.loaded[day.Year()] {
			t.unknown[d+1]++
		}
	}
	return t
}

const (
	kindMakeUp = 7
	kindOff    = 8
)

// setKind settles which hours a day has and reports whether the unit itself
// said so. A day that a zone left out has none.
func (t *table) setKind(d int, day time.Time, r rules) (own bool) {
	t.kind[d] = r.kindOf(day)
	if len(r.own) > 0 {
		if o, ok := r.own[Date(day.Format(time.DateOnly))]; ok {
			own, t.kind[d] = true, uint16(len(t.hours))
			t.hours = append(t.hours, o.Hours)
		}
	}
	if t.midnight[d] == t.midnight[d+1] {
		t.kind[d], t.missing = kindOff, append(t.missing, d)
	}
	return own
}

// ordinal numbers the days that there were.
func (t *table) ordinal(day int) int64 {
	n := day
	for _, gap := range t.missing {
		if gap <= day {
			n--
		}
	}
	return int64(n)
}

// ordinalDay is the day with a number.
func (t *table) ordinalDay(x int64) int {
	day := int(x)
	for _, gap := range t.missing {
		if gap <= day {
			day++
		}
	}
	return day
}

// kindOf says which hours a day has: those of its weekday, or others because a
// notice says so. Most years have no notice, so most days are no date look-up.
func (r rules) kindOf(day time.Time) uint16 {
	weekday := day.Weekday()
	if y := day.Year(); !r.through && (r.loaded[y] || r.loaded[y+1]) {
		date := Date(day.Format(time.DateOnly))
		if _, off := r.off[date]; off {
			return kindOff
		}
		if _, work := r.work[date]; work && len(r.week[weekday]) == 0 {
			return kindMakeUp
		}
	}
	return uint16(weekday)
}

// midnights lists the first second of n+1 days. Between two changes of a
// zone's clocks days are equally long, and only near one is the zone asked.
func midnights(first time.Time, n int, zone *time.Location) []int64 {
	out := make([]int64, n+1)
	var offset, safe int64
	for d := range out {
		utc := first.Unix() + int64(d)*daySeconds
		if at := utc - offset; d > 0 && at < safe {
			out[d] = at
			continue
		}
		y, m, day := time.Unix(utc, 0).UTC().Date()
		t := startOfDay(y, m, day, zone)
		_, east := t.Zone()
		out[d], offset, safe = t.Unix(), int64(east), 1<<62
		if _, end := t.ZoneBounds(); !end.IsZero() {
			safe = end.Unix()
		}
	}
	return out
}

// instant is the second at which the wall clock shows a minute of a day.
func (t *table) instant(day, minute int) int64 {
	start := t.midnight[day]
	if t.midnight[day+1]-start == daySeconds {
		return start + int64(minute)*60
	}
	if minute >= 24*60 {
		return t.midnight[day+1]
	}
	y, m, d := t.first.AddDate(0, 0, day).Date()
	return time.Date(y, m, d, 0, minute, 0, 0, t.zone).Unix()
}

func (t *table) officeSeconds(day int) int64 {
	var sum int64
	for _, p := range t.hours[t.kind[day]] {
		sum += t.instant(day, p.To) - t.instant(day, p.From)
	}
	return sum
}

// covers reports whether the table reaches a second with a day to spare.
func (t *table) covers(unix int64) bool {
	return unix >= t.midnight[0] && unix < t.midnight[len(t.kind)-1]
}

// day is the day on which a second lies. The guess is off by one at most,
// because days are 24 hours give or take a zone's offset.
func (t *table) day(unix int64) int {
	d := min(int((unix-t.midnight[0])/daySeconds), len(t.kind)-1)
	for unix < t.midnight[d] {
		d--
	}
	for d+1 < len(t.kind) && unix >= t.midnight[d+1] {
		d++
	}
	return d
}

// worked is how many office seconds have run until a second.
func (t *table) worked(unix int64) int64 {
	day := t.day(unix)
	sum := t.secs[day]
	for _, p := range t.hours[t.kind[day]] {
		from, to := t.instant(day, p.From), t.instant(day, p.To)
		sum += max(0, min(unix, to)-from)
	}
	return sum
}

// atWorked is the first second at which so many office seconds have run; ok is
// false where the table ends before it.
func (t *table) atWorked(sum int64) (unix int64, ok bool) {
	day, found := slices.BinarySearch(t.secs, sum)
	if day == 0 || (!found && day == len(t.secs)) {
		return 0, false
	}
	day--
	rest := sum - t.secs[day]
	for _, p := range t.hours[t.kind[day]] {
		from, to := t.instant(day, p.From), t.instant(day, p.To)
		if rest <= to-from {
			return from + rest, true
		}
		rest -= to - from
	}
	return 0, false
}

// closing is the end of the office hours of a working day.
func (t *table) closing(day int) int64 {
	_, end, _ := span(t.hours[t.kind[day]])
	return t.instant(day, end)
}

// closed is how many working days have closed until a second.
func (t *table) closed(unix int64) int64 {
	day := t.day(unix)
	n := int64(t.days[day])
	if len(t.hours[t.kind[day]]) > 0 && t.closing(day) <= unix {
		n++
	}
	return n
}

// date is the calendar date of a day.
func (t *table) date(day int) Date { return Date(t.first.AddDate(0, 0, day).Format(time.DateOnly)) }
