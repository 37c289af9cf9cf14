package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"linli/internal/channel"
	"linli/internal/lang"
)

// server is a real mail server that keeps what it is handed.
type server struct {
	port   int
	roots  *tls.Config
	mu     sync.Mutex
	from   string
	got    [][]byte
	refuse map[string]error // by recipient
}

type session struct {
	s    *server
	who  string
	from string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "linli" || password != "secret" {
			return errors.New("wrong")
		}
		s.who = user
		return nil
	}), nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.who == "" {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { return s.s.refuse[to] }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.from, s.s.got = s.from, append(s.s.got, b)
	return err
}

// certificate is one for 127.0.0.1, with whoever trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func serve(t *testing.T, over bool) *server {
	t.Helper()
	mine, theirs := certificate(t)
	one := &server{roots: theirs, refuse: map[string]error{}}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{s: one}, nil }))
	s.Domain, s.TLSConfig, s.AllowInsecureAuth = "127.0.0.1", mine, true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	one.port = l.Addr().(*net.TCPAddr).Port
	if over {
		l = tls.NewListener(l, mine)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return one
}

func (s *server) out(security Security) Out {
	return Out{Host: "127.0.0.1", Port: s.port, Security: security, User: "linli", Password: "secret", From: "linli@linli.example.cn",
		Name: lang.T("邻里", "Linli"), Box: "shi@linli.example.cn", TLSConfig: s.roots}
}

func letter(to string) channel.Letter {
	return channel.Letter{District: "990101", ID: "0191-a", Thread: "c-1", Address: to, Subject: lang.T("您反映的事，编号 %s", "Your report, number %s", "LL-1"),
		Text: lang.T("收到了。编号 LL-1 <b>", "We have it. Number LL-1 <b>"), Lang: lang.ZH, Link: "https://linli.example.cn/track/LL-1"}
}

func relay(t *testing.T, out Out) *Relay {
	t.Helper()
	r, err := NewRelay(out, (&net.Dialer{}).DialContext)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRelayHandsOver(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		security Security
		over     bool
	}{{StartTLS, false}, {TLS, true}, {None, false}} {
		s := serve(t, row.over)
		got, err := relay(t, s.out(row.security)).Carry(t.Context(), letter("z@example.cn"))
		if err != nil || got.State != channel.Sent || got.Ref != "0191-a@linli.example.cn" {
			t.Fatalf("%s: got %+v, %v", row.security, got, err)
		}
		if len(s.got) != 1 || s.from != "shi+0191-a@linli.example.cn" {
			t.Fatalf("%s: %d mails, bounces to %q", row.security, len(s.got), s.from)
		}
		raw := string(s.got[0])
		for _, want := range []string{"Message-ID: <0191-a@linli.example.cn>", "Auto-Submitted: auto-generated", "In-Reply-To: <thread.c-1@linli.example.cn>",
			"List-Id: <cases.linli.example.cn>", "Content-Language: zh", "text/html"} {
			if !strings.Contains(raw, want) {
				t.Errorf("%s: no %q in\n%s", row.security, want, raw)
			}
		}
		r, err := Read(s.got[0])
		if err != nil || r.Subject != "您反映的事，编号 LL-1" || !strings.HasPrefix(r.Text, "收到了。编号 LL-1 <b>\n\nhttps://") || r.Name != "邻里" {
			t.Errorf("%s: read back %+v, %v", row.security, r, err)
		}
		if r.Auto == "" {
			t.Errorf("%s: our own letter reads as a person's", row.security)
		}
	}
}

