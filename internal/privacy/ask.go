package privacy

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/trail"
)

// Keeper takes requests in and carries them out. Its fields are those of the
// house.
type Keeper struct {
	Desk      *intake.Desk
	Residents *resident.Book
}

// Asking is what somebody asks about their data, or another's with authority.
type Asking struct {
	Kind    Kind
	Subject Subject
	Words   string // what the person says; may be left out
	Field   string // to correct: fields.Name or fields.Phone
	Value   string // what is right
	Channel intake.Channel
	By      procedure.Actor // the clerk who takes it down; zero from outside
	Lang    lang.Lang
}

const wordsMost = 1000 // characters

// Ask takes a request in and opens its case. It is errs.Invalid for what is not
// asked rightly, and errs.Conflict where the same is asked and not yet dealt
// with.
func (k Keeper) Ask(ctx context.Context, d *district.District, a Asking) (q Request, r intake.Receipt, err error) {
	defer errs.Wrap(&err, "privacy.Ask(%s)", a.Kind)
	if err := a.check(); err != nil {
		return q, r, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return q, r, err
	}
	s := intake.Sending{Channel: a.Channel, Matter: Matter, Text: a.text(), Lang: a.Lang, By: a.By}
	if a.Subject.Resident != "" {
		one, err := k.Residents.ByID(ctx, k.Desk.DB, d.Code, a.Subject.Resident)
		if err != nil {
			return q, r, err
		}
		s.Name, s.Phone = one.Name, string(one.Phone)
	}
	if a.Subject.Agent != "" {
		s.By.For = string(a.Subject.Resident)
	}
	asked := Request{ID: ID(id.String()), Kind: a.Kind, Subject: a.Subject, Field: a.Field, State: Asked, value: k.Desk.Vault.Seal(d.Code, valueField, a.Value)}
	s.Then = func(ctx context.Context, tx *db.Tx, r intake.Receipt) error {
		if err := twice(ctx, tx, d.Code, asked); err != nil {
			return err
		}
		q = asked
		q.Case, q.Report, q.Asked = r.Case.ID, r.Report, tx.Now
		if err := q.insert(ctx, tx, d.Code); err != nil {
			return err
		}
		return trail.Note(ctx, tx, d.Code, trail.Privacy, string(q.ID), entryOf(a.By, "asked", map[string]string{
			"kind": string(q.Kind), "case": string(q.Case), "shown": string(q.Subject.Shown), "paper": string(q.Subject.Paper), "agent": string(q.Subject.Agent)}))
	}
	r, err = k.Desk.Receive(ctx, d, s)
	return q, r, err
}

// twice refuses what is asked already.
func twice(ctx context.Context, r db.Reader, district string, q Request) error {
	all, err := requestsAbout(ctx, r, district, q.Subject)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Kind == q.Kind && one.Subject.Report == q.Subject.Report && (one.State == Asked || one.State == Granted) {
			return errs.New(errs.Conflict, "这一项您已经提过，正在办。", "You have asked for this already; it is being dealt with.").At("kind")
		}
	}
	return nil
}

// check refuses what is not asked rightly, and tidies what is.
func (a *Asking) check() error {
	a.Words, a.Value = strings.TrimSpace(a.Words), strings.Join(strings.Fields(a.Value), " ")
	invalid := func(field, zh, en string, args ...any) error {
		return errs.New(errs.Invalid, zh, en, args...).At(field)
	}
	switch {
	case !a.Kind.Known():
		return invalid("kind", "请选要办哪一项。", "Please choose what you ask for.")
	case a.Subject.Report == "" && a.Subject.PhoneIndex == "" && a.Subject.Resident == "":
		return invalid("subject", "不知道是谁的信息。", "It is not known whose data this is about.")
	case !utf8.ValidString(a.Words), !utf8.ValidString(a.Value):
		return invalid("words", "这里有认不出的字符，请重新写。", "This holds characters that cannot be read; please write it again.")
	case utf8.RuneCountInString(a.Words) > wordsMost:
		return invalid("words", "最多写 %d 个字。", "Up to %d characters.", wordsMost)
	case a.Kind == Explain && a.Words == "":
		return invalid("words", "请写想知道什么。", "Please write what you want to know.")
	case a.Kind == Correct:
		return a.checkValue()
	}
	a.Field, a.Value = "", ""
	return nil
}

func (a *Asking) checkValue() error {
	switch a.Field {
	case fields.Name:
		if n := utf8.RuneCountInString(a.Value); n == 0 || n > resident.NameMost || strings.ContainsRune(a.Value, '*') {
			return errs.New(errs.Invalid, "请写全正确的姓名，不超过 %d 个字。", "Please write the right name in full, up to %d letters.", resident.NameMost).At("value")
		}
	case fields.Phone:
		phone, err := ident.ParsePhone(a.Value)
		if err != nil || !phone.Mobile() {
			return errs.New(errs.Invalid, "请写 11 位手机号。", "Please write a mobile number of 11 digits.").At("value")
		}
		if a.Subject.Report == "" {
			return errs.New(errs.Invalid, "换了手机号的，请用新号码登录；某一件写错了号码的，凭那一件的编号和取件码来改。", "With a new number, sign in with that; where one report has a wrong number, ask with that report's number and secret word.").At("field")
		}
		a.Value = string(phone)
	default:
		return errs.New(errs.Invalid, "请选要更正哪一项。", "Please choose what is to be corrected.").At("field")
	}
	return nil
}

// text is what the case says of itself. What is right stands sealed in the
// request and not here.
func (a *Asking) text() string {
	text := "【" + a.Kind.Title().ZH + "】"
	if a.Lang == lang.EN {
		text = "[" + a.Kind.Title().EN + "] "
	}
	return text + a.Words
}

func entryOf(by procedure.Actor, act string, detail map[string]string) trail.Entry {
	return trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: detail}
}
