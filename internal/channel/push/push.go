// Package push tells browsers by Web Push (RFC 8030): a notification that
// shows though the page is closed, for whoever pressed the button for it.
//
// What is sent is encrypted to the browser (RFC 8291), so that the browser
// maker's service between sees that something came, when, and how long it is. It
// shows on a locked screen, which is why it says what a notice says there and no
// more. The service knows us by a key of our own (RFC 8292), which comes from the
// vault: a subscription made with it is worth nothing to anyone else.
//
// It knows no district and no case, and keeps nothing.
package push

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/outbound"
)

// Sender sends to browsers.
type Sender struct {
	private, public string
	contact         string
	client          *http.Client
	now             func() time.Time
}

// New makes a sender whose key comes from seed, 32 secret octets. Contact is a
// mailbox or a page of ours that the service's makers may turn to.
func New(seed []byte, contact string, client *http.Client, now func() time.Time) (_ *Sender, err error) {
	defer errs.Wrap(&err, "push.New")
	// Nearly every 32 octets are a key; those that are none are hashed on.
	var key *ecdh.PrivateKey
	for range 8 {
		if key, err = ecdh.P256().NewPrivateKey(seed); err == nil {
			break
		}
		sum := sha256.Sum256(seed)
		seed = sum[:]
	}
	if err != nil {
		return nil, err
	}
	return &Sender{
		private: base64.RawURLEncoding.EncodeToString(key.Bytes()), public: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()),
		contact: strings.TrimPrefix(contact, "mailto:"), client: client, now: now,
	}, nil
}

// PublicKey is what a browser subscribes with.
func (s *Sender) PublicKey() string { return s.public }

// addressMost bounds a subscription.
const addressMost = 2000

// Parse reads a subscription as browsers write it, and gives it back in one
// spelling; errs.Invalid for what cannot be sent to.
func Parse(text string) (address string, err error) {
	_, address, err = parse(text)
	return address, err
}

func parse(text string) (s webpush.Subscription, address string, err error) {
	wrong := errs.New(errs.Invalid, "浏览器给的订阅读不懂。请刷新页面再试。", "The browser's subscription cannot be read. Please load the page again and retry.").At(string(channel.Push))
	if len(text) > addressMost || json.Unmarshal([]byte(text), &s) != nil {
		return s, "", wrong
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return s, "", wrong
	}
	point, err := decode(s.Keys.P256dh)
	if err != nil {
		return s, "", wrong
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return s, "", wrong
	}
	if secret, err := decode(s.Keys.Auth); err != nil || len(secret) != 16 {
		return s, "", wrong
	}
	out, err := json.Marshal(s)
	return s, string(out), err
}

// decode reads what browsers write with and without padding.
func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "=")))
}

// Shown is what the service worker shows. It is all that is sent.
type Shown struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Link  string `json:"link"`
	Tag   string `json:"tag"` // one notification for what belongs together
	Lang  string `json:"lang"`
}

// ShownOf is a letter as the service worker shows it.
func ShownOf(l channel.Letter) Shown {
	title := l.Subject
	if title.IsZero() {
		title = lang.T("您反映的事有消息", "News of what you reported")
	}
	return Shown{Title: cut(title.In(l.Lang)), Body: cut(l.Words()), Link: l.Link, Tag: tag(l), Lang: l.Lang.Tag()}
}

// How long the service keeps a notification for a browser that is off, and how
// long its words may be: one record of the encryption holds four thousand octets.
const (
	keep     = 48 * time.Hour
	bodyMost = 300
	whyMost  = 120
)

// Carry sends a letter. It is an error, to be tried again, where the service does
// not answer or says later.
func (s *Sender) Carry(ctx context.Context, l channel.Letter) (r channel.Receipt, err error) {
	defer errs.Wrap(&err, "push.Carry(%s)", l.ID)
	sub, _, err := parse(l.Address)
	if err != nil {
		return channel.Receipt{State: channel.Failed, Why: "not a subscription", Gone: true}, nil
	}
	text, err := json.Marshal(ShownOf(l))
	if err != nil {
		return channel.Receipt{}, err
	}
	resp, err := webpush.SendNotificationWithContext(ctx, text, &sub, &webpush.Options{
		HTTPClient: s.client, Subscriber: s.contact, Topic: tag(l), TTL: int(keep / time.Second), Urgency: webpush.UrgencyNormal,
		VAPIDPublicKey: s.public, VAPIDPrivateKey: s.private, VapidExpiration: s.now().Add(12 * time.Hour),
	})
	if errors.Is(err, webpush.ErrMaxPadExceeded) {
		return channel.Receipt{State: channel.Failed, Why: "too long"}, nil
	}
	if err != nil { // it names the subscription, which is personal
		return channel.Receipt{}, errs.New(errs.Busy, "连不上浏览器的通知服务。", "The browser's push service could not be reached.")
	}
	return judge(resp)
}

// judge reads the service's answer by RFC 8030, 5.
func judge(resp *http.Response) (channel.Receipt, error) {
	body, err := outbound.Read(resp, 4096)
	if err != nil {
		body = nil // only the status counts
	}
	why := cutTo(strings.TrimSpace(strconv.Itoa(resp.StatusCode)+" "+printable(string(body))), whyMost)
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return channel.Receipt{State: channel.Sent}, nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return channel.Receipt{State: channel.Failed, Why: strconv.Itoa(code), Gone: true}, nil
	case code == http.StatusForbidden, code == http.StatusUnauthorized, code == http.StatusBadRequest:
		// The subscription belongs to another key than ours: it will never take one.
		return channel.Receipt{State: channel.Failed, Why: why, Gone: code == http.StatusForbidden}, nil
	case code == http.StatusRequestEntityTooLarge:
		return channel.Receipt{State: channel.Failed, Why: why}, nil
	}
	return channel.Receipt{}, errs.New(errs.Busy, "浏览器的通知服务答了 %d。", "The browser's push service answered %d.", resp.StatusCode)
}

// tag names what belongs together without naming it: the service sees it.
func tag(l channel.Letter) string {
	sum := sha256.Sum256([]byte("linli push " + l.District + " " + l.Thread + " " + l.Address))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

func cut(text string) string { return cutTo(text, bodyMost) }

func cutTo(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// printable keeps a service's reason to letters, so that a page it answers with
// does not end in the record.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '<' || r == '>' {
			return -1
		}
		return r
	}, text)
}
