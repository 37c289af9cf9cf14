package watch

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
)

// overviewView is what waits for the reader in supervision.
type overviewView struct {
	Stuck      []stuckCount
	Next       *supervise.Meeting
	Decisions  []supervise.MeetingItem // the most urgent to carry out
	ToDo, Late int
	Proposed   []supervise.Admission // that wait for approval
	Orders     []supervise.Order     // that the reader's units have to answer
	Answer     int                   // how many those are
	Asked      []casework.AskedRow   // that wait for the reader's decision
	Settle     []supervise.Order     // answered or late: for a supervisor to lift or decide
	SettleAll  int                   // how many those are
	Duty       []supervise.Duty      // on duty now
}

// fewMost is how many of a list the overview shows.
const fewMost = 5

func overview(v *page.View) (err error) {
	var s overviewView
	if s.Stuck, err = stuckCounts(v); err != nil {
		return err
	}
	if s.Next, err = nextMeeting(v); err != nil {
		return err
	}
	if s.Decisions, err = supervise.ToCarryOut(v.Context(), v.House.DB, v.District.Code, bound(v), fewMost); err != nil {
		return err
	}
	if s.ToDo, s.Late, err = supervise.CountToCarryOut(v.Context(), v.House.DB, v.District.Code, bound(v), v.Now); err != nil {
		return err
	}
	if s.Asked, err = casework.AskedOf(v.Context(), v.House.DB, v.District, v.Actors()); err != nil {
		return err
	}
	if s.Duty, err = supervise.OnDuty(v.Context(), v.House.DB, v.District, v.Now); err != nil {
		return err
	}
	if err = s.readOrders(v); err != nil {
		return err
	}
	if v.Can(rights.AdmissionKeep) {
		if s.Proposed, err = supervise.Admissions(v.Context(), v.House.DB, v.District.Code, supervise.AdmissionFilter{State: supervise.AdmissionProposed}); err != nil {
			return err
		}
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("督办", "Supervision"), At: "",
		Said: v.Say("哪些件卡住了，会上定了什么，等谁来定。", "What is stuck, what meetings decided, and what waits for whom."),
	}, overviewPage(v, s))
}

// readOrders reads what the reader's units have to answer, and for a supervisor
// what they have answered.
func (s *overviewView) readOrders(v *page.View) (err error) {
	mine := supervise.OrderFilter{Units: unitsOf(v), Waiting: true}
	if s.Orders, err = supervise.Orders(v.Context(), v.House.DB, v.District, mine, fewMost); err != nil {
		return err
	}
	if s.Answer, _, err = supervise.CountOrders(v.Context(), v.House.DB, v.District, mine, v.Now); err != nil || !v.Can(rights.Supervise) {
		return err
	}
	answered := supervise.OrderFilter{States: []supervise.OrderState{supervise.Replied}, Running: true}
	if s.Settle, err = supervise.Orders(v.Context(), v.House.DB, v.District, answered, fewMost); err != nil {
		return err
	}
	s.SettleAll, _, err = supervise.CountOrders(v.Context(), v.House.DB, v.District, answered, v.Now)
	return err
}

// nextMeeting is the next that concerns the reader, if any.
func nextMeeting(v *page.View) (*supervise.Meeting, error) {
	all, err := supervise.Meetings(v.Context(), v.House.DB, v.District.Code, bound(v), meetingsMost)
	if err != nil {
		return nil, err
	}
	var next *supervise.Meeting
	for i, m := range all { // the latest first
		if m.State == supervise.MeetingPlanned || m.State == supervise.MeetingHeld {
			next = &all[i]
		}
	}
	return next, nil
}
