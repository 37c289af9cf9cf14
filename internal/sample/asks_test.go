package sample

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAsks holds that units ask for time now and then, at moments when they had
// the case and the date had not passed, and that some of it is undecided now.
func TestAsks(t *testing.T) {
	t.Parallel()
	promise := due(t)
	got := map[string]int{}
	for _, s := range stories(t) {
		for _, m := range s.Moves {
			got[m.Step+"."+m.Action]++
		}
		for _, a := range s.Asks {
			got[a.Kind]++
			got["account"] += share(slices.Contains([]string{"planning", "funds", "ownership"}, a.Kind))
			w, ok := workOf(&s)
			if !ok || !a.At.After(w.sent) || !a.At.Before(promise(s.Matter, s.At())) || a.Reason == "" || a.At.After(now()) {
				t.Errorf("%s asks for %s at %v: it had the case from %v", s.Reports[0].Sender, a.Kind, a.At, w.sent)
			}
			if !a.Decided.IsZero() && (a.Decided.Before(a.At) || a.Decision == "") || a.Kind == "extension" && a.More < 1 {
				t.Errorf("%s: %+v", s.Reports[0].Sender, a)
			}
			switch {
			case a.Decided.IsZero():
				got["waiting"]++
			case a.Granted && a.Until.After(now()):
				got["running"]++
			}
		}
	}
	for what, want := range map[string][2]int{
		"extension": {4, 120}, "special": {4, 60}, "conditions": {4, 60}, "applicant": {2, 60}, "account": {1, 12}, "waiting": {2, 40}, "running": {3, 40},
		"handle.ask": {5, 80}, "supplement.supply": {5, 80}, "grid.solve": {8, 80}, "community.solve": {1, 40},
	} {
		if n := got[what]; n < want[0] || n > want[1] {
			t.Errorf("%s: %d, want %d to %d", what, n, want[0], want[1])
		}
	}
}

// The roster has somebody of the district on duty at every hour, and of the
// streets at weekends.
func TestRoster(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	lines := strings.Split(strings.TrimSpace(New().Roster(from, from.AddDate(0, 0, 6))), "\n")
	if len(lines) != 1+7*2+2*3 {
		t.Errorf("a week has %d turns, want 20: two a day, and three streets on two days", len(lines)-1)
	}
	for _, line := range lines[1:] {
		if strings.Count(line, ",") != 5 || strings.Contains(line, ",,u-huaishu") {
			t.Errorf("turn %q", line)
		}
	}
}
