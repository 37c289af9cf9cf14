package retain

import (
	"context"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/inbox"
	"linli/internal/look"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/privacy"
	"linli/internal/resident"
)

// Sweep removes one sort of data from one table.
type Sweep struct {
	Rule string // of fields
	What string // the table
	// find selects id, case and person of what was over before an instant ($2, or
	// the day $2 where byDay), after an id ($3), at most $4, in the order of ids.
	find  string
	byDay bool
	// forget has the owner of the table take them away.
	forget func(ctx context.Context, tx *db.Tx, district string, ids []string) error
	// nameless things have ids that say nothing once they are gone.
	nameless bool
}

// past is a thing whose time is past, with what a hold may name.
type past struct{ id, of, person string }

func (p *past) dest() []any { return []any{&p.id, &p.of, &p.person} }

// ended is when a case c was over: those that were brought in ended may not
// know, and moved last when they came.
const ended = "c.state <> 'open' and (case when c.closed_at > 0 then c.closed_at else c.moved_at end) < $2"

// sweeps are all there are, in the order in which a night goes through them.
func sweeps() []Sweep {
	return []Sweep{
		{Rule: fields.Identity, What: "reports", forget: casework.ForgetReporters,
			find: `select r.id, r.case_id, r.phone_index from reports r join cases c on c.district = r.district and c.id = r.case_id
				where r.district = $1 and ` + ended + ` and r.id > $3 and (r.name <> '' or r.phone <> '' or r.phone_index <> '' or r.tail_index <> '' or r.word <> '')
				order by r.id limit $4`},
		{Rule: fields.Words, What: "cases", forget: casework.ForgetWords,
			find: `select c.id, c.id, '' from cases c where c.district = $1 and ` + ended + ` and c.id > $3 and c.text <> '` + casework.Gone + `' order by c.id limit $4`},
		{Rule: fields.Photos, What: "documents", forget: document.Forget,
			find: `select o.id, c.id, '' from documents o join cases c on c.district = o.district and c.id = o.subject
				where o.district = $1 and ` + ended + ` and o.id > $3 order by o.id limit $4`},
		{Rule: fields.Messages, What: "messages", forget: notice.Forget,
			find: `select m.id, m.case_id, '' from messages m where m.district = $1 and m.at < $2 and m.id > $3 order by m.id limit $4`},
		{Rule: fields.Messages, What: "arrivals", forget: inbox.Forget, nameless: true,
			find: `select a.channel || ' ' || a.ref as name, a.case_id, '' from arrivals a
				where a.district = $1 and a.at < $2 and a.channel || ' ' || a.ref > $3 order by name limit $4`},
		{Rule: fields.Identity, What: "ways", forget: notice.ForgetWays,
			find: `select w.id, coalesce(r.case_id, ''), coalesce(r.phone_index, '') from ways w
				left join reports r on r.district = w.district and r.id = substr(w.holder, 8) and w.holder like 'report:%' left join cases c on c.district = r.district and c.id = r.case_id
				where w.district = $1 and w.id > $3 and (r.id is null and w.holder not like 'resident:%' and w.made_at < $2 or ` + ended + `) order by w.id limit $4`},
		{Rule: fields.Looks, What: "looks", forget: look.Forget,
			find: `select l.id, r.case_id, r.phone_index from looks l join reports r on r.district = l.district and r.id = l.report_id
				where l.district = $1 and l.at < $2 and l.id > $3 order by l.id limit $4`},
		{Rule: fields.Looks, What: "look_days", forget: look.ForgetDays, byDay: true, nameless: true,
			find: `select y.day || ' ' || y.person as name, '', '' from look_days y
				where y.district = $1 and y.day < $2 and y.day || ' ' || y.person > $3 order by name limit $4`},
		{Rule: fields.SignIns, What: "devices", forget: access.ForgetDevices, nameless: true,
			find: `select v.hash || ' ' || v.holder as name, '', '' from devices v
				where v.district = $1 and v.seen < $2 and v.hash || ' ' || v.holder > $3 order by name limit $4`},
		{Rule: fields.Residents, What: "residents", forget: forgetResidents,
			find: `select r.id, '', r.phone_index from residents r where r.district = $1
				and (case when r.seen_at > 0 then r.seen_at else r.made_at end) < $2 and r.id > $3
				and not exists (select 1 from reports p join cases c on c.district = p.district and c.id = p.case_id
					where p.district = r.district and p.phone_index = r.phone_index and p.phone_index <> '' and c.state = 'open')
				order by r.id limit $4`},
		{Rule: fields.Consents, What: "proxies", forget: resident.ForgetProxies,
			find: `select x.id, '', coalesce(r.phone_index, '') from proxies x left join residents r on r.district = x.district and r.id = x.principal
				where x.district = $1 and x.ended_at > 0 and x.ended_at < $2 and x.id > $3 order by x.id limit $4`},
		{Rule: fields.Consents, What: "data_requests", forget: privacy.Forget,
			find: `select q.id, q.case_id, q.phone_index from data_requests q join cases c on c.district = q.district and c.id = q.case_id
				where q.district = $1 and ` + ended + ` and q.id > $3 order by q.id limit $4`},
		{Rule: fields.Consents, What: "consents", forget: privacy.ForgetConsents,
			find: `select s.id, '', '' from consents s where s.district = $1 and s.withdrawn_at > 0 and s.withdrawn_at < $2 and s.id > $3 order by s.id limit $4`},
		{Rule: fields.Consents, What: "notices_shown", forget: privacy.ForgetTellings, nameless: true,
			find: `select n.holder || ' ' || n.notice || ' ' || n.version as name, '', '' from notices_shown n
				where n.district = $1 and n.at < $2 and n.holder || ' ' || n.notice || ' ' || n.version > $3 order by name limit $4`},
		{Rule: fields.Staff, What: "people", forget: forgetStaff, byDay: true,
			find: `select p.id, '', '' from people p where p.district = $1 and p.id > $3
				and (p.phone <> '' or exists (select 1 from accounts a where a.district = p.district and a.person = p.id))
				and exists (select 1 from posts o where o.district = p.district and o.person = p.id)
				and not exists (select 1 from posts o where o.district = p.district and o.person = p.id and (o.to_date = '' or o.to_date >= $2))
				order by p.id limit $4`},
		{Rule: fields.Looks, What: "removals", forget: forgetOwn("removals"), nameless: true,
			find: `select m.id, '', '' from removals m where m.district = $1 and m.at < $2 and m.id > $3 order by m.id limit $4`},
		{Rule: fields.Looks, What: "holds", forget: forgetOwn("holds"),
			find: `select h.id, '', '' from holds h where h.district = $1 and h.until_at < $2 and h.id > $3 order by h.id limit $4`},
	}
}

