package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// caseView is a case as one of its reporters sees it.
type caseView struct {
	Case      casework.Case
	Report    casework.Report // the reader's own
	Own       bool            // the reader's report opened the case
	Head      string          // how it stands, in a word or two
	Public    string          // the same in the procedure's own words
	Working   bool            // what is left is counted in working time
	Tone      ui.Tone
	Left      string
	Facts     []ui.Fact
	Why       string
	Before    []ui.Photo
	After     []ui.Photo
	Rate      []procedure.Offer // what the reader may say about the result
	Until     string            // until when
	Reopen    *procedure.Offer
	Supply    *procedure.Offer // the reader is asked for something
	Wanted    string           // what
	Clock     []clockLine      // why it stands, or has more time, in sentences
	Steps     []ui.TrailEntry
	Messages  []notice.Message
	Unreached []notice.Way // where the reader cannot be told
	Looks     int          // entries of who looked at the reader's data
	Receipt   trail.Standing
	Word      string // the address carries it on, for who keeps no cookies
	Stands    page.Stands

	Reason   string
	Answer   string
	Marks    url.Values
	Grade    int
	Problems map[string]string
	Mistakes []ui.FieldError
}

// showCase shows a case to somebody who has proved a report of it.
func showCase(v *page.View) error {
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	s, err := view(v, c, report)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, casePage(v, s))
}

func view(v *page.View, c casework.Case, report string) (s caseView, err error) {
	s = caseView{Case: c, Word: v.R.URL.Query().Get("word")}
	if s.Stands, err = v.Stands(c); err != nil {
		return s, err
	}
	reports, err := casework.Reports(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil {
		return s, err
	}
	for i, r := range reports {
		if r.ID == report {
			s.Report, s.Own = r, i == 0
		}
	}
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, string(c.ID))
	if err != nil {
		return s, err
	}
	tasks, err := casework.Tasks(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil {
		return s, err
	}
	if p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version); ok {
		s.Steps = publicSteps(v, c, p, entries)
		s.promise(v, p, tasks)
	}
	why, err := casework.Why(v.Context(), v.House.DB, v.District, c)
	if err != nil {
		return s, err
	}
	s.Why = why.Text.In(v.Lang)
	if err := s.clock(v); err != nil {
		return s, err
	}
	s.Wanted = wanted(entries)
	if err := s.offers(v, tasks); err != nil {
		return s, err
	}
	if report == "" {
		return s, noSuch() // an empty report would mean everybody's messages
	}
	if s.Messages, err = notice.Of(v.Context(), v.House.DB, v.District.Code, string(c.ID), report); err != nil {
		return s, err
	}
	slices.Reverse(s.Messages)
	if s.Unreached, err = v.House.Notices.UnreachedOf(v.Context(), v.House.DB, v.District.Code, s.Report); err != nil {
		return s, err
	}
	looked, err := v.Ledger(s.Report)
	if err != nil {
		return s, err
	}
	s.Looks = len(looked.Lines)
	if err := s.receipt(v); err != nil {
		return s, err
	}
	return s, s.photos(v)
}

// promise says what was promised, and what came of it.
func (s *caseView) promise(v *page.View, p *procedure.Procedure, tasks []casework.Task) {
	c := s.Case
	done := doneAt(p, c, tasks)
	if c.State != casework.Running && done.IsZero() {
		done = c.ClosedAt
	}
	s.Public = nowText(v, c)
	limit, _ := clock.ParseLimit(c.Limit) // none has no unit, and counts as elapsed
	rating, asked := s.waitsForReader(p)
	running := c.State == casework.Running && !rating
	switch {
	case asked:
		s.Head = v.Say("请您补充", "Please supply something")
	case running:
		s.Head, s.Working = v.Say("正在办", "Under way"), limit.Unit.Working()
	case c.State == casework.Running:
		s.Head = v.Say("请您看看", "Please have a look")
	default:
		s.Head = endTitle(v, p, c)
	}
	s.Tone, s.Left = left(v, c)
	s.Facts = []ui.Fact{{Name: v.Say("答应您", "Promised"), Value: v.DueText(c.Due), Strong: true}}
	if c.Provisional && running {
		s.Facts[0].Sub = v.Say("这个日期是暂定的：那一年的放假安排还没公布，公布以后会重新算。", "This date is provisional: the days off of that year are not published yet; it is counted again once they are.")
	}
	if running {
		if c.Unit != "" {
			s.Facts = append(s.Facts, ui.Fact{Name: v.Say("谁在办", "Handled by"), Value: v.UnitName(c.Unit)})
		}
		return
	}
	if c.State == casework.Rejected || c.Due.IsZero() {
		s.Tone, s.Left = ui.Hold, v.Say("不再计时", "No clock runs")
		return
	}
	s.outcome(v, done, limit)
}

