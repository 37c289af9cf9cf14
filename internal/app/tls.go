package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"linli/internal/errs"
)

// TLS says how the program speaks TLS itself: with the certificate of two
// files, or with one it asks an ACME directory for. Its zero value is not at
// all, for loopback and for a place behind a proxy.
type TLS struct {
	Cert, Key string   // files in PEM, read again when they change
	Hosts     []string // names to ask certificates for
	Cache     string   // folder that keeps those certificates
	Directory string   // of ACME; empty is Let's Encrypt's
	Roots     string   // file in PEM: who vouches for the directory, in a closed network
}

// On reports whether there is any.
func (t TLS) On() bool { return t.Cert != "" || t.Key != "" || len(t.Hosts) > 0 }

// ciphers are those of TLS 1.2 that keep what was said secret though the key
// be stolen later, and that nobody can change on the way. TLS 1.3, which is
// taken wherever both sides know it, has no others.
var ciphers = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// spoken is TLS made ready: how to speak it, what the plain listener answers
// itself, and which names are ours.
type spoken struct {
	config    *tls.Config
	challenge func(http.Handler) http.Handler // nil where nobody asks over plain HTTP
	ours      func(host string) error
	first     string // of our names; empty where the certificate does not depend on it
}

// ready opens files or cache. It fails at the start rather than at the first
// reader.
func (t TLS) ready(log *slog.Logger) (s *spoken, err error) {
	defer errs.Wrap(&err, "app.TLS")
	config := &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: ciphers, NextProtos: []string{"h2", "http/1.1"}}
	if len(t.Hosts) > 0 {
		return t.asked(config)
	}
	if t.Cert == "" || t.Key == "" {
		return nil, errs.New(errs.Invalid, "证书和私钥要一起给：--tls-cert 和 --tls-key。", "Certificate and key go together: --tls-cert and --tls-key.")
	}
	pair := &pair{cert: t.Cert, key: t.Key, log: log}
	if _, err := pair.get(nil); err != nil {
		return nil, errs.New(errs.Invalid, "证书读不出来：%s、%s。", "The certificate cannot be read: %s, %s.", t.Cert, t.Key).Because(err)
	}
	config.GetCertificate = pair.get
	return &spoken{config: config, ours: pair.ours}, nil
}

// asked gets certificates by ACME as names are first asked for, and again
// before they end.
func (t TLS) asked(config *tls.Config) (*spoken, error) {
	if t.Cache == "" {
		return nil, errs.New(errs.Invalid, "自动取证书要有存放的文件夹：--acme-cache。", "Certificates by ACME need a folder to be kept in: --acme-cache.")
	}
	client := &acme.Client{DirectoryURL: t.Directory, HTTPClient: &http.Client{Timeout: askTime, CheckRedirect: stay}}
	if t.Roots != "" {
		var err error
		if client.HTTPClient, err = Trusting(t.Roots); err != nil {
			return nil, err
		}
	}
	manager := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(t.Cache), HostPolicy: autocert.HostWhitelist(t.Hosts...), Client: client}
	config.GetCertificate = manager.GetCertificate
	config.NextProtos = append(config.NextProtos, acme.ALPNProto)
	return &spoken{config: config, challenge: manager.HTTPHandler, first: t.Hosts[0], ours: func(host string) error {
		if !slices.Contains(t.Hosts, host) {
			return fmt.Errorf("%s is not one of our names", host)
		}
		return nil
	}}, nil
}

// askTime bounds a question to a directory or a provider.
const askTime = 15 * time.Second

// stay keeps a client from being led to an address that nobody configured.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Trusting is a client that trusts what the certificates of a file in PEM vouch
// for and nothing else, for a closed network with an authority of its own.
func Trusting(file string) (c *http.Client, err error) {
	defer errs.Wrap(&err, "app.Trusting(%s)", file)
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return nil, errs.New(errs.Invalid, "%s 里没有证书。", "%s holds no certificate.", file)
	}
	return &http.Client{Timeout: askTime, CheckRedirect: stay, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}, nil
}

// pair is a certificate in two files.
type pair struct {
	cert, key string
	log       *slog.Logger
	mu        sync.Mutex
	read      *tls.Certificate
	state     [2]fileState // of the files last tried
}

type fileState struct {
	at   time.Time
	size int64
}

// get gives the certificate, read again where the files have changed. Files
// that cannot be read, such as a key not yet exchanged with its certificate,
// leave the one that was there.
func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := [2]fileState{stateOf(p.cert), stateOf(p.key)}
	if p.read != nil && now == p.state {
		return p.read, nil
	}
	p.state = now
	fresh, err := tls.LoadX509KeyPair(p.cert, p.key)
	switch {
	case err == nil:
		p.read = &fresh
	case p.read == nil:
		return nil, err
	default:
		p.log.Error("the changed certificate cannot be read, the one before it serves on", "error", err)
	}
	return p.read, nil
}

// ours is whether the certificate covers a name.
func (p *pair) ours(host string) error {
	c, err := p.get(nil)
	if err != nil {
		return err
	}
	return c.Leaf.VerifyHostname(host)
}

// stateOf is the zero state for a file that is not there.
func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}
	}
	return fileState{info.ModTime(), info.Size()}
}

// plain answers without TLS: what ACME asks, and for every page of ours where
// it really is. A form that came here has been sent in clear already, so it is
// not taken as if nothing had happened.
func (s *spoken) plain(port string) http.Handler {
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(r.Host); err == nil {
			host = name
		}
		if s.ours(host) != nil {
			http.Error(w, "这里没有这个网站 / no such site here", http.StatusMisdirectedRequest)
			return
		}
		// Leading a machine on would hide that it sends its key in clear.
		machine := strings.HasPrefix(r.URL.Path, "/api/") || r.Header.Get("Authorization") != ""
		if machine || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "请改用 https / please use https", http.StatusBadRequest)
			return
		}
		if port != "443" {
			host = net.JoinHostPort(host, port)
		}
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	if s.challenge == nil {
		return redirect
	}
	asked := s.challenge(redirect)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The name alone decides whether the question is for us; a forwarded
		// port may stand behind it.
		if name, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = name
		}
		asked.ServeHTTP(w, r)
	})
}

// redirect answers on a listener without TLS until ctx ends: it leads to port,
// where TLS is spoken, and proves to ACME that our names are ours.
func (s *spoken) redirect(ctx context.Context, listener net.Listener, port string, log *slog.Logger) error {
	server := serverOf(s.plain(port), log)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing here is worth waiting for
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("redirect: %w", err)
	}
	return nil
}
