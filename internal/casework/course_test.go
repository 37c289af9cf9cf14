package casework_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/procedure"
)

// What ended is counted by how long it took and by the last grade; a bad grade
// stays known after it was put right.
func TestCourse(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		begin := c.Clock.Now()
		well, badly := c.sent("c02010", "u-shizheng"), c.sent("c02010", "u-shizheng")
		c.sent("c02010", "u-shizheng") // still open
		repair := func(id casework.ID) {
			c.do(c.as("wugang", procedure.Handler), id, "done", procedure.Move{Photos: 1})
			c.do(c.as("liuxiaoyan", procedure.GridWorker), id, "pass", procedure.Move{})
		}
		repair(well)
		c.do(resident, well, "content", procedure.Move{Rating: 4})
		repair(badly)
		c.do(resident, badly, "not-content", procedure.Move{Rating: 1, Reason: "没修好"})
		course := func() casework.Course {
			got, err := casework.CourseOf(t.Context(), c.DB, c.d, begin.Add(-time.Hour), c.Clock.Now().Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if diff := cmp.Diff(casework.Course{Ended: 1, Took: [4]int{1}, Grades: [5]int{0, 1, 0, 0, 1}, Discontent: 1}, course()); diff != "" {
			t.Errorf("before it is put right (-want +got)\n%s", diff)
		}
		c.Clock.Advance(48 * time.Hour)
		repair(badly)
		c.do(resident, badly, "content", procedure.Move{Rating: 3})
		want := casework.Course{Ended: 2, Took: [4]int{1, 1}, Grades: [5]int{0, 1, 1}, Discontent: 1, Mended: 1, Content: 1}
		if diff := cmp.Diff(want, course()); diff != "" {
			t.Errorf("after it (-want +got)\n%s", diff)
		}
		if n := course().Rated(); n != 2 {
			t.Errorf("rated: %d, want 2", n)
		}
		all, err := casework.Mended(t.Context(), c.DB, c.d, begin.Add(-time.Hour), c.Clock.Now(), 5)
		if err != nil || len(all) != 1 || all[0].ID != badly {
			t.Errorf("put right: %d and %v, want the one", len(all), err)
		}
		if got, err := casework.CourseOf(t.Context(), c.DB, c.d, begin.Add(-48*time.Hour), begin.Add(-time.Hour)); err != nil || got != (casework.Course{}) {
			t.Errorf("a time without cases: %+v, %v", got, err)
		}
	})
}
