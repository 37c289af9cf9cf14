package score

import (
	"net/http"
	"slices"

	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// periodRow is one period of the list.
type periodRow struct {
	Period  evaluate.Period
	State   evaluate.State
	Counted evaluate.CountedPeriod
	Over    bool
}

// lately is how many periods of each length are listed that nobody has counted.
const lately = 2

// periodsShow lists the periods: those that run, and those that were counted.
func periodsShow(v *page.View) error {
	counted, err := evaluate.Periods(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("考核", "Scorecards"), Menu: "scores", Said: v.Say("每个数都能点到背后的案件。评的是单位，不评居民。", "Every figure leads to the cases behind it. Agencies are rated, residents never."),
		Buttons: []ui.Btn{{Label: v.Say("历年合计", "Yearly totals"), Icon: "chart-bar", Href: home + "/totals"}},
	}, periodsPage(v, periodRows(v, counted)))
}

// periodRows puts what runs and what was counted into lists by length: months,
// quarters, years, the latest first.
func periodRows(v *page.View, counted []evaluate.CountedPeriod) (groups [3][]periodRow) {
	month := evaluate.MonthOf(v.Now, v.Zone())
	for i, newest := range []evaluate.Period{month, quarterOf(month), month[:4]} {
		for n := range lately {
			groups[i] = append(groups[i], rowOf(v, newest.Add(-n), counted))
		}
		for _, c := range counted {
			if len(c.Period) == len(newest) && (len(newest) == 4 || (c.Period[5] == 'Q') == (newest[5] == 'Q')) && !slices.ContainsFunc(groups[i], func(r periodRow) bool { return r.Period == c.Period }) {
				groups[i] = append(groups[i], rowOf(v, c.Period, counted))
			}
		}
	}
	return groups
}

func quarterOf(month evaluate.Period) evaluate.Period {
	for n := range 4 {
		quarter := month[:4] + evaluate.Period("-Q") + evaluate.Period(rune('1'+n))
		if slices.Contains(quarter.Months(), month) {
			return quarter
		}
	}
	return month[:4]
}

func rowOf(v *page.View, p evaluate.Period, counted []evaluate.CountedPeriod) periodRow {
	_, to := p.Span(v.Zone())
	row := periodRow{Period: p, State: evaluate.Open, Over: !to.After(v.Now)}
	for _, c := range counted {
		if c.Period == p {
			row.State, row.Counted = c.State, c
		}
	}
	return row
}

// said is how a period stands, in a line.
func (r periodRow) said(v *page.View) string {
	switch {
	case r.State == evaluate.Open && r.Over:
		return v.Say("过完了，还没初核", "over, not counted yet")
	case r.State == evaluate.Open:
		return v.Say("还在进行", "still running")
	}
	return stateSaid(v, r.Counted)
}

// periodView is one period with its assessments.
type periodView struct {
	*evaluate.Scores
	Tiers   []assessmentTier
	Over    bool
	Waiting int  // appeals not decided
	Quiet   int  // units of the first tier that nobody from outside has scored
	Keep    bool // the reader keeps scorecards
}

// assessmentTier is the assessments of one level.
type assessmentTier struct {
	Title lang.Text
	All   []assessmentRow
}

// assessmentRow is an assessment with how its cards came out.
type assessmentRow struct {
	*measure.Assessment
	Seen   []evaluate.Standing // what the reader may see of it
	Grades []gradeCount
}

type gradeCount struct {
	Name string
	N    int
}

func periodShow(v *page.View) error {
	scores, err := opened(v)
	if err != nil {
		return err
	}
	s := periodView{Scores: scores, Keep: v.Can(rights.ScoreKeep)}
	_, to := s.Period.Span(v.Zone())
	s.Over = !to.After(v.Now)
	if s.Tiers, err = assessmentTiers(v, scores); err != nil {
		return err
	}
	if s.Keep {
		if s.Waiting, s.Quiet, err = undecided(v, scores); err != nil {
			return err
		}
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("%s考核", "Scorecards: %s", s.Period.Text().In(v.Lang)), Menu: "scores", Said: stateSaid(v, s.CountedPeriod),
		Path: crumbs(v, ui.Link{Text: s.Period.Text().In(v.Lang)}), Tabs: periodTabs(v, s.Period, ""),
	}, periodPage(v, s))
}

// assessmentTiers are the assessments of which the reader may see something, by
// level; those without a level come last.
func assessmentTiers(v *page.View, s *evaluate.Scores) (tiers []assessmentTier, err error) {
	for _, level := range []int{1, 2, 3, 0} {
		tier := assessmentTier{}
		for _, a := range s.Book.Assessments {
			if a.Tier != level {
				continue
			}
			all, err := s.Standings(v.Context(), a.Name)
			if err != nil {
				return nil, err
			}
			if row := (assessmentRow{Assessment: a, Seen: seen(v, all)}); len(row.Seen) > 0 {
				row.Grades = gradeCounts(a, row.Seen)
				tier.Title, tier.All = tierText(a), append(tier.All, row)
			}
		}
		if len(tier.All) > 0 {
			tiers = append(tiers, tier)
		}
	}
	return tiers, nil
}

// gradeCounts counts cards by grade, the best first.
func gradeCounts(a *measure.Assessment, all []evaluate.Standing) (counts []gradeCount) {
	for _, g := range a.Grades {
		c := gradeCount{Name: g.Name}
		for _, s := range all {
			if !s.Card.Empty && s.Card.Grade == g.Name {
				c.N++
			}
		}
		if c.N > 0 {
			counts = append(counts, c)
		}
	}
	return counts
}

// href leads to the table of an assessment, or to the only card there is.
func (r assessmentRow) href(p evaluate.Period) string {
	if len(r.Seen) == 1 {
		return cardHref(p, r.Assessment, r.Seen[0].Subject)
	}
	return leagueHref(p, r.Assessment)
}
