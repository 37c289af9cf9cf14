package casework

import (
	"context"

	"linli/internal/db"
	"linli/internal/pieces"
)

// index makes a case findable by every word of its title, place and text.
//
// Differs because FTS5 and tsvector are different features; the pieces are
// the same, so both find the same cases.
func index(ctx context.Context, tx *db.Tx, district string, c *Case) error {
	text := c.Title + "\n" + c.Place.Address + "\n" + c.Text
	if tx.Engine() == db.Postgres {
		return tx.Exec(ctx, "insert into case_text (district, case_id, pieces) values ($1, $2, cast($3 as tsvector))", district, string(c.ID), pieces.Vector(text))
	}
	if err := tx.Exec(ctx, "insert into case_docs (district, case_id) values ($1, $2)", district, string(c.ID)); err != nil {
		return err
	}
	return tx.Exec(ctx, "insert into case_text (rowid, pieces) values (last_insert_rowid(), $1)", pieces.Of(text))
}

// matching is the condition that a case's text holds every word of query, with
// the argument that stands for the query.
func matching(engine db.Engine, query, placeholder string) (condition string, arg any) {
	if engine == db.Postgres {
		return "c.id in (select x.case_id from case_text x where x.district = $1 and x.pieces @@ to_tsquery('simple', " + placeholder + "))", pieces.TSQuery(query)
	}
	return "c.id in (select d.case_id from case_text x join case_docs d on d.doc = x.rowid where d.district = $1 and x.pieces match " + placeholder + ")", pieces.FTS5(query)
}
