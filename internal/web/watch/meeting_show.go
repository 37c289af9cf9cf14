package watch

import (
	"net/http"
	"slices"
	"strconv"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// meetingView is a meeting with its agenda, and what the reader may do.
type meetingView struct {
	Meeting supervise.Meeting
	Items   []supervise.MeetingItem
	Settles map[string]supervise.Settling // what deciding a point would do to its case
	Again   again
}

// seen is a meeting that the reader may see, with its points. One that is not
// theirs is errs.NotFound, as one that does not exist.
func seen(v *page.View) (m supervise.Meeting, items []supervise.MeetingItem, err error) {
	id := supervise.MeetingID(v.R.PathValue("id"))
	if m, err = supervise.MeetingByID(v.Context(), v.House.DB, v.District.Code, id); err != nil {
		return m, nil, err
	}
	if items, err = supervise.Items(v.Context(), v.House.DB, v.District.Code, id); err != nil {
		return m, nil, err
	}
	if !v.Can(rights.CaseSeeAll) && !m.Concerns(items, unitsOf(v)) {
		return m, nil, errs.New(errs.NotFound, "没有找到", "not found")
	}
	return m, items, nil
}

func meetingShow(v *page.View) error { return showMeeting(v, http.StatusOK, again{}) }

func showMeeting(v *page.View, status int, a again) (err error) {
	s := meetingView{Again: a, Settles: map[string]supervise.Settling{}}
	if s.Meeting, s.Items, err = seen(v); err != nil {
		return err
	}
	if s.may(v, supervise.ActDecide) {
		for _, i := range s.Items {
			if i.State != supervise.ItemOpen {
				continue
			}
			if s.Settles[i.ID], err = supervise.Settles(v.Context(), v.House.DB, keeper(v), i, v.Now); err != nil {
				return err
			}
		}
	}
	m := s.Meeting
	return show(v, status, head{
		Title: m.Title, At: "/meetings", Said: m.Number().In(v.Lang) + v.Say("，", ", ") + m.State.Text().In(v.Lang),
		Path:   []ui.Link{{Text: v.Say("协调会", "Meetings"), Href: home + "/meetings"}, {Text: m.Number().In(v.Lang)}},
		Button: s.button(v),
	}, meetingPage(v, s))
}

// button is the paper that a meeting has made.
func (s meetingView) button(v *page.View) ui.Btn {
	if s.Meeting.State != supervise.MeetingClosed && s.Meeting.State != supervise.MeetingHeld {
		return ui.Btn{}
	}
	return ui.Btn{Label: v.Say("看纪要", "See the minutes"), Icon: "file-text", Href: at(s.Meeting) + "/minutes"}
}

// may reports whether the reader gets the button of an act.
func (s meetingView) may(v *page.View, act supervise.MeetingAct) bool {
	return s.Meeting.May(v.District, keeper(v).By, act) == nil
}

// open reports whether a point's form stands open: the one that came back, or
// else the first that is not decided.
func (s meetingView) open(i supervise.MeetingItem) bool {
	if slices.ContainsFunc(s.Items, func(other supervise.MeetingItem) bool { return other.ID == s.Again.Form }) {
		return i.ID == s.Again.Form
	}
	first := slices.IndexFunc(s.Items, func(other supervise.MeetingItem) bool { return other.State == supervise.ItemOpen })
	return first >= 0 && s.Items[first].ID == i.ID
}

// hands is the reader's post that carries a point out, if one does.
func hands(v *page.View, i supervise.MeetingItem) (casework.Acting, bool) {
	for _, actor := range v.Actors() {
		if i.May(v.District, actor) == nil {
			return casework.Acting{District: v.District, By: actor}, true
		}
	}
	return casework.Acting{}, false
}

// settlesText says beforehand what a decision does to its case.
func settlesText(v *page.View, s supervise.Settling) string {
	switch s {
	case supervise.SettlesOwner:
		return v.Say("这件还没定归谁管。选了单位，就等于裁定归它，案件随即交过去。", "This case has no owner. Choosing a unit rules that it is theirs, and the case is handed over.")
	case supervise.SettlesRuling:
		return v.Say("这件正等裁定。选了单位，就等于裁定由它办，不能再退。", "This case waits for a ruling. Choosing a unit rules that it handles it and cannot return it.")
	}
	return ""
}

// settledText says what a decision did to its case.
func settledText(v *page.View, s supervise.Settling) string {
	switch s {
	case supervise.SettlesOwner:
		return v.Say("案件已定归它管。", "The case is theirs now.")
	case supervise.SettlesRuling:
		return v.Say("已裁定由它办。", "It was ruled that they handle the case.")
	}
	return ""
}

// meetingFacts are what is said of a meeting.
func meetingFacts(v *page.View, m supervise.Meeting) []ui.Fact {
	facts := []ui.Fact{{Name: v.Say("什么时候", "When"), Value: v.MomentText(m.StartsAt), Strong: true}, {Name: v.Say("在哪里", "Where"), Value: m.Place}}
	if m.Chair != "" {
		facts = append(facts, ui.Fact{Name: v.Say("主持", "Presided by"), Value: postName(v, m.Chair)})
	}
	if len(m.Units) > 0 {
		facts = append(facts, ui.Fact{Name: v.Say("参加单位", "Units called"), Value: unitNames(v, m.Units)})
	}
	if m.Reason != "" {
		facts = append(facts, ui.Fact{Name: v.Say("为什么取消", "Why it was called off"), Value: m.Reason})
	}
	return facts
}

// done ends a post: the meeting again with what came of it, or with what is
// wrong in the form.
func done(v *page.View, form string, err error, said lang.Text) error {
	if a, ok := back(v, form, err); ok {
		return showMeeting(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(home+"/meetings/"+v.R.PathValue("id"), "%[1]s", "%[2]s", said.ZH, said.EN)
}

// point runs a verb about the point that the address names.
func point(v *page.View, form string, said lang.Text, fn func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, item string) error) error {
	if err := v.Form(); err != nil {
		return err
	}
	err := keeping(v, func(tx *db.Tx, a casework.Acting) error {
		return fn(tx, a, supervise.MeetingID(v.R.PathValue("id")), v.R.PathValue("item"))
	})
	return done(v, form, err, said)
}

func itemAdd(v *page.View) error {
	return point(v, "add", lang.T("放上去了。", "It is on the agenda."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, _ string) error {
		_, err := supervise.AddItem(v.Context(), tx, a, id, v.R.PostForm.Get("number"), v.R.PostForm.Get("question"))
		return err
	})
}

func itemDrop(v *page.View) error {
	return point(v, "drop", lang.T("去掉了。", "Taken off."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, item string) error {
		return supervise.DropItem(v.Context(), tx, a, id, item)
	})
}

func itemBack(v *page.View) error {
	return point(v, "back-"+v.R.PathValue("item"), lang.T("收回了。", "Taken back."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, item string) error {
		return supervise.TakeBack(v.Context(), tx, a, id, item, v.R.PostForm.Get("reason"))
	})
}

func hold(v *page.View) error {
	return point(v, "hold", lang.T("开会了，定一条记一条。", "The meeting has begun; write each decision down."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, _ string) error {
		_, err := supervise.HoldMeeting(v.Context(), tx, a, id)
		return err
	})
}

func closeMeeting(v *page.View) error {
	return point(v, "close", lang.T("开完了。没定的留到下次。", "The meeting is closed. What was not settled waits for the next."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, _ string) error {
		_, err := supervise.CloseMeeting(v.Context(), tx, a, id)
		return err
	})
}

func cancel(v *page.View) error {
	return point(v, "cancel", lang.T("取消了，已经告诉参加的单位。", "Called off; the units have been told."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, _ string) error {
		return supervise.CancelMeeting(v.Context(), tx, a, id, v.R.PostForm.Get("reason"))
	})
}

func minutesSave(v *page.View) error {
	return point(v, "minutes", lang.T("记下了。", "Written down."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, _ string) error {
		revision, err := strconv.Atoi(v.R.PostForm.Get("revision"))
		if err != nil {
			return errs.New(errs.Invalid, "请从会的页面上写。", "Please write on the meeting's page.").At("minutes")
		}
		_, err = supervise.SaveMinutes(v.Context(), tx, a, id, v.R.PostForm.Get("minutes"), revision)
		return err
	})
}

// itemDecide writes a decision down.
func itemDecide(v *page.View) error {
	return point(v, v.R.PathValue("item"), lang.T("定了，已经告诉单位。", "Decided; the unit has been told."), func(tx *db.Tx, a casework.Acting, id supervise.MeetingID, item string) error {
		x, err := decision(v)
		if err != nil {
			return err
		}
		_, err = supervise.Decide(v.Context(), tx, a, id, item, x)
		return err
	})
}

// decision reads what a form decides. A limit without a unit is left out, so
// that the form may propose one.
func decision(v *page.View) (x supervise.Decision, err error) {
	form := v.R.PostForm
	x = supervise.Decision{Text: form.Get("decision"), Unit: form.Get("unit"), Co: slices.DeleteFunc(slices.Clone(form["co"]), func(unit string) bool { return unit == "" })}
	if x.Unit == "" {
		return x, nil
	}
	x.Limit, err = clock.ParseLimit(form.Get("limit"))
	for _, e := range errs.Each(err) {
		return x, e.At("limit")
	}
	return x, err
}

// limitNow is the time a decision form proposes.
func limitNow(v *page.View) string { return v.Say("5 个工作日", "5 working-days") }

// carryOut says that a decision is carried out.
func carryOut(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	m, items, err := seen(v)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(items, func(i supervise.MeetingItem) bool { return i.ID == v.R.PathValue("item") })
	if at < 0 {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	a, ok := hands(v, items[at])
	if !ok {
		a = v.Acting(rights.CaseHandle, 0) // the verb says why not
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := supervise.CarryOut(v.Context(), tx, a, m.ID, items[at].ID, v.R.PostForm.Get("done"))
		return err
	})
	return done(v, "done-"+items[at].ID, err, lang.T("记下了，办好了。", "Written down as carried out."))
}

// seqText names a point.
func seqText(v *page.View, i supervise.MeetingItem) string {
	return v.Say("第 %d 条", "Point %d", i.Seq)
}
