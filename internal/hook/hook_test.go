package hook_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/outbound"
	"linli/internal/trail"
)

// Every change arrives once, in order, signed, as one event of CloudEvents; a
// hook of other kinds hears nothing.
func TestChangesArrive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.change(2) // before there was a hook
		to, other := newTarget(t), newTarget(t)
		h, secret := w.add(to.URL)
		w.add(other.URL, feed.Opened)
		w.change(120)
		w.run()
		if diff := cmp.Diff(changes(3, 122), to.ids()); diff != "" {
			t.Errorf("came (-want +got)\n%s", diff)
		}
		if err := to.verify(t, secret, 0); err != nil {
			t.Errorf("signature: %v", err)
		}
		if len(other.ids()) != 0 {
			t.Errorf("a hook of other kinds heard %v", other.ids())
		}
		var e feed.Event
		if err := json.Unmarshal(to.bodies[0], &e); err != nil || e.SpecVersion != "1.0" || e.ID != "setup-calendar-3" || e.Type != "cn.linli.calendar.changed" {
			t.Errorf("the body: %v %s", err, to.bodies[0])
		}
		if got := to.came[0].Header.Get("Content-Type"); got != feed.ContentType {
			t.Errorf("content type %q", got)
		}
		for _, d := range w.deliveries(h.ID) {
			if d.State != hook.Sent || d.Status != http.StatusNoContent || d.Attempts != 1 || d.Why != "" {
				t.Fatalf("a delivery: %+v", d)
			}
		}
		w.do(func(tx *db.Tx) error { return hook.Try(t.Context(), tx, code, h.ID, by) })
		w.run()
		if ids := to.ids(); !strings.HasPrefix(ids[len(ids)-1], "ping-") || to.verify(t, secret, 0) != nil {
			t.Errorf("the ping: %v", ids[len(ids)-1])
		}
	})
}

// What fails is tried again with growing pauses, beside what comes later, until
// it arrives.
func TestTriedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to := newTarget(t)
		h, secret := w.add(to.URL)
		to.answers(http.StatusInternalServerError, nil)
		w.change(3)
		w.run()
		if got := len(to.ids()); got != 1 {
			t.Fatalf("a target that fails was asked %d times at once, want once", got)
		}
		if d := w.deliveries(h.ID); d[0].State != hook.Failed || d[0].Status != 500 || d[0].Why != hook.Refusal || d[1].State != hook.Queued {
			t.Errorf("after a failure: %+v", d)
		}
		w.later(4 * time.Second)
		if got := len(to.ids()); got != 1 {
			t.Errorf("asked again before its rest was over: %d", got)
		}
		to.answers(http.StatusOK, nil)
		w.later(2 * time.Second)
		w.later(15 * time.Second)
		if diff := cmp.Diff([]hook.Standing{hook.Sent, hook.Sent, hook.Sent}, w.standings(h.ID)); diff != "" {
			t.Errorf("in the end (-want +got)\n%s", diff)
		}
		if ids := to.ids(); len(ids) != 4 || to.verify(t, secret, 0) != nil {
			t.Errorf("came %v", ids)
		}
		to.answers(http.StatusTooManyRequests, http.Header{"Retry-After": {"600"}})
		w.change(1)
		w.run()
		w.later(9 * time.Minute)
		if got := len(to.ids()); got != 5 {
			t.Errorf("a target that asked for ten minutes was asked after nine: %d", got)
		}
	})
}

