package access

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"linli/internal/errs"
)

// atOnce bounds how many passwords are hashed at the same time: each takes the
// memory and time of its Cost, and that is what makes guessing dear.
const atOnce = 2

// Cost is how much work a password hash is. Its zero value is right for use;
// tests take less.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// Config configures a Guard. Its zero value is ready for use.
type Config struct {
	Cost Cost
	// Wait pauses a sign-in after earlier failures; nil really waits.
	Wait func(context.Context, time.Duration) error
}

// Guard hashes and compares passwords, a few at a time.
type Guard struct {
	cost  argon2id.Params
	wait  func(context.Context, time.Duration) error
	turn  *semaphore.Weighted
	decoy string // compared when there is no such login
}

// New makes a Guard. It hashes once, so it takes as long as a sign-in.
func New(cfg Config) (g *Guard, err error) {
	defer errs.Wrap(&err, "access.New")
	// OWASP's second choice for argon2id: 19 MiB, two passes, one lane. The
	// library's default takes 64 MiB and every core for each sign-in.
	cost := argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	if cfg.Cost.MemoryKiB > 0 {
		cost.Memory = cfg.Cost.MemoryKiB
	}
	if cfg.Cost.Passes > 0 {
		cost.Iterations = cfg.Cost.Passes
	}
	g = &Guard{cost: cost, wait: cfg.Wait, turn: semaphore.NewWeighted(atOnce)}
	if g.wait == nil {
		g.wait = pause
	}
	g.decoy, err = argon2id.CreateHash("nobody's", &g.cost)
	return g, err
}

// inTurn runs fn when fewer than atOnce others run.
func (g *Guard) inTurn(ctx context.Context, fn func() error) error {
	if err := g.turn.Acquire(ctx, 1); err != nil {
		return errs.New(errs.Busy, "登录的人多，请稍后再试", "many are signing in, please try again in a moment").Because(err)
	}
	defer g.turn.Release(1)
	return fn()
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
