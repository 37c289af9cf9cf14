package take

import (
	"net/http/httptest"
	"testing"

	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/web/page"
)

// TestFirstTakerStaysResponsible holds the first-acceptance rule (WH-17): what
// comes to a counter is received by the counter's own unit, what comes by
// telephone by the centre, which an empty receiver means.
func TestFirstTakerStaysResponsible(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/desk/take", nil)
	if err := r.ParseForm(); err != nil {
		t.Fatal(err)
	}
	v := &page.View{R: r, Reader: &page.Reader{Posts: []org.Post{
		{ID: "p1", Role: org.Handler, Unit: "u-other"}, {ID: "p2", Role: org.Agent, Unit: "u-centre"}, {ID: "p3", Role: org.Clerk, Unit: "u-guixiang"},
	}}}
	for _, tt := range []struct {
		channel        intake.Channel
		post, receiver string
	}{
		{intake.Hotline, "p2", ""},
		{intake.Counter, "p3", "u-guixiang"},
	} {
		f := form{Channel: tt.channel, Token: "t"}
		s := f.sending(v)
		if s.By.Post != tt.post || s.Receiver != tt.receiver {
			t.Errorf("%s: taken by %s, received by %q; want %s, %q", tt.channel, s.By.Post, s.Receiver, tt.post, tt.receiver)
		}
		if s.Sender != "form-t" {
			t.Errorf("%s: a form without a reference is sent as %q", tt.channel, s.Sender)
		}
	}
}

func TestNumbersAreSaidInGroups(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"261123-01478":   "二六幺，幺二三，零幺四，七八",
		"261123-123478":  "二六幺，幺二三，幺二三，四七八",
		"261123-1234567": "二六幺，幺二三，幺二三，四五六七",
	} {
		if got := said(number); got != want {
			t.Errorf("%s is said %s, want %s", number, got, want)
		}
	}
}
