package sms

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"linli/internal/errs"
)

// Settings are one gateway, as data. Templates may name, in braces: phone, text,
// id (of the message), parts, template (the gateway's own name of the wording),
// fact.NAME (what the wording was filled with), time (20060102150405 in Beijing),
// unix, millis and sign.
type Settings struct {
	URL       string            `yaml:"url"`
	Method    string            `yaml:"method"` // empty is POST
	Headers   map[string]string `yaml:"headers"`
	Form      Form              `yaml:"form"` // how the body is written; empty is json
	Body      string            `yaml:"body"`
	Charset   Charset           `yaml:"charset"`
	Sign      Sign              `yaml:"sign"`
	Signed    string            `yaml:"signed"`     // put before every text, such as 【桂香区】
	PerSecond float64           `yaml:"per-second"` // parts handed over; zero: no bound
	Templates map[string]string `yaml:"templates"`  // wording → the gateway's name for it; none: it takes any text
	Answer    Answer            `yaml:"answer"`
	Calls     Calls             `yaml:"calls"`
	Receipts  Receipts          `yaml:"receipts"`
	Texts     Texts             `yaml:"texts"`
}

// Answer says how the gateway's answer is judged.
type Answer struct {
	Form    Form   `yaml:"form"` // empty is json
	Pattern string `yaml:"pattern"`
	OK      Is     `yaml:"ok"`    // where this does not hold, the text was not taken
	Later   Is     `yaml:"later"` // where this holds it is tried again
	Gone    Is     `yaml:"gone"`  // where this holds there is no such number
	Ref     string `yaml:"ref"`   // by which a delivery report names the text
	Why     string `yaml:"why"`
}

// Calls says whose calls are believed.
type Calls struct {
	Secret string         `yaml:"secret"` // last part of the address that the gateway calls; empty: it calls nothing
	From   []netip.Prefix `yaml:"from"`   // networks it calls from; none: any
	Sign   Sign           `yaml:"sign"`   // over body and the call's values by name; none: not signed
	At     string         `yaml:"at"`     // where the signature is: header.X-Sign, or a value's name
}

// Receipts says how delivery reports are read.
type Receipts struct {
	Form      Form     `yaml:"form"` // empty: none come
	Pattern   string   `yaml:"pattern"`
	When      Is       `yaml:"when"` // tells them from texts where both come to one address
	Each      string   `yaml:"each"`
	Ref       string   `yaml:"ref"`
	State     string   `yaml:"state"`
	Delivered []string `yaml:"delivered"`
	Pending   []string `yaml:"pending"` // on its way: says nothing yet
	Gone      []string `yaml:"gone"`    // states or reasons that mean that there is no such number
	Why       string   `yaml:"why"`
	Reply     Reply    `yaml:"reply"`
}

// Texts says how what residents send is read.
type Texts struct {
	Form    Form   `yaml:"form"` // empty: none come
	Pattern string `yaml:"pattern"`
	When    Is     `yaml:"when"`
	Each    string `yaml:"each"`
	Ref     string `yaml:"ref"`
	From    string `yaml:"from"`
	To      string `yaml:"to"`
	Text    string `yaml:"text"`
	Reply   Reply  `yaml:"reply"`
}

// check tells everything that is wrong with the settings, each with its place.
func (s Settings) check() error {
	var all []error
	wrong := func(at, zh, en string, args ...any) {
		all = append(all, errs.New(errs.Invalid, zh, en, args...).At(at))
	}
	if u, err := url.Parse(place.ReplaceAllString(s.URL, "x")); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		wrong("url", "网关的地址不对：%s。", "The gateway's address is wrong: %s.", s.URL)
	} else if host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://"), "/"); place.MatchString(host) {
		wrong("url", "网关的主机名里不能有要填的东西。", "The name of the gateway's host cannot have places to fill.")
	}
	for at, form := range map[string]Form{"form": s.Form, "answer.form": s.Answer.Form, "receipts.form": s.Receipts.Form, "texts.form": s.Texts.Form} {
		if form != "" && !form.known() {
			wrong(at, "写法只有 json、form、xml、text，没有 %s。", "Forms are json, form, xml and text, not %s.", string(form))
		}
	}
	if s.Charset != "" && s.Charset != UTF8 && s.Charset != GBK {
		wrong("charset", "字符集只有 utf-8 和 gbk。", "Charsets are utf-8 and gbk.")
	}
	if s.Answer.OK.At == "" || len(s.Answer.OK.Is) == 0 {
		wrong("answer.ok", "要写明怎样的回答才算收下：网关常用 200 回一个错。", "Say what answer means that a text was taken: gateways answer 200 with an error inside.")
	}
	for at, pattern := range map[string]string{"answer.pattern": s.Answer.Pattern, "receipts.pattern": s.Receipts.Pattern, "texts.pattern": s.Texts.Pattern} {
		if _, err := regexp.Compile(pattern); err != nil {
			wrong(at, "这个式子读不懂。", "This pattern cannot be read.")
		}
	}
	if s.Receipts.Form != "" && (s.Receipts.Ref == "" || s.Receipts.State == "" || len(s.Receipts.Delivered) == 0) {
		wrong("receipts", "送达回执要写明 ref、state、delivered。", "Delivery reports need ref, state and delivered.")
	}
	if s.Texts.Form != "" && (s.Texts.From == "" || s.Texts.Text == "") {
		wrong("texts", "上行短信要写明 from、text。", "Texts that come in need from and text.")
	}
	if (s.Receipts.Form != "" || s.Texts.Form != "") && len(s.Calls.Secret) < secretLeast {
		wrong("calls.secret", "网关回调的地址末尾要有至少 16 个字的密码。", "The address that the gateway calls ends in a secret of at least 16 characters.")
	}
	if s.Calls.Sign.How != "" && s.Calls.At == "" {
		wrong("calls.at", "没写签名放在哪里。", "Where the signature is is not said.")
	}
	return errors.Join(append(all, s.Sign.check("sign"), s.Calls.Sign.check("calls.sign"))...)
}

// secretLeast is how long the secret end of an address is at least.
const secretLeast = 16
