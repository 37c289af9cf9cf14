package procedure

import (
	"slices"

	"linli/internal/clock"
	"linli/internal/lang"
)

// Part says whether a task leads its step or helps.
type Part string

// The parts.
const (
	Lead     Part = "lead"
	CoHandle Part = "co"
)

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	Open      TaskState = "open"
	Finished  TaskState = "done"
	Returned  TaskState = "returned"
	Refused   TaskState = "refused" // not its duty by the admission list
	Waits     TaskState = "waits"   // left for a step that waits for the applicant; the work is not done
	Cancelled TaskState = "cancelled"
	Expired   TaskState = "expired"
)

// Task is one step of one case, as it stands or stood. An empty Unit or Area
// asks nothing of the actor.
type Task struct {
	ID       string
	Step     StepName
	Part     Part
	Unit     string
	Role     Role
	Area     string
	Reporter bool   // the reporter's own step
	Person   string // who has taken the task up; empty for nobody yet
	State    TaskState
	Action   ActionName // what closed it
	DoneBy   string     // who closed it
	Hands    []string   // everyone else who had a hand in it: who was stood in for, who had taken it up before
	Round    int        // from 1
	Final    bool       // given by a final ruling
}

// State is a case as the engine sees it.
type State struct {
	Tasks  []Task // in the order they were opened; a lead before its co-handlers
	Facts  map[string]any
	Ground Ground
	Ended  EndName // empty while it runs
	// Joined are the tasks of cases that were merged into this one: whoever worked
	// on those had a hand in what is checked here.
	Joined []Task
	// Refusable are the open tasks whose duty is not on the admission list, so
	// that their owners may refuse them.
	Refusable []string
}

// Ground is where a case belongs: what the words receiving-unit, routed and
// case-grid of a procedure stand for.
type Ground struct {
	Receiving string   // unit that took the case in
	Routed    string   // unit the case is, or is proposed to be, sent to
	Co        []string // units that help
	Area      string   // the smallest known area: a grid's 15 digits, or fewer
	Community string   // unit that serves the community
	Street    string   // unit that serves the street
}

// Actor is who wants to act.
type Actor struct {
	Person   string
	Post     string
	Role     Role
	Unit     string
	Area     string // what the post is for; empty for everywhere
	Reporter bool   // one of this case's reporters
	Report   string // of a reporter, the report that makes them one; '' where it is not known
	System   bool   // the clock
	For      string // whom a stand-in acts for: both had a hand in it; of a reporter, the proxy it is by
}

// Move is what an actor does.
type Move struct {
	Task     string // empty only for Reopen
	Action   ActionName
	By       Actor
	Reason   string
	Answer   string
	Unit     string   // the unit it names
	Co       []string // and those that help it
	Evidence int      // files attached
	Photos   int
	Deed     bool              // the verb that moves the case has done what the action says
	Rating   int               // 1 very discontent to 5 very content
	Marks    map[string]string // answers to the marks that the action asks, by name
}

// Owner is who a task is for. Not and NotUnits are shut out of it.
type Owner struct {
	Role     Role
	Unit     string
	Area     string
	Reporter bool
	Not      []string
	NotUnits []string
}

// Opening is a task to open.
type Opening struct {
	Step     StepName
	Part     Part
	Owner    Owner
	Limit    *clock.Limit // nil: none, or the matter's
	OfMatter bool
	Pauses   bool // the clock of the case stands while this is open
	Round    int
	Final    bool
}

// Closing is a task to close.
type Closing struct {
	Task   string
	State  TaskState
	Action ActionName
}

// Outcome is what a move leads to. Ground is the case's ground from now on.
type Outcome struct {
	Close    []Closing
	Open     []Opening
	End      EndName // empty where the case goes on
	Reopened bool
	Ground   Ground
	Facts    map[string]any // those that change
	Notify   []string       // templates of messages to send
}

// Offer is an action an actor may take, or is told why not.
type Offer struct {
	Task    string
	Step    StepName
	Action  ActionName
	Title   lang.Text
	Needs   []Need
	Asks    []string // marks that may be noted
	Allowed bool
	Why     lang.Text // set where it is not allowed
}

// Round tells how often the case has gone round: 1 until something called done
// comes back.
func (s State) Round() int {
	n := 1
	for i := range s.Tasks {
		n = max(n, s.Tasks[i].Round)
	}
	return n
}

