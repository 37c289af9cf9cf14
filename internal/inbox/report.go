package inbox

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/procedure"
)

// reported takes a letter in as a new report, and tells the writer its number
// and word. One that cannot be taken in is refused with why.
func (b *Box) reported(ctx context.Context, d *district.District, l Letter, t *Took) error {
	s, dropped, err := b.sending(ctx, d, l)
	if err != nil {
		return err
	}
	t.Outcome, t.LeftOut = Reported, leftOut(dropped)
	s.Then = func(ctx context.Context, tx *db.Tx, r intake.Receipt) error {
		t.about(r.Case, r.Report)
		if err := note(ctx, tx, d.Code, *t); err != nil {
			return err
		}
		w, ok, err := b.way(ctx, tx, d, l, notice.OfReport(r.Report), s.Lang)
		if err != nil || !ok {
			return err
		}
		n := notice.Notice{District: d.Code, Case: string(r.Case.ID), To: notice.Reporter(r.Report), Template: notice.ReceiptFor(r.Case, r.Attached), Facts: notice.FactsOf(d, r.Case)}
		if err := b.Notices.Receipt(ctx, tx, n, w, r.Word); err != nil || len(dropped) == 0 {
			return err
		}
		return b.Notices.Reply(ctx, tx, d.Code, r.Case.ID, w, leftText(dropped))
	}
	r, err := b.Desk.Receive(ctx, d, s)
	if errs.KindOf(err) == errs.Invalid || errs.KindOf(err) == errs.TooLarge {
		return b.refused(ctx, d, l, t, err)
	}
	if err == nil && r.Again { // taken in before its record was forgotten
		t.Case, t.Report, t.Again = r.Case.ID, r.Report, true
	}
	return err
}

// refused tells the writer why a letter could not be taken in.
func (b *Box) refused(ctx context.Context, d *district.District, l Letter, t *Took, why error) error {
	text, _ := errs.TextOf(why) // what is invalid always says why
	t.Outcome, t.Why, t.Case, t.Report = Refused, "invalid", "", ""
	return b.keep(ctx, d, *t, func(tx *db.Tx) error {
		w, ok, err := b.way(ctx, tx, d, l, notice.OfWriter(t.from), spoken(l.Subject+l.Text))
		if err != nil || !ok {
			return err
		}
		return b.Notices.Reply(ctx, tx, d.Code, "", w, lang.Text{ZH: "没有收下：" + text.ZH, EN: "We could not take it in: " + text.EN})
	})
}

// way is how the writer of a letter is answered: by the way it came. A writer
// whose address was used too often, or of a channel that does not go out, is
// answered on the pages alone.
func (b *Box) way(ctx context.Context, tx *db.Tx, d *district.District, l Letter, h notice.Holder, speaks lang.Lang) (w notice.Way, ok bool, err error) {
	if !b.Notices.Has(l.Channel) {
		return w, false, nil
	}
	if err := b.Notices.Wrote(ctx, tx, d.Code, l.Channel, l.From); err != nil {
		return w, false, err
	}
	if l.Channel == channel.SMS && strings.HasPrefix(string(h), "report:") {
		phone, err := ident.ParsePhone(l.From)
		return notice.ByPhone(h, phone, speaks), err == nil && phone.Mobile(), nil
	}
	w, err = b.Notices.Choose(ctx, tx, d.Code, notice.Choice{Holder: h, Channel: l.Channel, Address: l.From, Lang: speaks, Known: true})
	if kind := errs.KindOf(err); err != nil && (kind == errs.Often || kind == errs.Invalid) {
		return w, false, nil
	}
	return w, err == nil, err
}

// added puts a letter to the case that it is about, if it shows that it may, and
// the case still runs.
func (b *Box) added(ctx context.Context, d *district.District, l *Letter, t *Took) (done bool, err error) {
	report, text, err := b.about(ctx, d, *l)
	if err != nil || report.ID == "" {
		return false, err
	}
	l.Text = text // also where it becomes a new report: without the secret word
	c, err := casework.ByID(ctx, b.Desk.DB, d.Code, report.Case)
	if err != nil || c.State != casework.Running {
		return false, err
	}
	photos, dropped, err := b.photos(ctx, *l)
	if err != nil {
		return false, err
	}
	if text = bounded(text); text == "" {
		if len(photos) == 0 {
			return false, nil
		}
		text = "（只发来照片）"
	}
	if text, err = b.Desk.Said(d.Code, c, report, text); err != nil {
		return false, err
	}
	t.Outcome, t.LeftOut = Added, leftOut(dropped)
	t.about(c, report.ID)
	return true, b.keep(ctx, d, *t, func(tx *db.Tx) error {
		if err := b.put(ctx, tx, d, c, report, text, len(photos)); err != nil {
			return err
		}
		for _, photo := range intake.Shown(c, photos) {
			if _, err := document.Add(ctx, tx, d.Code, string(c.ID), document.Evidence, "", photo); err != nil {
				return err
			}
		}
		if len(dropped) == 0 {
			return nil
		}
		w, ok, err := b.way(ctx, tx, d, *l, notice.OfReport(report.ID), spoken(text))
		if err != nil || !ok {
			return err
		}
		return b.Notices.Reply(ctx, tx, d.Code, c.ID, w, leftText(dropped))
	})
}

