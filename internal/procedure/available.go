package procedure

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/lang"
)

// Available lists what the actor may do with the case as it stands. An action
// of a task that is the actor's to do, but that is closed to them now, is
// listed too, with the reason; tasks of others are not.
func (p *Procedure) Available(s State, by Actor) []Offer {
	if s.Ended != "" {
		return p.reopening(s, by)
	}
	var offers []Offer
	for i := range s.Tasks {
		t := &s.Tasks[i]
		step := p.Step(t.Step)
		if t.State != Open || step == nil {
			continue
		}
		if by.System {
			if step.OnExpiry != "" && t.Part == Lead {
				offers = append(offers, Offer{Task: t.ID, Step: step.Name, Action: Expire, Title: lang.Text{ZH: "到期", EN: "Time is up"}, Allowed: true})
			}
			continue
		}
		if t.Concerns(by) {
			offers = append(offers, p.offersOf(s, i, step, by)...)
		}
	}
	return offers
}

// offersOf lists the actions of the task at i for an actor it concerns.
func (p *Procedure) offersOf(s State, i int, step *Step, by Actor) []Offer {
	var offers []Offer
	t := &s.Tasks[i]
	for _, a := range step.Actions {
		if t.Part == CoHandle && a.Name != Done && handsBack[a.Name] == "" {
			continue
		}
		if a.Name == Refuse && !slices.Contains(s.Refusable, t.ID) {
			continue
		}
		if a.Else == "" && !a.holds(s) {
			continue
		}
		why := p.barred(s, i, step, a, by)
		needs := a.Needs
		if t.Part == CoHandle {
			needs = coNeeds(a.Needs)
		}
		offers = append(offers, Offer{
			Task: t.ID, Step: step.Name, Action: a.Name, Title: a.Title, Needs: needs, Asks: a.Asks,
			Allowed: why.IsZero(), Why: why,
		})
	}
	return offers
}

// coNeeds are what a co-handler must bring: it names no unit.
func coNeeds(needs []Need) []Need {
	return slices.DeleteFunc(slices.Clone(needs), func(n Need) bool { return n == NeedUnit })
}

// barred says why this actor may not take this action now; zero if they may.
func (p *Procedure) barred(s State, i int, step *Step, a *Action, by Actor) lang.Text {
	t := &s.Tasks[i]
	switch {
	case t.Person != "" && !by.Is(t.Person) && by.Role != UnitLead:
		return lang.T("这件已经有人在办。", "Somebody has already taken this up.")
	case slices.ContainsFunc(s.hands(step.By.Not), by.Is):
		return lang.Text{ZH: "您办过这件，要由别人来" + step.Title.ZH + "。", EN: "You worked on this case, so “" + step.Title.EN + "” is for somebody else."}
	case by.Unit != "" && slices.Contains(s.units(step.By.NotUnits), by.Unit):
		return lang.Text{ZH: "您的单位办过这件，要由别的单位来" + step.Title.ZH + "。", EN: "Your unit worked on this case, so “" + step.Title.EN + "” is for another."}
	case a.Name == Return:
		return s.cannotReturn(t, step)
	case a.Name == Refuse:
		return s.wasRuled(t, step)
	case t.Part == Lead && a.Name == Done:
		return s.coUnfinished(i, step)
	}
	return lang.Text{}
}

// cannotReturn says why the unit may not return the task.
func (s State) cannotReturn(t *Task, step *Step) lang.Text {
	if why := s.wasRuled(t, step); !why.IsZero() {
		return why
	}
	if n := s.returned(step.Name, t.Unit); n >= step.Returns {
		return lang.T("贵单位已经退过 %d 次，不能再退。", "Your unit has already returned this %d time(s); it cannot be returned again.", n)
	}
	return lang.Text{}
}

// wasRuled says that a ruling gave the task to the unit, where one did.
func (s State) wasRuled(t *Task, step *Step) lang.Text {
	if t.Part == Lead && (t.Final || s.ruled(step.Name, t.Unit)) {
		return lang.T("已经裁定由贵单位办理，不能再退。", "It was ruled that your unit handles this; it cannot be returned again.")
	}
	return lang.Text{}
}

// coUnfinished says which help the lead still waits for.
func (s State) coUnfinished(i int, step *Step) lang.Text {
	open, done, all := 0, 0, s.coOf(i)
	for _, j := range all {
		switch s.Tasks[j].State {
		case Open:
			open++
		case Finished:
			done++
		}
	}
	if open == 0 || step.Co == CoAny && done > 0 {
		return lang.Text{}
	}
	if step.Co == CoAny {
		return lang.T("协办单位还没有一家办完。", "None of the co-handlers has finished yet.")
	}
	return lang.T("还有 %d 家协办没办完。", "%d co-handler(s) have not finished yet.", open)
}

// Concerns reports whether the task is for a post like the actor's.
func (t *Task) Concerns(by Actor) bool {
	if t.Reporter {
		return by.Reporter
	}
	if by.Reporter || !by.Role.standsFor(t.Role) {
		return false
	}
	if t.Unit != "" && t.Unit != by.Unit {
		return false
	}
	return t.Area == "" || overlap(t.Area, by.Area)
}

// overlap reports whether one area lies in the other. A case that could only
// be placed in a street is for any grid worker of that street, so that it is
// not lost.
func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// reopening offers the reporter to open an ended case again.
func (p *Procedure) reopening(s State, by Actor) []Offer {
	end := p.End(s.Ended)
	if end == nil || end.Reopen == nil || !by.Reporter {
		return nil
	}
	return []Offer{{
		Action: Reopen, Step: end.Reopen.To, Title: lang.Text{ZH: "没解决，请再办", EN: "Not solved: open it again"},
		Needs: []Need{NeedReason}, Allowed: true,
	}}
}

// String names the offer in tests and logs.
func (o Offer) String() string {
	return fmt.Sprintf("%s %s.%s allowed=%t", o.Task, o.Step, o.Action, o.Allowed)
}
