package app_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
)

// issuer signs certificates as an authority does.
type issuer struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, pool: x509.NewCertPool()}
	var der []byte
	i.key, der = i.make(&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil)
	var err error
	if i.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	i.pool.AddCert(i.cert)
	return i
}

func (i *issuer) make(of *x509.Certificate, by *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	i.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		i.t.Fatal(err)
	}
	of.NotBefore, of.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent := i.cert
	if by == nil {
		by, parent = key, of
	}
	der, err := x509.CreateCertificate(rand.Reader, of, parent, &key.PublicKey, by)
	if err != nil {
		i.t.Fatal(err)
	}
	return key, der
}

// write puts a certificate for names, with a serial number, into two files.
func (i *issuer) write(certFile, keyFile string, serial int64, names ...string) {
	i.t.Helper()
	key, der := i.make(&x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: names, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, i.key)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		i.t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			i.t.Fatal(err)
		}
	}
}

// answering is a house that serves on ports of its own.
type answering struct {
	main, plain string // addresses
	log         *logBook
	app         *app.App
}

// logBook keeps what was logged.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serving serves the invented district as cfg says, with a plain listener that
// leads to it. known changes cfg once the addresses are.
func serving(t *testing.T, cfg app.Config, known ...func(*app.Config, *answering)) *answering {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	a := &answering{log: &logBook{}}
	cfg.Database, cfg.Files = "sqlite:"+filepath.Join(dir, "linli.db"), filepath.Join(dir, "files")
	cfg.Log = slog.New(slog.NewTextHandler(a.log, nil))
	cfg.Password = access.Config{Cost: access.Cost{MemoryKiB: 64, Passes: 1}, Wait: func(context.Context, time.Duration) error { return nil }}
	if err := app.Seed(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	var err error
	var listeners [2]net.Listener
	for i := range listeners {
		if listeners[i], err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	a.main, a.plain = listeners[0].Addr().String(), listeners[1].Addr().String()
	for _, change := range known {
		change(&cfg, a)
	}
	if a.app, err = app.New(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	h, err := a.app.House(ctx)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.app.ServeWith(running, listeners[0], listeners[1], h) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.app.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// client speaks to address whatever the name in the address is, and trusts pool.
func client(pool *x509.CertPool, address string, most uint16) *http.Client {
	return &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			ForceAttemptHTTP2: true, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{RootCAs: pool, MaxVersion: most, MinVersion: tls.VersionTLS10}, //nolint:gosec // old versions must be refused
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			},
		},
	}
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	got, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got, string(body)
}

// TestTLSFromFiles speaks TLS with a certificate of two files, changes them
// under the running program, and comes without TLS.
//
// ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4, 3.4.1, 4.1.2, 12.1.1, 12.2.1
// GB/T 22239 8.1.4.1c, 8.1.4.7a, 8.1.4.8a
func TestTLSFromFiles(t *testing.T) {
	t.Parallel()
	const name = "linli.example"
	i, dir := newIssuer(t), t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	i.write(cert, key, 7, name)
	a := serving(t, app.Config{TLS: app.TLS{Cert: cert, Key: key}})

	got, _ := get(t, client(i.pool, a.main, 0), "https://"+name+"/sign-in")
	if got.TLS.Version != tls.VersionTLS13 || got.ProtoMajor != 2 {
		t.Errorf("spoke %s over HTTP/%d, want TLS 1.3 and HTTP/2", tls.VersionName(got.TLS.Version), got.ProtoMajor)
	}
	if hsts := got.Header.Get("Strict-Transport-Security"); !strings.Contains(hsts, "max-age=63072000") {
		t.Errorf("HSTS: %q", hsts)
	}
	if got, _ := get(t, client(i.pool, a.main, tls.VersionTLS12), "https://"+name+"/healthz"); got.TLS.Version != tls.VersionTLS12 {
		t.Errorf("TLS 1.2 was not taken: %s", tls.VersionName(got.TLS.Version))
	}
	if _, err := client(i.pool, a.main, tls.VersionTLS11).Get("https://" + name + "/healthz"); err == nil {
		t.Error("TLS 1.1 was taken")
	}
	cookies(t, client(i.pool, a.main, 0), "https://"+name)

	i.write(cert, key, 8, name)
	if got, _ := get(t, client(i.pool, a.main, 0), "https://"+name+"/healthz"); got.TLS.PeerCertificates[0].SerialNumber.Int64() != 8 {
		t.Errorf("the changed certificate is not served: number %v", got.TLS.PeerCertificates[0].SerialNumber)
	}
	if err := os.WriteFile(key, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, _ := get(t, client(i.pool, a.main, 0), "https://"+name+"/healthz"); got.TLS.PeerCertificates[0].SerialNumber.Int64() != 8 || !strings.Contains(a.log.String(), "cannot be read") {
		t.Errorf("a broken key ended the serving, or is not logged: %s", a.log.String())
	}
	redirects(t, a, name)
}

// cookies checks that every cookie holds to TLS.
func cookies(t *testing.T, c *http.Client, base string) {
	t.Helper()
	for _, path := range []string{"/choose?lang=en&next=/", "/area"} {
		post, err := c.PostForm(base+path, map[string][]string{"area": {"990101001001"}})
		if err != nil {
			t.Fatal(err)
		}
		post.Body.Close()
		got, _ := get(t, c, base+path)
		for _, one := range append(got.Cookies(), post.Cookies()...) {
			if !one.Secure || !one.HttpOnly || one.SameSite != http.SameSiteLaxMode || one.Path != "/" || one.Domain != "" {
				t.Errorf("%s: cookie %s: %v", path, one.Name, one.Raw)
			}
			if !strings.HasPrefix(one.Name, "__Host-") {
				t.Errorf("%s: cookie %s has no prefix", path, one.Name)
			}
		}
		if len(got.Cookies())+len(post.Cookies()) == 0 {
			t.Errorf("%s: no cookie to look at", path)
		}
	}
}

// redirects checks the plain listener.
func redirects(t *testing.T, a *answering, name string) {
	t.Helper()
	c := client(nil, a.plain, 0)
	_, port, _ := net.SplitHostPort(a.main)
	got, _ := get(t, c, "http://"+name+"/track?number=1")
	if want := "https://" + name + ":" + port + "/track?number=1"; got.StatusCode != http.StatusMovedPermanently || got.Header.Get("Location") != want {
		t.Errorf("without TLS: %d to %q, want %q", got.StatusCode, got.Header.Get("Location"), want)
	}
	if got, _ := get(t, c, "http://evil.example/"); got.StatusCode != http.StatusMisdirectedRequest || got.Header.Get("Location") != "" {
		t.Errorf("a name that is not ours: %d to %q", got.StatusCode, got.Header.Get("Location"))
	}
	post, err := c.PostForm("http://"+name+"/sign-in", map[string][]string{"login": {"suming"}})
	if err != nil {
		t.Fatal(err)
	}
	post.Body.Close()
	if post.StatusCode != http.StatusBadRequest {
		t.Errorf("a form without TLS: %d", post.StatusCode)
	}
	if got, _ := get(t, c, "http://"+name+"/api/v1/cases"); got.StatusCode != http.StatusBadRequest {
		t.Errorf("a machine without TLS: %d", got.StatusCode)
	}
}

// Without TLS there is no HSTS, which would lock readers out; behind a proxy
// that speaks TLS there is.
//
// ASVS 3.4.1
func TestHSTSOnlyBehindTLS(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		a := serving(t, app.Config{Secure: secure})
		got, _ := get(t, client(nil, a.main, 0), "http://linli.example/choose?lang=en")
		if has := got.Header.Get("Strict-Transport-Security") != ""; has != secure {
			t.Errorf("secure %v: HSTS %v", secure, has)
		}
		for _, c := range got.Cookies() {
			if c.Secure != secure {
				t.Errorf("secure %v: cookie %v", secure, c.Raw)
			}
		}
	}
}
