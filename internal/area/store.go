package area

import (
	"context"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
)

func loadAreas(ctx context.Context, r db.Reader, district Code) ([]Area, error) {
	type row struct {
		Area
		members string
	}
	rows, err := db.All(ctx, r, func(a *row) []any {
		return []any{&a.Code, &a.Tier, &a.Name.ZH, &a.Name.EN, &a.Kind, &a.members, &a.From, &a.To}
	}, `select code, tier, name, name_en, kind, members, valid_from, valid_to
		from areas where district = $1 order by code`, string(district))
	all := make([]Area, len(rows))
	for i, a := range rows {
		all[i] = a.Area
		if a.members != "" {
			all[i].Members = strings.Split(a.members, "\n")
		}
	}
	return all, err
}

func writeArea(ctx context.Context, tx *db.Tx, district Code, a Area) error {
	return tx.Exec(ctx, `insert into areas (district, code, tier, name, name_en, kind, members, valid_from, valid_to)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (district, code) do update set name = excluded.name, name_en = excluded.name_en, kind = excluded.kind,
		members = excluded.members, valid_from = excluded.valid_from, valid_to = excluded.valid_to`,
		string(district), string(a.Code), string(a.Tier), a.Name.ZH, a.Name.EN, string(a.Kind),
		strings.Join(a.Members, "\n"), string(a.From), string(a.To))
}

// version is an outline as stored, from one day to another.
type version struct {
	code     Code
	from, to clock.Date
	geojson  string
}

func loadOutlines(ctx context.Context, r db.Reader, district Code) ([]version, error) {
	return db.All(ctx, r, func(v *version) []any { return []any{&v.code, &v.from, &v.to, &v.geojson} },
		"select code, valid_from, valid_to, geojson from outlines where district = $1 order by code, valid_from", string(district))
}

func loadOutlinesOn(ctx context.Context, r db.Reader, district Code, on clock.Date) ([]version, error) {
	return db.All(ctx, r, func(v *version) []any { return []any{&v.code, &v.from, &v.to, &v.geojson} },
		`select code, valid_from, valid_to, geojson from outlines
		where district = $1 and valid_from <= $2 and (valid_to = '' or valid_to >= $2) order by code`, string(district), string(on))
}

func writeOutline(ctx context.Context, tx *db.Tx, district Code, v version) error {
	return tx.Exec(ctx, `insert into outlines (district, code, valid_from, valid_to, geojson) values ($1, $2, $3, $4, $5)
		on conflict (district, code, valid_from) do update set valid_to = excluded.valid_to, geojson = excluded.geojson`,
		string(district), string(v.code), string(v.from), string(v.to), v.geojson)
}
