package app_test

import (
	"context"
	"fmt"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// giver is the post by which a login gives and takes others; without the right
// it is errs.Forbidden, as at the door.
func (s *story) giver(login string) (org.Giver, org.Rules, error) {
	by, err := s.with(rights.PostKeep, login)
	d := s.District()
	rules := org.Rules{Book: d.Catalogue.Roles(), Zone: s.zone(), Areas: func(code string) bool { return d.Areas.Known(code) }}
	return org.Giver{Person: org.PersonID(by.Person), Post: org.PostID(by.Post), Unit: org.UnitID(by.Unit)}, rules, err
}

func (s *story) personID(login string) (org.PersonID, error) {
	p, ok := s.District().Org.PersonByLogin(login)
	if !ok {
		return "", fmt.Errorf("nobody has the login %q", login)
	}
	return p.ID, nil
}

// seat is the post of a role that a login holds now.
func (s *story) seat(login, role string) (org.Post, error) {
	id, err := s.personID(login)
	if err != nil {
		return org.Post{}, err
	}
	for _, p := range s.District().Org.AllPostsOf(id) {
		if string(p.Role) == role && p.HeldAt(s.now(), s.zone()) {
			return p, nil
		}
	}
	return org.Post{}, fmt.Errorf("%s is not %s now", login, role)
}

func (s *story) minute(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation("2006-01-02 15:04", text, s.zone())
}

// gives is LOGIN gives LOGIN role=ROLE unit=U area= from= to= reason=
func gives(s *story, login string, w words) error {
	by, rules, err := s.giver(login)
	if err != nil {
		return err
	}
	person, err := s.personID(w.word(0))
	if err != nil {
		return err
	}
	p := org.Post{Person: person, Role: org.Role(w.named["role"]), Unit: org.UnitID(w.named["unit"]), Area: w.named["area"],
		From: clock.Date(w.named["from"]), To: clock.Date(w.named["to"])}
	return s.write(func(tx *db.Tx, d *district.District) error {
		_, err := org.Give(context.Background(), tx, d.Code, rules, by, p, w.named["reason"])
		return err
	})
}

// ends is LOGIN ends LOGIN ROLE at='2026-11-23 12:00' reason=
func ends(s *story, login string, w words) error {
	by, rules, err := s.giver(login)
	if err != nil {
		return err
	}
	p, err := s.seat(w.word(0), w.word(1))
	if err != nil {
		return err
	}
	at, err := s.minute(w.named["at"])
	if err != nil {
		return err
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		_, err := org.End(context.Background(), tx, d.Code, rules.Zone, by, p.ID, at, w.named["reason"])
		return err
	})
}

// names is LOGIN names LOGIN for LOGIN ROLE from= until= reason= keeps
func names(s *story, login string, w words) error {
	by, rules, err := s.giver(login)
	if err != nil {
		return err
	}
	if w.word(1) != "for" {
		return fmt.Errorf("say: names LOGIN for LOGIN ROLE, not %q", w.plain)
	}
	person, err := s.personID(w.word(0))
	if err != nil {
		return err
	}
	p, err := s.seat(w.word(2), w.word(3))
	if err != nil {
		return err
	}
	in := org.StandIn{Post: p.ID, Person: person, Why: w.named["reason"], Keeps: w.has("keeps")}
	if in.From, err = s.minute(w.named["from"]); err != nil {
		return err
	}
	if in.To, err = s.minute(w.named["until"]); err != nil {
		return err
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		_, err := org.Stand(context.Background(), tx, d.Code, rules, by, in)
		return err
	})
}

// takes is LOGIN takes A; puts is LOGIN puts A reason=
func takes(s *story, login string, w words) error {
	return s.tasksOf(login, w, func(tx *db.Tx, a casework.Acting, c casework.Case, task string) error {
		_, err := casework.TakeUp(context.Background(), tx, a, c.ID, task)
		return err
	})
}

func puts(s *story, login string, w words) error {
	return s.tasksOf(login, w, func(tx *db.Tx, a casework.Acting, c casework.Case, task string) error {
		_, err := casework.PutDown(context.Background(), tx, a, c.ID, task, w.named["reason"])
		return err
	})
}

func (s *story) tasksOf(login string, w words, do func(*db.Tx, casework.Acting, casework.Case, string) error) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	tasks, err := casework.Tasks(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.State == procedure.Open && t.Step == c.Step && t.Part == procedure.Lead {
			return s.by(login, func(tx *db.Tx, a casework.Acting) error { return do(tx, a, c, t.ID) })
		}
	}
	return fmt.Errorf("case %s has no open step", c.Number)
}

// taken A is LOGIN | nobody
func taken(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	tasks, err := casework.Tasks(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return err
	}
	who := "nobody"
	for _, t := range tasks {
		if p, ok := s.District().Org.Person(org.PersonID(t.Person)); ok && t.State == procedure.Open {
			who = p.Login
		}
	}
	if who != w.word(2) {
		return no("%s is taken up by %s, not %s", w.word(0), who, w.word(2))
	}
	return nil
}

// acts LOGIN as 'handler, unit-lead for wugang'
func actsAs(s *story, w words) error {
	id, err := s.personID(w.word(0))
	if err != nil {
		return err
	}
	d, all := s.District(), ""
	for i, p := range d.HeldAt(id, s.now()) {
		if i > 0 {
			all += ", "
		}
		all += string(p.Role)
		if holder, ok := d.Org.Person(p.For); ok {
			all += " for " + holder.Login
		}
	}
	if all != w.word(2) {
		return no("%s acts as %q, not %q", w.word(0), all, w.word(2))
	}
	return nil
}
