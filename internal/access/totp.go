package access

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// TOTPField is the name under which secrets of code apps are sealed.
const TOTPField = "totp secret"

// stepTime is how long a code of an app stands (RFC 6238). One step to either
// side is taken, for phones whose clock is off.
const stepTime = 30

// TOTP is what an app on a phone needs to make codes.
type TOTP struct {
	Secret string // base32, in groups of four for typing
	URL    string // otpauth://, for a QR code
}

// BeginTOTP makes a secret for a code app. It opens nothing before
// [ConfirmTOTP] has seen a code of it; asked again within the hour before that,
// it gives the same one, so that a page may be loaded twice. A holder who has a
// confirmed one gets errs.Conflict.
func BeginTOTP(ctx context.Context, tx *db.Tx, v *vault.Vault, issuer, district string, holder Holder, label string) (t TOTP, err error) {
	defer errs.Wrap(&err, "access.BeginTOTP(%s)", holder)
	one, err := totpOf(ctx, tx, v, district, holder)
	if err != nil {
		return TOTP{}, err
	}
	if one.confirmed {
		return TOTP{}, errs.New(errs.Conflict, "已经有一个验证码应用，先停用它", "there is a code app already; stop using that one first")
	}
	if one.secret == "" || tx.Now.Sub(one.created) > time.Hour {
		raw := make([]byte, 20) // as long as the hash, as RFC 4226 asks
		rand.Read(raw)
		one.secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
		err = tx.Exec(ctx, `insert into totps (district, holder, secret, confirmed, step, created) values ($1, $2, $3, $4, 0, $5)
			on conflict (district, holder) do update set secret = excluded.secret, created = excluded.created`,
			district, holder, v.Seal(district, TOTPField, one.secret), false, db.At(tx.Now))
	}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + label}
	u.RawQuery = "secret=" + one.secret + "&issuer=" + url.QueryEscape(issuer) // apps read + as a plus
	u.RawQuery = strings.ReplaceAll(u.RawQuery, "+", "%20")
	return TOTP{Secret: inFours(one.secret), URL: u.String()}, err
}

// ConfirmTOTP takes the secret into use once a code of it was shown.
func ConfirmTOTP(ctx context.Context, tx *db.Tx, v *vault.Vault, district string, holder Holder, code string) (err error) {
	defer errs.Wrap(&err, "access.ConfirmTOTP(%s)", holder)
	one, err := totpOf(ctx, tx, v, district, holder)
	if err != nil {
		return err
	}
	if one.secret == "" || one.confirmed {
		return errs.New(errs.Conflict, "这个二维码已经用过或过期了，请重新打开这一页", "this code picture was used or has expired; please open the page again")
	}
	step, ok := one.step(code, tx.Now)
	if !ok {
		return wrongCode()
	}
	return tx.Exec(ctx, `update totps set confirmed = $1, step = $2, created = $3 where district = $4 and holder = $5`,
		true, step, db.At(tx.Now), district, holder)
}

// checkTOTP takes a code that is right and was not taken before. Two that come
// with the same code at once meet on the row, and one is refused.
func checkTOTP(ctx context.Context, tx *db.Tx, v *vault.Vault, district string, holder Holder, code string) (bool, error) {
	one, err := totpOf(ctx, tx, v, district, holder)
	if err != nil || !one.confirmed {
		return false, err
	}
	step, ok := one.step(code, tx.Now)
	if !ok {
		return false, nil
	}
	n, err := tx.Change(ctx, `update totps set step = $1 where district = $2 and holder = $3 and step < $1`, step, district, holder)
	return n == 1, err
}

// totpRow is a holder's code app; zero where there is none.
type totpRow struct {
	secret    string
	confirmed bool
	last      int64
	created   time.Time
}

func totpOf(ctx context.Context, r db.Reader, v *vault.Vault, district string, holder Holder) (one totpRow, err error) {
	all, err := db.All(ctx, r, func(t *totpRow) []any { return []any{&t.secret, &t.confirmed, &t.last, db.Time(&t.created)} },
		`select secret, confirmed, step, created from totps where district = $1 and holder = $2`, district, holder)
	if err != nil || len(all) == 0 {
		return totpRow{}, err
	}
	one = all[0]
	one.secret, err = v.Reveal(district, TOTPField, one.secret)
	return one, err
}

// step is that of the code, if it is one of the three that count now and later
// than the last one taken.
func (t totpRow) step(code string, now time.Time) (int64, bool) {
	code = digitsOnly(code)
	for _, step := range steps(now) {
		if step > t.last && hotp.Validate(code, uint64(step), t.secret) {
			return step, true
		}
	}
	return 0, false
}

func steps(now time.Time) []int64 {
	at := now.Unix() / stepTime
	return []int64{at - 1, at, at + 1}
}

// DemoCode is a code of a holder's app that would be taken now; empty where the
// holder has no app, or has used up the codes of this minute. The demo shows it
// on its page. Nothing else may.
func DemoCode(ctx context.Context, r db.Reader, v *vault.Vault, district string, holder Holder, now time.Time) (code string, err error) {
	defer errs.Wrap(&err, "access.DemoCode(%s)", holder)
	one, err := totpOf(ctx, r, v, district, holder)
	if err != nil || !one.confirmed {
		return "", err
	}
	for _, step := range []int64{now.Unix() / stepTime, now.Unix()/stepTime + 1} {
		if step > one.last {
			return hotp.GenerateCodeCustom(one.secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix})
		}
	}
	return "", nil
}

// GiveTOTP sets the secret of a holder's app without a code, for the accounts
// of the demo and of tests.
func GiveTOTP(ctx context.Context, tx *db.Tx, v *vault.Vault, district string, holder Holder) (secret string, err error) {
	defer errs.Wrap(&err, "access.GiveTOTP(%s)", holder)
	raw := make([]byte, 20)
	rand.Read(raw)
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	return secret, tx.Exec(ctx, `insert into totps (district, holder, secret, confirmed, step, created) values ($1, $2, $3, $4, 0, $5)`,
		district, holder, v.Seal(district, TOTPField, secret), true, db.At(tx.Now))
}

// DemoSecret is the secret of a holder's app, for demo.json.
func DemoSecret(ctx context.Context, r db.Reader, v *vault.Vault, district string, holder Holder) (secret string, err error) {
	defer errs.Wrap(&err, "access.DemoSecret(%s)", holder)
	one, err := totpOf(ctx, r, v, district, holder)
	return one.secret, err
}

func wrongCode() error {
	return errs.New(errs.SignIn, "验证码不对，或已经用过。请等应用里换了新的六位数字再填", "the code is not right or was used already; please wait for the app’s next six digits").At("code")
}

// digitsOnly reads what people type: 123 456, or wide digits of a Chinese
// keyboard.
func digitsOnly(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ' || r == '　' || r == '-':
			return -1
		}
		return 'x' // never right
	}, code)
}

func inFours(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
