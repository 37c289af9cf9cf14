package inbox

import (
	"context"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

const tookColumns = `channel, ref, from_index, shown, outcome, why, case_id, report_id, at, left_out`

func (t *Took) dest() []any {
	return []any{&t.Channel, &t.Ref, &t.from, &t.Shown, &t.Outcome, &t.Why, &t.Case, &t.Report, db.Time(&t.At), &t.LeftOut}
}

// about says of which case a letter is. Who wrote in a secret one is not shown, not
// even masked: half a number and the moment tell who it was.
func (t *Took) about(c casework.Case, report string) {
	t.Case, t.Report = c.ID, report
	if c.Secret {
		t.Shown = ""
	}
}

func arrival(ctx context.Context, r db.Reader, district string, name channel.Name, ref string) (Took, error) {
	return db.One(ctx, r, (*Took).dest, "select "+tookColumns+" from arrivals where district = $1 and channel = $2 and ref = $3", district, string(name), ref)
}

// keep writes the record of a letter with what else became of it. The key of the
// table refuses the same letter a second time.
func (b *Box) keep(ctx context.Context, d *district.District, t Took, with func(tx *db.Tx) error) error {
	return b.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		if err := note(ctx, tx, d.Code, t); err != nil || with == nil {
			return err
		}
		return with(tx)
	})
}

func note(ctx context.Context, tx *db.Tx, district string, t Took) error {
	return tx.Exec(ctx, "insert into arrivals (district, "+tookColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		district, string(t.Channel), t.Ref, t.from, t.Shown, string(t.Outcome), t.Why, string(t.Case), t.Report, db.At(tx.Now), t.LeftOut)
}

// Arrivals lists what came in between two instants, newest first, by one channel
// or, where name is empty, by all.
func Arrivals(ctx context.Context, r db.Reader, district string, name channel.Name, from, to time.Time, most int) (all []Took, err error) {
	defer errs.Wrap(&err, "inbox.Arrivals(%s)", district)
	return db.All(ctx, r, (*Took).dest, "select "+tookColumns+" from arrivals where district = $1 and ($2 = '' or channel = $2) and at >= $3 and at < $4 order by at desc, channel, ref limit $5",
		district, string(name), db.At(from), db.Due(to), most)
}

// Forget removes records whose time is past; an id is the channel and the
// letter's own id.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "inbox.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		name, ref, _ := strings.Cut(id, " ")
		if err := tx.Exec(ctx, "delete from arrivals where district = $1 and channel = $2 and ref = $3", district, name, ref); err != nil {
			return err
		}
	}
	return nil
}
