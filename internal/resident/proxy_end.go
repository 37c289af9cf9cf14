package resident

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// End ends a proxy for one of its two sides. One that has ended, or is between
// others, is errs.NotFound.
func End(ctx context.Context, tx *db.Tx, district string, who ID, id ProxyID) (err error) {
	defer errs.Wrap(&err, "resident.End(%s)", id)
	p, err := db.One(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies
		where district = $1 and id = $2 and (agent = $3 or principal = $3) and $3 <> '' and from_at > 0 and ended_at = 0`, district, string(id), string(who))
	if err != nil {
		return err
	}
	by := ByAgent
	if p.Principal == who {
		by = ByPrincipal
	}
	return end(ctx, tx, district, p, by)
}

// EndAtCounter ends a proxy for somebody who came to the counter.
func EndAtCounter(ctx context.Context, tx *db.Tx, district string, id ProxyID, person, post string) (err error) {
	defer errs.Wrap(&err, "resident.EndAtCounter(%s)", id)
	p, err := db.One(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies
		where district = $1 and id = $2 and from_at > 0 and ended_at = 0`, district, string(id))
	if err != nil {
		return err
	}
	if err := end(ctx, tx, district, p, ByClerk); err != nil {
		return err
	}
	return trail.Note(ctx, tx, district, trail.Privacy, string(p.Principal), trail.Entry{Person: person, Post: post, Act: "proxy-ended-at-counter",
		Detail: map[string]string{"proxy": string(p.ID)}})
}

func end(ctx context.Context, tx *db.Tx, district string, p Proxy, by string) error {
	n, err := tx.Change(ctx, `update proxies set ended_at = $1, ended_by = $2 where district = $3 and id = $4 and ended_at = 0`,
		db.At(tx.Now), by, district, string(p.ID))
	if err != nil || n == 0 {
		return err // somebody was faster, which comes to the same
	}
	return note(ctx, tx, district, p, "ended", map[string]string{"by": by})
}

// endAll ends every proxy a resident is part of.
func endAll(ctx context.Context, tx *db.Tx, district string, id ID, by string) error {
	all, err := db.All(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies
		where district = $1 and (agent = $2 or principal = $2) and from_at > 0 and ended_at = 0`, district, string(id))
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := end(ctx, tx, district, p, by); err != nil {
			return err
		}
	}
	// What was asked for and not confirmed is nobody's any more.
	return tx.Exec(ctx, `delete from proxies where district = $1 and agent = $2 and from_at = 0`, district, string(id))
}

// sweepMost bounds how many proxies one night's transaction ends.
const sweepMost = 1000

// Sweep forgets codes of yesterday and proxies that nobody confirmed, and writes
// down the end of those whose time is up: they have acted for nobody since, this
// only says so in the trail.
func Sweep(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "resident.Sweep(%s)", district)
	yesterday := db.At(tx.Now.Add(-day))
	if err := tx.Exec(ctx, `delete from resident_codes where district = $1 and made_at < $2 and day_from < $2`, district, yesterday); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `delete from proxies where district = $1 and from_at = 0 and made_at < $2`, district, yesterday); err != nil {
		return err
	}
	over, err := db.All(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies
		where district = $1 and from_at > 0 and ended_at = 0 and until_at <= $2 order by until_at limit $3`, district, db.At(tx.Now), sweepMost)
	if err != nil {
		return err
	}
	for _, p := range over {
		if err := end(ctx, tx, district, p, ByTime); err != nil {
			return err
		}
	}
	return nil
}

// Between gives the confirmed proxies of the holder of a phone, on either side,
// for the clerk at whose counter the person stands.
func (b *Book) Between(ctx context.Context, r db.Reader, district, phone string, now time.Time) (all []Proxy, err error) {
	defer errs.Wrap(&err, "resident.Between(%s)", district)
	index := b.Index(phone)
	if index == "" {
		return nil, nil
	}
	return db.All(ctx, r, (*Proxy).dest, `select p.`+proxyList+` from proxies p join residents s on s.district = p.district and (s.id = p.agent or s.id = p.principal)
		where s.district = $1 and s.phone_index = $2 and s.to_at = $3 and p.from_at > 0 and p.until_at > $4 and p.ended_at = 0 order by p.made_at desc, p.id desc limit $5`,
		district, index, db.Due(time.Time{}), db.At(now), proxiesMost)
}
