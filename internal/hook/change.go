package hook

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/procedure"
)

// Rotate gives a hook another secret, once. For a day both sign, so that the
// other system can change over without losing anything.
func (b *Book) Rotate(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (secret string, err error) {
	defer errs.Wrap(&err, "hook.Rotate(%s, %s)", district, id)
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return "", err
	}
	secret = newSecret()
	err = tx.Exec(ctx, "update hooks set secret = $3, former = $4, former_until = $5 where district = $1 and id = $2",
		district, id, b.Vault.Seal(district, SecretField, secret), h.secret, db.At(tx.Now.Add(formerFor)))
	if err != nil {
		return "", err
	}
	return secret, h.note(ctx, tx, district, "hook-rotated", by)
}

// Pause has a hook hear of nothing until it is resumed.
func Pause(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.Pause(%s, %s)", district, id)
	return turn(ctx, tx, district, id, Paused, "hook-paused", by)
}

// Resume has a hook go on from where it stood, so that it misses nothing; also
// one that said that it is no more.
func Resume(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.Resume(%s, %s)", district, id)
	if err := turn(ctx, tx, district, id, On, "hook-resumed", by); err != nil {
		return err
	}
	if err := sendSoon(ctx, tx, district, id); err != nil {
		return err
	}
	return Wake(ctx, tx, district)
}

func turn(ctx context.Context, tx *db.Tx, district, id string, to State, act string, by procedure.Actor) error {
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if h.State == to {
		return errs.New(errs.Conflict, "它已经是这样了。", "It is so already.")
	}
	if err := tx.Exec(ctx, "update hooks set state = $3, failures = 0, rests = 0 where district = $1 and id = $2", district, id, string(to)); err != nil {
		return err
	}
	return h.note(ctx, tx, district, act, by)
}

// End removes a hook with its deliveries. That there was one stays in the trail.
func End(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.End(%s, %s)", district, id)
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	for _, sql := range []string{"delete from deliveries where district = $1 and hook = $2", "delete from hooks where district = $1 and id = $2"} {
		if err := tx.Exec(ctx, sql, district, id); err != nil {
			return err
		}
	}
	if err := job.Drop(ctx, tx, district, SendJob, id); err != nil {
		return err
	}
	return h.note(ctx, tx, district, "hook-ended", by)
}

// Replay has a hook hear again of everything after a place of the feed: 0 is
// everything there is. Each event keeps its id, by which a target knows what it
// had before.
func Replay(ctx context.Context, tx *db.Tx, district, id string, after int64, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.Replay(%s, %s, %d)", district, id, after)
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if after < 0 || after > h.Place {
		return errs.New(errs.Invalid, "只能从已经推到的地方往回：最多到 %d。", "It can only go back from where it is, which is %d.", h.Place).At("after")
	}
	if err := tx.Exec(ctx, "update hooks set place = $3, failures = 0, rests = 0 where district = $1 and id = $2", district, id, after); err != nil {
		return err
	}
	if err := h.note(ctx, tx, district, "hook-replayed", by); err != nil {
		return err
	}
	return Wake(ctx, tx, district)
}

// Again has one delivery sent again, whatever became of it.
func Again(ctx context.Context, tx *db.Tx, district, id, event string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "hook.Again(%s, %s)", district, id)
	_, err = again(ctx, tx, district, id, by, " and event = $5", event)
	return err
}

// AgainAll has everything sent again that failed or was given up, and says how
// much that is.
func AgainAll(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor) (n int64, err error) {
	defer errs.Wrap(&err, "hook.AgainAll(%s, %s)", district, id)
	return again(ctx, tx, district, id, by, " and state in ('failed', 'parked')")
}

func again(ctx context.Context, tx *db.Tx, district, id string, by procedure.Actor, where string, more ...any) (int64, error) {
	h, err := ByID(ctx, tx, district, id)
	if err != nil {
		return 0, err
	}
	args := append([]any{district, id, string(Queued), db.At(tx.Now)}, more...)
	n, err := tx.Change(ctx, "update deliveries set state = $3, attempts = 0, next_at = $4, queued_at = $4 where district = $1 and hook = $2"+where, args...)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errs.New(errs.NotFound, "没有要重推的。", "There is nothing to send again.")
	}
	if err := tx.Exec(ctx, "update hooks set failures = 0, rests = 0 where district = $1 and id = $2", district, id); err != nil {
		return 0, err
	}
	if err := sendSoon(ctx, tx, district, id); err != nil {
		return 0, err
	}
	return n, h.note(ctx, tx, district, "hook-resent", by)
}
