package score

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// rowsMost is how many cases one page lists.
const rowsMost = 30

// figureView is one figure with what is behind it.
type figureView struct {
	cardView
	Indicator *measure.Indicator
	Figure    measure.Figure
	In        string // yes, no, or empty for all
	Counts    [3]int // all, in, not in
	All       []evaluate.Counted
	Rows      []caseRow
	First     int
	Previous  string
	Next      string
	Course    string // the chart
	Reviews   []evaluate.Review
	Appealing bool // the reader may appeal
	Again     again
}

// caseRow is a case behind a figure; one that the reader may not open has its
// number only.
type caseRow struct {
	evaluate.Counted
	Case *casework.Case
}

func figureShow(v *page.View) error { return figureAgain(v, http.StatusOK, again{}) }

// readFigure reads a figure and the list behind it.
func readFigure(v *page.View, indicator string) (s figureView, err error) {
	if s.cardView, err = readCard(v); err != nil {
		return s, err
	}
	if s.Indicator = s.Book.Indicator(indicator); s.Indicator == nil {
		return s, errs.New(errs.NotFound, "没有这个指标。", "There is no such indicator.")
	}
	s.Figure = s.Figures[indicator]
	if s.Indicator.Kind == measure.Submitted {
		s.Reviews, err = s.reviews(v)
		return s, err
	}
	all, err := s.Scores.Cases(v.Context(), s.Subject, indicator)
	if err != nil {
		return s, err
	}
	s.In = v.R.URL.Query().Get("in")
	if s.Indicator.Better == measure.More { // what was missed is seen first
		slices.SortStableFunc(all, func(a, b evaluate.Counted) int { return cmp.Compare(a.Worth, b.Worth) })
	}
	for _, c := range all {
		in := 2
		if c.In() {
			in = 1
		}
		s.Counts[0]++
		s.Counts[in]++
		if s.In == "" || (s.In == "yes") == c.In() {
			s.All = append(s.All, c)
		}
	}
	return s, nil
}

// reviews are the scores behind an indicator that is entered.
func (s figureView) reviews(v *page.View) (some []evaluate.Review, err error) {
	all, err := evaluate.Reviews(v.Context(), v.House.DB, v.District.Code, s.Period)
	for _, r := range all {
		for _, body := range s.Indicator.From {
			if string(r.Body) == body && evaluate.Unit(r.Unit) == s.Subject {
				some = append(some, r)
			}
		}
	}
	return some, err
}

func figureAgain(v *page.View, status int, a again) error {
	indicator := v.Fields().Get("indicator")
	s, err := readFigure(v, indicator)
	if err != nil {
		return err
	}
	s.Again = a
	if err := s.turn(v); err != nil {
		return err
	}
	line, err := s.trend(v, indicator, true)
	if err != nil {
		return err
	}
	if len(line.Periods) > 1 {
		if s.Course, err = svg(line); err != nil {
			return err
		}
	}
	_, s.Appealing = appellant(v, s.Subject)
	s.Appealing = s.Appealing && s.State == evaluate.Preliminary
	name := s.Subject.Name(v.District).In(v.Lang)
	h := head{
		Title: s.Indicator.Title.In(v.Lang), Menu: "scores", Said: v.Say("%s，%s。%s", "%s, %s. %s", name, s.Period.Text().In(v.Lang), stateSaid(v, s.CountedPeriod)),
		Path: crumbs(v, periodLink(v, s.Period), ui.Link{Text: s.Of.Title.In(v.Lang), Href: leagueHref(s.Period, s.Of)}, ui.Link{Text: name, Href: s.href()}, ui.Link{Text: s.Indicator.Title.In(v.Lang)}),
	}
	if len(s.All) > 0 {
		h.Buttons = []ui.Btn{{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: s.list("cases.xlsx", s.In, 0)}}
	}
	return show(v, status, h, figurePage(v, s))
}

