// Package accesstest starts real servers of others on the machine for a test: an
// OpenID provider, and any program that is a module of its own.
package accesstest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The client that a provider knows, and the password of everybody there: chenli,
// stranger and closed.
const (
	Client   = "web"
	Secret   = "secret"
	Password = "verysecure"
)

// Provider is a running OpenID provider.
type Provider struct {
	Issuer string
	t      testing.TB
	stop   func()
}

// Start builds and starts a provider that people may come back from to the
// given addresses. It ends with the test, or with Stop.
func Start(t testing.TB, back ...string) *Provider {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	said, stop := Run(t, filepath.Join(filepath.Dir(here), "..", "testdata", "provider"), 1, back...)
	return &Provider{Issuer: said[0], t: t, stop: stop}
}

// Stop ends the provider, as if it were down.
func (p *Provider) Stop() { p.stop() }

var requestID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// SignIn does at the provider what a person does who was sent to address: signs
// in, and gives the address that the provider then leads back to.
func (p *Provider) SignIn(address, user string) *url.URL {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var back *url.URL
	c := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), p.Issuer) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	form := p.read(c.Get(address))
	id := requestID.FindStringSubmatch(form)
	if id == nil {
		p.t.Fatalf("the provider shows no form: %.300s", form)
	}
	said := p.read(c.PostForm(p.Issuer+"/login/username", url.Values{"username": {user}, "password": {Password}, "id": {id[1]}}))
	if back == nil {
		p.t.Fatalf("the provider does not lead back: %.300s", said)
	}
	return back
}

func (p *Provider) read(r *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}
