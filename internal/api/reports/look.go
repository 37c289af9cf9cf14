package reports

import (
	"context"
	"net/http"
	"strings"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/intake"
	"linli/internal/rights"
)

// Looking is what is known before a report is sent.
type Looking struct {
	Text    string   `json:"text,omitempty" maxLength:"2000"`
	Matter  string   `json:"matter,omitempty" maxLength:"40"`
	Address string   `json:"address,omitempty" maxLength:"200"`
	Lon     *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Lat     *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
	Datum   string   `json:"datum,omitempty" maxLength:"20"`
	Area    string   `json:"area,omitempty" maxLength:"15"`
}

// Sight is what a person sees before sending: where it lies, what it may be
// about, and what is open nearby.
type Sight struct {
	Place   shape.Place `json:"place"`
	Flag    string      `json:"flag,omitempty" enum:"placeholder,outside"`
	Areas   []Guess     `json:"areas" doc:"地址可能指哪里，像的在前 · What the address may mean, the best first"`
	Matters []Suggested `json:"matters" doc:"可能是什么事项，像的在前 · What it may be about, the best first"`
	Likely  []Likely    `json:"likely" doc:"附近没办完的，可能是同一件；只列您看得到的 · Open ones nearby that may be the same; those you may see"`
	Limit   string      `json:"limit,omitempty" doc:"这个事项的时限 · The limit of the matter"`
}

// Guess is an area that an address may mean.
type Guess struct {
	Area frame.Named `json:"area"`
	Path frame.Text  `json:"path"`
	Why  frame.Text  `json:"why"`
}

// Suggested is a matter that a text may be about.
type Suggested struct {
	Matter frame.Named `json:"matter"`
	Score  float64     `json:"score" doc:"0 到 1 · 0 to 1"`
	Words  []string    `json:"words" doc:"对上的字 · The words that matched"`
}

// Likely is an open case that may be about the same thing.
type Likely struct {
	Case   shape.Case `json:"case"`
	Metres int        `json:"metres"`
}

type lookingInput struct{ Body Looking }

func lookOperations(d *frame.Door) {
	frame.Register(d, frame.Told("look-report", http.MethodPost, "/reports/look", tag, "报之前先看看 · Look before sending",
		"猜事项、定位置、找可能重复的；什么也不存。 · It suggests a matter, locates, looks for likely duplicates, and stores nothing."), rights.ReportReceive, lookReport)
}

func lookReport(ctx context.Context, c *frame.Caller, in *lookingInput) (*frame.Output[Sight], error) {
	b := in.Body
	s, err := sending(c, NewReport{Text: b.Text, Matter: b.Matter, Address: b.Address, Lon: b.Lon, Lat: b.Lat, Datum: b.Datum, Area: b.Area}, "look")
	if err != nil {
		return nil, err
	}
	seen, err := c.House.Desk.Look(ctx, c.District, s)
	if err != nil {
		return nil, err
	}
	dist := c.District
	out := Sight{Place: shape.PlaceOf(dist, seen.Place), Flag: string(seen.Flag), Areas: []Guess{}, Matters: []Suggested{}, Likely: []Likely{}}
	for _, a := range seen.Areas {
		out.Areas = append(out.Areas, Guess{Area: frame.Name(a.Code, dist.Areas.Name(a.Code)), Path: frame.TextOf(dist.Areas.Path(a.Code)), Why: frame.TextOf(a.Why)})
	}
	for _, m := range seen.Matters {
		out.Matters = append(out.Matters, Suggested{frame.Name(m.Matter.Code, m.Matter.Title), m.Score, m.Words})
	}
	if m, ok := dist.Catalogue.Matter(strings.TrimSpace(b.Matter)); ok {
		out.Limit = m.Limit.String()
	}
	out.Likely, err = likely(ctx, c, seen.Likely)
	return frame.Reply(out, err)
}

// likely leaves of the cases nearby those that the caller may see. Secret ones
// are left out: where they are says who may have reported them.
func likely(ctx context.Context, c *frame.Caller, near []intake.Likely) ([]Likely, error) {
	all := []Likely{}
	if c.Needs(rights.CaseSee) != nil || len(near) == 0 {
		return all, nil
	}
	ids := make([]casework.ID, len(near))
	for i, n := range near {
		ids[i] = n.Case.ID
	}
	seen, err := c.SeenOf(ctx, ids)
	for _, n := range near {
		if seen[n.Case.ID] && !n.Case.Secret {
			all = append(all, Likely{shape.CaseOf(c, n.Case), n.Metres})
		}
	}
	return all, err
}
