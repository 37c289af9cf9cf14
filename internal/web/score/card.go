package score

import (
	"fmt"
	"math"
	"net/http"
	"net/url"

	"linli/internal/chart"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// trendMost is how many periods a trend looks back.
const trendMost = 12

// cardView is a subject's scorecard.
type cardView struct {
	*evaluate.Scores
	Of      *measure.Assessment
	Subject evaluate.Subject
	Card    measure.Card
	Rank    int
	Among   int
	Trend   string // the chart; empty where there is one period only
	Past    map[string][]float64
	Others  []*measure.Assessment
	Figures map[string]measure.Figure
}

func cardShow(v *page.View) (err error) {
	s, err := readCard(v)
	if err != nil {
		return err
	}
	line, err := s.trend(v, "", true)
	if err != nil {
		return err
	}
	if len(line.Periods) > 1 {
		if s.Trend, err = svg(line); err != nil {
			return err
		}
	}
	if err := s.past(v); err != nil {
		return err
	}
	name := s.Subject.Name(v.District).In(v.Lang)
	return show(v, http.StatusOK, head{
		Title: name, Menu: "scores", Said: v.Say("%s，%s。%s", "%s, %s. %s", s.Of.Title.In(v.Lang), s.Period.Text().In(v.Lang), stateSaid(v, s.CountedPeriod)),
		Path:    crumbs(v, periodLink(v, s.Period), ui.Link{Text: s.Of.Title.In(v.Lang), Href: leagueHref(s.Period, s.Of)}, ui.Link{Text: name}),
		Buttons: []ui.Btn{{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: s.href() + "/card.xlsx"}},
	}, cardPage(v, s))
}

// readCard reads the card that the address names.
func readCard(v *page.View) (s cardView, err error) {
	if s.Scores, s.Of, s.Subject, err = about(v); err != nil {
		return s, err
	}
	if s.Figures, err = s.Scores.Figures(v.Context(), s.Subject); err != nil {
		return s, err
	}
	s.Card = s.Of.Card(s.Figures)
	leagues, err := s.Leagues(v.Context(), s.Of.Name)
	if err != nil {
		return s, err
	}
	for _, l := range leagues {
		for _, one := range l.Standings {
			if one.Subject == s.Subject {
				s.Rank, s.Among = one.Rank, len(l.Standings)
			}
		}
	}
	for _, a := range s.Assessments(s.Subject) {
		if a != s.Of {
			s.Others = append(s.Others, a)
		}
	}
	return s, nil
}

func (s cardView) href() string { return cardHref(s.Period, s.Of, s.Subject) }

// behind is the list of cases behind an indicator.
func (s cardView) behind(indicator string) string {
	return s.href() + "/cases?" + url.Values{"indicator": {indicator}}.Encode()
}

// past reads the course of each figure, for the small lines of the table.
func (s *cardView) past(v *page.View) error {
	s.Past = map[string][]float64{}
	for _, part := range s.Card.Sections {
		for _, l := range part.Lines {
			line, err := s.trend(v, l.Indicator, true)
			if err != nil {
				return err
			}
			for _, value := range line.Series[0].Values {
				if !math.IsNaN(value) {
					s.Past[l.Indicator] = append(s.Past[l.Indicator], value)
				}
			}
		}
	}
	return nil
}

// trend is the course of an indicator, or of the score where none is named, over
// the stored periods of one length; a period that runs comes last.
func (s cardView) trend(v *page.View, indicator string, bare bool) (c chart.Line, err error) {
	c.Frame = chart.Frame{Digits: 2, Lang: v.Lang, Bare: bare}
	name, values := v.Say("得分", "Score"), []float64(nil)
	name2 := s.Subject.Name(v.District).In(v.Lang)
	if i := s.Book.Indicator(indicator); i != nil {
		name = i.Title.In(v.Lang)
		c.Unit, c.Digits = unitOf(v, i)
		if i.Target > 0 {
			target := drawn(i, measure.Figure{Value: i.Target})
			c.Target = &target
		}
		points, err := evaluate.Trend(v.Context(), v.House.DB, v.District.Code, s.Subject, indicator, s.Period, trendMost)
		if err != nil {
			return c, err
		}
		for _, p := range points {
			c.Periods, values = append(c.Periods, string(p.Period)), append(values, drawn(i, p.Figure))
		}
		if s.State == evaluate.Open {
			c.Periods, values = append(c.Periods, string(s.Period)), append(values, drawn(i, s.Figures[indicator]))
		}
	} else {
		points, err := evaluate.ScoreTrend(v.Context(), v.House.DB, v.District.Code, s.Of.Name, s.Subject, s.Period, trendMost)
		if err != nil {
			return c, err
		}
		for _, p := range points {
			c.Periods, values = append(c.Periods, string(p.Period)), append(values, p.Score)
		}
		if s.State == evaluate.Open && !s.Card.Empty {
			c.Periods, values = append(c.Periods, string(s.Period)), append(values, s.Card.Score)
		}
	}
	c.Title = v.Say("%s：%s", "%s: %s", name2, name)
	c.Series = []chart.Series{{Name: name, Values: values}}
	return c, nil
}

func trendPNG(v *page.View) error {
	s, err := readCard(v)
	if err != nil {
		return err
	}
	indicator := v.R.URL.Query().Get("indicator")
	if indicator != "" && s.Book.Indicator(indicator) == nil {
		return nowhere()
	}
	line, err := s.trend(v, indicator, false)
	if err != nil {
		return err
	}
	return sendPNG(v, line, fmt.Sprintf("%s-%s-%s", s.Period, s.Subject, indicator))
}

// partsText is numerator and denominator.
func partsText(f measure.Figure) string {
	if f.Empty {
		return ""
	}
	return amount(f.Numerator) + " / " + amount(float64(f.Denominator))
}

// cardTable sends the card as a table, with every other figure of the subject on
// a second sheet.
func cardTable(v *page.View) error {
	s, err := readCard(v)
	if err != nil {
		return err
	}
	figures := []string{v.Say("分子", "Numerator"), v.Say("分母", "Denominator"), v.Say("值", "Value"), v.Say("得分", "Score")}
	lines := table{Name: s.Of.Title.In(v.Lang), Heads: append(append([]string{v.Say("部分", "Section"), v.Say("指标", "Indicator")}, figures...), v.Say("权重", "Weight"), v.Say("折合", "Points"))}
	for _, part := range s.Card.Sections {
		for _, l := range part.Lines {
			row := append([]any{part.Title.In(v.Lang), titleOf(v, s.Book, l.Indicator)}, figureCells(l.Figure)...)
			lines.Rows = append(lines.Rows, append(row, l.Weight, l.Points))
		}
	}
	lines.Rows = append(lines.Rows, []any{v.Say("总分", "Total"), gradeText(v, s.Card.Grade), "", "", "", numberOr(!s.Card.Empty, s.Card.Score)})
	all := table{Name: v.Say("全部指标", "All indicators"), Heads: append([]string{v.Say("指标", "Indicator")}, figures...)}
	for _, i := range s.Book.Indicators {
		all.Rows = append(all.Rows, append([]any{i.Title.In(v.Lang)}, figureCells(s.Figures[i.Name])...))
	}
	return sendWorkbook(v, fmt.Sprintf("%s-%s-%s", s.Period, s.Of.Name, s.Subject), lines, all)
}

func figureCells(f measure.Figure) []any {
	if f.Empty {
		return []any{"", "", "", ""}
	}
	return []any{f.Numerator, f.Denominator, f.Value, f.Score}
}
