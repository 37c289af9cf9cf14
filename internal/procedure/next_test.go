package procedure

import (
	"slices"
	"strings"
	"testing"

	"linli/internal/errs"
	"linli/internal/lang"
)

var reachable = map[string]any{"reachable": true}

func TestStraightWay(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	pl.want("handle/u-shizheng")
	pl.do("handle", Done, handler)
	pl.do("verify", "pass", worker)
	pl.want("rate/")
	pl.do("rate", "content", reporter)
	pl.want("closed")
	if pl.s.Facts["grade"] != 4 {
		t.Errorf("got grade %v, want 4", pl.s.Facts["grade"])
	}
	if got := strings.Join(pl.ev, " "); got != "sent solved" {
		t.Errorf("got messages %q, want sent solved", got)
	}
}

func TestNobodyToAskSkipsRating(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", nil)
	pl.do("handle", Done, handler)
	pl.do("verify", "pass", worker)
	pl.want("closed")
}

func TestHandlerNeverVerifies(t *testing.T) {
	t.Parallel()
	// zhao handles, and later holds a grid worker's post as well.
	pl := handled(t, "city-event", reachable, "u-ranqi")
	pl.do("handle", Done, gas, func(m *Move) { m.Task = pl.open("handle", "u-ranqi") })
	pl.do("handle", Done, handler)
	moved := worker
	for _, hand := range []string{"zhao", "qian"} {
		moved.Person = hand
		pl.refuse("verify", "pass", moved, errs.Forbidden, "somebody else")
	}
	pl.s.Tasks[2].Hands = []string{"liu"} // liu stood in for zhao
	pl.refuse("verify", "pass", worker, errs.Forbidden, "somebody else")
	pl.refuse("verify", "pass", handler, errs.Forbidden, "not yours")
	far := worker
	far.Person, far.Area = "ma", "990101001001008"
	pl.refuse("verify", "pass", far, errs.Forbidden, "not yours")
	far.Area = grid
	pl.do("verify", "pass", far)
}

func TestVerifierIsShutOutAtOpening(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	m := full(handler, Done)
	m.Task = pl.open("handle", "")
	o, err := pl.p.Next(pl.s, m)
	if err != nil || len(o.Open) != 1 || !slices.Equal(o.Open[0].Owner.Not, []string{"zhao"}) {
		t.Errorf("got %+v, %v; want verify opened without zhao", o.Open, err)
	}
}

func TestReturnOnceThenRuling(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	pl.refuse("handle", Return, handler, errs.Invalid, "evidence", func(m *Move) { m.Evidence, m.Photos = 0, 0 })
	pl.do("handle", Return, handler)
	pl.do("rule", "assign", shift, toUnit("u-ranqi"))
	pl.want("handle/u-ranqi")
	if pl.s.Round() != 1 {
		t.Errorf("got round %d; being passed on is not rework", pl.s.Round())
	}
	pl.refuse("handle", Return, gas, errs.Forbidden, "ruled")
	pl.do("handle", Done, gas)
	pl.do("verify", "fail", worker)
	pl.want("handle/u-ranqi")
	pl.refuse("handle", Return, gas, errs.Forbidden, "ruled") // the ruling holds in later rounds
}

// ASVS 2.3.2
func TestSecondReturnIsNotOffered(t *testing.T) {
	t.Parallel()
	p, _ := Parse([]byte(strings.Replace(small, "{to: handle, final: true}", "handle", 1)), "small.yaml")
	pl := begin(t, p, nil)
	pl.do("accept", "file", acceptor)
	pl.do("handle", Return, handler)
	pl.do("rule", "assign", shift)
	pl.refuse("handle", Return, handler, errs.Forbidden, "already returned")
}

func TestCoHandling(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable, "u-ranqi", "u-shizheng", "u-dianli", "u-ranqi")
	pl.want("handle/u-shizheng handle/u-ranqi handle/u-dianli") // each once, the lead not again
	if got := strings.Join(pl.s.Ground.Co, " "); got != "u-ranqi u-dianli" {
		t.Errorf("got co-handlers %q, want u-ranqi u-dianli", got)
	}
	co := func(unit string) func(*Move) { return func(m *Move) { m.Task = pl.open("handle", unit) } }
	pl.refuse("handle", Done, handler, errs.Forbidden, "2 co-handler(s)", co("u-shizheng"))
	pl.do("handle", Done, gas, co("u-ranqi"))
	pl.want("handle/u-shizheng handle/u-dianli")
	pl.do("handle", Return, power, co("u-dianli")) // not theirs: it no longer blocks
	pl.do("handle", Done, handler)
	pl.want("verify/")
	pl.do("verify", "fail", worker)
	pl.want("handle/u-shizheng handle/u-ranqi handle/u-dianli")
}

