package notice

import (
	"context"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/vault"
)

// The fields that are sealed, and the key of codes.
const (
	addressField  = "way.address"
	codeField     = "way.code"
	outgoingField = "message.outgoing"
)

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{
		{Name: "ways", Key: []string{"id"}, Columns: []vault.Column{{Name: "address", Field: addressField}}},
		{Name: "messages", Key: []string{"id"}, Columns: []vault.Column{{Name: "outgoing", Field: outgoingField}}},
	}
}

// Holder is who has a way to be told: a resident with an account, or whoever
// sent one report.
type Holder string

// OfResident is a resident with an account.
func OfResident(id string) Holder { return Holder("resident:" + id) }

// OfWriter is somebody of whom no more is known than where he writes from, by the
// blind index of that.
func OfWriter(index string) Holder { return Holder("writer:" + index) }

// OfReport is whoever sent a report.
func OfReport(id string) Holder { return Holder("report:" + id) }

// OfPerson is somebody of the staff.
func OfPerson(id string) Holder { return Holder(ofPerson + id) }

const ofPerson = "person:"

// Way is how somebody is told beside the pages.
type Way struct {
	ID       string
	Holder   Holder
	Channel  channel.Name
	Shown    string // the address, masked
	Lang     lang.Lang
	Made     time.Time
	Verified time.Time // zero until the address is known to be the holder's
	Ended    time.Time // zero while it is used
	// Unreached is since when the address is known not to be reached, and Why;
	// zero while it is, as far as is known.
	Unreached time.Time
	Why       string
	sealed    string
	index     string
}

// Reachable reports whether nobody has said that the address is none.
func (w Way) Reachable() bool { return w.Unreached.IsZero() }

// Trusted reports whether the address is known to be its holder's.
func (w Way) Trusted() bool { return !w.Verified.IsZero() }

const wayColumns = `id, holder, channel, address, address_index, shown, lang, made_at, verified_at, ended_at, unreached_at, unreached_why`

func (w *Way) dest() []any {
	return []any{&w.ID, &w.Holder, &w.Channel, &w.sealed, &w.index, &w.Shown, &w.Lang, db.Time(&w.Made), db.Time(&w.Verified), db.Time(&w.Ended), db.Time(&w.Unreached), &w.Why}
}

// Choice is a way that somebody asks for.
type Choice struct {
	Holder  Holder
	Channel channel.Name
	Address string
	Shown   string // of an address that says nothing to a person; empty: the address, masked
	Lang    lang.Lang
	Known   bool // the address is known to be the holder's: it wrote from there
}

// What one address may be named, in a day: nobody fills another's mailbox by
// writing its address on forms, nor with codes.
const (
	waysADay  = 10
	codesADay = 4
	waysMost  = 8 // of one holder
)

// Offers are the channels that are connected and take an address as people
// write it.
func (b *Book) Offers() (all []channel.Name) {
	for _, name := range []channel.Name{channel.SMS, channel.Mail} {
		if b.out.Carriers[name] != nil {
			all = append(all, name)
		}
	}
	return all
}

// ParseAddress reads an address as people write it. What is none is
// errs.Invalid at the field named as the channel.
func ParseAddress(name channel.Name, text string) (address, shown string, err error) {
	text = strings.TrimSpace(text)
	switch name {
	case channel.Mail:
		one, err := mail.ParseAddress(text)
		if err != nil || one.Name != "" || !strings.Contains(one.Address[strings.LastIndex(one.Address, "@")+1:], ".") || len(text) > 254 || strings.ContainsAny(text, "\r\n<>,; \"") {
			return "", "", errs.New(errs.Invalid, "邮箱地址不对，例如 name@example.cn。", "This is not an e-mail address; for example name@example.cn.").At(string(name))
		}
		at := strings.LastIndex(one.Address, "@")
		address = one.Address[:at] + strings.ToLower(one.Address[at:])
		return address, maskMail(address), nil
	case channel.SMS:
		phone, err := ident.ParsePhone(text)
		if err != nil || !phone.Mobile() {
			return "", "", errs.New(errs.Invalid, "短信只能发到手机：11 位，如 13800000013。", "Text messages go to mobile numbers of 11 digits, such as 13800000013.").At(string(name))
		}
		return string(phone), phone.Mask(), nil
	}
	if text == "" || len(text) > 4000 {
		return "", "", errs.New(errs.Invalid, "地址不对。", "This is not an address.").At(string(name))
	}
	return text, "***", nil
}

