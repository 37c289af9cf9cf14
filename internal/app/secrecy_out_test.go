package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"linli/internal/access"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// leaving is everything that leaves the house by itself: letters, and events to
// an address of another system.
type leaving struct {
	mu      sync.Mutex
	letters []string
	events  []string
}

// Carry keeps what a letter says. Where it goes is for its reader's carrier to know.
func (o *leaving) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.letters = append(o.letters, strings.Join([]string{l.Thread, l.Subject.ZH, l.Subject.EN, l.Text.ZH, l.Text.EN, l.Link}, "\n"))
	return channel.Receipt{Ref: l.ID, State: channel.Sent}, nil
}

func (o *leaving) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what did not come whole is looked at all the same
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, string(body))
}

// listens has another system told of every change, and somebody report without a
// wish for secrecy, so that there is something to tell.
func (h *hushed) listens() {
	h.t.Helper()
	server := httptest.NewServer(h.out)
	h.t.Cleanup(server.Close)
	d := h.District()
	err := h.DB.Write(h.t.Context(), func(tx *db.Tx) error {
		_, _, err := h.Hooks.Add(h.t.Context(), tx, d, hook.Asked{Name: "别的系统", URL: server.URL, Kinds: feed.Kinds(), Since: -1}, procedure.Actor{})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Desk.Receive(h.t.Context(), d, intake.Sending{Channel: intake.Portal, Matter: "c02010", Text: "井盖碎了", Address: "桂香路 12 号"}); err != nil {
		h.t.Fatal(err)
	}
	h.Due()
}

// ownKey makes a person's own key.
func (h *hushed) ownKey(login string, can ...rights.Right) (text string) {
	h.t.Helper()
	err := h.DB.Write(h.t.Context(), func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(h.t.Context(), tx, access.Key{District: h.code(), Name: login, Login: login, Scopes: can, Expires: tx.Now.AddDate(0, 0, 9)}, access.By{})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// left looks at what left the house, and at what other systems may fetch.
func (h *hushed) left() {
	h.t.Helper()
	h.out.mu.Lock()
	letters, events := h.out.letters, h.out.events
	h.out.mu.Unlock()
	if len(letters) == 0 || len(events) == 0 {
		h.t.Errorf("%d letters and %d events went out: the test looks at nothing", len(letters), len(events))
	}
	h.lookFor("a letter", strings.Join(letters, "\n"), false)
	h.lookFor("an event", strings.Join(events, "\n"), true)
	d := &doors{World: h.World, t: h.t}
	key := h.key("reader", "", rights.FeedRead, rights.ReportReceive)
	for _, path := range []string{"/api/v1/events", "/open311/v2/requests.json", "/open311/v2/requests.xml"} {
		status, body := d.ask(key, path)
		if status != http.StatusOK || len(body) < 100 {
			h.t.Errorf("%s: %d, %d bytes: the test looks at nothing", path, status, len(body))
		}
		h.lookFor(path, string(body), true)
		events = append(events, string(body))
	}
	for _, w := range h.witnesses {
		for _, form := range []string{".json", ".xml"} {
			_, body := d.ask(key, "/open311/v2/requests/"+w.number+form)
			h.lookFor("open311 of "+w.as, string(body), true)
		}
		// That one came at all, and when, is told to no other system.
		if strings.Contains(strings.Join(events[:len(events)-2], "\n"), w.number) {
			h.t.Errorf("an event tells of %s", w.as)
		}
	}
}
