package feeds

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linli/internal/casework"
)

// The news are in order of what happened last, whatever it was, each under a name
// of its own, and no more than a reader takes.
func TestNewsAreInOrder(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 11, day, 10, 0, 0, 0, time.UTC) }
	n := news{
		Running: []casework.Case{{Number: "a", OpenedAt: at(3)}, {Number: "b", OpenedAt: at(20)}},
		Ended:   []casework.Case{{Number: "c", OpenedAt: at(1), ClosedAt: at(10)}, {Number: "a", OpenedAt: at(3), ClosedAt: at(22)}},
	}
	var got []string
	for _, i := range n.items() {
		got = append(got, i.name())
	}
	if want := []string{"a-ended", "b-open", "c-ended", "a-open"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i := range 2 * newsMost {
		n.Running = append(n.Running, casework.Case{Number: fmt.Sprint(i), OpenedAt: at(2)})
	}
	if all := n.items(); len(all) != newsMost || all[0].name() != "a-ended" {
		t.Errorf("%d pieces of news, the first %s", len(all), all[0].name())
	}
}
