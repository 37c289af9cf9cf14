package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/db"
)

// fewMost is up to how many cases a scope's are looked up one by one. Of more,
// the newest or most urgent fifty are soon met by going through all cases in
// that order; of fewer, that would go through all there are.
const fewMost = 2000

// arms are selects of ids that together find whatever a scope sees, each by an
// index; none where the scope is not made of posts.
func (s Scope) arms(w *where) (arms []string) {
	for _, g := range s {
		if g.Reach != OfPost {
			return nil
		}
		post := g.By
		if area := columnOf(post.Area); area != "" {
			arms = append(arms, "select c.id as id from cases c where c.district = $1 and "+area+" = "+w.put(post.Area))
		}
		if post.Unit != "" {
			unit := w.put(post.Unit)
			arms = append(arms,
				"select c.id as id from cases c where c.district = $1 and c.unit = "+unit+" and c.unit <> ''",
				"select c.id as id from cases c where c.district = $1 and c.receiver = "+unit+" and c.receiver <> ''",
				"select s.case_id as id from tasks s where s.district = $1 and s.unit = "+unit+" and s.unit <> ''")
		}
		if post.Role != "" { // those of the unit stand above
			arms = append(arms, "select s.case_id as id from tasks s where s.district = $1 and s.unit = '' and not s.reporter and "+w.concerns("s", post))
		}
	}
	return arms
}

// few finds the cases within a scope by its units and areas. ok tells that these
// are all of them; a scope of more than fewMost is left to whoever asks.
func (s Scope) few(ctx context.Context, r db.Reader, district string) (ids []string, ok bool, err error) {
	w := &where{engine: r.Engine()}
	w.put(district)
	arms := s.arms(w)
	if most, err := largest(ctx, r, w, arms, fewMost); err != nil || len(arms) == 0 || most > fewMost {
		return nil, false, err
	}
	ids, err = db.All(ctx, r, func(id *string) []any { return []any{id} }, union(arms), w.args...)
	slices.Sort(ids)
	return ids, err == nil, err
}

// count counts the cases within a scope without going through all there are, up
// to CountMost. ok is false where it cannot.
func (s Scope) count(ctx context.Context, r db.Reader, district string) (t Tally, ok bool, err error) {
	w := &where{engine: r.Engine()}
	w.put(district)
	arms := s.arms(w)
	most, err := largest(ctx, r, w, arms, CountMost)
	if err != nil || len(arms) == 0 {
		return Tally{}, false, err
	}
	if most <= CountMost {
		most, err = db.Value[int](ctx, r, "select count(*) from ("+union(arms)+") as several", w.args...)
	}
	return Tally{N: min(most, CountMost), Over: most > CountMost}, err == nil, err
}

// largest is how much the largest of the arms finds, counted a little beyond a
// bound: an index alone tells that, where ids are read from the rows.
func largest(ctx context.Context, r db.Reader, w *where, arms []string, bound int) (int, error) {
	var counts []string
	for i, arm := range arms {
		counts = append(counts, fmt.Sprintf("select count(*) as n from (select 1 from (%[1]s) as arm%[2]d limit %[3]d) as few%[2]d", arm, i, bound+1))
	}
	if len(arms) == 0 {
		return 0, nil
	}
	return db.Value[int](ctx, r, "select max(n) from ("+strings.Join(counts, " union all ")+") as each_of", w.args...)
}

// union is what any of the arms finds, once.
func union(arms []string) string {
	return strings.Join(append(arms, "select '' as id where false"), " union ")
}
