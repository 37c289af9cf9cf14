package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/mail"
	"linli/internal/db/dbtest"
	"linli/internal/inbox"
	"linli/internal/notice"
)

const box = "shi@linli.example.cn"

// post keeps the letters that go out.
type post struct {
	mu  sync.Mutex
	all []channel.Letter
}

func (p *post) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, l)
	return channel.Receipt{Ref: l.ID + "@linli.example.cn", State: channel.Sent}, nil
}

// to are the letters that went to an address.
func (p *post) to(address string) (all []channel.Letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.all {
		if l.Address == address {
			all = append(all, l)
		}
	}
	return all
}

type town struct {
	*apptest.World
	t    *testing.T
	out  *post
	next int
}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := &town{t: t, out: &post{}}
		w.World = apptest.At(t, address, func(c *app.Config) {
			c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: w.out, channel.SMS: w.out}
		})
		w.Inbox.Mailbox = box
		fn(t, w)
	})
}

// mails takes a mail in; header lines and the text are given, the rest is usual.
func (w *town) mails(from, subject, text string, header ...string) inbox.Took {
	w.t.Helper()
	w.next++
	if !strings.Contains(strings.Join(header, "\n"), "To:") {
		header = append(header, "To: "+box)
	}
	raw := fmt.Sprintf("From: %s\r\nMessage-ID: <m%d@example.cn>\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n%s\r\n\r\n%s", from, w.next, subject, strings.Join(header, "\r\n"), text)
	return w.raw(raw)
}

func (w *town) raw(raw string) inbox.Took {
	w.t.Helper()
	r, err := mail.Read([]byte(raw))
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := w.Inbox.Take(w.t.Context(), w.District(), inbox.FromMail(w.District(), r))
	if err != nil {
		w.t.Fatal(err)
	}
	w.Due()
	return got
}

var wordForm = regexp.MustCompile(`取件码 ([a-z2-9]{10})`)

func TestMailBecomesReport(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		got := w.mails("Wang <wang@example.cn>", "路灯不亮", "楼下的路灯不亮了，请修一修。", "To: shi+990101001@linli.example.cn")
		if got.Outcome != inbox.Reported || got.Shown != "w***@example.cn" {
			t.Fatalf("got %+v", got)
		}
		c, err := casework.ByID(ctx, w.DB, w.District().Code, got.Case)
		if err != nil || c.Channel != "mail" || c.Place.Street != "990101001" || !strings.Contains(c.Text, "路灯不亮") {
			t.Errorf("got %+v, %v; want a case by mail in the area of the mailbox", c, err)
		}
		letters := w.out.to("wang@example.cn")
		if len(letters) != 1 || !strings.Contains(letters[0].Words(), c.Number) || !wordForm.MatchString(letters[0].Words()) {
			t.Fatalf("got %d letters %+v; want one receipt with number and word", len(letters), letters)
		}
		word := wordForm.FindStringSubmatch(letters[0].Words())[1]
		all, err := notice.Of(ctx, w.DB, w.District().Code, string(c.ID), "")
		for _, m := range all {
			if strings.Contains(m.Text.ZH+m.Text.EN, word) {
				t.Errorf("the record of the receipt holds the secret word: %q", m.Text.ZH)
			}
		}
		if err != nil || len(all) < 2 {
			t.Errorf("%d messages, %v", len(all), err)
		}
		// The same mail handed in again is one report.
		w.next--
		if again := w.mails("Wang <wang@example.cn>", "路灯不亮", "楼下的路灯不亮了，请修一修。", "To: shi+990101001@linli.example.cn"); !again.Again || again.Case != c.ID {
			t.Errorf("again: %+v", again)
		}

		// Answering the receipt adds to the case.
		more := w.mails("wang@example.cn", "Re: 路灯", "补充一句：三号楼门口那盏。", "In-Reply-To: <"+letters[0].ID+"@linli.example.cn>")
		if more.Outcome != inbox.Added || more.Case != c.ID {
			t.Errorf("an answer: %+v", more)
		}
		said, err := casework.Supplements(ctx, w.DB, w.District().Code, c.ID)
		if err != nil || len(said) != 1 || said[0].Text != "补充一句：三号楼门口那盏。" || said[0].Report != got.Report {
			t.Errorf("supplied %+v, %v", said, err)
		}
		// So does the address that names the letter, where a program drops the rest.
		if more := w.mails("wang@example.cn", "", "还有一盏。", "To: shi+"+letters[0].ID+"@linli.example.cn"); more.Outcome != inbox.Added {
			t.Errorf("by the address: %+v", more)
		}
		// Somebody else who knows the letter's id is not its reader.
		if other := w.mails("zhao@example.cn", "Re: 路灯", "我也来说", "In-Reply-To: <"+letters[0].ID+"@linli.example.cn>"); other.Outcome != inbox.Reported || other.Case == c.ID {
			t.Errorf("from elsewhere: %+v", other)
		}
		// Number and word open it from anywhere, and the word goes no further.
		if more := w.mails("li@example.cn", c.Number, "取件码 "+word+"，今天还没来人", "To: "+box); more.Outcome != inbox.Added || more.Case != c.ID {
			t.Errorf("by number and word: %+v", more)
		}
		if more := w.mails("li2@example.cn", c.Number, "取件码 abcdefghjk", "To: "+box); more.Outcome != inbox.Reported {
			t.Errorf("by a wrong word: %+v", more)
		}
		said, _ = casework.Supplements(ctx, w.DB, w.District().Code, c.ID)
		for _, one := range said {
			if strings.Contains(one.Text, word) {
				t.Errorf("the word stands in %q", one.Text)
			}
		}
	})
}

