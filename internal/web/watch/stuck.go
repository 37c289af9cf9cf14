package watch

import (
	"net/http"
	"slices"

	"linli/internal/casework"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// stuckCount is how many cases are stuck for a reason.
type stuckCount struct {
	Why   supervise.Why
	Count casework.Tally
}

// stuckCounts counts the standing list by reason, each as its list is long.
func stuckCounts(v *page.View) (all []stuckCount, err error) {
	for _, why := range supervise.StuckWhys() {
		n, err := casework.Count(v.Context(), v.House.DB, v.District, supervise.StuckFilter(why, v.Scope()), v.Now)
		if err != nil {
			return nil, err
		}
		all = append(all, stuckCount{why, n})
	}
	return all, nil
}

// countText is a count that may be over what is counted exactly.
func countText(t casework.Tally) string {
	if t.Over {
		return ui.Number(t.N) + "+"
	}
	return ui.Number(t.N)
}

// stuckView is one reason's part of the standing list.
type stuckView struct {
	Why    supervise.Why
	Counts []stuckCount
	Page   casework.Page
	Next   *supervise.Meeting // that the reader may put a case before
}

// stuck lists the cases that do not get on, by reason.
func stuck(v *page.View) (err error) {
	s := stuckView{Why: supervise.Why(v.R.URL.Query().Get("why"))}
	if s.Counts, err = stuckCounts(v); err != nil {
		return err
	}
	if !slices.Contains(supervise.StuckWhys(), s.Why) { // the first with something in it
		s.Why = supervise.Bounced
		if at := slices.IndexFunc(s.Counts, func(c stuckCount) bool { return c.Count.N > 0 }); at >= 0 {
			s.Why = s.Counts[at].Why
		}
	}
	s.Page, err = casework.List(v.Context(), v.House.DB, v.District, supervise.StuckFilter(s.Why, v.Scope()), v.Now, v.R.URL.Query().Get("after"), 30)
	if err != nil {
		return err
	}
	if v.Can(rights.MeetingKeep) {
		m, ok, err := supervise.NextMeeting(v.Context(), v.House.DB, v.District.Code)
		if err != nil {
			return err
		}
		if ok && m.May(v.District, keeper(v).By, supervise.ActAdd) == nil {
			s.Next = &m
		}
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("卡住的件", "Stuck cases"), At: "/stuck",
		Said: v.Say("推来推去的、没人动的、没定归谁管的。一件不落，直到有人定。", "Passed around, untouched, or nobody's. They stay here until somebody settles them."),
	}, stuckPage(v, s))
}

// whose says who has a case or is to have it.
func whose(v *page.View, c casework.Case) string {
	if c.Unit != "" {
		return v.UnitName(c.Unit)
	}
	return v.UnitName(c.Proposed)
}

// whyHint says what stands on a reason's list.
func whyHint(v *page.View, why supervise.Why) string {
	switch why {
	case supervise.Bounced:
		return v.Say("退回、回绝、改派合起来两次或更多。", "Returned, refused or sent on twice or more.")
	case supervise.NoOwner:
		return v.Say("没有规定归谁管，也还没人裁定；先由属地办着。", "No rule says whose job it is and nobody has ruled; the territory looks after it meanwhile.")
	case supervise.Untouched:
		return v.Say("过了一个工作日，没有人办过什么。", "A working day has passed and nobody has done anything.")
	}
	return v.Say("答应的日期已经过了。", "The date that was promised has passed.")
}
