package casework

import (
	"context"
	"fmt"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// Course is how long the cases opened within some time took, and what their
// reporters said in the end.
type Course struct {
	Ended      int    // closed or answered
	Took       [4]int // of these: within a day, three days, a week, longer
	Grades     [5]int // last grade of each case that was rated, the best first
	Discontent int    // cases that were given a bad grade at some time
	Mended     int    // of these, dealt with again after it and ended
	Content    int    // of these again, rated at least fairly content then
}

// Rated is how many cases have a grade.
func (c Course) Rated() (n int) {
	for _, g := range c.Grades {
		n += g
	}
	return n
}

// The conditions that a case was given a bad grade, and that it was dealt with
// again after it.
const (
	discontent = `c.rating > 0 and exists (select 1 from ratings g where g.district = $1 and g.case_id = c.id and g.grade <= 2)`
	mended     = `c.rating > 0 and c.round > 1 and c.state in ('closed', 'answered')
		and exists (select 1 from ratings g where g.district = $1 and g.case_id = c.id and g.grade <= 2 and g.at < c.closed_at)`
)

// CourseOf reads each case opened within the time, so who shows it to many keeps
// it for a while.
func CourseOf(ctx context.Context, r db.Reader, d *district.District, from, to time.Time) (_ Course, err error) {
	defer errs.Wrap(&err, "casework.CourseOf(%s)", d.Code)
	const ended = "c.state in ('closed', 'answered')"
	took := func(low, high time.Duration) string {
		return fmt.Sprintf("%s and c.closed_at - c.opened_at > %d and c.closed_at - c.opened_at <= %d", ended, low.Microseconds(), high.Microseconds())
	}
	const day, ever = 24 * time.Hour, 100 * 365 * 24 * time.Hour
	sums := ""
	for i, cond := range []string{
		ended, took(-time.Microsecond, day), took(day, 3*day), took(3*day, 7*day), took(7*day, ever),
		"c.rating = 5", "c.rating = 4", "c.rating = 3", "c.rating = 2", "c.rating = 1", discontent, mended, mended + " and c.rating >= 3",
	} {
		if i > 0 {
			sums += ", "
		}
		sums += "coalesce(sum(case when " + cond + " then 1 else 0 end), 0)"
	}
	return db.One(ctx, r, func(c *Course) []any {
		return []any{
			&c.Ended, &c.Took[0], &c.Took[1], &c.Took[2], &c.Took[3],
			&c.Grades[0], &c.Grades[1], &c.Grades[2], &c.Grades[3], &c.Grades[4], &c.Discontent, &c.Mended, &c.Content,
		}
	}, "select "+sums+" from cases c where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3", d.Code, db.At(from), db.At(to))
}

// Mended lists the cases that CourseOf counts as dealt with again, the latest
// first, but for those whose reporters are kept secret.
func Mended(ctx context.Context, r db.Reader, d *district.District, from, to time.Time, most int) (all []Case, err error) {
	defer errs.Wrap(&err, "casework.Mended(%s)", d.Code)
	return db.All(ctx, r, (*Case).dest, "select "+columns+` from cases c where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3
		and not c.secret and `+mended+` order by c.closed_at desc, c.id desc limit $4`, d.Code, db.At(from), db.At(to), most)
}
