package app_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// zhouhui discloses A to dingyan until='2026-12-10 00:00' reason='…' photos
func discloses(s *story, login string, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	observers, err := s.posts(w.word(2))
	if err != nil {
		return err
	}
	o := casework.Disclosure{Reason: w.named["reason"], Photos: w.has("photos")}
	for _, p := range observers {
		o.Post = p.Post
	}
	if o.Until, err = s.reads(w.named["until"]); err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := casework.Disclose(context.Background(), tx, a, c.ID, o)
		return err
	})
}

// zhouhui shuts A to observers again, before the time.
func shuts(s *story, login string, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	all, err := casework.Disclosures(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("%s was never open to an observer", w.word(0))
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		return casework.EndDisclosure(context.Background(), tx, a, c.ID, all[0].ID)
	})
}

// dingyan remarks on A: text='…'
func remarks(s *story, login string, w words) error {
	c, err := s.of(w.word(1))
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		return casework.Remark(context.Background(), tx, a, c.ID, w.named["text"])
	})
}

// page A as dingyan holds 'regexp': the page of the case that somebody gets, by
// a browser. What is not theirs to see is not found, and holds nothing.
func pageHolds(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	want, err := regexp.Compile(w.word(4))
	if err != nil {
		return err
	}
	posts, err := s.posts(w.word(2))
	if err != nil {
		return err
	}
	path := "/desk/case/"
	if slices.ContainsFunc(posts, func(p procedure.Actor) bool { return s.District().Can(rights.CaseObserve, string(p.Role)) }) {
		path = "/desk/observe/"
	}
	got := s.As(w.word(2)).Get(path + string(c.ID))
	if got.Status != http.StatusOK {
		return no("%s answers %d", path, got.Status)
	}
	if !want.MatchString(got.Text()) {
		return no("the page says %s", got.Text())
	}
	return nil
}

// sees A LOGIN, LOGIN: who the page "who can see this case" names among people
// of the district, each of them there; with "!" at least one is not.
func seesCase(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	d := s.District()
	all, err := casework.WhoSees(context.Background(), s.DB, d, c.ID, casework.Everybody(d, s.now()), nil, s.now())
	if err != nil {
		return err
	}
	for _, login := range w.plain[1:] {
		p, _ := d.Org.PersonByLogin(login)
		if !slices.ContainsFunc(all, func(one casework.Seer) bool { return org.PersonID(one.By.Person) == p.ID }) {
			return no("%s is not among the %d who see it", login, len(all))
		}
	}
	return nil
}
