package measure

import (
	"math"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Of names what an assessment is about: a kind of unit, a tier of area, or the
// posts of a role.
type Of string

// The subjects of assessments. Posts are written post:ROLE.
const (
	Departments Of = "department"
	StreetUnits Of = "street-office"
	Stations    Of = "community-station"
	Companies   Of = "company"
	Centres     Of = "centre"
	Partners    Of = "partner"
	Districts   Of = "district"
	Streets     Of = "street"
	Communities Of = "community"
	Grids       Of = "grid"
)

// Assessment says how figures become a score: who assesses whom, by which
// sections and weights, and what no score can outweigh.
type Assessment struct {
	Name     string
	Title    lang.Text
	Why      lang.Text
	Assessor lang.Text
	Tier     int // 1 the district assesses, 2 its departments and streets, 3 their stations; 0 a view only
	Of       []Of
	GroupBy  GroupBy
	Ranked   bool // a league table may be made of it
	Sections []Section
	Vetoes   []Veto
	Grades   []Grade // falling

	place sheet.Place
}

// GroupBy says among whom a subject is ranked.
type GroupBy string

// The groupings.
const (
	OneGroup GroupBy = ""
	ByKind   GroupBy = "kind"   // of unit
	ByGroup  GroupBy = "group"  // of like units, as the district set them; by kind where it set none
	ByParent GroupBy = "parent" // within the unit or area above
)

// Section is a part of an assessment. Weights are shares of 1.
type Section struct {
	Name       string
	Title      lang.Text
	Weight     float64
	Indicators []Weighted

	place sheet.Place
}

// Weighted is an indicator's share of its section.
type Weighted struct {
	Indicator string
	Weight    float64

	indicator *Indicator
	place     sheet.Place
}

// Veto bounds the grade of whoever has more than Over of an indicator's
// numerator, whatever the score.
type Veto struct {
	Indicator string
	Over      float64
	Grade     string // the best still possible
	Why       lang.Text

	place sheet.Place
}

// Grade is a word for scores from From up.
type Grade struct {
	Name string
	From float64
}

// Card is the outcome of an assessment for one subject.
type Card struct {
	Assessment string
	Score      float64 // 0 to 100, in hundredths
	Grade      string
	Empty      bool // nothing at all was there to count: no score, no grade
	Sections   []Part
	Vetoed     []Veto // those that hold
}

// Part is one section of a card. Weight is its share once the weight of
// sections without figures is shared out.
type Part struct {
	Section string
	Title   lang.Text
	Weight  float64
	Score   float64
	Empty   bool
	Lines   []Line
}

// Line is one indicator of a card. Points is what it adds to the card's score.
type Line struct {
	Figure
	Weight float64 // of the section, once the weight of missing figures is shared out
	Points float64
	Left   bool // left out: nothing to count
}

// Card scores one subject from its figures, by indicator. A figure that is not
// there is taken as one with nothing to count.
func (a *Assessment) Card(figures map[string]Figure) Card {
	card := Card{Assessment: a.Name, Empty: true}
	present := 0.0
	for _, s := range a.Sections {
		part := s.part(figures)
		if !part.Empty {
			present += s.Weight
			card.Empty = false
		}
		card.Sections = append(card.Sections, part)
	}
	for n := range card.Sections {
		part := &card.Sections[n]
		if part.Empty {
			part.Weight = 0
			continue
		}
		part.Weight /= present
		card.Score += part.Weight * part.Score
		for l := range part.Lines {
			part.Lines[l].Points = part.Weight * part.Lines[l].Weight * part.Lines[l].Score
		}
	}
	card.Score = math.Round(exact(card.Score)*100) / 100 // twice, so that 80.875 is 80.88 however it was added up
	if !card.Empty {
		card.Grade = a.grade(card.Score)
	}
	a.veto(&card, figures)
	return card
}

// part scores a section. Weights of figures left out go to the others in
// proportion, so that nobody is judged on what did not happen.
func (s *Section) part(figures map[string]Figure) Part {
	part := Part{Section: s.Name, Title: s.Title, Weight: s.Weight, Empty: true}
	present := 0.0
	for _, w := range s.Indicators {
		i := w.indicator
		f, ok := figures[w.Indicator]
		if !ok {
			f = i.Figure(0, 0)
		}
		line := Line{Figure: f, Weight: w.Weight, Left: i.Missing(f)}
		if !line.Left {
			present += w.Weight
			part.Empty = false
		}
		part.Lines = append(part.Lines, line)
	}
	for n := range part.Lines {
		line := &part.Lines[n]
		if line.Left {
			line.Weight = 0
			continue
		}
		line.Weight /= present
		part.Score += line.Weight * line.Score
	}
	return part
}

func (a *Assessment) grade(score float64) string {
	for _, g := range a.Grades {
		if score >= g.From {
			return g.Name
		}
	}
	return ""
}

// veto lowers the grade of a card to the best its vetoes leave. The score
// stays: a reader sees both, and why they differ.
func (a *Assessment) veto(card *Card, figures map[string]Figure) {
	for _, v := range a.Vetoes {
		if figures[v.Indicator].Numerator <= v.Over {
			continue
		}
		card.Vetoed = append(card.Vetoed, v)
		if card.Grade != "" && a.rank(v.Grade) > a.rank(card.Grade) {
			card.Grade = v.Grade
		}
	}
}

// rank is the place of a grade, 0 the best.
func (a *Assessment) rank(grade string) int {
	for n, g := range a.Grades {
		if g.Name == grade {
			return n
		}
	}
	return len(a.Grades)
}
