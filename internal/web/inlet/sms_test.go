package inlet_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/intake"
	"linli/internal/notice"
)

// A text is a report; its sender is told number and word, the gateway tells that
// this arrived, and a question is answered.
func TestTextsAreReports(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := at(t, address)
		w.text("u1", "86"+phone, "修鞋铺门口的路灯不亮，晚上看不见")
		w.text("u1", "86"+phone, "修鞋铺门口的路灯不亮，晚上看不见") // the gateway sends it again
		cases := w.cases("sms")
		if len(cases) != 1 {
			t.Fatalf("there are %d cases, want one", len(cases))
		}
		c := cases[0]
		told := w.gateway.last(t)
		if told["to"] != phone || !strings.HasPrefix(told["text"], "【桂香区】") || !strings.Contains(told["text"], c.Number) {
			t.Errorf("the sender was told %v", told)
		}
		sent := w.messages(c, "sms")
		if len(sent) != 1 || sent[0].State != notice.Sent || sent[0].Ref == "" {
			t.Fatalf("got %+v, want one message that was sent", sent)
		}
		for range 2 { // reports come twice, too
			if status, answer := w.call("/in/sms/"+secret, `{"reports":[{"id":"`+sent[0].Ref+`","state":"DELIVRD"}]}`); status != 200 || answer != `{"ok":true}` {
				t.Fatalf("the report was answered %d %q", status, answer)
			}
		}
		if got := w.messages(c, "sms")[0]; got.State != notice.Delivered || got.DoneAt.IsZero() {
			t.Errorf("after the report it is %s", got.State)
		}
		w.text("u2", phone, "查"+c.Number)
		if got := w.gateway.last(t)["text"]; !strings.Contains(got, c.Number) || !strings.Contains(got, "答应您") || strings.Contains(got, "取件码") { // that was the receipt
			t.Errorf("asked how it stands: %q", got)
		}
		w.text("u3", "13800004402", "查 "+c.Number)
		if got := w.gateway.last(t)["text"]; strings.Contains(got, "路灯") || !strings.Contains(got, "没有找到") {
			t.Errorf("somebody else was told %q", got)
		}
		if n := len(w.cases("sms")); n != 1 {
			t.Errorf("questions became cases: there are %d", n)
		}
	})
}

// A report on a text that comes before we have noted its id is kept for later.
func TestReportBeforeItsText(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	if status, _ := w.call("/in/sms/"+secret, `{"reports":[{"id":"r1","state":"DELIVRD"}]}`); status != 200 {
		t.Fatalf("got %d", status)
	}
	w.text("u1", phone, "污水井盖碎了") // the gateway calls its receipt r1
	w.Clock.Advance(2 * time.Minute)
	w.Due()
	if got := w.messages(w.cases("sms")[0], "sms")[0]; got.State != notice.Delivered {
		t.Errorf("it is %s, want delivered", got.State)
	}
}

// The word on a case by text, from the phone that it was reported with.
func TestRateByText(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	got, err := w.Desk.Receive(t.Context(), w.District(), intake.Sending{Channel: intake.Portal, Matter: "c01002", Text: "井盖碎了", Address: "桂香路 12 号", Phone: phone})
	if err != nil {
		t.Fatal(err)
	}
	w.text("u1", phone, "满意 "+got.Case.Number)
	if n := len(w.cases("sms")); n != 1 {
		t.Errorf("nothing waits to be rated: the words are a report; there are %d", n)
	}
	w.finish(got.Case)
	w.text("u2", phone, "不满意，还在漏水 "+got.Case.Number)
	c := w.reread(got.Case)
	if c.Returns == 0 && c.Round == got.Case.Round && c.Rating == 0 {
		t.Errorf("the case did not go back to work: %+v", c)
	}
	if said := w.gateway.last(t)["text"]; !strings.Contains(said, "退回去接着办") {
		t.Errorf("was told %q", said)
	}
}

func (w *town) reread(c casework.Case) casework.Case {
	w.t.Helper()
	c, err := casework.ByID(w.t.Context(), w.DB, w.House.District, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// Who is not the gateway is not told that there is one.
func TestStrangersAtTheInlet(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, test := range []struct {
		why, path, body string
		want            int
	}{
		{"a guess", "/in/sms/guess", `{}`, 404},
		{"a guess with more than is ever read", "/in/sms/guess", strings.Repeat(" ", 600<<10), 404},
		{"the secret and more", "/in/sms/" + secret + "x", `{}`, 404},
		{"no secret", "/in/sms/", `{}`, 404},
		{"what cannot be read", "/in/sms/" + secret, `{`, 422},
		{"neither report nor text", "/in/sms/" + secret, `{"hello":"x"}`, 422},
		{"without end", "/in/sms/" + secret, strings.Repeat(" ", 600<<10), 413},
		{"not signed", "/in/wechat?signature=x&timestamp=1&nonce=2", `<xml/>`, 404},
		{"nothing at all", "/in/wechat", ``, 404},
	} {
		status, answer := w.call(test.path, test.body)
		if status != test.want {
			t.Errorf("%s: got %d, want %d", test.why, status, test.want)
		}
		if status != 404 && (len(answer) > 100 || strings.Contains(answer, "<")) {
			t.Errorf("%s: a program was told %q", test.why, answer)
		}
	}
	// Whoever goes on guessing is not heard at all.
	for range 320 {
		w.call("/in/sms/guess", "")
	}
	if status, _ := w.call("/in/sms/guess", ""); status != http.StatusTooManyRequests {
		t.Errorf("after three hundred guesses: got %d, want 429", status)
	}
}

// A gateway that does not answer, or lies, holds up no case: reports come in and
// are dealt with, and what could not be sent waits.
func TestSlowGatewayHoldsUpNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.gateway.mu.Lock()
	w.gateway.wait = make(chan struct{})
	w.gateway.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Jobs.Run(ctx) }()
	defer func() { cancel(); <-done }()
	body := `{"texts":[{"id":"u1","from":"` + phone + `","text":"路灯不亮"}]}`
	if status, _ := w.call("/in/sms/"+secret, body); status != 200 {
		t.Fatalf("got %d", status)
	}
	c := w.cases("sms")[0]
	// The case's own jobs are done while the gateway keeps one waiting.
	w.until(func() bool {
		n, err := db.Value[int](t.Context(), w.DB, "select count(*) from jobs where district = $1 and kind = $2 and run_at <= $3", w.House.District, casework.NoticeJob, db.At(w.Clock.Now()))
		if err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	if got := w.messages(c, "sms"); len(got) != 1 || got[0].State != notice.Queued {
		t.Errorf("got %+v, want one that waits", got)
	}
	if _, err := w.Desk.Receive(t.Context(), w.District(), intake.Sending{Channel: intake.Portal, Matter: "c01002", Text: "井盖碎了"}); err != nil {
		t.Errorf("a report while the gateway is silent: %v", err)
	}
	w.gateway.mu.Lock()
	close(w.gateway.wait)
	w.gateway.wait = nil
	w.gateway.mu.Unlock()
	w.until(func() bool { return w.messages(c, "sms")[0].State == notice.Sent })
}

// until waits for something that a running copy does.
func (w *town) until(holds func() bool) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(end) {
			w.t.Fatal("it did not come about")
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-w.t.Context().Done():
		}
	}
}
