package access

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
)

const good = "osmanthus lamp seven"

// world is a guard whose waiting moves the clock instead of taking time.
type world struct {
	mu     sync.Mutex
	now    time.Time
	waited time.Duration
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) wait(_ context.Context, d time.Duration) error {
	w.advance(d)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waited += d
	return nil
}

// each runs fn on each engine with a guard and one account, chenli.
func each(t *testing.T, fn func(t *testing.T, w *world, g *Guard, d *db.DB)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := &world{now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
		d, err := db.Open(t.Context(), db.Config{URL: address, Now: w.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		g, err := New(Config{Cost: Cost{MemoryKiB: 64, Passes: 1}, Wait: w.wait})
		if err != nil {
			t.Fatal(err)
		}
		add(t, g, d, "chenli")
		fn(t, w, g, d)
	})
}

func add(t *testing.T, g *Guard, d *db.DB, login string) {
	t.Helper()
	h, err := g.Hash(t.Context(), login, good)
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := AddAccount(t.Context(), tx, "990101", login, "person-"+login, h, By{})
		return err
	})
}

// account is an account as it stands.
func account(t *testing.T, d *db.DB, login string) Account {
	t.Helper()
	a, err := Find(t.Context(), d, "990101", login)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// ASVS 8.4.1
func TestSignIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		add(t, g, d, "closed")
		write(t, d, func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "closed", By{}) })
		want := Account{District: "990101", Login: "chenli", Person: "person-chenli", Active: true, Created: w.Now()}
		for _, row := range []struct {
			why, district, login, password string
			ok                             bool
		}{
			{"as it should be", "990101", "chenli", good, true},
			{"a phone writes capitals and spaces", "990101", " ChenLi ", good, true},
			{"wide letters of a Chinese keyboard", "990101", "ｃｈｅｎｌｉ", good, true},
			{"wrong password", "990101", "chenli", good + "!", false},
			{"password in other letters", "990101", "chenli", strings.ToUpper(good), false},
			{"no password", "990101", "chenli", "", false},
			{"unknown login", "990101", "nobody", good, false},
			{"the word that stands for nobody", "990101", "nobody", "nobody's", false},
			{"another district", "990102", "chenli", good, false},
			{"closed account", "990101", "closed", good, false},
			{"SQL as a login", "990101", "chenli' or '1'='1", good, false},
			{"bytes that are no text", "990101", "\xff\x00", good, false},
			{"a password of a megabyte", "990101", "chenli", strings.Repeat("x", 1<<20), false},
		} {
			got, err := g.SignIn(t.Context(), d, row.district, row.login, row.password, From{})
			if row.ok {
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%s: %v (-want +got):\n%s", row.why, err, diff)
				}
				continue
			}
			text, _ := errs.TextOf(err)
			same, _ := errs.TextOf(refused())
			if !errors.Is(err, errs.SignIn) || text != same || got != (Account{}) {
				t.Errorf("%s: got %v, %v; want the one refusal", row.why, got, err)
			}
		}
	})
}

// Guessing gets slower for a login that exists and for one that does not, and
// the right password still opens.
//
// ASVS 6.1.1
// GB/T 22239 8.1.4.1b
func TestFailuresDelayAndNeverLock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		for _, login := range []string{"nobody", "chenli"} {
			var waits []time.Duration
			for range 9 {
				before := w.waited
				if _, err := g.SignIn(t.Context(), d, "990101", login, "wrong", From{}); !errors.Is(err, errs.SignIn) {
					t.Fatalf("%s: got %v, want a refusal", login, err)
				}
				waits = append(waits, (w.waited-before)/time.Second)
			}
			if diff := cmp.Diff([]time.Duration{0, 0, 0, 1, 2, 4, 8, 15, 15}, waits); diff != "" {
				t.Errorf("%s waited seconds (-want +got):\n%s", login, diff)
			}
		}
		before := w.waited
		if _, err := g.SignIn(t.Context(), d, "990101", "chenli", good, From{}); err != nil {
			t.Errorf("the right password: %v", err)
		}
		if got := w.waited - before; got != longestDelay {
			t.Errorf("the right password waited %v, want its turn in the line", got)
		}
		before = w.waited
		if _, err := g.SignIn(t.Context(), d, "990101", "chenli", good, From{}); err != nil || w.waited != before {
			t.Errorf("after a success: %v, waited %v, want none", err, w.waited-before)
		}
	})
}

func TestFailuresAreForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		for range 6 {
			_, _ = g.SignIn(t.Context(), d, "990101", "chenli", "wrong", From{})
		}
		w.advance(forgetAfter + time.Minute)
		before := w.waited
		for range freeTries {
			_, _ = g.SignIn(t.Context(), d, "990101", "chenli", "wrong", From{})
		}
		if w.waited != before {
			t.Errorf("waited %v for failures of long ago", w.waited-before)
		}
		w.advance(forgetAfter + time.Minute)
		write(t, d, func(tx *db.Tx) error { return SweepFailures(t.Context(), tx, "990101") })
		if n, err := db.Value[int](t.Context(), d, "select count(*) from signin_failures"); err != nil || n != 0 {
			t.Errorf("%d rows after the sweep, %v", n, err)
		}
	})
}

// Many tries at once stand in one line, and the line has an end.
//
// ASVS 6.3.1
func TestParallelGuessesGainNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		// Here the clock stands still, as it nearly does in a burst.
		var mu sync.Mutex
		var looked []time.Duration
		g, err := New(Config{Cost: Cost{MemoryKiB: 64, Passes: 1}, Wait: func(_ context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			looked = append(looked, d)
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		busy, refusals := 0, 0
		for range 30 {
			wait.Go(func() {
				_, err := g.SignIn(t.Context(), d, "990101", "chenli", "wrong", From{})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, errs.Busy):
					busy++
				case errors.Is(err, errs.SignIn):
					refusals++
				default:
					t.Errorf("got %v", err)
				}
			})
		}
		wait.Wait()
		// Without waiting 3, then after 1, 3, 7 and 15 seconds.
		if refusals != 7 || busy != 23 || len(looked) != 4 {
			t.Errorf("%d looked at, %d sent away, waits %v; want 7, 23 and four waits", refusals, busy, looked)
		}
	})
}

// ASVS 15.2.2
func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, err := New(Config{Cost: Cost{MemoryKiB: 64, Passes: 1}})
		if err != nil {
			t.Fatal(err)
		}
		var running, done atomic.Int32
		hold := make(chan struct{})
		for range 10 {
			go func() {
				err := g.inTurn(t.Context(), func() error {
					running.Add(1)
					<-hold
					return nil
				})
				if err == nil {
					done.Add(1)
				}
			}()
		}
		synctest.Wait()
		if got := running.Load(); got != atOnce {
			t.Errorf("%d hash at once, want %d", got, atOnce)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.inTurn(ctx, func() error { return nil }); !errors.Is(err, errs.Busy) {
			t.Errorf("one who left the line: got %v, want busy", err)
		}
		close(hold)
		synctest.Wait()
		if got := done.Load(); got != 10 {
			t.Errorf("%d got their turn, want 10", got)
		}
	})
}

