package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/outbound"
)

// answer is what the interface says to everything.
type answer struct {
	Code    int    `json:"errcode"`
	Text    string `json:"errmsg"`
	MsgID   int64  `json:"msgid"`
	Token   string `json:"access_token"`
	Expires int    `json:"expires_in"`
}

// The codes that linli tells apart, by the platform's public list.
const (
	busyCode      = -1
	wrongKey      = 40001
	wrongOpenID   = 40003
	invalidKey    = 40014
	keyExpired    = 42001
	notFollowing  = 43004
	refusedByUser = 43101
	dayFull       = 45009
	tooFast       = 45011
	minuteFull    = 45064
)

// The bounds of what is read.
const (
	answerMost  = 64 << 10
	pictureMost = 12 << 20
	whyMost     = 200
)

// Carry tells a follower. It is an error, to be tried again, where the platform
// is busy, the day's quota is spent or nothing can be read.
func (a *Account) Carry(ctx context.Context, l channel.Letter) (r channel.Receipt, err error) {
	defer errs.Wrap(&err, "wechat.Carry(%s)", l.ID)
	if !OpenID(l.Address) {
		return channel.Receipt{State: channel.Failed, Why: "not an open id", Gone: true}, nil
	}
	path, body := "/cgi-bin/message/custom/send", any(map[string]any{
		"touser": l.Address, "msgtype": "text", "text": map[string]string{"content": plainText(l)},
	})
	if t, ok := a.set.Templates[l.Template]; ok {
		path, body = "/cgi-bin/message/template/send", map[string]any{
			"touser": l.Address, "template_id": t.ID, "url": l.Link, "client_msg_id": cutBytes(l.ID, 32), "data": t.fill(l),
		}
	}
	got, err := a.call(ctx, path, body)
	if err != nil {
		return channel.Receipt{}, err
	}
	switch got.Code {
	case 0:
		ref := ""
		if got.MsgID != 0 {
			ref = strconv.FormatInt(got.MsgID, 10)
		}
		return channel.Receipt{State: channel.Sent, Ref: ref}, nil
	case busyCode, dayFull, tooFast, minuteFull, wrongKey, invalidKey, keyExpired:
		return channel.Receipt{}, errs.New(errs.Busy, "微信说过会儿再来（%d）。", "WeChat says later (%d).", got.Code)
	}
	gone := got.Code == wrongOpenID || got.Code == notFollowing || got.Code == refusedByUser
	return channel.Receipt{State: channel.Failed, Why: "wechat " + strconv.Itoa(got.Code), Gone: gone}, nil
}

// plainText is a letter as words alone, with its link.
func plainText(l channel.Letter) string {
	text := cut(l.Words(), textMost)
	if l.Link != "" && !strings.Contains(text, l.Link) {
		text += "\n" + l.Link
	}
	return text
}

// lengths are how long the platform lets a place of a kind be, in characters; it
// refuses the whole message for one that is longer.
var lengths = []struct {
	kind string
	most int
}{{"thing", 20}, {"character_string", 32}, {"phrase", 5}, {"const", 20}, {"name", 10}}

// fill fills the places of a template.
func (t Template) fill(l channel.Letter) map[string]any {
	pairs := []string{"{text}", l.Words()}
	for name, fact := range l.Facts {
		pairs = append(pairs, "{"+name+"}", fact)
	}
	r, data := strings.NewReplacer(pairs...), map[string]any{}
	for name, template := range t.Data {
		value := strings.TrimSpace(strings.ReplaceAll(r.Replace(template), "\n", " "))
		for _, n := range lengths {
			if strings.HasPrefix(name, n.kind) {
				value = cut(value, n.most)
			}
		}
		data[name] = map[string]string{"value": value}
	}
	return data
}

// call posts to the interface, once more with a new key where the one it had has
// ended meanwhile.
func (a *Account) call(ctx context.Context, path string, body any) (got answer, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	for range 2 {
		key, err := a.accessToken(ctx)
		if err != nil {
			return answer{}, err
		}
		if got, err = a.post(ctx, path+"?access_token="+url.QueryEscape(key), text); err != nil {
			return answer{}, err
		}
		if !ended(got.Code) {
			break
		}
		a.forget(key)
	}
	return got, nil
}

