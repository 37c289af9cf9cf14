package me

import (
	"net/http"
	"time"

	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// mattersMost is how many reports are listed.
const mattersMost = 100

// mattersView is a person's matters: what waits for them first.
type mattersView struct {
	Self    resident.Resident
	For     *resident.Principal // whose matters these are, where the reader acts
	Waits   []casework.Case
	Others  []casework.Case
	Acts    []resident.Principal // whom the reader acts for
	ActedBy int                  // how many act for the reader
	Full    bool                 // there are more than are listed
}

func matters(v *page.View) error {
	s := mattersView{Self: *v.Resident}
	if err := s.read(v, *v.Resident); err != nil {
		return err
	}
	var err error
	if s.Acts, err = v.Principals(); err != nil {
		return err
	}
	_, actedFor, err := resident.Proxies(v.Context(), v.House.DB, v.District.Code, v.Resident.ID)
	if err != nil {
		return err
	}
	for _, p := range actedFor {
		if p.Runs(v.Now) {
			s.ActedBy++
		}
	}
	return v.Show(http.StatusOK, mattersPage(v, s))
}

// mattersFor lists the matters of somebody the reader acts for. An authority
// that has ended is the same as one that never was.
func mattersFor(v *page.View) error {
	p, err := resident.Find(v.Context(), v.House.DB, v.District.Code, v.Resident.ID, resident.ProxyID(v.R.PathValue("proxy")), v.Now)
	if err != nil {
		return err
	}
	of, err := v.House.Residents.ByID(v.Context(), v.House.DB, v.District.Code, p.Principal)
	if err != nil {
		return err
	}
	s := mattersView{Self: *v.Resident, For: &resident.Principal{Proxy: p, Resident: of}}
	if err := s.read(v, of); err != nil {
		return err
	}
	return v.Show(http.StatusOK, mattersPage(v, s))
}

// read takes up the matters of a person, each case once.
func (s *mattersView) read(v *page.View, of resident.Resident) error {
	all, err := casework.OwnReports(v.Context(), v.House.DB, v.District.Code, of.PhoneIndex, of.From, of.To, mattersMost)
	if err != nil {
		return err
	}
	s.Full = len(all) == mattersMost
	seen := map[casework.ID]bool{}
	for _, o := range all {
		c := o.Case
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		if rating, supplement := v.Awaits(c); rating || supplement {
			s.Waits = append(s.Waits, c)
		} else {
			s.Others = append(s.Others, c)
		}
	}
	return nil
}

// items are cases as a list shows them.
func items(v *page.View, cases []casework.Case) (list []ui.Item) {
	for _, c := range cases {
		item := ui.Item{Title: title(v, c), Href: "/track/" + c.Number, When: c.Number + v.Say("，", ", ") + v.MomentText(c.OpenedAt), Text: standing(v, c)}
		rating, supplement := v.Awaits(c)
		switch {
		case rating:
			item.Tone, item.Left = ui.Hold, v.Say("等您评价", "Waiting for your rating")
		case supplement:
			item.Tone, item.Left = ui.Hold, v.Say("等您补充", "Waiting for you")
		case c.State == casework.Running:
			item.Tone, item.Left = v.CaseSignal(c)
			if !c.Due.IsZero() {
				item.Text += v.Say(" 答应您 %s。", " Promised %s.", v.DueText(c.Due))
			}
		default:
			item.Tag = ui.TagView{Text: ended(v, c)}
		}
		list = append(list, item)
	}
	return list
}

func title(v *page.View, c casework.Case) string {
	if t := v.District.Catalogue.Title(c.Matter); c.Title == "" || c.Title == t.ZH {
		return t.In(v.Lang)
	}
	return c.Title
}

// standing is where a case stands in the procedure's public words.
func standing(v *page.View, c casework.Case) string {
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

func ended(v *page.View, c casework.Case) string {
	_, text := v.Standing(c)
	return text
}

// since tells from when on reports are listed, where that leaves some out.
func since(v *page.View, r resident.Resident) string {
	return v.MomentText(r.From.Truncate(time.Minute))
}
