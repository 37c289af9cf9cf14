package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"linli/internal/errs"
)

// Bounds of who hands mail in.
const (
	handsMost = 50 // connections at once
	rcptsMost = 20 // of one mail
	handTime  = time.Minute
)

// Envelope is how a mail was handed in.
type Envelope struct {
	From string // the return path; empty where answers are not wanted
	To   []string
	Raw  []byte
}

// Receiver takes mail over SMTP. It is for the district's own mail server to
// hand mail on to: it takes what is for the district and nothing else, and
// passes nothing on.
type Receiver struct {
	Domain string // as which it greets
	// Knows reports whether an address, without what stands behind +, is ours.
	Knows func(address string) bool
	// Take puts a mail on disk. Only then is it acknowledged; on an error it
	// stays with whoever hands it in, who tries again. errs.Invalid and
	// errs.TooLarge are for good.
	Take func(ctx context.Context, e Envelope) error
	TLS  *tls.Config // nil: STARTTLS is not offered
	Log  *slog.Logger
}

// Serve takes mail on a listener until ctx ends.
func (r *Receiver) Serve(ctx context.Context, l net.Listener) (err error) {
	defer errs.Wrap(&err, "mail.Serve(%s)", l.Addr())
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &hand{r: r, ctx: ctx}, nil }))
	s.Domain, s.TLSConfig = r.Domain, r.TLS
	s.MaxRecipients, s.MaxMessageBytes, s.MaxLineLength = rcptsMost, BytesMost, 4000
	s.ReadTimeout, s.WriteTimeout = handTime, handTime
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quiet{r.Log}
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(end); err != nil {
			r.Log.Warn("mail in did not end in time", "error", err)
		}
	})
	defer stop()
	err = s.Serve(&bounded{Listener: l, places: make(chan struct{}, handsMost)})
	if errors.Is(err, smtp.ErrServerClosed) || ctx.Err() != nil {
		return nil
	}
	return err
}

// quiet notes what the library has to say; it may repeat what a stranger sent,
// so only that something went wrong is kept.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(string, ...any) { q.log.Debug("mail in: a connection went wrong") }
func (q quiet) Println(...any)        { q.log.Debug("mail in: a connection went wrong") }

// bounded takes so many connections at once.
type bounded struct {
	net.Listener
	places chan struct{}
}

func (b *bounded) Accept() (net.Conn, error) {
	b.places <- struct{}{}
	c, err := b.Listener.Accept()
	if err != nil {
		<-b.places
		return nil, err
	}
	return &held{Conn: c, free: sync.OnceFunc(func() { <-b.places })}, nil
}

// held gives its place back when it is closed.
type held struct {
	net.Conn
	free func()
}

func (h *held) Close() error {
	h.free()
	return h.Conn.Close()
}

// hand is one who hands mail in.
type hand struct {
	r   *Receiver
	ctx context.Context
	e   Envelope
}

func (h *hand) Reset()        { h.e = Envelope{} }
func (h *hand) Logout() error { return nil }

func (h *hand) Mail(from string, _ *smtp.MailOptions) error {
	h.e = Envelope{From: from}
	return nil
}

func (h *hand) Rcpt(to string, _ *smtp.RcptOptions) error {
	if plain, _ := Untag(to); !h.r.Knows(plain) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox here"}
	}
	h.e.To = append(h.e.To, to)
	return nil
}

func (h *hand) Data(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err // the library's own: too large, or the connection broke
	}
	h.e.Raw = raw
	switch err := h.r.Take(h.ctx, h.e); errs.KindOf(err) {
	case errs.Invalid, errs.TooLarge:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this mail cannot be read"}
	default:
		if err == nil {
			return nil
		}
		h.r.Log.Error("mail in was not stored, will be handed in again", "error", err)
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	}
}
