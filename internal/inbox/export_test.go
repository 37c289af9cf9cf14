package inbox

import (
	"context"

	"linli/internal/district"
)

// ClaimParts marks the parts of a text and goes no further, as where the program
// ends right then, or another part comes.
func (b *Box) ClaimParts(ctx context.Context, d *district.District, text string) error {
	_, err := b.claimParts(ctx, d, text)
	return err
}
