package retain

import (
	"context"
	"encoding/json"
	"slices"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hook"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/notice"
	"linli/internal/peer"
	"linli/internal/privacy"
	"linli/internal/repeat"
	"linli/internal/resident"
	"linli/internal/vault"
)

// ResealJob seals what older keys sealed with the newest one.
const ResealJob = "reseal"

// mark is how far it has come.
type mark struct {
	Table string   `json:"table"`
	After []string `json:"after"`
}

// AskReseal asks for everything that an older key sealed to be sealed again. It
// begins anew where it is under way.
func AskReseal(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "retain.AskReseal(%s)", district)
	if err := job.Drop(ctx, tx, district, ResealJob, ResealJob); err != nil {
		return err
	}
	return job.Add(ctx, tx, district, ResealJob, ResealJob, mark{}, tx.Now)
}

// Tables are those with sealed columns, each lent by the package that owns it.
func Tables() []vault.Table {
	return slices.Concat(casework.Sealed(), resident.Sealed(), access.Sealed(), privacy.Sealed(), repeat.Sealed(), hook.Sealed(), notice.Sealed(), peer.Sealed(), inbox.Sealed())
}

// PrepareReseal reads the next rows of ResealJob, and returns what to write: the
// rows, and the job for those after them.
func PrepareReseal(ctx context.Context, r db.Reader, v *vault.Vault, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "retain.PrepareReseal(%s)", j.District)
	nothing := func(context.Context, *db.Tx, job.Job) error { return nil }
	if !v.Old() {
		return nothing, nil
	}
	var at mark
	if err := json.Unmarshal(j.Args, &at); err != nil {
		return nil, err
	}
	tables := Tables()
	first := max(0, slices.IndexFunc(tables, func(t vault.Table) bool { return t.Name == at.Table }))
	for _, t := range tables[first:] {
		var after []string
		if t.Name == at.Table {
			after = at.After
		}
		rows, err := v.Stale(ctx, r, j.District, t, after, batch)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		return func(ctx context.Context, tx *db.Tx, j job.Job) error {
			if err := v.Reseal(ctx, tx, j.District, t, rows); err != nil {
				return err
			}
			return job.Add(ctx, tx, j.District, ResealJob, ResealJob, mark{t.Name, rows[len(rows)-1].Key}, tx.Now)
		}, nil
	}
	return nothing, nil
}

// Count tells, over all districts, how many values of each sealed column each
// key version holds.
func Count(ctx context.Context, r db.Reader, v *vault.Vault, districts []string) (all []vault.Held, err error) {
	defer errs.Wrap(&err, "retain.Count")
	for _, t := range Tables() {
		var sum []vault.Held
		for i, district := range districts {
			held, err := v.Count(ctx, r, district, t)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				sum = held
				continue
			}
			for n := range min(len(sum), len(held)) {
				sum[n].Values += held[n].Values
			}
		}
		all = append(all, sum...)
	}
	return all, nil
}
