package casework

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/pieces"
	"linli/internal/vault"
)

// Gone stands where a resident's own words were until their time was past.
const Gone = "（已到保存期限，原话已删去 · removed, its time was past）"

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{{Name: "reports", Key: []string{"id"}, Columns: []vault.Column{{Name: "name", Field: NameField}, {Name: "phone", Field: PhoneField}}}}
}

// ForgetReporters takes from reports who sent them: name, number, both indexes
// and the secret word. The cases and all that was done stay.
func ForgetReporters(ctx context.Context, tx *db.Tx, district string, reports []string) (err error) {
	defer errs.Wrap(&err, "casework.ForgetReporters(%s, %d)", district, len(reports))
	for _, id := range reports {
		err := tx.Exec(ctx, "update reports set name = '', phone = '', phone_index = '', tail_index = '', word = '' where district = $1 and id = $2", district, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// ForgetWords takes from ended cases what residents wrote: the text of the case
// and of its reports with their addresses, what was supplied, and the words of
// ratings. Grades, dates, place on the map and trail stay, so that everything
// is counted as before; a search no longer finds the words.
func ForgetWords(ctx context.Context, tx *db.Tx, district string, cases []string) (err error) {
	defer errs.Wrap(&err, "casework.ForgetWords(%s, %d)", district, len(cases))
	for _, id := range cases {
		for _, sql := range []string{
			"update cases set text = $3, address = '' where district = $1 and id = $2",
			"update reports set text = $3, address = '' where district = $1 and case_id = $2",
			"update supplements set text = $3 where district = $1 and case_id = $2",
			"update ratings set text = '' where district = $1 and case_id = $2 and $3 <> ''",
		} {
			if err := tx.Exec(ctx, sql, district, id, Gone); err != nil {
				return err
			}
		}
		if err := reindex(ctx, tx, district, ID(id)); err != nil {
			return err
		}
	}
	return nil
}

// reindex makes a case findable by what its row still says.
//
// Differs because FTS5 and tsvector are different features.
func reindex(ctx context.Context, tx *db.Tx, district string, id ID) error {
	c, err := ByID(ctx, tx, district, id)
	if err != nil {
		return err
	}
	marks := append(marksOf(c.Place.Street, c.Place.Community, c.Kind, c.Channel, c.Matter), monthMark(c.OpenedAt))
	if tx.Engine() == db.Postgres {
		return tx.Exec(ctx, "update case_text set pieces = cast($3 as tsvector) where district = $1 and case_id = $2", district, string(id), pieces.Vector(c.Title, marks...))
	}
	doc, err := db.Value[int64](ctx, tx, "select doc from case_docs where district = $1 and case_id = $2", district, string(id))
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "delete from case_text where rowid = $1", doc); err != nil {
		return err
	}
	return tx.Exec(ctx, "insert into case_text (rowid, pieces) values ($1, $2)", doc, pieces.Of(c.Title, marks...))
}
