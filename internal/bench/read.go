package bench

import "context"

// Read measures the pages of a district with many cases.
func Read(ctx context.Context, cfg Config) error { return nil }