func TestCoAny(t *testing.T) {
	t.Parallel()
	p, _ := Parse([]byte(strings.Replace(small, "returns: 1", "returns: 1\n    co: any", 1)), "small.yaml")
	pl := begin(t, p, nil)
	pl.s.Ground.Co = []string{"u-ranqi", "u-dianli"}
	pl.do("accept", "file", acceptor)
	lead := func(m *Move) { m.Task = pl.open("handle", "u-shizheng") }
	pl.refuse("handle", Done, handler, errs.Forbidden, "None of the co-handlers", lead)
	pl.do("handle", Done, gas, func(m *Move) { m.Task = pl.open("handle", "u-ranqi") })
	pl.do("handle", Done, handler, lead)
	pl.want("verify/") // the other co-handler is let off
}

// ASVS 2.3.2
func TestNotContentGoesBackAndIsBounded(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	for round := 1; round <= 3; round++ {
		if pl.s.Round() != round {
			t.Fatalf("got round %d, want %d", pl.s.Round(), round)
		}
		pl.do("handle", Done, handler)
		pl.do("verify", "pass", worker)
		pl.do("rate", "not-content", reporter)
	}
	pl.want("review/u-centre") // two rounds of rework are used up
	pl.do("review", "assign", leader)
	pl.do("handle", Done, handler)
	pl.do("verify", "fail", worker)
	pl.want("review/u-centre")
	pl.do("review", "close", leader)
	pl.want("closed")
}

