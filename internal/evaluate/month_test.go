package evaluate_test

import (
	"math"
	"testing"

	"linli/internal/evaluate"
)

// tell is a small November whose answers can be worked out by hand.
func tell(w *world) {
	// 1: all in time, found by a resident, closed in November, rated 5.
	w.opened(on("11-02 09:00"), "event", "portal", theGrid).file(on("11-02 09:10")).send(on("11-02 10:00"), "u-shizheng").
		done(on("11-04 09:00"), "u-shizheng").pass(on("11-04 15:00")).rate(on("11-05 10:00"), 5)
	// 2: filed late; failed its check once, done again; rated 2.
	w.opened(on("11-03 09:00"), "event", "hotline", theGrid).file(on("11-03 10:00")).send(on("11-03 10:30"), "u-shizheng").
		done(on("11-05 09:00"), "u-shizheng").fail(on("11-05 15:00")).done(on("11-09 09:00"), "u-shizheng").pass(on("11-09 15:00")).rate(on("11-09 20:00"), 2)
	// 3: the wrong unit returned it; the right one was late, which the sweep saw.
	c := w.opened(on("11-04 09:00"), "component", "hotline", theGrid).file(on("11-04 09:10")).send(on("11-04 09:20"), "u-shizheng")
	c.closes(on("11-05 09:00"), "return", "handle", "u-shizheng", "", c.due, map[string]string{"state": "returned", "to": "rule"})
	c.closes(on("11-05 11:00"), "assign", "rule", "u-centre", "", on("11-06 11:00"), map[string]string{"to": "handle", "to-unit": "u-yuanlin"})
	c.overdue(on("11-11 09:01"), "u-yuanlin").done(on("11-12 09:00"), "u-yuanlin").pass(on("11-12 15:00")).rate(on("11-13 09:00"), 3)
	// 4: found on rounds; still with its unit when November ends.
	w.opened(on("11-28 09:00"), "event", "grid-worker", theGrid).file(on("11-28 09:20")).send(on("11-28 09:40"), "u-yuanlin")
	// 5: filed in October, closed in November; its promise was broken in October.
	w.opened(on("10-20 09:00"), "event", "portal", theGrid).file(on("10-20 09:10")).send(on("10-20 09:30"), "u-yuanlin").
		overdue(on("10-27 09:01"), "u-yuanlin").done(on("11-02 09:00"), "u-yuanlin").pass(on("11-02 15:00")).rate(on("11-03 09:00"), 4)
	// 6: answered at the desk, never filed.
	c = w.opened(on("11-06 09:00"), "consult", "hotline", theGrid)
	c.closes(on("11-06 09:20"), "answer", "accept", "u-centre", "", on("11-06 09:30"),
		map[string]string{"ended": "answered", "on-time": "yes", "case-due": micros(c.due), "answer": "说清楚了"})
	// 7: opened and closed in October: not November's business.
	w.opened(on("10-02 09:00"), "event", "portal", theGrid).file(on("10-02 09:10")).send(on("10-02 09:30"), "u-shizheng").
		done(on("10-04 09:00"), "u-shizheng").pass(on("10-04 15:00")).rate(on("10-05 09:00"), 5)
	// 8: filed in October; ended in November and opened again, so it runs on.
	c = w.opened(on("10-28 09:00"), "event", "portal", theGrid).file(on("10-28 09:10")).send(on("10-28 09:30"), "u-chengguan").
		done(on("11-02 09:00"), "u-chengguan").pass(on("11-02 15:00")).rate(on("11-03 09:00"), 2)
	c.add(on("11-04 09:00"), "reopen", "closed", "", map[string]string{"to": "handle", "to-unit": "u-chengguan"})
	w.told()
}

func TestAToldMonth(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		res := w.compute("2026-11")
		for _, want := range []struct {
			why       string
			subject   evaluate.Subject
			indicator string
			numerator float64
			of        int
		}{
			{"1, 2, 3, 4 and 6 came in", "district", "received", 5, 5},
			{"1 to 4 were filed in November; 5 in October", "district", "filed", 4, 4},
			{"of these 1, 2 and 3 were closed", "district", "closing", 3, 4},
			{"1 and 2; 3 went to another unit", "unit:u-shizheng", "closing", 2, 2},
			{"3 and 4", "unit:u-yuanlin", "closing", 1, 2},
			{"done three times and a return, all in time", "unit:u-shizheng", "timely-work", 4, 4},
			{"3 broke its promise; that 5 did was October's", "unit:u-yuanlin", "timely-work", 0, 1},
			{"four of five within half an hour", "unit:u-centre", "timely-accept", 4, 5},
			{"done three times, once again after a failed check", "unit:u-shizheng", "rework", 1, 3},
			{"four pieces of work ended, one as a return", "unit:u-shizheng", "returns", 1, 4},
			{"1 and 2 and 3 and 4 were sent; 3 came back", "unit:u-centre", "dispatch-right", 3, 4},
			{"2 was reworked", "unit:u-shizheng", "first-time", 1, 2},
			{"3 was returned by another, 5 went straight", "unit:u-yuanlin", "first-time", 1, 2},
			{"5 and 2", "unit:u-shizheng", "satisfaction", 1, 2},
			{"3 and 4", "unit:u-yuanlin", "satisfaction", 2, 2},
			{"B is worth 0.8 on 1 and 2; the failed check was given none", "unit:u-shizheng", "answer-quality", 1.6, 2},
			{"four of 1, 2, 3, 4 were brought by residents", "district", "self-found", 1, 4},
			{"everything happened in one grid's street", "street:990101001", "filed", 4, 4},
			{"and in that grid", "grid:" + theGrid, "closing", 3, 4},
			{"8 had not ended when November did", "unit:u-chengguan", "case-on-time", 0, 0},
			{"nor is it anybody's case of the month", "unit:u-chengguan", "reopened", 0, 0},
			{"the promise of 5's case was late, those of 1 and 2 and 6 not; 3 was", "district", "case-on-time", 3, 5},
		} {
			f, ok := res.Figure(want.subject, want.indicator)
			if !ok || math.Abs(f.Numerator-want.numerator) > 1e-9 || f.Denominator != want.of {
				t.Errorf("%s of %s: got %g of %d, want %g of %d: %s", want.indicator, want.subject, f.Numerator, f.Denominator, want.numerator, want.of, want.why)
			}
			list := res.Cases(want.subject, want.indicator)
			sum := 0.0
			for _, c := range list {
				sum += c.Worth
			}
			if len(list) != want.of || math.Abs(sum-want.numerator) > 1e-9 {
				t.Errorf("%s of %s: the list has %d cases worth %g, want %d worth %g", want.indicator, want.subject, len(list), sum, want.of, want.numerator)
			}
		}
	})
}
