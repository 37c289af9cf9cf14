package field

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// sheet is one case as a worker on the spot sees it.
type sheet struct {
	Case   casework.Case
	Tasks  []casework.Task
	Title  string
	Where  string
	Path   string // street › community › grid
	Tone   ui.Tone
	Left   string
	Due    string
	Why    string // that date
	Held   string // since when the clock stands; empty while it runs
	Step   string
	Public string
	Said   string // the last word in the trail, and whose
	SaidBy string
	Photos []ui.Photo
	Map    *ui.MapView
	Offers []page.Offer // that may be taken, the way on first
	Barred []page.Offer // that may not, with why
	Holds  []page.Hold  // what may be taken up or put down
	Sent   attempt
}

// attempt is an act that was not taken, as it was written.
type attempt struct {
	Action               procedure.ActionName
	Task                 string
	Reason, Answer, Unit string
	Form                 url.Values
	Errs                 map[string]string
	Mistakes             []ui.FieldError
}

func task(v *page.View) error {
	s, err := sheetOf(v)
	if err != nil {
		return err
	}
	return showSheet(v, http.StatusOK, s)
}

func showSheet(v *page.View, status int, s sheet) error {
	return v.Show(status, taskPage(v, begin(v, s.Title), s))
}

func sheetOf(v *page.View) (s sheet, err error) {
	if s.Case, s.Tasks, err = v.Case(v.Context(), casework.ID(v.R.PathValue("id"))); err != nil {
		return s, err
	}
	c := s.Case
	s.Title, s.Where = matter(v, c), where(v, c)
	if at := c.Place.Area(v.District.Code); at != v.District.Code {
		s.Path = v.District.Areas.Path(area.Code(at)).In(v.Lang)
	}
	if err := s.offers(v); err != nil {
		return s, err
	}
	if err := s.clock(v); err != nil {
		return s, err
	}
	s.stands(v)
	if err := s.lastWord(v); err != nil {
		return s, err
	}
	if s.Photos, err = photos(v, c); err != nil {
		return s, err
	}
	s.drawMap(v)
	return s, nil
}

// offers parts what the reader may do from what is barred, and says why.
func (s *sheet) offers(v *page.View) error {
	all, err := v.Offers(s.Case)
	s.Holds = v.Holds(s.Tasks, all)
	for _, o := range all {
		if o.Allowed {
			s.Offers = append(s.Offers, o)
		} else {
			s.Barred = append(s.Barred, o)
		}
	}
	return err
}

// clock is the promise that the reader's own task stands under, else that of
// the case.
func (s *sheet) clock(v *page.View) error {
	if s.Case.State != casework.Running {
		return nil
	}
	s.Tone, s.Left = v.CaseSignal(s.Case)
	due, err := s.Case.Due, error(nil)
	var why clock.Explanation
	if t, ok := s.own(); ok {
		s.Tone, s.Left = v.TaskSignal(s.Case, t)
		due = t.Due
		why, err = casework.WhyTask(v.Context(), v.House.DB, v.District, s.Case, t.ID)
	} else {
		why, err = casework.Why(v.Context(), v.House.DB, v.District, s.Case)
	}
	s.Due, s.Why = dueText(v, due), v.Hush(s.Case, why).Text.In(v.Lang)
	if !s.Case.HeldAt.IsZero() && s.Tone == ui.Hold {
		s.Held = v.Say("%s 起停着计时，停着的时间不算。", "The clock has stood since %s; the wait is not counted.", v.MomentText(s.Case.HeldAt))
	}
	return err
}

// own is the task that the reader would take up first.
func (s *sheet) own() (t casework.Task, ok bool) {
	for _, t := range s.Tasks {
		if len(s.Offers) > 0 && t.ID == s.Offers[0].Task {
			return t, true
		}
	}
	return t, false
}

func (s *sheet) stands(v *page.View) {
	p, ok := v.District.Catalogue.Procedure(s.Case.Procedure, s.Case.Version)
	if !ok {
		return
	}
	if step := p.Step(s.Case.Step); step != nil {
		s.Step, s.Public = step.Title.In(v.Lang), step.Public.In(v.Lang)
	} else if end := p.End(procedure.EndName(s.Case.Step)); end != nil {
		s.Step, s.Public = end.Title.In(v.Lang), end.Public.In(v.Lang)
	}
}

