package georeport

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/outbound"
)

// answerMost bounds an answer: a thousand requests with long words are a few
// megabytes.
const answerMost = 16 << 20

// Client asks one server. HTTP is needed; the rest works at its zero value, save
// Base.
type Client struct {
	HTTP         *http.Client
	Base         string // of the endpoint, such as https://api.example.org/open311/v2
	Key          string
	Jurisdiction string
	Format       Format // empty is JSON
}

// Refused is an answer that is none of the good ones.
type Refused struct {
	Status int
	Errors Errors
}

// Error says the status and what the server said, cut short.
func (r *Refused) Error() string {
	said := ""
	if len(r.Errors) > 0 {
		said = ": " + string(r.Errors[0].Code) + " " + string(r.Errors[0].Description)
	}
	return fmt.Sprintf("the server answers %d%.200s", r.Status, said)
}

// Query narrows a list of requests. Its zero value is what the server gives
// unasked: at most 90 days and a thousand.
type Query struct {
	IDs      []string
	Codes    []string
	Status   Text
	From, To time.Time
	Page     int // from 1; 0 asks for none
	PageSize int
	// Extensions asks for what servers tell beyond the specification.
	Extensions bool
}

// Services lists what can be reported.
func (c Client) Services(ctx context.Context) (all Services, err error) {
	defer errs.Wrap(&err, "georeport.Client.Services")
	return all, c.get(ctx, "services", nil, &all)
}

// Definition gives what a service asks for.
func (c Client) Definition(ctx context.Context, code string) (d Definition, err error) {
	defer errs.Wrap(&err, "georeport.Client.Definition(%s)", code)
	return d, c.get(ctx, "services/"+url.PathEscape(code), nil, &d)
}

// Requests lists requests.
func (c Client) Requests(ctx context.Context, q Query) (all Requests, err error) {
	defer errs.Wrap(&err, "georeport.Client.Requests")
	v := url.Values{}
	put := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	put("service_request_id", strings.Join(q.IDs, ","))
	put("service_code", strings.Join(q.Codes, ","))
	put("status", string(q.Status))
	if !q.From.IsZero() {
		put("start_date", q.From.UTC().Format(W3C))
	}
	if !q.To.IsZero() {
		put("end_date", q.To.UTC().Format(W3C))
	}
	if q.Page > 0 {
		put("page", strconv.Itoa(q.Page))
	}
	if q.PageSize > 0 {
		put("page_size", strconv.Itoa(q.PageSize))
	}
	if q.Extensions {
		put("extensions", "true")
	}
	return all, c.get(ctx, "requests", v, &all)
}

// Request gives one request; errs.NotFound where the server has none of that
// number.
func (c Client) Request(ctx context.Context, id string) (r Request, err error) {
	defer errs.Wrap(&err, "georeport.Client.Request(%s)", id)
	var all Requests
	if err := c.get(ctx, "requests/"+url.PathEscape(id), nil, &all); err != nil {
		return Request{}, err
	}
	if i := slices.IndexFunc(all, func(r Request) bool { return string(r.ID) == id }); i >= 0 {
		return all[i], nil
	}
	return Request{}, errs.New(errs.NotFound, "对方没有这个编号。", "The server has no request of that number.")
}

// Token gives the number that a token became; empty where it is not known yet.
func (c Client) Token(ctx context.Context, token string) (id string, err error) {
	defer errs.Wrap(&err, "georeport.Client.Token")
	var all Tokens
	if err := c.get(ctx, "tokens/"+url.PathEscape(token), nil, &all); err != nil {
		return "", err
	}
	for _, t := range all {
		if string(t.Token) == token || t.Token == "" {
			return string(t.ID), nil
		}
	}
	return "", nil
}

// Post sends a request and gives its receipt. reference makes it the same request
// for a server that knows the header Idempotency-Key, however often it is sent.
func (c Client) Post(ctx context.Context, form url.Values, reference string) (r Receipt, err error) {
	defer errs.Wrap(&err, "georeport.Client.Post")
	v := url.Values{}
	for name, values := range form {
		v[name] = values
	}
	c.identify(v)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address("requests"), strings.NewReader(v.Encode()))
	if err != nil {
		return Receipt{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if reference != "" {
		request.Header.Set("Idempotency-Key", reference)
	}
	var all Receipts
	if err := c.do(request, &all); err != nil {
		return Receipt{}, err
	}
	if len(all) == 0 || all[0].ID == "" && all[0].Token == "" {
		return Receipt{}, errs.New(errs.Invalid, "对方没有给编号。", "The server gave no number.")
	}
	return all[0], nil
}

func (c Client) get(ctx context.Context, path string, v url.Values, body any) error {
	if v == nil {
		v = url.Values{}
	}
	c.identify(v)
	address := c.address(path)
	if len(v) > 0 {
		address += "?" + v.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	return c.do(request, body)
}

// identify says who asks, and of which jurisdiction.
func (c Client) identify(v url.Values) {
	if c.Key != "" {
		v.Set("api_key", c.Key)
	}
	if c.Jurisdiction != "" {
		v.Set("jurisdiction_id", c.Jurisdiction)
	}
}

func (c Client) format() Format {
	if c.Format == "" {
		return JSON
	}
	return c.Format
}

func (c Client) address(path string) string {
	return strings.TrimRight(c.Base, "/") + "/" + path + "." + string(c.format())
}

// do asks, and reads what comes back within bounds. The error of the call itself
// holds the address and with it the key, so it is not handed on.
func (c Client) do(request *http.Request, body any) error {
	response, err := c.HTTP.Do(request)
	if err != nil {
		return keyless(err)
	}
	data, err := outbound.Read(response, answerMost)
	if err != nil {
		return err
	}
	if response.StatusCode/100 == 2 {
		return Read(data, c.format(), body)
	}
	refused := &Refused{Status: response.StatusCode}
	_ = Read(data, c.format(), &refused.Errors) // whatever it says, the status stands
	if response.StatusCode == http.StatusNotFound {
		return errs.New(errs.NotFound, "对方没有这一项。", "The server has no such thing.").Because(refused)
	}
	return refused
}

// keyless is the cause of a failed call without its address.
func keyless(err error) error {
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // http.Client returns it unwrapped
		return fmt.Errorf("%s: %w", strings.ToLower(u.Op), u.Err)
	}
	return err
}
