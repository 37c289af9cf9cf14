package procedure

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"linli/internal/errs"
)

// play is one case in memory.
type play struct {
	t  testing.TB
	p  *Procedure
	s  State
	n  int
	ev []string // messages sent
}

const grid = "990101001001007"

func begin(t testing.TB, p *Procedure, facts map[string]any) *play {
	g := Ground{Receiving: "u-centre", Routed: "u-shizheng", Area: grid}
	pl := &play{t: t, p: p}
	pl.s = State{Facts: facts, Ground: g}.After(Move{}, p.Begin(g, facts), pl.id)
	return pl
}

func (pl *play) id() string { pl.n++; return fmt.Sprint("t", pl.n) }

// open gives the id of the open task of that step and part for a unit, or of
// any unit.
func (pl *play) open(step StepName, unit string) string {
	for _, t := range pl.s.Tasks {
		if t.State == Open && t.Step == step && (unit == "" || t.Unit == unit) {
			return t.ID
		}
	}
	return ""
}

func (pl *play) try(m Move) error {
	o, err := pl.p.Next(pl.s, m)
	if err == nil {
		pl.s = pl.s.After(m, o, pl.id)
		pl.ev = append(pl.ev, o.Notify...)
	}
	return err
}

// full answers every need, so that a test only says what it is about.
func full(by Actor, a ActionName) Move {
	return Move{Action: a, By: by, Reason: "因为", Answer: "已经办好", Unit: "u-shizheng", Evidence: 1, Photos: 1, Rating: 4, Deed: true}
}

// do acts on the open task of a step; it must succeed.
func (pl *play) do(step StepName, a ActionName, by Actor, change ...func(*Move)) {
	pl.t.Helper()
	m := full(by, a)
	m.Task = pl.open(step, "")
	for _, c := range change {
		c(&m)
	}
	if err := pl.try(m); err != nil {
		pl.t.Fatalf("%s.%s by %s: %v", step, a, by.Person, err)
	}
}

// refuse acts on the open task of a step; it must be refused with the text.
func (pl *play) refuse(step StepName, a ActionName, by Actor, kind errs.Kind, says string, change ...func(*Move)) {
	pl.t.Helper()
	m := full(by, a)
	m.Task = pl.open(step, "")
	for _, c := range change {
		c(&m)
	}
	err := pl.try(m)
	text, _ := errs.TextOf(err)
	if !errors.Is(err, kind) || !strings.Contains(text.EN, says) {
		pl.t.Errorf("%s.%s by %s: got %v, want %s %q", step, a, by.Person, err, kind, says)
	}
}

// standing lists what is open, as step/unit.
func (pl *play) standing() string {
	var all []string
	for _, t := range pl.s.Tasks {
		if t.State == Open {
			all = append(all, string(t.Step)+"/"+t.Unit)
		}
	}
	if pl.s.Ended != "" {
		all = append(all, string(pl.s.Ended))
	}
	return strings.Join(all, " ")
}

func (pl *play) want(standing string) {
	pl.t.Helper()
	if got := pl.standing(); got != standing {
		pl.t.Fatalf("the case stands at %q, want %q", got, standing)
	}
}

var (
	acceptor   = Actor{Person: "he", Role: Acceptor, Unit: "u-centre"}
	dispatcher = Actor{Person: "chen", Role: Dispatcher, Unit: "u-centre"}
	shift      = Actor{Person: "wu", Role: ShiftLeader, Unit: "u-centre"}
	leader     = Actor{Person: "jin", Role: Leader, Unit: "u-centre"}
	handler    = Actor{Person: "zhao", Role: Handler, Unit: "u-shizheng"}
	gas        = Actor{Person: "qian", Role: Handler, Unit: "u-ranqi"}
	power      = Actor{Person: "sun", Role: Handler, Unit: "u-dianli"}
	worker     = Actor{Person: "liu", Role: GridWorker, Area: grid}
	reporter   = Actor{Reporter: true}
	system     = Actor{System: true}
)

func toUnit(unit string, co ...string) func(*Move) {
	return func(m *Move) { m.Unit, m.Co = unit, co }
}

// handled brings a case of a base procedure to where its unit has it.
func handled(t testing.TB, name string, facts map[string]any, co ...string) *play {
	t.Helper()
	p := base(t)[name]
	if p == nil {
		t.Fatalf("no base procedure %s", name)
	}
	pl := begin(t, p, facts)
	pl.do("accept", "file", acceptor)
	pl.do("dispatch", "send", dispatcher, toUnit("u-shizheng", co...))
	return pl
}

// wander takes random moves that are offered, and holds that none fails, that
// a running case always has an open lead, and that it can always be ended.
func wander(t testing.TB, p *Procedure, seed uint64, steps int) *play {
	rnd := rand.New(rand.NewPCG(seed, 7))
	facts := map[string]any{"reachable": seed%2 == 0, "danger": seed%3 == 0, "urgency": []string{"A", "C"}[seed%2]}
	pl := begin(t, p, facts)
	for range steps {
		if pl.s.Ended == "" && !slices.ContainsFunc(pl.s.Tasks, func(k Task) bool { return k.State == Open && k.Part == Lead }) {
			t.Fatalf("%s: nothing is open and nothing ended: %+v", p.Name, pl.s.Tasks)
		}
		moves := pl.moves(rnd)
		if len(moves) == 0 {
			if pl.s.Ended == "" {
				t.Fatalf("%s: no move is left at %q", p.Name, pl.standing())
			}
			return pl
		}
		m := moves[rnd.IntN(len(moves))]
		if err := pl.try(m); err != nil {
			t.Fatalf("%s: an offered move failed: %+v: %v", p.Name, m, err)
		}
	}
	return pl
}

// finish takes the first way out of every step, and must come to an end.
func (pl *play) finish() {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		moves := pl.moves(rnd)
		if pl.s.Ended != "" || len(moves) == 0 {
			break
		}
		first := slices.IndexFunc(moves, func(m Move) bool {
			return m.Action != Return && m.Action != Expire && m.Action != "not-content" && m.Action != "ask"
		})
		if err := pl.try(moves[first]); err != nil {
			pl.t.Fatal(err)
		}
	}
	if pl.s.Ended == "" {
		pl.t.Fatalf("%s: no way to an end from here: %s", pl.p.Name, pl.standing())
	}
}

// moves lists every move that is offered to whoever an open task is for.
func (pl *play) moves(rnd *rand.Rand) []Move {
	actors := []Actor{reporter, system}
	for _, k := range pl.s.Tasks {
		if k.State == Open {
			actors = append(actors, Actor{Person: pl.id(), Role: k.Role, Unit: k.Unit, Area: k.Area})
		}
	}
	var moves []Move
	for _, by := range actors {
		for _, o := range pl.p.Available(pl.s, by) {
			if !o.Allowed {
				continue
			}
			m := full(by, o.Action)
			m.Task = o.Task
			m.Unit = []string{"u-shizheng", "u-ranqi"}[rnd.IntN(2)]
			m.Co = []string{"u-dianli"}[:rnd.IntN(2)]
			moves = append(moves, m)
		}
	}
	return moves
}
