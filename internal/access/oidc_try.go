package access

import (
	"context"

	"linli/internal/errs"
)

// Try asks the other house about itself, to see whether people can sign in there.
func (p *Provider) Try(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "access.Provider.Try")
	_, err = p.discover(ctx)
	return err
}
