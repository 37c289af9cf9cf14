package wechat_test

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"math"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/channel"
	"linli/internal/channel/wechat"
	"linli/internal/channel/wechat/standin"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/outbound"
)

var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

const zhou = "oStandin_follower-0001"

// world is an account at a stand-in.
func world(t *testing.T, change func(*wechat.Settings)) (*standin.Platform, *wechat.Account) {
	t.Helper()
	p := standin.New()
	t.Cleanup(p.Close)
	s := p.Settings()
	if change != nil {
		change(&s)
	}
	a, err := wechat.New(s, outbound.Client(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return p, a
}

// The platform's own example of its scheme, as its documentation for companies
// prints it: what the stand-in and we agree on is what the platform means.
func TestPublishedExample(t *testing.T) {
	t.Parallel()
	const echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
	if got, want := wechat.Sign("QDG6eK", "1409659589", "263014780", echo), "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"; got != want {
		t.Errorf("the signature is %s, want %s", got, want)
	}
	key, err := base64.StdEncoding.DecodeString("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C=")
	if err != nil {
		t.Fatal(err)
	}
	got, err := wechat.Decrypt(key, "wx5823bf96d3bd56c7", echo)
	if err != nil || string(got) != "1616140317555161061" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := wechat.Decrypt(key, "wx5823bf96d3bd56c8", echo); err == nil {
		t.Error("what was encrypted for another account was opened")
	}
}

func TestEcho(t *testing.T) {
	t.Parallel()
	_, a := world(t, nil)
	q := standin.Query(noon)
	q.Set("echostr", "4711")
	if got, err := a.Echo(q); err != nil || got != "4711" {
		t.Errorf("got %q, %v", got, err)
	}
	q.Set("nonce", "other")
	if _, err := a.Echo(q); !errors.Is(err, errs.NotFound) {
		t.Errorf("another signature: got %v, want not found", err)
	}
}

func TestHear(t *testing.T) {
	t.Parallel()
	_, a := world(t, nil)
	at := noon.Truncate(time.Second)
	shifted := geo.Convert(geo.Point{Lon: 120.2, Lat: 30.25}, geo.CGCS2000, geo.GCJ02)
	came := func(ref, text string) channel.Came {
		return channel.Came{Channel: channel.WeChat, Ref: ref, From: zhou, To: standin.Name, Text: text, At: at.Local()}
	}
	for _, test := range []struct {
		why, message string
		want         wechat.Message
	}{
		{"words", standin.Text(zhou, "9001", " 路灯不亮 ", at), wechat.Message{Kind: wechat.Text, Came: came("9001", "路灯不亮")}},
		{"a picture", standin.Image(zhou, "9002", "media1", at), wechat.Message{Kind: wechat.Picture, Media: "media1", Came: came("9002", "")}},
		{"somebody follows", standin.Event(zhou, "subscribe", "", at), wechat.Message{Kind: wechat.Follow, Came: came(zhou+"1795320000", "")}},
		{"somebody does so no more", standin.Event(zhou, "unsubscribe", "", at), wechat.Message{Kind: wechat.Unfollow, Came: came(zhou+"1795320000", "")}},
		{"a template message arrived", standin.Event(zhou, "TEMPLATESENDJOBFINISH", "<MsgID>200</MsgID><Status>success</Status>", at),
			wechat.Message{Kind: wechat.Delivered, Ref: "200", Came: came(zhou+"1795320000", "")}},
		{"and one did not", standin.Event(zhou, "TEMPLATESENDJOBFINISH", "<MsgID>201</MsgID><Status>failed:user block</Status>", at),
			wechat.Message{Kind: wechat.Delivered, Ref: "201", Failed: "failed:user block", Gone: true, Came: came(zhou+"1795320000", "")}},
		{"a menu's entry", standin.Event(zhou, "CLICK", "<EventKey>帮助</EventKey>", at), wechat.Message{Kind: wechat.Text, Came: came(zhou+"1795320000", "帮助")}},
	} {
		q, body := standin.Call(noon, test.message)
		got, err := a.Hear(q, []byte(body))
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		test.want.To = standin.Name
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.why, diff)
		}
	}
	q, body := standin.Call(noon, standin.Location(zhou, "9003", shifted.Lat, shifted.Lon, "桂香街 18 号", at))
	got, err := a.Hear(q, []byte(body))
	if err != nil || got.Kind != wechat.Place || got.Came.Text != "桂香街 18 号" {
		t.Fatalf("a place: got %+v, %v", got, err)
	}
	if d := geo.Metres(geo.Point{Lon: got.Came.Lon, Lat: got.Came.Lat}, geo.Point{Lon: 120.2, Lat: 30.25}); d > 1 || math.IsNaN(d) {
		t.Errorf("the place is %.1f m off: the platform's shift was not taken out", d)
	}
}

