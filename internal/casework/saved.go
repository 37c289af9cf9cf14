package casework

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
)

// SavedFilter is a list somebody keeps under a name of their own. Query is the
// address of the list within the desk, as the page reads it.
type SavedFilter struct {
	ID    string
	Name  string
	Query string
	At    time.Time
}

// SavedMost is how many filters one person may keep, and SavedNameMost how
// long a name may be, in characters.
const (
	SavedMost     = 20
	SavedNameMost = 30
	queryMost     = 2000
)

// SaveFilter keeps a filter for a person. A name the person has used before now
// means the new filter.
func SaveFilter(ctx context.Context, tx *db.Tx, district, person, name, query string) (f SavedFilter, err error) {
	defer errs.Wrap(&err, "casework.SaveFilter(%s, %s)", district, person)
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || !utf8.ValidString(name):
		return f, errs.New(errs.Invalid, "给它起个名字，例如“桂香社区”。", "Give it a name, such as “Guixiang”.").At("name")
	case utf8.RuneCountInString(name) > SavedNameMost:
		return f, errs.New(errs.Invalid, "名字最多 %d 个字。", "A name has up to %d characters.", SavedNameMost).At("name")
	case query == "" || len(query) > queryMost || !utf8.ValidString(query):
		return f, errs.New(errs.Invalid, "这个筛选存不下来，请减少条件再试。", "This filter cannot be saved; please take some of it away.").At("name")
	}
	if err := tx.Exec(ctx, "delete from saved_filters where district = $1 and person = $2 and name = $3", district, person, name); err != nil {
		return f, err
	}
	n, err := db.Value[int](ctx, tx, "select count(*) from saved_filters where district = $1 and person = $2", district, person)
	if err != nil {
		return f, err
	}
	if n >= SavedMost {
		return f, errs.New(errs.Conflict, "最多存 %d 个筛选，请先去掉不用的。", "Up to %d filters can be saved; please drop one first.", SavedMost)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return f, err
	}
	f = SavedFilter{ID: id.String(), Name: name, Query: query, At: tx.Now}
	return f, tx.Exec(ctx, "insert into saved_filters (district, id, person, name, query, at) values ($1, $2, $3, $4, $5, $6)",
		district, f.ID, person, f.Name, f.Query, db.At(f.At))
}

// SavedFilters are those a person keeps, oldest first.
func SavedFilters(ctx context.Context, r db.Reader, district, person string) (all []SavedFilter, err error) {
	defer errs.Wrap(&err, "casework.SavedFilters(%s, %s)", district, person)
	return db.All(ctx, r, func(f *SavedFilter) []any { return []any{&f.ID, &f.Name, &f.Query, db.Time(&f.At)} },
		"select id, name, query, at from saved_filters where district = $1 and person = $2 order by at, id", district, person)
}

// DropFilter forgets one of a person's filters; errs.NotFound where the person
// keeps none of that id.
func DropFilter(ctx context.Context, tx *db.Tx, district, person, id string) (err error) {
	defer errs.Wrap(&err, "casework.DropFilter(%s, %s)", district, id)
	n, err := tx.Change(ctx, "delete from saved_filters where district = $1 and person = $2 and id = $3", district, person, id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这个筛选，可能已经去掉了。", "There is no such filter; it may be gone already.")
	}
	return err
}
