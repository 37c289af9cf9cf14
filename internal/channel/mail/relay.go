package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Security is how a connection is kept from being read on the way.
type Security string

// The securities. None is taken for a server on this machine alone.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	None     Security = "none"
)

// Out are the settings of a mail server that takes our letters.
type Out struct {
	Host     string
	Port     int      // zero: 587, 465 with TLS, 25 with none
	Security Security // empty: starttls
	User     string   // empty: no sign-in
	Password string
	From     string    // our address
	Name     lang.Text // our name
	// Box is the address that answers and bounces come back to, with + and the
	// letter's id before the @; empty: none come back.
	Box string
	// TLSConfig says by which certificates the server's is checked; nil: by the
	// system's.
	TLSConfig *tls.Config
}

// Settled is out with its defaults: starttls, and the usual port.
func (o Out) Settled() Out {
	if o.Security == "" {
		o.Security = StartTLS
	}
	if o.Port == 0 {
		o.Port = map[Security]int{StartTLS: 587, TLS: 465, None: 25}[o.Security]
	}
	return o
}

// Relay hands letters to a mail server.
type Relay struct {
	out  Out
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// timeout is how long a mail server may take over one step.
const timeout = 20 * time.Second

// NewRelay checks the settings; what is wrong with them is errs.Invalid. dial
// connects, within what may be called.
func NewRelay(out Out, dial func(ctx context.Context, network, address string) (net.Conn, error)) (r *Relay, err error) {
	defer errs.Wrap(&err, "mail.NewRelay(%s)", out.Host)
	out = out.Settled()
	switch {
	case out.Host == "" || out.Port < 1 || out.Port > 65535:
		return nil, errs.New(errs.Invalid, "mail.out 要写 host。", "mail.out needs a host.")
	case out.Security == None && !loopback(out.Host):
		return nil, errs.New(errs.Invalid, "只有本机的邮件服务器可以不加密（tls: none）。", "Only a mail server on this machine may go without encryption (tls: none).")
	}
	for _, address := range []string{out.From, out.Box} {
		if _, host, ok := strings.Cut(address, "@"); address != "" && (!ok || host == "") || address == "" && out.From == "" {
			return nil, errs.New(errs.Invalid, "mail.out 的 from 要是邮箱地址。", "from of mail.out has to be an e-mail address.")
		}
	}
	return &Relay{out: out, dial: dial}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Ref is the Message-ID of a letter, without its brackets.
func (r *Relay) Ref(id string) string { return id + "@" + r.domain() }

func (r *Relay) domain() string { return r.out.From[strings.LastIndex(r.out.From, "@")+1:] }

// Carry hands a letter over. What the server refuses for good is a receipt in
// state failed; whatever else went wrong is an error, and may be tried again.
func (r *Relay) Carry(ctx context.Context, l channel.Letter) (receipt channel.Receipt, err error) {
	defer errs.Wrap(&err, "mail.Carry(%s)", l.ID)
	m, err := r.message(l)
	if err != nil {
		return channel.Receipt{State: channel.Failed, Why: err.Error()}, nil
	}
	client, err := gomail.NewClient(r.out.Host, r.options()...)
	if err != nil {
		return channel.Receipt{}, err
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // said goodbye badly: it was taken all the same
		return channel.Receipt{Ref: r.Ref(l.ID), State: channel.Sent}, nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		status := refused.EnhancedStatusCode()
		gone := noMailbox(status) || status == "" && refused.ErrorCode() == 550 && refused.Reason == gomail.ErrSMTPRcptTo
		return channel.Receipt{Ref: r.Ref(l.ID), State: channel.Failed, Gone: gone, Why: strings.TrimSpace(fmt.Sprintf("%d %s %s", refused.ErrorCode(), status, reason(status)))}, nil
	}
	return channel.Receipt{}, err
}

func (r *Relay) options() []gomail.Option {
	all := []gomail.Option{gomail.WithPort(r.out.Port), gomail.WithTimeout(timeout), gomail.WithHELO(r.domain())}
	switch r.out.Security {
	case TLS:
		all = append(all, gomail.WithSSL())
	case None:
		all = append(all, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		all = append(all, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if r.out.TLSConfig != nil {
		all = append(all, gomail.WithTLSConfig(r.out.TLSConfig))
	}
	if r.dial != nil {
		all = append(all, gomail.WithDialContextFunc(r.connect))
	}
	if r.out.User != "" {
		// The library does not know of the TLS that connect has made, and would hold
		// the password back; by now the connection is encrypted, or stays here.
		all = append(all, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc),
			gomail.WithUsername(r.out.User), gomail.WithPassword(r.out.Password))
	}
	return all
}

// connect dials within what may be called; the library dials TLS by itself
// alone where it is not told how to dial.
func (r *Relay) connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := r.dial(ctx, network, address)
	if err != nil || r.out.Security != TLS {
		return conn, err
	}
	cfg := &tls.Config{ServerName: r.out.Host, MinVersion: tls.VersionTLS12}
	if r.out.TLSConfig != nil {
		cfg = r.out.TLSConfig.Clone()
		cfg.ServerName = r.out.Host
	}
	over := tls.Client(conn, cfg)
	if err := over.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return over, nil
}

// message is a letter as a mail: its words plain and as simple HTML.
func (r *Relay) message(l channel.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(r.out.Name.In(l.Lang), r.out.From); err != nil {
		return nil, errors.New("from is not an address")
	}
	if err := m.To(l.Address); err != nil {
		return nil, errors.New("to is not an address")
	}
	if back := r.back(l.ID); back != "" {
		if err := errors.Join(m.EnvelopeFrom(back), m.ReplyTo(back)); err != nil {
			return nil, errors.New("the box is not an address")
		}
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<mailto:"+r.out.Box+"?subject=stop>")
	}
	subject := l.Subject.In(l.Lang)
	if subject == "" {
		subject = r.out.Name.In(l.Lang)
	}
	m.Subject(subject)
	m.SetDate()
	m.SetMessageIDWithValue(r.Ref(l.ID))
	if l.Thread != "" {
		root := "<thread." + l.Thread + "@" + r.domain() + ">"
		m.SetGenHeader(gomail.HeaderInReplyTo, root)
		m.SetGenHeader(gomail.HeaderReferences, root)
	}
	m.SetGenHeader("List-Id", "<cases."+r.domain()+">")
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Loop", r.domain())
	m.SetGenHeader("Content-Language", string(l.Lang))
	m.SetBodyString(gomail.TypeTextPlain, plain(l))
	m.AddAlternativeString(gomail.TypeTextHTML, simple(l))
	return m, nil
}

// back is where answers to a letter and its bounces go: the box, with the
// letter's id, which only its reader knows.
func (r *Relay) back(id string) string {
	local, host, ok := strings.Cut(r.out.Box, "@")
	if !ok {
		return ""
	}
	return local + "+" + id + "@" + host
}

func plain(l channel.Letter) string {
	text := l.Words() + "\n"
	if l.Link != "" && !strings.Contains(text, l.Link) {
		text += "\n" + l.Link + "\n"
	}
	return text
}

func simple(l channel.Letter) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang=%q><meta charset="utf-8"><body style="font-family:sans-serif;font-size:16px;line-height:1.6">`, string(l.Lang))
	for part := range strings.SplitSeq(l.Words(), "\n") {
		b.WriteString("<p>" + html.EscapeString(part) + "</p>")
	}
	if l.Link != "" {
		link := html.EscapeString(l.Link)
		b.WriteString(`<p><a href="` + link + `">` + link + `</a></p>`)
	}
	return b.String() + "</body></html>\n"
}

// reason says in plain words what an enhanced status means (RFC 3463).
func reason(status string) string {
	switch {
	case strings.HasPrefix(status, "5.1."):
		return "没有这个邮箱 · no such mailbox"
	case status == "5.2.2":
		return "邮箱满了 · the mailbox is full"
	case strings.HasPrefix(status, "5.2."):
		return "邮箱停用 · the mailbox is not in use"
	case strings.HasPrefix(status, "5.7."):
		return "对方按规定不收 · refused by the receiver's rules"
	}
	return "对方不收 · refused"
}