func TestHearRefuses(t *testing.T) {
	t.Parallel()
	_, a := world(t, nil)
	message := standin.Text(zhou, "1", "查", noon)
	for _, test := range []struct {
		why    string
		now    time.Time
		inner  string
		change func(q url.Values, body *string)
		want   errs.Kind
	}{
		{"not signed", noon, message, func(q url.Values, _ *string) { q.Del("signature") }, errs.NotFound},
		{"signed for another moment", noon, message, func(q url.Values, _ *string) { q.Set("timestamp", "1") }, errs.NotFound},
		{"an hour old", noon.Add(-time.Hour), message, nil, errs.NotFound},
		{"not encrypted, though safe mode is on", noon, message, func(_ url.Values, b *string) { *b = message }, errs.NotFound},
		{"the message is another than was signed", noon, message, func(_ url.Values, b *string) {
			*b = strings.Replace(*b, "<Encrypt><![CDATA[", "<Encrypt><![CDATA[AAAA", 1)
		}, errs.NotFound},
		{"entities that grow", noon, message, func(_ url.Values, b *string) { *b = `<!DOCTYPE x [<!ENTITY a "b">]>` + *b }, errs.Invalid},
		{"entities within", noon, `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><FromUserName>` + zhou + `</FromUserName><Content>&a;</Content></xml>`, nil, errs.Invalid},
		{"nested without end", noon, strings.Repeat("<xml>", 500) + strings.Repeat("</xml>", 500), nil, errs.Invalid},
		{"too long", noon, message, func(_ url.Values, b *string) { *b += strings.Repeat(" ", wechat.BodyMost) }, errs.TooLarge},
		{"no XML", noon, message, func(_ url.Values, b *string) { *b = "{}" }, errs.Invalid},
		{"nobody sent it", noon, standin.Text("", "1", "x", noon), nil, errs.Invalid},
		{"a place beyond the earth", noon, standin.Location(zhou, "1", 400, 400, "", noon), nil, errs.Invalid},
	} {
		q, body := standin.Call(test.now, test.inner)
		if test.change != nil {
			test.change(q, &body)
		}
		if _, err := a.Hear(q, []byte(body)); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %s", test.why, err, test.want)
		}
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	_, a := world(t, nil)
	q, body := standin.Call(noon, standin.Text(zhou, "1", "查", noon))
	m, err := a.Hear(q, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	out, err := a.Reply(m, "收到了 <1> & ]]>")
	if err != nil {
		t.Fatal(err)
	}
	var sealed struct{ Encrypt, MsgSignature, TimeStamp, Nonce string }
	if err := xml.Unmarshal(out, &sealed); err != nil {
		t.Fatal(err)
	}
	if sealed.MsgSignature != wechat.Sign(standin.Token, sealed.TimeStamp, sealed.Nonce, sealed.Encrypt) {
		t.Error("the answer is signed wrongly")
	}
	key, _ := base64.StdEncoding.DecodeString(standin.AESKey + "=")
	plain, err := wechat.Decrypt(key, standin.AppID, sealed.Encrypt)
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ ToUserName, FromUserName, MsgType, Content string }
	if err := xml.Unmarshal(plain, &said); err != nil {
		t.Fatal(err)
	}
	if said.ToUserName != zhou || said.FromUserName != standin.Name || said.MsgType != "text" || said.Content != "收到了 <1> & ]]>" {
		t.Errorf("got %+v", said)
	}
	if out, err := a.Reply(m, ""); err != nil || string(out) != "success" {
		t.Errorf("no words: got %q, %v, want success", out, err)
	}
}

// letter is one about an invented case.
func letter() channel.Letter {
	return channel.Letter{
		ID: "0193-aaaa", Address: zhou, Template: "received", Link: "https://linli.example.cn/track/1", Lang: lang.ZH, Text: lang.T("收到了：路灯", "received"),
		Facts: map[string]string{"number": "261122-0001", "title": strings.Repeat("路灯", 15)},
	}
}

