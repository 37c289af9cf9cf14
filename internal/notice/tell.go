package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/org"
)

// Tell is the handler of casework's notices: it writes a message to everyone
// who is concerned by what happened to a case, in the transaction that removes
// the job, so that each is told once.
func (b *Book) Tell(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
	defer errs.Wrap(&err, "notice.Tell(%s)", j.Key)
	var n casework.Notice
	if err := json.Unmarshal(j.Args, &n); err != nil {
		return err
	}
	c, err := casework.ByID(ctx, tx, d.Code, n.Case)
	if err != nil {
		return err
	}
	toUnit, toReporters, err := templates(n.Template, c)
	if err != nil {
		return err
	}
	facts := factsOf(d, c, n, tx)
	if toUnit != "" && n.Unit != "" {
		if err := b.queue(ctx, tx, d, c, Unit(n.Unit), toUnit, facts); err != nil {
			return err
		}
	}
	if toReporters == "" {
		return nil
	}
	reports, err := casework.Reports(ctx, tx, d.Code, c.ID)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if n.Report != "" && n.Report != r.ID {
			continue
		}
		if err := b.queue(ctx, tx, d, c, Reporter(r.ID), toReporters, facts); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) queue(ctx context.Context, tx *db.Tx, d *district.District, c casework.Case, to To, t Template, f Facts) error {
	_, err := b.Queue(ctx, tx, Notice{District: d.Code, Case: string(c.ID), To: to, Channel: Portal, Template: t, Facts: f})
	return err
}

// templates says who is told in which words of something that casework or a
// procedure announced.
func templates(announced string, c casework.Case) (toUnit, toReporters Template, err error) {
	switch announced {
	case "received":
		switch catalogue.Kind(c.Kind) {
		case catalogue.Component, catalogue.Event, catalogue.Hazard:
			return "", ReceivedRepair, nil
		}
		return "", Received, nil
	case "solved":
		if c.State == casework.Running {
			return "", AskToRate, nil
		}
		return "", Done, nil
	case "back-to-work":
		return "", Reopened, nil
	case "sent":
		return "", Dispatched, nil
	case "co-returned":
		return ReturnedTask, "", nil
	case "co-done":
		return "", "", nil // the lead sees it on the case
	case "new-task":
		return NewTask, "", nil
	case "ruling":
		return Ruling, "", nil
	}
	if slices.Contains([]Template{Followed, Rejected, Answered, Closed, Merged, MadeSafe}, Template(announced)) {
		return "", Template(announced), nil
	}
	return "", "", fmt.Errorf("nobody knows the notice %q", announced)
}

func factsOf(d *district.District, c casework.Case, n casework.Notice, tx *db.Tx) Facts {
	f := Facts{
		Number: c.Number, Title: d.Catalogue.Title(c.Matter), Place: lang.Text{ZH: c.Place.Address, EN: c.Place.Address},
		Reason: n.Reason, Answer: n.Answer, Link: "/track/" + c.Number,
	}
	if f.Place.IsZero() {
		f.Place = d.Areas.Path(area.Code(c.Place.Area(d.Code)))
	}
	if !c.Due.IsZero() {
		f.Due = clock.DateText(c.Due, tx.Now, d.Calendar.Zone())
	}
	if n.Unit != "" {
		f.Unit = d.Org.UnitName(org.UnitID(n.Unit))
	}
	return f
}