// After a week a delivery is given up and waits to be sent by hand.
func TestParkedAfterAWeek(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to := newTarget(t)
		h, _ := w.add(to.URL)
		to.answers(http.StatusServiceUnavailable, nil)
		w.change(2)
		begin := w.clock.Now()
		for slices.ContainsFunc(w.standings(h.ID), func(s hook.Standing) bool { return s != hook.Parked }) || len(w.standings(h.ID)) == 0 {
			if w.clock.Now().Sub(begin) > 9*24*time.Hour {
				t.Fatalf("after nine days: %v", w.standings(h.ID))
			}
			w.later(20 * time.Minute)
		}
		if took := w.clock.Now().Sub(begin); took < 6*24*time.Hour+20*time.Hour {
			t.Errorf("given up after %v, want about a week", took)
		}
		if n := len(to.ids()); n < 50 || n > 400 {
			t.Errorf("asked %d times in a week", n)
		}
		to.answers(http.StatusOK, nil)
		w.later(2 * time.Hour)
		if got := w.standings(h.ID); slices.Contains(got, hook.Sent) {
			t.Errorf("what was given up is sent by itself: %v", got)
		}
		w.do(func(tx *db.Tx) error { _, err := hook.AgainAll(t.Context(), tx, code, h.ID, by); return err })
		w.run()
		if diff := cmp.Diff([]hook.Standing{hook.Sent, hook.Sent}, w.standings(h.ID)); diff != "" {
			t.Errorf("sent by hand (-want +got)\n%s", diff)
		}
		w.do(func(tx *db.Tx) error { return hook.Again(t.Context(), tx, code, h.ID, "setup-calendar-2", by) })
		w.run()
		if ids := to.ids(); ids[len(ids)-1] != "setup-calendar-2" {
			t.Errorf("one by hand: %v", ids)
		}
	})
}

// One that answers 410 is asked no more; resumed, it goes on where it stood.
func TestGonePausedAndReplayed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to := newTarget(t)
		h, _ := w.add(to.URL)
		to.answers(http.StatusGone, nil)
		w.change(2)
		w.run()
		w.change(2)
		w.later(24 * time.Hour)
		if got := w.hook(h.ID); got.State != hook.Gone || len(to.ids()) != 1 {
			t.Fatalf("after 410: %s, asked %d times", got.State, len(to.ids()))
		}
		to.answers(http.StatusOK, nil)
		w.do(func(tx *db.Tx) error { return hook.Resume(t.Context(), tx, code, h.ID, by) })
		for range 4 {
			w.later(time.Minute)
		}
		got := to.ids()[1:]
		slices.Sort(got)
		if diff := cmp.Diff(changes(1, 4), got); diff != "" {
			t.Errorf("resumed (-want +got)\n%s", diff)
		}
		w.do(func(tx *db.Tx) error { return hook.Pause(t.Context(), tx, code, h.ID, by) })
		before := len(to.ids())
		w.change(1)
		w.later(time.Hour)
		if len(to.ids()) != before {
			t.Error("a paused hook hears something")
		}
		w.do(func(tx *db.Tx) error { return hook.Resume(t.Context(), tx, code, h.ID, by) })
		w.run()
		w.do(func(tx *db.Tx) error { return hook.Replay(t.Context(), tx, code, h.ID, 0, by) })
		w.run()
		if diff := cmp.Diff(changes(1, 5), to.ids()[before+1:]); diff != "" {
			t.Errorf("replayed (-want +got)\n%s", diff)
		}
		w.do(func(tx *db.Tx) error { return hook.End(t.Context(), tx, code, h.ID, by) })
		w.change(1)
		w.run()
		if len(to.ids()) != before+6 {
			t.Error("a hook that was ended hears something")
		}
	})
}

// While a secret is changed both sign; a day later only the new one does. Neither
// it nor the address lies readable in the database or in the trail.
func TestSecretChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to := newTarget(t)
		h, old := w.add(to.URL + "/in?token=geheim")
		var fresh string
		w.do(func(tx *db.Tx) (err error) { fresh, err = w.book.Rotate(t.Context(), tx, code, h.ID, by); return err })
		w.change(1)
		w.run()
		if to.verify(t, old, 0) != nil || to.verify(t, fresh, 0) != nil {
			t.Error("not signed with both")
		}
		w.clock.Advance(25 * time.Hour)
		from := len(to.ids())
		w.change(1)
		w.run()
		if len(to.ids()) == from || signedWith(to, t, fresh, from) != nil || signedWith(to, t, old, from) == nil {
			t.Error("a day later: want the new secret alone")
		}
		for _, sql := range []string{"select url from hooks", "select secret from hooks", "select former from hooks", "select detail from trail"} {
			all, err := db.All(t.Context(), w.DB, func(s *string) []any { return []any{s} }, sql)
			w.must(err)
			for _, text := range all {
				if strings.Contains(text, "whsec_") || strings.Contains(text, "geheim") || strings.Contains(text, old[7:]) {
					t.Errorf("%s gives %s", sql, text)
				}
			}
		}
		entries, err := trail.Of(t.Context(), w.DB, code, trail.Chain(trail.Setup, h.ID))
		if err != nil || len(entries) != 2 || entries[0].Act != "hook-added" || entries[1].Act != "hook-rotated" || entries[1].Person != by.Person {
			t.Errorf("the trail: %v %+v", err, entries)
		}
	})
}

