package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/meter"
	"linli/internal/procedure"
	"linli/internal/vault"
)

// Desk is where everything that is sent arrives.
type Desk struct {
	DB      *db.DB
	Vault   *vault.Vault
	Numbers *casework.Numbers
	Meter   *meter.Meter // counts what is opened; nil does not
}

// Sending is what a channel hands in.
type Sending struct {
	Channel  Channel
	Sender   string // the channel's own reference; empty if it has none
	Text     string
	Matter   string // empty: suggested from the text
	Address  string
	Point    geo.Point // zero: none
	Area     string    // an area the sender chose by name; empty: none
	Danger   bool
	Secret   bool // the sender asks to be kept secret; some matters are anyway
	Name     string
	Phone    string
	Photos   []document.Kept
	Attach   casework.ID // the case this is about, if the sender said so
	Lang     lang.Lang
	By       procedure.Actor // who takes it down; zero from outside
	Receiver string          // the unit that takes it in; empty: the centre
	// Then is done in the same transaction, so that what belongs to the report
	// stands or falls with it; nil is nothing.
	Then func(ctx context.Context, tx *db.Tx, r Receipt) error
}

// Receipt is what the sender gets.
type Receipt struct {
	Case     casework.Case
	Report   string
	Sent     casework.Report // the report as it is stored
	Word     string          // opens the tracking page with the number; only told here
	Attached bool            // it joined a case that was there
	Again    bool            // it had been received before; nothing new was made
}

// Receive takes in a sending. When it returns, the report is on disk with its
// case. It is errs.Invalid, naming each field, for what cannot be taken.
func (k *Desk) Receive(ctx context.Context, d *district.District, s Sending) (r Receipt, err error) {
	defer errs.Wrap(&err, "intake.Receive(%s)", s.Channel)
	if err := s.clean(); err != nil {
		return Receipt{}, err
	}
	place, flag := locate(d, s)
	if s.Attach != "" && s.secret(d) {
		return Receipt{}, alone("secret")
	}
	if s.Matter == "" {
		s.Matter = Suggested(d, s.Text)
	}
	report, word, err := k.report(d, s, flag)
	if err != nil {
		return Receipt{}, err
	}
	number := ""
	if s.Attach == "" {
		if number, err = k.Numbers.Next(ctx, d.Code, k.DB.Now().In(d.Calendar.Zone())); err != nil {
			return Receipt{}, err
		}
	}
	in := s // as it goes into the case
	if s.secret(d) {
		in = s.kept()
	}
	place.Address = in.Address
	r = Receipt{Report: report.ID, Word: word, Attached: s.Attach != ""}
	err = k.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if s.Attach != "" {
			r.Case, err = casework.Attach(ctx, tx, casework.Acting{District: d, By: s.By}, s.Attach, report)
		} else {
			r.Case, err = casework.Open(ctx, tx, d, casework.Opening{
				Number: number, Matter: s.Matter, Text: in.Text, Place: place, Channel: string(in.Channel), Danger: s.Danger, Secret: s.Secret,
				Receiver: in.Receiver, Report: report, By: in.By,
			})
		}
		if err != nil {
			return err
		}
		if r.Attached && r.Case.Secret {
			return alone("attach") // two who reported in secret do not learn of each other
		}
		for _, photo := range in.Photos {
			if _, err := document.Add(ctx, tx, d.Code, string(r.Case.ID), document.Before, in.By.Post, photo); err != nil {
				return err
			}
		}
		if s.Then == nil {
			return nil
		}
		return s.Then(ctx, tx, r)
	})
	if errors.Is(err, errs.Conflict) && s.Sender != "" {
		// The index on the sender's reference refuses a second report, however
		// close together the two arrive. Whatever else was in conflict stands.
		if before, found := k.again(ctx, d, s); found == nil {
			return before, nil
		}
	}
	if err == nil && !r.Attached {
		k.Meter.Opened(string(s.Channel))
	}
	report.Case, report.At = r.Case.ID, r.Case.MovedAt
	r.Sent = report
	return r, err
}

// again is the receipt of a sending that was received before.
func (k *Desk) again(ctx context.Context, d *district.District, s Sending) (Receipt, error) {
	report, err := casework.ReportOf(ctx, k.DB, d.Code, string(s.Channel), s.Sender)
	if err != nil {
		return Receipt{}, err
	}
	c, err := casework.ByID(ctx, k.DB, d.Code, report.Case)
	return Receipt{Case: c, Report: report.ID, Sent: report, Again: true}, err
}

// report makes the report of a sending, with its personal fields sealed.
func (k *Desk) report(d *district.District, s Sending, flag Flag) (casework.Report, string, error) {
	m, _ := d.Catalogue.Matter(s.Matter)
	id, err := casework.NewID(s.Secret || m.Secret)
	if err != nil {
		return casework.Report{}, "", err
	}
	word := newWord()
	return casework.Report{
		ID: id, Channel: string(s.Channel), Sender: s.Sender, Text: s.Text, Address: s.Address, Point: s.Point, Flag: string(flag),
		Name: k.Vault.Seal(d.Code, NameField, s.Name), Phone: k.Vault.Seal(d.Code, PhoneField, s.Phone),
		PhoneIndex: k.PhoneIndex(s.Phone), TailIndex: k.TailIndex(s.Phone),
		Word: HashWord(word), Lang: string(s.Lang), Post: s.By.Post,
	}, word, nil
}

// The fields that reports seal.
const (
	NameField  = casework.NameField
	PhoneField = casework.PhoneField
	tailField  = "report.phone.tail"
)

// PhoneIndex is the blind index of a whole number; empty for none.
func (k *Desk) PhoneIndex(phone string) string {
	if phone == "" {
		return ""
	}
	return k.Vault.Index(PhoneField, phone)
}

// TailIndex is the blind index of a number's last four digits.
func (k *Desk) TailIndex(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return k.Vault.Index(tailField, phone[len(phone)-4:])
}

// words hold no letters or digits that are mistaken for each other.
const wordLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// newWord makes the secret word of a receipt: ten letters, 49 bits.
func newWord() string {
	var seed [10]byte
	rand.Read(seed[:]) // never fails; see crypto/rand
	var b strings.Builder
	for _, s := range seed {
		b.WriteByte(wordLetters[int(s)%len(wordLetters)])
	}
	return b.String()
}

// HashWord is how the secret word of a receipt is stored.
func HashWord(word string) string {
	sum := sha256.Sum256([]byte("linli word " + strings.ToLower(strings.TrimSpace(word))))
	return hex.EncodeToString(sum[:])
}
