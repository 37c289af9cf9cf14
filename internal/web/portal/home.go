package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// homeView is what the first page shows.
type homeView struct {
	Area   string // name of the chosen area; empty for none
	Mine   []casework.Case
	Fixed  []casework.Case
	Month  string
	Kept   casework.Promises
	Worker *workerView
}

type workerView struct{ Name, Role, Place, Phone string }

// ledger remembers for a while how last month's promises went, because every
// visitor asks and adding them up reads each case of the month.
type ledger struct {
	mu    sync.Mutex
	busy  bool // somebody adds up; others read what there was
	from  time.Time
	at    time.Time
	count casework.Promises
}

const ledgerKept = 10 * time.Minute

// lastMonth is the calendar month before now, in the district's zone.
func lastMonth(v *page.View) (from, to time.Time) {
	now := v.Now.In(v.Zone())
	to = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, v.Zone())
	return to.AddDate(0, -1, 0), to
}

func (l *ledger) promises(v *page.View) (casework.Promises, error) {
	from, to := lastMonth(v)
	l.mu.Lock()
	age := v.Now.Sub(l.at)
	if l.from.Equal(from) && (l.busy || age >= 0 && age < ledgerKept) {
		defer l.mu.Unlock()
		return l.count, nil
	}
	l.busy = true
	l.mu.Unlock()
	count, err := casework.PromisesOf(v.Context(), v.House.DB, v.District, from, to, v.Now)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy = false; err != nil {
		return casework.Promises{}, err
	}
	l.from, l.at, l.count = from, v.Now, count
	return count, nil
}

func monthName(v *page.View, from time.Time) string {
	return v.Say("%[1]d 月", "%[2]s", int(from.Month()), from.Month().String())
}

// home shows what a resident mostly comes for, and how the district has kept
// its word.
func (l *ledger) home(v *page.View) (err error) {
	from, _ := lastMonth(v)
	s := homeView{Month: monthName(v, from)}
	if s.Kept, err = l.promises(v); err != nil {
		return err
	}
	near := casework.Filter{States: []casework.State{casework.Closed}, Newest: true}
	if a, ok := chosenArea(v); ok {
		s.Area = a.Name.In(v.Lang)
		near.Community = string(a.Code)[:min(12, len(a.Code))]
		if person, role, ok := worker(v, string(a.Code)); ok {
			s.Worker = &workerView{Name: person.Name, Role: role.Text().In(v.Lang), Place: s.Area, Phone: person.Phone}
		}
	}
	if s.Fixed, err = fixed(v, near); err != nil {
		return err
	}
	all, err := ownCases(v)
	if err != nil {
		return err
	}
	s.Mine = slices.DeleteFunc(all, func(c casework.Case) bool { return c.State != casework.Running })
	return v.Show(http.StatusOK, homePage(v, s))
}

// fixedLook is how many of the newest closed cases are looked at for those
// closed these days; fixedShown how many are shown.
const (
	fixedLook  = 80
	fixedShown = 3
	theseDays  = 14 * 24 * time.Hour
)

// fixed lists what was put right these days: things in the street, never what
// somebody asked, complained of or told in confidence.
func fixed(v *page.View, f casework.Filter) ([]casework.Case, error) {
	p, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, "", fixedLook)
	if err != nil {
		return nil, err
	}
	var all []casework.Case
	for _, row := range p.Rows {
		switch catalogue.Kind(row.Kind) {
		case catalogue.Component, catalogue.Event, catalogue.Hazard:
			if !row.Secret && v.Now.Sub(row.ClosedAt) < theseDays {
				all = append(all, row.Case)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b casework.Case) int { return b.ClosedAt.Compare(a.ClosedAt) })
	return all[:min(fixedShown, len(all))], nil
}

func fixedItems(v *page.View, cases []casework.Case) []ui.Item {
	var items []ui.Item
	for _, c := range cases {
		items = append(items, ui.Item{
			Tag: ui.TagView{Text: v.Say("办好了", "Put right")}, When: v.MomentText(c.ClosedAt),
			Title: caseTitle(v, c) + v.Say("，", ", ") + publicPlace(v, c.Place),
			Text:  v.Say("%[1]s，用了 %[3]s", "%[2]s; it took %[4]s", neighbours(c.Reports).ZH, neighbours(c.Reports).EN, took(c).ZH, took(c).EN),
		})
	}
	return items
}

