package notice

import (
	"context"
	"errors"
	"regexp"
	"testing"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// told is a letter to a way that is carried, as its record stands then.
func told(t *testing.T, b *Book, d *db.DB, w Way) Message {
	t.Helper()
	in(t, d, func(ctx context.Context, tx *db.Tx) error {
		return b.Reply(ctx, tx, "990101", "", w, lang.T("好", "well"))
	})
	carry(t, b, d)
	all, err := Gone(t.Context(), d, "990101", Sought{}, 1)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d messages, %v", len(all), err)
	}
	return all[0]
}

// in does something in a transaction that has to go well.
func in(t *testing.T, d *db.DB, do func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// An address of which the other side says for good that it is none is used no
// more, for everybody who is told there, until somebody has it tried again.
func TestAddressThatCannotBeReached(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		me, other := OfWriter("x"), OfReport("r")
		c := Choice{Holder: me, Channel: channel.Mail, Address: "wang@example.cn", Lang: lang.ZH, Known: true}
		w, err := choose(t, b, d, c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := choose(t, b, d, Choice{Holder: other, Channel: channel.Mail, Address: "Wang@example.cn"}); err != nil {
			t.Fatal(err)
		}
		dead := func(why string, want int) {
			t.Helper()
			all, err := Unreached(t.Context(), d, "990101", me, other)
			if err != nil || len(all) != want {
				t.Fatalf("%s: %d ways cannot be reached, want %d; %v", why, len(all), want, err)
			}
			for _, w := range all {
				if w.Why != "5.1.1 none" || w.Unreached.IsZero() {
					t.Errorf("%s: the page is told %q since %s", why, w.Why, w.Unreached)
				}
			}
		}
		report := func(m Message, r channel.Receipt) {
			t.Helper()
			r.Ref = m.Ref
			in(t, d, func(ctx context.Context, tx *db.Tx) error { return b.Reported(ctx, tx, "990101", channel.Mail, r) })
		}
		report(told(t, b, d, w), channel.Receipt{State: channel.Failed, Why: "5.2.2 full"})
		dead("a full mailbox may be emptied", 0)
		m := told(t, b, d, w)
		report(m, channel.Receipt{State: channel.Delivered})
		report(m, channel.Receipt{State: channel.Failed, Why: "5.1.1 none", Gone: true})
		dead("what has arrived does not come back", 0)
		report(told(t, b, d, w), channel.Receipt{State: channel.Failed, Why: "5.1.1 none", Gone: true})
		dead("it bounced for good", 2)
		late := Choice{Holder: OfReport("late"), Channel: channel.Mail, Address: "wang@example.cn"}
		if w, err := choose(t, b, d, late); err != nil || w.Unreached.IsZero() || w.Why != "5.1.1 none" {
			t.Errorf("who gives the address afterwards is told nothing: %+v, %v", w, err)
		}
		if all, err := Unreached(t.Context(), d, "990101", late.Holder); err != nil || len(all) != 1 {
			t.Errorf("of the new one %d ways are marked, %v", len(all), err)
		}
		before := len(out.got)
		if m := told(t, b, d, w); m.State != Failed || len(out.got) != before {
			t.Errorf("%d more letters to an address that is none, state %s", len(out.got)-before, m.State)
		}
		last := told(t, b, d, w)
		in(t, d, func(ctx context.Context, tx *db.Tx) error { return TryAgain(ctx, tx, "990101", me, w.ID) })
		dead("its holder says that it is right", 0)
		out.answer = channel.Receipt{State: channel.Failed, Why: "5.1.1 none", Gone: true}
		told(t, b, d, w)
		dead("refused at once", 2)
		out.answer = channel.Receipt{}
		in(t, d, func(ctx context.Context, tx *db.Tx) error {
			return b.Again(ctx, tx, "990101", procedure.Actor{Person: "p"}, last.ID)
		})
		dead("the desk sends it again", 0)
		carry(t, b, d)
		if one, err := ByID(t.Context(), d, "990101", last.ID); err != nil || one.State != Sent {
			t.Errorf("again: %s, %v", one.State, err)
		}
		report(told(t, b, d, w), channel.Receipt{State: channel.Failed, Why: "5.1.1 none", Gone: true})
		if _, err := choose(t, b, d, c); err != nil {
			t.Fatal(err)
		}
		dead("somebody writes from there", 0)
	})
}

