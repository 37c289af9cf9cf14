package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// caseView is all that a case page shows.
type caseView struct {
	Case      casework.Case
	Tasks     []casework.Task
	Procedure *procedure.Procedure
	Offers    []page.Offer
	Reporters []page.Reporter
	Trail     []trail.Entry
	Photos    []document.Document
	Around    []casework.Case
	Supplied  []casework.Supplement
	Why       clock.Explanation
	Clock     clockView
	Orders    []orderView
	MayOrder  bool
	Into      casework.Case // the case it was merged into
	Again     refused       // the form of an action that came back
	Typed     again         // any other form that did
}

// nearbyMetres and nearbyDays bound what a page shows around a case.
const (
	nearbyMetres = 200
	nearbyDays   = 7
)

func caseShow(v *page.View) error {
	c, tasks, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	return showCase(v, http.StatusOK, caseView{Case: c, Tasks: tasks})
}

// showCase draws the page of a case, with the form that came back, if any.
func showCase(v *page.View, status int, s caseView) error {
	c, ok := s.Case, false
	if s.Procedure, ok = v.District.Catalogue.Procedure(c.Procedure, c.Version); !ok {
		return fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
	}
	for _, read := range []func(*page.View) error{s.read, s.readClock, s.readOrders} {
		if err := read(v); err != nil {
			return err
		}
	}
	return v.Show(status, casePage(v, s))
}

// read fetches what the page shows beside the case.
func (s *caseView) read(v *page.View) (err error) {
	ctx, r, code, c := v.Context(), v.House.DB, v.District.Code, s.Case
	if s.Offers, err = v.Offers(c); err != nil {
		return err
	}
	reports, err := casework.Reports(ctx, r, code, c.ID)
	if err != nil {
		return err
	}
	if s.Reporters, err = v.Reporters(c, s.Tasks, reports); err != nil {
		return err
	}
	if s.Trail, err = trail.Of(ctx, r, code, string(c.ID)); err != nil {
		return err
	}
	if s.Photos, err = document.Of(ctx, r, code, string(c.ID)); err != nil {
		return err
	}
	if c.Place.Placed == casework.ByPoint {
		if s.Around, err = around(v, c); err != nil {
			return err
		}
	}
	if c.MergedInto != "" {
		if s.Into, _, err = v.Case(ctx, c.MergedInto); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	if s.Supplied, err = casework.Supplements(ctx, r, code, c.ID); err != nil {
		return err
	}
	s.Why, err = casework.Why(ctx, r, v.District, c)
	s.Why = v.Hush(c, s.Why)
	return err
}

// around are the cases near a case that the reader may see. Secret ones are
// left out: where they are says who may have reported them.
func around(v *page.View, c casework.Case) ([]casework.Case, error) {
	near, err := casework.Around(v.Context(), v.House.DB, v.District, c, nearbyMetres, v.Now.AddDate(0, 0, -nearbyDays))
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(near))
	for i, n := range near {
		ids[i] = n.ID
	}
	seen, err := casework.Within(v.Context(), v.House.DB, v.District, v.Scope(), v.Now, ids...)
	return slices.DeleteFunc(near, func(n casework.Case) bool { return n.Secret || !seen[n.ID] }), err
}

// crumbs lead back to the lists of the areas the case lies in.
func (s *caseView) crumbs(v *page.View) []ui.Link {
	all := []ui.Link{{Text: v.Say("案件", "Cases"), Href: casesPath}}
	for _, code := range []string{s.Case.Place.Street, s.Case.Place.Community} {
		if code != "" {
			all = append(all, ui.Link{Text: v.District.Areas.Name(area.Code(code)).In(v.Lang), Href: casesPath + "?area=" + code})
		}
	}
	return append(all, ui.Link{Text: s.Case.Number})
}

