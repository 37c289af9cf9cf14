package page

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"linli/internal/errs"
)

// Whoever does too much waits, and only that one, and only so long.
func TestLimits(t *testing.T) {
	t.Parallel()
	l, now := NewLimits(), time.Unix(1_800_000_000, 0)
	a := allowances[LimitTrack]
	for i := range a.most {
		got, err := l.Take(LimitTrack, "203.0.113.7", now)
		if err != nil || got.Most != a.most || got.Left != a.most-i-1 {
			t.Fatalf("try %d: %+v, %v", i, got, err)
		}
	}
	got, err := l.Take(LimitTrack, "203.0.113.7", now)
	wait, ok := errs.WaitOf(err)
	if !errors.Is(err, errs.Often) || !ok || wait < time.Second || wait > a.per || got.Left != 0 || got.Full < a.per-time.Second {
		t.Errorf("one more: %+v, %v, wait %v", got, err, wait)
	}
	if _, err := l.Take(LimitTrack, "203.0.113.8", now); err != nil {
		t.Errorf("a neighbour waits too: %v", err)
	}
	if _, err := l.Take(LimitSignIn, "203.0.113.7", now); err != nil {
		t.Errorf("another thing waits too: %v", err)
	}
	if _, err := l.Take(LimitTrack, "203.0.113.7", now.Add(wait)); err != nil {
		t.Errorf("after the wait that was told: %v", err)
	}
	for range 2 * a.most {
		if _, err := l.Take(LimitTrack, "203.0.113.9", now); err != nil {
			t.Fatalf("what was given back is gone: %v", err)
		}
		l.Return(LimitTrack, "203.0.113.9", now)
	}
	l.Return(LimitTrack, "203.0.113.9", now)
	if got, _ := l.Take(LimitTrack, "203.0.113.9", now); got.Left != a.most-1 {
		t.Errorf("giving back makes more than there is: %+v", got)
	}
	var none *Limits
	none.Return(LimitTrack, "x", now)
	if _, err := none.Take(LimitTrack, "x", now); err != nil {
		t.Errorf("no limits refuse: %v", err)
	}
}

// An attacker with many addresses fills no memory, and is not let in by being
// forgotten while he comes.
func TestLimitsForgetTheLeastSeen(t *testing.T) {
	t.Parallel()
	l, now := NewLimits(), time.Unix(1_800_000_000, 0)
	for range allowances[LimitTrack].most {
		_, _ = l.Take(LimitTrack, "persistent", now)
	}
	for i := range 5 * rememberedMost {
		_, _ = l.Take(LimitTrack, fmt.Sprint(i), now)
		if i%1000 == 0 {
			if _, err := l.Take(LimitTrack, "persistent", now); err == nil {
				t.Fatalf("after %d others the persistent one is let in", i)
			}
		}
	}
	if n := len(l.fresh) + len(l.aging); n > 2*rememberedMost {
		t.Errorf("%d are remembered", n)
	}
}

// Every limit leaves room for a hotline centre or a service hall behind one
// address: five hundred people, each doing the thing twice in ten minutes, or
// mistyping once in ten times.
func TestLimitsLeaveRoomForAHall(t *testing.T) {
	t.Parallel()
	for name, a := range allowances {
		if a.why == "" || a.whose.ZH == "" {
			t.Errorf("%s: no reason, or nobody to tell", name)
		}
		if a.whose != fromAddress {
			continue
		}
		if in := float64(a.most) * float64(10*time.Minute) / float64(a.per); in < 100 {
			t.Errorf("%s: an address may do %.0f in ten minutes", name, in)
		}
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, want string }{
		{"IPv4 is one address", "203.0.113.7:5123", "203.0.113.7"},
		{"IPv6 is what one customer has", "[2001:db8:1:2:3:4:5:6]:1", "2001:db8:1:2::/64"},
		{"the same customer's other address", "[2001:db8:1:2:ffff::1]:2", "2001:db8:1:2::/64"},
		{"IPv4 written as IPv6 is the same address", "[::ffff:203.0.113.7]:1", "203.0.113.7"},
		{"a zone is not part of it", "[fe80::1%eth0]:1", "fe80::/64"},
		{"what is none still counts as one", "pipe", "unknown"},
	} {
		if got := Network(c.in); got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.why, c.in, got, c.want)
		}
	}
}

func FuzzNetwork(f *testing.F) {
	f.Add("203.0.113.7:5123")
	f.Add("[2001:db8::1%x]:1")
	f.Fuzz(func(t *testing.T, remote string) {
		if Network(remote) == "" {
			t.Errorf("%q counts for nobody", remote)
		}
	})
}
