package hook_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/job"
	"linli/internal/outbound"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/vault"
)

const code = "990101"

var (
	quiet = slog.New(slog.DiscardHandler)
	here  = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	by    = procedure.Actor{Person: "p-1", Post: "post-1", Unit: "u-1"}
)

// world is a log with hooks, and what takes events to them.
type world struct {
	*db.DB
	t     testing.TB
	clock *clock.Manual
	d     *district.District
	book  *hook.Book
	keep  *trail.Keeper
	jobs  *job.Runner
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) })
}

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Now().Truncate(time.Second)), d: &district.District{Code: code}}
	var err error
	w.DB, err = db.Open(t.Context(), db.Config{URL: address, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.must(w.Close()) })
	v, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	w.must(err)
	w.book = &hook.Book{
		DB: w.DB, Vault: v, Client: outbound.Client(outbound.Config{Allow: here}), Allow: here,
		Get: func(context.Context, string) (*district.District, error) { return w.d, nil },
	}
	w.keep = trail.NewKeeper(func(code string) (*trail.Signer, error) {
		return trail.NewSigner(trail.Origin(code), bytes.Repeat([]byte{7}, 32))
	}, quiet)
	w.jobs = w.runner()
	return w
}

func (w *world) runner() *job.Runner {
	r := job.New(w.DB, map[string]job.Handler{}, quiet)
	r.Prepare(hook.SequenceJob, func(ctx context.Context, rd db.Reader, j job.Job) (job.Handler, error) {
		return hook.PrepareSequence(ctx, rd, w.d, j)
	})
	r.Outside(hook.SendJob, w.book.Send)
	return r
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) do(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.must(w.Write(w.t.Context(), fn))
}

// change makes some changes, which the log takes in.
func (w *world) change(n int) {
	w.t.Helper()
	for range n {
		w.clock.Advance(time.Millisecond)
		w.do(func(tx *db.Tx) error {
			return trail.Note(w.t.Context(), tx, code, trail.Setup, "calendar", trail.Entry{Act: "year-set", Detail: map[string]string{"year": "2027"}})
		})
	}
	_, err := w.keep.TakeIn(w.t.Context(), w.DB, code)
	w.must(err)
	w.do(func(tx *db.Tx) error { return hook.Wake(w.t.Context(), tx, code) })
}

// run does every job that is due.
func (w *world) run() {
	w.t.Helper()
	_, err := w.jobs.Due(w.t.Context())
	w.must(err)
}

// later runs what is due some time later.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.run()
}

// add makes a hook for what comes from now on.
func (w *world) add(url string, kinds ...feed.Kind) (h hook.Hook, secret string) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		h, secret, err = w.book.Add(w.t.Context(), tx, w.d, hook.Asked{Name: "城管系统", URL: url, Kinds: kinds, Since: -1}, by)
		return err
	})
	return h, secret
}

// standings are those of a hook's deliveries, the oldest first.
func (w *world) standings(id string) (all []hook.Standing) {
	w.t.Helper()
	for _, d := range w.deliveries(id) {
		all = append(all, d.State)
	}
	return all
}

func (w *world) deliveries(id string) (all []hook.Delivery) {
	w.t.Helper()
	for before := ""; ; {
		some, next, err := hook.Deliveries(w.t.Context(), w.DB, code, id, "", before, 7)
		w.must(err)
		all = append(all, some...)
		if before = next; before == "" {
			slices.Reverse(all)
			return all
		}
	}
}

func (w *world) hook(id string) hook.Hook {
	w.t.Helper()
	h, err := hook.ByID(w.t.Context(), w.DB, code, id)
	w.must(err)
	return h
}

// target is another system's address, which answers with a status.
type target struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	head   http.Header
	came   []*http.Request
	bodies [][]byte
}

func newTarget(t testing.TB) *target {
	t.Helper()
	to := &target{status: http.StatusNoContent}
	to.Server = httptest.NewServer(http.HandlerFunc(to.serve))
	t.Cleanup(to.Close)
	return to
}

func (to *target) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	to.mu.Lock()
	defer to.mu.Unlock()
	to.came, to.bodies = append(to.came, r), append(to.bodies, body)
	for name, values := range to.head {
		w.Header()[name] = values
	}
	w.WriteHeader(to.status)
}

// answers sets what it answers from now on.
func (to *target) answers(status int, head http.Header) {
	to.mu.Lock()
	defer to.mu.Unlock()
	to.status, to.head = status, head
}

// ids are the webhook-ids that came, in order.
func (to *target) ids() (all []string) {
	to.mu.Lock()
	defer to.mu.Unlock()
	for _, r := range to.came {
		all = append(all, r.Header.Get(standardwebhooks.HeaderWebhookID))
	}
	return all
}

// verify holds everything that came to be signed with a secret, as the library
// of Standard Webhooks sees it.
func (to *target) verify(t testing.TB, secret string, from int) error {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	for i := from; i < len(to.came); i++ {
		if err := wh.Verify(to.bodies[i], to.came[i].Header); err != nil {
			return err
		}
	}
	return nil
}

// ids of changes from one to another.
func changes(from, to int) (all []string) {
	for i := from; i <= to; i++ {
		all = append(all, "setup-calendar-"+strconv.Itoa(i))
	}
	return all
}
