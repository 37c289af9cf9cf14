package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/smtp"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2/imapclient"

	"linli/internal/access"
	"linli/internal/channel/mail"
	"linli/internal/channel/push"
	"linli/internal/channel/sms"
	"linli/internal/channel/wechat"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/hook"
	"linli/internal/outbound"
	"linli/internal/peer"
	"linli/internal/vault"
)

// Reach names how to try what an installation talks to: the channels that are set
// up, the servers that other systems named, and the house at which staff sign in.
// Nothing is sent to anybody: a connection is made, a key is asked for. What a
// database knows is left out where it cannot be read.
func Reach(ctx context.Context, cfg Config) (reach map[string]func(context.Context) error, err error) {
	defer errs.Wrap(&err, "app.Reach")
	c, err := readChannels(cfg.Channels, cfg.Files)
	if err != nil {
		return nil, err
	}
	k := &knocker{cfg: cfg, dial: outbound.Dialer(outbound.Config{Allow: cfg.Outside}), reach: map[string]func(context.Context) error{}}
	k.mail(c.Mail)
	if err := errors.Join(k.sms(c.SMS), k.weChat(c.WeChat), k.signIn()); err != nil {
		return nil, err
	}
	keys, err := k.keys()
	if err != nil || keys == nil {
		return k.reach, err
	}
	if c.Push != nil {
		if _, err := push.New(keys.Derive("web push"), cmp.Or(c.Push.Contact, c.Site), outbound.Client(outbound.Config{Allow: cfg.Outside}), clock.System().Now); err != nil {
			k.reach["channel push"] = func(context.Context) error { return err }
		} else {
			k.reach["channel push"] = func(context.Context) error { return nil } // each browser has a server of its own
		}
	}
	r, err := db.OpenToRead(ctx, cfg.Database)
	if err != nil {
		return k.reach, nil //nolint:nilerr // whoever looks at the database says so
	}
	defer r.Close()
	k.others(ctx, r, keys)
	return k.reach, nil
}

// knocker gathers what can be tried.
type knocker struct {
	cfg   Config
	dial  *net.Dialer
	reach map[string]func(context.Context) error
}

// mail servers are tried as the service calls them, as far as their greeting and
// certificate; nobody signs in.
func (k *knocker) mail(m *mailSet) {
	if m == nil {
		return
	}
	if m.Out != nil && m.Out.Host != "" {
		out := mail.Out{Host: m.Out.Host, Port: m.Out.Port, Security: m.Out.TLS}.Settled()
		_, domain, _ := strings.Cut(m.Address, "@")
		k.reach["channel mail out"] = func(ctx context.Context) error {
			return k.greet(ctx, out.Host, out.Port, out.Security, func(c net.Conn, secure *tls.Config) error { return greetSMTP(c, out.Host, domain, secure) })
		}
	}
	if m.In != nil && m.In.Host != "" {
		in := mail.Mailbox{Host: m.In.Host, Port: m.In.Port, Security: m.In.TLS}.Settled()
		k.reach["channel mail in"] = func(ctx context.Context) error {
			return k.greet(ctx, in.Host, in.Port, in.Security, greetIMAP)
		}
	}
}

// greet connects to a mail server, over TLS where it is spoken from the start, and
// has hello say what comes then; secure is nil unless it goes over to TLS.
func (k *knocker) greet(ctx context.Context, host string, port int, security mail.Security, hello func(c net.Conn, secure *tls.Config) error) error {
	c, err := connected(ctx, k.dial, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = c.Close() })() // a server that says nothing is not waited for
	switch security {
	case mail.TLS:
		over, err := secured(ctx, c, host)
		if err != nil {
			return err
		}
		return hello(over, nil)
	case mail.StartTLS:
		return hello(c, tlsFor(host))
	}
	return hello(c, nil)
}

// greetSMTP waits for a server's greeting, says who we are, and goes over to TLS
// where it should.
func greetSMTP(c net.Conn, host, domain string, secure *tls.Config) error {
	said, err := smtp.NewClient(c, host)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	defer said.Close() //nolint:errcheck // it may have said goodbye
	if err := said.Hello(cmp.Or(domain, "localhost")); err != nil {
		return err
	}
	if secure != nil {
		if err := said.StartTLS(secure); err != nil {
			return err
		}
	}
	return said.Quit()
}