// ASVS 6.2.1, 6.2.5, 6.2.9, 6.2.11
// GB/T 22239 8.1.4.1a
func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, login, password string
		ok                   bool
	}{
		{"words", "chenli", good, true},
		{"eight Chinese letters", "chenli", "桂花树下一盏灯呀", true},
		{"no capital, no digit, no sign needed", "chenli", "kmxvtwqpz", true},
		{"too short", "chenli", "kmxvtwq", false},
		{"seven letters, though many bytes", "chenli", "桂花树下一盏灯", false},
		{"too long", "chenli", strings.Repeat("ab1", 100), false},
		{"everybody's first", "chenli", "12345678", false},
		{"in capitals", "chenli", "Password123", false},
		{"of the country's top ten", "chenli", "woaini1314", false},
		{"one letter over and over", "chenli", "灯灯灯灯灯灯灯灯灯", false},
		{"the login itself", "chenli-1234", "ChenLi-1234", false},
		{"the login and a year", "chenliming", "chenliming2026", false},
		{"the login inside words of one's own", "chenliming", "chenliming likes plum rain", true},
		{"a piece over and over", "chenli", "kqxkqxkqxkqx", false},
		{"along the keys", "chenli", "asdfghjklp", false},
		{"down the keys", "chenli", "5tgb6yhn7ujm", false},
		{"a birthday", "chenli", "19880301", false},
		{"eight digits of no day", "chenli", "19889971", true},
		{"a phone number", "chenli", "13800000013", false},
		{"every clerk's", "chenli", "Admin@2026", false},
		{"a name and its digits", "chenli", "wangwei123456", false},
		{"a phrase of more than 64 letters", "chenli", strings.Repeat("plum rain over bridges ", 4), true},
		{"wide letters of a common one", "chenli", norm.NFKC.String("ｗｏａｉｎｉ１３１４"), false},
	} {
		err := checkPassword(row.password, row.login)
		if (err == nil) != row.ok || err != nil && !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want accepted: %v", row.why, err, row.ok)
		}
	}
}

// GB/T 22239 8.1.4.1a
func TestAccountsAreAddedOnceAndChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		other, err := g.Hash(t.Context(), "chenli", "another good phrase")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			why, login, person string
			hash               Hashed
			kind               errs.Kind
		}{
			{"taken", "CHENLI", "p", other, errs.Conflict},
			{"no login", "", "p", other, errs.Invalid},
			{"markup", "<b>", "p", other, errs.Invalid},
			{"over-long", strings.Repeat("a", 65), "p", other, errs.Invalid},
			{"nobody's", "free", "", other, errs.Invalid},
			{"no password", "free", "p", Hashed{}, errs.Invalid},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := AddAccount(t.Context(), tx, "990101", row.login, row.person, row.hash, By{})
				return err
			})
			if !errors.Is(err, row.kind) {
				t.Errorf("%s: got %v, want %s", row.why, err, row.kind)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			return ChangePassword(t.Context(), tx, account(t, d, "ChenLi"), other, "", From{})
		})
		if _, err := g.SignIn(t.Context(), d, "990101", "chenli", good, From{}); !errors.Is(err, errs.SignIn) {
			t.Errorf("the old password: got %v", err)
		}
		if _, err := g.SignIn(t.Context(), d, "990101", "chenli", "another good phrase", From{}); err != nil {
			t.Errorf("the new password: %v", err)
		}
		for why, hash := range map[string]Hashed{"nobody": other, "chenli": {}} {
			a := Account{District: "990101", Login: why, Person: "p"}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return ChangePassword(t.Context(), tx, a, hash, "", From{}) }); !errors.Is(err, errs.NotFound) {
				t.Errorf("set of %s: got %v, want not found", why, err)
			}
		}
		all, err := Accounts(t.Context(), d, "990101")
		if one, found := Find(t.Context(), d, "990101", "Chenli"); err != nil || found != nil || len(all) != 1 || all[0] != one {
			t.Errorf("got %v and %v, %v %v", all, one, err, found)
		}
		stored, err := db.Value[string](t.Context(), d, "select password from accounts where login = 'chenli'")
		if err != nil || !strings.HasPrefix(stored, "$argon2id$") {
			t.Errorf("stored %.12q, %v", stored, err)
		}
	})
}

// ASVS 11.4.2
func TestDefaultCost(t *testing.T) {
	t.Parallel()
	g, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if g.cost.Memory != 19<<10 || g.cost.Iterations != 2 || !strings.Contains(g.decoy, "m=19456,t=2,p=1") {
		t.Errorf("hashes cost %+v", g.cost)
	}
}

func BenchmarkHash(b *testing.B) {
	g, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := g.Hash(b.Context(), "a", good); err != nil {
			b.Fatal(err)
		}
	}
}