// put gives words to a case: as the answer that its procedure waits for, if it
// does, else as more that the reporter has to say.
func (b *Box) put(ctx context.Context, tx *db.Tx, d *district.District, c casework.Case, r casework.Report, text string, photos int) error {
	a := casework.Acting{District: d, By: procedure.Actor{Reporter: true, Report: r.ID}}
	offers, err := casework.Available(ctx, tx, a, c, tx.Now)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if o.Allowed && slices.Equal(o.Needs, []procedure.Need{procedure.NeedAnswer}) {
			_, err := casework.Act(ctx, tx, a, c.ID, procedure.Move{Task: o.Task, Action: o.Action, Answer: text, Photos: photos})
			return err
		}
	}
	_, err = casework.SayMore(ctx, tx, a, c.ID, text)
	return err
}

// numberForm finds what may be a case's number, wordForm what may be a secret
// word, within a text.
var (
	numberForm = regexp.MustCompile(`\d{6}\s?[-—－]?\s?\d{5,7}`)
	wordForm   = regexp.MustCompile(`\b[a-hjkmnp-z2-9]{10}\b`)
)

// about is the report that a letter shows to be its writer's, with what it says
// beside that; the zero report where it shows none.
func (b *Box) about(ctx context.Context, d *district.District, l Letter) (r casework.Report, text string, err error) {
	if m, err := b.answers(ctx, d, l); err != nil || m.Report != "" {
		if err != nil {
			return r, "", err
		}
		r, err = casework.ReportByID(ctx, b.Desk.DB, d.Code, m.Report)
		if errors.Is(err, errs.NotFound) {
			return casework.Report{}, "", nil
		}
		return r, l.Text, err
	}
	whole := l.Subject + "\n" + l.Text
	words := wordForm.FindAllString(strings.ToLower(whole), 5)
	for _, found := range numberForm.FindAllString(whole, 5) {
		number, err := ident.ParseNumber(found)
		if err != nil || len(words) == 0 {
			continue
		}
		c, err := casework.ByNumber(ctx, b.Desk.DB, d.Code, string(number))
		if errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return r, "", err
		}
		reports, err := casework.Reports(ctx, b.Desk.DB, d.Code, c.ID)
		if err != nil {
			return r, "", err
		}
		for _, one := range reports {
			for _, word := range words {
				if one.Word != "" && one.Word == intake.HashWord(word) {
					return one, without(l.Text, found, word), nil
				}
			}
		}
	}
	return r, "", nil
}

// without takes the number and the secret word out of a text: nobody else is to
// read the word.
func without(text, number, word string) string {
	text = strings.ReplaceAll(text, number, "")
	for {
		at := strings.Index(strings.ToLower(text), word)
		if at < 0 || at+len(word) > len(text) {
			return strings.TrimSpace(text)
		}
		text = text[:at] + text[at+len(word):]
	}
}

// answers is the message of ours that a letter answers, from where that went.
func (b *Box) answers(ctx context.Context, d *district.District, l Letter) (notice.Message, error) {
	ids := slices.Concat(l.Ours, l.Thread)
	for _, id := range ids[:min(len(ids), 20)] {
		var m notice.Message
		var err error
		if m, err = notice.ByRef(ctx, b.Desk.DB, d.Code, l.Channel, id); errors.Is(err, errs.NotFound) && slices.Contains(l.Ours, id) {
			m, err = notice.ByID(ctx, b.Desk.DB, d.Code, notice.ID(id))
		}
		if errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return m, err
		}
		same, err := b.Notices.WroteFrom(ctx, b.Desk.DB, m, l.From)
		if err != nil || same && m.Report != "" {
			return m, err
		}
	}
	return notice.Message{}, nil
}