// lead is the head of the page.
func (s *caseView) lead(v *page.View) ui.LeadView {
	c := s.Case
	l := ui.LeadView{Number: c.Number, Title: v.District.Catalogue.Title(c.Matter).In(v.Lang), Place: placeText(v, c)}
	l.Tags = append(l.Tags, ui.TagView{Text: stateText(v, s.Procedure, c), Warm: c.State == casework.Running})
	if c.Danger {
		l.Tags = append(l.Tags, ui.TagView{Text: v.Say("有危险", "Danger"), Warm: true})
	}
	if c.Reports > 1 {
		l.Tags = append(l.Tags, ui.TagView{Text: v.Say("%d 人上报", "%d reports", c.Reports)})
	}
	if c.Secret {
		l.Tags = append(l.Tags, ui.TagView{Text: v.Say("上报人保密", "Reporter kept secret")})
	}
	if c.NoOwner {
		l.Tags = append(l.Tags, ui.TagView{Text: v.Say("没有定归谁管", "No owner"), Warm: true})
	}
	l.Tone, l.Left = v.Standing(c)
	l.Due = v.DueText(c.Due)
	l.Now = v.Say("现在 %s，按工作时间算", "Now %s; working time counts", v.MomentText(v.Now))
	if !c.HeldAt.IsZero() {
		l.Now = v.Say("从%s停着", "stands since %s", v.MomentText(c.HeldAt))
	}
	if s.Why.Text != (lang.Text{}) {
		l.Why = ui.Link{Text: v.Say("怎么算的", "How it is counted"), Href: "#why"}
	}
	if c.Provisional {
		l.Tags = append(l.Tags, ui.TagView{Text: v.Say("期限暂定，放假安排还没公布", "Date provisional: the holidays are not published yet")})
	}
	return l
}

// placeText is where a case is, in words: the address, and the smallest area.
func placeText(v *page.View, c casework.Case) string {
	where := v.District.Areas.Name(area.Code(c.Place.Area(v.District.Code))).In(v.Lang)
	if c.Place.Placed == casework.Nowhere {
		where = v.Say("位置还不清楚", "place not known yet")
	}
	if c.Place.Address == "" {
		return where
	}
	return c.Place.Address + v.Say("，", ", ") + where
}

// stateText is where a case stands, in words.
func stateText(v *page.View, p *procedure.Procedure, c casework.Case) string {
	if c.State == casework.Merged {
		return v.Say("已并入另一件", "Merged into another")
	}
	if step := p.Step(c.Step); step != nil {
		return step.Title.In(v.Lang)
	}
	if end := p.End(procedure.EndName(c.Step)); end != nil {
		return end.Title.In(v.Lang)
	}
	return string(c.State)
}

// photoViews lays out before and after, and the place of an after that is
// still to come.
func (s *caseView) photoViews(v *page.View) []ui.Photo {
	var all []ui.Photo
	after := false
	for _, d := range s.Photos {
		title := d.Kind.Title().In(v.Lang)
		src := "/photo/" + string(d.ID)
		all = append(all, ui.Photo{Src: src + "?size=small", Href: src, Title: title, Caption: s.taken(v, d),
			Alt: title + v.Say("照片：", " photo: ") + v.District.Catalogue.Title(s.Case.Matter).In(v.Lang)})
		after = after || d.Kind == document.After
	}
	if !after && s.Case.State == casework.Running && s.wantsPhoto() {
		all = append(all, ui.Photo{Missing: v.Say("修后照片还没传", "No photo of the finished work yet")})
	}
	return all
}

// taken is when a picture came in, as exactly as the reader may know.
func (s *caseView) taken(v *page.View, d document.Document) string {
	if d.Post == "" || d.Kind == document.Before {
		return v.CameIn(s.Case, d.At)
	}
	return v.MomentText(d.At)
}

// wantsPhoto reports whether some step of the procedure asks for a photo.
func (s *caseView) wantsPhoto() bool {
	return slices.ContainsFunc(s.Procedure.Steps, func(step *procedure.Step) bool {
		return slices.ContainsFunc(step.Actions, func(a *procedure.Action) bool { return slices.Contains(a.Needs, procedure.NeedPhoto) })
	})
}

// photoCount says how many pictures there are.
func (s *caseView) photoCount(v *page.View) string {
	if len(s.Photos) == 0 {
		return ""
	}
	return v.Say("共 %d 张", "%d in all", len(s.Photos))
}

