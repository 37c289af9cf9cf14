package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/mail"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/vault"
)

// Letter is what came, with what its adapter knows of it.
type Letter struct {
	channel.Came
	Area    string         // whose mailbox it was written to, by code; empty: the district's
	Address string         // where it is, in words; empty: not said apart
	Ours    []string       // ids of messages of ours that its address names
	Auto    string         // why no person wrote it; empty: a person did
	Stop    bool           // asks to be told no more
	Dropped []channel.Left // what came with it and cannot be taken
	Bounces []mail.Bounce
}

// FromMail makes a letter of a mail: what stands behind + in the address it was
// written to names an area, or a letter of ours that it answers.
func FromMail(d *district.District, r mail.Received) Letter {
	l := Letter{Came: r.Came, Auto: r.Auto, Stop: r.Stop, Dropped: r.Dropped, Bounces: r.Bounces}
	for _, tag := range r.Tags {
		if d.Areas.Known(tag) {
			l.Area = tag
		} else {
			l.Ours = append(l.Ours, tag)
		}
	}
	return l
}

// Outcome is what became of a letter.
type Outcome string

// The outcomes.
const (
	Reported Outcome = "report"     // a new report
	Added    Outcome = "supplement" // words to a case that runs
	Returned Outcome = "bounce"     // one of ours came back, or arrived
	Stopped  Outcome = "stop"       // told no more
	Refused  Outcome = "refused"    // cannot be taken in; the writer was told why
	Unread   Outcome = "unread"     // by a program, by us, or too many
)

// Took is the record of a letter.
type Took struct {
	Channel channel.Name
	Ref     string
	Shown   string // who wrote, masked; empty of a secret case
	Outcome Outcome
	Why     string
	Case    casework.ID
	Report  string
	At      time.Time
	LeftOut string // why files that came with it are not kept, and how many
	Again   bool   // it had been taken in before
	from    string
}

// Box takes in letters.
type Box struct {
	Desk      *intake.Desk
	Notices   *notice.Book
	Documents *document.Store
	// Mailbox is our own address, empty without one: nobody writes to himself.
	Mailbox string
}

// AddressOf is the mailbox of an area: what is written to it is of that area.
// It is empty where no mail comes in.
func (b *Box) AddressOf(area string) string {
	local, host, ok := strings.Cut(b.Mailbox, "@")
	if !ok || area == "" {
		return ""
	}
	return local + "+" + area + "@" + host
}

// What one writer may send before nobody reads it.
const (
	anHour = 10
	aDay   = 40
)

// fromField is the key of the blind index of who wrote.
const fromField = "arrival.from"

// Take takes a letter in. When it returns, what became of it is on disk; an
// error means that it may be handed in again.
func (b *Box) Take(ctx context.Context, d *district.District, l Letter) (t Took, err error) {
	defer errs.Wrap(&err, "inbox.Take(%s)", l.Channel)
	l.Ref = refOf(l)
	t = Took{Channel: l.Channel, Ref: l.Ref, from: b.indexOf(l), Shown: shown(l)}
	if before, err := arrival(ctx, b.Desk.DB, d.Code, l.Channel, l.Ref); err == nil || !errors.Is(err, errs.NotFound) {
		before.Again = true
		return before, err
	}
	switch why, err := b.unread(ctx, d, l, t); {
	case err != nil:
		return t, err
	case len(l.Bounces) > 0:
		return b.bounced(ctx, d, l, t)
	case why != "":
		t.Outcome, t.Why = Unread, why
		return t, b.keep(ctx, d, t, nil)
	case l.Stop:
		t.Outcome = Stopped
		return t, b.keep(ctx, d, t, func(tx *db.Tx) error {
			_, err := b.Notices.EndAddress(ctx, tx, d.Code, l.Channel, l.From)
			return err
		})
	}
	done, err := b.added(ctx, d, &l, &t)
	if err != nil || done {
		return b.settled(ctx, d, t, err)
	}
	err = b.reported(ctx, d, l, &t)
	return b.settled(ctx, d, t, err)
}

// settled gives what another copy of the program made of the same letter at the
// same time, where it was first.
func (b *Box) settled(ctx context.Context, d *district.District, t Took, err error) (Took, error) {
	if err != nil {
		if before, found := arrival(ctx, b.Desk.DB, d.Code, t.Channel, t.Ref); found == nil {
			before.Again = true
			return before, nil
		}
	}
	return t, err
}

// refOf is the letter's own id, or, where it says none, what it is made of.
func refOf(l Letter) string {
	if l.Ref != "" && len(l.Ref) <= 100 {
		return l.Ref
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{l.Ref, l.From, l.Subject, l.Text, l.At.UTC().Format(time.RFC3339)}, "\x00")))
	return hex.EncodeToString(sum[:])
}

