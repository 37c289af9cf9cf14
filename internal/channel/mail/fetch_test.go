package mail

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func TestFetchTakesEachOnce(t *testing.T) {
	t.Parallel()
	mine, theirs := certificate(t)
	user := imapmemserver.NewUser("shi", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	put := func(subject string) {
		t.Helper()
		if _, err := user.Append("INBOX", literal{strings.NewReader("From: z@example.cn\r\nSubject: " + subject + "\r\n\r\nhello\r\n")}, &imap.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	s := imapserver.New(&imapserver.Options{TLSConfig: mine, Logger: log.New(io.Discard, "", 0), Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	box := &Mailbox{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: StartTLS, User: "shi", Password: "secret", TLSConfig: theirs}
	put("one")
	put("two")
	var got []string
	take := func(_ context.Context, raw []byte) error {
		r, err := Read(raw)
		got = append(got, r.Subject)
		return err
	}
	full := errors.New("disk full")
	if n, err := box.Fetch(t.Context(), func(context.Context, []byte) error { return full }); !errors.Is(err, full) || n != 0 {
		t.Errorf("where it cannot be kept: took %d, %v", n, err)
	}
	if n, err := box.Fetch(t.Context(), take); err != nil || n != 2 || strings.Join(got, " ") != "one two" {
		t.Errorf("got %d %v, %v; want both, oldest first", n, got, err)
	}
	put("three")
	if n, err := box.Fetch(t.Context(), take); err != nil || n != 1 || got[2] != "three" {
		t.Errorf("again: got %d %v, %v; want the new one alone", n, got, err)
	}
	box.Password = "other"
	if _, err := box.Fetch(t.Context(), take); err == nil || strings.Contains(err.Error(), "other") {
		t.Errorf("a wrong password: %v", err)
	}
	box.TLSConfig = nil
	if _, err := box.Fetch(t.Context(), take); err == nil {
		t.Error("a certificate of nobody we trust was taken")
	}
	box.Host, box.Security = "mail.example.cn", None
	if _, err := box.Fetch(t.Context(), take); err == nil {
		t.Error("open over the wire was taken")
	}
}
