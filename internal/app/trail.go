package app

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/hook"
	"linli/internal/job"
)

// The jobs of the trail's public log: logJob takes in what is new, wholeLogJob
// looks every night whether anything was left out.
const (
	logJob      = "trail-log"
	wholeLogJob = "trail-whole"
)

const (
	logEvery      = 10 * time.Second
	wholeLogAfter = time.Hour // the first one; then every day
)

// scheduleLog asks for the jobs of a district's log.
func scheduleLog(ctx context.Context, tx *db.Tx, code string) error {
	if err := job.Add(ctx, tx, code, logJob, logJob, nil, tx.Now); err != nil {
		return err
	}
	return job.Add(ctx, tx, code, wholeLogJob, wholeLogJob, nil, tx.Now.Add(wholeLogAfter))
}

// prepareLog is the job.Preparer of both: reading what is new is no part of the
// transaction that takes it in.
func (a *App) prepareLog(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
	batch, err := a.Trail.Gather(ctx, r, j.District, j.Kind == wholeLogJob)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx, j job.Job) error {
		if err := a.Trail.Take(ctx, tx, batch); err != nil {
			return err
		}
		if err := hook.Wake(ctx, tx, j.District); err != nil {
			return err
		}
		next := tx.Now.Add(logEvery)
		switch {
		case batch.Full():
			next = tx.Now
		case j.Kind == wholeLogJob:
			next = tx.Now.AddDate(0, 0, 1)
		}
		return job.Add(ctx, tx, j.District, j.Kind, j.Kind, nil, next)
	}, nil
}