func TestNobodyAnswersAProgram(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		for _, row := range []struct{ why, from, header string }{
			{"an automatic answer", "wang@example.cn", "Auto-Submitted: auto-replied"},
			{"a list", "list@example.cn", "List-Id: <l.example.cn>"},
			{"ourselves", box, "X-Note: x"},
			{"ourselves, tagged", "shi+x@linli.example.cn", "X-Note: x"},
			{"a daemon", "MAILER-DAEMON@example.cn", "X-Note: x"},
		} {
			if got := w.mails(row.from, "hello", "x", row.header); got.Outcome != inbox.Unread || got.Case != "" {
				t.Errorf("%s: %+v", row.why, got)
			}
		}
		if n := len(w.out.all); n != 0 {
			t.Errorf("%d letters went out", n)
		}
		// A person whose program answers each of our letters at once stops being read.
		made := 0
		for range 20 {
			if got := w.mails("loop@example.cn", "自动门坏了", "自动门坏了"); got.Outcome == inbox.Reported {
				made++
			}
		}
		if letters := len(w.out.to("loop@example.cn")); made != 10 || letters > 10 {
			t.Errorf("20 mails of one writer in an hour made %d reports and %d letters, want 10", made, letters)
		}
		w.Clock.Advance(2 * time.Hour)
		if got := w.mails("loop@example.cn", "自动门坏了", "自动门坏了"); got.Outcome != inbox.Reported {
			t.Errorf("later: %+v", got)
		}
	})
}

