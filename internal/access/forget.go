package access

import (
	"context"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{{Name: "totps", Key: []string{"holder"}, Columns: []vault.Column{{Name: "secret", Field: TOTPField}}}}
}

// Forget removes everything by which holders sign in: sessions, passkeys, code
// apps, recovery codes, known browsers, and of staff the account with its
// password, its keys, its calendar addresses and its bindings to a provider. What
// they did stays in the trail.
func Forget(ctx context.Context, tx *db.Tx, district string, holders ...Holder) (err error) {
	defer errs.Wrap(&err, "access.Forget(%s, %d)", district, len(holders))
	for _, h := range holders {
		for _, sql := range []string{
			"delete from sessions where district = $1 and holder = $2",
			"delete from passkeys where district = $1 and holder = $2",
			"delete from totps where district = $1 and holder = $2",
			"delete from recovery_codes where district = $1 and holder = $2",
			"delete from devices where district = $1 and holder = $2",
		} {
			if err := tx.Exec(ctx, sql, district, string(h)); err != nil {
				return err
			}
		}
		login, staff := h.Login()
		if !staff {
			continue
		}
		for _, sql := range []string{
			"delete from accounts where district = $1 and login = $2",
			"delete from oidc_bindings where district = $1 and login = $2",
			"delete from invitations where district = $1 and login = $2",
			"delete from signin_failures where district = $1 and login = $2",
			"delete from keys where district = $1 and login = $2",
			"delete from calendar_addresses where district = $1 and login = $2",
		} {
			if err := tx.Exec(ctx, sql, district, login); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetDevices removes browsers that have not signed in for long, each named
// “hash holder”.
func ForgetDevices(ctx context.Context, tx *db.Tx, district string, names []string) (err error) {
	defer errs.Wrap(&err, "access.ForgetDevices(%s, %d)", district, len(names))
	for _, name := range names {
		hash, holder, _ := strings.Cut(name, " ") // a hash has no space in it
		if err := tx.Exec(ctx, "delete from devices where district = $1 and holder = $2 and hash = $3", district, holder, hash); err != nil {
			return err
		}
	}
	return nil
}
