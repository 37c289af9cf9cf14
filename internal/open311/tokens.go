package open311

import (
	"strings"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/intake"
)

// token gives the number that a report became. Posting tells the number at once,
// so nobody needs it; a report's id, which only its sender knows, is taken for
// programs that ask all the same.
func (d *door) token(c *call) (any, error) {
	missing := errs.New(errs.NotFound, "没有这个 token。", "There is no such token.").At("token")
	if uuid.Validate(c.id) != nil {
		return nil, missing
	}
	ctx, code := c.r.Context(), c.District.Code
	report, err := casework.ReportByID(ctx, d.house.DB, code, strings.ToLower(c.id))
	if errs.KindOf(err) == errs.NotFound || err == nil && report.Channel != string(intake.Open311) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	one, err := casework.ByID(ctx, d.house.DB, code, report.Case)
	if err != nil {
		return nil, err
	}
	return georeport.Tokens{{ID: georeport.Text(one.Number), Token: georeport.Text(c.id)}}, nil
}
