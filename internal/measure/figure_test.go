package measure

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFigure(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, row := range []struct {
		why, indicator string
		numerator      float64
		denominator    int
		value, score   string
		empty          bool
	}{
		{"the yearly totals of a large district: closed ÷ filed", "closing", 215_050, 226_506, "0.9494", "94.94", false},
		{"closed ÷ received would be another figure", "closing", 215_050, 249_947, "0.8604", "86.04", false},
		{"nothing filed says nothing", "closing", 0, 0, "0.0000", "0.00", true},
		{"a bad rate scores what is left", "rework", 25, 100, "0.2500", "75.00", false},
		{"the first band, with its end", "filed-load", 50, 50, "50.0000", "100.00", false},
		{"the second begins just after", "filed-load", 51, 51, "51.0000", "90.00", false},
		{"the last but one ends at 1000", "filed-load", 1000, 1000, "1000.0000", "40.00", false},
		{"over the last end", "filed-load", 1001, 1001, "1001.0000", "0.00", false},
		{"an amount of nothing is an amount", "filed-load", 0, 0, "0.0000", "100.00", true},
		{"workload, lowest", "accept-load", 100, 100, "100.0000", "40.00", false},
		{"workload, the wide middle band", "accept-load", 1200, 1200, "1200.0000", "75.00", false},
		{"workload, highest", "accept-load", 2001, 2001, "2001.0000", "100.00", false},
		{"grades 5, 4 and nine tenths of 3", "content", 2.7, 3, "0.9000", "90.00", false},
		{"the mean of three reviews", "media-review", 255, 3, "85.0000", "85.00", false},
		{"never over 100, whatever is handed in", "closing", 3, 2, "1.5000", "100.00", false},
	} {
		f := b.Indicator(row.indicator).Figure(row.numerator, row.denominator)
		if got := fmt.Sprintf("%.4f", f.Value); got != row.value {
			t.Errorf("%s: value is %s, want %s", row.why, got, row.value)
		}
		if got := fmt.Sprintf("%.2f", f.Score); got != row.score {
			t.Errorf("%s: score is %s, want %s", row.why, got, row.score)
		}
		if f.Empty != row.empty {
			t.Errorf("%s: empty is %v", row.why, f.Empty)
		}
	}
}

// A total is what its parts add up to: 7,222 components and 152,202 events are
// 159,424 filed, whatever a yearbook prints; and 2,541 of 9,567 hazards are 26.6 %.
func TestTotals(t *testing.T) {
	t.Parallel()
	b := base(t)
	count := func(name string, items []*Item) (n float64) {
		i := b.Indicator(name)
		for _, it := range items {
			if i.Takes(it) {
				n += i.Gives(it)
			}
		}
		return n
	}
	var items []*Item
	for n := range 7_222 + 152_202 {
		kind := "event"
		if n < 7_222 {
			kind = "component"
		}
		items = append(items, &Item{Kind: kind, Filed: true})
	}
	parts := count("filed-components", items) + count("filed-events", items)
	if got := count("filed", items); got != 159_424 || got != parts {
		t.Errorf("filed is %v, its parts make %v, want 159424", got, parts)
	}
	if got := fmt.Sprintf("%.1f", 100*b.Indicator("closing").Figure(2_541, 9_567).Value); got != "26.6" {
		t.Errorf("rewarded of filed is %s %%, want 26.6", got)
	}
}

// What an item gives never exceeds the one it is, so no rate exceeds 1.
func TestTakesAndGives(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, row := range []struct {
		why, indicator string
		it             Item
		takes          bool
		gives          float64
	}{
		{"closed within the cohort", "closing", Item{Filed: true, Ended: true, Closed: true}, true, 1},
		{"filed and still open", "closing", Item{Filed: true}, true, 0},
		{"closed now, filed in another period: not of this cohort", "closing", Item{Ended: true, Closed: true}, false, 1},
		{"on account: out of the on-time rate", "on-time", Item{Late: true, OnAccount: true}, false, 0},
		{"broken", "on-time", Item{Late: true}, true, 0},
		{"refused by right is no return", "returns", Item{Work: true, State: "refused", Refused: true}, false, 0},
		{"sent back", "returns", Item{Work: true, State: "returned", Returned: true}, true, 1},
		{"grade 3 is content with nine tenths", "content", Item{Kind: "help", Grade: 3}, true, 0.9},
		{"grade 3 is among the content of the 95 % line", "satisfaction", Item{Grade: 3}, true, 1},
		{"grade 3 is no good rating", "good-rating", Item{Grade: 3}, true, 0},
		{"a mark not given", "answer-quality", Item{}, false, 0},
		{"a mark of half", "answer-quality", Item{Marks: []Given{{"report-quality", 1}, {"answer-quality", 0.5}}}, true, 0.5},
		{"voided later is a valid report all the same", "valid-reports", Item{SelfFound: true, Filed: true, Voided: true, Ended: true, State: "rejected"}, true, 1},
		{"not filed", "valid-reports", Item{SelfFound: true, Ended: true, State: "rejected"}, true, 0},
		{"found by a resident, so missed on the rounds", "missed", Item{Filed: true, Kind: "event"}, true, 1},
		{"merged cases owe no answer", "answered", Item{Ended: true, State: "merged"}, false, 0},
	} {
		i := b.Indicator(row.indicator)
		if got := i.Takes(&row.it); got != row.takes {
			t.Errorf("%s: taken is %v, want %v", row.why, got, row.takes)
		}
		if got := i.Gives(&row.it); got != row.gives {
			t.Errorf("%s: gives %v, want %v", row.why, got, row.gives)
		}
	}
}

