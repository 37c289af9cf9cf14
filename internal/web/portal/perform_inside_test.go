package portal

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/evaluate"
	"linli/internal/measure"
)

// TestVeil hides what is of few, and one more where the rest would tell it.
func TestVeil(t *testing.T) {
	t.Parallel()
	i := &measure.Indicator{Name: onDate, Over: measure.Cases}
	for _, one := range []struct {
		why  string
		of   []int
		want string
	}{
		{"all are of enough", []int{5, 9, 20}, ""},
		{"nothing is nobody's secret", []int{0, 9, 20}, ""},
		{"one alone would be what is left of the sum, so the next goes with it", []int{4, 30, 20}, "a c"},
		{"two keep each other's secret", []int{4, 3, 20}, "a b"},
		{"where nothing else was counted the sum itself is of few", []int{4, 0, 0}, "a"},
	} {
		var parts []subjectFigures
		for n, of := range one.of {
			parts = append(parts, subjectFigures{evaluate.Subject("abc"[n : n+1]), map[string]measure.Figure{onDate: {Denominator: of}}})
		}
		var got []string
		for _, s := range slices.Sorted(maps.Keys(veil(i, parts))) {
			got = append(got, string(s))
		}
		if strings.Join(got, " ") != one.want {
			t.Errorf("%s: %v hides %v, want %q", one.why, one.of, got, one.want)
		}
	}
}

// TestTooFew holds what is withheld of the whole district.
func TestTooFew(t *testing.T) {
	t.Parallel()
	cases, ratings := &measure.Indicator{Name: onDate, Over: measure.Cases}, &measure.Indicator{Name: satisfaction, Over: measure.Ratings}
	for _, one := range []struct {
		why  string
		i    *measure.Indicator
		of   int
		part bool
		want bool
	}{
		{"four ratings may be told apart", ratings, 4, false, true},
		{"five may not", ratings, 5, false, false},
		{"no rating is nothing to hide", ratings, 0, false, false},
		{"four cases of a whole district are about nobody", cases, 4, false, false},
		{"of a street they may be", cases, 4, true, true},
	} {
		if got := tooFew(one.i, measure.Figure{Denominator: one.of}, one.part); got != one.want {
			t.Errorf("%s: got %v", one.why, got)
		}
	}
}

// TestPublished takes out what anybody wrote, and where people live.
func TestPublished(t *testing.T) {
	t.Parallel()
	whole := casework.Case{Title: "王某家", Text: "王某", Place: casework.Place{Address: "桂花路88号", Street: "990101001", Community: "990101001004", Grid: "990101001004003"}}
	for kind, community := range map[catalogue.Kind]bool{
		catalogue.Component: true, catalogue.Event: true, catalogue.Hazard: true, // of things in the street
		catalogue.Complaint: false, catalogue.Consult: false, catalogue.Report: false, "dispute": false, "help": false, // of people
	} {
		c := whole
		c.Kind = string(kind)
		got := published(c)
		if got.Title != "" || got.Text != "" || (got.Place.Community != "") != community || got.Place.Street == "" {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}
