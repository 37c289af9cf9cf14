package measure

import "math"

// Figure is an indicator's value for one subject and period. It keeps what it
// was made of.
type Figure struct {
	Indicator   string
	Numerator   float64
	Denominator int
	Value       float64 // a rate 0 to 1, an amount, or a mean of entered scores 0 to 100
	Score       float64 // 0 to 100; 0 where the indicator is not scored
	Empty       bool    // nothing was there to count
}

// Figure makes a figure of a sum and a count. For entered scores the numerator
// is their sum and the denominator how many there are. The sum is taken to the
// nearest ten-thousandth, so that the order of adding leaves no trace.
func (i *Indicator) Figure(numerator float64, denominator int) Figure {
	f := Figure{Indicator: i.Name, Numerator: exact(numerator), Denominator: denominator}
	switch {
	case i.Kind == Amount:
		f.Value = f.Numerator
		f.Empty = denominator == 0
	case denominator > 0:
		f.Value = f.Numerator / float64(denominator)
	default:
		f.Empty = true
	}
	switch {
	case i.score == nil:
	case f.Empty && i.Kind != Amount:
		f.Score = i.Empty.Score
	default:
		f.Score = min(max(i.score(f.Value), 0), 100)
	}
	return f
}

// Missing reports whether the figure has nothing to say in a scorecard: there
// was nothing to count, and the indicator leaves such figures out.
func (i *Indicator) Missing(f Figure) bool { return f.Empty && i.Empty.None }

// exact rounds to ten-thousandths; what is no number is nothing.
func exact(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Round(v*10_000) / 10_000
}
