package procedure

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// ledgerOf is what a play remembers of who worked on which step, apart from the
// state: the property is held against it.
type ledgerOf map[StepName]map[string]bool

func (l ledgerOf) add(step StepName, people ...string) {
	for _, p := range people {
		if p == "" {
			continue
		}
		if l[step] == nil {
			l[step] = map[string]bool{}
		}
		l[step][p] = true
	}
}

func (l ledgerOf) has(steps []StepName, person string) bool {
	return person != "" && slices.ContainsFunc(steps, func(s StepName) bool { return l[s][person] })
}

// turns are those taken on one case that few people share: posts change from act to act, some
// stand in for others, tasks are taken up, put down and handed over, units
// change, and another case is merged in.
type turns struct {
	*play
	dice   *rand.Rand
	worked ledgerOf
	checks int // by somebody who had no hand in it
	kept   int // who had, and was refused
}

var few = []string{"zhao", "qian", "sun", "li", "zhou"}

func (s *turns) anyone() string { return few[s.dice.IntN(len(few))] }

// actor is somebody who happens to hold a post for the task now, or stands in.
func (s *turns) actor(k *Task) Actor {
	by := Actor{Person: s.anyone(), Role: k.Role, Unit: k.Unit, Area: k.Area}
	if k.Role == Handler && s.dice.IntN(4) == 0 {
		by.Role = UnitLead
	}
	if s.dice.IntN(3) == 0 {
		if who := s.anyone(); who != by.Person {
			by.For = who
		}
	}
	return by
}

// step lets somebody do something with an open task.
func (s *turns) step() bool {
	var open []int
	for i := range s.s.Tasks {
		if s.s.Tasks[i].State == Open {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return s.reopen()
	}
	k := &s.s.Tasks[open[s.dice.IntN(len(open))]]
	switch {
	case k.Reporter:
		s.move(k, Actor{Reporter: true})
	case s.dice.IntN(6) == 0:
		s.takeUp(k, s.actor(k))
	case k.Person != "" && s.dice.IntN(6) == 0:
		s.handOver(k)
	default:
		s.move(k, s.actor(k))
	}
	return true
}

func (s *turns) reopen() bool {
	return s.s.Ended != "" && s.dice.IntN(2) == 0 && s.try(full(Actor{Reporter: true}, Reopen)) == nil
}

// takeUp and handOver do in memory what casework does in its tables.
func (s *turns) takeUp(k *Task, by Actor) {
	offered := slices.ContainsFunc(s.p.Available(s.s, by), func(o Offer) bool { return o.Task == k.ID && o.Allowed })
	if k.Person != "" || !offered {
		return
	}
	k.Person, k.Hands = by.Person, by.Hands("", k.Hands)
	s.worked.add(k.Step, by.Person, by.For)
}

func (s *turns) handOver(k *Task) {
	to := ""
	if s.dice.IntN(2) == 0 {
		to = s.anyone()
		s.worked.add(k.Step, to)
	}
	k.Hands = Actor{Person: to}.Hands(k.Person, k.Hands)
	k.Person = to
}

// move takes a random action of the task and holds what came of it against who
// worked.
func (s *turns) move(k *Task, by Actor) {
	step, id, taken := s.p.Step(k.Step), k.ID, k.Person
	var m Move
	for _, o := range s.p.Available(s.s, by) {
		if o.Task == id && (m.Action == "" || s.dice.IntN(2) == 0) {
			m = full(by, o.Action)
		}
	}
	if m.Action == "" {
		return
	}
	m.Task, m.Unit = id, []string{"u-shizheng", "u-ranqi", "u-dianli"}[s.dice.IntN(3)]
	m.Co = []string{"u-dianli", "u-huaishu"}[:s.dice.IntN(3)]
	hand := s.worked.has(step.By.Not, by.Person) || s.worked.has(step.By.Not, by.For)
	err := s.try(m)
	switch {
	case hand && err == nil:
		s.t.Fatalf("%s: %s for %q did %s.%s, having worked on it: %v", s.p.Name, by.Person, by.For, step.Name, m.Action, s.worked)
	case hand:
		s.kept++
	case err == nil && len(step.By.Not) > 0:
		s.checks++
	}
	if err == nil && handsBack[m.Action] == "" {
		s.worked.add(step.Name, by.Person, by.For, taken)
	}
}

// merge joins another case of the procedure into this one.
func (s *turns) merge() {
	other := newTurns(s.t, s.p, s.dice)
	for range 12 {
		other.step()
	}
	if other.s.Ended != "" {
		return
	}
	for i := range other.s.Tasks {
		if k := &other.s.Tasks[i]; k.State == Open {
			k.State = Cancelled
		}
	}
	s.s.Joined = slices.Concat(s.s.Joined, other.s.Joined, other.s.Tasks)
	for step, people := range other.worked {
		s.worked.add(step, slices.Collect(maps.Keys(people))...)
	}
}

func newTurns(t testing.TB, p *Procedure, dice *rand.Rand) *turns {
	facts := map[string]any{"reachable": dice.IntN(2) == 0, "danger": dice.IntN(2) == 0, "urgency": []string{"A", "C"}[dice.IntN(2)]}
	return &turns{play: begin(t, p, facts), dice: dice, worked: ledgerOf{}}
}

// Whoever had a hand in a step never does the step that checks it, whatever
// posts they hold by then and whoever they stand in for.
func TestNobodyChecksOwnWork(t *testing.T) {
	t.Parallel()
	for name, p := range base(t) {
		if !slices.ContainsFunc(p.Steps, func(s *Step) bool { return len(s.By.Not) > 0 }) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checks, kept := 0, 0
			for seed := range uint64(1500) {
				s := newTurns(t, p, rand.New(rand.NewPCG(seed, 8)))
				for n := range 60 {
					if n == 20 && seed%3 == 0 && s.s.Ended == "" {
						s.merge()
					}
					if !s.step() {
						break
					}
				}
				checks, kept = checks+s.checks, kept+s.kept
			}
			t.Logf("%d checks by others, %d refused", checks, kept)
			if checks < 500 || kept < 500 {
				t.Errorf("only %d checks and %d refusals in all of the plays: they prove little", checks, kept)
			}
		})
	}
}
