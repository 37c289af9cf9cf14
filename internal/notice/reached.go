package notice

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
)

// whyMost bounds what is kept of a counterpart's reason.
const whyMost = 300

// Reported notes what a counterpart says of a message that it took: whether it
// arrived, by Ref, State, Why and Gone of r. It is errs.NotFound for one that we
// did not send, or not yet. What is final stays: a counterpart may say the same
// thing more than once. One that went in several parts has arrived when all of
// them have.
func (b *Book) Reported(ctx context.Context, tx *db.Tx, district string, name channel.Name, r channel.Receipt) (err error) {
	defer errs.Wrap(&err, "notice.Reported(%s)", name)
	m, whole, err := partReported(ctx, tx, district, name, r)
	if errors.Is(err, errs.NotFound) {
		whole = r.State
		m, err = ByRef(ctx, tx, district, name, r.Ref)
	}
	if err != nil || whole == channel.Sent {
		return err
	}
	why := r.Why
	if r := []rune(why); len(r) > whyMost {
		why = string(r[:whyMost]) + "…"
	}
	n, err := tx.Change(ctx, `update messages set state = $1, done_at = $2, error = $3 where district = $4 and id = $5 and state = 'sent'`,
		string(whole), db.At(tx.Now), why, district, string(m.ID))
	if err != nil || n == 0 || !r.Gone || whole != channel.Failed {
		return err
	}
	return b.unreachable(ctx, tx, m, why)
}

// partReported notes what is said of one part of a message, and gives the
// message with what is now to be said of all of it: sent, while parts are on
// their way. It is errs.NotFound where the reference is none of a part.
func partReported(ctx context.Context, tx *db.Tx, district string, name channel.Name, r channel.Receipt) (m Message, whole channel.State, err error) {
	id, err := db.Value[string](ctx, tx, `select message from message_parts where district = $1 and channel = $2 and ref = $3 order by message desc limit 1`, district, string(name), r.Ref)
	if err != nil {
		return m, "", err
	}
	// Two copies of the program that hear of two parts at once take turns here;
	// else each would see the other's part on its way.
	if err := tx.Exec(ctx, `update messages set ref = ref where district = $1 and id = $2`, district, id); err != nil {
		return m, "", err
	}
	if err := tx.Exec(ctx, `update message_parts set state = $1 where district = $2 and message = $3 and ref = $4 and state = 'sent'`, string(r.State), district, id, r.Ref); err != nil {
		return m, "", err
	}
	states, err := db.All(ctx, tx, func(s *string) []any { return []any{s} }, `select state from message_parts where district = $1 and message = $2`, district, id)
	if err != nil {
		return m, "", err
	}
	m, err = message(ctx, tx, district, ID(id))
	return m, wholeOf(states), err
}

// wholeOf is the state of a message whose parts stand in some states.
func wholeOf(parts []string) channel.State {
	whole := channel.Delivered
	for _, s := range parts {
		switch channel.State(s) {
		case channel.Failed:
			return channel.Failed
		case channel.Sent:
			whole = channel.Sent
		}
	}
	return whole
}

// keepParts remembers the parts in which a message went out.
func keepParts(ctx context.Context, tx *db.Tx, m Message, r channel.Receipt) error {
	if len(r.Parts) < 2 || r.State != channel.Sent {
		return nil
	}
	for i, ref := range r.Parts {
		if err := tx.Exec(ctx, `insert into message_parts (district, message, part, channel, ref, state) values ($1, $2, $3, $4, $5, $6)`,
			m.District, string(m.ID), i+1, string(m.Channel), ref, string(channel.Sent)); err != nil {
			return err
		}
	}
	return nil
}

func dropParts(ctx context.Context, tx *db.Tx, district string, id ID) error {
	return tx.Exec(ctx, `delete from message_parts where district = $1 and message = $2`, district, string(id))
}

// unreachable marks where a message went as an address that cannot be reached,
// for everybody who is told there. A browser's subscription that has ended never
// comes again, so that it ends.
func (b *Book) unreachable(ctx context.Context, tx *db.Tx, m Message, why string) error {
	if m.Way == byPhone {
		return b.noNumber(ctx, tx, m, why)
	}
	index, err := b.addressOf(ctx, tx, m)
	if err != nil || index == "" {
		return err
	}
	if m.Channel == channel.Push {
		return tx.Exec(ctx, `update ways set ended_at = $1, unreached_why = $2 where district = $3 and address_index = $4 and ended_at = 0`, db.At(tx.Now), why, m.District, index)
	}
	_, err = mark(ctx, tx, m.District, index, why)
	return err
}