func TestBouncesAndStop(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		ctx, code := t.Context(), w.District().Code
		got := w.mails("wang@example.cn", "路灯", "路灯不亮")
		letter := w.out.to("wang@example.cn")[0]
		state := func() notice.State {
			t.Helper()
			m, err := notice.ByRef(ctx, w.DB, code, channel.Mail, letter.ID+"@linli.example.cn")
			if err != nil {
				t.Fatal(err)
			}
			return m.State
		}
		if state() != notice.Sent {
			t.Errorf("before: %s", state())
		}
		dsn := "From: MAILER-DAEMON@example.cn\r\nTo: shi+%s@linli.example.cn\r\nMessage-ID: <d%s>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b--\r\n"
		if r := w.raw(fmt.Sprintf(dsn, "0191-not-ours", "1")); r.Outcome != inbox.Returned || state() != notice.Sent {
			t.Errorf("of a letter that is not ours: %+v, %s", r, state())
		}
		if r := w.raw(fmt.Sprintf(dsn, letter.ID, "2")); r.Outcome != inbox.Returned || state() != notice.Failed {
			t.Errorf("of ours: %+v, %s", r, state())
		}
		dead := func() int {
			t.Helper()
			all, err := notice.Unreached(ctx, w.DB, code, notice.OfReport(got.Report))
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if n := dead(); n != 0 {
			t.Errorf("a full mailbox ended %d addresses", n)
		}
		w.mails("wang@example.cn", "井盖", "污水井盖碎了")
		last := w.out.to("wang@example.cn")
		if w.raw(fmt.Sprintf(strings.Replace(dsn, "5.2.2", "5.1.1", 1), last[len(last)-1].ID, "3")); dead() != 1 {
			t.Errorf("no such mailbox: %d addresses are marked, want that of the other report, too", dead())
		}
		records := func() int { return w.count("select count(*) from messages where channel = 'mail'") }
		before, wrote := records(), len(w.out.to("wang@example.cn"))
		if w.tell(got); records() != before || len(w.out.to("wang@example.cn")) != wrote {
			t.Errorf("%d messages became %d: an address that is none is still told", before, records())
		}
		if w.mails("wang@example.cn", "又一件", "路面坑洼"); dead() != 0 {
			t.Errorf("a mail from there: %d addresses are marked", dead())
		}
		if r := w.mails("wang@example.cn", "退订", "退订"); r.Outcome != inbox.Stopped {
			t.Errorf("stop: %+v", r)
		}
		if ways, err := notice.Ways(ctx, w.DB, code, notice.OfReport(got.Report)); err != nil || len(ways) != 0 {
			t.Errorf("still told by %+v, %v", ways, err)
		}
	})
}

func TestPicturesComeAlong(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
			t.Fatal(err)
		}
		d := w.District()
		got, err := w.Inbox.Take(t.Context(), d, inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: "p1", From: "wang@example.cn", Text: "井盖碎了",
			Pictures: []channel.Picture{{Name: "a.jpg", Data: b.Bytes()}, {Name: "bad.jpg", Data: []byte("no picture")}}}})
		w.Due()
		if err != nil || got.Outcome != inbox.Reported {
			t.Fatalf("got %+v, %v", got, err)
		}
		if letters := w.out.to("wang@example.cn"); len(letters) != 2 || !strings.Contains(letters[0].Words()+letters[1].Words(), "bad.jpg（不是能收的照片）") {
			t.Errorf("letters %+v: want one to say what was left out, and why", letters)
		}
		all, err := inbox.Arrivals(t.Context(), w.DB, d.Code, channel.Mail, w.Clock.Now().Add(-time.Hour), w.Clock.Now().Add(time.Hour), 10)
		if err != nil || len(all) != 1 || all[0].LeftOut != "no picture: 1" || all[0].LeftText().ZH != "没收的附件：1 个不是能收的照片" {
			t.Errorf("the record %+v, %v; want how many were left out and why, without their names", all, err)
		}
		empty, err := w.Inbox.Take(t.Context(), d, inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: "p2", From: "wang@example.cn"}})
		w.Due()
		if err != nil || empty.Outcome != inbox.Refused || len(w.out.to("wang@example.cn")) != 3 {
			t.Errorf("nothing at all: %+v, %v; want to be told why", empty, err)
		}
		text, err := w.Inbox.Take(t.Context(), d, inbox.Letter{Came: channel.Came{Channel: channel.SMS, Ref: "s1", From: "13800000013", Text: "路灯不亮"}})
		w.Due()
		if err != nil || text.Outcome != inbox.Reported || text.Shown != "138****0013" {
			t.Fatalf("a text message: %+v, %v", text, err)
		}
		if letters := w.out.to("13800000013"); len(letters) != 1 || !wordForm.MatchString(letters[0].Words()) {
			t.Errorf("letters to the phone: %+v", letters)
		}
		if _, err := w.Inbox.Take(canceled(t), d, inbox.Letter{Came: channel.Came{Channel: channel.SMS, Ref: "s2", From: "13800000013", Text: "x"}}); !errors.Is(err, context.Canceled) {
			t.Errorf("where the database is away: %v, want to be handed in again", err)
		}
	})
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
