package casework

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// Face is what never changes of a case, and what its feed needs to know of it.
type Face struct {
	ID        ID
	Number    string
	Matter    string
	Kind      string
	Procedure string
	Version   string
	Street    string
	Community string
	Grid      string
	Secret    bool
}

func (f *Face) dest() []any {
	return []any{&f.ID, &f.Number, &f.Matter, &f.Kind, &f.Procedure, &f.Version, &f.Street, &f.Community, &f.Grid, &f.Secret}
}

// Faces reads many cases' faces by their ids. What is no case is left out.
func Faces(ctx context.Context, r db.Reader, district string, ids []string) (all map[ID]Face, err error) {
	defer errs.Wrap(&err, "casework.Faces(%s, %d)", district, len(ids))
	list, arg, err := db.FromList(r.Engine(), "$2", ids)
	if err != nil {
		return nil, err
	}
	all = make(map[ID]Face, len(ids))
	return all, db.Scan(ctx, r, func(rows db.Rows) error {
		var f Face
		err := rows.Scan(f.dest()...)
		all[f.ID] = f
		return err
	}, "select c.id, c.number, c.matter, c.kind, c.procedure, c.version, c.street, c.community, c.grid, c.secret from "+list+
		" cases c on c.district = $1 and c.id = j.value", district, arg)
}
