package access

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/db"
)

func TestSessionsAreKeptReplacedAndEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		s := NewSessions(d, "990101")
		commit := func(token string, data []byte, live time.Duration) {
			t.Helper()
			if err := s.Commit(token, data, w.Now().Add(live)); err != nil {
				t.Fatal(err)
			}
		}
		want := func(token, data string, ok bool) {
			t.Helper()
			got, found, err := s.Find(token)
			if err != nil || found != ok || !bytes.Equal(got, []byte(data)) {
				t.Errorf("%q: got %q %v %v, want %q %v", token, got, found, err, data, ok)
			}
		}
		commit("a", []byte("one\x00\xff"), time.Hour)
		commit("b", []byte("short"), time.Minute)
		want("a", "one\x00\xff", true)
		want("odd\xff\x00token", "", false)
		commit("a", []byte("two"), time.Hour)
		want("a", "two", true)
		if _, found, _ := NewSessions(d, "990102").Find("a"); found {
			t.Error("another district's session was found")
		}
		stored, err := db.All(t.Context(), d, func(v *string) []any { return []any{v} }, "select token from sessions")
		if err != nil || len(stored) != 2 || stored[0] == "a" || stored[1] == "a" {
			t.Errorf("stored tokens %q, %v, want hashes", stored, err)
		}
		w.advance(time.Minute)
		want("b", "", false)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return SweepSessions(t.Context(), tx, s.district) }); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Value[int](t.Context(), d, "select count(*) from sessions"); n != 1 || err != nil {
			t.Errorf("%d sessions are left of the night, %v, want 1", n, err)
		}
		want("a", "two", true)
		for range 2 { // the second time there is none, and that is no error
			if err := s.Delete("a"); err != nil {
				t.Error(err)
			}
		}
		want("a", "", false)
	})
}

// The session library, as a door uses it, finds on the second request what the
// first one stored.
func TestSessionLibraryWorksOnTheStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		m := scs.New()
		m.Store = NewSessions(d, "990101")
		// The library has its own clock.
		w.advance(time.Since(w.Now()))
		handler := m.LoadAndSave(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			if in.URL.Path == "/in" {
				m.Put(in.Context(), "login", "chenli")
			}
			_, _ = out.Write([]byte(m.GetString(in.Context(), "login")))
		}))
		first := httptest.NewRecorder()
		handler.ServeHTTP(first, httptest.NewRequest("GET", "/in", nil))
		again := httptest.NewRequest("GET", "/", nil)
		for _, c := range first.Result().Cookies() {
			again.AddCookie(c)
		}
		second := httptest.NewRecorder()
		handler.ServeHTTP(second, again)
		if got := second.Body.String(); got != "chenli" {
			t.Errorf("got %q, want chenli", got)
		}
	})
}
