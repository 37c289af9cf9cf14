package apptest

import (
	"context"
	"time"

	"linli/internal/access"
	"linli/internal/clock"
)

// sessions let a session live by the world's clock. The library counts its end
// from the machine's time, the store compares it with the database's, and in
// the program the two are one.
type sessions struct {
	access.Sessions
	world clock.Source
}

// CommitCtx moves the end of the session into the world's time.
func (s sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.Sessions.CommitCtx(ctx, token, data, s.world.Now().Add(expiry.Sub(clock.System().Now())))
}

// Commit is CommitCtx for a library that has no context at hand.
func (s sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}
