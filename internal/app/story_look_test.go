package app_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/look"
)

// report is the first report of a case, through which the story's person is
// looked at and reads who looked.
func (s *story) report(name string) (casework.Case, casework.Report, error) {
	c, err := s.of(name)
	if err != nil {
		return c, casework.Report{}, err
	}
	reports, err := casework.Reports(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return c, casework.Report{}, err
	}
	if len(reports) == 0 {
		return c, casework.Report{}, fmt.Errorf("case %s has no report", name)
	}
	return c, reports[0], nil
}

// LOGIN sees A: fields=name,phone for=call-back kind=ask reason='…'
func seesMasked(s *story, login string, w words) error {
	c, r, err := s.report(w.word(0))
	if err != nil {
		return err
	}
	posts, err := s.posts(login)
	if err != nil {
		return err
	}
	a := look.Asking{District: s.District(), Case: c.ID, Report: r.ID, Fields: strings.Split(w.named["fields"], ","), Purpose: w.named["for"], Kind: look.Kind(w.named["kind"]), Reason: w.named["reason"]}
	for _, by := range posts {
		a.By = by
		_, err = look.Reveal(context.Background(), s.DB, s.Vault, a)
		if k := errs.KindOf(err); k != errs.Forbidden && k != errs.NotFound {
			break
		}
	}
	return err
}

// LOGIN delays A: until=2027-02-01 law='…' reason='…'
func delaysLook(s *story, login string, w words) error {
	_, r, err := s.report(w.word(0))
	if err != nil {
		return err
	}
	looks, err := look.OfReports(context.Background(), s.DB, s.code(), r.ID)
	if err != nil || len(looks) == 0 {
		return fmt.Errorf("nobody looked at %s: %w", w.word(0), err)
	}
	day, err := clock.ParseDate(w.named["until"])
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := look.AskDelay(context.Background(), tx, look.DelayAsking{
			District: a.District, By: a.By, Look: looks[len(looks)-1].ID, Law: w.named["law"], Reason: w.named["reason"], Until: day.Start(s.zone()),
		})
		return err
	})
}

// LOGIN allows-delay A reason='…' | refuses-delay A reason='…'
func decidesDelay(grant bool) func(*story, string, words) error {
	return func(s *story, login string, w words) error {
		_, r, err := s.report(w.word(0))
		if err != nil {
			return err
		}
		all, err := look.Delays(context.Background(), s.DB, s.code(), time.Time{})
		if err != nil {
			return err
		}
		for _, y := range all {
			if y.Of.Report != r.ID || y.State != look.Asked {
				continue
			}
			return s.by(login, func(tx *db.Tx, a casework.Acting) error {
				_, err := look.DecideDelay(context.Background(), tx, a.District, a.By, y.ID, grant, w.named["reason"])
				return err
			})
		}
		return fmt.Errorf("no delay waits for a decision on %s", w.word(0))
	}
}

// looked A holds '…' | lacks '…' | times=2: what the person reads of A on the
// page of who looked at their data, opened by number and secret word.
func looked(s *story, w words) error {
	c, r, err := s.report(w.word(0))
	if err != nil {
		return err
	}
	b := s.Browser()
	word, err := s.newWord(r)
	if err != nil {
		return err
	}
	a := b.Get("/track/" + c.Number + "/looks?" + url.Values{"word": {word}}.Encode())
	if err := refused(a); err != nil {
		return err
	}
	text := a.Text()
	if times, err := w.number("times"); err != nil {
		return err
	} else if got := strings.Count(text, "看了您的"); w.named["times"] != "" && got != times {
		return no("%d looks are told, want %d: %s", got, times, text)
	}
	switch holds := strings.Contains(text, w.word(2)); {
	case w.word(1) == "holds" && !holds:
		return no("the person does not read %q: %s", w.word(2), text)
	case w.word(1) == "lacks" && holds:
		return no("the person reads %q: %s", w.word(2), text)
	}
	return nil
}

// newWord gives a report a secret word that the story knows: the one that was
// told to its sender is nowhere any more.
func (s *story) newWord(r casework.Report) (string, error) {
	const word = "abcdefghjk"
	return word, s.write(func(tx *db.Tx, d *district.District) error {
		return tx.Exec(context.Background(), "update reports set word = $3 where district = $1 and id = $2", d.Code, r.ID, intake.HashWord(word))
	})
}
