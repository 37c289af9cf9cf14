package privacy

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// GuardianConsent is the consent without which data of a child are not used.
const GuardianConsent = "guardian"

// How a consent was given.
const (
	BySelf     = "self"
	ByGuardian = "guardian"
)

// Consent is one that was given, and perhaps withdrawn.
type Consent struct {
	ID        string
	Holder    string
	Name      string
	Version   int
	Given     time.Time
	Withdrawn time.Time // zero while it stands
	How       string
	Post      string
}

const consentColumns = "c.id, c.holder, c.name, c.version, c.given_at, c.withdrawn_at, c.how, c.post"

func (c *Consent) dest() []any {
	return []any{&c.ID, &c.Holder, &c.Name, &c.Version, db.Time(&c.Given), db.Time(&c.Withdrawn), &c.How, &c.Post}
}

// ConsentsOf lists what holders consented to, newest first, with what they
// withdrew.
func ConsentsOf(ctx context.Context, r db.Reader, district string, holders ...string) (all []Consent, err error) {
	defer errs.Wrap(&err, "privacy.ConsentsOf(%d)", len(holders))
	list, arg, err := db.FromList(r.Engine(), "$2", holders)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, (*Consent).dest, "select "+consentColumns+" from "+list+" consents c on c.district = $1 and c.holder = j.value order by c.given_at desc, c.id desc", district, arg)
}

// Consents reports whether a holder consents to something now.
func Consents(ctx context.Context, r db.Reader, district, holder, name string) (yes bool, err error) {
	defer errs.Wrap(&err, "privacy.Consents(%s, %s)", holder, name)
	n, err := db.Value[int](ctx, r, "select count(*) from consents where district = $1 and holder = $2 and name = $3 and withdrawn_at = 0", district, holder, name)
	return n > 0, err
}

// Give notes that a holder consents to something in its present version. What
// stands in that version stays as it is; an older version is replaced.
func Give(ctx context.Context, tx *db.Tx, d *district.District, holder, name, how string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "privacy.Give(%s, %s)", holder, name)
	rule, ok := d.Catalogue.Privacy().Consent(name)
	if !ok {
		return errs.New(errs.NotFound, "没有这项同意。", "There is no such consent.")
	}
	n, err := db.Value[int](ctx, tx, "select count(*) from consents where district = $1 and holder = $2 and name = $3 and version = $4 and withdrawn_at = 0",
		d.Code, holder, name, rule.Version)
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.Change(ctx, "update consents set withdrawn_at = $4 where district = $1 and holder = $2 and name = $3 and withdrawn_at = 0", d.Code, holder, name, db.At(tx.Now)); err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "insert into consents (district, id, holder, name, version, given_at, withdrawn_at, how, post) values ($1,$2,$3,$4,$5,$6,0,$7,$8)",
		d.Code, id.String(), holder, name, rule.Version, db.At(tx.Now), how, by.Post); err != nil {
		return err
	}
	return trail.Note(ctx, tx, d.Code, trail.Privacy, holder, entryOf(by, "consented", map[string]string{"consent": name, "how": how}))
}

// Take withdraws a consent; it counts no more from this instant. One that does
// not stand changes nothing.
func Take(ctx context.Context, tx *db.Tx, d *district.District, holder, name string, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "privacy.Take(%s, %s)", holder, name)
	// One that the rules no longer name can still be withdrawn, so only what no
	// consent was ever called is refused.
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return errs.New(errs.NotFound, "没有这项同意。", "There is no such consent.")
	}
	n, err := tx.Change(ctx, "update consents set withdrawn_at = $4 where district = $1 and holder = $2 and name = $3 and withdrawn_at = 0", d.Code, holder, name, db.At(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return trail.Note(ctx, tx, d.Code, trail.Privacy, holder, entryOf(by, "withdrew", map[string]string{"consent": name}))
}

// Shown notes that a notice was shown, the first time in its present version.
func Shown(ctx context.Context, tx *db.Tx, d *district.District, holder, notice string) (err error) {
	defer errs.Wrap(&err, "privacy.Shown(%s, %s)", holder, notice)
	rule, ok := d.Catalogue.Privacy().Notice(notice)
	if !ok {
		return nil // the district's rulebook has none of this name: nothing was shown
	}
	_, err = tx.Change(ctx, `insert into notices_shown (district, holder, notice, version, at) values ($1, $2, $3, $4, $5)
		on conflict (district, holder, notice, version) do nothing`, d.Code, holder, notice, rule.Version, db.At(tx.Now))
	return err
}

// Telling is that a notice was shown.
type Telling struct {
	Holder  string
	Notice  string
	Version int
	At      time.Time
}

// TellingsOf lists which notices holders were shown, oldest first.
func TellingsOf(ctx context.Context, r db.Reader, district string, holders ...string) (all []Telling, err error) {
	defer errs.Wrap(&err, "privacy.TellingsOf(%d)", len(holders))
	list, arg, err := db.FromList(r.Engine(), "$2", holders)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, func(t *Telling) []any { return []any{&t.Holder, &t.Notice, &t.Version, db.Time(&t.At)} },
		"select n.holder, n.notice, n.version, n.at from "+list+" notices_shown n on n.district = $1 and n.holder = j.value order by n.at, n.holder, n.notice", district, arg)
}

// News reports whether a holder has yet to be shown a notice in its present
// version.
func News(ctx context.Context, r db.Reader, d *district.District, holder, notice string) (yes bool, err error) {
	defer errs.Wrap(&err, "privacy.News(%s, %s)", holder, notice)
	rule, ok := d.Catalogue.Privacy().Notice(notice)
	if !ok {
		return false, nil
	}
	n, err := db.Value[int](ctx, r, "select count(*) from notices_shown where district = $1 and holder = $2 and notice = $3 and version >= $4", d.Code, holder, notice, rule.Version)
	return n == 0, err
}
