package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/sample"
)

// asked lists what happens around the asks of a story.
func (t *teller) asked(s *sample.Story, tl *tale) (all []event) {
	for _, a := range s.Asks {
		one, id := a, new(string)
		all = append(all, event{at: a.At, do: func(ctx context.Context) error { return t.ask(ctx, tl, one, id) }})
		if !a.Decided.IsZero() {
			all = append(all, event{at: a.Decided, do: func(ctx context.Context) error { return t.decide(ctx, one, *id) }})
		}
		if !a.Resumed.IsZero() {
			all = append(all, event{at: a.Resumed, do: func(ctx context.Context) error { return t.resume(ctx, *id) }})
		}
	}
	return all
}

// passed reports whether somebody was faster: the case moved on before what the
// story had in mind, as happens in life.
func passed(err error) bool { return errors.Is(err, errs.Conflict) || errors.Is(err, errs.Forbidden) }

// ask has a unit ask for what the story says, at the step it has open.
func (t *teller) ask(ctx context.Context, tl *tale, a sample.Ask, id *string) error {
	err := t.app.DB.Write(ctx, func(tx *db.Tx) error {
		tasks, err := casework.Tasks(ctx, tx, t.d.Code, tl.id)
		if err != nil {
			return err
		}
		task, ok := openTask(tasks, sample.Move{Step: a.Step})
		if !ok {
			return nil
		}
		q := casework.Asking{Task: task.ID, Kind: a.Kind, Until: a.Until, More: a.More, Reason: a.Reason}
		may := t.may(task, 0)
		if len(may) == 0 {
			return nil
		}
		e, err := casework.Ask(ctx, tx, casework.Acting{District: t.d, By: may[0]}, tl.id, q)
		if err == nil {
			*id = e.ID
		}
		return err
	})
	if err != nil && !passed(err) {
		return fmt.Errorf("a story asks for %s: %w", a.Kind, err)
	}
	return nil
}

func (t *teller) decide(ctx context.Context, a sample.Ask, id string) error {
	if id == "" {
		return nil
	}
	return t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, by casework.Acting) error {
		_, err := casework.Decide(ctx, tx, by, id, a.Granted, a.Decision)
		return err
	})
}

func (t *teller) resume(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	e, err := casework.EntryByID(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(t.posts, func(p procedure.Actor) bool { return p.Post == e.AskedBy })
	if i < 0 {
		return nil
	}
	err = t.app.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := casework.Resume(ctx, tx, casework.Acting{District: t.d, By: t.posts[i]}, id, "可以接着办了。")
		return err
	})
	if passed(err) {
		return nil
	}
	return err
}

// by lets somebody do something in the post with a role; where it came too late,
// nothing happened.
func (t *teller) by(ctx context.Context, login, role string, do func(*db.Tx, casework.Acting) error) error {
	post, err := t.actor(login, role)
	if err != nil {
		return err
	}
	err = t.app.DB.Write(ctx, func(tx *db.Tx) error { return do(tx, casework.Acting{District: t.d, By: post}) })
	if passed(err) {
		return nil
	}
	return err
}

// workdays lists the working days until the end at a time of day, the latest
// first, at most so many.
func (t *teller) workdays(hour, minute, most int) (all []time.Time) {
	zone := t.d.Calendar.Zone()
	end := t.end.In(zone)
	for back := 0; len(all) < most && back < 3*most+10; back++ {
		day := time.Date(end.Year(), end.Month(), end.Day()-back, hour, minute, 0, 0, zone)
		if t.d.Calendar.Open(day) && !day.After(t.end) {
			all = append(all, day)
		}
	}
	return all
}
