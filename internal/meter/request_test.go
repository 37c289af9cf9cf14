package meter

import (
	"context"
	"strings"
	"testing"
)

func TestRequestID(t *testing.T) {
	t.Parallel()
	for brought, why := range map[string]string{
		"":                                       "none was brought",
		"13800001234567890":                      "digits alone may be a number of somebody's",
		"110101199003078515":                     "a resident's number",
		"ouyang-jiaoyue":                         "a name",
		"QZQZQZQZ22":                             "a secret word",
		"deadbeef":                               "too short to be one of many",
		strings.Repeat("ab", 33):                 "too long for every line of a log",
		"0190a0b0-1111-7222-8333-44445555666":    "nearly a UUID",
		"0190a0b0-1111-7222-8333-444455556666\n": "a line of its own in the log",
		"DEADBEEFDEADBEEF":                       "written otherwise than it is compared",
	} {
		got := RequestID(brought)
		if got == brought || !given.MatchString(got) || RequestID(got) != got {
			t.Errorf("%q (%s) became %q", brought, why, got)
		}
	}
	for _, good := range []string{"0190a0b0-1111-7222-8333-444455556666", "deadbeefdeadbeef", "4bf92f3577b34da6a3ce929d0e0e4736"} {
		if got := RequestID(good); got != good {
			t.Errorf("%q became %q", good, got)
		}
	}
	if first, second := RequestID(""), RequestID(""); first == second {
		t.Error("two requests have one id")
	}
}

func TestRequestOf(t *testing.T) {
	t.Parallel()
	if got := RequestOf(context.Background()); got != "" {
		t.Errorf("nothing has the id %q", got)
	}
	ctx := WithRequest(context.Background(), "a")
	if got := RequestOf(WithRequest(ctx, "")); got != "a" {
		t.Errorf("got %q, want a: an empty id changes nothing", got)
	}
}
