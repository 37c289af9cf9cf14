package access

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

func newVault(t *testing.T) *vault.Vault {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// app gives chenli a code app that is confirmed, and its secret.
func app(t *testing.T, w *world, d *db.DB, v *vault.Vault) string {
	t.Helper()
	holder := Staff("chenli")
	var made TOTP
	write(t, d, func(tx *db.Tx) (err error) {
		made, err = BeginTOTP(t.Context(), tx, v, "邻里区", "990101", holder, "chenli")
		return err
	})
	secret := strings.ReplaceAll(made.Secret, " ", "")
	code := codeAt(t, secret, w.Now())
	write(t, d, func(tx *db.Tx) error { return ConfirmTOTP(t.Context(), tx, v, "990101", holder, code) })
	w.advance(5 * time.Minute)
	return secret
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// ASVS 6.5.5
func TestCodesOfAnApp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		v := newVault(t)
		secret := app(t, w, d, v)
		try := func(by Factor, code string) error {
			return g.SecondStep(t.Context(), d, v, account(t, d, "chenli"), by, code, From{})
		}
		const later = 2 * time.Hour // out of the line, too
		for _, row := range []struct {
			why   string
			later time.Duration // before the try; none is at the same moment
			clock time.Duration // how far the phone's clock is off
			spell func(string) string
			ok    bool
		}{
			{"as it should be", 0, 0, nil, true},
			{"the same code again", 0, 0, nil, false},
			{"the phone runs fast by a step", later, 30 * time.Second, nil, true},
			{"the step that was jumped over", 0, 0, nil, false},
			{"the phone is slow by a step", later, -30 * time.Second, nil, true},
			{"off by a minute", later, time.Minute, nil, false},
			{"behind by a minute", later, -time.Minute, nil, false},
			{"in two groups", later, 0, func(c string) string { return c[:3] + " " + c[3:] }, true},
			{"wide digits of a Chinese keyboard", later, 0, func(c string) string {
				return strings.Map(func(r rune) rune { return r - '0' + '０' }, c)
			}, true},
			{"five digits", later, 0, func(c string) string { return c[:5] }, false},
			{"seven", later, 0, func(c string) string { return c + "0" }, false},
			{"words", later, 0, func(string) string { return "' or 1=1" }, false},
			{"nothing", later, 0, func(string) string { return "" }, false},
		} {
			w.advance(row.later)
			code := codeAt(t, secret, w.Now().Add(row.clock))
			if row.spell != nil {
				code = row.spell(code)
			}
			err := try(ByCode, code)
			if row.ok && err != nil || !row.ok && !errors.Is(err, errs.SignIn) {
				t.Errorf("%s: got %v, want taken: %v", row.why, err, row.ok)
			}
		}
		if err := try(ByPassword, good); !errors.Is(err, errs.SignIn) {
			t.Errorf("a password is no second step: %v", err)
		}
		stored, err := db.Value[string](t.Context(), d, "select secret from totps")
		if err != nil || strings.Contains(stored, secret) {
			t.Errorf("the secret is stored as %q, %v", stored, err)
		}
	})
}

// Whoever knows the password guesses codes no faster than passwords, and each
// right password in between does not begin the line anew.
//
// ASVS 6.6.3
func TestCodesAreGuessedInALineOfTheirOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		v := newVault(t)
		secret := app(t, w, d, v)
		var waits []time.Duration
		for range 8 {
			if _, err := g.SignIn(t.Context(), d, "990101", "chenli", good, From{}); err != nil {
				t.Fatal(err)
			}
			before := w.waited
			if err := g.SecondStep(t.Context(), d, v, account(t, d, "chenli"), ByCode, "000000", From{}); !errors.Is(err, errs.SignIn) {
				t.Fatalf("got %v, want a refusal", err)
			}
			waits = append(waits, (w.waited-before)/time.Second)
		}
		if want := []time.Duration{0, 0, 0, 1, 2, 4, 8, 16}; !slices.Equal(waits, want) {
			t.Errorf("waited %v seconds, want %v", waits, want)
		}
		if told, err := db.Value[int](t.Context(), d, "select count(*) from jobs where kind = $1", GuessedJob); err != nil || told != 1 {
			t.Errorf("the person is told %d times, %v, want once", told, err)
		}
		try := func() error {
			return g.SecondStep(t.Context(), d, v, account(t, d, "chenli"), ByCode, codeAt(t, secret, w.Now()), From{})
		}
		if err := try(); !errors.Is(err, errs.Busy) {
			t.Errorf("half a minute before its turn, the right code: %v, want busy", err)
		}
		var codes []string
		write(t, d, func(tx *db.Tx) (err error) {
			codes, err = NewRecoveryCodes(t.Context(), tx, "990101", Staff("chenli"))
			return err
		})
		if err := g.SecondStep(t.Context(), d, v, account(t, d, "chenli"), ByRecovery, codes[0], From{}); err != nil {
			t.Errorf("a recovery code meanwhile: %v", err)
		}
		w.advance(32 * time.Second)
		if err := try(); err != nil {
			t.Errorf("the right code in its turn: %v", err)
		}
	})
}