// maskMail keeps the first letter and the host.
func maskMail(address string) string {
	local, host, _ := strings.Cut(address, "@")
	first := []rune(local)[:1]
	return string(first) + "***@" + host
}

// indexOf is the blind index of an address, whatever the case of its letters:
// who writes from Zhang@… is zhang@….
func (b *Book) indexOf(name channel.Name, address string) string {
	return IndexOf(b.out.Vault, name, address)
}

// IndexOf is the blind index of an address under the keys of a vault, for a
// district that comes under other keys.
func IndexOf(v *vault.Vault, name channel.Name, address string) string {
	return v.Index(addressField, string(name)+" "+strings.ToLower(address))
}

// Choose keeps how somebody wants to be told; the same again is one way. Where
// the holder has an account and the address is not known to be its own, the way
// waits for the code that is sent there.
func (b *Book) Choose(ctx context.Context, tx *db.Tx, district string, c Choice) (w Way, err error) {
	defer errs.Wrap(&err, "notice.Choose(%s)", c.Channel)
	if b.out.Carriers[c.Channel] == nil {
		return Way{}, errs.New(errs.Invalid, "还没有接通“%s”这个渠道", "the channel “%s” is not connected", string(c.Channel)).At(string(c.Channel))
	}
	address, shown, err := ParseAddress(c.Channel, c.Address)
	if err != nil {
		return Way{}, err
	}
	if c.Shown != "" {
		shown = c.Shown
	}
	index := b.indexOf(c.Channel, address)
	if c.Known { // its holder wrote from there, or signed in with it
		if err := reached(ctx, tx, district, index); err != nil {
			return Way{}, err
		}
	}
	mine, err := Ways(ctx, tx, district, c.Holder)
	if err != nil {
		return Way{}, err
	}
	for _, known := range mine {
		if known.index == index {
			return known, nil
		}
	}
	if err := b.often(ctx, tx, district, c, len(mine), index); err != nil {
		return Way{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Way{}, err
	}
	w = Way{ID: id.String(), Holder: c.Holder, Channel: c.Channel, Shown: shown, Lang: c.Lang, Made: tx.Now, index: index}
	if c.Known {
		w.Verified = tx.Now
	}
	if err := asKnown(ctx, tx, district, &w); err != nil {
		return w, err
	}
	if err := b.keepWay(ctx, tx, district, w, address); err != nil || c.Known || strings.HasPrefix(string(c.Holder), "report:") {
		return w, err
	}
	return w, b.sendCode(ctx, tx, district, w)
}

// asKnown marks a new way as every other to its address is.
func asKnown(ctx context.Context, r db.Reader, district string, w *Way) error {
	other, err := db.All(ctx, r, (*Way).dest, `select `+wayColumns+` from ways where district = $1 and address_index = $2 and ended_at = 0 and unreached_at > 0 order by unreached_at desc limit 1`, district, w.index)
	if err == nil && len(other) > 0 {
		w.Unreached, w.Why = other[0].Unreached, other[0].Why
	}
	return err
}

// keepWay writes a way.
func (b *Book) keepWay(ctx context.Context, tx *db.Tx, district string, w Way, address string) error {
	return tx.Exec(ctx, `insert into ways (district, id, holder, channel, address, address_index, shown, lang, code, expires, tries, made_at, verified_at, ended_at, unreached_at, unreached_why)
		values ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 0, $9, $10, 0, $11, $12)`,
		district, w.ID, string(w.Holder), string(w.Channel), b.out.Vault.Seal(district, addressField, address), w.index, w.Shown, string(w.Lang), db.At(w.Made), db.At(w.Verified),
		db.At(w.Unreached), w.Why)
}

// often refuses a way where too many were asked for.
func (b *Book) often(ctx context.Context, tx *db.Tx, district string, c Choice, mine int, index string) error {
	if mine >= waysMost {
		return errs.New(errs.Invalid, "最多留 %d 个。", "Up to %d are kept.", waysMost).At(string(c.Channel))
	}
	most := waysADay
	if !c.Known && !strings.HasPrefix(string(c.Holder), "report:") {
		most = codesADay
	}
	n, err := db.Value[int](ctx, tx, `select count(*) from ways where district = $1 and address_index = $2 and made_at > $3`,
		district, index, db.At(tx.Now.Add(-24*time.Hour)))
	if err == nil && n >= most {
		return errs.New(errs.Often, "今天这个地址用得太多了，请明天再试。", "This address was used too often today; please try tomorrow.").At(string(c.Channel))
	}
	return err
}

// Ways are how a holder is told, oldest first, with those not confirmed yet.
func Ways(ctx context.Context, r db.Reader, district string, holders ...Holder) (all []Way, err error) {
	defer errs.Wrap(&err, "notice.Ways(%v)", holders)
	every, err := waysOf(ctx, r, district, holders...)
	return slices.DeleteFunc(every, func(w Way) bool { return !w.Ended.IsZero() }), err
}

// waysOf are those of holders that ended, too.
func waysOf(ctx context.Context, r db.Reader, district string, holders ...Holder) (all []Way, err error) {
	for _, h := range holders {
		some, err := db.All(ctx, r, (*Way).dest, `select `+wayColumns+` from ways where district = $1 and holder = $2 order by made_at, id`, district, string(h))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// End ends a way of a holder, and every other way to the same address: who wants
// no more mail wants none of any report.
func End(ctx context.Context, tx *db.Tx, district string, h Holder, id string) (err error) {
	defer errs.Wrap(&err, "notice.End(%s)", id)
	n, err := tx.Change(ctx, `update ways set ended_at = $1 where district = $2 and ended_at = 0 and address_index in
		(select address_index from ways where district = $2 and holder = $3 and id = $4)`, db.At(tx.Now), district, string(h), id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这个地址，或已经去掉。", "There is no such address, or it is removed already.")
	}
	return err
}

// EndAddress ends all ways to an address, whose owner asked for no more. It is
// how many there were.
func (b *Book) EndAddress(ctx context.Context, tx *db.Tx, district string, name channel.Name, address string) (n int64, err error) {
	defer errs.Wrap(&err, "notice.EndAddress(%s)", name)
	n, err = tx.Change(ctx, `update ways set ended_at = $1 where district = $2 and address_index = $3 and ended_at = 0`,
		db.At(tx.Now), district, b.indexOf(name, address))
	phone, none := ident.ParsePhone(address)
	if err != nil || name != channel.SMS || none != nil {
		return n, err
	}
	more, err := b.endNumber(ctx, tx, district, phone)
	return n + more, err
}

// ofNumber bounds the reports of one number that are looked at: the latest, of
// which some may run yet.
const ofNumber = 200

// endNumber ends what a number is told only because reports were sent with it.
func (b *Book) endNumber(ctx context.Context, tx *db.Tx, district string, phone ident.Phone) (n int64, err error) {
	reports, err := casework.ReportsByPhone(ctx, tx, district, b.out.Vault.Index(casework.PhoneField, string(phone)), ofNumber)
	if err != nil {
		return 0, err
	}
	for _, r := range reports {
		no, err := Declined(ctx, tx, district, OfReport(r.ID))
		if err != nil {
			return n, err
		}
		if no {
			continue
		}
		if err := b.NoText(ctx, tx, district, OfReport(r.ID)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// NoText has a holder told nothing by text message, though a number is known: a
// way that has ended says so.
func (b *Book) NoText(ctx context.Context, tx *db.Tx, district string, h Holder) (err error) {
	defer errs.Wrap(&err, "notice.NoText")
	if err := tx.Exec(ctx, `update ways set ended_at = $1 where district = $2 and holder = $3 and channel = $4 and ended_at = 0`, db.At(tx.Now), district, string(h), string(channel.SMS)); err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into ways (district, id, holder, channel, address, address_index, shown, lang, code, expires, tries, made_at, verified_at, ended_at)
		values ($1, $2, $3, $4, '', '', '', '', '', 0, 0, $5, 0, $5)`, district, id.String(), string(h), string(channel.SMS), db.At(tx.Now))
}

// Declined reports whether a holder wants no text messages.
func Declined(ctx context.Context, r db.Reader, district string, h Holder) (no bool, err error) {
	defer errs.Wrap(&err, "notice.Declined")
	all, err := waysOf(ctx, r, district, h)
	for _, w := range all {
		if w.Channel == channel.SMS {
			no = !w.Ended.IsZero() // the newest counts
		}
	}
	return no, err
}

// ForgetWays removes ways whose time is past.
func ForgetWays(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "notice.ForgetWays(%s, %s)", district, strconv.Itoa(len(ids)))
	for _, id := range ids {
		if err := tx.Exec(ctx, "delete from ways where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetHolder removes every way of somebody who is forgotten.
func ForgetHolder(ctx context.Context, tx *db.Tx, district string, h Holder) (err error) {
	defer errs.Wrap(&err, "notice.ForgetHolder(%s)", h)
	return tx.Exec(ctx, "delete from ways where district = $1 and holder = $2", district, string(h))
}
