package area

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"linli/internal/db"
	"linli/internal/errs"
)

// Listed is an area as the district's table has it, whether or not it holds today.
type Listed struct {
	Area
	Drawn string // a mark that is another when one of its outlines is; "" where none was ever drawn
}

// List reads every area of a district, by code, so that what an import changed
// can be told from how it was.
func List(ctx context.Context, r db.Reader, district Code) (all []Listed, err error) {
	defer errs.Wrap(&err, "area.List(%s)", district)
	areas, err := loadAreas(ctx, r, district)
	if err != nil {
		return nil, err
	}
	versions, err := loadOutlines(ctx, r, district)
	if err != nil {
		return nil, err
	}
	drawn := map[Code]string{}
	for _, v := range versions {
		sum := sha256.Sum256([]byte(drawn[v.code] + string(v.from) + "/" + string(v.to) + "/" + v.geojson))
		drawn[v.code] = hex.EncodeToString(sum[:8])
	}
	all = make([]Listed, len(areas))
	for i, a := range areas {
		all[i] = Listed{a, drawn[a.Code]}
	}
	return all, nil
}
