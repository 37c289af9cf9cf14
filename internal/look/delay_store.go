package look

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// DelayID names a delay within its district.
type DelayID string

// DelayState is where a delay stands. Whether it still runs, its date says.
type DelayState string

// The states of a delay.
const (
	Asked   DelayState = "asked"
	Granted DelayState = "granted"
	Refused DelayState = "refused"
)

// Text names the state for a person.
func (s DelayState) Text() lang.Text {
	switch s {
	case Asked:
		return lang.T("等批准", "waits for a decision")
	case Granted:
		return lang.T("批准了", "granted")
	case Refused:
		return lang.T("没批准", "refused")
	}
	return lang.Text{ZH: string(s), EN: string(s)}
}

// Signature is who did something, by post.
type Signature struct{ Person, Post, Unit string }

func sign(by procedure.Actor) Signature { return Signature{by.Person, by.Post, by.Unit} }

// Delay is that the person concerned is told of a look later, by law.
type Delay struct {
	ID        DelayID
	Look      ID
	Nth       int // 1; 2 where a first one was made longer
	State     DelayState
	Law       string
	Reason    string
	Until     time.Time
	AskedBy   Signature
	AskedAt   time.Time
	DecidedBy Signature
	DecidedAt time.Time
	Decision  string
}

const delayColumns = `y.id, y.look_id, y.nth, y.state, y.law, y.reason, y.until, y.asked_person, y.asked_post, y.asked_unit, y.asked_at,
	y.decided_person, y.decided_post, y.decided_unit, y.decided_at, y.decision`

func (y *Delay) dest() []any {
	return []any{&y.ID, &y.Look, &y.Nth, &y.State, &y.Law, &y.Reason, db.Time(&y.Until), &y.AskedBy.Person, &y.AskedBy.Post, &y.AskedBy.Unit, db.Time(&y.AskedAt),
		&y.DecidedBy.Person, &y.DecidedBy.Post, &y.DecidedBy.Unit, db.Time(&y.DecidedAt), &y.Decision}
}

// insert begins a delay. Two that ask at once meet on the look's number of the
// delay, and one gets errs.Conflict.
func (y *Delay) insert(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `insert into look_delays (district, id, look_id, nth, state, law, reason, until, asked_person, asked_post, asked_unit, asked_at,
		decided_person, decided_post, decided_unit, decided_at, decision) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'','','',0,'')`,
		district, string(y.ID), string(y.Look), y.Nth, string(y.State), y.Law, y.Reason, db.At(y.Until), y.AskedBy.Person, y.AskedBy.Post, y.AskedBy.Unit, db.At(y.AskedAt))
}

// decide ends the asking; errs.Conflict where somebody was faster.
func (y *Delay) decide(ctx context.Context, tx *db.Tx, district string) error {
	n, err := tx.Change(ctx, `update look_delays set state = $3, decided_person = $4, decided_post = $5, decided_unit = $6, decided_at = $7, decision = $8
		where district = $1 and id = $2 and state = 'asked'`,
		district, string(y.ID), string(y.State), y.DecidedBy.Person, y.DecidedBy.Post, y.DecidedBy.Unit, db.At(y.DecidedAt), y.Decision)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "这个申请已经处理过了。", "This request has been dealt with.")
	}
	return err
}

// DelayByID returns a delay; errs.NotFound where the district has none of that id.
func DelayByID(ctx context.Context, r db.Reader, district string, id DelayID) (y Delay, err error) {
	defer errs.Wrap(&err, "look.DelayByID(%s)", id)
	return db.One(ctx, r, (*Delay).dest, "select "+delayColumns+" from look_delays y where y.district = $1 and y.id = $2", district, string(id))
}

// delaysOf are the delays of looks, each look's in their order.
func delaysOf(ctx context.Context, r db.Reader, district string, looks []string) (map[ID][]Delay, error) {
	from, arg, err := db.FromList(r.Engine(), "$2", looks)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, r, (*Delay).dest, "select "+delayColumns+" from "+from+" look_delays y on y.district = $1 and y.look_id = j.value order by y.nth", district, arg)
	of := map[ID][]Delay{}
	for _, y := range all {
		of[y.Look] = append(of[y.Look], y)
	}
	return of, err
}

// delaysMost bounds the list of an auditor's page.
const delaysMost = 500

// Delayed is a delay with the look that it holds back.
type Delayed struct {
	Delay
	Of Look
}

func (y *Delayed) dest() []any { return append(y.Delay.dest(), y.Of.dest()...) }

// Delays lists the delays that were asked for since an instant, newest first,
// for those who decide on them and for auditors.
func Delays(ctx context.Context, r db.Reader, district string, from time.Time) (all []Delayed, err error) {
	defer errs.Wrap(&err, "look.Delays(%s)", district)
	return db.All(ctx, r, (*Delayed).dest, "select "+delayColumns+", "+lookColumns+` from look_delays y
		join looks l on l.district = y.district and l.id = y.look_id
		where y.district = $1 and y.asked_at >= $2 order by y.asked_at desc, y.id limit $3`, district, db.At(from), delaysMost)
}

// MineDelayable lists the looks of somebody within the last day that a delay
// may still be asked for, newest first, and those whose delay may be made
// longer are among them; purposes are those that a law lets wait.
func MineDelayable(ctx context.Context, r db.Reader, district, person string, purposes []string, now time.Time) (all []Look, err error) {
	defer errs.Wrap(&err, "look.MineDelayable(%s)", person)
	from, arg, err := db.FromList(r.Engine(), "$2", purposes)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, (*Look).dest, "select "+lookColumns+" from "+from+` looks l on l.district = $1 and l.purpose = j.value
		where l.person = $3 and l.at > $4 and not exists (select 1 from look_delays y where y.district = $1 and y.look_id = l.id) order by l.at desc`,
		district, arg, person, db.At(now.Add(-undecided)))
}
