package wechat

import (
	"context"

	"linli/internal/errs"
)

// Try asks for the key to the interface, to see whether the account is let in. It
// is the key that other copies of the program have: none of theirs ends by it.
func (a *Account) Try(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "wechat.Account.Try")
	_, err = a.accessToken(ctx)
	return err
}
