package watch

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// admissionsView is the list of duties, and what they cost whom.
type admissionsView struct {
	Asked   supervise.AdmissionFilter
	Duties  []supervise.Admission
	Burdens []supervise.Burden
	Again   again
}

func admissions(v *page.View) error { return showAdmissions(v, http.StatusOK, again{}) }

// askedAdmissions reads the filter of the list's address. A day that is none is
// today.
func askedAdmissions(v *page.View) supervise.AdmissionFilter {
	q := v.R.URL.Query()
	f := supervise.AdmissionFilter{Matter: strings.TrimSpace(q.Get("matter")), ProposedBy: q.Get("by"), Unit: q.Get("unit")}
	if q.Get("day") != "" {
		f.On = v.District.Day
		if day, err := clock.ParseDate(q.Get("day")); err == nil {
			f.On = day
		}
	}
	return f
}

func showAdmissions(v *page.View, status int, a again) (err error) {
	s := admissionsView{Asked: askedAdmissions(v), Again: a}
	if s.Duties, err = supervise.Admissions(v.Context(), v.House.DB, v.District.Code, s.Asked); err != nil {
		return err
	}
	all, err := supervise.Admissions(v.Context(), v.House.DB, v.District.Code, supervise.AdmissionFilter{})
	if err != nil {
		return err
	}
	on := s.Asked.On
	if on == "" {
		on = v.District.Day
	}
	s.Burdens = supervise.Burdens(all, stationsOf(v), on)
	h := head{
		Title: v.Say("准入清单", "Admission list"), At: "/admissions",
		Said: v.Say("交给社区和网格做的事，都要先列在这里。没列的，社区和网格员可以回绝，不算他们的。", "Whatever is handed to communities and grids stands here first. What does not, they may refuse, and it is not held against them."),
	}
	if (supervise.Admission{}).May(v.District, proposer(v).By, supervise.ActPropose) == nil {
		h.Button = ui.Btn{Label: v.Say("提一项", "Propose a duty"), Icon: "plus", Kind: "primary", Href: home + "/admissions/new"}
	}
	return show(v, status, h, admissionsPage(v, s))
}

// stationsOf are the community stations of the reader, or all of them.
func stationsOf(v *page.View) (all []string) {
	mine := bound(v)
	for _, u := range v.District.Org.UnitsByKind(org.CommunityStation) {
		if u.ValidOn(v.District.Day) && (mine == nil || !onlyStations(v, mine) || slices.Contains(mine, string(u.ID))) {
			all = append(all, string(u.ID))
		}
	}
	return all
}

// onlyStations reports whether all of the units are community stations.
func onlyStations(v *page.View, units []string) bool {
	return !slices.ContainsFunc(units, func(unit string) bool {
		u, _ := v.District.Org.Unit(org.UnitID(unit))
		return u.Kind != org.CommunityStation
	})
}

// proposer is the reader with the post that may propose duties, if one may.
func proposer(v *page.View) casework.Acting {
	for _, actor := range v.Actors() {
		if (supervise.Admission{}).May(v.District, actor, supervise.ActPropose) == nil {
			return casework.Acting{District: v.District, By: actor}
		}
	}
	return v.Acting(rights.AdmissionKeep, 0)
}

// mayKeep reports whether the reader gets the button of an act about a duty.
func mayKeep(v *page.View, m supervise.Admission, act supervise.AdmissionAct) bool {
	return m.May(v.District, v.Acting(rights.AdmissionKeep, 0).By, act) == nil
}

// matterText is what a duty is about in the catalogue.
func matterText(v *page.View, m supervise.Admission) string {
	if m.Matter == "" {
		return v.Say("不在事项目录里", "not in the catalogue")
	}
	if matter, ok := v.District.Catalogue.Matter(m.Matter); ok {
		return m.Matter + " " + matter.Title.In(v.Lang)
	}
	return v.Say("%s 开头的事项", "matters beginning with %s", m.Matter)
}

// periodText is from when to when a duty is admitted.
func periodText(v *page.View, m supervise.Admission) string {
	if m.To == "" {
		return v.Say("%s起", "from %s", dayText(v, m.From))
	}
	return dayText(v, m.From) + v.Say("到", " to ") + dayText(v, m.To)
}

// scopeText is what a duty is about, when, for whom and with which forms.
func scopeText(v *page.View, m supervise.Admission) string {
	stations := v.Say("全部社区站", "all stations")
	if len(m.Units) > 0 {
		stations = unitNames(v, m.Units)
	}
	text := strings.Join([]string{matterText(v, m), periodText(v, m), stations}, v.Say("；", "; "))
	if m.Forms != "" {
		text += v.Say("；要填：", "; forms: ") + m.Forms
	}
	return text
}

