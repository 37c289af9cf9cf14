package ladder

import (
	"slices"

	"linli/internal/clock"
	"linli/internal/lang"
)

// Ladder is what a district supervises by. It is not changed once made.
type Ladder struct {
	Share  int // the percent of a limit from which a task is near
	Units  Thresholds
	Forms  []Word // of an order: 日常督办, 挂牌督办, 约谈
	Rungs  []Rung // from the first that is taken to the last
	Faults []Word // what a unit may be held to account for, doing nothing included
	Means  []Word // what may follow
}

// Word is a name the program stores and the title people read.
type Word struct {
	Name  string
	Title lang.Text
}

// Title names one of the words for a person; one that the pack has dropped
// since, by itself.
func Title(words []Word, name string) lang.Text {
	for _, w := range words {
		if w.Name == name {
			return w.Title
		}
	}
	return lang.Text{ZH: name, EN: name}
}

// Known reports whether a name is one of the words.
func Known(words []Word, name string) bool {
	return slices.ContainsFunc(words, func(w Word) bool { return w.Name == name })
}

// When is the instant a rung is counted from.
type When string

// The instants.
const (
	Near When = "near" // when the share of the limit is used up
	Late When = "late" // when the task falls due
)

// Tell is somebody a rung tells.
type Tell string

// The ones who can be told.
const (
	Owner        Tell = "owner"          // the unit whose task it is, or the grid worker
	UnitLead     Tell = "unit-lead"      // the head of that unit
	Supervisor   Tell = "supervisor"     // the supervisors
	LeaderOnDuty Tell = "leader-on-duty" // of the street, else of the district
	Leader       Tell = "leader"         // the leaders in charge, on duty or not
)

func tells() []Tell { return []Tell{Owner, UnitLead, Supervisor, LeaderOnDuty, Leader} }

// Rung is one step of supervision.
type Rung struct {
	Name  string
	Title lang.Text
	When  When
	After clock.Limit // past When, on the unit's calendar; zero: at once
	Tell  []Tell
	Level int    // of supervision, as the board names it; 0 is below the first
	Order *Order // asks the unit for a written answer; nil asks nothing
	Steps []string
	Kinds []string
}

// Order is what a rung asks of a unit.
type Order struct {
	Form        string
	ReplyWithin clock.Limit
}

// Kind is what a rung comes to.
type Kind string

// The kinds, from light to heavy.
const (
	Remind   Kind = "remind" // 提醒
	Urge     Kind = "urge"   // 催办
	OrderIt  Kind = "order"  // 督办
	ToLeader Kind = "leader" // 报领导
)

// Kind is the heaviest thing the rung does.
func (r *Rung) Kind() Kind {
	switch {
	case slices.Contains(r.Tell, LeaderOnDuty) || slices.Contains(r.Tell, Leader):
		return ToLeader
	case r.Order != nil:
		return OrderIt
	case r.When == Late:
		return Urge
	}
	return Remind
}

// Rung finds a rung by name.
func (l *Ladder) Rung(name string) (*Rung, bool) {
	for i := range l.Rungs {
		if l.Rungs[i].Name == name {
			return &l.Rungs[i], true
		}
	}
	return nil, false
}

// Level is the highest level of supervision among the first taken rungs.
func (l *Ladder) Level(taken int) (level int) {
	for _, r := range l.Rungs[:min(max(taken, 0), len(l.Rungs))] {
		level = max(level, r.Level)
	}
	return level
}
