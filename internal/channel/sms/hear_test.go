package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/outbound"
)

const secret = "a-secret-of-some-length"

// hearing are settings of a gateway that calls back, signed.
func hearing() Settings {
	s := settings("https://sms.example.cn")
	s.Calls = Calls{
		Secret: secret, From: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")},
		Sign: Sign{How: "hmac-sha256", Of: "{body}", Key: "k3y"}, At: "header.X-Sign",
	}
	s.Receipts = Receipts{
		Form: JSON, Each: "reports", Ref: "msgid", State: "stat", Delivered: []string{"DELIVRD"}, Pending: []string{"ACCEPTD"}, Why: "err", Gone: []string{"空号"},
		Reply: Reply{Type: "application/json", Body: `{"code":0}`},
	}
	s.Texts = Texts{Form: JSON, Each: "mo", Ref: "id", From: "src", To: "dst", Text: "txt", Reply: Reply{Body: "OK"}}
	return s
}

// call is one that is believed.
func call(body string) Call {
	mac := hmac.New(sha256.New, []byte("k3y"))
	mac.Write([]byte(body))
	return Call{
		Secret: secret, From: netip.MustParseAddr("203.0.113.9"), Body: []byte(body),
		Header: http.Header{"X-Sign": {hex.EncodeToString(mac.Sum(nil))}}, Query: url.Values{},
	}
}

func TestHear(t *testing.T) {
	t.Parallel()
	g := gateway(t, hearing())
	for _, test := range []struct {
		why, body string
		want      Heard
	}{
		{"reports: delivered, failed with why, and one that is still on its way",
			`{"reports":[{"msgid":"r1","stat":"DELIVRD"},{"msgid":"r2","stat":"UNDELIV","err":"停机 13800001234"},{"msgid":"r3","stat":"ACCEPTD"},{"msgid":"r4","stat":"UNDELIV","err":"空号"},{"stat":"DELIVRD"}]}`,
			Heard{Reports: []Report{
				{Ref: "r1", State: channel.Delivered}, {Ref: "r2", State: channel.Failed, Why: "UNDELIV 停机 ***"}, {Ref: "r4", State: channel.Failed, Why: "UNDELIV 空号", Gone: true},
			}, Answer: Reply{"application/json", `{"code":0}`}}},
		{"a text, with the country before the number",
			`{"mo":[{"id":"u1","src":"8613800001234","dst":"10690001","txt":" 查 261122-0001 "},{"id":"u2","src":"10086","txt":"advertisement"}]}`,
			Heard{Came: []channel.Came{{Channel: channel.SMS, Ref: "u1", From: "13800001234", To: "10690001", Text: "查 261122-0001", At: noon}}, Answer: Reply{Body: "OK"}}},
	} {
		got, err := g.Hear(call(test.body))
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.why, diff)
		}
	}
}

// A gateway without ids may send the same text twice: it has one name then.
func TestHearNamesWhatHasNoID(t *testing.T) {
	t.Parallel()
	s := hearing()
	s.Texts = Texts{Form: Pairs, From: "m", Text: "c"}
	s.Receipts, s.Calls.Sign = Receipts{}, Sign{}
	g := gateway(t, s)
	c := call("")
	c.Query = url.Values{"m": {"13800001234"}, "c": {"满意"}}
	first, err := g.Hear(c)
	if err != nil {
		t.Fatal(err)
	}
	second, err := g.Hear(c)
	if err != nil || first.Came[0].Ref == "" || first.Came[0].Ref != second.Came[0].Ref {
		t.Errorf("got %q and %q, %v: want one name", first.Came[0].Ref, second.Came[0].Ref, err)
	}
	c.Query.Set("m", "13800001235")
	if third, err := g.Hear(c); err != nil || third.Came[0].Ref == first.Came[0].Ref {
		t.Error("another number's text has the same name")
	}
}

func TestHearRefuses(t *testing.T) {
	t.Parallel()
	g := gateway(t, hearing())
	body := `{"mo":[{"id":"u1","src":"13800001234","txt":"查"}]}`
	for _, test := range []struct {
		why    string
		change func(*Call)
		want   errs.Kind
	}{
		{"without the secret", func(c *Call) { c.Secret = "" }, errs.NotFound},
		{"with another secret", func(c *Call) { c.Secret = secret + "x" }, errs.NotFound},
		{"from elsewhere", func(c *Call) { c.From = netip.MustParseAddr("198.51.100.1") }, errs.NotFound},
		{"changed on the way", func(c *Call) { c.Body = []byte(strings.Replace(body, "1234", "1235", 1)) }, errs.NotFound},
		{"not signed", func(c *Call) { c.Header = http.Header{} }, errs.NotFound},
		{"too long", func(c *Call) { *c = call(strings.Repeat(" ", bodyMost+1)) }, errs.TooLarge},
		{"no JSON", func(c *Call) { *c = call("{") }, errs.Invalid},
		{"neither report nor text", func(c *Call) { *c = call(`{"x":1}`) }, errs.Invalid},
		{"two documents", func(c *Call) { *c = call(body + body) }, errs.Invalid},
		{"nested without end", func(c *Call) { *c = call(strings.Repeat(`{"mo":`, 1000) + "1" + strings.Repeat("}", 1000)) }, errs.Invalid},
	} {
		c := call(body)
		test.change(&c)
		if _, err := g.Hear(c); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %s", test.why, err, test.want)
		}
	}
	if _, err := g.Hear(call(body)); err != nil {
		t.Errorf("the gateway itself: %v", err)
	}
}

func TestXMLIsRefusedCheaply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ why, text string }{
		{"entities that grow", `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>`},
		{"entities that read files", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`},
		{"an entity without document type", `<r>&x;</r>`},
		{"nested without end", strings.Repeat("<a>", 10_000)},
		{"more elements than anyone sends", "<r>" + strings.Repeat("<a/>", 30_000) + "</r>"},
		{"nothing", ""},
		{"an end without a beginning", "</r>"},
	} {
		if _, err := parse(XML, nil, test.text); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want a refusal", test.why, err)
		}
	}
}

func FuzzHear(f *testing.F) {
	f.Add(uint8(0), `{"mo":[{"id":"u1","src":"13800001234","txt":"查"}]}`)
	f.Add(uint8(1), `<mo><id>1</id><src>13800001234</src><txt>查</txt></mo>`)
	f.Add(uint8(2), `id=1&src=13800001234&txt=%B2%E9`)
	f.Add(uint8(3), `1,13800001234,x`)
	forms := []Form{JSON, XML, Pairs, Plain}
	f.Fuzz(func(t *testing.T, form uint8, body string) {
		s := hearing()
		s.Calls.Sign, s.Calls.From = Sign{}, nil
		s.Receipts.Form, s.Texts.Form = forms[form%4], forms[form%4]
		s.Texts.Pattern = `^(?P<id>[^,]*),(?P<src>[^,]*),(?P<txt>.*)$`
		g, err := New(s, outbound.Client(outbound.Config{}), clock)
		if err != nil {
			t.Fatal(err)
		}
		heard, err := g.Hear(Call{Secret: secret, Body: []byte(body), Query: url.Values{}})
		if err != nil && errs.KindOf(err) == "" {
			t.Fatalf("a refusal has no kind: %v", err)
		}
		for _, c := range heard.Came {
			if c.From == "" || c.Text == "" || c.Ref == "" {
				t.Fatalf("half a text: %+v", c)
			}
		}
	})
}
