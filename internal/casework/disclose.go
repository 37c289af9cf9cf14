package casework

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// DisclosureMost is how long a case may be open to an observer at once; after it
// somebody looks again whether it should be.
const DisclosureMost = 366 * 24 * time.Hour

// remarkMost bounds, in characters, why a case is opened and what an
// observer writes.
const remarkMost = 500

// Disclosure makes one case open to an observer's post, or to all observers of a
// unit, for a time. Whoever reported the case, where exactly it is and what was
// written by residents stays closed to them.
type Disclosure struct {
	ID       string
	Case     ID
	Post     string // or
	Unit     string
	Photos   bool // also those of before the work
	Reason   string
	ByPerson string
	ByPost   string
	From     time.Time
	Until    time.Time
	Ended    time.Time // before its time; zero for never
}

const disclosureColumns = "o.id, o.case_id, o.post, o.unit, o.photos, o.reason, o.by_person, o.by_post, o.from_at, o.until_at, o.ended_at"

func (o *Disclosure) dest() []any {
	return []any{&o.ID, &o.Case, &o.Post, &o.Unit, &o.Photos, &o.Reason, &o.ByPerson, &o.ByPost, db.Time(&o.From), db.Time(&o.Until), db.Time(&o.Ended)}
}

// Runs reports whether the case is open by it at an instant.
func (o Disclosure) Runs(now time.Time) bool {
	return o.Ended.IsZero() && !o.From.After(now) && o.Until.After(now)
}

// concerns reports whether it is for an observer's post.
func (o *Disclosure) concerns(post procedure.Actor) bool {
	return o.Post != "" && o.Post == post.Post || o.Unit != "" && o.Unit == post.Unit
}

// openTo is the condition that a case is open to an observer's post now.
func openTo(w *where, post procedure.Actor) string {
	now := w.put(w.now)
	whom := []string{"false"}
	if post.Post != "" {
		whom = append(whom, "o.post = "+w.put(post.Post))
	}
	if post.Unit != "" {
		whom = append(whom, "o.unit = "+w.put(post.Unit))
	}
	return "c.id in (select o.case_id from disclosures o where o.district = $1 and o.ended_at = 0 and o.from_at <= " + now +
		" and o.until_at > " + now + " and (" + strings.Join(whom, " or ") + "))"
}

// Disclosures are all that a case has or had, the newest first.
func Disclosures(ctx context.Context, r db.Reader, district string, id ID) (all []Disclosure, err error) {
	defer errs.Wrap(&err, "casework.Disclosures(%s)", id)
	return db.All(ctx, r, (*Disclosure).dest, "select "+disclosureColumns+" from disclosures o where o.district = $1 and o.case_id = $2 order by o.from_at desc, o.id desc",
		district, string(id))
}

// disclosedNow are the disclosures of a case that run now.
func disclosedNow(ctx context.Context, r db.Reader, district string, id ID, now time.Time) ([]Disclosure, error) {
	all, err := Disclosures(ctx, r, district, id)
	return slices.DeleteFunc(all, func(o Disclosure) bool { return !o.Runs(now) }), err
}

// Observers are the posts held now that a case can be made open to.
func Observers(d *district.District, posts []org.Post) []org.Post {
	return slices.DeleteFunc(slices.Clone(posts), func(p org.Post) bool { return !d.Can(rights.CaseObserve, string(p.Role)) })
}

