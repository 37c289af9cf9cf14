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
// person said it is. Its secret word stays only where keepWord says so: it opens
// the answer to the very request, and tells nothing of anybody. What others
// reported of the same case stays theirs. Where the report is the one that the
// case began with, the case loses those words too, with what was supplied and
// the words of ratings; what is counted stays.
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
	all, err := Reports(ctx, tx, district, r.Case)
	if err != nil || all[0].ID != report {
		return err
	}
	for _, sql := range []string{
		"update cases set text = $3, address = '' where district = $1 and id = $2",
		"update supplements set text = $3 where district = $1 and case_id = $2",
		"update ratings set text = '' where district = $1 and case_id = $2 and $3 <> ''",
	} {
		if err := tx.Exec(ctx, sql, district, string(r.Case), GoneByRight); err != nil {
			return err
		}
	}
	return reindex(ctx, tx, district, r.Case)
}

// Rating is what a reporter said of the result.
type Rating struct {
	Grade int
	Text  string
	At    time.Time
}

// Ratings lists what was said of the result of a case, oldest first.
func Ratings(ctx context.Context, r db.Reader, district string, id ID) (all []Rating, err error) {
	defer errs.Wrap(&err, "casework.Ratings(%s)", id)
	return db.All(ctx, r, func(g *Rating) []any { return []any{&g.Grade, &g.Text, db.Time(&g.At)} },
		"select grade, text, at from ratings where district = $1 and case_id = $2 order by at, id", district, string(id))
}
