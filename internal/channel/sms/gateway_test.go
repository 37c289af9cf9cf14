package sms

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/outbound"
)

var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// letter is a text to somebody invented.
func letter() channel.Letter {
	return channel.Letter{
		ID: "m1", Address: "13800001234", Template: "received", Lang: lang.ZH,
		Text:  lang.T(`收到了："路灯" <不亮> & 261122-0001`, "received"),
		Facts: map[string]string{"number": "261122-0001"},
	}
}

// settings of a gateway that takes JSON, as many do.
func settings(address string) Settings {
	return Settings{
		URL: address + "/send", Form: JSON, Signed: "【桂香】",
		Body:    `{"mobile":"{phone}","content":"{text}","uid":"{id}","ts":"{time}","sign":"{sign}"}`,
		Headers: map[string]string{"X-Account": "a1"},
		Sign:    Sign{How: "md5", Of: "a1{phone}{time}k3y", As: "hex"},
		Answer: Answer{
			OK: Is{At: "code", Is: []string{"0"}}, Later: Is{At: "code", Is: []string{"busy"}}, Ref: "data.msgid", Why: "msg",
		},
	}
}

// gateway is one of settings that may call this machine.
func gateway(t *testing.T, s Settings) *Gateway {
	t.Helper()
	g, err := New(s, outbound.Client(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: time.Second}), clock)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGatewayCarry(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		got["account"] = r.Header.Get("X-Account")
		_, _ = io.WriteString(w, `{"code":0,"data":{"msgid":12345678901234567890}}`)
	}))
	defer server.Close()
	r, err := gateway(t, settings(server.URL)).Carry(t.Context(), letter())
	if err != nil {
		t.Fatal(err)
	}
	if want := (channel.Receipt{State: channel.Sent, Ref: "12345678901234567890"}); !cmp.Equal(r, want) {
		t.Errorf("got %+v, want %+v", r, want)
	}
	sum := md5.Sum([]byte("a11380000123420261122120000k3y"))
	want := map[string]string{
		"mobile": "13800001234", "content": `【桂香】收到了："路灯" <不亮> & 261122-0001`, "uid": "m1", "ts": "20261122120000",
		"sign": hex.EncodeToString(sum[:]), "account": "a1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a text says cannot end a string or add a parameter, in any form.
func TestGatewayForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why    string
		change func(*Settings)
		read   func(r *http.Request, body []byte) (phone, text string)
		answer string
	}{
		{"pairs in GBK, answered in plain words", func(s *Settings) {
			s.Form, s.Charset, s.Body = Pairs, GBK, "m={phone}&c={text}"
			s.Answer = Answer{Form: Plain, Pattern: `^(?P<code>-?\d+),(?P<ref>\w+)$`, OK: Is{At: "code", Is: []string{"1"}}, Ref: "ref"}
		}, func(_ *http.Request, body []byte) (string, string) {
			v, _ := url.ParseQuery(string(body))
			text, _ := simplifiedchinese.GBK.NewDecoder().String(v.Get("c"))
			return v.Get("m"), text
		}, "1,r1"},
		{"all in the address, answered in XML", func(s *Settings) {
			s.Method, s.URL, s.Body = http.MethodGet, s.URL+"?m={phone}&c={text}", ""
			s.Answer = Answer{Form: XML, OK: Is{At: "r.code", Is: []string{"ok"}}, Ref: "r.id"}
		}, func(r *http.Request, _ []byte) (string, string) {
			return r.URL.Query().Get("m"), r.URL.Query().Get("c")
		}, `<?xml version="1.0" encoding="GBK"?><r id="r1"><code> ok </code></r>`},
		{"pairs answer", func(s *Settings) {
			s.Form, s.Body = Pairs, "m={phone}&c={text}"
			s.Answer = Answer{Form: Pairs, OK: Is{At: "result", Is: []string{"0"}}, Ref: "id"}
		}, func(_ *http.Request, body []byte) (string, string) {
			v, _ := url.ParseQuery(string(body))
			return v.Get("m"), v.Get("c")
		}, "result=0&id=r1"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			var phone, text string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				phone, text = test.read(r, body)
				_, _ = io.WriteString(w, test.answer)
			}))
			defer server.Close()
			s := settings(server.URL)
			test.change(&s)
			r, err := gateway(t, s).Carry(t.Context(), letter())
			if err != nil || r.Ref != "r1" || r.State != channel.Sent {
				t.Errorf("got %+v, %v", r, err)
			}
			if want := "【桂香】" + letter().Words(); phone != "13800001234" || text != want {
				t.Errorf("it arrived as %s, %q; want %q", phone, text, want)
			}
		})
	}
}

