package shape

import (
	"linli/internal/api/frame"
	"linli/internal/procedure"
	"linli/internal/web/page"
)

// Offer is something that may be done with a case now.
type Offer struct {
	Task    string      `json:"task"`
	Step    frame.Named `json:"step"`
	Action  string      `json:"action"`
	Title   frame.Text  `json:"title"`
	Needs   []string    `json:"needs" doc:"要带什么：reason、answer、unit、photo、evidence · What must come with it"`
	Asks    []Mark      `json:"asks,omitempty" doc:"可以顺便评的 · What may be noted with it"`
	Post    string      `json:"post" doc:"由哪个岗位办 · The post that does it"`
	Allowed bool        `json:"allowed"`
	Why     *frame.Text `json:"why,omitempty" doc:"为什么不能办 · Why it may not be done"`
}

// Mark is a question about quality, which may be left out.
type Mark struct {
	Name    string        `json:"name"`
	Title   frame.Text    `json:"title"`
	Options []frame.Named `json:"options"`
}

// OfferOf shows an offer; its step is for who knows the case.
func OfferOf(c *frame.Caller, o page.Offer) Offer {
	out := Offer{Task: o.Task, Action: string(o.Action), Title: frame.TextOf(o.Title), Needs: make([]string, len(o.Needs)), Post: o.By.Post, Allowed: o.Allowed, Why: frame.TextIf(o.Why)}
	for i, n := range o.Needs {
		out.Needs[i] = string(n)
	}
	for _, m := range c.Questions(o.Asks) {
		out.Asks = append(out.Asks, markOf(m))
	}
	return out
}

func markOf(m procedure.Mark) Mark {
	out := Mark{Name: m.Name, Title: frame.TextOf(m.Title), Options: make([]frame.Named, len(m.Options))}
	for i, o := range m.Options {
		out.Options[i] = frame.Name(o.Name, o.Title)
	}
	return out
}
