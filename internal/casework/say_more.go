package casework

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// SaidMore is the act of a reporter who writes again without being asked.
const SaidMore = "said-more"

// SayMore keeps what a reporter of a running case writes later, unasked, and
// tells the unit that has it. The words stand with what reporters supplied, not
// in the trail. A case that has ended is errs.Conflict.
func SayMore(ctx context.Context, tx *db.Tx, a Acting, id ID, text string) (c Case, err error) {
	defer errs.Wrap(&err, "casework.SayMore(%s)", id)
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return Case{}, err
	}
	if s.c.State != Running {
		return Case{}, errs.New(errs.Conflict, "这件已经办结，请另外上报。", "This case has ended; please report anew.")
	}
	if err := s.supply(procedure.Move{Answer: text}); err != nil {
		return Case{}, err
	}
	s.c.MovedAt = tx.Now
	if err := s.finish(SaidMore, "", map[string]string{"report": a.By.Report}); err != nil {
		return Case{}, err
	}
	return *s.c, s.tell(SaidMore, "")
}