func TestGatewayLies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why    string
		status int
		answer string
		want   channel.Receipt
		again  bool
	}{
		{"200 with an error inside has failed", 200, `{"code":"E5","msg":"签名没有报备，号码13800001234"}`,
			channel.Receipt{State: channel.Failed, Why: "E5 签名没有报备，号码***"}, false},
		{"400 that says why has failed", 400, `{"code":"E6","msg":"bad"}`, channel.Receipt{State: channel.Failed, Why: "E6 bad"}, false},
		{"busy is asked again", 200, `{"code":"busy"}`, channel.Receipt{}, true},
		{"ok under an error's status is not believed", 403, `{"code":"0"}`, channel.Receipt{State: channel.Failed, Why: "0"}, false},
		{"a proxy's page is asked again", 200, `<html>login</html>`, channel.Receipt{}, true},
		{"an empty answer is asked again", 200, ``, channel.Receipt{}, true},
		{"JSON of somebody else is asked again", 200, `{"hello":1}`, channel.Receipt{}, true},
		{"a fault of the server is asked again", 503, `{"code":"0"}`, channel.Receipt{}, true},
		{"too fast is asked again", 429, `{"code":"0"}`, channel.Receipt{}, true},
		{"a redirect is not followed", 302, `{"code":"0"}`, channel.Receipt{State: channel.Failed, Why: "0"}, false},
		{"an answer without end is cut off", 200, `{"code":"0","x":"` + strings.Repeat("x", 300<<10) + `"}`, channel.Receipt{}, true},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://127.0.0.1:1/")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}))
			defer server.Close()
			got, err := gateway(t, settings(server.URL)).Carry(t.Context(), letter())
			if (err != nil) != test.again {
				t.Fatalf("got error %v, want one: %t", err, test.again)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if err != nil && strings.Contains(err.Error(), "13800001234") {
				t.Errorf("the error names the number: %v", err)
			}
		})
	}
}

func TestGatewaySlow(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	g := gateway(t, settings(server.URL))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := g.Carry(ctx, letter())
	if !errors.Is(err, errs.Busy) || strings.Contains(err.Error(), "138") {
		t.Errorf("got %v, want busy without the number", err)
	}
}

func TestGatewayRefuses(t *testing.T) {
	t.Parallel()
	g := gateway(t, settings("http://127.0.0.1:1"))
	l := letter()
	l.Address = "0571-12345678"
	if r, err := g.Carry(t.Context(), l); err != nil || r.State != channel.Failed || !r.Gone {
		t.Errorf("a fixed line: got %+v, %v, want failed and gone", r, err)
	}
	g.set.Templates = map[string]string{"done": "SMS_1"}
	if r, err := g.Carry(t.Context(), letter()); err != nil || r.State != channel.Failed {
		t.Errorf("no wording: got %+v, %v, want failed", r, err)
	}
	closed := outbound.Client(outbound.Config{})
	inside, err := New(settings("http://127.0.0.1:1"), closed, clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inside.Carry(t.Context(), letter()); err == nil {
		t.Error("an address inside was called without being allowed")
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	p := newPace(2, clock)
	for i, want := range []time.Duration{0, 500 * time.Millisecond, time.Second} {
		if got, err := p.take(1); err != nil || got != want {
			t.Errorf("turn %d: got %v, %v, want %v", i, got, err, want)
		}
	}
	if _, err := p.take(30); err != nil {
		t.Error(err)
	}
	if _, err := p.take(1); !errors.Is(err, errs.Busy) {
		t.Errorf("after sixteen seconds' worth: got %v, want busy", err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, at string
		change  func(*Settings)
	}{
		{"no address", "url", func(s *Settings) { s.URL = "" }},
		{"a file is no gateway", "url", func(s *Settings) { s.URL = "file:///etc/passwd" }},
		{"the host is not the letter's to choose", "url", func(s *Settings) { s.URL = "https://{phone}.example.cn/" }},
		{"an unknown form", "form", func(s *Settings) { s.Form = "toml" }},
		{"an unknown charset", "charset", func(s *Settings) { s.Charset = "ebcdic" }},
		{"success is not said", "answer.ok", func(s *Settings) { s.Answer.OK = Is{} }},
		{"a broken pattern", "answer.pattern", func(s *Settings) { s.Answer.Pattern = "(" }},
		{"reports without a name", "receipts", func(s *Settings) { s.Receipts.Form = JSON }},
		{"texts without a sender", "texts", func(s *Settings) { s.Texts.Form = JSON }},
		{"a short secret", "calls.secret", func(s *Settings) { s.Texts, s.Calls.Secret = Texts{Form: JSON, From: "f", Text: "t"}, "short" }},
		{"an unknown signature", "sign.how", func(s *Settings) { s.Sign.How = "crc" }},
		{"an hmac without key", "sign.key", func(s *Settings) { s.Sign = Sign{How: "hmac-sha256", Of: "x"} }},
	} {
		s := settings("https://sms.example.cn")
		test.change(&s)
		_, err := New(s, http.DefaultClient, clock)
		found := false
		for _, e := range errs.Each(err) {
			found = found || e.Field == test.at
		}
		if !found {
			t.Errorf("%s: got %v, want a refusal at %s", test.why, err, test.at)
		}
	}
}
