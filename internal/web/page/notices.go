package page

import (
	"context"

	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/privacy"
	"linli/internal/procedure"
)

// ReportNotice and ChildNotice are the notices that stand on forms which take
// reports in.
const (
	ReportNotice = "report"
	ChildNotice  = "child"
)

// Noticed has the transaction that takes a report in note that its sender was shown
// the notice, or told it by who takes it down. Where it is about a child under
// fourteen, it notes the other notice and the guardian's consent too.
func (v *View) Noticed(child bool) func(context.Context, *db.Tx, intake.Receipt) error {
	return func(ctx context.Context, tx *db.Tx, r intake.Receipt) error {
		holder := privacy.OfReport(r.Report)
		if err := privacy.Shown(ctx, tx, v.District, holder, ReportNotice); err != nil || !child {
			return err
		}
		if err := privacy.Shown(ctx, tx, v.District, holder, ChildNotice); err != nil {
			return err
		}
		return privacy.Give(ctx, tx, v.District, holder, privacy.GuardianConsent, privacy.ByGuardian, procedure.Actor{})
	}
}
