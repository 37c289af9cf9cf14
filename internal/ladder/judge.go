package ladder

import (
	"strings"

	"linli/internal/clock"
	"linli/internal/lang"
)

// Thresholds say when a unit, street or grid is green and when it is still
// blue; what is worse is red.
type Thresholds struct{ Green, Blue Bounds }

// Bounds are three percentages.
type Bounds struct {
	OnTime int // of the promises of the month, at least this many kept
	Late   int // of the running tasks, at most this many past due
	Near   int // of the running tasks, at most this many near
}

// Tally counts the tasks of a unit, street or grid.
type Tally struct {
	Open   int // near, late and held among them
	Near   int
	Late   int
	Held   int
	Kept   int // promises of the running month
	Broken int
}

// Add sums two tallies.
func (t Tally) Add(o Tally) Tally {
	return Tally{t.Open + o.Open, t.Near + o.Near, t.Late + o.Late, t.Held + o.Held, t.Kept + o.Kept, t.Broken + o.Broken}
}

// Rate is the share of promises kept, in percent; ok is false where none was
// due yet.
func (t Tally) Rate() (percent float64, ok bool) {
	if t.Kept+t.Broken == 0 {
		return 0, false
	}
	return 100 * float64(t.Kept) / float64(t.Kept+t.Broken), true
}

// Judge is the signal of a tally and why it is not a better one. Stopped clocks
// count neither for nor against, and nothing at all is green.
func (l *Ladder) Judge(t Tally) (clock.Signal, lang.Text) {
	th := l.Units
	beyondBlue, beyondGreen := th.Blue.beyond(t), th.Green.beyond(t)
	switch {
	case len(beyondBlue) > 0:
		return clock.Late, listed(beyondBlue)
	case len(beyondGreen) > 0:
		return clock.Near, listed(beyondGreen)
	}
	return clock.OK, lang.T("都在期限内", "all in time")
}

// beyond says in words which bounds a tally is beyond.
func (b Bounds) beyond(t Tally) (why []lang.Text) {
	running := t.Open - t.Held
	if rate, ok := t.Rate(); ok && t.Kept*100 < b.OnTime*(t.Kept+t.Broken) {
		why = append(why, lang.T("按时率 %.1f%%，不到 %d%%", "%.1f%% on time, below %d%%", floor(rate), b.OnTime))
	}
	if t.Late*100 > b.Late*running {
		why = append(why, share("超期", "late", t.Late, b.Late))
	}
	if t.Near*100 > b.Near*running {
		why = append(why, share("临期", "near", t.Near, b.Near))
	}
	return why
}

func share(zh, en string, n, most int) lang.Text {
	if most == 0 {
		return lang.T("%[3]s %[1]d 件", "%[1]d %[4]s", n, most, zh, en)
	}
	return lang.T("%[3]s %[1]d 件，超过在办的 %[2]d%%", "%[1]d %[4]s, more than %[2]d%% of what is open", n, most, zh, en)
}

// floor drops what does not fill a tenth, so that 94.97 is not shown as 95.0
// beside the words "below 95".
func floor(percent float64) float64 { return float64(int(percent*10+1e-9)) / 10 }

func listed(all []lang.Text) lang.Text {
	var zh, en []string
	for _, t := range all {
		zh, en = append(zh, t.ZH), append(en, t.EN)
	}
	return lang.Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
}
