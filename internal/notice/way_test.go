package notice

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/vault"
)

// carrier keeps letters, or says what the test wants said.
type carrier struct {
	got    []channel.Letter
	answer channel.Receipt
	err    error
}

func (c *carrier) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	c.got = append(c.got, l)
	if c.answer.State == "" {
		return channel.Receipt{Ref: l.ID, State: channel.Sent}, c.err
	}
	return c.answer, c.err
}

// connected is the standard book with a carrier for mail.
func connected(t *testing.T) (*Book, *carrier) {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	c := &carrier{}
	return book(t).Connected(Out{Vault: v, Site: "https://linli.example.cn", Carriers: map[channel.Name]channel.Carrier{channel.Mail: c},
		Owner: func(context.Context, db.Reader, string, string, time.Time) (string, error) { return "", nil }}), c
}

// carry does the jobs that wait to be carried, once each.
func carry(t *testing.T, b *Book, d *db.DB) (failed int) {
	t.Helper()
	all, err := db.All(t.Context(), d, func(j *job.Job) []any { return []any{&j.District, &j.Key, (*[]byte)(&j.Args)} }, "select district, key, args from jobs where kind = $1", CarryJob)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range all {
		h, err := b.PrepareCarry(t.Context(), d, j)
		if err != nil {
			failed++
			if strings.Contains(err.Error(), "example.cn") {
				t.Errorf("the error names the address: %v", err)
			}
			continue
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			if err := job.Drop(t.Context(), tx, j.District, CarryJob, j.Key); err != nil {
				return err
			}
			return h(t.Context(), tx, j)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return failed
}

func choose(t *testing.T, b *Book, d *db.DB, c Choice) (w Way, err error) {
	t.Helper()
	err = d.Write(t.Context(), func(tx *db.Tx) error { w, err = b.Choose(t.Context(), tx, "990101", c); return err })
	return w, err
}

func TestWayIsConfirmedByItsCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		me := OfResident("r1")
		w, err := choose(t, b, d, Choice{Holder: me, Channel: channel.Mail, Address: "Zhang@Example.cn", Lang: lang.ZH})
		if err != nil || w.Trusted() || w.Shown != "Z***@example.cn" {
			t.Fatalf("got %+v, %v", w, err)
		}
		if again, err := choose(t, b, d, Choice{Holder: me, Channel: channel.Mail, Address: "zhang@example.cn"}); err != nil || again.ID != w.ID {
			t.Errorf("the same again: %+v, %v", again, err)
		}
		carry(t, b, d)
		if len(out.got) != 1 || out.got[0].Address != "Zhang@example.cn" {
			t.Fatalf("letters: %+v", out.got)
		}
		code := regexp.MustCompile(`\d{6}`).FindString(out.got[0].Words())
		kept, err := Gone(t.Context(), d, "990101", Sought{}, 10)
		if err != nil || len(kept) != 1 || kept[0].State != Sent || strings.Contains(kept[0].Text.ZH, code) {
			t.Errorf("the record: %+v, %v; want it sent, without the code", kept, err)
		}
		if hidden, err := db.Value[string](t.Context(), d, "select outgoing from messages"); err != nil || hidden != "" {
			t.Errorf("what went out is still there: %q, %v", hidden, err)
		}
		for range codeTries - 1 {
			if err := b.Confirm(t.Context(), d, "990101", me, w.ID, "000000x"); !errors.Is(err, errs.Invalid) {
				t.Errorf("a wrong code: %v", err)
			}
		}
		if err := b.Confirm(t.Context(), d, "990101", OfResident("other"), w.ID, code); !errors.Is(err, errs.Invalid) {
			t.Errorf("by another: %v", err)
		}
		if err := b.Confirm(t.Context(), d, "990101", me, w.ID, code); err != nil {
			t.Errorf("the right code at the last try: %v", err)
		}
		if all, err := Ways(t.Context(), d, "990101", me); err != nil || len(all) != 1 || !all[0].Trusted() {
			t.Errorf("ways: %+v, %v", all, err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return End(t.Context(), tx, "990101", me, w.ID) }); err != nil {
			t.Error(err)
		}
		if all, err := Ways(t.Context(), d, "990101", me); err != nil || len(all) != 0 {
			t.Errorf("ended: %+v, %v", all, err)
		}
	})
}

func TestNobodyFillsAnothersMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, _ := connected(t)
		taken := 0
		for i := range 12 {
			_, err := choose(t, b, d, Choice{Holder: OfResident("r" + string(rune('a'+i))), Channel: channel.Mail, Address: "victim@example.cn"})
			if err == nil {
				taken++
			} else if !errors.Is(err, errs.Often) {
				t.Errorf("got %v", err)
			}
		}
		if taken != codesADay {
			t.Errorf("%d codes went to one address, want %d", taken, codesADay)
		}
	})
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		name  channel.Name
		text  string
		shown string // empty: refused
	}{
		{"a mailbox", channel.Mail, " wang@example.cn ", "w***@example.cn"},
		{"one letter", channel.Mail, "w@example.cn", "w***@example.cn"},
		{"no host", channel.Mail, "wang@", ""},
		{"no dot", channel.Mail, "wang@localhost", ""},
		{"two", channel.Mail, "a@example.cn, b@example.cn", ""},
		{"with a name", channel.Mail, "W <a@example.cn>", ""},
		{"a header let in", channel.Mail, "a@example.cn\r\nBcc: b@example.cn", ""},
		{"a mobile", channel.SMS, "138 0000 0013", "138****0013"},
		{"a landline gets no texts", channel.SMS, "0551-65550123", ""},
		{"nothing", channel.Push, "", ""},
	} {
		_, shown, err := ParseAddress(row.name, row.text)
		if (err == nil) != (row.shown != "") || shown != row.shown {
			t.Errorf("%s: got %q, %v", row.why, shown, err)
		}
	}
}

func TestCarryingKeepsWhatCameOfIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		me := OfWriter("x")
		w, err := choose(t, b, d, Choice{Holder: me, Channel: channel.Mail, Address: "wang@example.cn", Lang: lang.EN, Known: true})
		if err != nil {
			t.Fatal(err)
		}
		reply := func() Message {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return b.Reply(t.Context(), tx, "990101", "", w, lang.T("好", "well")) }); err != nil {
				t.Fatal(err)
			}
			carry(t, b, d)
			all, err := Gone(t.Context(), d, "990101", Sought{}, 1)
			if err != nil {
				t.Fatal(err)
			}
			return all[0]
		}
		out.err = errors.New("wang@example.cn: later")
		m := reply()
		if m.State != Queued {
			t.Errorf("put off: %s, want it to wait", m.State)
		}
		out.err = nil
		carry(t, b, d)
		if n := len(out.got); n != 2 || out.got[1].Words() != "well" {
			t.Errorf("%d letters: %+v", n, out.got)
		}
		report := func(state channel.State) State {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return b.Reported(t.Context(), tx, "990101", channel.Mail, channel.Receipt{Ref: string(m.ID), State: state, Why: "why"})
			})
			if err != nil {
				t.Fatal(err)
			}
			one, err := ByID(t.Context(), d, "990101", m.ID)
			if err != nil {
				t.Fatal(err)
			}
			return one.State
		}
		if got := report(channel.Delivered); got != Delivered {
			t.Errorf("delivered: %s", got)
		}
		if got := report(channel.Failed); got != Delivered {
			t.Errorf("what is final stays: %s", got)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return b.Reported(t.Context(), tx, "990101", channel.Mail, channel.Receipt{Ref: "nobody's", State: channel.Delivered})
		})
		if !errors.Is(err, errs.NotFound) {
			t.Errorf("a message that is not ours: %v", err)
		}
		out.answer = channel.Receipt{State: channel.Failed, Gone: true, Why: "no wang@example.cn here"}
		if m = reply(); m.State != Failed || strings.Contains(m.Error, "wang@") || m.DoneAt.IsZero() {
			t.Errorf("gone: %+v", m)
		}
		counts, err := Counts(t.Context(), d, "990101", time.Time{}, time.Time{})
		if err != nil || !slices.Equal(counts, []Count{{channel.Mail, Delivered, 1}, {channel.Mail, Failed, 1}}) {
			t.Errorf("counts %+v, %v", counts, err)
		}
	})
}

