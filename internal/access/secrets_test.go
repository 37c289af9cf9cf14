package access

import (
	"encoding/base32"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
)

// Whoever guesses what this package hands out guesses among so many that a
// stolen table of hashes is of no use.
//
// ASVS 6.5.2, 6.5.3, 6.5.4, 11.2.3, 11.5.1
func TestSecretsAreLongEnough(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		holder := Staff("chenli")
		var codes []string
		var link, key string
		var app TOTP
		write(t, d, func(tx *db.Tx) (err error) {
			if codes, err = NewRecoveryCodes(t.Context(), tx, "990101", holder); err != nil {
				return err
			}
			if _, link, err = Invite(t.Context(), tx, "990101", "suming", "p-suming", By{}); err != nil {
				return err
			}
			if _, key, err = AddKey(t.Context(), tx, Key{District: "990101", Name: "x", Scopes: []rights.Right{rights.CaseSee, rights.CaseSeeAll}, Expires: tx.Now.AddDate(0, 0, 1)}, By{}); err != nil {
				return err
			}
			app, err = BeginTOTP(t.Context(), tx, newVault(t), "邻里区", "990101", holder, "chenli")
			return err
		})
		bits := func(s string, letters float64) float64 {
			return float64(len(regexp.MustCompile(`[- ]`).ReplaceAllString(s, ""))) * math.Log2(letters)
		}
		for _, row := range []struct {
			why  string
			have float64
			want float64
		}{
			{"a recovery code, kept as a quick hash", bits(codes[0], float64(len(recoveryLetters))), 112},
			{"a link of invitation", bits(link, 32), 128},
			{"a key of a system", bits(key[strings.LastIndex(key, "_")+1:], 32), 128},
			{"the secret of a code app", bits(app.Secret, 32), 112},
		} {
			if row.have < row.want {
				t.Errorf("%s has %.0f bits, want %.0f", row.why, row.have, row.want)
			}
		}
		if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(app.Secret, " ", "")); err != nil {
			t.Errorf("the secret %q: %v", app.Secret, err)
		}
		for i, code := range codes {
			for _, other := range codes[:i] {
				if code[:4] == other[:4] && code[5:8] == other[5:8] {
					t.Errorf("two codes begin alike: %s, %s", code, other)
				}
			}
		}
	})
}

// A password is what was typed, to the last letter, however old it is.
//
// ASVS 6.2.8, 6.2.10
func TestPasswordsAreTakenAsTyped(t *testing.T) {
	t.Parallel()
	const typed = " Plum rain over bridges, 梅雨过桥 and seventy letters of it in all, to the end. "
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		h, err := g.Hash(t.Context(), "suming", typed)
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := AddAccount(t.Context(), tx, "990101", "suming", "p-suming", h, By{})
			return err
		})
		for _, row := range []struct {
			why, password string
			ok            bool
		}{
			{"in small letters", strings.ToLower(typed), false},
			{"without the space before it", typed[1:], false},
			{"without its end", strings.TrimSuffix(typed, " "), false},
			{"cut at sixty-four", typed[:64], false},
			{"cut at seventy-two, where bcrypt stops", typed[:72], false},
			{"as it was typed", typed, true},
		} {
			_, err := g.SignIn(t.Context(), d, "990101", "suming", row.password, From{})
			if row.ok && err != nil || !row.ok && !errors.Is(err, errs.SignIn) {
				t.Errorf("%s: %v, want taken: %v", row.why, err, row.ok)
			}
		}
		w.advance(10 * 365 * 24 * forgetAfter) // forgetAfter is an hour
		if _, err := g.SignIn(t.Context(), d, "990101", "suming", typed, From{}); err != nil {
			t.Errorf("ten years later: %v", err)
		}
	})
}

// ASVS 6.2.4
func TestTheListOfCommonPasswordsIsLong(t *testing.T) {
	t.Parallel()
	long := 0
	for _, line := range commonLines() {
		if len([]rune(line)) >= PasswordLeast {
			long++
		}
		if !common(line) {
			t.Errorf("%q is in the list and not found: it is not sorted", line)
		}
	}
	if long < 3000 {
		t.Errorf("%d common passwords are long enough to be tried, want 3000", long)
	}
}
