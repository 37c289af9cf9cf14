package casework

import (
	"context"
	"slices"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// Entry is a row of the ledger of a case: a pause of its clock or a longer
// limit, who asked, who decided, from when, to when, why.
type Entry struct {
	ID        string
	Case      ID
	Task      string
	Step      procedure.StepName
	Kind      string // procedure.Extension, or a kind of pause of the pack
	State     EntryState
	OnAccount bool
	Reason    string
	Unit      string         // that asked
	Approver  procedure.Role // that decides
	AskedBy   string         // post
	AskedPer  string         // person
	AskedFor  string         // whom they stood in for
	AskedAt   time.Time
	DecidedBy string // post
	DecidedAt time.Time
	Decision  string
	FromAt    time.Time // since when the clock stands; zero for an extension
	Until     time.Time // planned end of a pause; of an undecided extension, when it lapses
	EndedAt   time.Time
	Added     int // how much longer, in the unit of the limit
}

// EntryState is how far an entry has come.
type EntryState string

// The states of an entry.
const (
	Asked      EntryState = "asked"     // waits for a decision; the clock already stands
	PauseRuns  EntryState = "running"   // a pause that was granted
	PauseEnded EntryState = "ended"     // and is over
	Granted    EntryState = "granted"   // an extension
	Denied     EntryState = "refused"   // the clock never stood
	Lapsed     EntryState = "lapsed"    // nobody decided in time; the clock never stood
	Withdrawn  EntryState = "withdrawn" // nor here
)

// Title names the state for a person.
func (s EntryState) Title() lang.Text {
	switch s {
	case Asked:
		return lang.T("待批", "waits for a decision")
	case PauseRuns:
		return lang.T("暂停中", "running")
	case PauseEnded:
		return lang.T("已恢复计时", "over")
	case Granted:
		return lang.T("已批准", "granted")
	case Denied:
		return lang.T("未批准", "refused")
	case Lapsed:
		return lang.T("没人批，作废", "lapsed undecided")
	case Withdrawn:
		return lang.T("已撤回", "withdrawn")
	}
	return lang.Text{ZH: string(s), EN: string(s)}
}

// IsPause reports whether the entry is about standing still, and not about a
// longer limit.
func (e Entry) IsPause() bool { return e.Kind != procedure.Extension }

// KindTitle names what was asked for.
func (e Entry) KindTitle(d *district.District) lang.Text { return kindTitle(d, e.Kind) }

func kindTitle(d *district.District, kind string) lang.Text {
	if kind == procedure.Extension {
		return lang.T("延期", "more time")
	}
	if k, ok := d.Catalogue.Pauses().Kind(kind); ok {
		return k.Title
	}
	return lang.Text{ZH: kind, EN: kind}
}

const entryColumns = `l.id, l.case_id, l.task, l.step, l.kind, l.state, l.on_account, l.reason, l.unit, l.approver, l.asked_by, l.asked_person,
	l.asked_at, l.decided_by, l.decided_at, l.decision, l.from_at, l.until_at, l.ended_at, l.added, l.asked_for`

func (e *Entry) dest() []any {
	return []any{&e.ID, &e.Case, &e.Task, &e.Step, &e.Kind, &e.State, &e.OnAccount, &e.Reason, &e.Unit, &e.Approver, &e.AskedBy, &e.AskedPer,
		db.Time(&e.AskedAt), &e.DecidedBy, db.Time(&e.DecidedAt), &e.Decision, db.Time(&e.FromAt), db.Time(&e.Until), db.Time(&e.EndedAt), &e.Added, &e.AskedFor}
}

func entriesOf(ctx context.Context, r db.Reader, district string, id ID) ([]Entry, error) {
	return db.All(ctx, r, (*Entry).dest, "select "+entryColumns+" from ledger l where l.district = $1 and l.case_id = $2 order by l.asked_at, l.id", district, string(id))
}

// Ledger lists the pauses and extensions of a case, oldest first.
func Ledger(ctx context.Context, r db.Reader, d *district.District, id ID) (all []Entry, err error) {
	defer errs.Wrap(&err, "casework.Ledger(%s)", id)
	return entriesOf(ctx, r, d.Code, id)
}

// EntryByID returns an entry of the ledger; errs.NotFound when there is none.
func EntryByID(ctx context.Context, r db.Reader, district, id string) (e Entry, err error) {
	defer errs.Wrap(&err, "casework.EntryByID(%s)", id)
	return db.One(ctx, r, (*Entry).dest, "select "+entryColumns+" from ledger l where l.district = $1 and l.id = $2", district, id)
}

// AskedRow is something that waits for a decision, with its case.
type AskedRow struct {
	Entry
	Case Case
}

// askedMost bounds how many open questions are looked at; more would wait on a
// desk where nobody decides anything.
const askedMost = 1000

// AskedOf lists what waits for the decision of somebody with these posts, the
// longest waiting first, by the rule that guards Decide.
func AskedOf(ctx context.Context, r db.Reader, d *district.District, posts []procedure.Actor) (mine []AskedRow, err error) {
	defer errs.Wrap(&err, "casework.AskedOf(%s)", d.Code)
	all, err := db.All(ctx, r, func(a *AskedRow) []any { return append(a.Entry.dest(), a.Case.dest()...) },
		"select "+entryColumns+", "+columns+` from ledger l join cases c on c.district = l.district and c.id = l.case_id
		where l.district = $1 and l.state = 'asked' order by l.asked_at, l.id limit $2`, d.Code, askedMost)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(a AskedRow) bool {
		return !slices.ContainsFunc(posts, func(by procedure.Actor) bool { return barredFrom(d, a.Entry, &a.Case, by) == nil })
	}), nil
}