// rate is a share in percent with one figure behind the point, rounded down so
// that it is never better than the truth.
func rate(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	tenths := part * 1000 / whole
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

func grade(p casework.Promises) string {
	if p.Rated == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(p.Grades)/float64(p.Rated))
}

// ownMost is how many of a resident's reports the first page looks at.
const ownMost = 20

// ownCases are those of the resident who has signed in, with what this browser
// has proved, newest first.
func ownCases(v *page.View) ([]casework.Case, error) {
	all, err := provedCases(v)
	if err != nil || v.Resident == nil {
		return all, err
	}
	own, err := casework.OwnReports(v.Context(), v.House.DB, v.District.Code, v.Resident.PhoneIndex, v.Resident.From, v.Resident.To, ownMost)
	for _, o := range own {
		if !slices.ContainsFunc(all, func(c casework.Case) bool { return c.ID == o.Case.ID }) {
			all = append(all, o.Case)
		}
	}
	slices.SortFunc(all, func(a, b casework.Case) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return all, err
}

// provedCases are the cases this browser has proved, newest first.
func provedCases(v *page.View) ([]casework.Case, error) {
	var all []casework.Case
	for _, id := range v.ProvedCases() {
		c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, casework.ID(id))
		if errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b casework.Case) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return all, nil
}

// late lists what was not done in time, and why.
func (l *ledger) late(v *page.View) error {
	from, to := lastMonth(v)
	count, err := l.promises(v)
	if err != nil {
		return err
	}
	cases, err := casework.Broken(v.Context(), v.House.DB, v.District, from, to, v.Now, lateMost)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, latePage(v, monthName(v, from), count, cases))
}

const lateMost = 200

// lateItem tells of one promise that was not kept.
func lateItem(v *page.View, c casework.Case) ui.Item {
	left, text := v.Say("没按时", "Not in time"), v.Say("%s 办结", "Closed %s", v.MomentText(c.ClosedAt))
	if c.State == casework.Running {
		_, left = v.CaseSignal(c)
		text = v.Say("还在办", "Still under way")
	}
	switch {
	case c.Returns > 0:
		text += v.Say("；归谁办定得晚，退回过 %d 次", "; it took time to settle whose job it was, returned %d time(s)", c.Returns)
	case c.Round > 1:
		text += v.Say("；没办好，返工 %d 次", "; not done well, done over %d time(s)", c.Round-1)
	}
	return ui.Item{
		Tone: ui.Late, Left: left,
		Title: caseTitle(v, c), When: publicPlace(v, c.Place),
		Text: v.Say("答应 %[1]s。%[2]s。%[3]s", "Promised %[1]s. %[2]s. %[3]s", v.DueText(c.Due), text, v.UnitName(c.Unit)),
	}
}

// phoneLink dials a number.
func phoneLink(phone string) string {
	p, err := ident.ParsePhone(phone)
	if err != nil {
		return ""
	}
	return "tel:" + string(p)
}

func lateItems(v *page.View, cases []casework.Case) []ui.Item {
	items := make([]ui.Item, len(cases))
	for i, c := range cases {
		items[i] = lateItem(v, c)
	}
	return items
}

// homeBar has the search in the head, and the reader's own things beside it.
func homeBar(v *page.View, s homeView) ui.ResidentBar {
	b := bar(v, ui.Link{})
	place := s.Area
	if place == "" {
		place = v.Say("选社区", "Community")
	}
	b.Links = []ui.Link{{Text: place, Href: "/area", Icon: "map-pin"}, mineLink(v)}
	b.Hero = ui.Hero(v.Lang, ui.HeroView{
		Title: v.Say("家门口的事，说一声", "Something by your door? Say so"), Text: v.Say("能办的当场派人，办到哪一步都看得见。", "We send somebody, and you see every step."),
		Action: "/report", Name: "text", Label: v.Say("说说遇到的事", "What happened"), Example: v.Say("说说遇到的事，如“路灯不亮”", "What happened, such as “lamp is out”"),
	})
	return b
}

// askMatter is the base pack's matter for questions.
const askMatter = "d-consult"

func askHref(v *page.View) string {
	if v.District.Catalogue.Selectable(askMatter) {
		return "/report?matter=" + askMatter
	}
	return "/report"
}

// nowText is what a resident reads while the case is where it is: the words of
// the procedure.
func nowText(v *page.View, c casework.Case) string {
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return ""
	}
	if step := p.Step(c.Step); step != nil {
		return step.Public.In(v.Lang)
	}
	if end := p.End(procedure.EndName(c.Step)); end != nil {
		return end.Public.In(v.Lang)
	}
	return ""
}