// mapView is the surroundings of a case that has a point.
func (s *caseView) mapView(v *page.View) ui.MapView {
	at := ui.Point(s.Case.Place.Point)
	m := v.Map(ui.Around(at, 260), s.Case.Place.Grid)
	m.Width, m.Height = 400, 280
	label := s.Case.Place.Address
	if label == "" {
		label = v.Say("这里", "Here")
	}
	m.Pins = append(m.Pins, ui.Pin{At: at, Label: label, Kind: ui.PinPlace})
	m.Alt = v.Say("案件位置：", "Place of the case: ") + placeText(v, s.Case)
	for _, c := range s.Around {
		m.Pins = append(m.Pins, ui.Pin{At: ui.Point(c.Place.Point), Kind: ui.PinReport, Href: "/desk/case/" + string(c.ID), Quiet: true,
			Label: c.Number + " " + v.District.Catalogue.Title(c.Matter).In(v.Lang)})
	}
	return m
}

// units lists who deals with the case.
func (s *caseView) units(v *page.View) []ui.Fact {
	c := s.Case
	fact := func(name, unit string) ui.Fact {
		f := ui.Fact{Name: name, Value: v.UnitName(unit)}
		if u, ok := v.District.Org.Unit(org.UnitID(unit)); ok && u.Phone != "" {
			f.Sub = v.Say("电话 ", "Phone ") + u.Phone
		}
		return f
	}
	all := []ui.Fact{fact(v.Say("受理", "Took in"), c.Receiver)}
	if c.Unit != "" {
		all = append(all, fact(v.Say("主办", "Lead"), c.Unit))
	} else if c.Proposed != "" && c.State == casework.Running {
		f := fact(v.Say("建议", "Suggested"), c.Proposed)
		if len(c.Proposal) > 0 {
			f.Sub = v.Lang.Pick(c.Proposal[0].ZH, c.Proposal[0].EN)
		}
		all = append(all, f)
	}
	for _, co := range c.Co {
		all = append(all, fact(v.Say("协办", "Helps"), co))
	}
	return all
}

// facts are the plain ones.
func (s *caseView) facts(v *page.View) []ui.Fact {
	c := s.Case
	m, _ := v.District.Catalogue.Matter(c.Matter)
	all := []ui.Fact{
		{Name: v.Say("事项", "Matter"), Value: v.District.Catalogue.Title(c.Major).In(v.Lang) + " › " + m.Title.In(v.Lang)},
		{Name: v.Say("从哪来", "Channel"), Value: channelText(v, c.Channel)},
		{Name: v.Say("报来", "Came in"), Value: v.CameIn(c, c.OpenedAt)},
		{Name: v.Say("区域", "Area"), Value: v.District.Areas.Path(area.Code(c.Place.Area(v.District.Code))).In(v.Lang)},
	}
	if !m.Closing.IsZero() {
		all = append(all, ui.Fact{Name: v.Say("怎样算办好", "Done when"), Value: m.Closing.In(v.Lang)})
	}
	if c.Rating > 0 {
		all = append(all, ui.Fact{Name: v.Say("居民评价", "Rated"), Value: ui.W(v.Lang).Grades[5-c.Rating], Strong: true})
	}
	if !c.ClosedAt.IsZero() {
		verdict := v.Say("按时", "on time")
		if !c.OnTime {
			verdict = v.Say("没按时", "late")
		}
		all = append(all, ui.Fact{Name: v.Say("办结", "Ended"), Value: v.MomentText(c.ClosedAt), Sub: verdict})
	}
	return all
}

// instant is a moment for machines.
func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// caseTrailPart is the trail alone, for a page that is open while something
// happens. It says so where the rest of the page has become old.
func caseTrailPart(v *page.View) error {
	c, tasks, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	s := caseView{Case: c, Tasks: tasks}
	var ok bool
	if s.Procedure, ok = v.District.Catalogue.Procedure(c.Procedure, c.Version); !ok {
		return fmt.Errorf("procedure %s %s is not installed", c.Procedure, c.Version)
	}
	if s.Trail, err = trail.Of(v.Context(), v.House.DB, v.District.Code, string(c.ID)); err != nil {
		return err
	}
	old := v.R.URL.Query().Get("revision")
	return v.Show(http.StatusOK, trailPart(v, s, old != "" && old != strconv.Itoa(c.Revision)))
}