// A browser's subscription that has ended never comes again, so that nobody is
// asked to try it: it goes from the list of ways.
func TestSubscriptionThatHasEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		b.out.Carriers[channel.Push] = out
		me := OfResident("r1")
		w, err := choose(t, b, d, Choice{Holder: me, Channel: channel.Push, Address: `{"endpoint":"https://push.example.com/x","keys":{"p256dh":"BA","auth":"AA"}}`, Known: true})
		if err != nil {
			t.Fatal(err)
		}
		out.answer = channel.Receipt{State: channel.Failed, Why: "410 gone", Gone: true}
		told(t, b, d, w)
		ways, err := Ways(t.Context(), d, "990101", me)
		dead, also := Unreached(t.Context(), d, "990101", me)
		if err != nil || also != nil || len(ways) != 0 || len(dead) != 0 {
			t.Errorf("there are %d ways, %d to be tried again: %v, %v", len(ways), len(dead), err, also)
		}
	})
}

// A new code confirms an address that could not be reached; codes are bounded.
func TestUnreachedAddressIsConfirmedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		me := OfResident("r1")
		w, err := choose(t, b, d, Choice{Holder: me, Channel: channel.Mail, Address: "zhang@example.cn", Lang: lang.ZH})
		if err != nil {
			t.Fatal(err)
		}
		out.answer = channel.Receipt{State: channel.Failed, Why: "5.1.1", Gone: true}
		carry(t, b, d)
		if all, err := Unreached(t.Context(), d, "990101", me); err != nil || len(all) != 1 {
			t.Fatalf("%d marked, %v", len(all), err)
		}
		out.answer = channel.Receipt{}
		ask := func(h Holder) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return b.AskAgain(t.Context(), tx, "990101", h, w.ID) })
		}
		if err := ask(OfResident("other")); !errors.Is(err, errs.NotFound) {
			t.Errorf("by another: %v", err)
		}
		if err := ask(me); err != nil {
			t.Fatal(err)
		}
		carry(t, b, d)
		code := regexp.MustCompile(`\d{6}`).FindString(out.got[len(out.got)-1].Words())
		if err := b.Confirm(t.Context(), d, "990101", me, w.ID, code); err != nil {
			t.Fatal(err)
		}
		if all, err := Ways(t.Context(), d, "990101", me); err != nil || len(all) != 1 || !all[0].Reachable() || !all[0].Trusted() {
			t.Errorf("confirmed: %+v, %v", all, err)
		}
		for range codesADay {
			err = ask(me)
		}
		if !errors.Is(err, errs.Often) {
			t.Errorf("the fifth code of a day: %v", err)
		}
	})
}

// A text of several parts has arrived when all of them have, and has failed once
// one of them has.
func TestPartsOfAMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b, out := connected(t)
		w, err := choose(t, b, d, Choice{Holder: OfWriter("x"), Channel: channel.Mail, Address: "wang@example.cn", Known: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			why   string
			heard []channel.Receipt
			want  State
		}{
			{"nothing is said yet", nil, Sent},
			{"one of two", []channel.Receipt{{Ref: "b", State: channel.Delivered}}, Sent},
			{"the same one twice", []channel.Receipt{{Ref: "b", State: channel.Delivered}, {Ref: "b", State: channel.Delivered}}, Sent},
			{"both, the last one first", []channel.Receipt{{Ref: "b", State: channel.Delivered}, {Ref: "a", State: channel.Delivered}}, Delivered},
			{"one has failed", []channel.Receipt{{Ref: "b", State: channel.Delivered}, {Ref: "a", State: channel.Failed}}, Failed},
			{"what failed is not mended by the rest", []channel.Receipt{{Ref: "a", State: channel.Failed}, {Ref: "b", State: channel.Delivered}, {Ref: "a", State: channel.Delivered}}, Failed},
		} {
			out.answer = channel.Receipt{State: channel.Sent, Ref: "b", Parts: []string{"a", "b"}} // centres begin to count again
			m := told(t, b, d, w)
			for _, r := range test.heard {
				in(t, d, func(ctx context.Context, tx *db.Tx) error { return b.Reported(ctx, tx, "990101", channel.Mail, r) })
			}
			if got, err := ByID(t.Context(), d, "990101", m.ID); err != nil || got.State != test.want {
				t.Errorf("%s: %s, want %s; %v", test.why, got.State, test.want, err)
			}
		}
		all, err := Gone(t.Context(), d, "990101", Sought{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			in(t, d, func(ctx context.Context, tx *db.Tx) error { return Forget(ctx, tx, "990101", []string{string(m.ID)}) })
		}
		if n, err := db.Value[int](t.Context(), d, "select count(*) from message_parts"); err != nil || n != 0 {
			t.Errorf("%d parts outlive their messages, %v", n, err)
		}
	})
}