// outcome compares when the work was done with what was promised.
func (s *caseView) outcome(v *page.View, done time.Time, limit clock.Limit) {
	verdict := v.District.CalendarNamed(s.Case.Calendar).For(limit.Unit).Judge(done, s.Case.NearAt, s.Case.Due, time.Time{})
	left, counted := verdict.Left.Text(), lang.Text{}
	if limit.Unit.Working() {
		counted = lang.T("（工作时间）", " (working time)")
	}
	s.Tone, s.Left = ui.OK, v.Say("按时办好", "Done in time")
	sub := v.Say("比答应的早 %[1]s%[3]s", "%[2]s before the promise%[4]s", strings.TrimPrefix(left.ZH, "还剩 "), strings.TrimSuffix(left.EN, " left"), counted.ZH, counted.EN)
	if !verdict.OnTime() {
		s.Tone, s.Left = ui.Late, v.Say("没按时", "Not in time")
		sub = v.Say("%[1]s%[3]s，对不住", "%[2]s%[4]s; we are sorry", left.ZH, left.EN, counted.ZH, counted.EN)
	}
	s.Facts = append(s.Facts, ui.Fact{Name: v.Say("实际", "Done"), Value: v.MomentText(done), Strong: true, Sub: sub})
}

// waitsForReader tells whether the reader is to rate the result, or is asked
// for something without which the work cannot go on.
func (s *caseView) waitsForReader(p *procedure.Procedure) (rating, asked bool) {
	step := p.Step(s.Case.Step)
	if step == nil || !step.By.Reporter || s.Case.State != casework.Running {
		return false, false
	}
	return step.Kind == procedure.Rate, step.Kind != procedure.Rate
}

func endTitle(v *page.View, p *procedure.Procedure, c casework.Case) string {
	if end := p.End(procedure.EndName(c.Step)); end != nil {
		return end.Title.In(v.Lang)
	}
	return ""
}

// offers are what the procedure lets the reader say now.
func (s *caseView) offers(v *page.View, tasks []casework.Task) error {
	if !s.Stands.May(deedOf(v, s.Case), v) {
		return nil
	}
	all, err := casework.Available(v.Context(), v.House.DB, casework.Acting{District: v.District, By: s.Stands.Actor()}, s.Case, v.Now)
	if err != nil {
		return err
	}
	for _, o := range all {
		switch {
		case !o.Allowed:
		case o.Action == procedure.Reopen:
			s.Reopen = &o
		case slices.Contains(o.Needs, procedure.NeedRating):
			s.Rate = append(s.Rate, o)
			s.Until = untilOf(v, tasks, o.Task)
		case slices.Contains(o.Needs, procedure.NeedAnswer) && s.Supply == nil:
			s.Supply, s.Until = &o, untilOf(v, tasks, o.Task)
		}
	}
	return nil
}

// untilOf is until when a task can be done.
func untilOf(v *page.View, tasks []casework.Task, id string) string {
	for _, t := range tasks {
		if t.ID == id {
			return v.DueText(t.Due)
		}
	}
	return ""
}

// photos are before and after. Of a secret case only those taken afterwards
// could be anybody's, so a reporter sees none but what the unit sent.
func (s *caseView) photos(v *page.View) error {
	docs, err := document.Of(v.Context(), v.House.DB, v.District.Code, string(s.Case.ID))
	if err != nil {
		return err
	}
	for _, d := range docs {
		photo := ui.Photo{
			Src: "/photo/" + string(d.ID) + "?size=small", Href: "/photo/" + string(d.ID),
			Title: d.Kind.Title().In(v.Lang), Caption: v.MomentText(d.At), Alt: caseTitle(v, s.Case) + v.Say("：", ": ") + d.Kind.Title().In(v.Lang),
		}
		switch {
		case d.Kind == document.After:
			s.After = append(s.After, photo)
		case d.Kind == document.Before && (!s.Case.Secret || s.Own):
			s.Before = append(s.Before, photo)
		}
	}
	return nil
}

