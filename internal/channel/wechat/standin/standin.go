// Package standin stands in for the platform of WeChat official accounts in
// tests. It is not the platform: it was written from the platform's public
// documentation (接收普通消息, 消息加解密, 获取稳定版接口调用凭据, 模板消息, 客服消息,
// 获取临时素材), does what that says of the few calls that linli makes, and no
// more. What the platform does beside its documentation, it does not do.
package standin

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"linli/internal/channel/wechat"
)

// The account that the stand-in has.
const (
	AppID  = "wx00000000standin"
	Secret = "0000-stand-in-secret-0000"
	Token  = "standintoken"
	AESKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	Name   = "gh_standin"
)

// Sent is a message that the account sent by the interface.
type Sent struct {
	Path string
	Body map[string]any
}

// Platform is the stand-in.
type Platform struct {
	*httptest.Server
	mu       sync.Mutex
	serial   int
	token    string
	Asked    int            // how often a key was asked for
	Codes    map[string]int // what a path answers in place of 0
	Sent     []Sent
	Pictures map[string][]byte
}

// New starts a stand-in; Close ends it.
func New() *Platform {
	p := &Platform{Codes: map[string]int{}, Pictures: map[string][]byte{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cgi-bin/stable_token", p.stableToken)
	mux.HandleFunc("POST /cgi-bin/message/template/send", p.send)
	mux.HandleFunc("POST /cgi-bin/message/custom/send", p.send)
	mux.HandleFunc("GET /cgi-bin/media/get", p.media)
	p.Server = httptest.NewServer(mux)
	return p
}

// Settings are the account's, in safe mode.
func (p *Platform) Settings() wechat.Settings {
	return wechat.Settings{AppID: AppID, Secret: Secret, Token: Token, AESKey: AESKey, API: p.URL}
}

// Expire ends the key that was given out.
func (p *Platform) Expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token = ""
}

// Answer has a path answer a code.
func (p *Platform) Answer(path string, code int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Codes[path] = code
}

// All are the messages sent so far, and how often a key was asked for.
func (p *Platform) All() (sent []Sent, asked int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(sent, p.Sent...), p.Asked
}

// stableToken gives the same key until it ends, whoever asks.
func (p *Platform) stableToken(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var in struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.AppID != AppID || in.Secret != Secret || in.Grant != "client_credential" {
		say(w, map[string]any{"errcode": 40125, "errmsg": "invalid appsecret"})
		return
	}
	p.Asked++
	if p.token == "" {
		p.serial++
		p.token = "key-" + strconv.Itoa(p.serial)
	}
	say(w, map[string]any{"access_token": p.token, "expires_in": 7200})
}

func say(w http.ResponseWriter, v map[string]any) {
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	_ = json.NewEncoder(w).Encode(v) // the reader has gone
}

// refused answers who has no key, or what the path was told to answer.
func (p *Platform) refused(w http.ResponseWriter, r *http.Request) bool {
	if key := r.URL.Query().Get("access_token"); key == "" || key != p.token {
		say(w, map[string]any{"errcode": 40001, "errmsg": "invalid credential"})
		return true
	}
	if code := p.Codes[r.URL.Path]; code != 0 {
		say(w, map[string]any{"errcode": code, "errmsg": "told to"})
		return true
	}
	return false
}

func (p *Platform) send(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refused(w, r) {
		return
	}
	body := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		say(w, map[string]any{"errcode": 47001, "errmsg": "data format error"})
		return
	}
	p.Sent = append(p.Sent, Sent{Path: r.URL.Path, Body: body})
	out := map[string]any{"errcode": 0, "errmsg": "ok"}
	if strings.Contains(r.URL.Path, "template") {
		out["msgid"] = 200_000_000_000 + len(p.Sent)
	}
	say(w, out)
}

func (p *Platform) media(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refused(w, r) {
		return
	}
	picture, ok := p.Pictures[r.URL.Query().Get("media_id")]
	if !ok {
		say(w, map[string]any{"errcode": 40007, "errmsg": "invalid media_id"})
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(picture) // the reader has gone
}

// Call is how the platform calls an account: the values of the address and the
// body, encrypted and signed as in safe mode.
func Call(now time.Time, message string) (q url.Values, body string) {
	key, err := base64.StdEncoding.DecodeString(AESKey + "=")
	if err != nil {
		panic(err) // the key above is one
	}
	sealed, err := wechat.Encrypt(key, AppID, []byte(message))
	if err != nil {
		panic(err)
	}
	q = Query(now)
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", wechat.Sign(Token, q.Get("timestamp"), q.Get("nonce"), sealed))
	return q, fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>", Name, sealed)
}

// Query are the signed values of the address alone.
func Query(now time.Time) url.Values {
	stamp, nonce := strconv.FormatInt(now.Unix(), 10), "nonce42"
	return url.Values{"timestamp": {stamp}, "nonce": {nonce}, "signature": {wechat.Sign(Token, stamp, nonce)}}
}

// Text, Image, Location and Event are messages as followers send them.
func Text(from, id, words string, at time.Time) string {
	return wrap(from, at, "text", fmt.Sprintf("<Content><![CDATA[%s]]></Content><MsgId>%s</MsgId>", words, id))
}

// Image is a picture.
func Image(from, id, media string, at time.Time) string {
	return wrap(from, at, "image", fmt.Sprintf("<PicUrl><![CDATA[http://example.invalid/p]]></PicUrl><MediaId><![CDATA[%s]]></MediaId><MsgId>%s</MsgId>", media, id))
}

// Location is a place, in the platform's shifted degrees.
func Location(from, id string, lat, lon float64, label string, at time.Time) string {
	return wrap(from, at, "location", fmt.Sprintf("<Location_X>%f</Location_X><Location_Y>%f</Location_Y><Scale>16</Scale><Label><![CDATA[%s]]></Label><MsgId>%s</MsgId>", lat, lon, label, id))
}

// Event is something that is no message; rest are its further elements.
func Event(from, event, rest string, at time.Time) string {
	return wrap(from, at, "event", "<Event><![CDATA["+event+"]]></Event>"+rest)
}

func wrap(from string, at time.Time, kind, rest string) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime><MsgType><![CDATA[%s]]></MsgType>%s</xml>",
		Name, from, at.Unix(), kind, rest)
}

// Answered are the words of an account's answer to a call; empty where it had
// nothing to say, or said what is no answer.
func Answered(body string) string {
	var sealed struct {
		Encrypt, MsgSignature, TimeStamp, Nonce string
	}
	key, err := base64.StdEncoding.DecodeString(AESKey + "=")
	if err != nil || xml.Unmarshal([]byte(body), &sealed) != nil {
		return ""
	}
	plain, err := wechat.Decrypt(key, AppID, sealed.Encrypt)
	if err != nil || sealed.MsgSignature != wechat.Sign(Token, sealed.TimeStamp, sealed.Nonce, sealed.Encrypt) {
		return ""
	}
	var said struct{ Content string }
	if xml.Unmarshal(plain, &said) != nil {
		return ""
	}
	return said.Content
}
