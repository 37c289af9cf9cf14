package privacy

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/resident"
	"linli/internal/vault"
)

// ID names a request within its district.
type ID string

// Request is what a person asked about their data.
type Request struct {
	ID      ID
	Case    casework.ID
	Kind    Kind
	Report  string // the request's own
	Subject Subject
	Field   string // to correct: fields.Name or fields.Phone
	State   State
	Law     Law // of a refusal
	Asked   time.Time
	Decided time.Time
	Done    time.Time
	Person  string // who decided
	Post    string

	value string // sealed
}

const valueField, bodyField = "request.value", "copy.body"

const requestColumns = `q.id, q.case_id, q.kind, q.report, q.resident, q.about, q.phone_index, q.from_at, q.to_at, q.shown, q.paper, q.agent,
	q.field, q.value, q.state, q.law, q.asked_at, q.decided_at, q.done_at, q.by_person, q.by_post`

func (q *Request) dest() []any {
	s := &q.Subject
	return []any{&q.ID, &q.Case, &q.Kind, &q.Report, &s.Resident, &s.Report, &s.PhoneIndex, db.Time(&s.From), db.Time(&s.To), &s.Shown, &s.Paper, &s.Agent,
		&q.Field, &q.value, &q.State, &q.Law, db.Time(&q.Asked), db.Time(&q.Decided), db.Time(&q.Done), &q.Person, &q.Post}
}

func (q *Request) insert(ctx context.Context, tx *db.Tx, district string) error {
	s := q.Subject
	return tx.Exec(ctx, `insert into data_requests (district, id, case_id, kind, report, resident, about, phone_index, from_at, to_at, shown, paper, agent,
		field, value, state, law, asked_at, decided_at, done_at, by_person, by_post)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,'',$17,0,0,'','')`,
		district, string(q.ID), string(q.Case), string(q.Kind), q.Report, string(s.Resident), s.Report, s.PhoneIndex, db.At(s.From), db.Due(s.To),
		string(s.Shown), string(s.Paper), string(s.Agent), q.Field, q.value, string(q.State), db.At(q.Asked))
}

// ByID returns a request; errs.NotFound where the district has none of that id.
func ByID(ctx context.Context, r db.Reader, district string, id ID) (q Request, err error) {
	defer errs.Wrap(&err, "privacy.ByID(%s)", id)
	return db.One(ctx, r, (*Request).dest, "select "+requestColumns+" from data_requests q where q.district = $1 and q.id = $2", district, string(id))
}

// OfCase returns the request that a case is for; errs.NotFound where it is for
// none.
func OfCase(ctx context.Context, r db.Reader, district string, id casework.ID) (q Request, err error) {
	defer errs.Wrap(&err, "privacy.OfCase(%s)", id)
	return db.One(ctx, r, (*Request).dest, "select "+requestColumns+" from data_requests q where q.district = $1 and q.case_id = $2", district, string(id))
}

// RequestsOf lists what was asked about the data of an account, newest first.
func RequestsOf(ctx context.Context, r db.Reader, district string, id resident.ID) (all []Request, err error) {
	defer errs.Wrap(&err, "privacy.RequestsOf(%s)", id)
	return db.All(ctx, r, (*Request).dest, "select "+requestColumns+` from data_requests q where q.district = $1 and q.resident = $2 and q.resident <> ''
		order by q.asked_at desc, q.id desc`, district, string(id))
}

// requestsAbout lists what was asked about a subject, whatever way.
func requestsAbout(ctx context.Context, r db.Reader, district string, s Subject) (all []Request, err error) {
	return db.All(ctx, r, (*Request).dest, "select "+requestColumns+` from data_requests q where q.district = $1
		and (q.resident = $2 and q.resident <> '' or q.phone_index = $3 and q.phone_index <> '' or q.about = $4 and q.about <> '')
		order by q.asked_at, q.id`, district, string(s.Resident), s.PhoneIndex, s.Report)
}

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{
		{Name: "data_requests", Key: []string{"id"}, Columns: []vault.Column{{Name: "value", Field: valueField}}},
		{Name: "data_copies", Key: []string{"id"}, Columns: []vault.Column{{Name: "body", Field: bodyField}}},
	}
}
