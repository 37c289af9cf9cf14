package sms

import (
	"errors"
	"testing"

	"github.com/fiorix/go-smpp/smpp/smpptest"

	"linli/internal/errs"
)

// TestTry: a bind is tried without being kept, and what keeps it out is said.
func TestTry(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	for _, row := range []struct {
		why, address, password string
		fails                  bool
	}{
		{"the centre lets us in", c.Addr(), smpptest.DefaultPasswd, false},
		{"the password is another", c.Addr(), "wrong", true},
		{"nobody listens", "127.0.0.1:1", smpptest.DefaultPasswd, true},
	} {
		s := smsc(t, SMPP{Address: row.address, SystemID: smpptest.DefaultUser, Password: row.password})
		if err := s.Try(t.Context()); (err != nil) != row.fails || err != nil && !errors.Is(err, errs.Busy) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}
