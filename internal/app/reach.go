package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"linli/internal/access"
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

// mail servers are tried by connecting, and saying nothing. The operator named
// them, so any address will do.
func (k *knocker) mail(m *mailSet) {
	try := func(name string, s *server) {
		if s != nil && s.Host != "" && s.Port != 0 {
			k.reach[name] = func(ctx context.Context) error {
				return knock(ctx, &net.Dialer{}, net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), "")
			}
		}
	}
	if m != nil {
		try("channel mail out", m.Out)
		if m.In != nil {
			try("channel mail in", &m.In.server)
		}
	}
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
				k.web("hook "+h.Name, address)
			}
		}
		peers, err := peer.All(ctx, r, code)
		if err != nil {
			return
		}
		for _, p := range peers {
			if p.Runs {
				k.web("peer "+p.Name, p.Address)
			}
		}
	}
}

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
// name, too. What is wrong is said without addresses of this machine and without
// the path, which may hold a key.
func knock(ctx context.Context, dial *net.Dialer, address, secure string) error {
	c, err := dial.DialContext(ctx, "tcp", address)
	if err != nil {
		if _, ok := errs.TextOf(err); ok {
			return err
		}
		var at *net.OpError
		if errors.As(err, &at) {
			return at.Err
		}
		return err
	}
	if secure != "" {
		t := tls.Client(c, &tls.Config{ServerName: secure, MinVersion: tls.VersionTLS12})
		if err := t.HandshakeContext(ctx); err != nil {
			return errors.Join(err, c.Close())
		}
		return t.Close()
	}
	return c.Close()
}
