package access

import (
	"context"
	_ "embed"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"linli/internal/errs"
)

// Passwords may have so many letters. The upper bound keeps a form from being
// used as a load.
const (
	PasswordLeast = 8
	PasswordMost  = 200
)

// loginMost is the longest login.
const loginMost = 64

// common.txt holds very common passwords of eight letters and more, one a line.
//
//go:embed common.txt
var commonList string

// Hashed is the stored form of a password that passed the rules.
type Hashed struct{ text string }

// Hash checks a new password and makes its stored form, which takes as long as
// a sign-in. It runs outside any transaction.
func (g *Guard) Hash(ctx context.Context, login, password string) (h Hashed, err error) {
	defer errs.Wrap(&err, "access.Hash(%s)", login)
	password = norm.NFKC.String(password)
	if err := checkPassword(normal(login), password); err != nil {
		return Hashed{}, err
	}
	err = g.inTurn(ctx, func() (err error) {
		h.text, err = argon2id.CreateHash(password, &g.cost)
		return err
	})
	return h, err
}

// checkPassword asks for length and for not being the first guess of everybody,
// and for no mix of letters and signs.
func checkPassword(login, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < PasswordLeast:
		return errs.New(errs.Invalid, "密码至少 %d 位", "a password has at least %d letters", PasswordLeast).At("password")
	case n > PasswordMost:
		return errs.New(errs.Invalid, "密码最多 %d 位", "a password has at most %d letters", PasswordMost).At("password")
	case common(login, strings.ToLower(password)):
		return errs.New(errs.Invalid, "这个密码太常见，别人一猜就中，请换一个；几个不相干的词连起来就好", "this password is too common and easily guessed; a few unrelated words make a good one").At("password")
	}
	return nil
}

func common(login, password string) bool {
	_, first := utf8.DecodeRuneInString(password)
	if password == login || strings.ReplaceAll(password, password[:first], "") == "" {
		return true
	}
	for line := range strings.Lines(commonList) {
		if strings.TrimSuffix(line, "\n") == password {
			return true
		}
	}
	return false
}

// normal is the one spelling of a login.
func normal(login string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(login)))
}
