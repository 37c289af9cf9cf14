package access

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/trail"
)

// ASVS 8.4.1
func TestKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		var k Key
		var text string
		write(t, d, func(tx *db.Tx) (err error) {
			k, text, err = AddKey(t.Context(), tx, Key{District: "990101", Name: "热线平台", Scopes: []rights.Right{rights.ReportReceive, rights.CaseSee, rights.CaseSee}, Unit: "u-shizheng", Area: "990101001", Expires: w.Now().Add(time.Hour)}, By{Person: "p1"})
			return err
		})
		got, err := CheckKey(t.Context(), d, text, w.Now())
		if diff := cmp.Diff(k, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if !got.Can(rights.CaseSee) || got.Can(rights.SetupImport) || len(got.Scopes) != 2 {
			t.Errorf("scopes %v", got.Scopes)
		}
		for _, use := range []struct {
			why      string
			at, want time.Time
		}{
			{"the first time", w.Now(), w.Now()},
			{"a moment later is not worth a write", w.Now().Add(usedEvery - 1), w.Now()},
		} {
			if err := UseKey(t.Context(), d, got, use.at); err != nil {
				t.Fatal(err)
			}
			if got, err = CheckKey(t.Context(), d, text, w.Now()); err != nil || !got.Used.Equal(use.want) {
				t.Errorf("used %s: %v, %v, want %v", use.why, got.Used, err, use.want)
			}
		}
		k.Used = w.Now()
		all, err := Keys(t.Context(), d, "990101")
		if diff := cmp.Diff([]Key{k}, all); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		stored, err := db.Value[string](t.Context(), d, "select hash from keys")
		if secret := text[strings.LastIndex(text, "_")+1:]; err != nil || strings.Contains(stored, secret) || len(secret) < 26 {
			t.Errorf("stored %q, %v", stored, err)
		}
		last := text[len(text)-1:]
		for why, wrong := range map[string]string{
			"nothing":           "",
			"last letter wrong": strings.TrimSuffix(text, last) + map[bool]string{true: "B", false: "A"}[last == "A"],
			"cut":               text[:len(text)-1],
			"another district":  strings.Replace(text, "990101", "990102", 1),
			"another name":      strings.Replace(text, "linli", "other", 1),
			"no secret":         text[:strings.LastIndex(text, "_")+1],
			"NUL in it":         strings.Replace(text, "990101", "99\x000101", 1),
			"no text in it":     "linli_990101_\xff_a",
		} {
			if _, err := CheckKey(t.Context(), d, wrong, w.Now()); !errors.Is(err, errs.SignIn) {
				t.Errorf("%s: got %v, want sign-in", why, err)
			}
		}
		if _, err := CheckKey(t.Context(), d, text, w.Now().Add(time.Hour)); !errors.Is(err, errs.SignIn) {
			t.Errorf("expired: got %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return EndKey(t.Context(), tx, "990101", k.ID, By{Person: "p1"}) })
		if _, err := CheckKey(t.Context(), d, text, w.Now()); !errors.Is(err, errs.SignIn) {
			t.Errorf("ended: got %v", err)
		}
		told, err := trail.Of(t.Context(), d, "990101", trail.Chain(trail.Rights, k.ID))
		if err != nil || len(told) != 2 || told[0].Act != "key-added" || told[0].Detail["unit"] != "u-shizheng" || told[1].Act != "key-ended" || told[1].Person != "p1" {
			t.Errorf("the book of rights says %+v, %v; want that it was made and ended", told, err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return EndKey(t.Context(), tx, "990101", k.ID, By{Person: "p1"}) })
		if !errors.Is(err, errs.NotFound) {
			t.Errorf("ended twice: got %v, want not found", err)
		}
	})
}

func TestAddKeyRefuses(t *testing.T) {
	t.Parallel()
	now, send := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), []rights.Right{rights.ReportReceive}
	for _, row := range []struct {
		why string
		key Key
	}{
		{"nobody's", Key{Scopes: send, Expires: now.Add(1)}},
		{"a name that no database holds", Key{Name: "a\x00", Scopes: send, Expires: now.Add(1)}},
		{"without a right", Key{Name: "a", Expires: now.Add(1)}},
		{"a right that is none", Key{Name: "a", Scopes: []rights.Right{"case.everything"}, Expires: now.Add(1)}},
		{"a right with a space would be two", Key{Name: "a", Scopes: []rights.Right{"case.see supervise"}, Expires: now.Add(1)}},
		{"expired already", Key{Name: "a", Scopes: send, Expires: now}},
		{"for ever by oversight", Key{Name: "a", Scopes: send}},
		{"for longer than anybody remembers it", Key{Name: "a", Scopes: send, Expires: now.Add(KeyMost + 1)}},
		{"some cases, and nobody said which", Key{Name: "a", Scopes: []rights.Right{rights.CaseSee}, Expires: now.Add(1)}},
		{"every case, and only a unit's", Key{Name: "a", Scopes: []rights.Right{rights.CaseSee, rights.CaseSeeAll}, Unit: "u-shizheng", Expires: now.Add(1)}},
	} {
		if err := row.key.check(now); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want invalid", row.why, err)
		}
	}
}

func FuzzCheckKey(f *testing.F) {
	d, err := db.Open(f.Context(), db.Config{URL: "sqlite:" + f.TempDir() + "/linli.db"})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	f.Add("linli_990101_0193a1b2-0000-7000-8000-000000000000_ABC")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := CheckKey(t.Context(), d, text, time.Unix(0, 0)); !errors.Is(err, errs.SignIn) {
			t.Errorf("%q: got %v, want sign-in", text, err)
		}
	})
}
