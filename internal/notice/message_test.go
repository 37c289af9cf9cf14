package notice

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
)

// each runs fn on each engine, with a clock that goes on by a second for each
// transaction.
func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	var mu sync.Mutex
	now := time.Date(2026, 11, 23, 1, 52, 0, 0, time.UTC)
	dbtest.EachAt(t, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}, fn)
}

func queue(t *testing.T, d *db.DB, caseID string, to To, name Template) (m Message) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		m, err = book(t).Queue(t.Context(), tx, Notice{District: "990101", Case: caseID, To: to, Template: name, Facts: whole()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMessagesAreToldAndListed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		one := queue(t, d, "c1", Reporter("r1"), Received)
		two := queue(t, d, "c1", Reporter("r2"), Followed)
		three := queue(t, d, "c1", Unit("u-shizheng"), NewTask)
		queue(t, d, "c2", Reporter("r1"), Received)
		if one.State != Sent || one.SentAt != one.At || one.Report != "r1" || three.Report != "" {
			t.Errorf("got %+v and %+v, want both sent at once, the first of report r1", one, three)
		}
		for _, row := range []struct {
			why, report string
			want        []Message
		}{
			{"a reporter sees what was told to him and no one else", "r1", []Message{one}},
			{"nor does another", "r2", []Message{two}},
			{"the desk sees everything, in order", "", []Message{one, two, three}},
			{"a stranger nothing", "r3", nil},
		} {
			got, err := Of(t.Context(), d, "990101", "c1", row.report)
			if diff := cmp.Diff(row.want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", row.why, err, diff)
			}
		}
		if got, err := Of(t.Context(), d, "990102", "c1", ""); err != nil || len(got) != 0 {
			t.Errorf("another district: %v, %v", got, err)
		}
	})
}

// What happened and that it was told stand or fall together.
func TestMessageGoesWithItsTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := book(t).Queue(t.Context(), tx, Notice{District: "990101", Case: "c1", To: Unit("u"), Template: NewTask, Facts: whole()})
			return errors.Join(err, boom)
		})
		if got, _ := Of(t.Context(), d, "990101", "c1", ""); !errors.Is(err, boom) || len(got) != 0 {
			t.Errorf("got %v, %v; want nothing told", got, err)
		}
	})
}

func TestQueueRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		good := Notice{District: "990101", Case: "c1", To: Unit("u"), Template: NewTask, Facts: whole()}
		for _, row := range []struct {
			why    string
			change func(*Notice)
		}{
			{"a channel that nobody delivers", func(n *Notice) { n.Channel = "sms" }},
			{"nobody", func(n *Notice) { n.To = Unit("") }},
			{"a reporter of no case", func(n *Notice) { n.Case, n.To = "", Reporter("r") }},
			{"a fact that is missing", func(n *Notice) { n.Facts.Number = "" }},
			{"a template that is not there", func(n *Notice) { n.Template = "x" }},
		} {
			n := good
			row.change(&n)
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := book(t).Queue(t.Context(), tx, n); return err }); err == nil {
				t.Errorf("%s: taken", row.why)
			}
		}
		good.Channel = Portal
		if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := book(t).Queue(t.Context(), tx, good); return err }); err != nil {
			t.Errorf("the good one: %v", err)
		}
	})
}

func TestUnread(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		unitOne, mine := Unit("u-shizheng"), Post("p-7")
		a := queue(t, d, "c1", unitOne, NewTask)
		b := queue(t, d, "c2", mine, Ruling)
		c := queue(t, d, "c3", unitOne, ReturnedTask)
		queue(t, d, "c3", Unit("p-7"), NewTask) // the same word, of another kind
		queue(t, d, "c3", Reporter("r1"), Received)
		check := func(why string, most, count int, want []Message, to ...To) {
			t.Helper()
			got, err := Unread(t.Context(), d, "990101", most, to...)
			n, counted := CountUnread(t.Context(), d, "990101", to...)
			if diff := cmp.Diff(want, got); diff != "" || n != count || err != nil || counted != nil {
				t.Errorf("%s: count %d, want %d; %v %v (-want +got):\n%s", why, n, count, err, counted, diff)
			}
		}
		mark := func(id ID, to ...To) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return MarkRead(t.Context(), tx, "990101", id, to...) })
		}
		check("newest first", 10, 3, []Message{c, b, a}, unitOne, mine)
		check("the count is of all", 1, 3, []Message{c}, unitOne, mine)
		check("one's own", 10, 1, []Message{b}, mine)
		after := func(why string, id ID, want ...Message) {
			t.Helper()
			got, err := UnreadBefore(t.Context(), d, "990101", id, 10, unitOne, mine)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", why, err, diff)
			}
		}
		after("from the newest", "", c, b, a)
		after("where a list stopped is not listed again", c.ID, b, a)
		after("the last", a.ID)
		check("without a post", 10, 0, nil)
		check("reporters read elsewhere", 10, 0, nil, Reporter("r1"))
		if err := mark(c.ID, mine); !errors.Is(err, errs.NotFound) {
			t.Errorf("another's message: got %v, want not found", err)
		}
		if err := mark(c.ID); !errors.Is(err, errs.NotFound) {
			t.Errorf("by nobody: got %v, want not found", err)
		}
		for range 2 {
			if err := mark(c.ID, unitOne); err != nil {
				t.Error(err)
			}
		}
		check("one read", 10, 2, []Message{b, a}, unitOne, mine)
		after("what was read since still says where", c.ID, b, a)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return MarkAllRead(t.Context(), tx, "990101", unitOne) }); err != nil {
			t.Error(err)
		}
		check("all of the unit's read", 10, 1, []Message{b}, unitOne, mine)
	})
}