// greetIMAP does so at a mailbox.
func greetIMAP(c net.Conn, secure *tls.Config) error {
	if secure != nil {
		said, err := imapclient.NewStartTLS(c, &imapclient.Options{TLSConfig: secure})
		if err != nil {
			return err
		}
		return said.Close()
	}
	said := imapclient.New(c, nil)
	return errors.Join(said.WaitGreeting(), said.Close())
}

func (k *knocker) sms(s *smsSet) error {
	switch {
	case s == nil:
	case s.Gateway != nil:
		k.web("channel sms", s.Gateway.URL)
	case s.SMPP != nil:
		centre, err := sms.NewSMSC(*s.SMPP, k.dial, clock.System().Now, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		k.reach["channel sms"] = centre.Try
	}
	return nil
}

func (k *knocker) weChat(s *wechat.Settings) error {
	if s == nil {
		return nil
	}
	account, err := wechat.New(*s, outbound.Client(outbound.Config{Allow: k.cfg.Outside}), clock.System().Now)
	if err == nil {
		k.reach["channel wechat"] = account.Try
	}
	return err
}

func (k *knocker) signIn() error {
	if k.cfg.OIDC.Issuer == "" {
		return nil
	}
	o := k.cfg.OIDC
	o.Client = cmp.Or(o.Client, "doctor") // it is not asked for yet
	p, err := access.NewProvider(o)
	if err == nil {
		k.reach["sign-in"] = p.Try
	}
	return err
}

// keys are those that open what is sealed; nil where they are not there, which
// opening would make anew.
func (k *knocker) keys() (*vault.Vault, error) {
	path := filepath.Join(k.cfg.Files, KeyFile)
	if _, err := os.Stat(path); err != nil {
		return nil, nil //nolint:nilnil,nilerr // whoever looks at the folder says so
	}
	return vault.Open(path)
}

// others are the receivers of webhooks and the Open311 servers of every district.
func (k *knocker) others(ctx context.Context, r db.Reader, keys *vault.Vault) {
	codes, err := district.Codes(ctx, r)
	if err != nil {
		return // whoever looks at the database says so
	}
	for _, code := range codes {
		hooks, err := hook.Hooks(ctx, r, code)
		if err != nil {
			return
		}
		for _, h := range hooks {
			if address, err := (&hook.Book{Vault: keys}).Address(code, h); err == nil && h.State == hook.On {
				k.web(named("hook", h.Name, string(h.ID)), address)
			}
		}
		peers, err := peer.All(ctx, r, code)
		if err != nil {
			return
		}
		for _, p := range peers {
			if p.Runs {
				k.web(named("peer", p.Name, string(p.ID)), p.Address)
			}
		}
	}
}

// named tells two of one name from each other.
func named(kind, name, id string) string { return kind + " " + name + " (" + id + ")" }

// web tries the server of an address, as far as its certificate.
func (k *knocker) web(name, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		k.reach[name] = func(context.Context) error {
			return errs.New(errs.Invalid, "地址写得不对", "its address cannot be read")
		}
		return
	}
	port, secure := u.Port(), ""
	if u.Scheme == "https" {
		port, secure = cmp.Or(port, "443"), u.Hostname()
	}
	k.reach[name] = func(ctx context.Context) error {
		return knock(ctx, k.dial, net.JoinHostPort(u.Hostname(), cmp.Or(port, "80")), secure)
	}
}

// knock connects and lets go; with a name it asks for the certificate of that
// name, too.
func knock(ctx context.Context, dial *net.Dialer, address, secure string) error {
	c, err := connected(ctx, dial, address)
	if err != nil {
		return err
	}
	if secure != "" {
		if c, err = secured(ctx, c, secure); err != nil {
			return err
		}
	}
	return c.Close()
}

// tlsFor asks a server for the certificate of its name.
func tlsFor(host string) *tls.Config {
	return &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
}

// secured speaks TLS on a connection, and lets it go where that cannot be.
func secured(ctx context.Context, c net.Conn, host string) (net.Conn, error) {
	over := tls.Client(c, tlsFor(host))
	if err := over.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return over, nil
}

// connected dials. What is wrong is said without addresses of this machine and
// without the path, which may hold a key.
func connected(ctx context.Context, dial *net.Dialer, address string) (net.Conn, error) {
	c, err := dial.DialContext(ctx, "tcp", address)
	if err == nil {
		return c, nil
	}
	if _, ok := errs.TextOf(err); ok {
		return nil, err
	}
	var at *net.OpError
	if errors.As(err, &at) {
		return nil, at.Err
	}
	return nil, err
}
