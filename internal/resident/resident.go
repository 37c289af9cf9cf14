package resident

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/trail"
	"linli/internal/vault"
)

// frozen is how long carriers keep a number out of use before somebody else
// gets it; absence is how long a code alone still proves to be the same person.
const (
	frozen  = 90 * 24 * time.Hour
	absence = 180 * 24 * time.Hour
)

// NameMost is how many letters a name may have.
const NameMost = 40

// The fields that are sealed.
const (
	phoneField = "resident.phone"
	nameField  = "resident.name"
	sendField  = "resident.outgoing"
	codeField  = "resident.code"
)

// Portal is how residents are told things: on the pages of the portal.
const Portal = "portal"

// ID names a resident.
type ID string

// Resident is a person who reports, holding a phone number for a time.
type Resident struct {
	ID         ID
	Phone      ident.Phone // empty of a child without one
	PhoneIndex string      // the blind index that reports have
	Name       string      // empty where none was given
	Lang       lang.Lang
	Told       string
	Notice     string // which notice was shown last
	NoticeAt   time.Time
	Made       time.Time
	Seen       time.Time // zero before the first sign-in
	From       time.Time // holds the number since
	To         time.Time // until; zero while it does
}

// Holds reports whether a report made at an instant from a number, by its blind
// index, is this resident's.
func (r Resident) Holds(phoneIndex string, at time.Time) bool {
	return phoneIndex != "" && phoneIndex == r.PhoneIndex && !at.Before(r.From) && (r.To.IsZero() || at.Before(r.To))
}

// Masked is what others are shown of the resident: the name if one was given,
// else the number, both masked. Empty where there is neither.
func (r Resident) Masked() string {
	if r.Name != "" {
		return ident.MaskName(r.Name)
	}
	if r.Phone == "" {
		return ""
	}
	return r.Phone.Mask()
}

// Book keeps the residents of all districts. Its fields are set once, at the
// start.
type Book struct {
	Vault *vault.Vault
	// Index is the blind index that reports have of a number.
	Index func(phone string) string
	// Send takes codes to phones; nil where the district has no such channel.
	Send Sender
	// Carrier does that too, where Send is nil; Kept has what it said recorded.
	Carrier channel.Carrier
	Kept    func(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, r channel.Receipt) error
	// Demo has the code shown on the page in place of being sent.
	Demo bool
}

// Sender takes a text to a phone. It returns when the carrier has taken it.
type Sender func(ctx context.Context, phone ident.Phone, text string) error

// Ready reports whether residents can sign in by phone here.
func (b *Book) Ready() bool { return b.sends() || b.Demo }

func (b *Book) sends() bool { return b.Send != nil || b.Carrier != nil }

const residentColumns = `id, phone, phone_index, name, lang, told, notice, notice_at, made_at, seen_at, from_at, to_at`

func (r *Resident) dest() []any {
	return []any{&r.ID, &r.Phone, &r.PhoneIndex, &r.Name, &r.Lang, &r.Told, &r.Notice, db.Time(&r.NoticeAt), db.Time(&r.Made), db.Time(&r.Seen),
		db.Time(&r.From), db.Time(&r.To)}
}

// ByID gives one resident; errs.NotFound where there is none.
func (b *Book) ByID(ctx context.Context, r db.Reader, district string, id ID) (one Resident, err error) {
	defer errs.Wrap(&err, "resident.ByID(%s)", id)
	one, err = db.One(ctx, r, (*Resident).dest, `select `+residentColumns+` from residents where district = $1 and id = $2`, district, string(id))
	if err != nil {
		return Resident{}, err
	}
	return b.opened(district, one)
}

// opened reveals the sealed fields of a row.
func (b *Book) opened(district string, r Resident) (Resident, error) {
	phone, err := b.Vault.Reveal(district, phoneField, string(r.Phone))
	if err != nil {
		return Resident{}, err
	}
	name, err := b.Vault.Reveal(district, nameField, r.Name)
	if err != nil {
		return Resident{}, err
	}
	r.Phone, r.Name = ident.Phone(phone), name
	return r, nil
}

// holder is who holds a number now; errs.NotFound where nobody is known to.
func (b *Book) holder(ctx context.Context, tx *db.Tx, district string, phone ident.Phone) (Resident, error) {
	one, err := db.One(ctx, tx, (*Resident).dest, `select `+residentColumns+` from residents
		where district = $1 and phone_index = $2 and phone_index <> '' and to_at = $3`, district, b.Index(string(phone)), db.Due(time.Time{}))
	if err != nil {
		return Resident{}, err
	}
	return b.opened(district, one)
}

