package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config says where the house is and with which key to call.
type Config struct {
	URL  string       // such as https://linli.example.cn
	Key  string       // linli_…
	Lang string       // of the words in problems: zh or en; empty is zh
	HTTP *http.Client // nil is one that waits a minute
	// Tries is how often a request is sent where nobody answers or the house is
	// busy; 0 is 4.
	Tries int
}

// Client calls a house. It may be used by many goroutines.
type Client struct{ cfg Config }

// New makes a client.
func New(cfg Config) *Client {
	cfg.URL = strings.TrimSuffix(cfg.URL, "/")
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if cfg.Tries <= 0 {
		cfg.Tries = 4
	}
	return &Client{cfg}
}

// Option says more about one request.
type Option func(*asked)

// asked is a request as it is sent, and where its tag goes.
type asked struct {
	header http.Header
	fields []string
	tag    *string
}

// Fields asks for these fields alone; dots lead inward: place.street.
func Fields(names ...string) Option { return func(a *asked) { a.fields = names } }

// IfMatch has an act done only if the case is as it was read with this tag.
// Else the problem's code is "changed".
func IfMatch(tag string) Option { return func(a *asked) { a.header.Set("If-Match", tag) } }

// IfNoneMatch asks for a thing only if it has changed. Else the problem's status
// is 304.
func IfNoneMatch(tag string) Option { return func(a *asked) { a.header.Set("If-None-Match", tag) } }

// IdempotencyKey names a request, so that it can be sent again later, by another
// run of the program, and still is done once. Without it a request has a name
// of its own.
func IdempotencyKey(name string) Option {
	return func(a *asked) { a.header.Set("Idempotency-Key", name) }
}

// Tag puts the ETag of the answer where tag points, for [IfMatch] and
// [IfNoneMatch].
func Tag(tag *string) Option { return func(a *asked) { a.tag = tag } }

// Error tells a problem in its own words.
func (p *Problem) Error() string {
	text := fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
	for _, f := range p.Errors {
		text += fmt.Sprintf("; %s: %s", f.Location, f.Detail)
	}
	return text
}

// do sends a request until it is answered, and reads the answer into out.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body, out any, opts []Option) error {
	a := &asked{header: http.Header{}}
	for _, o := range opts {
		o(a)
	}
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
		a.header.Set("Content-Type", "application/json")
	}
	if len(a.fields) > 0 {
		if query == nil {
			query = url.Values{}
		}
		query.Set("fields", strings.Join(a.fields, ","))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if method != http.MethodGet && a.header.Get("Idempotency-Key") == "" {
		a.header.Set("Idempotency-Key", rand.Text())
	}
	a.header.Set("Authorization", "Bearer "+c.cfg.Key)
	if c.cfg.Lang != "" {
		a.header.Set("Accept-Language", c.cfg.Lang)
	}
	for try := 1; ; try++ {
		wait, err := c.once(ctx, method, path, data, a, out)
		if wait == 0 || try == c.cfg.Tries {
			return err
		}
		if wait < 0 { // nobody said how long
			wait = time.Second << (try - 1) / 2
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(wait):
		}
	}
}

// once sends a request once. Where it may help to send it again, wait says after
// how long; below zero nobody knows.
func (c *Client) once(ctx context.Context, method, path string, data []byte, a *asked, out any) (wait time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.cfg.URL+path, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	r.Header = a.header.Clone()
	got, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return -1, err
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(got.Body)
	if err != nil {
		return -1, err
	}
	if got.StatusCode/100 != 2 {
		p := problemOf(got, answer)
		return again(got, p), p
	}
	if a.tag != nil {
		*a.tag = got.Header.Get("ETag")
	}
	switch out := out.(type) {
	case nil:
		return 0, nil
	case *[]byte:
		*out = answer
		return 0, nil
	}
	return 0, json.Unmarshal(answer, out)
}

// problemOf is a failure as the house told it, or as something before the house
// did.
func problemOf(got *http.Response, answer []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(answer, p) != nil || p.Code == "" {
		p = &Problem{Title: http.StatusText(got.StatusCode), Detail: got.Status}
	}
	p.Status = got.StatusCode
	return p
}

// again tells how long to wait before a request is worth sending again; 0 where
// it never is.
func again(got *http.Response, p *Problem) time.Duration {
	switch got.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	case http.StatusConflict:
		if p.Code != "running" {
			return 0
		}
	default:
		return 0
	}
	if n, err := strconv.Atoi(got.Header.Get("Retry-After")); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	return -1
}

// each reads page after page.
func each[T any](page func(after string) ([]T, string, error)) func(func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for after := ""; ; {
			items, next, err := page(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range items {
				if !yield(one, nil) {
					return
				}
			}
			if after = next; after == "" {
				return
			}
		}
	}
}

// setter takes what is not zero into a query.
type setter url.Values

func (s setter) text(name, value string) {
	if value != "" {
		url.Values(s).Set(name, value)
	}
}

func (s setter) words(name string, value []string) { s.text(name, strings.Join(value, ",")) }

func (s setter) number(name string, value int) {
	if value != 0 {
		s.text(name, strconv.Itoa(value))
	}
}

func (s setter) decimal(name string, value *float64) {
	if value != nil {
		s.text(name, strconv.FormatFloat(*value, 'f', -1, 64))
	}
}

func (s setter) yes(name string, value bool) {
	if value {
		s.text(name, "true")
	}
}

func (s setter) instant(name string, value time.Time) {
	if !value.IsZero() {
		s.text(name, value.UTC().Format(time.RFC3339Nano))
	}
}
