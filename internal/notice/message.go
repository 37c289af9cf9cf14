package notice

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// ID names a message within its district.
type ID string

// Portal is linli's own pages: the reporter's tracking page, the desk of units
// and posts. What is written there has arrived.
const Portal = channel.Portal

// State is how far a message has come.
type State string

// The states.
const (
	Queued    State = "queued" // waits for its carrier
	Sent      State = "sent"   // is on the page, or handed over
	Delivered State = "delivered"
	Failed    State = "failed"
	Read      State = "read"
)

// To is who is told.
type To struct {
	Kind string // reporter, unit or post
	Ref  string // the report, the unit or the post
}

const (
	reporter = "reporter"
	unit     = "unit"
	post     = "post"
	person   = "person" // of the staff, on a browser of theirs
)

// Reporter is whoever sent a report.
func Reporter(report string) To { return To{reporter, report} }

// Unit is everybody at a unit's desk.
func Unit(id string) To { return To{unit, id} }

// Post is the holder of one post.
func Post(id string) To { return To{post, id} }

// Message is one thing told to one reader.
type Message struct {
	District string
	ID       ID
	Case     string
	Report   string // of a reporter's message, else ""
	To       To
	Channel  channel.Name
	Template Template
	Text     lang.Text
	At       time.Time
	State    State
	SentAt   time.Time
	Error    string    // why it failed, for the desk
	Way      string    // of a way; "" on the pages
	Shown    string    // where it went, masked
	Ref      string    // the counterpart's own id
	DoneAt   time.Time // delivered or failed; zero until then
}

// Notice is what to tell whom.
type Notice struct {
	District string
	Case     string
	To       To
	Channel  channel.Name // "" is Portal
	Template Template
	Facts    Facts
}

// Queue writes a message in the caller's transaction.
func (b *Book) Queue(ctx context.Context, tx *db.Tx, n Notice) (m Message, err error) {
	defer errs.Wrap(&err, "notice.Queue(%s, %s, %s)", n.Case, n.To.Kind, n.Template)
	if n.District == "" || n.Case == "" && n.To == Reporter(n.To.Ref) || n.To.Ref == "" { // a unit may be called to a meeting
		return Message{}, fmt.Errorf("district %q, case %q, to %q: somebody must be told of something", n.District, n.Case, n.To.Ref)
	}
	if n.Channel != "" && n.Channel != Portal {
		return Message{}, errs.New(errs.Invalid, "还没有接通“%s”这个渠道", "the channel “%s” is not connected", string(n.Channel))
	}
	text, err := b.Say(ctx, tx, n.District, n.Template, n.Facts)
	if err != nil {
		return Message{}, err
	}
	id, err := newID()
	if err != nil {
		return Message{}, err
	}
	m = Message{District: n.District, ID: id, Case: n.Case, To: n.To, Channel: Portal, Template: n.Template,
		Text: text, At: tx.Now, State: Sent, SentAt: tx.Now}
	if n.To.Kind == reporter {
		m.Report = n.To.Ref
	}
	if err := insert(ctx, tx, m, ""); err != nil {
		return Message{}, err
	}
	if n.To.Kind != reporter {
		return m, b.toBrowsers(ctx, tx, n)
	}
	return m, b.letters(ctx, tx, n)
}

// newID makes an id; later ones are greater.
func newID() (ID, error) {
	id, err := uuid.NewV7()
	return ID(id.String()), err
}

const columns = `district, id, case_id, report_id, to_kind, to_ref, channel, template, text_zh, text_en, at, state, sent_at, error, way, shown, ref, done_at`

func (m *Message) dest() []any {
	return []any{&m.District, &m.ID, &m.Case, &m.Report, &m.To.Kind, &m.To.Ref, &m.Channel, &m.Template,
		&m.Text.ZH, &m.Text.EN, db.Time(&m.At), &m.State, db.Time(&m.SentAt), &m.Error, &m.Way, &m.Shown, &m.Ref, db.Time(&m.DoneAt)}
}