// meet gives the account of whoever holds a number now, and makes one where
// there is none, or where the one there was has been away for so long that it
// may be another person's.
func (b *Book) meet(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, l lang.Lang) (Resident, error) {
	from := tx.Now.Add(-frozen)
	known, err := b.holder(ctx, tx, district, phone)
	switch {
	case err == nil && tx.Now.Sub(latest(known.Seen, known.Made)) <= absence:
		return known, nil
	case err == nil:
		if err := b.parted(ctx, tx, district, known.ID); err != nil {
			return Resident{}, err
		}
		from = tx.Now
	case errs.KindOf(err) != errs.NotFound:
		return Resident{}, err
	}
	return b.make(ctx, tx, district, Resident{Phone: phone, Lang: l, From: from})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// parted ends that an account holds its number.
func (b *Book) parted(ctx context.Context, tx *db.Tx, district string, id ID) error {
	if err := tx.Exec(ctx, `update residents set to_at = $1 where district = $2 and id = $3`, db.At(tx.Now), district, string(id)); err != nil {
		return err
	}
	return endAll(ctx, tx, district, id, ByNumber)
}

func (b *Book) make(ctx context.Context, tx *db.Tx, district string, r Resident) (Resident, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Resident{}, err
	}
	r.ID, r.Told, r.Made, r.PhoneIndex = ID(id.String()), Portal, tx.Now, b.Index(string(r.Phone))
	return r, tx.Exec(ctx, `insert into residents (district, `+residentColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		district, string(r.ID), b.Vault.Seal(district, phoneField, string(r.Phone)), r.PhoneIndex, b.Vault.Seal(district, nameField, r.Name), string(r.Lang),
		r.Told, r.Notice, db.At(r.NoticeAt), db.At(r.Made), db.At(r.Seen), db.At(r.From), db.Due(r.To))
}

// Seen notes that a resident signed in, in which language, and which notice was
// shown there; way says by what: code or passkey.
func (b *Book) Seen(ctx context.Context, tx *db.Tx, district string, id ID, way, notice string) (err error) {
	defer errs.Wrap(&err, "resident.Seen(%s, %s)", id, way)
	n, err := tx.Change(ctx, `update residents set seen_at = $1,
		notice_at = case when notice = $2 then notice_at else $1 end, notice = $2 where district = $3 and id = $4`,
		db.At(tx.Now), notice, district, string(id))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "没有这个账号。", "There is no such account.")
	}
	return trail.Note(ctx, tx, district, trail.SignIns, string(id), trail.Entry{Act: "signed-in", Detail: map[string]string{"way": way}})
}

// Settings are what residents say about themselves.
type Settings struct {
	Name string // may be left out
	Lang lang.Lang
}

// Change keeps what a resident says about themselves.
func (b *Book) Change(ctx context.Context, tx *db.Tx, district string, id ID, s Settings) (err error) {
	defer errs.Wrap(&err, "resident.Change(%s)", id)
	name, err := checkName(s.Name)
	if err != nil {
		return err
	}
	_, err = tx.Change(ctx, `update residents set name = $1, lang = $2 where district = $3 and id = $4`,
		b.Vault.Seal(district, nameField, name), string(s.Lang), district, string(id))
	return err
}

// checkName takes a name as written, or none. A masked one is nobody's.
func checkName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return "", errs.New(errs.Invalid, "这里有认不出的字符，请重新写。", "This holds characters that cannot be read; please write it again.").At("name")
	case utf8.RuneCountInString(name) > NameMost:
		return "", errs.New(errs.Invalid, "称呼最多 %d 个字。", "A name has up to %d letters.", NameMost).At("name")
	case strings.ContainsRune(name, '*'):
		return "", errs.New(errs.Invalid, "请写全称呼，不要带星号。", "Please write the whole name, without asterisks.").At("name")
	}
	return name, nil
}

// Delete closes an account and forgets the person: number, name and codes go,
// proxies end. Reports stay with their cases and are opened by number and
// secret word.
func (b *Book) Delete(ctx context.Context, tx *db.Tx, district string, id ID) (err error) {
	defer errs.Wrap(&err, "resident.Delete(%s)", id)
	one, err := b.ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if err := endAll(ctx, tx, district, id, ByAccount); err != nil {
		return err
	}
	// How many codes were sent stays counted until the night, or closing an
	// account would be a way to be sent more.
	if err := tx.Exec(ctx, `update resident_codes set code = '', outgoing = '', phone = '' where district = $1 and phone_index = $2`, district, one.PhoneIndex); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `delete from residents where district = $1 and id = $2`, district, string(id)); err != nil {
		return err
	}
	return trail.Note(ctx, tx, district, trail.Privacy, string(id), trail.Entry{Act: "account-deleted"})
}
