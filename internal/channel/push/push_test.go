package push

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/lang"
)

var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// browser is one that has subscribed, and the service between: it opens what
// comes by RFC 8291 as that is written, not by the library that closes it.
type browser struct {
	*httptest.Server
	key    *ecdh.PrivateKey
	secret []byte
	status int
	head   http.Header
	body   []byte
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{key: key, secret: make([]byte, 16), status: http.StatusCreated}
	rand.Read(b.secret)
	b.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.head = r.Header.Clone()
		b.body, _ = io.ReadAll(r.Body)
		w.WriteHeader(b.status)
	}))
	t.Cleanup(b.Close)
	return b
}

// address is the subscription as the browser writes it.
func (b *browser) address() string {
	enc := base64.RawURLEncoding.EncodeToString
	out, _ := json.Marshal(map[string]any{
		"endpoint": b.URL + "/push/abc", "expirationTime": nil, "keys": map[string]string{"p256dh": enc(b.key.PublicKey().Bytes()), "auth": enc(b.secret)},
	})
	return string(out)
}

// open decrypts an aes128gcm body, RFC 8188 and 8291.
func (b *browser) open(t *testing.T) []byte {
	t.Helper()
	salt, rest := b.body[:16], b.body[20:] // four octets of record size between
	size := int(rest[0])
	from, sealed := rest[1:1+size], rest[1+size:]
	peer, err := ecdh.P256().NewPublicKey(from)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := b.key.ECDH(peer)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	material := derive(shared, b.secret, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(from), 32)
	block, err := aes.NewCipher(derive(material, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, derive(material, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain = bytes.TrimRight(plain, "\x00")
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		t.Fatal("the last record has no delimiter")
	}
	return plain[:len(plain)-1]
}

func sender(t *testing.T, b *browser) *Sender {
	t.Helper()
	s, err := New(bytes.Repeat([]byte{7}, 32), "mailto:linli@example.cn", b.Client(), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *browser) letter() channel.Letter {
	return channel.Letter{
		District: "330199", ID: "m1", Thread: "c1", Address: b.address(), Lang: lang.ZH, Link: "https://linli.example.cn/track/261122-0001",
		Subject: lang.T("有消息", "News"), Text: lang.T("261122-0001 办好了", "done"),
	}
}

func TestCarry(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	s := sender(t, b)
	r, err := s.Carry(t.Context(), b.letter())
	if err != nil || !cmp.Equal(r, channel.Receipt{State: channel.Sent}) {
		t.Fatalf("got %+v, %v", r, err)
	}
	if bytes.Contains(b.body, []byte("261122")) {
		t.Error("the words went in clear")
	}
	var got Shown
	if err := json.Unmarshal(b.open(t), &got); err != nil {
		t.Fatal(err)
	}
	want := Shown{Title: "有消息", Body: "261122-0001 办好了", Link: "https://linli.example.cn/track/261122-0001", Tag: got.Tag, Lang: "zh-CN"}
	if diff := cmp.Diff(want, got); diff != "" || got.Tag == "" {
		t.Error(diff)
	}
	if b.head.Get("Content-Encoding") != "aes128gcm" || b.head.Get("TTL") != "172800" || b.head.Get("Topic") == "" {
		t.Errorf("got headers %v", b.head)
	}
	vapid(t, s, b)
}

// vapid checks the signature that says who sends, RFC 8292.
func vapid(t *testing.T, s *Sender, b *browser) {
	t.Helper()
	scheme, rest, _ := strings.Cut(b.head.Get("Authorization"), " ")
	token, key, _ := strings.Cut(strings.TrimPrefix(rest, "t="), ", k=")
	if scheme != "vapid" || key != s.PublicKey() {
		t.Fatalf("got %s with key %s, want vapid with %s", scheme, key, s.PublicKey())
	}
	parts := strings.Split(token, ".")
	sign, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(sign) != 64 {
		t.Fatalf("the signature has %d octets, %v", len(sign), err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(key)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(sign[:32]), new(big.Int).SetBytes(sign[32:])) {
		t.Error("the signature does not hold")
	}
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(body, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Aud != b.URL || claims.Sub != "mailto:linli@example.cn" || claims.Exp > time.Now().Add(24*time.Hour).Unix() {
		t.Errorf("got %+v", claims)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why    string
		status int
		want   channel.Receipt
		again  bool
	}{
		{"taken", 201, channel.Receipt{State: channel.Sent}, false},
		{"the browser has unsubscribed", 410, channel.Receipt{State: channel.Failed, Why: "410", Gone: true}, false},
		{"and so says another service", 404, channel.Receipt{State: channel.Failed, Why: "404", Gone: true}, false},
		{"made with another key", 403, channel.Receipt{State: channel.Failed, Why: "403", Gone: true}, false},
		{"too long", 413, channel.Receipt{State: channel.Failed, Why: "413"}, false},
		{"too many", 429, channel.Receipt{}, true},
		{"down", 503, channel.Receipt{}, true},
		{"sent elsewhere", 302, channel.Receipt{}, true},
	} {
		b := newBrowser(t)
		b.status = test.status
		got, err := sender(t, b).Carry(t.Context(), b.letter())
		if (err != nil) != test.again || !cmp.Equal(got, test.want) {
			t.Errorf("%s: got %+v, %v; want %+v, again: %t", test.why, got, err, test.want, test.again)
		}
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	s := sender(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Carry(ctx, b.letter())
	if !errors.Is(err, errs.Busy) || strings.Contains(err.Error(), "/push/abc") {
		t.Errorf("got %v, want busy without the subscription", err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	good := b.address()
	if got, err := Parse(good); err != nil || strings.Contains(got, "expirationTime") {
		t.Errorf("got %s, %v", got, err)
	}
	for _, test := range []struct{ why, text string }{
		{"nothing", ""},
		{"no JSON", "x"},
		{"without TLS", strings.Replace(good, "https://", "http://", 1)},
		{"a script", strings.Replace(good, "https://127", "javascript:127", 1)},
		{"with a password", strings.Replace(good, "https://", "https://a:b@", 1)},
		{"a point that is none", strings.Replace(good, `"p256dh":"B`, `"p256dh":"C`, 1)},
		{"no secret", strings.Replace(good, `"auth"`, `"other"`, 1)},
		{"without end", strings.Replace(good, "/push/", "/"+strings.Repeat("x", 3000), 1)},
	} {
		if _, err := Parse(test.text); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want invalid", test.why, err)
		}
	}
}

// The key is the same each time the program starts, and another district's or
// another vault's is another.
func TestKey(t *testing.T) {
	t.Parallel()
	a, err := New(bytes.Repeat([]byte{1}, 32), "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := New(bytes.Repeat([]byte{1}, 32), "", nil, nil)
	c, _ := New(bytes.Repeat([]byte{2}, 32), "", nil, nil)
	if a.PublicKey() != b.PublicKey() || a.PublicKey() == c.PublicKey() || len(a.PublicKey()) != 87 {
		t.Errorf("got %s, %s, %s", a.PublicKey(), b.PublicKey(), c.PublicKey())
	}
	if _, err := New(bytes.Repeat([]byte{0xff}, 32), "", nil, nil); err != nil {
		t.Errorf("octets that are no key: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"endpoint":"https://push.example.com/x","keys":{"p256dh":"BA","auth":"AA"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		address, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(address); err != nil || again != address {
			t.Fatalf("%q is read as %q, %v", address, again, err)
		}
	})
}
