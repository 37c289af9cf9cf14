package access

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		var k Key
		var text string
		write(t, d, func(tx *db.Tx) (err error) {
			k, text, err = AddKey(t.Context(), tx, "990101", "热线平台", []Right{ReportReceive, CaseSee, CaseSee}, w.Now().Add(time.Hour))
			return err
		})
		got, err := CheckKey(t.Context(), d, text, w.Now())
		if diff := cmp.Diff(k, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if !got.Can(CaseSee) || got.Can(SetupImport) || len(got.Scopes) != 2 {
			t.Errorf("scopes %v", got.Scopes)
		}
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
		write(t, d, func(tx *db.Tx) error { return EndKey(t.Context(), tx, "990101", k.ID) })
		if _, err := CheckKey(t.Context(), d, text, w.Now()); !errors.Is(err, errs.SignIn) {
			t.Errorf("ended: got %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return EndKey(t.Context(), tx, "990101", k.ID) })
		if !errors.Is(err, errs.NotFound) {
			t.Errorf("ended twice: got %v, want not found", err)
		}
	})
}

func TestAddKeyRefuses(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		why, name string
		scopes    []Right
		expires   time.Time
	}{
		{"nobody's", "", []Right{CaseSee}, now.Add(1)},
		{"without a right", "a", nil, now.Add(1)},
		{"a right that is none", "a", []Right{"case.everything"}, now.Add(1)},
		{"a right with a space would be two", "a", []Right{"case.see supervise"}, now.Add(1)},
		{"expired already", "a", []Right{CaseSee}, now},
		{"for ever by oversight", "a", []Right{CaseSee}, time.Time{}},
	} {
		if err := checkKey(now, row.name, row.scopes, row.expires); !errors.Is(err, errs.Invalid) {
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
