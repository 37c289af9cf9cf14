package casework

import (
	"maps"
	"strconv"

	"linli/internal/procedure"
)

// An entry that closes a task or ends a case is a deed: its facts are all that
// scorecards are counted from, so that a count can be made again from the trail
// alone. Facts are codes, numbers and instants, and never name a person.

// note adds a fact to the deed at work.
func (s *stroke) note(name, value string) {
	if s.deed == nil {
		s.deed = map[string]string{}
	}
	s.deed[name] = value
}

// closeDeed notes what became of a task and of its promise. A breach is told
// once: here, or where supervision saw it first.
func (s *stroke) closeDeed(t *Task) {
	fact := map[string]string{}
	t.mark(fact)
	maps.Copy(fact, map[string]string{"state": string(t.State), "round": strconv.Itoa(t.Round)})
	if t.Part == procedure.CoHandle {
		fact["part"] = string(t.Part)
	}
	at := t.DoneAt
	if !t.HeldAt.IsZero() {
		at = t.HeldAt // a clock that stood was not late
	}
	if !t.Due.IsZero() && !t.Reporter && (at.After(t.Due) || t.State == procedure.Expired) {
		fact["late"] = yes
		if !t.Overdue {
			fact["broke"] = yes
			t.Overdue = true
		}
	}
	for name, value := range s.move.Marks {
		if value != "" {
			fact["mark."+name] = value
		}
	}
	fact["contacted"] = s.move.Marks["contacted"]
	for name, value := range fact {
		s.note(name, value)
	}
}

const (
	yes = "yes"
	no  = "no"
)

func yesNo(b bool) string {
	if b {
		return yes
	}
	return no
}

// endDeed notes how a case ended and whether its promise was kept.
func (s *stroke) endDeed() {
	c := s.c
	s.note("ended", string(c.State))
	s.note("on-time", yesNo(c.OnTime))
	s.note("case-due", micros(c.Due))
	if c.OnAccount {
		s.note("on-account", yes)
	}
}

// now adds to an entry's facts how the case stands after it, so that the change
// feed tells of each entry what was so then, and not what is so when it is read.
func (s *stroke) now(detail map[string]string) map[string]string {
	c := s.c
	detail["now.step"], detail["now.unit"], detail["now.due"] = string(c.Step), c.Unit, micros(c.Due)
	if c.State != Running {
		detail["now.state"] = string(c.State)
	}
	return detail
}

// facts are the deed's, with those of the act itself, which go first.
func (s *stroke) facts(detail map[string]string) map[string]string {
	all := maps.Clone(s.deed)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, detail)
	return all
}

// openDeed is what the trail says of a case that begins.
func (c *Case) openDeed(district string) map[string]string {
	detail := map[string]string{
		"channel": c.Channel, "matter": c.Matter, "number": c.Number, "kind": c.Kind, "area": c.Place.Area(district),
		"unit": c.Proposed, "receiver": c.Receiver, "due": micros(c.Due), "limit": c.Limit,
	}
	if len(c.Proposal) > 0 {
		detail["proposed"], detail["why"] = c.Proposed, c.Proposal[0].ZH
	}
	return detail
}