func TestAnAppOpensNothingBeforeItsFirstCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		v, holder := newVault(t), Staff("chenli")
		begin := func() (made TOTP) {
			write(t, d, func(tx *db.Tx) (err error) {
				made, err = BeginTOTP(t.Context(), tx, v, "邻里区", "990101", holder, "chenli")
				return err
			})
			return made
		}
		first := begin()
		if again := begin(); again != first {
			t.Error("a page that is loaded twice shows another secret")
		}
		code := codeAt(t, strings.ReplaceAll(first.Secret, " ", ""), w.Now())
		if err := g.SecondStep(t.Context(), d, v, account(t, d, "chenli"), ByCode, code, From{}); !errors.Is(err, errs.SignIn) {
			t.Errorf("a code of an app that is not confirmed: %v", err)
		}
		if f, err := FactorsOf(t.Context(), d, "990101", holder); err != nil || f.Any() {
			t.Errorf("it counts as a factor: %+v, %v", f, err)
		}
		w.advance(2 * time.Hour)
		if late := begin(); late == first {
			t.Error("a secret that was left on a screen is still offered")
		}
		app(t, w, d, v)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := BeginTOTP(t.Context(), tx, v, "邻里区", "990101", holder, "chenli")
			return err
		})
		if !errors.Is(err, errs.Conflict) {
			t.Errorf("a second app over the first: %v", err)
		}
	})
}

// ASVS 6.5.1, 6.5.2
func TestRecoveryCodesAreGoodOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		v, holder := newVault(t), Staff("chenli")
		add(t, g, d, "zhouhui")
		codes := func() (made []string) {
			write(t, d, func(tx *db.Tx) (err error) {
				made, err = NewRecoveryCodes(t.Context(), tx, "990101", holder)
				return err
			})
			return made
		}
		old, now := codes(), codes()
		for _, row := range []struct {
			why, login, code string
			ok               bool
		}{
			{"of the set that was replaced", "chenli", old[0], false},
			{"as it is written", "chenli", now[0], true},
			{"a second time", "chenli", now[0], false},
			{"in capitals and without the dash", "chenli", strings.ToUpper(strings.ReplaceAll(now[1], "-", "")), true},
			{"with a space", "chenli", strings.ReplaceAll(now[2], "-", " "), true},
			{"somebody else's", "zhouhui", now[3], false},
			{"nothing", "chenli", "", false},
		} {
			err := g.SecondStep(t.Context(), d, v, account(t, d, row.login), ByRecovery, row.code, From{})
			if row.ok && err != nil || !row.ok && !errors.Is(err, errs.SignIn) {
				t.Errorf("%s: got %v, want taken: %v", row.why, err, row.ok)
			}
		}
		if n, err := RecoveryLeft(t.Context(), d, "990101", holder); err != nil || n != recoveryCodes-3 {
			t.Errorf("%d are left, %v, want %d", n, err, recoveryCodes-3)
		}
		stored, err := db.All(t.Context(), d, func(s *string) []any { return []any{s} }, "select hash from recovery_codes")
		if err != nil || slices.ContainsFunc(stored, func(s string) bool { return strings.Contains(s, now[4]) }) {
			t.Errorf("stored in clear, %v", err)
		}
	})
}

func TestTwice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		shown []Factor
		want  bool
	}{
		{"a password alone", []Factor{ByPassword}, false},
		{"a password and a code", []Factor{ByPassword, ByCode}, true},
		{"a password and a recovery code", []Factor{ByPassword, ByRecovery}, true},
		{"a passkey is both", []Factor{ByPasskey}, true},
		{"two codes of one phone", []Factor{ByCode, ByRecovery}, false},
		{"another house's word alone", []Factor{ByProvider}, false},
		{"another house that has asked for two", []Factor{ByProvider, ByVouched}, true},
		{"a vouching with nothing before it", []Factor{ByVouched}, false},
		{"nothing", nil, false},
	} {
		if got := Twice(row.shown); got != row.want {
			t.Errorf("%s: got %v, want %v", row.why, got, row.want)
		}
	}
}
