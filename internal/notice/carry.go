package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/vault"
)

// CarryJob takes a message to its carrier. It is an outside job, prepared by
// [Book.PrepareCarry]; its key is the channel and the message.
const CarryJob = "notice-carry"

// Out is what messages go out by. Its zero value has the pages alone.
type Out struct {
	Carriers map[channel.Name]channel.Carrier
	Vault    *vault.Vault
	Site     string // https://…, before the address of a page; empty: letters have no links
	// Owner is the account that held a number, by its blind index, at an instant;
	// "" where none did.
	Owner func(ctx context.Context, r db.Reader, district, phoneIndex string, at time.Time) (string, error)
	// Reads reports whether a person of the staff reads a notice to a unit or a post
	// now; nil: nobody of the staff is told beside the pages.
	Reads func(ctx context.Context, r db.Reader, person string, n Notice, now time.Time) (bool, error)
}

// Connected gives the book with what its messages go out by.
func (b *Book) Connected(o Out) *Book { return &Book{all: b.all, out: o} }

// carrying is what a carry job names: nothing of whom or what.
type carrying struct {
	ID ID `json:"id"`
}

func carryKey(m Message) string { return string(m.Channel) + "/" + string(m.ID) }

// A report that was written to us is answered with its receipt at once.
var (
	receipts = []Template{Received, ReceivedRepair, Followed}
	written  = []string{string(channel.Mail), string(channel.SMS), string(channel.WeChat)}
)

// letters queue what the sender of a report is told beside the pages.
func (b *Book) letters(ctx context.Context, tx *db.Tx, n Notice) error {
	if len(b.out.Carriers) == 0 {
		return nil
	}
	r, err := casework.ReportByID(ctx, tx, n.District, n.To.Ref)
	if errors.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if slices.Contains(receipts, n.Template) && slices.Contains(written, r.Channel) {
		return nil // its receipt went by the way it came
	}
	ways, err := b.reach(ctx, tx, n.District, r)
	if err != nil || len(ways) == 0 {
		return err
	}
	c, err := casework.ByID(ctx, tx, n.District, casework.ID(n.Case))
	if err != nil {
		return err
	}
	for _, w := range ways {
		text, err := b.wording(ctx, tx, n, w, c.Secret)
		if err != nil {
			return err
		}
		m := Message{District: n.District, Case: n.Case, Report: r.ID, To: n.To, Channel: w.Channel, Template: n.Template, Text: text, Way: w.ID, Shown: w.Shown}
		if err := b.post(ctx, tx, m, ""); err != nil {
			return err
		}
	}
	return nil
}

// Receipt tells the sender of a report, by the way it came, its number and the
// secret word that opens its page. The word is in the letter alone: neither a
// template nor the record of the message ever holds it.
func (b *Book) Receipt(ctx context.Context, tx *db.Tx, n Notice, w Way, word string) (err error) {
	defer errs.Wrap(&err, "notice.Receipt(%s)", n.Case)
	text, err := b.wording(ctx, tx, n, w, false)
	if err != nil {
		return err
	}
	with := func(word string) lang.Text {
		more := lang.T("取件码 %s，凭编号和取件码随时可查。", "The secret word is %s; number and word together open its page at any time.", word)
		return lang.Text{ZH: text.ZH + " " + more.ZH, EN: text.EN + " " + more.EN} // the text may end with a link
	}
	m := Message{District: n.District, Case: n.Case, Report: n.To.Ref, To: n.To, Channel: w.Channel, Template: n.Template, Text: with("***"), Way: w.ID, Shown: w.Shown}
	return b.post(ctx, tx, m, with(word).In(w.Lang))
}

// Reply queues a letter to a way in words that are given: the answer to
// something that could not be taken in. about is the case that it is about, ""
// for none: of a secret one nobody is to see where the letter went.
func (b *Book) Reply(ctx context.Context, tx *db.Tx, district string, about casework.ID, w Way, text lang.Text) (err error) {
	defer errs.Wrap(&err, "notice.Reply(%s)", w.Channel)
	m := Message{District: district, Case: string(about), To: To{Kind: "resident", Ref: string(w.Holder)}, Channel: w.Channel, Template: replyTemplate, Text: text, Way: w.ID, Shown: w.Shown}
	if w.ID == byPhone { // the number is the report's
		m.Report = strings.TrimPrefix(string(w.Holder), "report:")
	}
	return b.post(ctx, tx, m, "")
}

// post writes a message that goes out, and asks for it to be carried. instead is
// what the letter says in place of the text that is kept; empty: the same.
func (b *Book) post(ctx context.Context, tx *db.Tx, m Message, instead string) error {
	id, err := newID()
	if err != nil {
		return err
	}
	m.ID, m.At, m.State = id, tx.Now, Queued
	if m.Case != "" {
		c, err := casework.ByID(ctx, tx, m.District, casework.ID(m.Case))
		if err != nil {
			return err
		}
		if c.Secret {
			m.Shown = "" // a mask is half of a number, and the record is read by staff
		}
	}
	if err := insert(ctx, tx, m, b.seal(m.District, instead)); err != nil {
		return err
	}
	return job.Add(ctx, tx, m.District, CarryJob, carryKey(m), carrying{m.ID}, tx.Now)
}