func insertEntry(ctx context.Context, tx *db.Tx, district string, e *Entry) error {
	return tx.Exec(ctx, `insert into ledger (district, id, case_id, task, step, kind, state, on_account, reason, unit, approver, asked_by, asked_person,
		asked_at, decided_by, decided_person, decided_at, decision, from_at, until_at, ended_at, added, asked_for)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)`,
		district, e.ID, string(e.Case), e.Task, string(e.Step), e.Kind, string(e.State), e.OnAccount, e.Reason, e.Unit, string(e.Approver), e.AskedBy,
		e.AskedPer, db.At(e.AskedAt), "", "", int64(0), "", db.At(e.FromAt), db.At(e.Until), db.At(e.EndedAt), e.Added, e.AskedFor)
}

// change stores what became of an entry, if it still stands as it was read.
func (s *stroke) change(e *Entry, was EntryState) error {
	n, err := s.tx.Change(s.ctx, `update ledger set state = $4, decided_by = $5, decided_person = $6, decided_at = $7, decision = $8, ended_at = $9
		where district = $1 and id = $2 and state = $3`,
		s.d.Code, e.ID, string(was), string(e.State), e.DecidedBy, s.by.Person, db.At(e.DecidedAt), e.Decision, db.At(e.EndedAt))
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "没办成：这个申请刚被别人处理过。", "Not done: somebody has just dealt with this request.")
	}
	return err
}

// closeEntries ends what still runs for a task that is closed: a pause is over,
// and what nobody decided lapses.
func (s *stroke) closeEntries(task string) error {
	for i := range s.rows {
		e := &s.rows[i]
		switch {
		case e.Task != task:
		case e.State == PauseRuns:
			e.State, e.EndedAt = PauseEnded, s.tx.Now
		case e.State == Asked:
			e.State, e.EndedAt = Lapsed, s.tx.Now
		}
	}
	return s.tx.Exec(s.ctx, `update ledger set state = case when state = 'asked' then 'lapsed' else 'ended' end, ended_at = $3
		where district = $1 and task = $2 and case_id = $4 and state in ('asked', 'running')`, s.d.Code, task, db.At(s.tx.Now), string(s.c.ID))
}