// forgetResidents takes accounts of residents and all that signs them in.
func forgetResidents(ctx context.Context, tx *db.Tx, district string, ids []string) error {
	for _, id := range ids {
		if err := access.Forget(ctx, tx, district, access.Resident(id)); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := notice.ForgetHolder(ctx, tx, district, notice.OfResident(id)); err != nil {
			return err
		}
	}
	return resident.Forget(ctx, tx, district, ids)
}

// forgetStaff takes accounts and phone numbers of people who left.
func forgetStaff(ctx context.Context, tx *db.Tx, code string, ids []string) error {
	for _, id := range ids {
		logins, err := db.All(ctx, tx, func(s *string) []any { return []any{s} }, "select login from people where district = $1 and id = $2 and login <> ''", code, id)
		if err != nil {
			return err
		}
		for _, login := range logins {
			if err := access.Forget(ctx, tx, code, access.Staff(login)); err != nil {
				return err
			}
		}
	}
	tx.Wake(district.Topic)
	return org.ForgetPhones(ctx, tx, code, ids)
}

// forgetOwn removes rows of a table of this package.
func forgetOwn(table string) func(context.Context, *db.Tx, string, []string) error {
	return func(ctx context.Context, tx *db.Tx, district string, ids []string) error {
		for _, id := range ids {
			if err := tx.Exec(ctx, "delete from "+table+" where district = $1 and id = $2", district, id); err != nil {
				return err
			}
		}
		return nil
	}
}

// batch is how many things go in one transaction.
const batch = 200

// cut is the instant before which the things of a sweep must be over to go; ok
// is false where they are kept for good.
func (s *Sweep) cut(d *district.District, now time.Time) (keep *fields.Keep, before time.Time, ok bool) {
	keep, ok = d.Catalogue.Privacy().KeepOf(s.Rule)
	if !ok {
		return nil, time.Time{}, false
	}
	before, ok = keep.For.Before(now.In(d.Calendar.Zone()))
	return keep, before, ok
}

// page reads the next things whose time is past.
func (s *Sweep) page(ctx context.Context, r db.Reader, d *district.District, before time.Time, after string) (all []past, err error) {
	defer errs.Wrap(&err, "retain.page(%s, %s)", s.Rule, s.What)
	var arg any = db.At(before)
	if s.byDay {
		arg = string(clock.DateOf(before, d.Calendar.Zone()))
	}
	return db.All(ctx, r, (*past).dest, s.find, d.Code, arg, after, batch)
}
