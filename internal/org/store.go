package org

import (
	"context"
	"slices"

	"linli/internal/db"
	"linli/internal/errs"
)

func loadUnits(ctx context.Context, r db.Reader, district string) (map[UnitID]Unit, error) {
	all, err := db.All(ctx, r, func(u *Unit) []any {
		return []any{&u.ID, &u.Name.ZH, &u.Name.EN, &u.Kind, &u.Parent, &u.Phone, &u.Calendar, &u.From, &u.To}
	}, `select code, name, name_en, kind, parent, phone, calendar, valid_from, valid_to
		from units where district = $1`, district)
	if err != nil {
		return nil, err
	}
	units := make(map[UnitID]Unit, len(all))
	for _, u := range all {
		units[u.ID] = u
	}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var id UnitID
		var area string
		if err := rows.Scan(&id, &area); err != nil {
			return err
		}
		u := units[id]
		u.Areas = append(u.Areas, area)
		units[id] = u
		return nil
	}, "select unit, area from unit_areas where district = $1 order by unit, area", district)
	return units, err
}

func writeUnit(ctx context.Context, tx *db.Tx, district string, u Unit) error {
	err := tx.Exec(ctx, `insert into units (district, code, name, name_en, kind, parent, phone, calendar, valid_from, valid_to)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (district, code) do update set name = excluded.name, name_en = excluded.name_en, kind = excluded.kind,
		parent = excluded.parent, phone = excluded.phone, calendar = excluded.calendar,
		valid_from = excluded.valid_from, valid_to = excluded.valid_to`,
		district, string(u.ID), u.Name.ZH, u.Name.EN, string(u.Kind), string(u.Parent), u.Phone, u.Calendar, string(u.From), string(u.To))
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "delete from unit_areas where district = $1 and unit = $2", district, string(u.ID)); err != nil {
		return err
	}
	for _, area := range u.Areas {
		if err := tx.Exec(ctx, "insert into unit_areas (district, unit, area) values ($1, $2, $3)", district, string(u.ID), area); err != nil {
			return err
		}
	}
	return nil
}

func loadPeople(ctx context.Context, r db.Reader, district string) ([]Person, error) {
	return db.All(ctx, r, func(p *Person) []any { return []any{&p.ID, &p.Login, &p.Name, &p.Phone} },
		"select id, login, name, phone from people where district = $1", district)
}

func writePerson(ctx context.Context, tx *db.Tx, district string, p Person) error {
	return tx.Exec(ctx, `insert into people (district, id, login, name, phone) values ($1, $2, $3, $4, $5)
		on conflict (district, id) do update set login = excluded.login, name = excluded.name, phone = excluded.phone`,
		district, string(p.ID), p.Login, p.Name, p.Phone)
}

func loadPosts(ctx context.Context, r db.Reader, district string) ([]Post, error) {
	return db.All(ctx, r, func(p *Post) []any {
		return []any{&p.ID, &p.Person, &p.Role, &p.Unit, &p.Area, &p.From, &p.To, db.Time(&p.Ends)}
	}, "select id, person, role, unit, area, from_date, to_date, ends_at from posts where district = $1", district)
}

func writePost(ctx context.Context, tx *db.Tx, district string, p Post) error {
	return tx.Exec(ctx, `insert into posts (district, id, person, role, unit, area, from_date, to_date, ends_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (district, id) do update set to_date = excluded.to_date, ends_at = excluded.ends_at`,
		district, string(p.ID), string(p.Person), string(p.Role), string(p.Unit), p.Area, string(p.From), string(p.To), db.Due(p.Ends))
}

func loadStandIns(ctx context.Context, r db.Reader, district string) ([]StandIn, error) {
	return db.All(ctx, r, func(s *StandIn) []any {
		return []any{&s.ID, &s.Post, &s.Person, db.Time(&s.From), db.Time(&s.To), &s.Keeps, &s.Why, &s.GivenBy, db.Time(&s.Ended)}
	}, `select id, post, person, from_at, to_at, keeps, why, given_by, ended_at from standins
		where district = $1 order by from_at, id`, district)
}

func writeStandIn(ctx context.Context, tx *db.Tx, district string, s StandIn) error {
	return tx.Exec(ctx, `insert into standins (district, id, post, person, from_at, to_at, keeps, why, given_by, ended_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (district, id) do update set ended_at = excluded.ended_at`,
		district, string(s.ID), string(s.Post), string(s.Person), db.At(s.From), db.At(s.To), s.Keeps, s.Why, string(s.GivenBy), db.Due(s.Ended))
}

// hold makes whoever gives or takes rights of the same people at once wait for
// each other until this transaction ends, so that what each checked still holds
// when it is written. It is errs.NotFound where one of them is not there.
func hold(ctx context.Context, tx *db.Tx, district string, people ...PersonID) error {
	slices.Sort(people) // in one order, or two would wait for each other
	for _, id := range slices.Compact(people) {
		n, err := tx.Change(ctx, "update people set id = id where district = $1 and id = $2", district, string(id))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "没有这个人。", "There is no such person.").At("person")
		}
	}
	return nil
}
