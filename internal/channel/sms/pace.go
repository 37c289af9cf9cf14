package sms

import (
	"context"
	"sync"
	"time"

	"linli/internal/errs"
)

// pace spaces what is handed over, since operators cut off who is faster than
// the contract says. It holds for one copy of the program.
type pace struct {
	mu    sync.Mutex
	every time.Duration
	next  time.Time
	now   func() time.Time
}

// longestWait is how long a letter waits for its turn before it is put off:
// a worker that waits is one that others cannot have.
const longestWait = 10 * time.Second

func newPace(perSecond float64, now func() time.Time) *pace {
	p := &pace{now: now}
	if perSecond > 0 {
		p.every = time.Duration(float64(time.Second) / perSecond)
	}
	return p
}

// turn waits until n texts may go.
func (p *pace) turn(ctx context.Context, n int) error {
	wait, err := p.take(n)
	if err != nil || wait <= 0 {
		return err
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// take books n turns and tells when the first of them is.
func (p *pace) take(n int) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	if wait > longestWait {
		return 0, errs.New(errs.Busy, "短信排队太长，过会儿再发。", "Too many texts are waiting; this one goes later.").After(wait)
	}
	p.next = p.next.Add(time.Duration(n) * p.every)
	return wait, nil
}