func ended(code int) bool { return code == wrongKey || code == invalidKey || code == keyExpired }

// post sends JSON. What goes wrong is told without the address, which has the key.
func (a *Account) post(ctx context.Context, path string, text []byte) (got answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.set.API+path, bytes.NewReader(text))
	if err != nil {
		return answer{}, errs.New(errs.Invalid, "微信接口的地址不对。", "WeChat's address is wrong.")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := a.client.Do(req)
	if err != nil {
		return answer{}, unreachable()
	}
	body, err := outbound.Read(resp, answerMost)
	if err != nil {
		return answer{}, unreachable()
	}
	// Every answer has an errcode but that of a key, which has the key.
	if resp.StatusCode != http.StatusOK || json.Unmarshal(body, &got) != nil || !bytes.Contains(body, []byte(`"errcode"`)) && got.Token == "" {
		return answer{}, errs.New(errs.Busy, "微信答了 %d，说的读不懂。", "WeChat answered %d and nothing that can be read.", resp.StatusCode)
	}
	return got, nil
}

func unreachable() error {
	return errs.New(errs.Busy, "连不上微信。", "WeChat could not be reached.")
}

// early is how long before its end a key is asked for anew; the old one holds for
// five minutes beside the new.
const early = 4 * time.Minute

// accessToken is the key to the interface. One call at a time asks for it.
func (a *Account) accessToken(ctx context.Context) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token != "" && a.now().Before(a.until) {
		return a.token, nil
	}
	text, err := json.Marshal(map[string]any{"grant_type": "client_credential", "appid": a.set.AppID, "secret": a.set.Secret, "force_refresh": false})
	if err != nil {
		return "", err
	}
	got, err := a.post(ctx, "/cgi-bin/stable_token", text)
	if err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", errs.New(errs.Busy, "微信不给接口的钥匙（%d）。看看 app-id、secret 和后台的 IP 白名单。",
			"WeChat gives no key to its interface (%d). See app-id, secret and the account's list of addresses.", got.Code)
	}
	a.token, a.until = got.Token, a.now().Add(max(time.Duration(got.Expires)*time.Second-early, time.Minute))
	return a.token, nil
}

// forget drops a key that the platform refuses, unless another has taken its
// place already.
func (a *Account) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token == key {
		a.token = ""
	}
}

// Picture fetches what a follower sent. One that is no more is errs.NotFound.
func (a *Account) Picture(ctx context.Context, media string) (p channel.Picture, err error) {
	defer errs.Wrap(&err, "wechat.Picture")
	for range 2 {
		key, err := a.accessToken(ctx)
		if err != nil {
			return p, err
		}
		p, code, err := a.fetch(ctx, key, media)
		if err != nil || code == 0 {
			return p, err
		}
		if !ended(code) {
			if code == busyCode || code == dayFull {
				return p, errs.New(errs.Busy, "微信说过会儿再来（%d）。", "WeChat says later (%d).", code)
			}
			return p, errs.New(errs.NotFound, "这张照片微信那边已经没有了（%d）。", "WeChat has this picture no more (%d).", code)
		}
		a.forget(key)
	}
	return p, unreachable()
}

func (a *Account) fetch(ctx context.Context, key, media string) (p channel.Picture, code int, err error) {
	q := url.Values{"access_token": {key}, "media_id": {media}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.set.API+"/cgi-bin/media/get?"+q.Encode(), nil)
	if err != nil {
		return p, 0, unreachable()
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return p, 0, unreachable()
	}
	body, err := outbound.Read(resp, pictureMost)
	if err != nil {
		return p, 0, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // a wrong one is no picture's
	if strings.HasPrefix(kind, "image/") && resp.StatusCode == http.StatusOK {
		return channel.Picture{Name: "wechat." + strings.TrimPrefix(kind, "image/"), Data: body}, 0, nil
	}
	var got answer
	if json.Unmarshal(body, &got) != nil || got.Code == 0 {
		return p, 0, errs.New(errs.Busy, "微信答了 %d，说的读不懂。", "WeChat answered %d and nothing that can be read.", resp.StatusCode)
	}
	return p, got.Code, nil
}

// cutBytes cuts an id, which has no characters of several octets.
func cutBytes(text string, most int) string { return text[:min(len(text), most)] }