// noNumber marks the number that a report was sent with. Where it is nobody's
// way yet it becomes one of the report's, which can be marked.
func (b *Book) noNumber(ctx context.Context, tx *db.Tx, m Message, why string) error {
	r, phone, err := b.numberOf(ctx, tx, m)
	if err != nil || phone == "" {
		return err
	}
	index := b.indexOf(channel.SMS, string(phone))
	if n, err := mark(ctx, tx, m.District, index, why); err != nil || n > 0 {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	w := Way{ID: id.String(), Holder: OfReport(r.ID), Channel: channel.SMS, Shown: phone.Mask(), Lang: lang.Parse(r.Lang), Made: tx.Now, Unreached: tx.Now, Why: why, index: index}
	return b.keepWay(ctx, tx, m.District, w, string(phone))
}

// mark is how many ways to an address are marked by it.
func mark(ctx context.Context, tx *db.Tx, district, index, why string) (int64, error) {
	return tx.Change(ctx, `update ways set unreached_at = $1, unreached_why = $2 where district = $3 and address_index = $4 and ended_at = 0 and unreached_at = 0`,
		db.At(tx.Now), why, district, index)
}

// addressOf is the blind index of where a message went; "" where that is not
// known any more.
func (b *Book) addressOf(ctx context.Context, r db.Reader, m Message) (index string, err error) {
	if m.Way == byPhone {
		_, phone, err := b.numberOf(ctx, r, m)
		if err != nil || phone == "" {
			return "", err
		}
		return b.indexOf(channel.SMS, string(phone)), nil
	}
	index, err = db.Value[string](ctx, r, `select address_index from ways where district = $1 and id = $2`, m.District, m.Way)
	if errors.Is(err, errs.NotFound) {
		return "", nil
	}
	return index, err
}

// numberOf is the report that a message is about and the number it was sent
// with; "" where that is forgotten.
func (b *Book) numberOf(ctx context.Context, r db.Reader, m Message) (of casework.Report, phone ident.Phone, err error) {
	of, err = casework.ReportByID(ctx, r, m.District, m.Report)
	if errors.Is(err, errs.NotFound) {
		return of, "", nil
	}
	if err != nil {
		return of, "", err
	}
	phone, err = b.phoneOf(m.District, of)
	return of, phone, err
}

// phoneOf is the number that a report was sent with, in clear; "" for none.
func (b *Book) phoneOf(district string, of casework.Report) (ident.Phone, error) {
	if of.Phone == "" {
		return "", nil
	}
	clear, err := b.out.Vault.Reveal(district, casework.PhoneField, of.Phone)
	return ident.Phone(clear), err
}

// texted is the way to the number that a report was sent with, and whether the
// number is known to be none; ok is false where texts cannot go to it.
func (b *Book) texted(ctx context.Context, r db.Reader, district string, of casework.Report) (w Way, dead, ok bool, err error) {
	if of.Phone == "" || !b.Has(channel.SMS) {
		return w, false, false, nil
	}
	phone, err := b.phoneOf(district, of)
	if err != nil || !phone.Mobile() {
		return w, false, false, err
	}
	dead, err = isUnreached(ctx, r, district, b.indexOf(channel.SMS, string(phone)))
	return ByPhone(OfReport(of.ID), phone, lang.Parse(of.Lang)), dead, err == nil, err
}

// isUnreached reports whether an address is marked by whoever is told there.
func isUnreached(ctx context.Context, r db.Reader, district, index string) (bool, error) {
	n, err := db.Value[int](ctx, r, `select count(*) from ways where district = $1 and address_index = $2 and ended_at = 0 and unreached_at > 0`, district, index)
	return n > 0, err
}

// Reaches reports whether nobody has said of an address that it is none.
func (b *Book) Reaches(ctx context.Context, r db.Reader, district string, name channel.Name, address string) (yes bool, err error) {
	defer errs.Wrap(&err, "notice.Reaches(%s)", name)
	dead, err := isUnreached(ctx, r, district, b.indexOf(name, address))
	return err == nil && !dead, err
}

// reached takes the mark off an address.
func reached(ctx context.Context, tx *db.Tx, district, index string) error {
	return tx.Exec(ctx, `update ways set unreached_at = 0, unreached_why = '' where district = $1 and address_index = $2 and unreached_at > 0`, district, index)
}

// Wrote notes that somebody wrote to us from an address, which can be reached
// then.
func (b *Book) Wrote(ctx context.Context, tx *db.Tx, district string, name channel.Name, address string) (err error) {
	defer errs.Wrap(&err, "notice.Wrote(%s)", name)
	return reached(ctx, tx, district, b.indexOf(name, address))
}

// Unreached are the ways of holders that cannot be reached.
func Unreached(ctx context.Context, r db.Reader, district string, holders ...Holder) (all []Way, err error) {
	defer errs.Wrap(&err, "notice.Unreached(%v)", holders)
	every, err := Ways(ctx, r, district, holders...)
	for _, w := range every {
		if !w.Reachable() {
			all = append(all, w)
		}
	}
	return all, err
}

// UnreachedOf are those by which the sender of a report cannot be told: ways, and
// the number it was sent with, which another report has shown to be none. That
// one is the way of [ByPhone].
func (b *Book) UnreachedOf(ctx context.Context, r db.Reader, district string, of casework.Report) (all []Way, err error) {
	defer errs.Wrap(&err, "notice.UnreachedOf(%s)", of.ID)
	every, err := waysOf(ctx, r, district, OfReport(of.ID))
	texted := false
	for _, w := range every {
		texted = texted || w.Channel == channel.SMS
		if w.Ended.IsZero() && !w.Reachable() {
			all = append(all, w)
		}
	}
	if err != nil || texted {
		return all, err
	}
	w, dead, ok, err := b.texted(ctx, r, district, of)
	if ok && dead {
		all = append(all, w)
	}
	return all, err
}

// TryNumber has the number that a report was sent with used again, as TryAgain
// has a way.
func (b *Book) TryNumber(ctx context.Context, tx *db.Tx, district, report string) (err error) {
	defer errs.Wrap(&err, "notice.TryNumber(%s)", report)
	of, err := casework.ReportByID(ctx, tx, district, report)
	if err != nil {
		return err
	}
	phone, err := b.phoneOf(district, of)
	if err != nil || phone == "" {
		return err
	}
	return reached(ctx, tx, district, b.indexOf(channel.SMS, string(phone)))
}

// TryAgain has an address used again that could not be reached: its holder says
// that it is right, or has seen to it. What fails once more marks it once more.
func TryAgain(ctx context.Context, tx *db.Tx, district string, h Holder, id string) (err error) {
	defer errs.Wrap(&err, "notice.TryAgain(%s)", id)
	index, err := db.Value[string](ctx, tx, `select address_index from ways where district = $1 and holder = $2 and id = $3 and ended_at = 0`, district, string(h), id)
	if err != nil {
		return err
	}
	return reached(ctx, tx, district, index)
}

// AskAgain sends a new code to an address of somebody with an account; with it
// the address is confirmed, and used again if it could not be reached.
func (b *Book) AskAgain(ctx context.Context, tx *db.Tx, district string, h Holder, id string) (err error) {
	defer errs.Wrap(&err, "notice.AskAgain(%s)", id)
	w, err := db.One(ctx, tx, (*Way).dest, `select `+wayColumns+` from ways where district = $1 and holder = $2 and id = $3 and ended_at = 0`, district, string(h), id)
	if err != nil {
		return err
	}
	sent, err := db.Value[int](ctx, tx, `select count(*) from messages where district = $1 and channel <> 'portal' and at > $2 and way = $3 and template = $4`,
		district, db.At(tx.Now.Add(-24*time.Hour)), w.ID, string(codeTemplate))
	if err != nil {
		return err
	}
	if sent >= codesADay {
		return errs.New(errs.Often, "今天发过好几次了，请明天再试。", "Codes went there several times today; please try tomorrow.").At(string(w.Channel))
	}
	return b.sendCode(ctx, tx, district, w)
}

// ByRef gives the newest message that a counterpart's id names; errs.NotFound
// where there is none.
func ByRef(ctx context.Context, r db.Reader, district string, name channel.Name, ref string) (m Message, err error) {
	defer errs.Wrap(&err, "notice.ByRef(%s)", name)
	all, err := db.All(ctx, r, (*Message).dest, `select `+columns+` from messages where district = $1 and channel = $2 and ref = $3 and ref <> '' order by at desc, id desc limit 1`,
		district, string(name), ref)
	if err == nil && len(all) == 0 {
		err = errs.New(errs.NotFound, "没有这条消息", "no such message")
	}
	if err != nil {
		return Message{}, err
	}
	return all[0], nil
}