func TestExpiryIsTheClocks(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	pl.refuse("handle", Expire, system, errs.Forbidden, "not yours") // handling does not end by itself
	pl.do("handle", Done, handler)
	pl.do("verify", "pass", worker)
	pl.refuse("rate", Expire, reporter, errs.Forbidden, "not yours")
	pl.do("rate", Expire, system)
	pl.want("closed")
	if last := pl.s.Tasks[len(pl.s.Tasks)-1]; last.State != Expired {
		t.Errorf("got state %s, want expired", last.State)
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", nil)
	pl.do("handle", Done, handler)
	pl.do("verify", "pass", worker)
	pl.refuse("", Reopen, handler, errs.Forbidden, "not yours")
	pl.refuse("", Reopen, reporter, errs.Invalid, "reason", func(m *Move) { m.Reason = " " })
	pl.do("", Reopen, reporter)
	pl.want("handle/u-shizheng")
	if pl.s.Round() != 2 {
		t.Errorf("got round %d, want 2", pl.s.Round())
	}
}

func TestForkAndJoin(t *testing.T) {
	t.Parallel()
	urgent := map[string]any{"reachable": true, "urgency": "A"}
	safe := func(pl *play) { pl.do("make-safe", Done, handler) }
	t.Run("both branches before the check, in either order", func(t *testing.T) {
		t.Parallel()
		pl := handled(t, "component-fault", urgent)
		pl.want("make-safe/u-shizheng handle/u-shizheng")
		safe(pl)
		pl.want("handle/u-shizheng")
		pl.do("handle", Done, handler)
		pl.want("verify/")
	})
	t.Run("without danger there is one branch", func(t *testing.T) {
		t.Parallel()
		pl := handled(t, "component-fault", reachable)
		pl.want("handle/u-shizheng")
		pl.do("handle", Done, handler)
		pl.want("verify/")
	})
	t.Run("a return keeps the danger in hand", func(t *testing.T) {
		t.Parallel()
		pl := handled(t, "component-fault", urgent)
		pl.do("handle", Return, handler)
		safe(pl)
		pl.want("rule/u-centre")
		pl.do("rule", "assign", shift, toUnit("u-ranqi"))
		pl.do("handle", Done, gas)
		pl.want("verify/")
		pl.do("verify", "fail", worker)
		pl.want("handle/u-ranqi")
		pl.do("handle", Done, gas)
		pl.want("verify/")
	})
	t.Run("leaving the ground cancels the other branch", func(t *testing.T) {
		t.Parallel()
		p, _ := Parse([]byte(forked), "f.yaml")
		pl := begin(t, p, nil)
		pl.do("send", "send", dispatcher)
		pl.do("handle", "reject", handler)
		pl.want("closed")
		if pl.s.Tasks[1].State != Cancelled {
			t.Errorf("got %s, want the other branch cancelled", pl.s.Tasks[1].State)
		}
	})
	t.Run("any: the first to arrive is enough", func(t *testing.T) {
		t.Parallel()
		p, _ := Parse([]byte(strings.Replace(forked, "join: all", "join: any", 1)), "f.yaml")
		pl := begin(t, p, nil)
		pl.do("send", "send", dispatcher)
		pl.do("handle", Done, handler)
		pl.want("verify/")
	})
}

// ASVS 2.3.1
func TestRefusals(t *testing.T) {
	t.Parallel()
	pl := begin(t, base(t)["city-event"], reachable)
	pl.refuse("accept", "file", dispatcher, errs.Forbidden, "not yours")
	pl.refuse("accept", "pass", acceptor, errs.Forbidden, "not yours")
	pl.refuse("accept", "reject", acceptor, errs.Invalid, "reason", func(m *Move) { m.Reason = "" })
	task := pl.open("accept", "")
	pl.s.Tasks[0].Person = "li"
	pl.refuse("accept", "file", acceptor, errs.Forbidden, "already taken")
	pl.s.Tasks[0].Person = ""
	pl.do("accept", "file", acceptor)
	pl.refuse("accept", "file", acceptor, errs.Conflict, "just done", func(m *Move) { m.Task = task })
	pl.refuse("dispatch", "send", dispatcher, errs.Invalid, "choose the unit", func(m *Move) { m.Unit = "" })
	pl.do("dispatch", "send", dispatcher)
	pl.do("handle", Done, Actor{Person: "tao", Role: UnitLead, Unit: "u-shizheng"}) // the head may do it
	pl.do("verify", "pass", worker)
	pl.refuse("rate", "content", reporter, errs.Invalid, "1 to 5", func(m *Move) { m.Rating = 6 })
}

func TestUnlocatedCaseIsNotLost(t *testing.T) {
	t.Parallel()
	pl := handled(t, "city-event", reachable)
	pl.s.Ground.Area = "990101001"
	pl.do("handle", Done, handler)
	pl.do("verify", "pass", worker) // any grid worker of the street may look
}

func TestBeginOffersWhatItOpens(t *testing.T) {
	t.Parallel()
	for name, p := range base(t) {
		pl := begin(t, p, nil)
		first := acceptor
		if name == "neighbourhood-matter" { // which begins in the grid
			first = worker
		}
		offers := p.Available(pl.s, first)
		if len(offers) < 2 || !offers[0].Allowed || offers[0].Title.In(lang.EN) == "" {
			t.Errorf("%s: the %s is offered %v", name, first.Role, offers)
		}
	}
}

func TestWander(t *testing.T) {
	t.Parallel()
	all := base(t)
	for _, source := range []string{small, forked} {
		p, findings := Parse([]byte(source), "x.yaml")
		if p == nil {
			t.Fatal(findings)
		}
		all[p.Name] = p
	}
	for _, p := range all {
		for seed := range uint64(300) {
			wander(t, p, seed, int(seed%60)).finish()
		}
	}
}

func TestLayoutPutsBranchesSideBySide(t *testing.T) {
	t.Parallel()
	d := base(t)["component-fault"].Layout()
	column := map[string]int{}
	for _, n := range d.Nodes {
		column[n.Name] = n.Column
	}
	if column["make-safe"] != 2 || column["handle"] != 2 || column["verify"] != 3 || column["closed"] != d.Columns-1 {
		t.Errorf("got columns %v; want both branches in 2, the check in 3, the end last", column)
	}
	back := map[string]bool{}
	seen := map[string]bool{}
	for _, l := range d.Links {
		way := l.From + " " + string(l.Action) + " " + l.To
		if seen[way] {
			t.Errorf("%s is drawn twice", way)
		}
		seen[way], back[way] = true, l.Back
	}
	if !back["verify fail handle"] || back["handle done verify"] || !seen["rate expire closed"] {
		t.Errorf("got links back %v", back)
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	for name, p := range base(t) {
		d := p.Layout()
		at := map[[2]int]string{}
		for _, n := range d.Nodes {
			place := [2]int{n.Column, n.Row}
			if other := at[place]; other != "" {
				t.Errorf("%s: %s and %s are drawn on one place", name, n.Name, other)
			}
			at[place] = n.Name
			if n.Column >= d.Columns || n.Row >= d.Rows {
				t.Errorf("%s: %s lies outside the diagram", name, n.Name)
			}
		}
		if d.Nodes[0].Column != 0 || len(d.Nodes) != len(p.Steps)+len(p.Ends) {
			t.Errorf("%s: got %d nodes, the first in column %d", name, len(d.Nodes), d.Nodes[0].Column)
		}
	}
}
