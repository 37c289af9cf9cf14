package app_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/procedure"
)

// asks is LOGIN asks A special until='2026-12-10 17:30' reason='…', with any
// kind of pause; or LOGIN asks A extension more=2 reason='…'.
func asks(s *story, login string, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	q := casework.Asking{Kind: w.word(1), Reason: w.named["reason"]}
	if q.More, err = w.number("more"); err != nil {
		return err
	}
	if until := w.named["until"]; until != "" {
		if q.Until, err = s.reads(until); err != nil {
			return err
		}
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		offered, err := casework.Asks(context.Background(), tx, a, c, tx.Now)
		if err != nil {
			return err
		}
		for _, o := range offered {
			if o.Kind == q.Kind {
				q.Task = o.Task
			}
		}
		if q.Task == "" { // nothing is offered, so that Ask says no by itself
			q.Task = s.anyTask(c)
		}
		_, err = casework.Ask(context.Background(), tx, a, c.ID, q)
		return err
	})
}

// anyTask is the first open task of a case.
func (s *story) anyTask(c casework.Case) string {
	tasks, _ := casework.Tasks(context.Background(), s.DB, s.code(), c.ID)
	for _, t := range tasks {
		if t.State == procedure.Open {
			return t.ID
		}
	}
	return ""
}

// reads a moment in the district's zone.
func (s *story) reads(moment string) (time.Time, error) {
	return time.ParseInLocation("2006-01-02 15:04", moment, s.zone())
}

// lastAsked is the entry of a case's ledger that was asked for last.
func (s *story) lastAsked(name string) (e casework.Entry, err error) {
	c, err := s.of(name)
	if err != nil {
		return e, err
	}
	all, err := casework.Ledger(context.Background(), s.DB, s.District(), c.ID)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("nothing was asked for of %s", name)
	}
	if err != nil {
		return e, err
	}
	return all[len(all)-1], nil
}

// entry does something with the last entry of a case's ledger.
func (s *story) entry(login string, w words, do func(*db.Tx, casework.Acting, string) (casework.Entry, error)) error {
	e, err := s.lastAsked(w.word(0))
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := do(tx, a, e.ID)
		return err
	})
}

// grants is LOGIN grants A reason='…': what was asked for last.
func grants(s *story, login string, w words) error {
	return s.entry(login, w, func(tx *db.Tx, a casework.Acting, id string) (casework.Entry, error) {
		return casework.Decide(context.Background(), tx, a, id, true, w.named["reason"])
	})
}

// denies is LOGIN denies A reason='…'.
func denies(s *story, login string, w words) error {
	return s.entry(login, w, func(tx *db.Tx, a casework.Acting, id string) (casework.Entry, error) {
		return casework.Decide(context.Background(), tx, a, id, false, w.named["reason"])
	})
}

// resumes is LOGIN resumes A reason='…': the clock goes on.
func resumes(s *story, login string, w words) error {
	return s.entry(login, w, func(tx *db.Tx, a casework.Acting, id string) (casework.Entry, error) {
		return casework.Resume(context.Background(), tx, a, id, w.named["reason"])
	})
}

// withdraws is LOGIN withdraws A: what was asked for, before anybody decided.
func withdraws(s *story, login string, w words) error {
	return s.entry(login, w, func(tx *db.Tx, a casework.Acting, id string) (casework.Entry, error) {
		return casework.Withdraw(context.Background(), tx, a, id)
	})
}

// whyHolds is: why A holds 'regexp' — "why this date", read line by line in
// either language. It must give the date that the case shows, and be whole in
// both. With counts=3 it says how many days were counted.
func whyHolds(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	why, err := casework.Why(context.Background(), s.DB, s.District(), c)
	if err != nil {
		return err
	}
	if !why.Due.Equal(c.Due) {
		return no("why gives %s, the case shows %s", s.moment(why.Due), s.moment(c.Due))
	}
	lines, counted := []string{why.Text.ZH, why.Text.EN}, 0
	for _, l := range why.Lines {
		if l.Reason.ZH == "" || l.Reason.EN == "" {
			return no("a day is told in one language only: %+v", l)
		}
		lines = append(lines, string(l.Date)+" "+l.Reason.ZH, string(l.Date)+" "+l.Reason.EN)
		if l.Counted {
			counted++
		}
	}
	if want := w.named["counts"]; want != "" && want != strconv.Itoa(counted) {
		return no("%d days were counted, want %s:\n%s", counted, want, strings.Join(lines, "\n"))
	}
	if len(w.plain) < 3 {
		return nil
	}
	want, err := regexp.Compile(w.word(2))
	if err != nil {
		return err
	}
	for _, line := range lines {
		if want.MatchString(line) {
			return nil
		}
	}
	return no("no line holds %s:\n%s", want, strings.Join(lines, "\n"))
}

// ledger is: ledger A is 'special granted, extension refused'.
func ledger(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	all, err := casework.Ledger(context.Background(), s.DB, s.District(), c.ID)
	if err != nil {
		return err
	}
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Kind+" "+string(e.State))
	}
	if got := strings.Join(lines, ", "); got != w.word(2) {
		return no("the ledger is %q, want %q", got, w.word(2))
	}
	return nil
}
