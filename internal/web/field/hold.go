package field

import (
	"net/url"

	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// hold takes the task up, or puts it down, and shows it again.
func hold(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, err := sheetOf(v)
	if err != nil {
		return err
	}
	if err = v.Hold(s.Case, s.Tasks); err == nil {
		zh, en := v.HoldSaid()
		return v.GoSaying("/field/task/"+url.PathEscape(string(s.Case.ID)), zh, en, s.Title)
	}
	if !s.blame(v, err) {
		return err
	}
	s.Sent.Action = holding
	for i := range s.Sent.Mistakes {
		s.Sent.Mistakes[i].ID = "hold-reason"
	}
	return showSheet(v, page.Status(err), s)
}

// holding stands where the name of an action does, for a form that is none.
const holding procedure.ActionName = "hold"

// putDownField asks why a task is put down.
func (s sheet) putDownField(v *page.View, h page.Hold) ui.Field {
	f := ui.Field{ID: "hold-reason", Name: "reason", Label: v.Say("为什么放下", "Why you put it down"), Required: true}
	if s.again(h) {
		f.Value, f.Err = s.Sent.Reason, s.Sent.Errs["reason"]
	}
	return f
}

// again reports whether this form came back.
func (s sheet) again(h page.Hold) bool { return s.Sent.Action == holding && s.Sent.Task == h.Task.ID }