func TestRelayTellsForGoodFromForNow(t *testing.T) {
	t.Parallel()
	s := serve(t, false)
	s.refuse["gone@example.cn"] = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "gone@example.cn unknown"}
	s.refuse["full@example.cn"] = &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "full"}
	s.refuse["later@example.cn"] = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	r := relay(t, s.out(StartTLS))
	for _, row := range []struct {
		why, to     string
		state       channel.State
		gone, again bool
	}{
		{"no such mailbox: stop using it", "gone@example.cn", channel.Failed, true, false},
		{"a full one may be emptied", "full@example.cn", channel.Failed, false, false},
		{"greylisting is for now", "later@example.cn", "", false, true},
		{"no address at all", "nobody", channel.Failed, false, false},
	} {
		got, err := r.Carry(t.Context(), letter(row.to))
		if got.State != row.state || got.Gone != row.gone || (err != nil) != row.again {
			t.Errorf("%s: got %+v, %v", row.why, got, err)
		}
		if strings.Contains(got.Why, row.to) {
			t.Errorf("%s: the record names the address: %q", row.why, got.Why)
		}
	}
	wrong := s.out(StartTLS)
	wrong.Password = "other"
	if got, err := relay(t, wrong).Carry(t.Context(), letter("z@example.cn")); err == nil || strings.Contains(err.Error(), "other") {
		t.Errorf("a wrong password: got %+v, %v, want to try again, saying nothing of it", got, err)
	}
	strange := s.out(StartTLS)
	strange.TLSConfig = nil
	if got, err := relay(t, strange).Carry(t.Context(), letter("z@example.cn")); err == nil {
		t.Errorf("a certificate of nobody we trust: got %+v", got)
	}
	if len(s.got) != 0 {
		t.Errorf("%d mails went all the same", len(s.got))
	}
}

func TestRelaySettings(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why string
		out Out
	}{
		{"no host", Out{From: "a@b.cn"}},
		{"no address", Out{Host: "mail.example.cn"}},
		{"half an address", Out{Host: "mail.example.cn", From: "linli"}},
		{"open over the wire", Out{Host: "mail.example.cn", From: "a@b.cn", Security: None}},
	} {
		if _, err := NewRelay(row.out, nil); err == nil {
			t.Errorf("%s: taken", row.why)
		}
	}
}

// send hands a mail in as a mail server does.
func send(t *testing.T, address, from, to string, raw []byte) error {
	t.Helper()
	c, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.SendMail(from, []string{to}, bytes.NewReader(raw))
}

func TestReceiverKeepsBeforeItSaysSo(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var kept []Envelope
	broken := true
	r := &Receiver{Domain: "linli.example.cn", Knows: func(a string) bool { return a == "shi@linli.example.cn" }, Log: slog.New(slog.DiscardHandler),
		Take: func(_ context.Context, e Envelope) error {
			mu.Lock()
			defer mu.Unlock()
			if broken {
				return errors.New("disk full")
			}
			kept = append(kept, e)
			return nil
		}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx, l) }()
	at := l.Addr().String()
	raw := []byte("From: z@example.cn\r\nTo: shi@linli.example.cn\r\nSubject: x\r\n\r\nhello\r\n")
	var refused *smtp.SMTPError
	if err := send(t, at, "z@example.cn", "shi@linli.example.cn", raw); !errors.As(err, &refused) || refused.Code != 451 {
		t.Errorf("a full disk: got %v, want to be handed in again", err)
	}
	mu.Lock()
	broken = false
	mu.Unlock()
	if err := send(t, at, "z@example.cn", "Shi+990101@linli.example.cn", raw); err != nil {
		t.Error(err)
	}
	if err := send(t, at, "z@example.cn", "other@elsewhere.example", raw); !errors.As(err, &refused) || refused.Code != 550 {
		t.Errorf("for somebody else: got %v; we pass nothing on", err)
	}
	if err := send(t, at, "z@example.cn", "shi@linli.example.cn", append(raw, bytes.Repeat([]byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"), BytesMost/60)...)); !errors.As(err, &refused) || refused.Code != 552 {
		t.Errorf("too large: got %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("the end: %v", err)
	}
	if len(kept) != 1 || kept[0].To[0] != "Shi+990101@linli.example.cn" || !bytes.Contains(kept[0].Raw, []byte("hello")) {
		t.Errorf("kept %d: %+v", len(kept), kept)
	}
}
