package inlet_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/channel/wechat/standin"
	"linli/internal/notice"
)

const (
	secret = "gateway-0123456789abcdef"
	zhou   = "oStandin_follower-0001"
	phone  = "13800004401"
)

// gateway is an operator's: a server that takes texts as its settings say.
type gateway struct {
	*httptest.Server
	mu     sync.Mutex
	texts  []map[string]string
	answer string        // in place of yes; empty is yes
	wait   chan struct{} // answers once it is closed; nil is at once
}

func newGateway(t *testing.T) *gateway {
	g := &gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := map[string]string{}
		if err := json.NewDecoder(r.Body).Decode(&text); err != nil {
			t.Error(err)
		}
		g.mu.Lock()
		wait, answer := g.wait, g.answer
		g.mu.Unlock()
		if wait != nil {
			select {
			case <-wait:
			case <-r.Context().Done():
			}
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.texts = append(g.texts, text)
		if answer == "" {
			answer = fmt.Sprintf(`{"code":"0","id":"r%d"}`, len(g.texts))
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) last(t *testing.T) map[string]string {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.texts) == 0 {
		t.Fatal("the gateway was given nothing")
	}
	return g.texts[len(g.texts)-1]
}

// town is the invented district with a gateway and the platform's stand-in.
type town struct {
	*apptest.World
	t        *testing.T
	gateway  *gateway
	platform *standin.Platform
}

func newTown(t *testing.T) *town { return at(t, "") }

func at(t *testing.T, database string) *town {
	t.Helper()
	w := &town{t: t, gateway: newGateway(t), platform: standin.New()}
	t.Cleanup(w.platform.Close)
	dir := t.TempDir()
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "linli.db")
	}
	file := filepath.Join(dir, "channels.yaml")
	settings := fmt.Sprintf(`
site: https://linli.example.cn
sms:
  gateway:
    url: %s/send
    body: '{"to":"{phone}","text":"{text}","id":"{id}"}'
    signed: 【桂香区】
    answer: {ok: {at: code, is: ["0"]}, later: {at: code, is: [busy]}, ref: id, why: why}
    calls: {secret: %s}
    receipts: {form: json, each: reports, ref: id, state: state, delivered: [DELIVRD], why: why, reply: {type: application/json, body: '{"ok":true}'}}
    texts: {form: json, each: texts, ref: id, from: from, text: text, reply: {body: OK}}
wechat: {app-id: %s, secret: %s, token: %s, aes-key: %s, api: %s}
push: {}
`, w.gateway.URL, secret, standin.AppID, standin.Secret, standin.Token, standin.AESKey, w.platform.URL)
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	w.World = apptest.At(t, database, func(c *app.Config) {
		c.Channels, c.Outside = file, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	return w
}

// call posts as a gateway does.
func (w *town) call(path, body string) (status int, answer string) {
	w.t.Helper()
	resp, err := http.Post(w.URL+path, "application/json", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}

// text is one from a resident's phone.
func (w *town) text(id, from, words string) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]any{"texts": []map[string]string{{"id": id, "from": from, "text": words}}})
	if status, answer := w.call("/in/sms/"+secret, string(body)); status != http.StatusOK || answer != "OK" {
		w.t.Fatalf("the gateway was answered %d %q", status, answer)
	}
	w.Due()
}

// cases are those that were reported by a channel, newest first.
func (w *town) cases(channel string) (all []casework.Case) {
	w.t.Helper()
	page, err := casework.List(w.t.Context(), w.DB, w.District(), casework.Filter{Channel: channel, Newest: true}, w.Clock.Now(), "", 50)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range page.Rows {
		all = append(all, row.Case)
	}
	return all
}

// messages are those about a case that went out by a channel.
func (w *town) messages(c casework.Case, channel string) (all []notice.Message) {
	w.t.Helper()
	every, err := notice.Of(w.t.Context(), w.DB, w.House.District, string(c.ID), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range every {
		if string(m.Channel) == channel {
			all = append(all, m)
		}
	}
	return all
}

// follower says something to the account and gives what is answered, decrypted.
func (w *town) follower(message string) string {
	w.t.Helper()
	status, answer := w.wechat(message)
	if status != http.StatusOK {
		w.t.Fatalf("the platform was answered %d %q", status, answer)
	}
	return standin.Answered(answer)
}

func (w *town) wechat(message string) (status int, answer string) {
	w.t.Helper()
	q, body := standin.Call(w.Clock.Now(), message)
	return w.call("/in/wechat?"+q.Encode(), body)
}
