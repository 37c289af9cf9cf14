package score

import (
	"math"
	"net/http"
	"net/url"

	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/org"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// unitView is how one unit stands now.
type unitView struct {
	Unit  org.Unit
	Tile  supervise.Tile
	Tier  string
	Line  evaluate.BoardLine
	Weeks string // the chart
	Cards []ui.Link
	Days  []evaluate.UnitDay // of the month
}

// unitAsked is the unit that the address names, if the reader may see it.
func unitAsked(v *page.View) (org.Unit, error) {
	u, ok := v.District.Org.Unit(org.UnitID(v.R.PathValue("code")))
	if !ok {
		return u, errs.New(errs.NotFound, "没有这个单位。", "There is no such unit.")
	}
	if !sees(v, evaluate.Unit(string(u.ID))) {
		return u, errs.New(errs.Forbidden, "只能看本单位和下属单位。", "Only the own unit and those under it can be seen.")
	}
	return u, nil
}

func unitShow(v *page.View) (err error) {
	var s unitView
	if s.Unit, err = unitAsked(v); err != nil {
		return err
	}
	board, err := v.House.Boards.Board(v.Context(), v.District)
	if err != nil {
		return err
	}
	for _, tier := range board.Tiers {
		for _, tile := range tier.Tiles {
			if tile.Code == string(s.Unit.ID) {
				s.Tile, s.Tier = tile, tier.Title.In(v.Lang)
			}
		}
	}
	lines, err := v.House.Scores.Lines(v.Context(), v.District)
	if err != nil {
		return err
	}
	s.Line = lines[string(s.Unit.ID)]
	if s.Weeks, err = svg(weeksChart(v, s.Unit, s.Line, true)); err != nil {
		return err
	}
	month := evaluate.MonthOf(v.Now, v.Zone())
	s.Cards = cardsOf(v, month, evaluate.Unit(string(s.Unit.ID)))
	from := clock.DateOf(v.Now, v.Zone())[:8] + "01"
	if s.Days, err = evaluate.Days(v.Context(), v.House.DB, v.District.Code, string(s.Unit.ID), from, clock.DateOf(v.Now, v.Zone())); err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: s.Unit.Name.In(v.Lang), Said: s.Unit.Kind.Text().In(v.Lang), Menu: "board",
		Path: []ui.Link{{Text: v.Say("看板", "Board"), Href: boardHome}, {Text: s.Unit.Name.In(v.Lang)}},
	}, unitPage(v, s))
}

// cardsOf are the ways to a subject's cards of a period, by the formulas of
// today; nothing is counted for it.
func cardsOf(v *page.View, p evaluate.Period, s evaluate.Subject) (all []ui.Link) {
	u, _ := v.District.Org.Unit(org.UnitID(s.Code()))
	for _, a := range v.District.Catalogue.Measures().Assessments {
		for _, of := range a.Of {
			if string(of) == string(u.Kind) {
				all = append(all, ui.Link{Text: a.Title.In(v.Lang), Href: cardHref(p, a, s)})
			}
		}
	}
	return all
}

// weeksChart is the on-time rate of the last eight weeks.
func weeksChart(v *page.View, u org.Unit, line evaluate.BoardLine, bare bool) chart.Line {
	monday := clock.DateOf(v.Now, v.Zone())
	monday = monday.Add(-((int(monday.Weekday()) + 6) % 7))
	c := chart.Line{Frame: chart.Frame{
		Title: v.Say("%s：近 8 周按时率", "%s: on-time rate of the last 8 weeks", u.Name.In(v.Lang)), Unit: "%", Digits: 1, Lang: v.Lang, Bare: bare,
	}, Height: 220}
	values := make([]float64, len(line.Weeks))
	for i, week := range line.Weeks {
		values[i] = math.NaN()
		if share, ok := week.Rate(); ok {
			values[i] = 100 * share
		}
		c.Periods = append(c.Periods, string(monday.Add(7 * (i - len(line.Weeks) + 1)))[5:])
	}
	c.Series = []chart.Series{{Name: v.Say("按时率", "On time"), Values: values}}
	target := float64(v.District.Catalogue.Ladder().Units.Green.OnTime)
	c.Target = &target
	return c
}

func unitPNG(v *page.View) error {
	u, err := unitAsked(v)
	if err != nil {
		return err
	}
	lines, err := v.House.Scores.Lines(v.Context(), v.District)
	if err != nil {
		return err
	}
	return sendPNG(v, weeksChart(v, u, lines[string(u.ID)], false), "weeks-"+string(u.ID))
}

// casesHref is the list of a unit's running cases.
func casesHref(u org.Unit, signal string) string {
	q := url.Values{"period": {"all"}, "state": {"open"}, "unit": {string(u.ID)}}
	if signal != "" {
		q.Set("signal", signal)
	}
	return "/desk/cases?" + q.Encode()
}

// monthFacts add up what a unit did this month.
func (s unitView) monthFacts(v *page.View) []ui.Fact {
	var sum evaluate.UnitDay
	for _, d := range s.Days {
		sum.Received, sum.Filed, sum.Done = sum.Received+d.Received, sum.Filed+d.Filed, sum.Done+d.Done
		sum.Kept, sum.Broken = sum.Kept+d.Kept, sum.Broken+d.Broken
		sum.Returned, sum.Refused = sum.Returned+d.Returned, sum.Refused+d.Refused
		sum.Ended, sum.Rated, sum.Grades = sum.Ended+d.Ended, sum.Rated+d.Rated, sum.Grades+d.Grades
	}
	onTime := none
	if share, ok := (evaluate.Promised{Kept: sum.Kept, Broken: sum.Broken}).Rate(); ok {
		onTime = percent(share)
	}
	rating := none
	if sum.Rated > 0 {
		rating = v.Say("%.1f 分（满分 5）", "%.1f of 5", float64(sum.Grades)/float64(sum.Rated))
	}
	return []ui.Fact{
		{Name: v.Say("按时率", "On time"), Value: onTime, Sub: v.Say("按时 %d，没按时 %d", "%d kept, %d broken", sum.Kept, sum.Broken)},
		{Name: v.Say("办了的任务", "Tasks done"), Value: ui.Number(sum.Done)},
		{Name: v.Say("办结的案件", "Cases closed"), Value: ui.Number(sum.Ended)},
		{Name: v.Say("退回", "Returned"), Value: ui.Number(sum.Returned)},
		{Name: v.Say("依规回绝", "Refused by right"), Value: ui.Number(sum.Refused)},
		{Name: v.Say("居民评价", "Ratings"), Value: rating, Sub: v.Say("%d 个", "%d of them", sum.Rated)},
	}
}
