package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/errs"
	"linli/internal/ident"
)

// phones are the residents of a story with their telephones in hand: the browser
// each has open, and the last code that came.
type phones struct {
	mu    sync.Mutex
	open  map[ident.Phone]*apptest.Browser
	codes map[ident.Phone]string
}

var codeSent = regexp.MustCompile(`\b[0-9]{6}\b`)

// browser is the one a phone has open. From the first on the story's district
// has a way to send codes.
func (s *story) browser(phone string) *apptest.Browser {
	p := &s.phones
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open, p.codes = map[ident.Phone]*apptest.Browser{}, map[ident.Phone]string{}
		s.House.Residents.Send = func(_ context.Context, to ident.Phone, text string) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.codes[to] = codeSent.FindString(text)
			return nil
		}
	}
	if p.open[ident.Phone(phone)] == nil {
		p.open[ident.Phone(phone)] = s.Browser()
	}
	return p.open[ident.Phone(phone)]
}

// lastCode is what last came to a phone, once the message has left.
func (s *story) lastCode(phone string) string {
	s.Due()
	s.phones.mu.Lock()
	defer s.phones.mu.Unlock()
	return s.phones.codes[ident.Phone(phone)]
}

// phone P signs-in | signs-out
// phone P rates A content|not-content grade=5 reason='…'
// phone P acts-for Q relation=child deeds=rate,report until=2027-05-31    (Q tells the code)
// phone P ends
// phone P asks copy as R for=Q text='…' field=name value='…'
// phone P fetches R
// phone P consents pass-on | takes-back pass-on
func phone(s *story, w words) error {
	number, b := w.word(0), s.browser(w.word(0))
	switch w.word(1) {
	case "signs-in":
		s.Clock.Advance(time.Minute) // codes are a minute apart
		if err := refused(b.Post("/me/sign-in", url.Values{"phone": {number}})); err != nil {
			return err
		}
		return refused(b.Post("/me/sign-in/code", url.Values{"code": {s.lastCode(number)}}))
	case "signs-out":
		return refused(b.Post("/me/sign-out", nil))
	case "asks":
		return s.phoneAsks(b, w)
	case "fetches":
		return s.phoneFetches(b, w)
	case "consents", "takes-back":
		return phoneConsents(b, w)
	case "rates":
		return s.phoneRates(b, w)
	case "acts-for":
		form := url.Values{"phone": {w.word(2)}, "relation": {w.named["relation"]}, "deeds": strings.Split(w.named["deeds"], ","), "until": {w.named["until"]}}
		if err := refused(b.Post("/me/proxies/new", form)); err != nil {
			return err
		}
		return refused(b.Post("/me/proxies/code", url.Values{"code": {s.lastCode(w.word(2))}}))
	case "ends":
		for _, n := range b.Get("/me/proxies").Find(func(n *html.Node) bool { return apptest.Attr(n, "data-proxy") != "" }) {
			if err := refused(b.Post(apptest.Attr(n, "action"), nil)); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("a phone does not %q", w.word(1))
}

// phoneRates presses the button of the tracking page.
func (s *story) phoneRates(b *apptest.Browser, w words) error {
	c, err := s.of(w.word(2))
	if err != nil {
		return err
	}
	at := b.Get("/track/" + c.Number)
	if err := refused(at); err != nil {
		return err
	}
	for _, n := range at.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "do" }) {
		if do := apptest.Attr(n, "value"); strings.HasSuffix(do, " "+w.word(3)) {
			return refused(b.Post("/track/"+c.Number, url.Values{"do": {do}, "grade": {w.named["grade"]}, "reason": {w.named["reason"]}}))
		}
	}
	return errs.New(errs.Forbidden, "页面上没有这一步。", "The page does not offer that.")
}

// refused is why a page did not do what was asked; nil where it did. Being led
// to a form that asks for number and word, or to sign in, is a refusal too.
func refused(a apptest.Answer) error {
	kinds := map[int]errs.Kind{http.StatusUnauthorized: errs.SignIn, http.StatusForbidden: errs.Forbidden, http.StatusNotFound: errs.NotFound,
		http.StatusUnprocessableEntity: errs.Invalid, http.StatusTooManyRequests: errs.Often, http.StatusConflict: errs.Conflict}
	switch {
	case a.Status == http.StatusOK && strings.HasPrefix(a.Path, "/track?number="):
		return errs.New(errs.NotFound, "页面问编号和取件码。", "The page asks for number and word.")
	case a.Status == http.StatusOK && strings.HasPrefix(a.Path, "/me/sign-in?"):
		return errs.New(errs.SignIn, "页面请先登录。", "The page asks to sign in.")
	case a.Status == http.StatusOK:
		return nil
	}
	return errs.New(kinds[a.Status], "%[1]s", "%[1]s", a.Text())
}

// mine P has A B | lacks A | are A B; for=Q lists those of whom P acts for.
func mine(s *story, w words) error {
	b := s.browser(w.word(0))
	a := b.Get("/me")
	if err := refused(a); err != nil {
		return err
	}
	if of := w.named["for"]; of != "" {
		masked := ident.Phone(of).Mask()
		link := ""
		for _, n := range a.Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "href"), "/me/for/") }) {
			if apptest.Text(n) == masked {
				link = apptest.Attr(n, "href")
			}
		}
		if link == "" {
			return no("nobody acts for %s", masked)
		}
		if a = b.Get(link); refused(a) != nil {
			return refused(a)
		}
	}
	return s.links(a, w.word(1), w.plain[2:])
}

// links compares the cases a page links to with those that it has or lacks.
func (s *story) links(a apptest.Answer, how string, names []string) error {
	var have []string
	for name, id := range s.cases {
		c, err := s.of(name)
		if err != nil {
			return err
		}
		if len(a.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "/track/"+c.Number })) > 0 {
			have = append(have, s.name(id))
		}
	}
	for _, name := range names {
		found := false
		for _, h := range have {
			found = found || h == name
		}
		if found != (how == "has") {
			return no("the page has %q", have)
		}
	}
	return nil
}
