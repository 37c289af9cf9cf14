package notice

import (
	"context"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Sought narrows what went out; the zero value has all.
type Sought struct {
	Channel  channel.Name
	State    State
	From, To time.Time // zero: no bound
	Before   ID        // only those older than this one
}

// where spells a narrowing. The pages of residents and staff are not what went
// out: they are read, or not. By which channel somebody is told of a secret case
// is not said, so that those of one channel are without it.
func (s Sought) where(district string) (string, []any) {
	return `district = $1 and channel <> 'portal' and ($2 = '' or channel = $2 and not exists (select 1 from cases c where c.district = $1 and c.id = messages.case_id and c.secret)) and ($3 = '' or state = $3) and at >= $4 and at < $5 and ($6 = '' or id < $6)`,
		[]any{district, string(s.Channel), string(s.State), db.At(s.From), db.Due(s.To), string(s.Before)}
}

// Gone lists what went out, newest first: ids are in the order in which messages
// were made.
func Gone(ctx context.Context, r db.Reader, district string, s Sought, most int) (all []Message, err error) {
	defer errs.Wrap(&err, "notice.Gone(%s)", district)
	where, args := s.where(district)
	return db.All(ctx, r, (*Message).dest, `select `+columns+` from messages where `+where+` order by id desc limit $7`, append(args, most)...)
}

// Count is how many messages of a channel stand in a state.
type Count struct {
	Channel channel.Name
	State   State
	N       int
}

// Counts adds up what went out in a time, by channel and state.
func Counts(ctx context.Context, r db.Reader, district string, from, to time.Time) (all []Count, err error) {
	defer errs.Wrap(&err, "notice.Counts(%s)", district)
	where, args := Sought{From: from, To: to}.where(district)
	return db.All(ctx, r, func(c *Count) []any { return []any{&c.Channel, &c.State, &c.N} },
		`select channel, state, count(*) from messages where `+where+` group by channel, state order by channel, state`, args...)
}

// Why says of messages that still wait why the last try failed, by message.
func Why(ctx context.Context, r db.Reader, district string) (why map[ID]string, err error) {
	defer errs.Wrap(&err, "notice.Why(%s)", district)
	type failed struct{ key, why string }
	all, err := db.All(ctx, r, func(f *failed) []any { return []any{&f.key, &f.why} },
		`select key, error from jobs where district = $1 and kind = $2 and attempts > 0 order by run_at desc limit 500`, district, CarryJob)
	if err != nil {
		return nil, err
	}
	why = map[ID]string{}
	for _, f := range all {
		_, id, _ := strings.Cut(f.key, "/")
		why[ID(id)] = f.why
	}
	return why, nil
}

// Again sends a message that failed once more, or one that waits at once, as
// somebody asked. One that went out is errs.Conflict, one that hid a secret word
// cannot be said again.
func (b *Book) Again(ctx context.Context, tx *db.Tx, district string, by procedure.Actor, id ID) (err error) {
	defer errs.Wrap(&err, "notice.Again(%s)", id)
	m, err := message(ctx, tx, district, id)
	if err != nil {
		return err
	}
	switch {
	case m.Channel == Portal || m.State == Sent || m.State == Delivered:
		return errs.New(errs.Conflict, "这条已经发出去了。", "This one has gone out.")
	case m.State == Queued:
		err = job.Again(ctx, tx, district, CarryJob, carryKey(m))
	case m.Template == codeTemplate || m.Template == SignInCode:
		return errs.New(errs.Conflict, "确认码过了时间，不能再发。", "The code is too old to be sent again.")
	default:
		if err = b.onceMore(ctx, tx, m); err == nil {
			err = tx.Exec(ctx, `update messages set state = 'queued', done_at = 0, error = '', ref = '' where district = $1 and id = $2`, district, string(id))
		}
		if err == nil {
			err = job.Add(ctx, tx, district, CarryJob, carryKey(m), carrying{m.ID}, tx.Now)
		}
	}
	if err != nil {
		return err
	}
	return trail.Note(ctx, tx, district, trail.Setup, "notices", trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: "message-again",
		Detail: map[string]string{"message": string(id), "channel": string(m.Channel)}})
}

// onceMore makes a message ready to go out again: by somebody's hand also where
// its address could not be reached, which is tried once more with it.
func (b *Book) onceMore(ctx context.Context, tx *db.Tx, m Message) error {
	if err := dropParts(ctx, tx, m.District, m.ID); err != nil {
		return err
	}
	index, err := b.addressOf(ctx, tx, m)
	if err != nil || index == "" {
		return err
	}
	return reached(ctx, tx, m.District, index)
}

func message(ctx context.Context, r db.Reader, district string, id ID) (Message, error) {
	return db.One(ctx, r, (*Message).dest, `select `+columns+` from messages where district = $1 and id = $2`, district, string(id))
}

// Keep records a message that another package sent by itself, such as a code to
// sign in, without its words: that it went and where to, masked.
func Keep(ctx context.Context, tx *db.Tx, district string, template Template, name channel.Name, shown string, r channel.Receipt) (err error) {
	defer errs.Wrap(&err, "notice.Keep(%s)", template)
	id, err := newID()
	if err != nil {
		return err
	}
	m := Message{District: district, ID: id, To: To{Kind: "resident"}, Channel: name, Template: template, At: tx.Now, State: State(r.State), SentAt: tx.Now,
		Error: r.Why, Shown: shown, Ref: r.Ref}
	if r.State != channel.Sent {
		m.DoneAt = tx.Now
	}
	return insert(ctx, tx, m, "")
}

// ByID gives one message; errs.NotFound where there is none.
func ByID(ctx context.Context, r db.Reader, district string, id ID) (m Message, err error) {
	defer errs.Wrap(&err, "notice.ByID(%s)", id)
	return message(ctx, r, district, id)
}
