package hook_test

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"linli/internal/hook"
)

func verifyAnyTime(t *testing.T, secret string, body []byte, head http.Header) error {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return wh.VerifyIgnoringTimestamp(body, head)
}

// Targets that sleep, that answer a byte a second, that take the connection and
// say nothing, and that answer without end hold up nobody but themselves.
func TestSlowAndLyingTargetsHoldUpNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		over := make(chan struct{})
		asleep := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			select {
			case <-over:
			case <-time.After(20 * time.Second):
			}
		}))
		endless := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := a.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}))
		t.Cleanup(func() { close(over); asleep.Close(); endless.Close() })
		quick := newTarget(t)
		w.add(asleep.URL)
		w.add(silent(t))
		w.add(tarpit(t, over))
		lies, _ := w.add(endless.URL)
		w.add(quick.URL)
		w.change(30)
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { w.jobs.Run(ctx) })
		arrives(t, quick, 30)
		for begin := time.Now(); !slices.Equal(slices.Compact(w.standings(lies.ID)), []hook.Standing{hook.Sent}); {
			if time.Since(begin) > 15*time.Second {
				t.Fatalf("a target that took the event and never ends: %v", w.standings(lies.ID))
			}
			time.Sleep(5 * time.Millisecond)
		}
		w.change(5) // and still nobody waits
		arrives(t, quick, 35)
		cancel()
		run.Wait()
	})
}

// arrives waits until a target has heard of so much; sooner than any of the slow
// ones gives up.
func arrives(t *testing.T, to *target, n int) {
	t.Helper()
	for begin := time.Now(); len(to.ids()) < n; {
		if time.Since(begin) > 15*time.Second {
			t.Fatalf("only %d of %d came", len(to.ids()), n)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// silent takes connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	return listener(t, func(net.Conn) {})
}

// tarpit answers a byte a second.
func tarpit(t *testing.T, over chan struct{}) string {
	t.Helper()
	return listener(t, func(c net.Conn) {
		for _, b := range []byte("HTTP/1.1 200 OK\r\nX-Slow: " + string(make([]byte, 1<<10))) {
			select {
			case <-over:
				return
			case <-time.After(time.Second):
			}
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
		}
	})
}

func listener(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open []net.Conn
	var mu sync.Mutex
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			all.Go(func() { serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return "http://" + l.Addr().String()
}

// A program that is killed again and again in the middle tells of every change,
// and has one delivery for each.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to := newTarget(t)
		h, secret := w.add(to.URL)
		dice, total := rand.New(rand.NewPCG(2, 9)), 0
		for range 12 {
			w.change(5)
			total += 5
			ctx, kill := context.WithTimeout(t.Context(), time.Duration(dice.IntN(60))*time.Millisecond)
			w.runner().Run(ctx)
			kill()
			w.clock.Advance(3 * time.Minute) // what was claimed is free again
		}
		w.run()
		var want []hook.Standing
		for range total {
			want = append(want, hook.Sent)
		}
		if got := w.standings(h.ID); !slices.Equal(got, want) {
			t.Errorf("deliveries: %v", got)
		}
		heard := to.ids()
		slices.Sort(heard)
		all := changes(1, total)
		slices.Sort(all)
		if got := slices.Compact(heard); !slices.Equal(got, all) {
			t.Errorf("heard of %d changes, want %d", len(got), total)
		}
		if to.came[0] == nil || verifyAnyTime(t, secret, to.bodies[0], to.came[0].Header) != nil {
			t.Error("not signed")
		}
	})
}