// Disclose makes a case open to the post or the unit that o names, until o.Until.
// The door asks first that the case is within the scope of whoever acts. It is
// errs.Forbidden without the right to, errs.Conflict for a case whose reporter is
// kept secret, and errs.Invalid for whoever is no observer.
func Disclose(ctx context.Context, tx *db.Tx, a Acting, id ID, o Disclosure) (_ Disclosure, err error) {
	defer errs.Wrap(&err, "casework.Disclose(%s)", id)
	c, err := mayOpen(ctx, tx, a, id)
	if err != nil {
		return Disclosure{}, err
	}
	if c.Secret {
		return Disclosure{}, errs.New(errs.Conflict, "上报人保密的案件不对外公开。", "A case whose reporter is kept secret is not made open.")
	}
	if err := o.check(a.District, tx.Now); err != nil {
		return Disclosure{}, err
	}
	key, err := uuid.NewV7()
	if err != nil {
		return Disclosure{}, err
	}
	o.ID, o.Case, o.ByPerson, o.ByPost, o.From, o.Ended = key.String(), id, a.By.Person, a.By.Post, tx.Now, time.Time{}
	err = tx.Exec(ctx, `insert into disclosures (district, id, case_id, post, unit, photos, reason, by_person, by_post, from_at, until_at, ended_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
		a.District.Code, o.ID, string(o.Case), o.Post, o.Unit, o.Photos, o.Reason, o.ByPerson, o.ByPost, db.At(o.From), db.At(o.Until))
	if err != nil {
		return Disclosure{}, err
	}
	return o, Note(ctx, tx, a, id, "disclosed", o.facts())
}

// mayOpen reads a case that a post may open to observers, at the revision that
// its holder looked at.
func mayOpen(ctx context.Context, tx *db.Tx, a Acting, id ID) (Case, error) {
	if !a.District.Can(rights.CaseOpenTo, string(a.By.Role)) {
		return Case{}, errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.CaseOpenTo.Title().ZH, rights.CaseOpenTo.Title().EN)
	}
	c, err := ByID(ctx, tx, a.District.Code, id)
	if err == nil && a.Revision != 0 && a.Revision != c.Revision {
		err = stale()
	}
	return c, err
}

// check says what is wrong with a disclosure as somebody asked for it.
func (o *Disclosure) check(d *district.District, now time.Time) error {
	switch post, _ := d.Org.Post(org.PostID(o.Post)); {
	case (o.Post == "") == (o.Unit == ""):
		return errs.New(errs.Invalid, "选一位观察员，或者一家单位的全部观察员。", "Choose one observer, or all observers of one unit.").At("to")
	case o.Post != "" && !d.Can(rights.CaseObserve, string(post.Role)):
		return errs.New(errs.Invalid, "只能公开给观察员的岗位。", "A case is made open to observers only.").At("to")
	}
	if _, ok := d.Org.Unit(org.UnitID(o.Unit)); o.Unit != "" && !ok {
		return errs.New(errs.Invalid, "没有这家单位。", "There is no such unit.").At("to")
	}
	if !o.Until.After(now) || o.Until.After(now.Add(DisclosureMost)) {
		return errs.New(errs.Invalid, "公开到哪天，要在今后一年以内。", "The last day must lie ahead, within a year.").At("until")
	}
	var err error
	o.Reason, err = observed("reason", o.Reason, "为什么公开，写一句。", "Say in a sentence why it is opened.")
	return err
}

// observed is a text somebody must write, as it is kept.
func observed(field, text, zh, en string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", errs.New(errs.Invalid, "%[1]s", "%[2]s", zh, en).At(field)
	case utf8.RuneCountInString(text) > remarkMost:
		return "", errs.New(errs.Invalid, "最多写 %d 个字。", "Up to %d characters.", remarkMost).At(field)
	}
	return text, nil
}

// facts are what the trail says of it.
func (o *Disclosure) facts() map[string]string {
	facts := map[string]string{"disclosure": o.ID, "until": micros(o.Until), "reason": o.Reason}
	if o.Post != "" {
		facts["post"] = o.Post
	} else {
		facts["unit"] = o.Unit
	}
	if o.Photos {
		facts["photos"] = "yes"
	}
	return facts
}

// EndDisclosure closes a case to the observer again before its time; errs.NotFound
// where the case has no such disclosure that runs.
func EndDisclosure(ctx context.Context, tx *db.Tx, a Acting, id ID, disclosure string) (err error) {
	defer errs.Wrap(&err, "casework.EndDisclosure(%s, %s)", id, disclosure)
	if _, err := mayOpen(ctx, tx, a, id); err != nil {
		return err
	}
	n, err := tx.Change(ctx, "update disclosures set ended_at = $4 where district = $1 and case_id = $2 and id = $3 and ended_at = 0 and until_at > $4",
		a.District.Code, string(id), disclosure, db.At(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "这个公开已经结束了。", "This opening is over already.")
	}
	return Note(ctx, tx, a, id, "disclosure-ended", map[string]string{"disclosure": disclosure})
}

// Remark is what an observer says of a case that is open to them (督查意见): it
// goes into the trail, and to the unit that deals with the case, or took it in.
// It changes nothing of the case. Whatever is not open to the observer is
// errs.NotFound.
func Remark(ctx context.Context, tx *db.Tx, a Acting, id ID, text string) (err error) {
	defer errs.Wrap(&err, "casework.Remark(%s)", id)
	c, _, err := Seen(ctx, tx, a.District, ObservedBy(a.District, a.By), id, tx.Now)
	if err != nil {
		return err
	}
	if text, err = observed("note", text, "请写下意见。", "Please write your remark."); err != nil {
		return err
	}
	if err := Note(ctx, tx, a, id, "remarked", map[string]string{"note": text}); err != nil {
		return err
	}
	key, err := uuid.NewV7()
	if err != nil {
		return err
	}
	s := stroke{ctx: ctx, tx: tx, d: a.District, c: &c, by: a.By}
	n := s.notice(Notice{Template: "remarked", Unit: c.Unit, Reason: text})
	if n.Unit == "" {
		n.Unit = c.Receiver
	}
	return job.Add(ctx, tx, a.District.Code, NoticeJob, key.String(), n, tx.Now)
}
