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

// Thresholds say when a deadline is near. A zero field is the usual rule.
type Thresholds struct {
	// Days: near when fewer working days than this are left; usually 1.
	Days int
	// Short: a promise of fewer working days than this goes by Last instead;
	// usually 1.
	Short int
	// Last: a short promise is near when less working time than this is left;
	// usually two hours.
	Last time.Duration
}

func (th Thresholds) filled() Thresholds {
	if th.Days == 0 {
		th.Days = 1
	}
	if th.Short == 0 {
		th.Short = 1
	}
	if th.Last == 0 {
		th.Last = 2 * time.Hour
	}
	return th
}

// Verdict is what Judge says: the signal and the time it rests on.
type Verdict struct {
	Signal Signal
	Left   Left
}

// OnTime is the verdict that counts: for something done, judged at the moment
// it was done, whether the promise was kept.
func (v Verdict) OnTime() bool { return !v.Left.Late }

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
// it the moment to judge (now, or when the work was done), the start and the
// deadline; held is when the clock was stopped, zero while it runs. A clock
// that was stopped in time holds; one stopped after the deadline stays late. A
// zero deadline gives the zero Verdict, which is on time.
func (c *Calendar) Judge(now, start, deadline, held time.Time) Verdict {
	if deadline.IsZero() {
		return Verdict{}
	}
	if !held.IsZero() && held.Before(now) {
		now = held
	}
	v := Verdict{Left: c.Left(now, deadline)}
	switch {
	case v.Left.Late:
		v.Signal = Late
	case !held.IsZero():
		v.Signal = Hold
	case c.isNear(v.Left, c.Left(start, deadline)):
		v.Signal = Near
	default:
		v.Signal = OK
	}
	return v
}

func (c *Calendar) isNear(left, promise Left) bool {
	th := c.near.filled()
	if promise.Days < th.Short && !promise.Late {
		rest := time.Duration(left.Hours)*time.Hour + time.Duration(left.Minutes)*time.Minute
		return left.Days == 0 && rest < th.Last
	}
	return left.Days < th.Days
}