func (b *Box) indexOf(l Letter) string {
	if l.From == "" {
		return ""
	}
	return IndexOf(b.Desk.Vault, l.Channel, l.From)
}

// IndexOf is the blind index under which an arrival has the address it came from.
func IndexOf(v *vault.Vault, name channel.Name, address string) string {
	return v.Index(fromField, string(name)+" "+strings.ToLower(address))
}

// shown is who wrote, masked.
func shown(l Letter) string {
	if _, masked, err := notice.ParseAddress(l.Channel, l.From); err == nil {
		return masked
	}
	return "***"
}

// unread says why nobody has to read a letter; empty: somebody has.
func (b *Box) unread(ctx context.Context, d *district.District, l Letter, t Took) (string, error) {
	switch plain, _ := mail.Untag(l.From); {
	case l.Auto != "":
		return l.Auto, nil
	case l.From == "":
		return "from", nil
	case l.Channel == channel.Mail && b.Mailbox != "" && plain == strings.ToLower(b.Mailbox):
		return "our own", nil
	}
	now := b.Desk.DB.Now()
	for _, bound := range []struct {
		within time.Duration
		most   int
	}{{time.Hour, anHour}, {24 * time.Hour, aDay}} {
		n, err := db.Value[int](ctx, b.Desk.DB, "select count(*) from arrivals where district = $1 and from_index = $2 and at > $3", d.Code, t.from, db.At(now.Add(-bound.within)))
		if err != nil {
			return "", err
		}
		if n >= bound.most {
			return "too many", nil
		}
	}
	return "", nil
}

// bounced notes what became of letters of ours.
func (b *Box) bounced(ctx context.Context, d *district.District, l Letter, t Took) (Took, error) {
	t.Outcome = Returned
	return t, b.keep(ctx, d, t, func(tx *db.Tx) error {
		for _, one := range l.Bounces {
			m, err := b.ours(ctx, tx, d, append([]string{one.Ref}, l.Ours...))
			if err != nil {
				return err
			}
			if m.ID == "" {
				continue // of something that we did not send
			}
			if err := b.Notices.Reported(ctx, tx, d.Code, channel.Mail, channel.Receipt{Ref: m.Ref, State: one.State, Why: one.Why, Gone: one.Gone}); err != nil {
				return err
			}
		}
		return nil
	})
}

// ours is the message that one of some ids names; the zero message where none
// does.
func (b *Box) ours(ctx context.Context, r db.Reader, d *district.District, ids []string) (notice.Message, error) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		m, err := notice.ByRef(ctx, r, d.Code, channel.Mail, id)
		if errors.Is(err, errs.NotFound) {
			m, err = notice.ByID(ctx, r, d.Code, notice.ID(id))
		}
		if err == nil || !errors.Is(err, errs.NotFound) {
			return m, err
		}
	}
	return notice.Message{}, nil
}

// sending is a letter as a report.
func (b *Box) sending(ctx context.Context, d *district.District, l Letter) (s intake.Sending, dropped []channel.Left, err error) {
	text := l.Text
	if subject := strings.TrimSpace(l.Subject); subject != "" && !strings.HasPrefix(text, subject) {
		text = strings.TrimSpace(subject + "\n" + text)
	}
	photos, dropped, err := b.photos(ctx, l)
	if err != nil {
		return s, nil, err
	}
	if text = bounded(text); text == "" && len(photos) > 0 {
		text = "（只发来照片）"
	}
	s = intake.Sending{Channel: intake.Channel(l.Channel), Sender: l.Ref, Text: text, Area: l.Area, Address: l.Address, Name: named(l.Name), Photos: photos, Lang: spoken(text)}
	if at := (geo.Point{Lon: l.Lon, Lat: l.Lat}); at != (geo.Point{}) && at.Valid() {
		s.Point = at
	}
	if l.Channel == channel.SMS {
		if phone, err := ident.ParsePhone(l.From); err == nil {
			s.Phone = string(phone)
		}
	}
	return s, dropped, nil
}

// named is what a sender is called, where that can be a name.
func named(name string) string {
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) > 50 || strings.ContainsAny(name, "@*＊") {
		return ""
	}
	return name
}

// bounded keeps what a report can hold, and says so where there was more.
func bounded(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\ufffd", ""))
	if r := []rune(text); len(r) > intake.TextMost {
		return string(r[:intake.TextMost-20]) + "……（来信更长，未全收）"
	}
	return text
}

// spoken is the language of a text.
func spoken(text string) lang.Lang {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return lang.ZH
	}
	return lang.EN
}
