package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"linli/internal/web/page"
)

// proxied takes the address of a request from X-Forwarded-For where a proxy
// that was named sent it. Anybody else's header is words.
func proxied(h *page.House, next http.Handler) http.Handler {
	if len(h.Proxies) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			asked := r.Header.Values("X-Forwarded-For")
			r.RemoteAddr = net.JoinHostPort(sender(h.Proxies, from.Addr(), asked).String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// sender walks back along the proxies, nearest first, to the first address that
// is none of them. What that one claims about others is not believed.
func sender(proxies []netip.Prefix, from netip.Addr, forwarded []string) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	slices.Reverse(hops)
	for _, hop := range hops {
		if !trusted(proxies, from) {
			return from
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return from
		}
		from = before
	}
	return from
}

func trusted(proxies []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
