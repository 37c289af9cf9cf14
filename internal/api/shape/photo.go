package shape

import (
	"context"

	"linli/internal/api/frame"
	"linli/internal/document"
	"linli/internal/errs"
)

// Photo is a picture: JPEG, PNG or WebP.
type Photo struct {
	Name string `json:"name,omitempty" maxLength:"200"`
	Data []byte `json:"data" doc:"base64"`
}

// KeepPhotos checks and keeps pictures that came with an operation.
func KeepPhotos(ctx context.Context, c *frame.Caller, photos []Photo) (kept []document.Kept, err error) {
	if err := document.CheckCount(len(photos)); err != nil {
		return nil, err
	}
	for _, p := range photos {
		k, err := c.House.Documents.Take(ctx, p.Name, p.Data)
		if err != nil {
			for _, e := range errs.Each(err) {
				return nil, e.At("photos")
			}
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, nil
}
