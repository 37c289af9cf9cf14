package job

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// Standing is how one kind of job of a district stands.
type Standing struct {
	District string
	Kind     string
	Waiting  int       // due or not
	Failing  int       // of these, those that failed and will be tried again
	Parked   int       // given up
	Oldest   time.Time // when the longest waiting was due
}

// Standings says how the jobs of a database stand, by district and kind.
func Standings(ctx context.Context, r db.Reader) (all []Standing, err error) {
	defer errs.Wrap(&err, "job.Standings")
	return db.All(ctx, r, func(s *Standing) []any {
		return []any{&s.District, &s.Kind, &s.Waiting, &s.Failing, &s.Parked, db.Time(&s.Oldest)}
	}, `select district, kind, sum(case when parked then 0 else 1 end), sum(case when not parked and attempts > 0 then 1 else 0 end),
		sum(case when parked then 1 else 0 end), min(run_at) from jobs group by district, kind order by district, kind`)
}

// Parked gives the jobs of a kind that were given up, with why, oldest first.
func Parked(ctx context.Context, r db.Reader, district, kind string, most int) (all []Failure, err error) {
	defer errs.Wrap(&err, "job.Parked(%s, %s)", district, kind)
	return db.All(ctx, r, func(f *Failure) []any {
		return []any{&f.District, &f.Kind, &f.Key, (*[]byte)(&f.Args), db.Time(&f.RunAt), &f.Attempts, &f.Why}
	}, `select district, kind, key, args, run_at, attempts, error from jobs where parked and district = $1 and kind = $2 order by run_at, key limit $3`, district, kind, most)
}

// Failure is a job that was given up.
type Failure struct {
	Job
	Why string
}

// Again has a job that failed or was given up tried at once, as if for the first
// time. It is errs.NotFound where it was done meanwhile.
func Again(ctx context.Context, tx *db.Tx, district, kind, key string) (err error) {
	defer errs.Wrap(&err, "job.Again(%s, %s)", district, kind)
	n, err := tx.Change(ctx, `update jobs set attempts = 0, parked = $4, run_at = $5, error = '' where district = $1 and kind = $2 and key = $3`, district, kind, key, false, db.At(tx.Now))
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这件待办，或已办完", "no such job, or it is done")
	}
	tx.Wake(topic(kind))
	return err
}