func (b *Book) seal(district, text string) string {
	if text == "" {
		return ""
	}
	return b.out.Vault.Seal(district, outgoingField, text)
}

// PrepareCarry takes a message to its carrier before its job's transaction
// begins, and returns what to write of it. An error is tried again; it repeats
// nothing of the address.
func (b *Book) PrepareCarry(ctx context.Context, r db.Reader, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "notice.PrepareCarry(%s)", j.Key)
	done := func(context.Context, *db.Tx, job.Job) error { return nil }
	var c carrying
	if err := json.Unmarshal(j.Args, &c); err != nil {
		return nil, err
	}
	m, err := message(ctx, r, j.District, c.ID)
	if errors.Is(err, errs.NotFound) || err == nil && m.State != Queued {
		return done, nil // forgotten, or told meanwhile
	}
	if err != nil {
		return nil, err
	}
	l, err := b.letter(ctx, r, m)
	if err != nil {
		return nil, err
	}
	if l.Address == "" {
		return b.came(m, channel.Receipt{State: channel.Failed, Why: "不再用这个地址 · the address is used no more"}), nil
	}
	carrier := b.out.Carriers[m.Channel]
	if carrier == nil {
		return nil, fmt.Errorf("the channel %q is not connected any more", m.Channel)
	}
	receipt, err := carrier.Carry(ctx, l)
	if err != nil {
		return nil, errors.New("not taken: " + hide(err.Error(), l))
	}
	receipt.Why = hide(receipt.Why, l)
	return b.came(m, receipt), nil
}

// hide takes the address and the words of a letter out of what a carrier said,
// and bounds it.
func hide(why string, l channel.Letter) string {
	for _, secret := range []string{l.Address, l.Text.ZH, l.Text.EN} {
		if secret != "" {
			why = strings.ReplaceAll(why, secret, "***")
		}
	}
	if r := []rune(why); len(r) > 300 {
		why = string(r[:300]) + "…"
	}
	return why
}

// came writes what a carrier said of a message.
func (b *Book) came(m Message, r channel.Receipt) job.Handler {
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		done := time.Time{}
		if r.State != channel.Sent {
			done = tx.Now
		}
		err := tx.Exec(ctx, `update messages set state = $1, sent_at = $2, done_at = $3, ref = $4, error = $5, outgoing = '' where district = $6 and id = $7 and state = 'queued'`,
			string(r.State), db.At(tx.Now), db.At(done), r.Ref, r.Why, m.District, string(m.ID))
		if err == nil {
			err = keepParts(ctx, tx, m, r)
		}
		if err != nil || !r.Gone {
			return err
		}
		return b.unreachable(ctx, tx, m, r.Why)
	}
}

// letter makes what is carried of a message. Its address is empty where it is
// not to be used any more.
func (b *Book) letter(ctx context.Context, r db.Reader, m Message) (l channel.Letter, err error) {
	l = channel.Letter{District: m.District, ID: string(m.ID), Thread: m.Case, Text: m.Text, Template: string(m.Template)}
	hidden, err := db.Value[string](ctx, r, `select outgoing from messages where district = $1 and id = $2`, m.District, string(m.ID))
	if err != nil {
		return l, err
	}
	if hidden != "" {
		words, err := b.out.Vault.Reveal(m.District, outgoingField, hidden)
		if err != nil {
			return l, err
		}
		l.Text = lang.Text{ZH: words, EN: words}
	}
	if m.Case != "" {
		c, err := casework.ByID(ctx, r, m.District, casework.ID(m.Case))
		if err != nil {
			return l, err
		}
		l.Subject = lang.T("您反映的事，编号 %[1]s", "Your report, number %[1]s", c.Number)
		l.Facts = map[string]string{"number": c.Number}
		if b.out.Site != "" {
			l.Link = b.out.Site + "/track/" + c.Number
		}
	}
	if m.To.Kind == person {
		b.toStaff(&l)
	}
	if m.Way == byPhone {
		report, err := casework.ReportByID(ctx, r, m.District, m.Report)
		if err != nil {
			return l, err
		}
		l.Lang = lang.Parse(report.Lang)
		phone, err := b.phoneOf(m.District, report)
		l.Address = string(phone)
		return l, err
	}
	all, err := db.All(ctx, r, (*Way).dest, `select `+wayColumns+` from ways where district = $1 and id = $2`, m.District, m.Way)
	if err != nil || len(all) == 0 || !all[0].Ended.IsZero() || !all[0].Reachable() && m.Template != codeTemplate {
		return l, err
	}
	l.Lang = all[0].Lang
	l.Address, err = b.out.Vault.Reveal(m.District, addressField, all[0].sealed)
	return l, err
}
