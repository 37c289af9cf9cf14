package casework

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/procedure"
)

// joinedTasks are the tasks of the cases that were merged into a case, and into
// those: whoever worked on them had a hand in what is checked here.
func joinedTasks(ctx context.Context, r db.Reader, district string, id ID) ([]Task, error) {
	return db.All(ctx, r, (*Task).dest, `with recursive gone (id) as (
			select c.id from cases c where c.district = $1 and c.merged_into = $2 and c.merged_into <> ''
			union select c.id from cases c join gone on c.merged_into = gone.id where c.district = $1 and c.merged_into <> '')
		select `+taskColumns+" from tasks t join gone on gone.id = t.case_id where t.district = $1 order by t.opened_at, t.id", district, string(id))
}

// Merge joins a case into another that is about the same thing. Its reports go
// over and their senders are told; its tasks end; both trails say so.
func Merge(ctx context.Context, tx *db.Tx, a Acting, from, into ID) (c Case, err error) {
	defer errs.Wrap(&err, "casework.Merge(%s, %s)", from, into)
	if from == into {
		return Case{}, errs.New(errs.Invalid, "不能并入它自己。", "A case cannot be merged into itself.")
	}
	gone, err := a.begin(ctx, tx, from)
	if err != nil {
		return Case{}, err
	}
	a.Revision = 0
	kept, err := a.begin(ctx, tx, into)
	if err != nil {
		return Case{}, err
	}
	if gone.c.State != Running || kept.c.State != Running {
		return Case{}, errs.New(errs.Conflict, "只有在办的才能并为一件。", "Only running cases can be merged.")
	}
	if gone.c.Secret != kept.c.Secret {
		return Case{}, errs.New(errs.Invalid, "举报件要保密，不能和一般件并在一起。", "A secret report cannot be merged with an ordinary case.")
	}
	for _, t := range gone.tasks {
		if t.State != procedure.Open {
			continue
		}
		if err := gone.close(procedure.Closing{Task: t.ID, State: procedure.Cancelled}); err != nil {
			return Case{}, err
		}
		if err := job.Drop(ctx, tx, a.District.Code, ExpireJob, t.ID); err != nil {
			return Case{}, err
		}
	}
	moved, err := Reports(ctx, tx, a.District.Code, from)
	if err != nil {
		return Case{}, err
	}
	if err := tx.Exec(ctx, "update reports set case_id = $3 where district = $1 and case_id = $2", a.District.Code, string(from), string(into)); err != nil {
		return Case{}, err
	}
	kept.c.Reports += gone.c.Reports
	kept.c.Reachable = kept.c.Reachable || gone.c.Reachable
	kept.c.Danger = kept.c.Danger || gone.c.Danger
	kept.c.MovedAt, gone.c.MovedAt = tx.Now, tx.Now
	gone.c.State, gone.c.MergedInto, gone.c.ClosedAt, gone.c.OnTime = Merged, into, tx.Now, true
	gone.c.Step, gone.c.Reports, gone.c.HeldAt = "", 0, time.Time{}
	gone.endDeed()
	if err := gone.finish("merged", "", map[string]string{"into": kept.c.Number}); err != nil {
		return Case{}, err
	}
	if err := kept.finish("took-in", kept.c.Step, map[string]string{"number": gone.c.Number}); err != nil {
		return Case{}, err
	}
	for _, r := range moved {
		if err := kept.tell("merged", r.ID); err != nil {
			return Case{}, err
		}
	}
	return *kept.c, nil
}
