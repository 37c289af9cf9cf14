package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"linli/internal/errs"
	"linli/internal/lang"
)

// OIDC says at which other house staff may sign in, by OpenID Connect. Its zero
// value is at none.
type OIDC struct {
	Issuer string    // its address, as it calls itself
	Client string    // what it knows this program by
	Secret string    // and what this program shows it
	Name   lang.Text // how the button calls it
	// Claim is whose value names the account at the first sign-in, such as
	// preferred_username. Empty: people bind their account themselves, signed in.
	Claim string
	// Strong are the values of amr or acr that stand for a second factor asked
	// for there. Empty: this program asks for its own.
	Strong []string
	HTTP   *http.Client // nil is one with a time limit
}

// On reports whether there is such a house.
func (o OIDC) On() bool { return o.Issuer != "" }

// Limits of what is asked of the other house.
const (
	providerTime = 10 * time.Second
	leaveMost    = 10 * time.Minute // between leaving for it and coming back
)

// algorithms are those of signatures that only the other house can make.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// Provider is the other house. It is asked about itself at the first sign-in,
// so that this program starts and people sign in with passwords while it is
// down.
type Provider struct {
	OIDC
	mu    sync.Mutex
	found *discovered
}

// discovered is what the other house says of itself.
type discovered struct {
	*oidc.Provider
	End       string `json:"end_session_endpoint"`
	NamesSelf bool   `json:"authorization_response_iss_parameter_supported"`
}

// NewProvider checks what was configured. It asks nobody.
func NewProvider(o OIDC) (p *Provider, err error) {
	defer errs.Wrap(&err, "access.NewProvider")
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return nil, errs.New(errs.Invalid, "统一登录的地址要以 https:// 开头：%s", "the address of the sign-in provider must begin with https://: %s", o.Issuer).Because(err)
	}
	if o.Client == "" {
		return nil, errs.New(errs.Invalid, "统一登录要写明本系统的客户端编号", "the sign-in provider needs the client id of this program")
	}
	if o.Name.ZH == "" {
		o.Name = lang.T("单位统一登录", "your organisation's sign-in")
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: providerTime}
	}
	if o.HTTP.CheckRedirect == nil {
		client := *o.HTTP // where it sends us on to was not configured
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		o.HTTP = &client
	}
	return &Provider{OIDC: o}, nil
}

func isLoopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// discover asks the other house about itself, until it has answered once.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.HTTP), p.Issuer)
	if err != nil {
		return nil, p.away(err)
	}
	d := &discovered{Provider: found}
	if err := found.Claims(d); err != nil {
		return nil, p.away(err)
	}
	p.found = d
	return d, nil
}

// away is told while the other house does not answer.
func (p *Provider) away(cause error) error {
	return errs.New(errs.Busy, "“%s”现在连不上。可以先用登录名和密码登录。", "“%[2]s” cannot be reached now. You can sign in with login and password.", p.Name.ZH, p.Name.In(lang.EN)).Because(cause)
}

// turnedAway is told when what came back from the other house does not hold.
// What was wrong is for the log.
func (p *Provider) turnedAway(cause error) error {
	return errs.New(errs.SignIn, "没有登录成，请从登录页重新来一次。", "You are not signed in; please begin again from the sign-in page.").Because(cause)
}

func (p *Provider) exchange(d *discovered, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: d.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

// Leaving is what is remembered in the reader's session while he is at the
// other house. It is good for one return.
type Leaving struct {
	State, Nonce, Verifier string
	Back                   string // the address he comes back to
	At                     time.Time
}

// Leave begins a sign-in at the other house: where the reader goes, and what to
// remember. back is where he comes back to.
func (p *Provider) Leave(ctx context.Context, back string, now time.Time) (to string, l Leaving, err error) {
	defer errs.Wrap(&err, "access.Leave")
	d, err := p.discover(ctx)
	if err != nil {
		return "", Leaving{}, err
	}
	l = Leaving{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back, At: now}
	return p.exchange(d, back).AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)), l, nil
}

// Stated is who the other house says has come.
type Stated struct {
	Issuer, Subject string
	Login           string // the value of the claim; empty where none is configured or given
	Strong          bool   // a second factor was asked for there
}

