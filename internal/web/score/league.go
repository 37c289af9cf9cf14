package score

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"linli/internal/chart"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// leagueView is an assessment with its tables of like units.
type leagueView struct {
	*evaluate.Scores
	Of     *measure.Assessment
	Tables []leagueOf
	Before evaluate.Period
	Was    map[evaluate.Subject]evaluate.Standing // in the period before, where that was counted
}

// leagueOf is one group of like units.
type leagueOf struct {
	Title string
	Rows  []evaluate.Standing // that the reader may see
	All   int                 // in the group
	Chart string
	PNG   string
}

// readLeague reads what the reader may see of an assessment.
func readLeague(v *page.View) (s leagueView, err error) {
	if s.Scores, s.Of, err = chosen(v); err != nil {
		return s, err
	}
	leagues, err := s.Leagues(v.Context(), s.Of.Name)
	if err != nil {
		return s, err
	}
	for _, l := range leagues {
		if rows := seen(v, l.Standings); len(rows) > 0 {
			s.Tables = append(s.Tables, leagueOf{Title: l.Title.In(v.Lang), Rows: rows, All: len(l.Standings)})
		}
	}
	if len(s.Tables) == 0 && len(leagues) > 0 {
		return s, errs.New(errs.Forbidden, "考核表只给本单位和上级看。", "A scorecard is shown to the unit itself and to those above it.")
	}
	s.Before = s.Period.Add(-1)
	s.Was, err = standingsBefore(v, s.Before, s.Of)
	return s, err
}

// standingsBefore are the stored standings of a period; one that was not counted
// has none, and is not counted for this.
func standingsBefore(v *page.View, p evaluate.Period, a *measure.Assessment) (map[evaluate.Subject]evaluate.Standing, error) {
	counted, err := evaluate.Periods(v.Context(), v.House.DB, v.District.Code)
	if err != nil || !slices.ContainsFunc(counted, func(c evaluate.CountedPeriod) bool { return c.Period == p }) {
		return nil, err
	}
	scores, err := v.House.Scores.Scores(v.Context(), v.District, v.District.Catalogue.Measures(), p)
	if err != nil || scores.Book.Assessment(a.Name) == nil {
		return nil, err
	}
	all, err := scores.Standings(v.Context(), a.Name)
	was := map[evaluate.Subject]evaluate.Standing{}
	for _, s := range all {
		was[s.Subject] = s
	}
	return was, err
}

func leagueShow(v *page.View) error {
	s, err := readLeague(v)
	if err != nil {
		return err
	}
	for i := range s.Tables {
		t := &s.Tables[i]
		if !s.Of.Ranked || len(t.Rows) < 2 {
			continue
		}
		if t.Chart, err = svg(leagueChart(v, s, *t, true)); err != nil {
			return err
		}
		t.PNG = leagueHref(s.Period, s.Of) + "/league.png?group=" + strconv.Itoa(i)
	}
	return show(v, http.StatusOK, head{
		Title: s.Of.Title.In(v.Lang), Menu: "scores", Said: s.said(v),
		Path:    crumbs(v, periodLink(v, s.Period), ui.Link{Text: s.Of.Title.In(v.Lang)}),
		Buttons: []ui.Btn{{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: leagueHref(s.Period, s.Of) + "/league.xlsx"}},
	}, leaguePage(v, s))
}

// said is the period, who assesses, and how the period stands.
func (s leagueView) said(v *page.View) string {
	text := s.Period.Text().In(v.Lang)
	if by := s.Of.Assessor.In(v.Lang); by != "" {
		text += v.Say("，%s考核", ", by %s", by)
	}
	return text + v.Say("。", ". ") + stateSaid(v, s.CountedPeriod)
}

// change compares a score with the period before.
func (s leagueView) change(v *page.View, one evaluate.Standing) string {
	was, ok := s.Was[one.Subject]
	if !ok || was.Card.Empty || one.Card.Empty {
		return none
	}
	text := changeText(one.Card.Score-was.Card.Score, 2)
	if was.Rank > 0 && one.Rank > 0 && was.Rank != one.Rank {
		text += v.Say("，原第 %d 名", ", was no. %d", was.Rank)
	}
	return text
}

// leagueChart is the table as bars.
func leagueChart(v *page.View, s leagueView, t leagueOf, bare bool) chart.Bars {
	b := chart.Bars{Frame: chart.Frame{
		Title: v.Say("%s：%s，%s", "%s: %s, %s", s.Of.Title.In(v.Lang), t.Title, s.Period.Text().In(v.Lang)), Digits: 2, Lang: v.Lang, Bare: bare,
	}}
	for _, one := range t.Rows[:min(len(t.Rows), chart.MostBars)] {
		if !one.Card.Empty {
			b.Rows = append(b.Rows, chart.Bar{Label: one.Subject.Name(v.District).In(v.Lang), Value: one.Card.Score, Note: gradeText(v, one.Card.Grade)})
		}
	}
	return b
}

func leaguePNG(v *page.View) error {
	s, err := readLeague(v)
	if err != nil {
		return err
	}
	i, err := strconv.Atoi(v.R.URL.Query().Get("group"))
	if err != nil || i < 0 || i >= len(s.Tables) || !s.Of.Ranked {
		return nowhere()
	}
	return sendPNG(v, leagueChart(v, s, s.Tables[i], false), fmt.Sprintf("%s-%s-%d", s.Period, s.Of.Name, i))
}

// leagueTable sends the tables of all groups as one sheet.
func leagueTable(v *page.View) error {
	s, err := readLeague(v)
	if err != nil {
		return err
	}
	t := table{Name: s.Of.Title.In(v.Lang), Heads: []string{v.Say("组", "Group"), v.Say("名次", "Rank"), v.Say("对象", "Subject"), v.Say("得分", "Score"), v.Say("等次", "Grade")}}
	for _, section := range s.Of.Sections {
		t.Heads = append(t.Heads, section.Title.In(v.Lang))
	}
	t.Heads = append(t.Heads, v.Say("较上期", "Change"), v.Say("否决", "Veto"))
	for _, l := range s.Tables {
		for _, one := range l.Rows {
			row := []any{l.Title, numberOr(one.Rank > 0, one.Rank), one.Subject.Name(v.District).In(v.Lang), numberOr(!one.Card.Empty, one.Card.Score), one.Card.Grade}
			for _, section := range s.Of.Sections {
				p := partOf(one.Card, section.Name)
				row = append(row, numberOr(!p.Empty, p.Score))
			}
			row = append(row, s.change(v, one), vetoText(v, one.Card))
			t.Rows = append(t.Rows, row)
		}
	}
	return sendWorkbook(v, fmt.Sprintf("%s-%s", s.Period, s.Of.Name), t)
}

// numberOr is a number, or an empty cell where there is none.
func numberOr[N int | float64](there bool, n N) any {
	if !there {
		return ""
	}
	return n
}

// partOf is a card's section; an empty one where the card has none of the name.
func partOf(c measure.Card, section string) measure.Part {
	for _, p := range c.Sections {
		if p.Section == section {
			return p
		}
	}
	return measure.Part{Section: section, Empty: true}
}

func partScore(c measure.Card, section string) string {
	p := partOf(c, section)
	if p.Empty {
		return none
	}
	return scoreText(p.Score)
}

// vetoText says why a grade is bounded.
func vetoText(v *page.View, c measure.Card) (text string) {
	for i, veto := range c.Vetoed {
		if i > 0 {
			text += " "
		}
		text += veto.Why.In(v.Lang)
	}
	return text
}
