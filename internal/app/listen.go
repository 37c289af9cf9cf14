package app

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Bounds of what connections may take up. A page opens up to six of them and a
// live one stays, so that an address with a hotline centre of five hundred
// seats behind it needs some thousands; TLS with HTTP/2 needs one a browser.
const (
	connectionsMost    = 20_000
	connectionsAddress = 4_000
	headerMost         = 32 << 10
	headerTime         = 10 * time.Second
	idleTime           = 2 * time.Minute
)

// serverOf is a server whose readers cannot hold it up. How slowly a body may
// come and an answer be taken is for package web, which knows what is sent.
func serverOf(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerMost,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// bounded closes connections over a bound as they come, those of one address
// before those of all. A proxy's are not counted by address: they are
// everybody's.
type bounded struct {
	net.Listener
	proxies []netip.Prefix
	address int // connections an address may have
	most    int
	mu      sync.Mutex
	open    int
	of      map[netip.Addr]int
}

func bound(l net.Listener, proxies []netip.Prefix) *bounded {
	return &bounded{Listener: l, proxies: proxies, address: connectionsAddress, most: connectionsMost, of: map[netip.Addr]int{}}
}

// Accept gives the next connection that is within the bounds.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := b.counted(c)
		if b.enter(from) {
			return &counted{Conn: c, leave: sync.OnceFunc(func() { b.leave(from) })}, nil
		}
		_ = c.Close() // it was not wanted
	}
}

// counted is the address that a connection counts for; the zero address for
// one that counts for none.
func (b *bounded) counted(c net.Conn) netip.Addr {
	from, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	a := from.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(b.proxies, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return netip.Addr{}
	}
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}

func (b *bounded) enter(from netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open >= b.most || from.IsValid() && b.of[from] >= b.address {
		return false
	}
	b.open++
	b.of[from]++
	return true
}

func (b *bounded) leave(from netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open--
	if b.of[from]--; b.of[from] == 0 {
		delete(b.of, from)
	}
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	leave func()
}

// Close ends the counting too, however often it is called.
func (c *counted) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
