package access

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/db"
	"linli/internal/errs"
)

// sessionOf is a session's data as the library writes it.
func sessionOf(t *testing.T, values map[string]any) []byte {
	t.Helper()
	data, err := scs.GobCodec{}.Encode(time.Now(), values)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// office is a session of chenli's.
func office(t *testing.T) []byte {
	return sessionOf(t, map[string]any{SessionLogin: "chenli", SessionAgent: "Chrome · Windows", SessionLife: string(StaffLife)})
}

func commit(t *testing.T, s Sessions, token string, data []byte) {
	t.Helper()
	if err := s.Commit(token, data, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func alive(t *testing.T, s Sessions, token string) bool {
	t.Helper()
	_, found, err := s.Find(token)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// ASVS 7.2.1, 7.4.1, 8.4.1
// GB/T 22239 8.1.4.10a
func TestSessionsAreKeptReplacedAndEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		s := NewSessions(d, "990101")
		want := func(token, data string, ok bool) {
			t.Helper()
			got, found, err := s.Find(token)
			if err != nil || found != ok || !bytes.Equal(got, []byte(data)) {
				t.Errorf("%q: got %q %v %v, want %q %v", token, got, found, err, data, ok)
			}
		}
		commit(t, s, "a", []byte("one\x00\xff"))
		commit(t, s, "b", []byte("other"))
		want("a", "one\x00\xff", true)
		want("odd\xff\x00token", "", false)
		commit(t, s, "a", []byte("two"))
		want("a", "two", true)
		if _, found, _ := NewSessions(d, "990102").Find("a"); found {
			t.Error("another district's session was found")
		}
		stored, err := db.All(t.Context(), d, func(v *string) []any { return []any{v} }, "select token from sessions")
		if err != nil || len(stored) != 2 || stored[0] == "a" || stored[1] == "a" {
			t.Errorf("stored tokens %q, %v, want hashes", stored, err)
		}
		for range 2 { // the second time there is none, and that is no error
			if err := s.Delete("b"); err != nil {
				t.Error(err)
			}
		}
		want("b", "", false)
		commit(t, s, "b", []byte("a request that was under way"))
		want("b", "", false)
		write(t, d, func(tx *db.Tx) error { return SweepSessions(t.Context(), tx, s.district) })
		if n, err := db.Value[int](t.Context(), d, "select count(*) from sessions"); n != 1 || err != nil {
			t.Errorf("%d sessions are left of the night, %v, want 1", n, err)
		}
		want("a", "two", true)
	})
}

// ASVS 7.3.1, 7.3.2
// GB/T 22239 8.1.4.1b
func TestHowLongSessionsLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		s := NewSessions(d, "990101")
		for _, row := range []struct {
			why    string
			values map[string]any
			each   time.Duration // between two uses
			times  int
			want   bool
		}{
			{"staff, through a morning", map[string]any{SessionLogin: "a"}, 3 * time.Hour, 3, true},
			{"staff, over night", map[string]any{SessionLogin: "a"}, 3 * time.Hour, 5, false},
			{"staff, after a long lunch", map[string]any{SessionLogin: "a"}, 4*time.Hour + time.Minute, 1, false},
			{"an administrator at work", map[string]any{SessionLogin: "a", SessionLife: string(AdminLife)}, 29 * time.Minute, 9, true},
			{"an administrator gone for coffee", map[string]any{SessionLogin: "a", SessionLife: string(AdminLife)}, 31 * time.Minute, 1, false},
			{"a resident who looks in every day", map[string]any{SessionResident: "r"}, 23 * time.Hour, 30, true},
			{"a resident, after a month", map[string]any{SessionResident: "r"}, 23 * time.Hour, 33, false},
			{"a life that is not theirs", map[string]any{SessionLogin: "a", SessionLife: string(ResidentLife)}, 5 * time.Hour, 1, false},
			{"somebody who has not signed in", map[string]any{"draft": "x"}, 5 * time.Hour, 1, false},
		} {
			commit(t, s, row.why, sessionOf(t, row.values))
			found := true
			for range row.times {
				w.advance(row.each)
				found = found && alive(t, s, row.why)
			}
			if found != row.want {
				t.Errorf("%s: lives %v, want %v", row.why, found, row.want)
			}
		}
	})
}

// ASVS 7.4.3
func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		s, holder := NewSessions(d, "990101"), Staff("ChenLi")
		commit(t, s, "office", office(t))
		commit(t, s, "stranger", sessionOf(t, map[string]any{SessionLogin: "zhouhui"}))
		w.advance(time.Hour)
		commit(t, s, "phone", sessionOf(t, map[string]any{SessionLogin: "chenli", SessionAgent: "Safari · iPhone"}))
		list := func() []Session {
			t.Helper()
			all, err := SessionsOf(t.Context(), d, "990101", holder, "office", w.Now())
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		all := list()
		if len(all) != 2 || all[0].Agent != "Safari · iPhone" || all[0].This || !all[1].This || w.Now().Sub(all[1].Began) != time.Hour {
			t.Fatalf("listed %+v", all)
		}
		end := func(holder Holder, id string) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return EndSession(t.Context(), tx, "990101", holder, id) })
		}
		if err := end(Staff("zhouhui"), all[0].ID); !errors.Is(err, errs.NotFound) {
			t.Errorf("somebody else ends it: %v", err)
		}
		if err := end(holder, all[0].ID); err != nil {
			t.Error(err)
		}
		if err := end(holder, all[0].ID); !errors.Is(err, errs.NotFound) {
			t.Errorf("ended twice: %v", err)
		}
		if alive(t, s, "phone") || !alive(t, s, "office") {
			t.Error("the wrong session ended")
		}
		commit(t, s, "phone", sessionOf(t, map[string]any{SessionLogin: "chenli"}))
		if alive(t, s, "phone") {
			t.Error("a request that was under way brought the session back")
		}
		commit(t, s, "home", office(t))
		write(t, d, func(tx *db.Tx) error { _, err := EndSessions(t.Context(), tx, "990101", holder, "office"); return err })
		if alive(t, s, "home") || !alive(t, s, "office") {
			t.Error("all but this one: the wrong ones ended")
		}
		write(t, d, func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "chenli", By{}) })
		if alive(t, s, "office") || len(list()) != 0 || !alive(t, s, "stranger") {
			t.Error("closing an account ends its sessions, and only those")
		}
	})
}

// The session library, as a door uses it, finds on the second request what the
// first one stored.
//
// ASVS 1.5.2
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
