package access

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"linli/internal/access/accesstest"
	"linli/internal/db"
	"linli/internal/errs"
)

const back = "http://127.0.0.1:1/sign-in/provider/back"

// house is a provider of the machine, and how this program knows it.
func house(t *testing.T, change func(*OIDC)) (*accesstest.Provider, *Provider) {
	t.Helper()
	running := accesstest.Start(t, back)
	o := OIDC{Issuer: running.Issuer, Client: accesstest.Client, Secret: accesstest.Secret, Claim: "preferred_username"}
	if change != nil {
		change(&o)
	}
	p, err := NewProvider(o)
	if err != nil {
		t.Fatal(err)
	}
	return running, p
}

// leave begins a sign-in, and signs a person in there.
func leave(t *testing.T, running *accesstest.Provider, p *Provider, user string) (Leaving, url.Values) {
	t.Helper()
	to, l, err := p.Leave(t.Context(), back, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	q, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Query(); got.Get("code_challenge_method") != "S256" || got.Get("code_challenge") == "" || got.Get("nonce") != l.Nonce || got.Get("state") != l.State || got.Get("response_type") != "code" {
		t.Errorf("the reader is sent with %v", got)
	}
	return l, running.SignIn(to, user).Query()
}

// TestOIDC signs in at a real provider, in every way that must and must not
// work.
//
// ASVS 6.8.2, 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.2, 10.1.2, 10.2.1, 10.2.2, 10.5.1, 10.5.3
func TestOIDC(t *testing.T) {
	t.Parallel()
	running, p := house(t, nil)
	l, answer := leave(t, running, p, "chenli")
	s, err := p.Return(t.Context(), l, answer, time.Now())
	if err != nil || s.Login != "chenli" || s.Subject != "id-chenli" || s.Issuer != running.Issuer || s.Strong {
		t.Fatalf("%+v, %v", s, err)
	}
	if end := p.EndURL("http://127.0.0.1:1/sign-in"); !strings.HasPrefix(end, running.Issuer) || !strings.Contains(end, "client_id=web") {
		t.Errorf("ends at %q", end)
	}
	for _, c := range []struct {
		why   string
		spoil func(*Leaving, url.Values, *time.Time)
		kind  errs.Kind
		cause string
	}{
		{"a state that is not this browser's", func(_ *Leaving, q url.Values, _ *time.Time) { q.Set("state", "x") }, errs.SignIn, "state is not ours"},
		{"a browser that never left", func(l *Leaving, q url.Values, _ *time.Time) { *l = Leaving{}; q.Set("state", "") }, errs.SignIn, "state is not ours"},
		{"a token for another sign-in", func(l *Leaving, _ url.Values, _ *time.Time) { l.Nonce = "x" }, errs.SignIn, "nonce is not ours"},
		{"a code stolen by whoever has no verifier", func(l *Leaving, _ url.Values, _ *time.Time) { l.Verifier = strings.Repeat("x", 43) }, errs.SignIn, "the code is refused"},
		{"a code that is none", func(_ *Leaving, q url.Values, _ *time.Time) { q.Set("code", "x") }, errs.SignIn, "the code is refused"},
		{"no code", func(_ *Leaving, q url.Values, _ *time.Time) { q.Del("code") }, errs.SignIn, "no code"},
		{"back an hour later", func(_ *Leaving, _ url.Values, now *time.Time) { *now = now.Add(time.Hour) }, errs.SignIn, "too late"},
		{"a token that has expired", func(l *Leaving, _ url.Values, now *time.Time) { *now = now.Add(2 * time.Hour); l.At = *now }, errs.SignIn, "expired"},
		{"another house answers", func(_ *Leaving, q url.Values, _ *time.Time) { q.Set("iss", "https://evil.example") }, errs.SignIn, "another house"},
		{"the person said no there", func(_ *Leaving, q url.Values, _ *time.Time) { q.Set("error", "access_denied") }, errs.SignIn, "answers with an error"},
	} {
		l, answer := leave(t, running, p, "chenli")
		now := time.Now()
		c.spoil(&l, answer, &now)
		_, err := p.Return(t.Context(), l, answer, now)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.cause) {
			t.Errorf("%s: %v, want %s because %q", c.why, err, c.kind, c.cause)
		}
		if text, ok := errs.TextOf(err); !ok || strings.Contains(text.ZH+text.EN, "state") || text.EN == "" {
			t.Errorf("%s: told %v", c.why, text)
		}
	}
	l, answer = leave(t, running, p, "chenli")
	if _, err := p.Return(t.Context(), l, answer, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Return(t.Context(), l, answer, time.Now()); !errors.Is(err, errs.SignIn) {
		t.Errorf("a code was taken twice: %v", err)
	}
}

// What the provider says of how it asked counts only where it was configured
// to, and a token made for another program never does.
//
// ASVS 6.8.4, 9.2.3, 10.5.4
func TestOIDCStrengthAndAudience(t *testing.T) {
	t.Parallel()
	running, p := house(t, func(o *OIDC) { o.Strong = []string{"pwd"}; o.Claim = "" })
	l, answer := leave(t, running, p, "chenli")
	s, err := p.Return(t.Context(), l, answer, time.Now())
	if err != nil || !s.Strong || s.Login != "" {
		t.Errorf("%+v, %v", s, err)
	}
	d, err := p.discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewProvider(OIDC{Issuer: running.Issuer, Client: "other", Secret: accesstest.Secret})
	if err != nil {
		t.Fatal(err)
	}
	l, answer = leave(t, running, other, "chenli")
	token, err := other.exchange(d, back).Exchange(t.Context(), answer.Get("code"), verifier(l))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.read(t.Context(), d, token, l.Nonce, time.Now()); !errors.Is(err, errs.SignIn) || !strings.Contains(err.Error(), "audience") {
		t.Errorf("a token for another program: %v", err)
	}
}

// A provider that is down says so, and does not keep this program from
// starting; when it is there again, it is used.
//
// ASVS 16.5.2
func TestOIDCProviderDown(t *testing.T) {
	t.Parallel()
	running, p := house(t, nil)
	l, answer := leave(t, running, p, "chenli")
	running.Stop()
	if _, err := p.Return(t.Context(), l, answer, time.Now()); !errors.Is(err, errs.Busy) {
		t.Errorf("went down meanwhile: %v", err)
	}
	late, err := NewProvider(p.OIDC)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := late.Leave(t.Context(), back, time.Now()); !errors.Is(err, errs.Busy) {
		t.Errorf("down from the start: %v", err)
	}
	if late.EndURL("x") != "" {
		t.Error("ends at a house that was never reached")
	}
}

// ASVS 1.3.6, 12.3.1
func TestNewProviderRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why string
		o   OIDC
	}{
		{"passwords and codes would travel in clear", OIDC{Issuer: "http://sso.example", Client: "x"}},
		{"no address", OIDC{Issuer: "sso", Client: "x"}},
		{"no client", OIDC{Issuer: "https://sso.example"}},
	} {
		if _, err := NewProvider(c.o); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// TestAccountOf maps people of another house to accounts, never more.
//
// ASVS 6.8.1, 10.5.2
func TestAccountOf(t *testing.T) {
	t.Parallel()
	const issuer = "https://sso.example"
	each(t, func(t *testing.T, _ *world, g *Guard, d *db.DB) {
		add(t, g, d, "hejing")
		add(t, g, d, "gone")
		write(t, d, func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "gone", By{}) })
		who := func(subject, login string) (Account, error) {
			return AccountOf(t.Context(), d, "990101", Stated{Issuer: issuer, Subject: subject, Login: login}, From{})
		}
		for _, c := range []struct{ why, subject, login, want string }{
			{"the claim names an account", "1", "ChenLi", "chenli"},
			{"from then on the subject counts, though the claim changes", "1", "hejing", "chenli"},
			{"a name that was given to somebody else there", "2", "chenli", ""},
			{"a login that is none here", "3", "stranger", ""},
			{"a login no account can have", "3", "' or 1=1 --", ""},
			{"an account that is closed", "4", "gone", ""},
			{"no claim, and not bound", "5", "", ""},
		} {
			a, err := who(c.subject, c.login)
			if a.Login != c.want || (c.want == "") != errors.Is(err, errs.SignIn) {
				t.Errorf("%s: %q, %v, want %q", c.why, a.Login, err, c.want)
			}
		}
		if events, err := Events(t.Context(), d, "990101", "person-gone", 10); err != nil || len(events) != 1 || events[0].Act != SignInRefused || events[0].How != string(ByProvider) {
			t.Errorf("the person of the closed account reads %+v, %v", events, err)
		}
		binds(t, d, issuer, who)
	})
}