// insert writes a message; outgoing is sealed: what goes out in place of the text.
func insert(ctx context.Context, tx *db.Tx, m Message, outgoing string) error {
	return tx.Exec(ctx, `insert into messages (`+columns+`, outgoing) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		m.District, string(m.ID), m.Case, m.Report, m.To.Kind, m.To.Ref, string(m.Channel), string(m.Template),
		m.Text.ZH, m.Text.EN, db.At(m.At), string(m.State), db.At(m.SentAt), m.Error, m.Way, m.Shown, m.Ref, db.At(m.DoneAt), outgoing)
}

// Of gives what was told about a case, oldest first: to the sender of report on
// the pages, or, where report is "", to everybody in every way.
func Of(ctx context.Context, r db.Reader, district, caseID, report string) (all []Message, err error) {
	defer errs.Wrap(&err, "notice.Of(%s, %s)", district, caseID)
	return db.All(ctx, r, (*Message).dest, `select `+columns+` from messages
		where district = $1 and case_id = $2 and ($3 = '' or report_id = $3 and channel = 'portal') order by at, id`, district, caseID, report)
}

// Unread gives the newest messages that units and posts have not read, at most
// most of them.
func Unread(ctx context.Context, r db.Reader, district string, most int, to ...To) (all []Message, err error) {
	return UnreadBefore(ctx, r, district, "", most, to...)
}

// UnreadBefore is Unread from where a list of it stopped: what comes after that
// message, read since or not. "" is from the newest.
func UnreadBefore(ctx context.Context, r db.Reader, district string, id ID, most int, to ...To) (all []Message, err error) {
	defer errs.Wrap(&err, "notice.UnreadBefore(%s, %s, %v)", district, id, to)
	if len(to) == 0 {
		return nil, nil
	}
	where, args := unread(district, to)
	if id != "" {
		args = append(args, string(id))
		where += fmt.Sprintf(" and (at, id) < (select b.at, b.id from messages b where b.district = $1 and b.id = $%d)", len(args))
	}
	args = append(args, most)
	return db.All(ctx, r, (*Message).dest, `select `+columns+` from messages
		where `+where+fmt.Sprintf(` order by at desc, id desc limit $%d`, len(args)), args...)
}

// CountUnread says how many Unread would give without a bound.
func CountUnread(ctx context.Context, r db.Reader, district string, to ...To) (n int, err error) {
	defer errs.Wrap(&err, "notice.CountUnread(%s, %v)", district, to)
	if len(to) == 0 {
		return 0, nil
	}
	where, args := unread(district, to)
	return db.Value[int](ctx, r, `select count(*) from messages where `+where, args...)
}

// MarkRead says that one of the readers has read a message. One that is not
// theirs is errs.NotFound; one that was read before stays so.
func MarkRead(ctx context.Context, tx *db.Tx, district string, id ID, to ...To) (err error) {
	defer errs.Wrap(&err, "notice.MarkRead(%s, %s)", district, id)
	which, args := toAny([]any{district, string(id), string(Read)}, to)
	n, err := tx.Change(ctx, `update messages set state = $3 where district = $1 and id = $2 and state in ('sent', 'read') and `+which, args...)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这条提醒", "no such message")
	}
	return err
}

// MarkAllRead says that the readers have read everything there is for them.
func MarkAllRead(ctx context.Context, tx *db.Tx, district string, to ...To) (err error) {
	defer errs.Wrap(&err, "notice.MarkAllRead(%s, %v)", district, to)
	if len(to) == 0 {
		return nil
	}
	where, args := unread(district, to)
	return tx.Exec(ctx, `update messages set state = 'read' where `+where, args...)
}

// unread spells the condition of the index messages_unread out.
func unread(district string, to []To) (where string, args []any) {
	which, args := toAny([]any{district}, to)
	return `district = $1 and state = 'sent' and to_kind <> 'reporter' and to_kind in ('unit', 'post') and ` + which, args
}

// toAny is true of messages to one of the readers, and of none where there is
// no reader. It names all references once more before the pairs: SQLite looks
// a list up in an index, and scans for an "or" of pairs.
func toAny(args []any, to []To) (string, []any) {
	if len(to) == 0 {
		return "1 = 0", args
	}
	var refs, pairs []string
	for _, t := range to {
		args = append(args, t.Kind, t.Ref)
		refs = append(refs, fmt.Sprintf("$%d", len(args)))
		pairs = append(pairs, fmt.Sprintf("(to_kind = $%d and to_ref = $%d)", len(args)-1, len(args)))
	}
	return "to_ref in (" + strings.Join(refs, ", ") + ") and (" + strings.Join(pairs, " or ") + ")", args
}
