package look

import (
	"time"

	"linli/internal/casework"
	"linli/internal/errs"
)

// What is unusual.
const (
	othersMost  = 10 // different cases a day in which the reader has nothing to do
	againMost   = 5  // looks at one person
	againWithin = 7 * 24 * time.Hour
	nightFrom   = 22 // o'clock
	nightTo     = 6
	reportsMost = 200 // of one person, that are gone through
)

// tooOften refuses a look over the number that the district allows in an hour,
// and says when the next may be.
func tooOften(before []glance, most int, now time.Time) error {
	if most <= 0 || len(before) < most || !before[most-1].at.After(now.Add(-time.Hour)) {
		return nil
	}
	wait := before[most-1].at.Add(time.Hour).Sub(now)
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return errs.New(errs.Often, "一小时最多看 %[1]d 次，您已经看满了。%[2]d 分钟以后可以再看；急的事请同岗位的人来看。",
		"At most %[1]d looks an hour, and you have used them. The next is in %[2]d minutes; if it cannot wait, ask a colleague of the same post.", most, minutes).After(wait)
}

// habit is what somebody's reading looks like at the moment of a look.
type habit struct {
	today    int // looks since midnight, this one among them
	alarm    int // the district's number
	before   []glance
	midnight time.Time
	same     int // looks at this person lately, this one among them
	night    bool
}

// unusual says what is unusual about a look.
func unusual(h habit, l Look) (signs []Sign) {
	others := map[casework.ID]bool{}
	if !l.Own {
		others[l.Case] = true
	}
	for _, g := range h.before {
		if !g.own && !g.at.Before(h.midnight) {
			others[g.of] = true
		}
	}
	if h.alarm > 0 && h.today >= h.alarm {
		signs = append(signs, Many)
	}
	if !l.Own && len(others) >= othersMost {
		signs = append(signs, Others)
	}
	if h.night {
		signs = append(signs, Night)
	}
	if h.same >= againMost {
		signs = append(signs, Again)
	}
	return signs
}

// atNight reports whether a local time is one at which most people sleep.
func atNight(local time.Time) bool { return local.Hour() >= nightFrom || local.Hour() < nightTo }
