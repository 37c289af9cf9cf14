package casework_test

import (
	"testing"

	"linli/internal/casework"
	"linli/internal/procedure"
)

// BenchmarkSees is one decision: what posts see, and whether a case is among it.
func BenchmarkSees(b *testing.B) {
	c := casework.Case{Unit: "u-zhujian", Receiver: "u-zhihui", Place: casework.Place{Street: "990101001", Community: "990101001001", Grid: "990101001001001"}}
	tasks := []casework.Task{{Unit: "u-zhihui", Role: procedure.Acceptor}, {Unit: "u-zhujian", Role: procedure.Handler}, {Role: procedure.GridWorker, Area: "990101001001001"}}
	s := casework.Scope{{By: procedure.Actor{Role: procedure.Handler, Unit: "u-shizheng"}, Reach: casework.OfPost}, {By: procedure.Actor{Role: procedure.GridWorker, Area: "990101001001002"}, Reach: casework.OfPost}}
	for b.Loop() {
		if s.Sees(c, tasks) {
			b.Fatal("seen by posts of another unit and another grid")
		}
	}
}
