package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/sms"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/notice"
)

// TakeText takes a text message in: a question how a case stands, the word on
// one that waits for it, the wish to be told no more; anything else as a letter.
// A text that gets an answer costs us one, so those of one number are bounded as
// letters are.
func (b *Box) TakeText(ctx context.Context, d *district.District, c channel.Came) (t Took, err error) {
	defer errs.Wrap(&err, "inbox.TakeText(%s)", c.Channel)
	l, w := Letter{Came: c}, wishOf(c.Text)
	l.Ref = refOf(l)
	switch w.do {
	case stop:
		l.Stop = true
	case look, rate, help:
		t, done, err := b.wished(ctx, d, l, w)
		if err != nil || done {
			return b.settled(ctx, d, t, err)
		}
	}
	return b.Take(ctx, d, l)
}

// wished does what a text asks for, unless it asks for nothing after all.
func (b *Box) wished(ctx context.Context, d *district.District, l Letter, w wish) (t Took, done bool, err error) {
	t = Took{Channel: l.Channel, Ref: l.Ref, from: b.indexOf(l), Shown: shown(l), Outcome: Asked}
	if before, err := arrival(ctx, b.Desk.DB, d.Code, l.Channel, l.Ref); err == nil || !errors.Is(err, errs.NotFound) {
		before.Again = true
		return before, true, err
	}
	if why, err := b.unread(ctx, d, l, t); err != nil || why != "" {
		return t, false, err // Take says so
	}
	answer := helpText()
	h := notice.OfWriter(t.from)
	var c casework.Case
	var r casework.Report
	if w.do != help {
		c, r, err = b.own(ctx, b.Desk.DB, d, l, w)
		switch {
		case err == nil:
			h = notice.OfReport(r.ID)
			t.about(c, r.ID)
			answer = b.standing(d, c)
		case !errors.Is(err, errs.NotFound):
			return t, false, err
		case w.do == rate: // words that are about nothing of theirs are a report
			return t, false, nil
		default:
			answer = noneText()
		}
	}
	err = b.keepAs(ctx, d, &t, func(tx *db.Tx) error {
		if w.do == rate {
			t.Outcome = Rated
			if err := b.rated(ctx, tx, d, c, r, w); err != nil {
				return err
			}
			if w.grade <= 2 {
				return nil // that it goes back is told as every other step
			}
			answer = thanks()
		}
		way, ok, err := b.way(ctx, tx, d, l, h, spoken(l.Text))
		if err != nil || !ok {
			return err
		}
		return b.Notices.Reply(ctx, tx, d.Code, t.Case, way, answer)
	})
	if errors.Is(err, errNoRating) {
		return t, false, nil
	}
	return t, true, err
}

// keepAs is keep for a record that with completes.
func (b *Box) keepAs(ctx context.Context, d *district.District, t *Took, with func(tx *db.Tx) error) error {
	return b.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		if err := with(tx); err != nil {
			return err
		}
		return note(ctx, tx, d.Code, *t)
	})
}

// ReportJob notes what a gateway said of a text before we had noted that it was
// sent: it is asked once more, a little later.
const ReportJob = "channel-report"

// reportedBack is what ReportJob carries; nothing of it is personal.
type reportedBack struct {
	Channel channel.Name
	sms.Report
}

// soon is how much later ReportJob looks.
const soon = time.Minute

// Hear takes in what a gateway of text messages brought: all of it, or an error,
// and it may bring it again.
func (b *Box) Hear(ctx context.Context, d *district.District, h sms.Heard) (err error) {
	defer errs.Wrap(&err, "inbox.Hear(%d, %d, %d)", len(h.Reports), len(h.Parts), len(h.Came))
	for _, r := range h.Reports {
		if err := b.hearReport(ctx, d.Code, channel.SMS, r); err != nil {
			return err
		}
	}
	for _, p := range h.Parts {
		if err := b.hearPart(ctx, d, p); err != nil {
			return err
		}
	}
	for _, c := range h.Came {
		if _, err := b.TakeText(ctx, d, c); err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) hearReport(ctx context.Context, code string, name channel.Name, r sms.Report) error {
	return b.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		err := b.Notices.Reported(ctx, tx, code, name, channel.Receipt{Ref: r.Ref, State: r.State, Why: r.Why, Gone: r.Gone})
		if errors.Is(err, errs.NotFound) {
			return job.Add(ctx, tx, code, ReportJob, string(name)+"/"+r.Ref, reportedBack{name, r}, tx.Now.Add(soon))
		}
		return err
	})
}

// NoteReport is the handler of ReportJob. A text that is still not ours never
// was.
func (b *Box) NoteReport(ctx context.Context, tx *db.Tx, j job.Job) (err error) {
	defer errs.Wrap(&err, "inbox.NoteReport")
	var r reportedBack
	if err := json.Unmarshal(j.Args, &r); err != nil {
		return err
	}
	err = b.Notices.Reported(ctx, tx, j.District, r.Channel, channel.Receipt{Ref: r.Ref, State: r.State, Why: r.Why, Gone: r.Gone})
	if !errors.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

func thanks() lang.Text {
	return lang.T("收到您的话了，谢谢。", "We have your word, thank you.")
}

func noneText() lang.Text {
	return lang.T("没有找到您的这一件。请写“查”加编号和取件码，例如：查 261122-0001 abcdefghjk", "There is no such case of yours. Write: status, the number and the secret word.")
}

func helpText() lang.Text {
	return lang.T("写下什么事、在哪里，就是来反映。“查”加编号看进展；办好后写“满意”或“不满意”加原因；不想再收消息写“退订”。紧急情况请打 110、119、120。",
		"Write what it is and where, and it is reported. Write: status and the number, to see how it stands; when it is done: solved, or: not solved and why; stop, to hear no more. In an emergency call 110, 119 or 120.")
}
