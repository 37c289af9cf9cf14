package app_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/measure"
)

// counts is LOGIN counts 2026-12: a period that is over, without waiting for
// the job of the first of the month.
func counts(s *story, login string, w words) error {
	d := s.District()
	res, err := evaluate.Compute(context.Background(), s.DB, d, d.Catalogue.Measures(), evaluate.Period(w.word(0)), s.now())
	if err != nil {
		return err
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error { return evaluate.Store(context.Background(), tx, a, res) })
}

// reviews is LOGIN reviews u-shizheng 2026-12 inspectors=85 congress=90: scores
// that others give.
func reviews(s *story, login string, w words) error {
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		for body, text := range w.named {
			score, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return err
			}
			in := evaluate.Review{Unit: w.word(0), Period: evaluate.Period(w.word(1)), Body: evaluate.Body(body), Score: score}
			if err := evaluate.EnterReview(context.Background(), tx, a, in); err != nil {
				return err
			}
		}
		return nil
	})
}

// appeals is LOGIN appeals A timely-work 2026-12 reason='…': that A should not
// count in that figure of the own unit.
func appeals(s *story, login string, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	posts, err := s.posts(login)
	if err != nil {
		return err
	}
	unit := posts[0].Unit
	if w.named["unit"] != "" {
		unit = w.named["unit"]
	}
	in := evaluate.Appeal{Period: evaluate.Period(w.word(2)), Subject: evaluate.Unit(unit), Indicator: w.word(1), Case: c.ID, Reason: w.named["reason"]}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := evaluate.LodgeAppeal(context.Background(), tx, a, in)
		return err
	})
}

// strikes is LOGIN strikes A timely-work 2026-12 reason='…'.
func strikes(s *story, login string, w words) error { return s.decidesAppeal(login, w, true) }

// keeps is LOGIN keeps A timely-work 2026-12 reason='…'.
func keeps(s *story, login string, w words) error { return s.decidesAppeal(login, w, false) }

func (s *story) decidesAppeal(login string, w words, strike bool) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	all, err := evaluate.Appeals(context.Background(), s.DB, s.code(), evaluate.Period(w.word(2)))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a evaluate.Appeal) bool { return a.Case == c.ID && a.Indicator == w.word(1) })
	if i < 0 {
		return fmt.Errorf("nobody appealed about %s", w.word(0))
	}
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		_, err := evaluate.DecideAppeal(context.Background(), tx, a, all[i].ID, strike, w.named["reason"])
		return err
	})
}

// freezes is LOGIN freezes 2026-12.
func freezes(s *story, login string, w words) error {
	return s.by(login, func(tx *db.Tx, a casework.Acting) error {
		return evaluate.Freeze(context.Background(), tx, a, evaluate.Period(w.word(0)))
	})
}

// subject is what a story calls district, u-shizheng or 槐树街道.
func (s *story) subject(name string) (evaluate.Subject, error) {
	switch {
	case name == string(evaluate.District):
		return evaluate.District, nil
	case strings.HasPrefix(name, "u-"):
		return evaluate.Unit(name), nil
	}
	code, err := gridCode(s.District(), name)
	return evaluate.Area(string(area.Code(code))), err
}

// figure is: figure timely-work of u-shizheng in 2026-12 is 3/4 | … cases A B —
// what is stored, or, of a period that is not counted yet, what counting it
// gives now.
func figure(s *story, w words) error {
	of, err := s.subject(w.word(2))
	if err != nil {
		return err
	}
	f, cases, err := s.figure(evaluate.Period(w.word(4)), of, w.word(0))
	if err != nil {
		return err
	}
	if given := strings.HasSuffix(w.word(0), "-review"); f.Denominator != len(cases) && !given {
		return fmt.Errorf("%s: %d in the denominator, %d cases behind it", w.word(0), f.Denominator, len(cases))
	}
	if w.word(5) == "is" {
		got := strconv.FormatFloat(f.Numerator, 'f', -1, 64) + "/" + strconv.Itoa(f.Denominator)
		if got != w.word(6) {
			return no("%s of %s is %s, want %s", w.word(0), of, got, w.word(6))
		}
		return nil
	}
	var names []string
	for _, c := range cases {
		names = append(names, s.name(casework.ID(c.Case)))
	}
	slices.Sort(names)
	want := w.plain[6:]
	slices.Sort(want)
	if !slices.Equal(names, want) {
		return no("behind %s of %s are %q, want %q", w.word(0), of, names, want)
	}
	return nil
}

func (s *story) figure(p evaluate.Period, of evaluate.Subject, indicator string) (f measure.Figure, cases []evaluate.Counted, err error) {
	scores, err := s.scores(p)
	if err != nil {
		return f, nil, err
	}
	all, err := scores.Figures(context.Background(), of)
	if err != nil {
		return f, nil, err
	}
	cases, err = scores.Cases(context.Background(), of, indicator)
	return all[indicator], cases, err
}

// scores opens a period as pages do, with nothing kept from before.
func (s *story) scores(p evaluate.Period) (*evaluate.Scores, error) {
	d := s.District()
	return evaluate.NewKeeper(s.DB).Scores(context.Background(), d, d.Catalogue.Measures(), p)
}

// period is: period 2026-12 is preliminary | frozen | open.
func period(s *story, w words) error {
	scores, err := s.scores(evaluate.Period(w.word(0)))
	if err != nil {
		return err
	}
	if string(scores.State) != w.word(2) {
		return no("%s is %s", w.word(0), scores.State)
	}
	return nil
}

// recount is: recount 2026-12 agrees — counted again from the trail, every
// stored figure and every case behind it comes out the same.
func recount(s *story, w words) error {
	all, err := evaluate.Recompute(context.Background(), s.DB, s.District(), evaluate.Period(w.word(0)))
	if err != nil {
		return err
	}
	if len(all) > 0 {
		return no("%d figures come out otherwise, such as %+v", len(all), all[0])
	}
	return nil
}

// scored is: score u-shizheng in 2026-12 by departments is 91.25 A
func scored(s *story, w words) error {
	of, err := s.subject(w.word(0))
	if err != nil {
		return err
	}
	scores, err := s.scores(evaluate.Period(w.word(2)))
	if err != nil {
		return err
	}
	card, err := scores.Card(context.Background(), w.word(4), of)
	if err != nil {
		return err
	}
	got := strings.TrimSpace(strconv.FormatFloat(card.Score, 'f', -1, 64) + " " + card.Grade)
	if want := strings.Join(w.plain[6:], " "); got != want {
		return no("%s scores %s, want %s: %+v", of, got, want, card)
	}
	return nil
}
