package casework

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// GoneByRight stands where a resident's own words were until they asked for
// them to go.
const GoneByRight = "（按本人要求已删去 · removed at the person's request）"

// Reopens reports whether the one who reported an ended case may still have it
// opened again.
func (c Case) Reopens(d *district.District, now time.Time) bool {
	p, ok := d.Catalogue.Procedure(c.Procedure, c.Version)
	return ok && c.State != Running && reopens(d, p, &c, now)
}

// CorrectName puts another name, sealed, on a report. The old one is kept nowhere.
func CorrectName(ctx context.Context, tx *db.Tx, district, report, sealed string) (err error) {
	defer errs.Wrap(&err, "casework.CorrectName(%s)", report)
	return tx.Exec(ctx, "update reports set name = $3 where district = $1 and id = $2", district, report, sealed)
}

// CorrectPhone puts another number, sealed and with its indexes, on a report.
func CorrectPhone(ctx context.Context, tx *db.Tx, district, report, sealed, index, tail string) (err error) {
	defer errs.Wrap(&err, "casework.CorrectPhone(%s)", report)
	return tx.Exec(ctx, "update reports set phone = $3, phone_index = $4, tail_index = $5 where district = $1 and id = $2", district, report, sealed, index, tail)
}

// ForgetReport takes from one report who sent it, what was said and where the
// person said it is, with what they supplied later and the words of their ratings.
// Its secret word stays only where keepWord says so: it opens the answer to the
// very request, and tells nothing of anybody. What others reported of the same
// case, supplied or said of the result stays theirs. The case that began with the
// report loses those words too, wherever it was merged; what is counted stays.
func ForgetReport(ctx context.Context, tx *db.Tx, district, report string, keepWord bool) (err error) {
	defer errs.Wrap(&err, "casework.ForgetReport(%s)", report)
	r, err := ReportByID(ctx, tx, district, report)
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, `update reports set name = '', phone = '', phone_index = '', tail_index = '', text = $3, address = '', lon = 0, lat = 0,
		word = case when $4 then word else '' end where district = $1 and id = $2`, district, report, GoneByRight, keepWord); err != nil {
		return err
	}
	for _, sql := range []string{
		"update supplements set text = $3 where district = $1 and report = $2",
		"update ratings set text = '' where district = $1 and report = $2 and $3 <> ''",
	} {
		if err := tx.Exec(ctx, sql, district, report, GoneByRight); err != nil {
			return err
		}
	}
	all, err := Family(ctx, tx, district, r.Case)
	if err != nil {
		return err
	}
	for _, c := range all {
		if !c.Began(r) {
			continue
		}
		if err := forgetCase(ctx, tx, district, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// forgetCase takes from a case what its first reporter wrote, with what was said
// later by nobody knows which of its reporters.
func forgetCase(ctx context.Context, tx *db.Tx, district string, id ID) error {
	for _, sql := range []string{
		"update cases set text = $3, address = '' where district = $1 and id = $2",
		"update supplements set text = $3 where district = $1 and case_id = $2 and report = ''",
		"update ratings set text = '' where district = $1 and case_id = $2 and report = '' and $3 <> ''",
	} {
		if err := tx.Exec(ctx, sql, district, string(id), GoneByRight); err != nil {
			return err
		}
	}
	return reindex(ctx, tx, district, id)
}

// Member is a case, or one that went into it.
type Member struct {
	ID     ID
	Opened time.Time
}

// Began reports whether the case was opened by a report: the two have one instant.
// The oldest report of a case may have come with another that was merged into it.
func (m Member) Began(r Report) bool { return m.Opened.Equal(r.At) }

// Family lists a case and those that were merged into it, and into those: the
// reports of all of them stand with the case.
func Family(ctx context.Context, r db.Reader, district string, id ID) (all []Member, err error) {
	defer errs.Wrap(&err, "casework.Family(%s)", id)
	return db.All(ctx, r, func(m *Member) []any { return []any{&m.ID, db.Time(&m.Opened)} }, `with recursive members (id) as (
			select c.id from cases c where c.district = $1 and c.id = $2
			union select c.id from cases c join members on c.merged_into = members.id where c.district = $1 and c.merged_into <> '')
		select c.id, c.opened_at from cases c join members on members.id = c.id where c.district = $1 order by c.opened_at, c.id`, district, string(id))
}

// Rating is what a reporter said of the result.
type Rating struct {
	Report string // whose it is; '' where that is not known
	Grade  int
	Text   string
	At     time.Time
}

// Ratings lists what was said of the result of a case, oldest first.
func Ratings(ctx context.Context, r db.Reader, district string, id ID) (all []Rating, err error) {
	defer errs.Wrap(&err, "casework.Ratings(%s)", id)
	return db.All(ctx, r, func(g *Rating) []any { return []any{&g.Report, &g.Grade, &g.Text, db.Time(&g.At)} },
		"select report, grade, text, at from ratings where district = $1 and case_id = $2 order by at, id", district, string(id))
}

// Unname hides in what staff wrote about a case, apart from its trail, what hide
// hides: the reasons of its ledger and of opening it to observers.
func Unname(ctx context.Context, tx *db.Tx, district string, id ID, hide func(string) string) (err error) {
	defer errs.Wrap(&err, "casework.Unname(%s)", id)
	entries, err := entriesOf(ctx, tx, district, id)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := db.Rewrite(ctx, tx, "update ledger set reason = $3, decision = $4 where district = $1 and id = $2", district, e.ID, hide, e.Reason, e.Decision); err != nil {
			return err
		}
	}
	opened, err := Disclosures(ctx, tx, district, id)
	if err != nil {
		return err
	}
	for _, o := range opened {
		if err := db.Rewrite(ctx, tx, "update disclosures set reason = $3 where district = $1 and id = $2", district, o.ID, hide, o.Reason); err != nil {
			return err
		}
	}
	return nil
}
