package web

import (
	"net/netip"
	"testing"
)

// Whom a request counts for is decided by what the nearest proxy says, and never
// by what a stranger writes.
//
// ASVS 4.1.3, 15.3.4
func TestSender(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		why, from string
		forwarded []string
		want      string
	}{
		{"nobody between", "203.0.113.7", nil, "203.0.113.7"},
		{"a stranger writes the header himself", "203.0.113.7", []string{"198.51.100.1"}, "203.0.113.7"},
		{"a proxy speaks for a reader", "10.0.0.2", []string{"203.0.113.7"}, "203.0.113.7"},
		{"the reader wrote something before it", "10.0.0.2", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"two proxies of ours", "10.0.0.2", []string{"203.0.113.7, 10.0.0.9"}, "203.0.113.7"},
		{"in two headers", "10.0.0.2", []string{"203.0.113.7", "10.0.0.9"}, "203.0.113.7"},
		{"a proxy that says nothing", "10.0.0.2", nil, "10.0.0.2"},
		{"a proxy that says nonsense", "10.0.0.2", []string{"x"}, "10.0.0.2"},
		{"over IPv6", "fd00::1", []string{"2001:db8::7"}, "2001:db8::7"},
		{"a proxy's own address as IPv6 writes IPv4", "::ffff:10.0.0.2", []string{"203.0.113.7"}, "203.0.113.7"},
	} {
		if got := sender(proxies, netip.MustParseAddr(c.from), c.forwarded); got != netip.MustParseAddr(c.want) {
			t.Errorf("%s: counts for %v, want %s", c.why, got, c.want)
		}
	}
}

// ASVS 4.1.3
func FuzzSender(f *testing.F) {
	f.Add("203.0.113.7, 10.0.0.9")
	f.Fuzz(func(t *testing.T, forwarded string) {
		if got := sender([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}, netip.MustParseAddr("203.0.113.7"), []string{forwarded}); got.String() != "203.0.113.7" {
			t.Errorf("a stranger counts for %v by writing %q", got, forwarded)
		}
	})
}