// pair is the first photo of before beside the last of after, which show most;
// rest are the others.
func (s *caseView) pair(v *page.View) (pair, rest []ui.Photo) {
	if len(s.Before) == 0 && len(s.After) == 0 {
		return nil, nil
	}
	pair = []ui.Photo{{Missing: v.Say("报的时候没有照片", "No photo came with the report")}, {Missing: v.Say("办好后会放上照片", "A photo follows when it is done")}}
	if len(s.Before) > 0 {
		pair[0], rest = s.Before[0], s.Before[1:]
	}
	if n := len(s.After); n > 0 {
		pair[1], rest = s.After[n-1], append(slices.Clone(rest), s.After[:n-1]...)
	}
	return pair, rest
}

// actOnCase takes what the reader says: a rating, back to work, opening it
// again, or what was asked for.
func actOnCase(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	f := v.R.PostForm
	grade, _ := strconv.Atoi(f.Get("grade")) // none is 0, and the procedure says whether one is needed
	task, action, _ := strings.Cut(f.Get("do"), " ")
	m := procedure.Move{
		Task: task, Action: procedure.ActionName(action), Rating: grade, Marks: v.Marks(),
		Reason: strings.TrimSpace(f.Get("reason")), Answer: strings.TrimSpace(f.Get("answer")),
	}
	err = page.Long("answer", m.Answer)
	if len([]rune(m.Reason)) > reasonMost {
		err = errs.New(errs.Invalid, "最多写 %d 个字。", "Up to %d characters.", reasonMost).At("reason")
	}
	if err == nil {
		m.Reason = strings.ToValidUTF8(m.Reason, "")
		err = say(v, c, report, m)
	}
	if err == nil {
		return v.GoSaying(caseHref(v, c), "收到您的话了，谢谢。", "We have your word, thank you.")
	}
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return err
	}
	s, viewErr := view(v, c, report)
	if viewErr != nil {
		return viewErr
	}
	s.Problems, s.Reason, s.Answer, s.Grade, s.Marks = fields, m.Reason, m.Answer, grade, f
	for _, wrong := range list {
		wrong.Label = fieldLabel(v, wrong.ID)
		s.Mistakes = append(s.Mistakes, wrong)
	}
	return v.Show(page.Status(err), casePage(v, s))
}

// reasonMost is how much a resident may write with a rating.
const reasonMost = 500

// say lets the reporter act, or who acts for them, with the photos that show
// what is not solved.
func say(v *page.View, c casework.Case, report string, m procedure.Move) error {
	photos, err := v.Photos("photos")
	if err != nil {
		return err
	}
	if c.Secret {
		if photos, err = conceal(v, c, report, photos, &m); err != nil {
			return err
		}
	}
	stands, err := v.Stands(c)
	if err != nil {
		return err
	}
	m.Photos = len(photos)
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if err := stands.Acts(v, tx, deedOf(v, c), c.ID); err != nil {
			return err
		}
		if _, err := casework.Act(v.Context(), tx, casework.Acting{District: v.District, By: stands.Actor()}, c.ID, m); err != nil {
			return err
		}
		for _, photo := range photos {
			if _, err := document.Add(v.Context(), tx, v.District.Code, string(c.ID), document.Evidence, "", photo); err != nil {
				return err
			}
		}
		return nil
	})
}

// conceal takes out of what a reporter adds to a secret case what says who it is.
func conceal(v *page.View, c casework.Case, report string, photos []document.Kept, m *procedure.Move) ([]document.Kept, error) {
	r, err := casework.ReportByID(v.Context(), v.House.DB, v.District.Code, report)
	if err != nil {
		return nil, err
	}
	for _, words := range []*string{&m.Reason, &m.Answer} {
		if *words, err = v.House.Desk.Said(v.District.Code, c, r, *words); err != nil {
			return nil, err
		}
	}
	return intake.Shown(c, photos), nil
}

// caseHref leads to the case, with the word where the reader came with it.
func caseHref(v *page.View, c casework.Case) string {
	if word := v.R.URL.Query().Get("word"); word != "" {
		return "/track/" + c.Number + "?word=" + word
	}
	return "/track/" + c.Number
}
