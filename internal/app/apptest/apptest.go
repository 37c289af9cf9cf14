// Package apptest gives tests a running house: the invented district without
// its stories, on a database of the test's own, over real HTTP, with a clock
// that the test moves. Nothing in it is a stand-in.
package apptest

import (
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/web/page"
)

// Start is when a world begins: a Monday morning in office hours.
var Start = time.Date(2026, 11, 23, 10, 20, 0, 0, time.FixedZone("CST", 8*3600))

// World is a running house.
type World struct {
	*app.App
	House *page.House
	URL   string
	Clock *clock.Manual
	t     testing.TB
	// devices are the cookies by which people's machines are known again.
	devices sync.Map
}

// New starts a world on SQLite.
func New(t testing.TB) *World {
	return At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
}

// At starts a world on a database address, such as dbtest.EachURL gives. change
// sets what the test is about.
func At(t testing.TB, database string, change ...func(*app.Config)) *World {
	t.Helper()
	w := &World{Clock: clock.NewManual(Start), t: t}
	cfg := app.Config{
		Database: database, Files: t.TempDir(), Now: w.Clock.Now, Log: slog.New(slog.NewTextHandler(logged{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Password: access.Config{Cost: access.Cost{MemoryKiB: 64, Passes: 1}, Wait: func(context.Context, time.Duration) error { return nil }},
	}
	for _, set := range change {
		set(&cfg)
	}
	ctx := context.Background()
	if err := app.Seed(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.App, err = app.New(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	if w.House, err = w.App.House(ctx); err != nil {
		t.Fatal(err)
	}
	if err := w.App.Schedule(ctx); err != nil {
		t.Fatal(err)
	}
	stopping := make(chan struct{})
	w.House.Stopping = stopping
	server := httptest.NewServer(w.App.Handler(w.House))
	w.URL = server.URL
	t.Cleanup(func() {
		close(stopping)
		server.Close()
		if err := w.App.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// logged sends the house's warnings to the test.
type logged struct{ t testing.TB }

func (l logged) Write(p []byte) (int, error) {
	l.t.Logf("%s", strings.TrimSpace(string(p)))
	return len(p), nil
}

// District is the invented district as it is now.
func (w *World) District() *district.District {
	w.t.Helper()
	d, err := w.Districts.Get(context.Background(), w.House.District)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// Due runs every job that is due.
func (w *World) Due() {
	w.t.Helper()
	if _, err := w.Jobs.Due(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// Browser is someone at a browser without script: cookies, redirects, forms.
type Browser struct {
	t      testing.TB
	base   string
	client *http.Client
	Lang   string // Accept-Language; empty is Chinese
}

// Browser opens a browser nobody has signed in with.
func (w *World) Browser() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &Browser{t: w.t, base: w.URL, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// As opens a browser and signs in, with both steps. It is the same machine each
// time that somebody signs in, as it mostly is, and not a new device.
func (w *World) As(login string) *Browser {
	w.t.Helper()
	b := w.Browser()
	b.Keep("/sign-in", w.device(login))
	got := b.Post("/sign-in", url.Values{"login": {login}, "password": {app.DemoPassword}})
	if got.Path == "/sign-in/second" {
		got = b.Post("/sign-in/second", url.Values{"code": {w.Code(login)}})
	}
	if got.Status != http.StatusOK && got.Status != http.StatusNotFound || strings.HasPrefix(got.Path, "/sign-in") {
		w.t.Fatalf("sign in as %s: %d %s %s", login, got.Status, got.Path, got.Text())
	}
	w.devices.Store(login, b.Cookie("/sign-in", "linli-device"))
	return b
}

// Code is what the app of an account shows now. Codes are good once; here, where
// the clock stands, it may be used again.
func (w *World) Code(login string) string {
	w.t.Helper()
	ctx, holder := context.Background(), access.Staff(login)
	if err := w.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, "update totps set step = 0 where district = $1 and holder = $2", w.House.District, holder)
	}); err != nil {
		w.t.Fatal(err)
	}
	code, err := access.DemoCode(ctx, w.DB, w.Vault, w.House.District, holder, w.DB.Now())
	if err != nil || code == "" {
		w.t.Fatalf("no code for %s: %v", login, err)
	}
	return code
}

func (w *World) device(login string) *http.Cookie {
	c, _ := w.devices.Load(login)
	kept, _ := c.(*http.Cookie)
	return kept
}

// Keep gives the browser a cookie for a path; nil is none.
func (b *Browser) Keep(path string, c *http.Cookie) {
	if c == nil {
		return
	}
	at, err := url.Parse(b.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: path}})
}

// Cookie is one the browser would send to a path; nil where it has none.
func (b *Browser) Cookie(path, name string) *http.Cookie {
	at, err := url.Parse(b.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// URL is where the browser's house is.
func (b *Browser) URL() *url.URL {
	b.t.Helper()
	at, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	return at
}

// Cookies are those the browser sends to every page.
func (b *Browser) Cookies() []*http.Cookie { return b.client.Jar.Cookies(b.URL()) }

// Answer is what came back, after redirects.
type Answer struct {
	Status int
	Path   string // where it ended
	Header http.Header
	Body   string
	Doc    *html.Node
}

// Get opens a page.
func (b *Browser) Get(path string) Answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, "")
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) Answer {
	b.t.Helper()
	return b.do(http.MethodPost, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
}

// File is one file of a posted form.
type File struct {
	Field, Name string
	Data        []byte
}

// PostFiles sends a form with files.
func (b *Browser) PostFiles(path string, form url.Values, files ...File) Answer {
	b.t.Helper()
	var body strings.Builder
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.Field, f.Name)
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := part.Write(f.Data); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, strings.NewReader(body.String()), m.FormDataContentType())
}

func (b *Browser) do(method, path string, body io.Reader, kind string) Answer {
	b.t.Helper()
	request, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if b.Lang != "" {
		request.Header.Set("Accept-Language", b.Lang)
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	a := Answer{Status: response.StatusCode, Path: response.Request.URL.RequestURI(), Header: response.Header, Body: string(data)}
	if a.Doc, err = html.Parse(strings.NewReader(a.Body)); err != nil {
		b.t.Fatal(err)
	}
	return a
}

// Text is what a person reads of the page, white space folded.
func (a Answer) Text() string { return Text(a.Doc) }

// Text is what a person reads of a node.
func Text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// Find returns the elements for which the test holds, in order.
func (a Answer) Find(is func(*html.Node) bool) []*html.Node {
	var all []*html.Node
	for n := range a.Doc.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			all = append(all, n)
		}
	}
	return all
}

// Attr is an attribute of an element; empty where it has none.
func Attr(n *html.Node, name string) string {
	for _, at := range n.Attr {
		if at.Key == name {
			return at.Val
		}
	}
	return ""
}

// Field is the value a form field of the page has now; ok is false where the
// page has no such field.
func (a Answer) Field(name string) (value string, ok bool) {
	found := a.Find(func(n *html.Node) bool { return Attr(n, "name") == name })
	switch {
	case len(found) == 0:
		return "", false
	case found[0].Data == "textarea":
		return Text(found[0]), true
	}
	return Attr(found[0], "value"), true
}