// No wording, however written, tells by a channel what is above its class.
func TestNoFactAboveTheClassOfItsChannel(t *testing.T) {
	t.Parallel()
	b, _ := connected(t)
	secrets := map[string]string{"number": "NNN", "title": "TTT", "place": "PPP", "due": "DDD", "unit": "UUU", "reason": "RRR", "answer": "AAA", "link": "/LLL"}
	both := func(s string) lang.Text { return lang.Text{ZH: s, EN: s} }
	f := Facts{Number: "NNN", Title: both("TTT"), Place: both("PPP"), Due: both("DDD"), Unit: both("UUU"), Reason: "RRR", Answer: "AAA", Link: "/LLL"}
	if len(secrets) != len(factNames) {
		t.Fatalf("%d facts, the test knows %d", len(factNames), len(secrets))
	}
	told := 0
	for _, name := range factNames {
		for _, ch := range []channel.Name{channel.SMS, channel.Mail, channel.WeChat, channel.Push} {
			for _, trusted := range []bool{true, false} {
				w := Way{Channel: ch}
				if trusted {
					w.Verified = time.Unix(1, 0)
				}
				text, err := b.sayOf(both("x[{"+name+"}]y{number}"), f, w)
				may := order[ClassOf(name)] <= order[Highest(ch, trusted)]
				if err != nil || strings.Contains(text.ZH, secrets[name]) != may {
					t.Errorf("{%s} by %s, trusted %v: %q, %v; may be told: %v", name, ch, trusted, text.ZH, err, may)
				}
				if may {
					told++
				}
			}
		}
	}
	if ClassOf("answer") != fields.Personal || Highest(channel.SMS, true) != fields.Internal || told == 0 {
		t.Errorf("the classes are not as the test means them")
	}
}

// sayOf fills a wording as a way tells it.
func (b *Book) sayOf(text lang.Text, f Facts, w Way) (lang.Text, error) {
	got, _, err := b.Preview(Closed, text, f, w.Channel, w.Trusted())
	return got, err
}

func TestDistrictsOwnWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, _ := connected(t)
		by := procedure.Actor{Person: "p", Post: "post"}
		write := func(text lang.Text, after int) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return b.Reword(t.Context(), tx, "990101", by, Closed, text, after) })
		}
		for _, row := range []struct {
			why  string
			text lang.Text
		}{
			{"an unknown fact", lang.Text{ZH: "{name} {number}", EN: "{name} {number}"}},
			{"a fact that may be missing, outside of [ ]", lang.Text{ZH: "{answer}", EN: "{answer}"}},
			{"one language", lang.Text{ZH: "办完了"}},
			{"two that differ", lang.Text{ZH: "{number}", EN: "done"}},
			{"half a bracket", lang.Text{ZH: "[{number}", EN: "[{number}"}},
		} {
			if err := write(row.text, 0); !errors.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", row.why, err)
			}
		}
		say := func() string {
			t.Helper()
			text, err := b.Say(t.Context(), d, "990101", Closed, whole())
			if err != nil {
				t.Fatal(err)
			}
			return text.ZH
		}
		before := say()
		if err := write(lang.Text{ZH: "完了 {number}[：{answer}]", EN: "done {number}[: {answer}]"}, 0); err != nil {
			t.Fatal(err)
		}
		if got := say(); !strings.HasPrefix(got, "完了 ") {
			t.Errorf("got %q", got)
		}
		if err := write(lang.Text{ZH: "x", EN: "x"}, 0); !errors.Is(err, errs.Conflict) {
			t.Errorf("over somebody's: %v", err)
		}
		if err := write(lang.Text{}, 1); err != nil || say() != before {
			t.Errorf("back: %v, %q", err, say())
		}
		all, err := Versions(t.Context(), d, "990101", Closed)
		if err != nil || len(all) != 2 || all[0].Own() || !all[1].Own() {
			t.Errorf("versions %+v, %v", all, err)
		}
		if list, err := b.Wordings(t.Context(), d, "990101"); err != nil || len(list) != len(Templates()) {
			t.Errorf("%d wordings, %v", len(list), err)
		}
	})
}
