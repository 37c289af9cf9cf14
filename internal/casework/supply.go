package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// Supplement is what a reporter sent in later, when asked for more.
type Supplement struct {
	Task   string
	Report string // whose words they are; '' where that is not known
	Text   string
	At     time.Time
}

func (s *Supplement) dest() []any { return []any{&s.Task, &s.Report, &s.Text, db.Time(&s.At)} }

// Supplements lists what the reporter of a case supplied, oldest first. It may
// name people, as a report may.
func Supplements(ctx context.Context, r db.Reader, district string, id ID) (all []Supplement, err error) {
	defer errs.Wrap(&err, "casework.Supplements(%s)", id)
	return db.All(ctx, r, (*Supplement).dest, "select task, report, text, at from supplements where district = $1 and case_id = $2 order by at, id", district, string(id))
}

// supply keeps what the reporter wrote out of the trail, which holds no
// personal data, and where the handler finds it.
func (s *stroke) supply(m procedure.Move) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return s.tx.Exec(s.ctx, "insert into supplements (district, id, case_id, task, report, text, at) values ($1,$2,$3,$4,$5,$6,$7)",
		s.d.Code, id.String(), string(s.c.ID), m.Task, s.by.Report, m.Answer, db.At(s.tx.Now))
}

// marked refuses marks that the action does not ask, and answers they do not have.
func (s *stroke) marked(m procedure.Move) error {
	if len(m.Marks) == 0 {
		return nil
	}
	var asked []string
	if step := s.p.Step(s.stepOf(m.Task)); step != nil {
		if a := step.Action(m.Action); a != nil {
			asked = a.Asks
		}
	}
	return s.d.Catalogue.Marks().Check(asked, m.Marks)
}