func TestCarry(t *testing.T) {
	t.Parallel()
	p, a := world(t, func(s *wechat.Settings) {
		s.Templates = map[string]wechat.Template{"received": {ID: "TM1", Data: map[string]string{"character_string1": "{number}", "thing2": "{title}"}}}
	})
	r, err := a.Carry(t.Context(), letter())
	if want := (channel.Receipt{State: channel.Sent, Ref: "200000000001"}); err != nil || !cmp.Equal(r, want) {
		t.Fatalf("got %+v, %v, want %+v", r, err, want)
	}
	l := letter()
	l.Template = "done" // has no template: a plain message
	if r, err := a.Carry(t.Context(), l); err != nil || r.State != channel.Sent {
		t.Fatalf("got %+v, %v", r, err)
	}
	sent, asked := p.All()
	if asked != 1 {
		t.Errorf("a key was asked for %d times, want once", asked)
	}
	want := []standin.Sent{
		{Path: "/cgi-bin/message/template/send", Body: map[string]any{
			"touser": zhou, "template_id": "TM1", "url": "https://linli.example.cn/track/1", "client_msg_id": "0193-aaaa",
			"data": map[string]any{
				"character_string1": map[string]any{"value": "261122-0001"},
				"thing2":            map[string]any{"value": strings.Repeat("路灯", 9) + "路…"},
			},
		}},
		{Path: "/cgi-bin/message/custom/send", Body: map[string]any{
			"touser": zhou, "msgtype": "text", "text": map[string]any{"content": "收到了：路灯\nhttps://linli.example.cn/track/1"},
		}},
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
}

// A key that another has ended is asked for again, once, and two copies of the
// program are given the same.
func TestKeyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	p, a := world(t, nil)
	other, err := wechat.New(p.Settings(), outbound.Client(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	for i, carrier := range []*wechat.Account{a, other, a} {
		if i == 2 {
			p.Expire()
		}
		if r, err := carrier.Carry(t.Context(), letter()); err != nil || r.State != channel.Sent {
			t.Fatalf("letter %d: got %+v, %v", i, r, err)
		}
	}
	if sent, asked := p.All(); len(sent) != 3 || asked != 3 {
		t.Errorf("%d messages and %d keys, want 3 and 3: one for each copy, one after it ended", len(sent), asked)
	}
}

func TestCarryErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why   string
		code  int
		want  channel.Receipt
		again bool
	}{
		{"the platform is busy", -1, channel.Receipt{}, true},
		{"the day's quota is spent", 45009, channel.Receipt{}, true},
		{"the key stays wrong", 40001, channel.Receipt{}, true},
		{"no such follower", 40003, channel.Receipt{State: channel.Failed, Why: "wechat 40003", Gone: true}, false},
		{"follows no more", 43004, channel.Receipt{State: channel.Failed, Why: "wechat 43004", Gone: true}, false},
		{"two days have passed", 45015, channel.Receipt{State: channel.Failed, Why: "wechat 45015"}, false},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			p, a := world(t, nil)
			p.Answer("/cgi-bin/message/custom/send", test.code)
			got, err := a.Carry(t.Context(), letter())
			if (err != nil) != test.again || !cmp.Equal(got, test.want) {
				t.Errorf("got %+v, %v; want %+v, again: %t", got, err, test.want, test.again)
			}
		})
	}
	_, a := world(t, func(s *wechat.Settings) { s.Secret = "wrong" })
	if _, err := a.Carry(t.Context(), letter()); !errors.Is(err, errs.Busy) || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong secret: got %v, want busy and not the secret", err)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	p, a := world(t, nil)
	p.Pictures["m1"] = []byte("picture")
	got, err := a.Picture(t.Context(), "m1")
	if err != nil || string(got.Data) != "picture" || got.Name != "wechat.jpeg" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := a.Picture(t.Context(), "m2"); !errors.Is(err, errs.NotFound) {
		t.Errorf("one that is no more: got %v, want not found", err)
	}
	p.Answer("/cgi-bin/media/get", -1)
	if _, err := a.Picture(t.Context(), "m1"); !errors.Is(err, errs.Busy) {
		t.Errorf("busy: got %v", err)
	}
}

func FuzzHear(f *testing.F) {
	f.Add(standin.Text(zhou, "1", "查", noon))
	f.Add(standin.Location(zhou, "1", 30, 120, "x", noon))
	f.Add(standin.Event(zhou, "subscribe", "", noon))
	a, err := wechat.New(wechat.Settings{AppID: "a", Secret: "s", Token: standin.Token}, nil, func() time.Time { return noon })
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		m, err := a.Hear(standin.Query(noon), []byte(body))
		if err != nil && errs.KindOf(err) == "" {
			t.Fatalf("a refusal has no kind: %v", err)
		}
		if err == nil && (m.Came.From == "" || m.Came.Ref == "" || m.Kind == "") {
			t.Fatalf("half a message: %+v", m)
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	key := []byte("0123456789abcdef0123456789abcdef")
	sealed, _ := wechat.Encrypt(key, "a", []byte("<xml/>"))
	f.Add(sealed)
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = wechat.Decrypt(key, "a", text) // must not panic
	})
}
