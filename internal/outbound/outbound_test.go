package outbound

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"linli/internal/errs"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "223.5.5.5": true, "2400:3200::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.100.100.200": false, "0.0.0.0": false,
		"224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "fe80::1%eth0": false,
	} {
		if got := Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public %t, want %t", address, got, want)
		}
	}
}

// The address is looked at where it is dialled, however it was written.
func TestInsideIsNotCalled(t *testing.T) {
	t.Parallel()
	called := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	t.Cleanup(inside.Close)
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1.2.3"} {
		_, err := Client(Config{}).Get("http://" + host + port)
		if errs.KindOf(err) != errs.Forbidden || called {
			t.Errorf("%s: %v, called %t", host, err, called)
		}
	}
	allowed := Client(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	got, err := allowed.Get(inside.URL)
	if err != nil || !called {
		t.Fatalf("an allowed network is not called: %v", err)
	}
	got.Body.Close()
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	got, err := Client(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}).Get(server.URL + "/first")
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != http.StatusFound || len(asked) != 1 {
		t.Errorf("answered %d after %v", got.StatusCode, asked)
	}
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	for most, want := range map[int64]errs.Kind{4: errs.TooLarge, 5: ""} {
		r := httptest.NewRecorder()
		r.Body.WriteString("12345")
		if _, err := Read(r.Result(), most); errs.KindOf(err) != want {
			t.Errorf("%d: %v, want %q", most, err, want)
		}
	}
}