// signedWith verifies one delivery without asking whether the time is now: the test's clock is ahead.
func signedWith(to *target, t *testing.T, secret string, from int) error {
	t.Helper()
	to.mu.Lock()
	defer to.mu.Unlock()
	return verifyAnyTime(t, secret, to.bodies[from], to.came[from].Header)
}

// Where an address lies is looked at when it is asked for and again where it is
// dialled, whatever it is called, and a redirect is not followed.
func TestInsideIsNotCalled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		inside := newTarget(t)
		to := newTarget(t)
		to.answers(http.StatusTemporaryRedirect, http.Header{"Location": {inside.URL}})
		h, _ := w.add(to.URL)
		named, _ := w.add(strings.Replace(inside.URL, "127.0.0.1", "localhost", 1))
		w.book.Client = outbound.Client(outbound.Config{Allow: here})
		w.change(1)
		w.run()
		if d := w.deliveries(h.ID)[0]; d.Why != hook.Redirect || d.State != hook.Failed {
			t.Errorf("a redirect: %+v", d)
		}
		if len(inside.ids()) != 1 { // the named one, which was allowed
			t.Errorf("inside was called %d times", len(inside.ids()))
		}
		w.book.Client = outbound.Client(outbound.Config{}) // the name now leads where nothing is allowed
		w.change(1)
		w.run()
		all := w.deliveries(named.ID)
		if d := all[len(all)-1]; d.Why != hook.Inside || len(inside.ids()) != 1 {
			t.Errorf("a name that leads inside: %+v, called %d times", d, len(inside.ids()))
		}
	})
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		why, url       string
		inside, strict bool // whether it may be added where networks inside are allowed, and where none is
	}{
		{"an address as it should be", "https://example.cn/linli?k=v", true, true},
		{"in the clear over the internet", "http://example.cn/", true, false},
		{"loopback", "https://127.0.0.1/", true, false},
		{"a private network that was not allowed", "https://10.1.2.3/", false, false},
		{"loopback in IPv6", "https://[::1]/", false, false},
		{"IPv4 in IPv6", "https://[::ffff:10.0.0.1]/", false, false},
		{"the cloud's own data", "https://169.254.169.254/latest", false, false},
		{"a user name", "https://a:b@example.cn/", false, false},
		{"a fragment", "https://example.cn/#x", false, false},
		{"no host", "https:///x", false, false},
		{"another scheme", "file:///etc/passwd", false, false},
		{"no address", "example.cn", false, false},
		{"a line break", "https://example.cn/\r\nX: y", false, false},
		{"too long", "https://example.cn/" + strings.Repeat("x", 600), false, false},
	} {
		for _, b := range []struct {
			book *hook.Book
			want bool
		}{{&hook.Book{Allow: here}, one.inside}, {&hook.Book{}, one.strict}} {
			if _, err := b.book.CheckURL(one.url); (err == nil) != b.want || err != nil && errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %q with %d networks allowed: %v, want %t", one.why, one.url, len(b.book.Allow), err, b.want)
			}
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://example.cn/", "http://[::1", "https://10.0.0.1:99999/", "https://%31%32%37.0.0.1"} {
		f.Add(s)
	}
	b := &hook.Book{}
	f.Fuzz(func(t *testing.T, text string) {
		host, err := b.CheckURL(text)
		if err == nil && (!strings.HasPrefix(strings.ToLower(text), "https://") || host == "" || strings.Contains(host, "@")) {
			t.Fatalf("%q was taken as %q", text, host)
		}
	})
}

func FuzzParseBefore(f *testing.F) {
	for _, s := range []string{"", "MTIzIGFiYw", "MTIz", "!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { hook.ParsesBefore(text) })
}