// stateOf is where a duty stands today.
func stateOf(v *page.View, m supervise.Admission) (ui.Tone, string) {
	switch {
	case m.State == supervise.AdmissionApproved && m.To != "" && m.To < v.District.Day:
		return ui.Hold, v.Say("已停", "Ended")
	case m.State == supervise.AdmissionApproved && v.District.Day < m.From:
		return ui.Hold, v.Say("还没开始", "Not begun")
	case m.State == supervise.AdmissionApproved:
		return ui.OK, m.State.Text().In(v.Lang)
	case m.State == supervise.AdmissionProposed:
		return ui.Near, m.State.Text().In(v.Lang)
	}
	return ui.Hold, m.State.Text().In(v.Lang)
}

// hoursText is an amount of time in a month.
func hoursText(v *page.View, minutes int) string {
	if minutes < 60 {
		return v.Say("%d 分钟", "%d min", minutes)
	}
	if minutes%60 == 0 {
		return v.Say("%d 小时", "%d h", minutes/60)
	}
	return v.Say("%[1]d 小时 %[2]d 分", "%[1]d h %[2]d min", minutes/60, minutes%60)
}

func proposeForm(v *page.View) error { return showPropose(v, http.StatusOK, again{}) }

func showPropose(v *page.View, status int, a again) error {
	if err := (supervise.Admission{}).May(v.District, proposer(v).By, supervise.ActPropose); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("提一项准入", "Propose a duty"), At: "/admissions",
		Said: v.Say("要写清楚依据、花多少时间、填什么表。提的人不能批。", "Say what it rests on, how much time it takes and which forms. Whoever proposes does not approve."),
		Path: []ui.Link{{Text: v.Say("准入清单", "Admission list"), Href: home + "/admissions"}, {Text: v.Say("提一项", "Propose")}},
	}, proposePage(v, a))
}

// proposerOptions are the units the reader may propose for.
func proposerOptions(v *page.View) []ui.Option {
	all := unitOptions(v)
	if v.Can(rights.AdmissionKeep) {
		return all
	}
	own := proposer(v).By.Unit
	return slices.DeleteFunc(all, func(o ui.Option) bool { return o.Value != own })
}

// stationOptions are the stations a duty may be for.
func stationOptions(v *page.View) []ui.Option {
	return slices.DeleteFunc(unitOptions(v), func(o ui.Option) bool { return o.Group != org.CommunityStation.Text().In(v.Lang) })
}

// propose takes a proposal.
func propose(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	m := proposed(v)
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := supervise.ProposeAdmission(v.Context(), tx, proposer(v), m)
		return err
	})
	if a, ok := back(v, "propose", err); ok {
		return showPropose(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(home+"/admissions", "提上去了，等批。", "Proposed; it waits for approval.")
}

// proposed reads a duty from its form. What is no number or no day is left for
// the verb to refuse.
func proposed(v *page.View) supervise.Admission {
	form := v.R.PostForm
	minutes, err := strconv.Atoi(strings.TrimSpace(form.Get("minutes")))
	if err != nil {
		minutes = math.MaxInt
	}
	from, _ := clock.ParseDate(strings.TrimSpace(form.Get("valid_from")))
	to, err := clock.ParseDate(strings.TrimSpace(form.Get("valid_to")))
	if err != nil && strings.TrimSpace(form.Get("valid_to")) != "" {
		to = "0000-00-00" // before any day
	}
	return supervise.Admission{
		Matter: strings.TrimSpace(form.Get("matter")), Duty: lang.Text{ZH: form.Get("duty"), EN: form.Get("duty_en")}, ProposedBy: form.Get("proposed_by"),
		Basis: form.Get("basis"), Units: slices.DeleteFunc(slices.Clone(form["units"]), func(unit string) bool { return unit == "" }),
		Minutes: minutes, Forms: form.Get("forms"), From: from, To: to,
	}
}

// admissionAct approves, declines or ends a duty.
func admissionAct(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id, form, act := v.R.PathValue("id"), v.R.PostForm, supervise.AdmissionAct(v.R.PostForm.Get("act"))
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		a := v.Acting(rights.AdmissionKeep, 0)
		switch act {
		case supervise.ActApprove:
			_, err = supervise.ApproveAdmission(v.Context(), tx, a, id, form.Get("approved_by"))
		case supervise.ActDecline:
			_, err = supervise.DeclineAdmission(v.Context(), tx, a, id, form.Get("reason"))
		case supervise.ActEnd:
			last, _ := clock.ParseDate(form.Get("to"))
			_, err = supervise.EndAdmission(v.Context(), tx, a, id, last, form.Get("reason"))
		default:
			err = errs.New(errs.Invalid, "请从清单上选要做什么。", "Please choose on the list what to do.").At("act")
		}
		return err
	})
	if a, ok := back(v, string(act)+"-"+id, err); ok {
		return showAdmissions(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(home+"/admissions", "记下了。", "Written down.")
}
