package wechat

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/geo"
)

// Kind is what somebody did.
type Kind string

// The kinds. Other is what linli has no use for, such as a sticker.
const (
	Text      Kind = "text"
	Picture   Kind = "picture"
	Place     Kind = "place"
	Follow    Kind = "follow"
	Unfollow  Kind = "unfollow"
	Delivered Kind = "delivered" // the platform tells of a template message
	Other     Kind = "other"
)

// Message is what the platform brought. Came has who, when, what and where; the
// point is in CGCS2000.
type Message struct {
	Kind   Kind
	Came   channel.Came
	Media  string // of a picture, by which it is fetched
	Ref    string // of a report on delivery
	Failed string // why it was not delivered; empty: it was
	Gone   bool   // this follower takes nothing from the account
	To     string // the account's own name, which an answer is from
}

// BodyMost bounds what the platform posts; a text has two thousand characters.
const BodyMost = 64 << 10

// stale is how old a signed call may be: the platform sends at once, and again
// for some seconds.
const stale = 10 * time.Minute

func refusal() error {
	return errs.New(errs.NotFound, "没有这个地址。", "There is no such address.")
}

// Echo answers the platform's question whether this is the account's address.
func (a *Account) Echo(q url.Values) (echo string, err error) {
	defer errs.Wrap(&err, "wechat.Echo")
	if !signed(q.Get("signature"), a.set.Token, q.Get("timestamp"), q.Get("nonce")) {
		return "", refusal()
	}
	return q.Get("echostr"), nil
}

// Hear reads a call. Whoever has not signed it gets errs.NotFound before anything
// is read; what cannot be read is errs.Invalid.
func (a *Account) Hear(q url.Values, body []byte) (m Message, err error) {
	defer errs.Wrap(&err, "wechat.Hear")
	if len(body) > BodyMost {
		return Message{}, errs.New(errs.TooLarge, "太长了。", "It is too long.")
	}
	stamp, nonce := q.Get("timestamp"), q.Get("nonce")
	if !signed(q.Get("signature"), a.set.Token, stamp, nonce) {
		return Message{}, refusal()
	}
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.now().Sub(time.Unix(at, 0)).Abs() > stale {
		return Message{}, refusal()
	}
	in, err := read(body)
	if err != nil {
		return Message{}, err
	}
	if a.key != nil {
		if !signed(q.Get("msg_signature"), a.set.Token, stamp, nonce, in.Encrypt) {
			return Message{}, refusal()
		}
		plain, err := Decrypt(a.key, a.set.AppID, in.Encrypt)
		if err != nil {
			return Message{}, unreadable(err)
		}
		if in, err = read(plain); err != nil {
			return Message{}, err
		}
	}
	return a.message(in)
}

func unreadable(cause error) error {
	return errs.New(errs.Invalid, "这条消息读不懂。", "This message cannot be read.").Because(cause)
}

// incoming is the platform's message, whichever it is.
type incoming struct {
	XMLName   xml.Name `xml:"xml"`
	To        string   `xml:"ToUserName"`
	From      string   `xml:"FromUserName"`
	At        int64    `xml:"CreateTime"`
	Type      string   `xml:"MsgType"`
	ID        string   `xml:"MsgId"`
	Content   string   `xml:"Content"`
	Media     string   `xml:"MediaId"`
	X         string   `xml:"Location_X"` // latitude
	Y         string   `xml:"Location_Y"` // longitude
	Label     string   `xml:"Label"`
	Event     string   `xml:"Event"`
	Encrypt   string   `xml:"Encrypt"`
	Sent      string   `xml:"MsgID"` // of a report on delivery
	Status    string   `xml:"Status"`
	EventName string   `xml:"EventKey"`
}

// read reads XML. A document type is refused outright: it is where entities are
// made that grow without bound or read files.
func read(body []byte) (in incoming, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	depth := 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return in, unreadable(err)
		}
		switch token.(type) {
		case xml.Directive:
			return in, unreadable(errors.New("a document type"))
		case xml.StartElement:
			if depth++; depth > depthMost {
				return in, unreadable(errors.New("too deep"))
			}
		case xml.EndElement:
			depth--
		}
	}
	if err := xml.Unmarshal(body, &in); err != nil {
		return in, unreadable(err)
	}
	return in, nil
}

