// Package outbound calls other servers. Addresses that others named must not
// lead into our own networks: a client refuses private, loopback and other
// special addresses where it dials, after the name was looked up, so that a
// name that changes its mind is refused as well, and follows no redirect.
package outbound

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"linli/internal/errs"
)

// Config says what may be called. Its zero value is the public internet.
type Config struct {
	Allow   []netip.Prefix // networks that may be called though they are not public
	Timeout time.Duration  // of a whole call; zero: 20 s
}

// The bounds of a call.
const (
	timeout  = 20 * time.Second
	dialTime = 5 * time.Second
)

// Client calls out within cfg. It keeps no cookies, takes no proxy from the
// environment and gives a redirect back as the answer it is.
func Client(cfg Config) *http.Client {
	if cfg.Timeout == 0 {
		cfg.Timeout = timeout
	}
	return &http.Client{
		Timeout:       cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: Dialer(cfg).DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: cfg.Timeout, MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// Dialer connects within cfg, for what is not HTTP.
func Dialer(cfg Config) *net.Dialer {
	return &net.Dialer{Timeout: dialTime, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return cfg.check(address)
	}}
}

// check refuses an address that is being dialled.
func (cfg Config) check(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial %s: %w", address, err)
	}
	if ip := at.Addr().Unmap().WithZone(""); !Public(ip) && !slices.ContainsFunc(cfg.Allow, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return errs.New(errs.Forbidden, "不能连到内部地址。要连，请在配置里写明允许的网段。", "Addresses inside are not called. To call one, allow its network in the configuration.")
	}
	return nil
}

// special are the networks of RFC 6890 and its kin that are nobody's public
// address, beyond those that netip knows.
var special = func() (all []netip.Prefix) {
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}()

// Public reports whether an address belongs to the public internet.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Read gives the body of an answer, at most most bytes, and closes it. More is
// errs.TooLarge.
func Read(r *http.Response, most int64) (body []byte, err error) {
	defer errs.Wrap(&err, "outbound.Read")
	defer r.Body.Close()
	body, err = io.ReadAll(io.LimitReader(r.Body, most+1))
	if err == nil && int64(len(body)) > most {
		return nil, errs.New(errs.TooLarge, "对方回的内容太大。", "The answer is too large.")
	}
	return body, err
}
