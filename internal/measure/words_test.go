package measure_test

import (
	"os"
	"slices"
	"testing"

	"linli/internal/catalogue"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/ladder"
	"linli/internal/measure"
	"linli/internal/supervise"
)

// words are the names of a list of named things.
func words[T ~string](all ...T) (names []string) {
	for _, v := range all {
		names = append(names, string(v))
	}
	return names
}

// What conditions may compare fields with is what the rest of linli writes.
func TestWordsAreTheHouses(t *testing.T) {
	t.Parallel()
	house := map[string][]string{
		"kind": words(catalogue.Component, catalogue.Event, catalogue.Consult, catalogue.Help, catalogue.Complaint,
			catalogue.Report, catalogue.Suggest, catalogue.Hazard, catalogue.Dispute, catalogue.Group),
		"channel": words(intake.Channels()...),
		"order":   words(supervise.Reminder, supervise.Urging, supervise.Supervision, supervise.ToLeader, supervise.Accountability),
	}
	seen := 0
	for _, f := range measure.Fields() {
		if want, ok := house[f.Name]; ok {
			seen++
			if !slices.Equal(f.Values, want) {
				t.Errorf("%s may be %v, want %v", f.Name, f.Values, want)
			}
		}
	}
	if seen != len(house) {
		t.Errorf("%d of %d fields were compared", seen, len(house))
	}
}

// The base formulas name bodies and faults that there are.
func TestBaseNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../packs/base/evaluation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marks, err := os.ReadFile("../../packs/base/marks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book, findings := measure.Parse(measure.Join(source, marks), "evaluation.yaml")
	if book == nil {
		t.Fatal(findings)
	}
	bodies := words(evaluate.Bodies()...)
	for _, i := range book.Indicators {
		for _, body := range i.From {
			if !slices.Contains(bodies, body) {
				t.Errorf("%s takes scores of %s, which nobody enters", i.Name, body)
			}
		}
	}
	supervision, err := os.ReadFile("../../packs/base/supervision.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, _ := ladder.Parse(supervision, "supervision.yaml")
	if l == nil || !slices.ContainsFunc(l.Faults, func(w ladder.Word) bool { return w.Name == "falsified-check" }) {
		t.Error("the veto on falsified checks names a fault that supervision does not know")
	}
}