func TestWorth(t *testing.T) {
	t.Parallel()
	b, _ := Parse([]byte(small), "small.yaml")
	for option, want := range map[string]float64{"a": 1, "b": 0.5, "x": -1, "z": -1} {
		if got := b.Worth("answer-quality", option); got != want {
			t.Errorf("option %s is worth %v, want %v", option, got, want)
		}
	}
	if got := b.Worth("handwriting", "a"); got != -1 {
		t.Errorf("a mark that is none is worth %v, want -1", got)
	}
	if !b.Asks("round") || b.Asks("minutes") {
		t.Error("the book asks for rounds and not for minutes")
	}
}

// Marks may stand in either file, never in both.
func TestJoin(t *testing.T) {
	t.Parallel()
	marks, formulas, _ := strings.Cut(small, "grades:")
	for _, source := range [][]byte{Join([]byte("grades:"+formulas), []byte(marks)), Join([]byte(small), []byte(marks))} {
		if b, findings := Parse(source, "small.yaml"); b == nil || b.Worth("answer-quality", "b") != 0.5 {
			t.Errorf("refused with %v", findings)
		}
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	b, _ := Parse([]byte(small), "small.yaml")
	figure := func(name string, numerator float64, denominator int) Figure {
		return b.Indicator(name).Figure(numerator, denominator)
	}
	full := []Figure{
		figure("closing", 9, 10), figure("on-time", 8, 10), figure("rework", 1, 10), figure("load", 60, 60), // 90 80 90 90
		figure("media", 140, 2), figure("quality", 3, 4), figure("filing", 1, 2), // 70 75 50
	}
	for _, row := range []struct {
		why     string
		figures []Figure
		score   float64
		grade   string
		empty   bool
		vetoed  int
	}{
		{"60 % of 87, 20 % of 70, 20 % of 62.5", full, 78.7, "B", false, 0},
		{"nobody reviewed: 60 and 20 become 75 and 25", without(full, "media"), 80.88, "B", false, 0},
		{"nothing closed: its weight goes to the others", without(full, "closing"), 77.93, "B", false, 0},
		{"nothing to rework scores what the book says: full marks", without(full, "rework"), 79.9, "B", false, 0},
		{"a fault upheld: the score stays, the grade falls", append(without(full, ""), figure("faults", 1, 1)), 78.7, "C", false, 1},
		{"nothing at all but an amount of nothing and no rework", nil, 100, "A", false, 0},
	} {
		figures := map[string]Figure{}
		for _, f := range row.figures {
			figures[f.Indicator] = f
		}
		card := b.Assessment("units").Card(figures)
		if math.Abs(card.Score-row.score) > 0.005 || card.Grade != row.grade || card.Empty != row.empty || len(card.Vetoed) != row.vetoed {
			t.Errorf("%s: got %v %s empty %v, %d vetoes, want %v %s", row.why, card.Score, card.Grade, card.Empty, len(card.Vetoed), row.score, row.grade)
		}
		points := 0.0
		for _, part := range card.Sections {
			for _, line := range part.Lines {
				points += line.Points
			}
		}
		if math.Abs(points-card.Score) > 0.005 {
			t.Errorf("%s: the lines add up to %v, the card says %v", row.why, points, card.Score)
		}
	}
}

func without(all []Figure, name string) (rest []Figure) {
	for _, f := range all {
		if f.Indicator != name {
			rest = append(rest, f)
		}
	}
	return rest
}

// Where every figure is left out when empty, a card without figures is empty.
func TestEmptyCard(t *testing.T) {
	t.Parallel()
	card := base(t).Assessment("hotline").Card(nil)
	if !card.Empty || card.Score != 0 || card.Grade != "" {
		t.Errorf("got %+v, want no score and no grade", card)
	}
}

// A better figure never makes a worse card.
func TestCardIsMonotone(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, a := range b.Assessments {
		for _, s := range a.Sections {
			for _, w := range s.Indicators {
				last := math.NaN()
				for n := 0; n <= 2_000; n += 50 {
					i := b.Indicator(w.Indicator)
					f := i.Figure(float64(n), 2_000)
					if i.Kind == Submitted {
						f = i.Figure(float64(n)/20, 1)
					}
					got := a.Card(map[string]Figure{w.Indicator: f}).Score
					if i.Better == More && got < last || i.Better == Less && got > last {
						t.Fatalf("%s: with %s at %v the score is %v after %v", a.Name, i.Name, f.Value, got, last)
					}
					last = got
				}
			}
		}
	}
}

// Weights written of 100 and of 1 are the same assessment.
func TestWeightsOfHundredAndOne(t *testing.T) {
	t.Parallel()
	one, _ := Parse([]byte(small), "small.yaml")
	hundred, findings := Parse([]byte(strings.Replace(small, "closing: 0.3, on-time: 0.3, rework: 0.2, load: 0.2", "closing: 30, on-time: 30, rework: 20, load: 20", 1)), "small.yaml")
	if hundred == nil {
		t.Fatal(findings)
	}
	diff := cmp.Diff(one.Assessments[0].Sections, hundred.Assessments[0].Sections,
		cmpopts.IgnoreUnexported(Section{}, Weighted{}), cmpopts.EquateApprox(0, 1e-12))
	if diff != "" {
		t.Error(diff)
	}
}
