package peer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/georeport"
	"linli/internal/outbound"
	"linli/internal/peer"
)

// TestHostile: a peer that is slow, lies or sends bombs keeps nobody waiting and
// makes nothing; the round says what was wrong, and the next one comes.
func TestHostile(t *testing.T) {
	t.Parallel()
	bomb := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><service_requests><request><status>&b;</status></request></service_requests>`
	for _, c := range []struct {
		why    string
		format georeport.Format
		answer http.HandlerFunc
		fault  bool
	}{
		{"never answers", georeport.JSON, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, true},
		{"a page of HTML", georeport.JSON, say("text/html", "<html>hello</html>"), true},
		{"an entity bomb", georeport.XML, say("text/xml", bomb), true},
		{"depth", georeport.XML, say("text/xml", strings.Repeat("<service_requests>", 1<<18)), true},
		{"more than is read", georeport.JSON, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, io.LimitReader(endless{}, 20<<20))
		}, true},
		{"leads elsewhere", georeport.JSON, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, true},
		{"null", georeport.JSON, say("application/json", "null"), false},
		{"statuses, codes and places of its own", georeport.JSON, say("application/json", `[{"service_request_id":"1","status":"exploded","service_code":"x","lat":1},{"service_request_id":"","service_code":"m06004","status":"open"},
			{"service_request_id":"2","status":"closed","service_code":"m06004"},{"service_request_id":"3","status":"open","service_code":"m06004","lat":0.5,"long":0.5}]`), false},
		{"the same page for ever, none of it ours", georeport.JSON, say("application/json", "["+strings.TrimSuffix(strings.Repeat(`{"service_request_id":"1","service_code":"m06004","status":"closed"},`, 500), ",")+"]"), false},
	} {
		t.Run(c.why, func(t *testing.T) {
			t.Parallel()
			a := start(t)
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				c.answer(w, r)
			}))
			defer server.CloseClientConnections()
			a.Peers.HTTP = outbound.Client(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 2 * time.Second})
			a.peer(peer.Peer{Address: server.URL, Fetches: true, Beyond: true, Format: c.format})
			p := a.round()
			if (p.Why != "") != c.fault || strings.Contains(p.Why, "linli_") || len([]rune(p.Why)) > 301 {
				t.Errorf("the round says %q", p.Why)
			}
			if n := len(a.cases()); n != 0 {
				t.Errorf("%d cases were made", n)
			}
			if again := a.round(); !again.RoundAt.After(p.RoundAt) {
				t.Error("no next round comes")
			}
			if n := asked.Load(); n > 40 { // a server that knows no pages is not asked for fifty of them
				t.Errorf("it was asked %d times in two rounds", n)
			}
		})
	}
}

func say(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(body))
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '['
	}
	return len(p), nil
}
