package page

import (
	"strconv"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// Export is a table that a reader takes out of the program.
type Export struct {
	What   string // cases, orders, scorecard and so on
	Filter string // the address's conditions, without words somebody typed
	Words  bool   // the table was searched by words: which ones is not kept, they may name a person
	Rows   int
}

// Exported writes into the book of exports that the reader takes a table out. A
// door calls it before the first byte is sent: what is not on record does not go.
func (v *View) Exported(e Export) error {
	if v.Reader == nil {
		return errs.New(errs.SignIn, "请先登录。", "Please sign in first.")
	}
	entry := trail.Entry{Person: string(v.Reader.Person.ID), Act: "exported", Detail: map[string]string{
		"what": e.What, "filter": e.Filter, "rows": strconv.Itoa(e.Rows),
	}}
	if e.Words {
		entry.Detail["words"] = "yes"
	}
	if posts := v.Actors(); len(posts) > 0 {
		entry.Post, entry.Unit = posts[0].Post, posts[0].Unit
	}
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return trail.Note(v.Context(), tx, v.District.Code, trail.Exports, entry.Person, entry)
	})
}