// Return takes what the reader brings back. Anything that does not hold, of
// whatever kind, is errs.SignIn in the same words; errs.Busy where the other
// house does not answer.
func (p *Provider) Return(ctx context.Context, l Leaving, query url.Values, now time.Time) (s Stated, err error) {
	defer errs.Wrap(&err, "access.Return")
	d, err := p.discover(ctx)
	if err != nil {
		return Stated{}, err
	}
	if err := p.answered(d, l, query, now); err != nil {
		return Stated{}, err
	}
	ctx = oidc.ClientContext(ctx, p.HTTP)
	token, err := p.exchange(d, l.Back).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(l.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused):
		return Stated{}, p.turnedAway(errors.New("the code is refused: " + refused.ErrorCode))
	case err != nil:
		return Stated{}, p.away(err)
	}
	return p.read(ctx, d, token, l.Nonce, now)
}

// answered checks the address the reader came back with: that this browser left
// for it, not long ago, and that it is this house that answers.
func (p *Provider) answered(d *discovered, l Leaving, query url.Values, now time.Time) error {
	if l.State == "" || subtle.ConstantTimeCompare([]byte(l.State), []byte(query.Get("state"))) != 1 {
		return p.turnedAway(errors.New("state is not ours"))
	}
	if now.Sub(l.At) > leaveMost {
		return p.turnedAway(errors.New("came back too late"))
	}
	if iss := query.Get("iss"); iss != p.Issuer && (iss != "" || d.NamesSelf) {
		return p.turnedAway(errors.New("another house answers"))
	}
	if code := query.Get("error"); code != "" {
		return errs.New(errs.SignIn, "“%s”那边没有登录成。可以再试，或用登录名和密码登录。", "Signing in at “%[2]s” did not succeed. Try again, or use login and password.", p.Name.ZH, p.Name.In(lang.EN)).
			Because(errors.New("the provider answers with an error"))
	}
	if query.Get("code") == "" {
		return p.turnedAway(errors.New("no code"))
	}
	return nil
}

// claims are the claims that count beside the configured one.
type claims struct {
	Party string   `json:"azp"`
	AMR   []string `json:"amr"`
	ACR   string   `json:"acr"`
}

// read checks the token and gives who it is about.
func (p *Provider) read(ctx context.Context, d *discovered, token *oauth2.Token, nonce string, now time.Time) (Stated, error) {
	raw, _ := token.Extra("id_token").(string)
	checker := d.Verifier(&oidc.Config{ClientID: p.Client, SupportedSigningAlgs: algorithms, Now: func() time.Time { return now }})
	id, err := checker.Verify(ctx, raw)
	if err != nil {
		return Stated{}, p.turnedAway(err)
	}
	var c claims
	all := map[string]any{}
	if err := errors.Join(id.Claims(&c), id.Claims(&all)); err != nil {
		return Stated{}, p.turnedAway(err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return Stated{}, p.turnedAway(errors.New("nonce is not ours"))
	case (len(id.Audience) > 1 || c.Party != "") && c.Party != p.Client:
		return Stated{}, p.turnedAway(errors.New("the token is for another program"))
	case id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil:
		return Stated{}, p.turnedAway(errors.New("the two tokens do not belong together"))
	}
	s := Stated{Issuer: p.Issuer, Subject: id.Subject, Strong: p.strong(c)}
	s.Login, err = p.login(ctx, d, token, id.Subject, all)
	return s, err
}

func (p *Provider) strong(c claims) bool {
	return slices.ContainsFunc(p.Strong, func(s string) bool { return s == c.ACR || slices.Contains(c.AMR, s) })
}

// login is the value of the configured claim, asked for where the token does
// not carry it. An electronic address counts only when it was verified.
func (p *Provider) login(ctx context.Context, d *discovered, token *oauth2.Token, subject string, all map[string]any) (string, error) {
	if p.Claim == "" {
		return "", nil
	}
	if _, ok := all[p.Claim]; !ok {
		info, err := d.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return "", p.away(err)
		}
		if info.Subject != subject {
			return "", p.turnedAway(errors.New("the answer is about somebody else"))
		}
		if err := info.Claims(&all); err != nil {
			return "", p.turnedAway(err)
		}
	}
	if verified, _ := all["email_verified"].(bool); p.Claim == "email" && !verified {
		return "", nil
	}
	value, _ := all[p.Claim].(string)
	return strings.TrimSpace(value), nil
}

// EndURL is where a reader ends the session at the other house too; empty where
// it has no such page, or was never reached. back is where it leads afterwards.
func (p *Provider) EndURL(back string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil || p.found.End == "" {
		return ""
	}
	u, err := url.Parse(p.found.End)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.Client)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}
