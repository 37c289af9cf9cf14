package clock

import (
	"time"

	"linli/internal/lang"
)

// Signal is how a deadline stands, shown in colour, icon and words.
type Signal string

// The signals, from quiet to loud; hold is a clock that stands still.
const (
	OK   Signal = "ok"
	Near Signal = "near"
	Late Signal = "late"
	Hold Signal = "hold"
)

// Verdict is what Judge says: the signal and the time it rests on.
type Verdict struct {
	Signal Signal
	Left   Left
}

// OnTime is the verdict that counts: for something done, judged at the moment
// it was done, whether the promise was kept.
func (v Verdict) OnTime() bool { return v.Signal != Late }

// Text is the signal in words: 还剩 40 分, 超期 1 天, 暂停计时, 不限时.
func (v Verdict) Text() lang.Text {
	switch v.Signal {
	case Hold:
		return lang.T("暂停计时", "clock stopped")
	case "":
		return lang.T("不限时", "no limit")
	}
	return v.Left.Text()
}

// Judge is the one place where a deadline becomes a colour and a verdict. Give
// it the moment to judge (now, or when the work was done) and the instants that
// Reckon gave; held is when the clock was stopped, zero while it runs. It only
// compares instants, so a store that filters by them agrees to the microsecond:
// late after due; else hold where the clock was stopped in time; else near from
// near on. A clock that had run out cannot be stopped: held at or after its due
// it stays late. The calendar only says how much working time is left. A zero
// due gives the zero Verdict, which is on time; a zero near is the due itself.
func (c *Calendar) Judge(now, near, due, held time.Time) Verdict {
	switch {
	case due.IsZero():
		return Verdict{}
	case !held.IsZero() && held.Before(due) && !held.After(now):
		return Verdict{Signal: Hold, Left: c.Left(held, due)}
	case now.After(due):
		return Verdict{Signal: Late, Left: c.Left(now, due)}
	case now.Before(due) && (near.IsZero() || now.Before(near)):
		return Verdict{Signal: OK, Left: c.Left(now, due)}
	}
	return Verdict{Signal: Near, Left: c.Left(now, due)}
}