// binds ties and unties an account by hand.
func binds(t *testing.T, d *db.DB, issuer string, who func(subject, login string) (Account, error)) {
	t.Helper()
	a, err := Find(t.Context(), d, "990101", "hejing")
	if err != nil {
		t.Fatal(err)
	}
	bind := func(subject string) error {
		return d.Write(t.Context(), func(tx *db.Tx) error {
			return Bind(t.Context(), tx, a, Stated{Issuer: issuer, Subject: subject}, From{})
		})
	}
	if err := bind("1"); !errors.Is(err, errs.Conflict) {
		t.Errorf("somebody who is another account: %v", err)
	}
	if err := bind("9"); err != nil {
		t.Fatal(err)
	}
	if err := bind("10"); !errors.Is(err, errs.Conflict) {
		t.Errorf("an account that is somebody else's: %v", err)
	}
	if got, err := who("9", ""); err != nil || got.Login != "hejing" {
		t.Errorf("bound by hand: %q, %v", got.Login, err)
	}
	if b, err := BindingOf(t.Context(), d, "990101", issuer, "hejing"); err != nil || b.Subject != "9" || b.Bound.IsZero() {
		t.Errorf("%+v, %v", b, err)
	}
	write(t, d, func(tx *db.Tx) error { return Unbind(t.Context(), tx, a, issuer, From{}) })
	if _, err := who("9", ""); !errors.Is(err, errs.SignIn) {
		t.Errorf("unbound: %v", err)
	}
	events, err := Events(t.Context(), d, "990101", a.Person, 10)
	if err != nil || len(events) != 2 || events[0].Act != ProviderUnbound || events[1].Act != ProviderBound || events[1].How != issuer {
		t.Errorf("the person reads %+v, %v", events, err)
	}
}

func verifier(l Leaving) oauth2.AuthCodeOption { return oauth2.VerifierOption(l.Verifier) }
