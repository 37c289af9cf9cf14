package look

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// restricted refuses a look at a report whose sender objected, but for a purpose
// that the law puts above the objection: privacy.yaml says which. Package privacy
// keeps the marks.
func (a Asking) restricted(ctx context.Context, r db.Reader) error {
	if p, ok := a.District.Catalogue.Privacy().Purpose(a.Purpose); ok && p.Always {
		return nil
	}
	n, err := db.Value[int](ctx, r, "select count(*) from restrictions where district = $1 and report_id = $2", a.District.Code, a.Report)
	if err != nil || n == 0 {
		return err
	}
	return errs.New(errs.Forbidden, "本人提出了异议，这一件的个人信息只在法律规定的情形下才能看。", "The person objected: what this report holds of them is shown for purposes of law alone.").At("purpose")
}