// lastWord is what was written last about the case by whoever had it before:
// an instruction, an answer, a reason.
func (s *sheet) lastWord(v *page.View) error {
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, string(s.Case.ID))
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) {
		if s.Said = e.Detail["answer"]; s.Said == "" {
			s.Said = e.Detail["reason"]
		}
		if s.Said == "" {
			continue
		}
		person, _ := v.District.Org.Person(org.PersonID(e.Person))
		s.SaidBy = v.Say("%[1]s %[2]s，%[3]s", "%[2]s, %[1]s, %[3]s", v.UnitName(e.Unit), person.Name, v.MomentText(e.At))
		return nil
	}
	return nil
}

// photos shows what was before and after.
func photos(v *page.View, c casework.Case) ([]ui.Photo, error) {
	all, err := document.Of(v.Context(), v.House.DB, v.District.Code, string(c.ID))
	if err != nil {
		return nil, err
	}
	var shown []ui.Photo
	for _, d := range all {
		at := v.MomentText(d.At)
		if d.Kind == document.Before {
			at = v.CameIn(c, d.At)
		}
		shown = append(shown, ui.Photo{
			Src: "/photo/" + string(d.ID) + "?size=small", Href: "/photo/" + string(d.ID),
			Title: d.Kind.Title().In(v.Lang), Caption: at, Alt: v.Say("%[1]s的照片，%[2]s", "Photo: %[1]s, %[2]s", d.Kind.Title().In(v.Lang), at),
		})
	}
	return shown, nil
}

func (s *sheet) drawMap(v *page.View) {
	if s.Case.Place.Placed != casework.ByPoint {
		return
	}
	at := ui.Point(s.Case.Place.Point)
	m := v.Map(ui.Around(at, 220), s.Case.Place.Grid)
	m.Height = 220
	m.Alt = v.Say("%s 附近的地图", "Map around %s", s.Where)
	m.Pins = []ui.Pin{{At: at, Kind: ui.PinPlace, Label: s.Title}}
	s.Map = &m
}

// act takes one action, with its photos, and leads back to the day's list.
func act(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, err := sheetOf(v)
	if err != nil {
		return err
	}
	_, offer, err := v.Do(s.Case)
	if err == nil {
		return v.GoSaying("/field", "做完一件：%[1]s，%[3]s。", "Done: %[2]s, %[4]s.", s.Title, s.Title, offer.Title.ZH, offer.Title.EN)
	}
	if !s.blame(v, err) {
		return err
	}
	return showSheet(v, page.Status(err), s)
}

// blame keeps what was wrong with an act, beside what was written. It is false
// for what no field is to blame for.
func (s *sheet) blame(v *page.View, err error) bool {
	fields, list, ok := v.FieldErrors(err)
	if !ok || errors.Is(err, errs.NotFound) {
		return false
	}
	q := v.R.PostForm
	s.Sent = attempt{
		Action: procedure.ActionName(q.Get("action")), Task: q.Get("task"), Reason: q.Get("reason"), Answer: q.Get("answer"), Unit: q.Get("unit"), Form: q,
		Errs: map[string]string{},
	}
	for field, text := range fields {
		s.Sent.Errs[control(field)] = text
	}
	for _, m := range list {
		field := control(m.ID)
		m.ID, m.Label = string(s.Sent.Action)+"-"+field, label(v, field)
		s.Sent.Mistakes = append(s.Sent.Mistakes, m)
	}
	return true
}

// control is the field of the form that brings what an action needs.
func control(need string) string {
	switch procedure.Need(need) {
	case procedure.NeedPhoto, procedure.NeedEvidence:
		return "photos"
	}
	return need
}

func label(v *page.View, field string) string {
	switch field {
	case "photos":
		return v.Say("照片", "Photos")
	case "reason":
		return v.Say("怎么回事", "Why")
	case "answer":
		return v.Say("答复", "Answer")
	case "unit":
		return v.Say("单位", "Unit")
	}
	return v.Say("这里", "Here")
}
