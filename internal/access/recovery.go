package access

import (
	"context"
	"crypto/rand"
	"strings"

	"golang.org/x/text/unicode/norm"

	"linli/internal/db"
	"linli/internal/errs"
)

// recoveryCodes is how many a holder gets at a time.
const recoveryCodes = 10

// recoveryLetters are those of a code: none is taken for another when it is
// copied by hand. Twenty-four of thirty letters are 117 bits: whoever gets a
// backup with their hashes tries none of them out.
const (
	recoveryLetters = "abcdefghjkmnpqrstvwxyz23456789"
	recoveryLong    = 24 // letters
	recoveryGroup   = 6  // letters between two dashes
)

// NewRecoveryCodes gives ten codes, each good once in place of the second
// factor, and makes earlier ones worthless. They are shown this once and stored
// as hashes.
func NewRecoveryCodes(ctx context.Context, tx *db.Tx, district string, holder Holder) (codes []string, err error) {
	defer errs.Wrap(&err, "access.NewRecoveryCodes(%s)", holder)
	if err := tx.Exec(ctx, `delete from recovery_codes where district = $1 and holder = $2`, district, holder); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := recoveryCode()
		codes = append(codes, code)
		if err := tx.Exec(ctx, `insert into recovery_codes (district, holder, hash, created, used) values ($1, $2, $3, $4, 0)`,
			district, holder, recoveryHash(district, holder, code), db.At(tx.Now)); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// RecoveryLeft says how many codes of a holder are still good.
func RecoveryLeft(ctx context.Context, r db.Reader, district string, holder Holder) (n int, err error) {
	defer errs.Wrap(&err, "access.RecoveryLeft(%s)", holder)
	return db.Value[int](ctx, r, `select count(*) from recovery_codes where district = $1 and holder = $2 and used = 0`, district, holder)
}

func checkRecovery(ctx context.Context, tx *db.Tx, district string, holder Holder, code string) (bool, error) {
	n, err := tx.Change(ctx, `update recovery_codes set used = $1 where district = $2 and holder = $3 and hash = $4 and used = 0`,
		db.At(tx.Now), district, holder, recoveryHash(district, holder, code))
	return n == 1, err
}

// recoveryCode is one code, such as k7mnpt-4rt2xb-mm9qza-v3hdce.
func recoveryCode() string {
	var b strings.Builder
	for letters := 0; letters < recoveryLong; {
		var one [1]byte
		rand.Read(one[:])
		n := int(one[0])
		if n >= 240 { // 8 × 30: each letter is as likely
			continue
		}
		if letters > 0 && letters%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(recoveryLetters[n%len(recoveryLetters)])
		letters++
	}
	return b.String()
}

// recoveryHash reads a code as people type it. A quick hash is enough for 117
// random bits.
func recoveryHash(district string, holder Holder, code string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '—' || r == '－' {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(code)))
	return hash(district + " " + string(holder) + " recovery " + plain)
}
