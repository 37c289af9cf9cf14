package watch

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// meetingsMost is how many meetings one page lists: some years of them.
const meetingsMost = 100

// meetings lists the meetings that concern the reader.
func meetings(v *page.View) error {
	all, err := supervise.Meetings(v.Context(), v.House.DB, v.District.Code, bound(v), meetingsMost)
	if err != nil {
		return err
	}
	h := head{
		Title: v.Say("协调会", "Coordination meetings"), At: "/meetings",
		Said: v.Say("条块坐到一起，把卡住的件定下来。定了的，到期要说办得怎样。", "Departments and territories sit down together and settle what is stuck. What is decided has a date, and the unit says what came of it."),
	}
	if (supervise.Meeting{State: supervise.MeetingPlanned}).May(v.District, keeper(v).By, supervise.ActChange) == nil {
		h.Button = ui.Btn{Label: v.Say("安排一次会", "Plan a meeting"), Icon: "calendar", Kind: "primary", Href: home + "/meetings/new"}
	}
	return show(v, http.StatusOK, h, meetingsPage(v, all))
}

// planView is the form of what is said of a meeting beforehand.
type planView struct {
	Meeting supervise.Meeting // zero for a new one
	Again   again
	Agenda  []supervise.StuckCase // what a new one begins with
}

// action is where the form is sent.
func (s planView) action() string {
	if s.Meeting.ID == "" {
		return home + "/meetings"
	}
	return at(s.Meeting) + "/plan"
}

// at is the address of a meeting.
func at(m supervise.Meeting) string { return home + "/meetings/" + string(m.ID) }

// startsLayout is how a browser writes a date with a time.
const startsLayout = "2006-01-02T15:04"

func (s planView) starts(v *page.View) string {
	if s.Meeting.ID == "" {
		return ""
	}
	return s.Meeting.StartsAt.In(v.Zone()).Format(startsLayout)
}

func planForm(v *page.View) error { return showPlan(v, http.StatusOK, again{}) }

func showPlan(v *page.View, status int, a again) error {
	agenda, err := supervise.Agenda(v.Context(), v.House.DB, v.District, v.Now, supervise.AgendaMost)
	if err != nil {
		return err
	}
	h := head{
		Title: v.Say("安排一次会", "Plan a meeting"), At: "/meetings",
		Said: v.Say("议程先由卡住的件排好，您可以加，也可以去掉。", "The agenda begins with what is stuck; you may add to it and take things off."),
		Path: []ui.Link{{Text: v.Say("协调会", "Meetings"), Href: home + "/meetings"}, {Text: v.Say("安排", "Plan")}},
	}
	return show(v, status, h, planPage(v, planView{Again: a, Agenda: agenda}))
}

func changeForm(v *page.View) error {
	m, err := supervise.MeetingByID(v.Context(), v.House.DB, v.District.Code, supervise.MeetingID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	return showChange(v, http.StatusOK, m, again{})
}

func showChange(v *page.View, status int, m supervise.Meeting, a again) error {
	return show(v, status, head{
		Title: v.Say("改时间、地点、参加单位", "Change time, place or who is called"), At: "/meetings", Said: m.Number().In(v.Lang),
		Path: []ui.Link{{Text: v.Say("协调会", "Meetings"), Href: home + "/meetings"}, {Text: m.Title, Href: at(m)}, {Text: v.Say("改", "Change")}},
	}, planPage(v, planView{Meeting: m, Again: a}))
}

// planning reads what a form says of a meeting.
func planning(v *page.View) supervise.Planning {
	form := v.R.PostForm
	starts, err := time.ParseInLocation(startsLayout, strings.Replace(strings.TrimSpace(form.Get("starts")), " ", "T", 1), v.Zone())
	if err != nil {
		starts = time.Time{} // the verb says what to write
	}
	return supervise.Planning{Title: form.Get("title"), Place: form.Get("place"), StartsAt: starts, Chair: form.Get("chair"), Units: form["units"]}
}

// plan plans a meeting.
func plan(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	var m supervise.Meeting
	err := keeping(v, func(tx *db.Tx, a casework.Acting) (err error) {
		m, err = supervise.PlanMeeting(v.Context(), tx, a, planning(v))
		return err
	})
	if a, ok := back(v, "plan", err); ok {
		return showPlan(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(at(m), "安排好了，%[1]s，已经告诉参加的单位。", "Planned as %[2]s; the units that are called have been told.", m.Number().ZH, m.Number().EN)
}

// change changes what is said of a planned meeting.
func change(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id := supervise.MeetingID(v.R.PathValue("id"))
	m, err := supervise.MeetingByID(v.Context(), v.House.DB, v.District.Code, id)
	if err != nil {
		return err
	}
	err = keeping(v, func(tx *db.Tx, a casework.Acting) (err error) {
		_, err = supervise.ChangeMeeting(v.Context(), tx, a, id, planning(v))
		return err
	})
	if a, ok := back(v, "plan", err); ok {
		return showChange(v, http.StatusUnprocessableEntity, m, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(at(m), "改好了。", "Changed.")
}

// keeper is the reader with the post that keeps meetings: one that may also
// name owners, where they hold such a one.
func keeper(v *page.View) casework.Acting {
	if v.Can(rights.OwnerName) {
		return v.Acting(rights.OwnerName, 0)
	}
	return v.Acting(rights.MeetingKeep, 0)
}

// keeping runs a verb as the reader's post that keeps meetings.
func keeping(v *page.View, fn func(tx *db.Tx, a casework.Acting) error) error {
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return fn(tx, keeper(v)) })
}

// chairOptions are the posts that may preside: leaders and supervisors, shift
// leaders, and those who lead a unit.
func chairOptions(v *page.View) (all []ui.Option) {
	for _, role := range []org.Role{org.Leader, org.Supervisor, org.ShiftLeader, org.UnitLead} {
		for _, u := range v.District.Org.Units() {
			for _, post := range v.District.Org.Holders(u.ID, role, v.District.Day) {
				person, _ := v.District.Org.Person(post.Person)
				all = append(all, ui.Option{Value: string(post.ID), Label: person.Name + " · " + u.Name.In(v.Lang), Group: role.Text().In(v.Lang)})
			}
		}
	}
	return all
}
