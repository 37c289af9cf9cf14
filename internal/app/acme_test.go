package app_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/access/accesstest"
	"linli/internal/app"
)

// TestACME gets a certificate from a real ACME directory, which proves the name
// by asking the listeners of this program, and speaks TLS with it.
//
// ASVS 12.2.2, 12.3.2, 12.3.4
func TestACME(t *testing.T) {
	t.Parallel()
	const name = "linli.example"
	cache, roots := filepath.Join(t.TempDir(), "cache"), filepath.Join(t.TempDir(), "roots.pem")
	var said []string
	a := serving(t, app.Config{TLS: app.TLS{Hosts: []string{name}, Cache: cache, Roots: roots}}, func(cfg *app.Config, a *answering) {
		said, _ = accesstest.Run(t, filepath.Join("testdata", "acme"), 2, portOf(t, a.plain), portOf(t, a.main), roots)
		cfg.TLS.Directory = said[0]
	})
	pool := rootOf(t, said[1], roots)
	c := client(pool, a.main, 0)
	c.Timeout = time.Minute
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(a.log)
		}
	})
	got, _ := get(t, c, "https://"+name+"/healthz")
	first := got.TLS.PeerCertificates[0]
	if got.StatusCode != http.StatusOK || first.VerifyHostname(name) != nil {
		t.Errorf("%d with a certificate for %v", got.StatusCode, first.DNSNames)
	}
	if got, _ := get(t, c, "https://"+name+"/healthz"); got.TLS.PeerCertificates[0].SerialNumber.Cmp(first.SerialNumber) != 0 {
		t.Error("another certificate was asked for")
	}
	if kept, err := os.ReadDir(cache); err != nil || len(kept) < 2 {
		t.Errorf("the cache holds %v, %v", kept, err)
	}
	if _, err := client(pool, a.main, 0).Get("https://evil.example/"); err == nil {
		t.Error("a name that is not ours was served")
	}
	if got, _ := get(t, client(nil, a.plain, 0), "http://"+name+"/track"); got.StatusCode != http.StatusMovedPermanently || !strings.HasPrefix(got.Header.Get("Location"), "https://"+name) {
		t.Errorf("without TLS: %d to %q", got.StatusCode, got.Header.Get("Location"))
	}
}

// rootOf asks the directory which root its certificates have.
func rootOf(t *testing.T, url, roots string) *x509.CertPool {
	t.Helper()
	own, err := os.ReadFile(roots)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(own)
	c := &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}}
	answer, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		t.Fatalf("no root: %.100s", data)
	}
	return pool
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
