package retain

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// HoldID names a hold within its district.
type HoldID string

// Kind is what a hold is about.
type Kind string

// The kinds.
const (
	OfCase   Kind = "case"   // everything of one case
	OfPerson Kind = "person" // every report from one phone number, and their cases
)

// Title names the kind for a person.
func (k Kind) Title() lang.Text {
	if k == OfPerson {
		return lang.T("一个人的全部来件", "everything one person sent")
	}
	return lang.T("一个件", "one case")
}

// Hold keeps data past their time because a law or an order asks for it.
type Hold struct {
	ID     HoldID
	Kind   Kind
	Ref    string // the case's id, or the blind index of the person's number: vault.Index(casework.PhoneField, …)
	Why    string
	Basis  string // statute and article, or the order
	From   time.Time
	Until  time.Time
	Person string // who put it
	Post   string
	Lifted time.Time // zero while it stands

	LiftedPerson, LiftedPost, LiftedWhy string
}

// Stands reports whether the hold keeps anything at an instant.
func (h *Hold) Stands(now time.Time) bool { return h.Lifted.IsZero() && now.Before(h.Until) }

const (
	holdYears = 3   // at the most; it may be put again
	textMost  = 500 // characters
)

const holdColumns = "id, kind, ref, why, basis, from_at, until_at, by_person, by_post, lifted_at, lifted_person, lifted_post, lifted_why"

func (h *Hold) dest() []any {
	return []any{&h.ID, &h.Kind, &h.Ref, &h.Why, &h.Basis, db.Time(&h.From), db.Time(&h.Until), &h.Person, &h.Post, db.Time(&h.Lifted), &h.LiftedPerson, &h.LiftedPost, &h.LiftedWhy}
}

// Put begins a hold. It needs the right hold.keep, a reason, a basis, and an end
// no more than three years away. It is errs.NotFound for a case that is not there.
func Put(ctx context.Context, tx *db.Tx, d *district.District, by procedure.Actor, h Hold) (id HoldID, err error) {
	defer errs.Wrap(&err, "retain.Put(%s, %s)", d.Code, h.Kind)
	if err := mayHold(d, by); err != nil {
		return "", err
	}
	h.Why, h.Basis = strings.TrimSpace(h.Why), strings.TrimSpace(h.Basis)
	if err := h.check(tx.Now.In(d.Calendar.Zone())); err != nil {
		return "", err
	}
	if h.Kind == OfCase {
		if _, err := casework.ByID(ctx, tx, d.Code, casework.ID(h.Ref)); err != nil {
			return "", err
		}
	}
	made, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	err = tx.Exec(ctx, "insert into holds (district, "+holdColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '', '')",
		d.Code, made.String(), string(h.Kind), h.Ref, h.Why, h.Basis, db.At(tx.Now), db.At(h.Until), by.Person, by.Post)
	if err != nil {
		return "", err
	}
	detail := map[string]string{"kind": string(h.Kind), "until": h.Until.UTC().Format(time.RFC3339), "reason": h.Why, "law": h.Basis}
	if h.Kind == OfCase {
		detail["case"] = h.Ref
	}
	return HoldID(made.String()), trail.Note(ctx, tx, d.Code, trail.Privacy, made.String(), entry(by, "hold-put", detail))
}

// Lift ends a hold before its day; what is past its time goes the next night.
func Lift(ctx context.Context, tx *db.Tx, d *district.District, by procedure.Actor, id HoldID, why string) (err error) {
	defer errs.Wrap(&err, "retain.Lift(%s, %s)", d.Code, id)
	if err := mayHold(d, by); err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > textMost {
		return needed("why", "请写明为什么解除，不超过 %d 字。", "Please say why it is lifted, in at most %d characters.")
	}
	n, err := tx.Change(ctx, `update holds set lifted_at = $1, lifted_person = $2, lifted_post = $3, lifted_why = $4
		where district = $5 and id = $6 and lifted_at = 0`, db.At(tx.Now), by.Person, by.Post, why, d.Code, string(id))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "没有这条保留，或者已经解除了。", "There is no such hold, or it was lifted before.")
	}
	return trail.Note(ctx, tx, d.Code, trail.Privacy, string(id), entry(by, "hold-lifted", map[string]string{"reason": why}))
}

// Holds lists the holds of a district, the latest first; standing ones alone
// unless all are asked for.
func Holds(ctx context.Context, r db.Reader, district string, now time.Time, all bool) (holds []Hold, err error) {
	defer errs.Wrap(&err, "retain.Holds(%s)", district)
	return db.All(ctx, r, (*Hold).dest, "select "+holdColumns+" from holds where district = $1 and ($2 or lifted_at = 0 and until_at > $3) order by from_at desc, id desc",
		district, all, db.At(now))
}

func mayHold(d *district.District, by procedure.Actor) error {
	if by.Post != "" && d.Catalogue.Roles().Can(rights.HoldKeep, string(by.Role)) {
		return nil
	}
	return errs.New(errs.Forbidden, "您的岗位不能设或解除保留。", "Your post may not put or lift holds.")
}

// check refuses a hold that says too little or lasts too long.
func (h *Hold) check(now time.Time) error {
	switch {
	case h.Kind != OfCase && h.Kind != OfPerson || h.Ref == "":
		return errs.New(errs.Invalid, "请说明保留哪个件，或者哪个人的来件。", "Please say which case, or whose reports, to hold.").At("ref")
	case h.Why == "" || utf8.RuneCountInString(h.Why) > textMost:
		return needed("why", "请写明为什么保留，不超过 %d 字。", "Please say why it is held, in at most %d characters.")
	case h.Basis == "" || utf8.RuneCountInString(h.Basis) > textMost:
		return needed("basis", "请写明依据哪部法律或哪份文书，不超过 %d 字。", "Please name the law or the order it rests on, in at most %d characters.")
	case !h.Until.After(now) || h.Until.After(now.AddDate(holdYears, 0, 1)):
		return needed("until", "请写明保留到哪天，不超过 %d 年，到期可以再设。", "Please say until which day, at most %d years; it can be put again.", holdYears)
	}
	return nil
}

func needed(field, zh, en string, most ...int) error {
	if len(most) == 0 {
		most = []int{textMost}
	}
	return errs.New(errs.Invalid, zh, en, most[0]).At(field)
}

func entry(by procedure.Actor, act string, detail map[string]string) trail.Entry {
	return trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: detail}
}

// held is what standing holds keep: cases and persons.
type held struct{ cases, persons map[string]HoldID }

// standing gathers what the holds of a district keep now. Holding a person holds
// every case that the person sent a report of.
func standing(ctx context.Context, r db.Reader, district string, now time.Time) (held, error) {
	k := held{map[string]HoldID{}, map[string]HoldID{}}
	holds, err := Holds(ctx, r, district, now, false)
	if err != nil {
		return k, err
	}
	for _, h := range holds {
		if h.Kind == OfCase {
			k.cases[h.Ref] = h.ID
			continue
		}
		k.persons[h.Ref] = h.ID
		cases, err := db.All(ctx, r, func(id *string) []any { return []any{id} },
			"select case_id from reports where district = $1 and phone_index = $2 and phone_index <> ''", district, h.Ref)
		if err != nil {
			return k, err
		}
		for _, id := range cases {
			k.cases[id] = h.ID
		}
	}
	return k, nil
}

// of is the hold that keeps a thing; empty for none.
func (k held) of(p past) HoldID {
	if id := k.cases[p.of]; id != "" && p.of != "" {
		return id
	}
	if p.person == "" {
		return ""
	}
	return k.persons[p.person]
}