const depthMost = 8

func (a *Account) message(in incoming) (Message, error) {
	if !OpenID(in.From) {
		return Message{}, unreadable(errors.New("nobody sent it"))
	}
	m := Message{Kind: Other, To: in.To, Came: channel.Came{Channel: channel.WeChat, Ref: in.ID, From: in.From, To: in.To, At: time.Unix(in.At, 0)}}
	if m.Came.Ref == "" { // events have none; the platform names them by these
		m.Came.Ref = in.From + strconv.FormatInt(in.At, 10)
	}
	switch in.Type {
	case "text":
		m.Kind, m.Came.Text = Text, strings.TrimSpace(strings.ToValidUTF8(in.Content, ""))
	case "image":
		m.Kind, m.Media = Picture, in.Media
	case "location":
		point, err := point(in.X, in.Y)
		if err != nil {
			return Message{}, unreadable(err)
		}
		m.Kind, m.Came.Text, m.Came.Lon, m.Came.Lat = Place, strings.TrimSpace(in.Label), point.Lon, point.Lat
	case "event":
		m.event(in)
	}
	return m, nil
}

func (m *Message) event(in incoming) {
	switch strings.ToLower(in.Event) {
	case "subscribe":
		m.Kind = Follow
	case "unsubscribe":
		m.Kind = Unfollow
	case "templatesendjobfinish":
		m.Kind, m.Ref = Delivered, in.Sent
		if in.Status != "success" {
			m.Failed = cut(in.Status, whyMost)
			m.Gone = strings.Contains(in.Status, "user block")
		}
	case "click": // a menu's entry stands for the words it is named by
		m.Kind, m.Came.Text = Text, in.EventName
	}
}

// point brings the platform's place, which is shifted as maps in China are, to
// where it is.
func point(lat, lon string) (geo.Point, error) {
	y, err := strconv.ParseFloat(lat, 64)
	x, errX := strconv.ParseFloat(lon, 64)
	p := geo.Point{Lon: x, Lat: y}
	if err := errors.Join(err, errX); err != nil {
		return geo.Point{}, err
	}
	if err := p.Check(); err != nil {
		return geo.Point{}, err
	}
	return geo.Convert(p, geo.GCJ02, geo.CGCS2000), nil
}

// OpenID reports whether a text can be the name of a follower.
func OpenID(text string) bool {
	if len(text) < 6 || len(text) > 64 {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	})
}

// Reply is the answer to a message, in the account's mode. No words are the
// platform's sign that nothing is to be said.
func (a *Account) Reply(m Message, words string) (body []byte, err error) {
	defer errs.Wrap(&err, "wechat.Reply")
	if words == "" {
		return []byte("success"), nil
	}
	now := a.now().Unix()
	out, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"xml"`
		To      string   `xml:"ToUserName"`
		From    string   `xml:"FromUserName"`
		At      int64    `xml:"CreateTime"`
		Type    string   `xml:"MsgType"`
		Content string   `xml:"Content"`
	}{To: m.Came.From, From: m.To, At: now, Type: "text", Content: cut(words, textMost)})
	if err != nil || a.key == nil {
		return out, err
	}
	sealed, err := Encrypt(a.key, a.set.AppID, out)
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(now, 10)
	nonce := Sign(stamp, sealed)[:10] // differs with the noise within
	return xml.Marshal(struct {
		XMLName   xml.Name `xml:"xml"`
		Encrypt   string   `xml:"Encrypt"`
		Signature string   `xml:"MsgSignature"`
		Stamp     string   `xml:"TimeStamp"`
		Nonce     string   `xml:"Nonce"`
	}{Encrypt: sealed, Signature: Sign(a.set.Token, stamp, nonce, sealed), Stamp: stamp, Nonce: nonce})
}

// textMost is how long an answer may be: the platform takes 2048 octets.
const textMost = 600

func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
