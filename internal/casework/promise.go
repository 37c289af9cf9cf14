package casework

import (
	"context"
	"fmt"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// Promises is how the cases opened within some time have gone. What is still
// within its time counts neither for nor against; a case that was merged
// counts as the one it joined, and one that was not taken up made no promise.
type Promises struct {
	Ended  int // closed or answered
	Kept   int // of these, in time
	Late   int // ended late, or still open and late
	Within int // still open and in time
	Rated  int // graded by the reporter
	Grades int // the sum of the grades, 1 to 5 each
}

// Judged is how many promises can be judged.
func (p Promises) Judged() int { return p.Kept + p.Late }

// broken is the condition that a promise was not kept by the instant of $4.
const broken = "(not c.on_account and (c.state in ('closed', 'answered') and not c.on_time or c.state = 'open' and c.due < $4 and c.held_at = 0))"

// PromisesOf adds up the cases opened from one instant until another. It reads
// them all, so a page that many read keeps the answer for a while.
func PromisesOf(ctx context.Context, r db.Reader, d *district.District, from, to, now time.Time) (p Promises, err error) {
	defer errs.Wrap(&err, "casework.PromisesOf(%s)", d.Code)
	count := func(cond string) string { return "coalesce(sum(case when " + cond + " then 1 else 0 end), 0)" }
	return db.One(ctx, r, func(p *Promises) []any { return []any{&p.Ended, &p.Kept, &p.Late, &p.Within, &p.Rated, &p.Grades} },
		fmt.Sprintf(`select %s, %s, %s, %s, %s, coalesce(sum(c.rating), 0) from cases c where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3`,
			count("c.state in ('closed', 'answered')"), count("not c.on_account and c.state in ('closed', 'answered') and c.on_time"), count(broken),
			count("not c.on_account and c.state = 'open' and (c.due >= $4 or c.held_at > 0)"), count("c.rating > 0")),
		d.Code, db.At(from), db.At(to), db.At(now))
}

// Broken lists the cases that PromisesOf counts as late, the latest opened
// first, but for those whose reporters are kept secret.
func Broken(ctx context.Context, r db.Reader, d *district.District, from, to, now time.Time, most int) (late []Case, err error) {
	defer errs.Wrap(&err, "casework.Broken(%s)", d.Code)
	return db.All(ctx, r, (*Case).dest, "select "+columns+` from cases c where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3
		and not c.secret and `+broken+` order by c.opened_at desc, c.id desc limit $5`, d.Code, db.At(from), db.At(to), db.At(now), most)
}
