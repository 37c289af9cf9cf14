package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/supervise"
)

// callsMeeting is LOGIN calls M at='2026-11-30 14:00' units=u-a,u-b: a coordination
// meeting, whose agenda is what is stuck.
func callsMeeting(s *story, login string, w words) error {
	starts, err := s.reads(w.named["at"])
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		m, err := supervise.PlanMeeting(context.Background(), tx, a, supervise.Planning{
			Title: "疑难事项协调会", Place: "运行中心二楼会议室", StartsAt: starts, Units: strings.Split(w.named["units"], ","),
		})
		s.meetings[w.word(0)] = m.ID
		return err
	})
}

// holdsMeeting is LOGIN holds M: the meeting begins.
func holdsMeeting(s *story, login string, w words) error {
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.HoldMeeting(context.Background(), tx, a, s.meetings[w.word(0)])
		return err
	})
}

// writesMinutes is LOGIN writes M text='…'.
func writesMinutes(s *story, login string, w words) error {
	id := s.meetings[w.word(0)]
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		m, err := supervise.MeetingByID(context.Background(), tx, a.District.Code, id)
		if err != nil {
			return err
		}
		_, err = supervise.SaveMinutes(context.Background(), tx, a, id, w.named["text"], m.Revision)
		return err
	})
}

// closesMeeting is LOGIN closes M.
func closesMeeting(s *story, login string, w words) error {
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.CloseMeeting(context.Background(), tx, a, s.meetings[w.word(0)])
		return err
	})
}

// point is what a meeting has to settle about a case.
func (s *story) point(meeting, name string) (supervise.MeetingItem, error) {
	c, err := s.of(name)
	if err != nil {
		return supervise.MeetingItem{}, err
	}
	items, err := supervise.Items(context.Background(), s.DB, s.code(), s.meetings[meeting])
	if err != nil {
		return supervise.MeetingItem{}, err
	}
	for _, i := range items {
		if i.Case == c.ID {
			return i, nil
		}
	}
	return supervise.MeetingItem{}, no("%s is not on the agenda of %s", name, meeting)
}

// settles is LOGIN settles A at M: unit=U co=V within='5 working-days' text='…'.
func settles(s *story, login string, w words) error {
	i, err := s.point(w.word(2), w.word(0))
	if err != nil {
		return err
	}
	x := supervise.Decision{Text: w.named["text"], Unit: w.named["unit"]}
	if co := w.named["co"]; co != "" {
		x.Co = strings.Split(co, ",")
	}
	if x.Limit, err = within(w); err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.Decide(context.Background(), tx, a, i.Meeting, i.ID, x)
		return err
	})
}

// carriesOut is LOGIN carries out A of M: text='…'.
func carriesOut(s *story, login string, w words) error {
	i, err := s.point(w.word(3), w.word(1))
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.CarryOut(context.Background(), tx, a, i.Meeting, i.ID, w.named["text"])
		return err
	})
}

// agenda is: agenda M is 'A bounced, B no-owner', in its order.
func agenda(s *story, w words) error {
	items, err := supervise.Items(context.Background(), s.DB, s.code(), s.meetings[w.word(0)])
	if err != nil {
		return err
	}
	var have []string
	for _, i := range items {
		have = append(have, s.name(i.Case)+" "+string(i.Why))
	}
	if got := strings.Join(have, ", "); got != w.word(2) {
		return no("the agenda is %q, want %q", got, w.word(2))
	}
	return nil
}

// decision is: decision A of M: state=decided unit=U settled=owner due=… overdue.
func decision(s *story, w words) error {
	i, err := s.point(w.word(2), w.word(0))
	if err != nil {
		return err
	}
	shown := map[string]string{
		"state": string(i.State), "unit": i.Unit, "settled": string(i.Settled), "due": s.moment(i.Due), "text": i.Decision, "done": i.DoneText,
	}
	for name, want := range w.named {
		if got, ok := shown[name]; !ok || got != want {
			return no("the decision's %s is %q, want %q", name, got, want)
		}
	}
	return nil
}

// proposes is LOGIN proposes D: matter=m06 duty='…' units=u-a,u-b minutes=600
// from=2026-11-24: a duty for stations, to go on the admission list.
func proposes(s *story, login string, w words) error {
	minutes, err := w.number("minutes")
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		m := supervise.Admission{
			Matter: w.named["matter"], Duty: lang.Text{ZH: w.named["duty"], EN: w.named["duty"]}, ProposedBy: a.By.Unit, Basis: "区政府办文件", Minutes: minutes,
			From: clock.Date(w.named["from"]),
		}
		if units := w.named["units"]; units != "" {
			m.Units = strings.Split(units, ",")
		}
		m, err := supervise.ProposeAdmission(context.Background(), tx, a, m)
		s.admissions[w.word(0)] = m.ID
		return err
	})
}

// approves is LOGIN approves D: body='…'.
func approves(s *story, login string, w words) error {
	id, ok := s.admissions[w.word(0)]
	if !ok {
		return fmt.Errorf("the story has no duty %q", w.word(0))
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.ApproveAdmission(context.Background(), tx, a, id, w.named["body"])
		return err
	})
}

// stuck is: stuck bounced are A B — the standing list.
func stuck(s *story, w words) error {
	rows, err := s.listed(supervise.StuckFilter(supervise.Why(w.word(0)), nil))
	if err != nil {
		return err
	}
	for _, r := range rows { // the case itself says the same
		if why := r.StuckBy(s.District().Calendar, s.now()); supervise.Why(w.word(0)) != supervise.Overdue && !slices.Contains(why, casework.Stuck(w.word(0))) {
			return no("%s is listed as %s and says %v", s.name(r.Case.ID), w.word(0), why)
		}
	}
	return s.holds(rows, w.word(1), w.plain[2:])
}
