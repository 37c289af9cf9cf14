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
	toUnit, toReporters, err := templates(n)
	if err != nil {
		return err
	}
	facts := factsOf(d, n)
	to := Unit(n.Unit)
	if n.Post != "" {
		to = Post(n.Post)
	}
	if toUnit != "" && to.Ref != "" {
		if err := b.queue(ctx, tx, d, n, to, toUnit, facts); err != nil {
			return err
		}
	}
	if toReporters == "" {
		return nil
	}
	if n.Report != "" {
		return b.queue(ctx, tx, d, n, Reporter(n.Report), toReporters, facts)
	}
	reports, err := casework.Reports(ctx, tx, d.Code, n.Case)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if err := b.queue(ctx, tx, d, n, Reporter(r.ID), toReporters, facts); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) queue(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, to To, t Template, f Facts) error {
	_, err := b.Queue(ctx, tx, Notice{District: d.Code, Case: string(n.Case), To: to, Channel: Portal, Template: t, Facts: f})
	return err
}

// templates says who is told in which words of something that casework or a
// procedure announced.
func templates(n casework.Notice) (toUnit, toReporters Template, err error) {
	switch n.Template {
	case "received":
		return "", received(n.Kind), nil
	case "solved":
		if n.State == casework.Running {
			return "", AskToRate, nil
		}
		return "", Done, nil
	case "sent":
		return "", Dispatched, nil
	case "co-returned":
		return ReturnedTask, "", nil
	case "co-done":
		return "", "", nil // the lead sees it on the case
	case "new-task":
		return NewTask, "", nil
	case "remarked":
		return Remarked, "", nil
	case "ruling":
		return Ruling, "", nil
	case "asked", "ask-refused", "review-due", "dates-moved", casework.SaidMore:
		return Template(n.Template), "", nil
	case "handed-over", "meeting", "meeting-off", "decision", "decision-co":
		return Template(n.Template), "", nil
	}
	if slices.Contains([]Template{Followed, BackToWork, Reopened, Rejected, Answered, Closed, Merged, MadeSafe,
		Paused, Extended, Resumed, MoreNeeded, DateMoved}, Template(n.Template)) {
		return "", Template(n.Template), nil
	}
	return "", "", fmt.Errorf("nobody knows the notice %q", n.Template)
}

// received says that a report of a kind of matter is taken in.
func received(kind string) Template {
	switch catalogue.Kind(kind) {
	case catalogue.Component, catalogue.Event, catalogue.Hazard:
		return ReceivedRepair
	}
	return Received
}

// ReceiptFor is the template that says to the sender of a report that it is
// taken in, or joined a case that was there.
func ReceiptFor(c casework.Case, joined bool) Template {
	if joined {
		return Followed
	}
	return received(c.Kind)
}

// FactsOf is what a template may say of a case as it stands.
func FactsOf(d *district.District, c casework.Case) Facts {
	return factsOf(d, casework.Notice{Number: c.Number, Matter: c.Matter, Address: c.Place.Address, Area: c.Place.Area(d.Code), Due: c.Due, Unit: c.Unit})
}

func factsOf(d *district.District, n casework.Notice) Facts {
	f := Facts{
		Number: n.Number, Title: d.Catalogue.Title(n.Matter), Place: lang.Text{ZH: n.Address, EN: n.Address},
		Reason: n.Reason, Answer: n.Answer, Link: "/track/" + n.Number,
	}
	if !n.Subject.IsZero() {
		f.Title = n.Subject
	}
	if f.Place.IsZero() {
		f.Place = d.Areas.Path(area.Code(n.Area))
	}
	if !n.Due.IsZero() {
		// As of the day before it, so that a message read tomorrow does not say today.
		f.Due = clock.DateText(n.Due, n.Due.AddDate(0, 0, -2), d.Calendar.Zone())
	}
	if n.Unit != "" {
		f.Unit = d.Org.UnitName(org.UnitID(n.Unit))
	}
	return f
}
