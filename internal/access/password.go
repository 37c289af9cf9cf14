package access

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"time"
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

// common.txt holds some thousands of very common passwords of eight letters and
// more, here and elsewhere, one a line, sorted by bytes.
//
//go:embed common.txt
var commonList string

var commonLines = sync.OnceValue(func() []string { return strings.Split(strings.TrimSuffix(commonList, "\n"), "\n") })

// Hashed is the stored form of a password that passed the rules.
type Hashed struct{ text string }

// Hash checks a new password and makes its stored form, which takes as long as
// a sign-in. known are words that anybody tries for this account, such as the
// district's name. It runs outside any transaction.
func (g *Guard) Hash(ctx context.Context, login, password string, known ...string) (h Hashed, err error) {
	defer errs.Wrap(&err, "access.Hash(%s)", login)
	password = norm.NFKC.String(password)
	if err := checkPassword(password, append(known, normal(login))...); err != nil {
		return Hashed{}, err
	}
	err = g.inTurn(ctx, func() (err error) {
		h.text, err = argon2id.CreateHash(password, &g.cost)
		return err
	})
	return h, err
}

// checkPassword asks for length and for not being the first guess of everybody,
// and for no mix of letters and signs: such rules give Password1 and nothing
// better (NIST SP 800-63B, 5.1.1.2).
func checkPassword(password string, known ...string) error {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case n < PasswordLeast:
		return errs.New(errs.Invalid, "密码至少 %d 位", "a password has at least %d letters", PasswordLeast).At("password")
	case n > PasswordMost:
		return errs.New(errs.Invalid, "密码最多 %d 位", "a password has at most %d letters", PasswordMost).At("password")
	case common(lower), repeated(lower), alongKeys(lower), numberOfSomebody(lower), hardlyMore(lower, known):
		return errs.New(errs.Invalid, "这个密码太常见，别人一猜就中，请换一个；几个不相干的词连起来就好", "this password is too common and easily guessed; a few unrelated words make a good one").At("password")
	}
	return nil
}

func common(lower string) bool {
	_, found := slices.BinarySearch(commonLines(), lower)
	return found
}

// repeated finds one piece of up to four letters over and over: 灯灯灯灯灯灯灯灯,
// abc1abc1abc1.
func repeated(lower string) bool {
	all := []rune(lower)
	for piece := 1; piece <= 4; piece++ {
		again := 0
		for i := piece; i < len(all) && all[i] == all[i-piece]; i++ {
			again++
		}
		if again == len(all)-piece {
			return true
		}
	}
	return false
}

// keyRows are keys that lie beside each other, or follow in the alphabet.
var keyRows = []string{
	"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "!@#$%^&*()",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm",
}

// alongKeys finds a walk along the keyboard: at most every fourth step leads to
// a key that is no neighbour.
func alongKeys(lower string) bool {
	all := []rune(lower)
	jumps := 0
	for i := 1; i < len(all); i++ {
		pair, back := string(all[i-1:i+1]), string([]rune{all[i], all[i-1]})
		beside := all[i] == all[i-1] || slices.ContainsFunc(keyRows, func(row string) bool {
			return strings.Contains(row, pair) || strings.Contains(row, back)
		})
		if !beside {
			jumps++
		}
	}
	return jumps <= (len(all)-1)/4
}

// numberOfSomebody finds a birthday (19880301) or a phone number: half the
// office knows them.
func numberOfSomebody(lower string) bool {
	if strings.ContainsFunc(lower, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	day, err := time.Parse("20060102", lower)
	birthday := err == nil && day.Year() >= 1900 && day.Year() < 2100
	return birthday || len(lower) == 11 && lower[0] == '1' && lower[1] >= '3'
}

// hardlyMore finds a known word with next to nothing added: linli2026.
func hardlyMore(lower string, known []string) bool {
	lower = strings.ReplaceAll(lower, " ", "")
	for _, word := range known {
		word = strings.ReplaceAll(strings.ToLower(norm.NFKC.String(word)), " ", "")
		if word == "" || !strings.Contains(lower, word) {
			continue
		}
		if rest := strings.ReplaceAll(lower, word, ""); utf8.RuneCountInString(rest) <= 4 {
			return true
		}
	}
	return false
}

// normal is the one spelling of a login.
func normal(login string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(login)))
}