// Hands adds, to those who had a hand in a task that the actor closes or takes
// up, whom the actor stands in for and who had taken it up before.
func (by Actor) Hands(taken string, had []string) []string {
	all := slices.Clone(had)
	for _, p := range []string{taken, by.For} {
		if p != "" && p != by.Person && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// Is reports whether the actor is a person, or stands in for them.
func (by Actor) Is(person string) bool {
	return person != "" && (by.Person == person || by.For == person)
}

// find gives the position of the task with that id, or -1.
func (s State) find(id string) int {
	return slices.IndexFunc(s.Tasks, func(t Task) bool { return t.ID == id })
}

// coOf gives the positions of the co-handlers of the lead at i: they follow it
// until the next lead of the same step.
func (s State) coOf(i int) []int {
	var co []int
	for j := i + 1; j < len(s.Tasks); j++ {
		t := &s.Tasks[j]
		if t.Step != s.Tasks[i].Step {
			continue
		}
		if t.Part != CoHandle {
			break
		}
		co = append(co, j)
	}
	return co
}

// hands are the people who worked on the given steps, in any round and any part:
// who did them, whom they stood in for, and whoever had taken one up, even where
// somebody else or another unit finished it.
func (s State) hands(steps []StepName) []string {
	var people []string
	add := func(names ...string) {
		for _, p := range names {
			if p != "" && !slices.Contains(people, p) {
				people = append(people, p)
			}
		}
	}
	for _, t := range s.worked(steps) {
		add(t.Person)
		add(t.Hands...)
		if t.State == Finished || t.State == Waits {
			add(t.DoneBy)
		}
	}
	return people
}

// worked gives the tasks of the given steps, of this case and of those merged
// into it.
func (s State) worked(steps []StepName) (all []*Task) {
	for _, tasks := range [][]Task{s.Joined, s.Tasks} {
		for i := range tasks {
			if slices.Contains(steps, tasks[i].Step) {
				all = append(all, &tasks[i])
			}
		}
	}
	return all
}

// units are the units that did the given steps.
func (s State) units(steps []StepName) []string {
	var units []string
	for _, t := range s.worked(steps) {
		if (t.State == Finished || t.State == Waits) && t.Unit != "" && !slices.Contains(units, t.Unit) {
			units = append(units, t.Unit)
		}
	}
	return units
}

// returned counts how often a unit has returned a step.
func (s State) returned(step StepName, unit string) int {
	n := 0
	for i := range s.Tasks {
		t := &s.Tasks[i]
		if t.Step == step && t.Unit == unit && t.State == Returned {
			n++
		}
	}
	return n
}

// ruled reports whether a final ruling once gave the step to the unit.
func (s State) ruled(step StepName, unit string) bool {
	return slices.ContainsFunc(s.Tasks, func(t Task) bool {
		return t.Step == step && t.Unit == unit && t.Final && t.Part == Lead
	})
}

// doneInRound reports whether the step was called done in the given round.
func (s State) doneInRound(step StepName, round int) bool {
	return slices.ContainsFunc(s.Tasks, func(t Task) bool {
		return t.Step == step && t.Part == Lead && t.State == Finished && t.Round == round
	})
}

// After is the state once an outcome is written down: the caller's store does
// the same in its tables. id names each new task.
func (s State) After(m Move, o Outcome, id func() string) State {
	next := State{Tasks: slices.Clone(s.Tasks), Joined: s.Joined, Ground: o.Ground, Ended: s.Ended, Facts: map[string]any{}}
	for k, v := range s.Facts {
		next.Facts[k] = v
	}
	for k, v := range o.Facts {
		next.Facts[k] = v
	}
	for _, c := range o.Close {
		t := &next.Tasks[next.find(c.Task)]
		t.State, t.Action = c.State, c.Action
		if c.Task == m.Task {
			t.DoneBy = m.By.Person
			t.Hands = m.By.Hands(t.Person, t.Hands)
		}
	}
	for _, n := range o.Open {
		next.Tasks = append(next.Tasks, Task{
			ID: id(), Step: n.Step, Part: n.Part, Unit: n.Owner.Unit, Role: n.Owner.Role, Area: n.Owner.Area,
			Reporter: n.Owner.Reporter, State: Open, Round: n.Round, Final: n.Final,
		})
	}
	if o.End != "" || o.Reopened {
		next.Ended = o.End
	}
	return next
}
