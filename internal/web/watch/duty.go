package watch

import (
	"net/http"
	"net/url"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// dutyDays is how many days of the roster the page shows.
const dutyDays = 14

// dutyView is who is on duty, and the roster of some days.
type dutyView struct {
	Now   []supervise.Duty
	First clock.Date
	Days  []dutyDay
	Again again
}

// dutyDay is one day of the roster.
type dutyDay struct {
	Day   clock.Date
	Turns []supervise.Duty
}

// duty shows the roster of leaders on duty.
func duty(v *page.View) error { return showDuty(v, http.StatusOK, again{}) }

func showDuty(v *page.View, status int, a again) (err error) {
	s := dutyView{First: v.District.Day, Again: a}
	if from := v.R.URL.Query().Get("from"); from != "" {
		if s.First, err = clock.ParseDate(from); err != nil {
			return errs.New(errs.Invalid, "日期看不懂，要写成 2026-11-01 这样。", "A date cannot be read; write it as 2026-11-01.").Because(err)
		}
	}
	if s.Now, err = supervise.OnDuty(v.Context(), v.House.DB, v.District, v.Now); err != nil {
		return err
	}
	all, err := supervise.Duties(v.Context(), v.House.DB, v.District, s.First, s.First.Add(dutyDays-1))
	if err != nil {
		return err
	}
	for i := range dutyDays {
		day := dutyDay{Day: s.First.Add(i)}
		for _, d := range all {
			if d.Day == day.Day {
				day.Turns = append(day.Turns, d)
			}
		}
		if len(day.Turns) > 0 || day.Day == v.District.Day {
			s.Days = append(s.Days, day)
		}
	}
	h := head{
		Title: v.Say("领导值班", "Leaders on duty"), At: "/duty",
		Said: v.Say("超期再没人办的件，报给当班的领导。", "What is late and still not done is told to the leader on duty."),
	}
	if mayRoster(v) {
		h.Button = ui.Btn{Label: v.Say("导入值班表", "Import the roster"), Icon: "upload", Kind: "primary", Href: home + "/duty/import"}
	}
	return show(v, status, h, dutyPage(v, s))
}

// mayRoster reports whether the reader keeps the roster.
func mayRoster(v *page.View) bool { return v.Can(rights.Supervise) || v.Can(rights.SetupImport) }

// from is the roster from a day on.
func rosterHref(day clock.Date) string {
	return home + "/duty?" + url.Values{"from": {string(day)}}.Encode()
}

// levels are the district and its streets, for which there are turns.
func levels(v *page.View) []ui.Option {
	all := []ui.Option{{Value: v.District.Code, Label: supervise.Duty{Area: v.District.Code}.Level(v.District).In(v.Lang)}}
	for _, a := range v.District.Areas.Children(area.Code(v.District.Code)) {
		all = append(all, ui.Option{Value: string(a.Code), Label: v.District.Areas.Name(a.Code).In(v.Lang)})
	}
	return all
}

// dutyEnter enters one turn, through the same door as a whole roster.
func dutyEnter(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := supervise.EnterDuty(v.Context(), tx, v.District, supervise.DutyForm{
			Day: form.Get("day"), Hours: form.Get("hours"), Area: form.Get("area"), Unit: form.Get("unit"), Login: form.Get("login"), Phone: form.Get("phone"),
		})
		return err
	})
	if a, ok := back(v, "turn", err); ok {
		return showDuty(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(home+"/duty", "排上了。", "It is on the roster.")
}

// dutyRemove takes a turn off the roster.
func dutyRemove(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return supervise.RemoveDuty(v.Context(), tx, v.District, v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(home+"/duty", "撤下来了。", "Taken off the roster.")
}

// dutyWho is who has a turn: the person with the unit, or the unit's desk.
func dutyWho(v *page.View, d supervise.Duty) string {
	if name := d.Person(v.District); name != "" {
		return name
	}
	return v.Say("值班室", "the office")
}

// dutyPhone is the office's phone: the roster's own, or the unit's.
func dutyPhone(v *page.View, d supervise.Duty) string {
	if d.Phone != "" {
		return d.Phone
	}
	u, _ := v.District.Org.Unit(org.UnitID(d.Unit))
	return u.Phone
}
