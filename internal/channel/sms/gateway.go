package sms

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/outbound"
)

// Gateway sends by an operator's HTTP interface.
type Gateway struct {
	set    Settings
	client *http.Client
	now    func() time.Time
	pace   *pace
	// Compiled once: a pattern of the settings is read with each answer.
	answer, receipts, texts *regexp.Regexp
}

// beijing is the zone that gateways count in.
var beijing = time.FixedZone("CST", 8*3600)

// New makes a gateway of its settings; errs.Invalid with every place that is
// wrong.
func New(s Settings, client *http.Client, now func() time.Time) (_ *Gateway, err error) {
	defer errs.Wrap(&err, "sms.New")
	if err := s.check(); err != nil {
		return nil, err
	}
	s.Method = or(s.Method, http.MethodPost)
	s.Form, s.Answer.Form = or(s.Form, JSON), or(s.Answer.Form, JSON)
	g := &Gateway{set: s, client: client, now: now, pace: newPace(s.PerSecond, now)}
	g.answer, g.receipts, g.texts = pattern(s.Answer.Pattern), pattern(s.Receipts.Pattern), pattern(s.Texts.Pattern)
	return g, nil
}

func or[T ~string](v, instead T) T {
	if v == "" {
		return instead
	}
	return v
}

// pattern compiles what check has seen to compile.
func pattern(text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	return regexp.MustCompile(text)
}

// Carry hands a letter over. It is an error, to be tried again, where the gateway
// does not answer, answers what cannot be read, or says later.
func (g *Gateway) Carry(ctx context.Context, l channel.Letter) (r channel.Receipt, err error) {
	defer errs.Wrap(&err, "sms.Gateway.Carry(%s)", l.ID)
	phone, err := ident.ParsePhone(l.Address)
	if err != nil || !phone.Mobile() {
		return channel.Receipt{State: channel.Failed, Why: "not a mobile number", Gone: true}, nil
	}
	if _, ok := g.set.Templates[l.Template]; !ok && len(g.set.Templates) > 0 {
		return channel.Receipt{State: channel.Failed, Why: "the gateway has no wording for " + l.Template}, nil
	}
	text := words(l, g.set.Signed)
	if err := g.pace.turn(ctx, len(Parts(text))); err != nil {
		return channel.Receipt{}, err
	}
	req, err := g.request(ctx, l, string(phone), text)
	if err != nil {
		return channel.Receipt{}, err
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return channel.Receipt{}, quiet(err)
	}
	body, err := outbound.Read(resp, bodyMost)
	if err != nil {
		return channel.Receipt{}, err
	}
	return g.judge(resp.StatusCode, body)
}

// quiet takes the address out of a client's error: it may hold number and text.
func quiet(err error) error {
	if text := err.Error(); strings.Contains(text, "context deadline") || strings.Contains(text, "Timeout") || strings.Contains(text, "timeout") {
		return errs.New(errs.Busy, "短信网关没有回答。", "The gateway did not answer in time.")
	}
	return errs.New(errs.Busy, "连不上短信网关。", "The gateway could not be reached.")
}

// request fills the templates.
func (g *Gateway) request(ctx context.Context, l channel.Letter, phone, text string) (*http.Request, error) {
	now := g.now()
	values := map[string]string{
		"phone": phone, "text": text, "id": l.ID, "parts": strconv.Itoa(len(Parts(text))), "template": g.set.Templates[l.Template],
		"time": now.In(beijing).Format("20060102150405"), "unix": strconv.FormatInt(now.Unix(), 10), "millis": strconv.FormatInt(now.UnixMilli(), 10),
	}
	for name, fact := range l.Facts {
		values["fact."+name] = clean(fact)
	}
	value := func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok || strings.HasPrefix(name, "fact.") // a fact that this letter has not is empty
	}
	if g.set.Sign.How != "" {
		values["sign"] = g.set.Sign.sum(value)
	}
	body, err := g.set.Charset.encode(fill(g.set.Body, g.escape, value))
	if err != nil {
		return nil, fmt.Errorf("charset %s: %w", g.set.Charset, err)
	}
	req, err := http.NewRequestWithContext(ctx, g.set.Method, fill(g.set.URL, g.query, value), bytes.NewReader(body))
	if err != nil {
		return nil, errs.New(errs.Invalid, "网关的地址填好后不成样子。", "The gateway's address is none once filled in.")
	}
	req.Header.Set("Content-Type", types[g.set.Form]+"; charset="+string(or(g.set.Charset, UTF8)))
	for name, template := range g.set.Headers {
		req.Header.Set(name, fill(template, oneLine, value))
	}
	return req, nil
}

var types = map[Form]string{JSON: "application/json", Pairs: "application/x-www-form-urlencoded", XML: "text/xml", Plain: "text/plain"}

// escape makes a value safe in the body; in pairs it is first brought to the
// gateway's charset, byte by byte.
func (g *Gateway) escape(v string) string {
	if g.set.Form == Pairs {
		return g.query(v)
	}
	return g.set.Form.escape(v)
}

func (g *Gateway) query(v string) string {
	if b, err := g.set.Charset.encode(v); err == nil {
		v = string(b)
	}
	return Pairs.escape(v)
}

// oneLine keeps a value from beginning another header.
func oneLine(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, v)
}

// judge reads the answer. What it says decides, not its status: a status tells
// only what to make of an answer that says nothing.
func (g *Gateway) judge(status int, body []byte) (channel.Receipt, error) {
	n, err := parse(g.set.Answer.Form, g.answer, g.set.Charset.decode(body))
	switch {
	case err != nil || status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
		return channel.Receipt{}, errs.New(errs.Busy, "短信网关答了 %d，说的读不懂。", "The gateway answered %d and nothing that can be read.", status).Because(err)
	case g.set.Answer.OK.holds(n) && status < http.StatusMultipleChoices:
		return channel.Receipt{State: channel.Sent, Ref: cut(n.at(g.set.Answer.Ref), refMost)}, nil
	case g.set.Answer.Later.holds(n):
		return channel.Receipt{}, errs.New(errs.Busy, "短信网关说过会儿再来：%s", "The gateway says later: %s", g.why(n))
	case n.at(g.set.Answer.OK.At) == "":
		// Not its own form of a no: a proxy's page, a login, somebody else.
		return channel.Receipt{}, errs.New(errs.Busy, "短信网关答了 %d，没说收没收。", "The gateway answered %d without saying whether it took the text.", status)
	}
	return channel.Receipt{State: channel.Failed, Why: g.why(n), Gone: g.set.Answer.Gone.holds(n)}, nil
}

// why is the gateway's reason: its code and words, without numbers that may be
// somebody's.
func (g *Gateway) why(n *node) string {
	return reason(n.at(g.set.Answer.OK.At) + " " + n.at(g.set.Answer.Why))
}

// The bounds of what is kept of an answer.
const (
	refMost = 128
	whyMost = 200
)

func reason(text string) string {
	return cut(strings.TrimSpace(ident.HideNumbers(oneLine(text))), whyMost)
}

func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
