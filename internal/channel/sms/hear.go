package sms

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/ident"
)

// Call is what a gateway called us with.
type Call struct {
	Secret string // last part of the address
	From   netip.Addr
	Header http.Header
	Query  url.Values
	Body   []byte
}

// Knows reports whether an address ends in the secret, so that nobody else's
// call is read at all.
func (g *Gateway) Knows(secret string) bool {
	return len(g.set.Calls.Secret) >= secretLeast && same(secret, g.set.Calls.Secret)
}

// Hear reads a call: delivery reports, or what residents sent. It is
// errs.NotFound for whoever is not the gateway, before anything is read, and
// errs.Invalid for what cannot be read.
func (g *Gateway) Hear(c Call) (h Heard, err error) {
	defer errs.Wrap(&err, "sms.Gateway.Hear")
	if err := g.believe(c); err != nil {
		return Heard{}, err
	}
	if r := g.set.Receipts; r.Form != "" {
		n, err := g.read(c, r.Form, g.receipts)
		if err == nil && mine(n, r.When, r.Each, r.Ref) {
			return Heard{Reports: g.reports(n), Answer: r.Reply}, nil
		}
	}
	if t := g.set.Texts; t.Form != "" {
		n, err := g.read(c, t.Form, g.texts)
		if err == nil && mine(n, t.When, t.Each, t.From) {
			return Heard{Came: g.came(n), Answer: t.Reply}, nil
		}
	}
	return Heard{}, errShape
}

// believe refuses whoever does not know the secret, calls from elsewhere or has
// not signed. All three look the same from outside.
func (g *Gateway) believe(c Call) error {
	no := errs.New(errs.NotFound, "没有这个地址。", "There is no such address.")
	if !g.Knows(c.Secret) {
		return no
	}
	if from := g.set.Calls.From; len(from) > 0 && !slices.ContainsFunc(from, func(p netip.Prefix) bool { return p.Contains(c.From.Unmap()) }) {
		return no
	}
	if len(c.Body) > bodyMost {
		return errs.New(errs.TooLarge, "太长了。", "It is too long.")
	}
	sign := g.set.Calls.Sign
	if sign.How == "" {
		return nil
	}
	value := g.callValues(c)
	got, _ := value(g.set.Calls.At)
	if !same(strings.ToLower(got), strings.ToLower(sign.sum(value))) {
		return no
	}
	return nil
}

// callValues are what a signature may be over: the body, headers, and the pairs
// of address and body.
func (g *Gateway) callValues(c Call) func(string) (string, bool) {
	posted, _ := url.ParseQuery(string(c.Body)) // what is no form has no pairs
	return func(name string) (string, bool) {
		if name == "body" {
			return string(c.Body), true
		}
		if header, ok := strings.CutPrefix(name, "header."); ok {
			return c.Header.Get(header), true
		}
		if c.Query.Has(name) {
			return c.Query.Get(name), true
		}
		return posted.Get(name), posted.Has(name)
	}
}

// read brings a call into pieces. A form may come in the address, in the body or
// in both.
func (g *Gateway) read(c Call, form Form, p *regexp.Regexp) (*node, error) {
	text := g.set.Charset.decode(c.Body)
	if form != Pairs {
		return parse(form, p, text)
	}
	n, err := parse(Pairs, nil, text)
	if err != nil {
		return nil, err
	}
	for name, below := range pairs(c.Query).named {
		n.named[name] = append(n.named[name], below...)
	}
	return n, nil
}

// mine reports whether a call is of a kind: by its mark, or by having what every
// one of the kind has.
func mine(n *node, when Is, each, least string) bool {
	if when.At != "" {
		return when.holds(n)
	}
	all := n.all(each)
	return len(all) > 0 && all[0].at(least) != ""
}

// callMost is how many reports or texts one call may bring.
const callMost = 1000

func (g *Gateway) reports(n *node) (all []Report) {
	set := g.set.Receipts
	for _, one := range first(n.all(set.Each)) {
		r := Report{Ref: cut(one.at(set.Ref), refMost), State: channel.Failed}
		switch state := one.at(set.State); {
		case r.Ref == "" || slices.Contains(set.Pending, state):
			continue
		case slices.Contains(set.Delivered, state):
			r.State = channel.Delivered
		default:
			r.Why = reason(state + " " + one.at(set.Why))
			r.Gone = slices.Contains(set.Gone, state) || slices.Contains(set.Gone, one.at(set.Why))
		}
		all = append(all, r)
	}
	return all
}

func (g *Gateway) came(n *node) (all []channel.Came) {
	set := g.set.Texts
	for _, one := range first(n.all(set.Each)) {
		phone, err := ident.ParsePhone(national(one.at(set.From)))
		text := strings.TrimSpace(clean(one.at(set.Text)))
		if err != nil || !phone.Mobile() || text == "" {
			continue // advertisements come from numbers that nobody can be answered at
		}
		c := channel.Came{
			Channel: channel.SMS, Ref: cut(one.at(set.Ref), refMost), From: string(phone), To: one.at(set.To), Text: text, At: g.now(),
		}
		if c.Ref == "" {
			// The same words from the same number within a minute are one text sent
			// twice by the gateway; later they are meant again.
			sum := sha256.Sum256([]byte(c.From + "\n" + c.Text + "\n" + c.At.UTC().Format("200601021504")))
			c.Ref = hex.EncodeToString(sum[:16])
		}
		all = append(all, c)
	}
	return all
}

func first(all []*node) []*node { return all[:min(len(all), callMost)] }