// list is an address of this figure's list.
func (s figureView) list(file, in string, from int) string {
	q := url.Values{"indicator": {s.Indicator.Name}}
	if in != "" {
		q.Set("in", in)
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return s.href() + "/" + file + "?" + q.Encode()
}

// turn reads one page of the list.
func (s *figureView) turn(v *page.View) error {
	from, _ := strconv.Atoi(v.R.URL.Query().Get("from")) // what is no number begins at the first
	if from < 0 || from >= len(s.All) {
		from = 0
	}
	to := min(from+rowsMost, len(s.All))
	for _, c := range s.All[from:to] {
		row, err := rowOfCase(v, c)
		if err != nil {
			return err
		}
		s.Rows = append(s.Rows, row)
	}
	s.First = from + 1
	if from > 0 {
		s.Previous = s.list("cases", s.In, max(0, from-rowsMost))
		if from <= rowsMost {
			s.Previous = s.list("cases", s.In, 0)
		}
	}
	if to < len(s.All) {
		s.Next = s.list("cases", s.In, to)
	}
	return nil
}

func rowOfCase(v *page.View, c evaluate.Counted) (caseRow, error) {
	one, _, err := v.Case(v.Context(), casework.ID(c.Case))
	switch {
	case errors.Is(err, errs.NotFound):
		c.Number = v.Say("不归您看", "not yours to see")
		return caseRow{Counted: c}, nil
	case err != nil:
		return caseRow{}, err
	}
	return caseRow{c, &one}, nil
}

// worth says how a case counts.
func (s figureView) worth(v *page.View, c evaluate.Counted) (ui.Tone, string) {
	bad := s.Indicator.Better == measure.Less
	switch {
	case s.Indicator.Kind == measure.Amount:
		return ui.Hold, v.Say("数一件", "counts as one")
	case c.Worth == 1 && !bad:
		return ui.OK, v.Say("算进去", "in")
	case c.Worth == 1:
		return ui.Late, v.Say("算进去", "in")
	case c.Worth == 0 && bad:
		return ui.OK, v.Say("没算进去", "not in")
	case c.Worth == 0 && s.Indicator.Better == measure.More:
		return ui.Late, v.Say("没算进去", "not in")
	case c.Worth == 0:
		return ui.Hold, v.Say("没算进去", "not in")
	}
	return ui.Hold, v.Say("算 %s", "counts as %s", amount(c.Worth))
}

// figureTable sends the list behind a figure.
func figureTable(v *page.View) error {
	s, err := readFigure(v, v.R.URL.Query().Get("indicator"))
	if err != nil {
		return err
	}
	t := table{Name: s.Indicator.Title.In(v.Lang), Heads: []string{v.Say("编号", "Number"), v.Say("算多少", "Counts as"), v.Say("痕迹第几条", "Entry of the trail")}}
	ids := make([]casework.ID, len(s.All))
	for i, c := range s.All {
		ids[i] = casework.ID(c.Case)
	}
	seen, err := casework.Within(v.Context(), v.House.DB, v.District, v.Scope(), v.Now, ids...)
	if err != nil {
		return err
	}
	for _, c := range s.All {
		if !seen[casework.ID(c.Case)] {
			c.Number = v.Say("不归您看", "not yours to see")
		}
		t.Rows = append(t.Rows, []any{c.Number, c.Worth, c.Seq})
	}
	return sendWorkbook(v, fmt.Sprintf("%s-%s-%s", s.Period, s.Subject, s.Indicator.Name), t)
}

// appellant is the reader's post that leads the unit a subject belongs to, if
// there is one. LodgeAppeal asks again.
func appellant(v *page.View, subject evaluate.Subject) (procedure.Actor, bool) {
	for _, a := range v.Actors() {
		if string(a.Role) == string(org.UnitLead) && a.Unit != "" && a.Unit == answering(v, subject) {
			return a, true
		}
	}
	return procedure.Actor{}, false
}

// answering is the unit that answers for a subject.
func answering(v *page.View, s evaluate.Subject) string {
	switch s.Kind() {
	case evaluate.OfUnit:
		return s.Code()
	case evaluate.OfPost:
		p, _ := v.District.Org.Post(org.PostID(s.Code()))
		return string(p.Unit)
	case evaluate.WholeDistrict:
		return v.District.Centre()
	}
	u, _, _ := v.District.Org.TerritoryUnit(s.Code(), v.District.Day)
	return string(u.ID)
}

// appeal asks for a case to be struck from a figure.
func appeal(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, a, subject, err := about(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	by, ok := appellant(v, subject)
	if !ok {
		return errs.New(errs.Forbidden, "申诉由本单位负责人提出。", "Only the lead of the unit itself may appeal.")
	}
	in := evaluate.Appeal{Period: s.Period, Subject: subject, Indicator: form.Get("indicator"), Case: casework.ID(form.Get("case")), Reason: form.Get("reason")}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := evaluate.LodgeAppeal(v.Context(), tx, casework.Acting{District: v.District, By: by}, in)
		return err
	})
	if back, ok := back(v, string(in.Case), err); err != nil && ok {
		return figureAgain(v, http.StatusUnprocessableEntity, back)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(cardHref(s.Period, a, subject)+"/cases?"+url.Values{"indicator": {in.Indicator}}.Encode(), "申诉提了，等着定。", "The appeal is lodged and waits to be decided.")
}
