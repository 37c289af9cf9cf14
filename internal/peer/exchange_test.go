package peer_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db/dbtest"
	"linli/internal/georeport"
	"linli/internal/peer"
	"linli/internal/procedure"
)

// TestTwoHouses: what lies beyond the grids of one house goes to the other, once,
// and what becomes of it comes back.
func TestTwoHouses(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		a, b := at(t, address), start(t)
		a.peer(peer.Peer{Address: b.URL + "/open311/v2", Key: b.key("甲区"), Beyond: true})
		c := a.report(outside, noise, "李敏 13800001234 说太吵")
		a.report(inside, noise, "这件在区内")
		secret := ""
		for _, m := range a.District().Catalogue.Matters() {
			if m.Secret && a.District().Catalogue.Selectable(m.Code) {
				secret = string(a.report(outside, m.Code, "保密").ID)
				break
			}
		}
		for range 3 {
			if p := a.round(); p.Why != "" {
				t.Fatal(p.Why)
			}
		}
		there := b.cases()
		if len(there) != 1 || !strings.Contains(there[0].Text, c.Number) || strings.Contains(there[0].Text, "1380000") || strings.Contains(there[0].Text, "李敏") {
			t.Fatalf("the other house has %+v", there)
		}
		links := a.links()
		if len(links) != 1 || links[0].Remote != there[0].Number || links[0].Status != "open" || string(links[0].Case) == secret {
			t.Errorf("links are %+v", links)
		}
		b.Clock.Advance(33 * time.Minute)
		b.does(there[0], "guoyan", procedure.Move{Action: "reject", Reason: "不归我们"})
		a.round()
		a.round()
		if got := a.acts(c.ID); strings.Count(got, "peer-closed") != 1 || strings.Count(got, "peer-posted") != 1 {
			t.Errorf("the trail says %s", got)
		}
		if after, err := casework.ByID(t.Context(), a.DB, a.House.District, c.ID); err != nil || after.State != casework.Running || after.Revision != c.Revision {
			t.Errorf("another's word moved the case: %+v %v", after, err)
		}
	})
}

// TestToUnit: a case that was sent to the unit of a peer goes there, with its
// words where that is allowed.
func TestToUnit(t *testing.T) {
	t.Parallel()
	a, b := start(t), start(t)
	a.peer(peer.Peer{Address: b.URL + "/open311/v2", Key: b.key("甲区"), Unit: "u-chengguan", Words: true, Format: georeport.XML})
	c := a.report(inside, noise, "太吵，电话 13800001234")
	a.round()
	if n := len(b.cases()); n != 0 {
		t.Fatalf("%d were sent before anybody decided", n)
	}
	c = a.does(c, "guoyan", procedure.Move{Action: "file"})
	a.does(c, "chenli", procedure.Move{Action: "send", Unit: "u-chengguan"})
	a.round()
	there := b.cases()
	if len(there) != 1 || !strings.Contains(there[0].Text, "太吵") || strings.Contains(there[0].Text, "13800001234") || there[0].Place.Grid == "" {
		t.Errorf("the other house has %+v", there)
	}
}

// TestFetch: what was reported there comes here once, and nothing goes round in
// a ring.
func TestFetch(t *testing.T) {
	t.Parallel()
	a, b := start(t), start(t)
	a.peer(peer.Peer{Name: "乙区", Address: b.URL + "/open311/v2", Key: b.key("甲区"), Fetches: true, Beyond: true})
	b.peer(peer.Peer{Name: "甲区", Address: a.URL + "/open311/v2", Key: a.key("乙区"), Fetches: true})
	a.report(outside, noise, "送过去的")
	there := b.report(inside, lamp, "灯不亮")
	b.report(inside, "m06001", "没有对照的事项")
	for range 3 {
		if p := a.round(); p.Why != "" {
			t.Fatal(p.Why)
		}
		if p := b.round(); p.Why != "" {
			t.Fatal(p.Why)
		}
	}
	came := a.cases()
	if len(came) != 1 || came[0].Matter != lamp || came[0].Place.Point != inside || !strings.Contains(came[0].Text, there.Number) {
		t.Fatalf("came %d: %+v", len(came), came)
	}
	if n := len(b.cases()); n != 1 {
		t.Errorf("%d came to the other house, one was sent", n)
	}
	b.does(there, "guoyan", procedure.Move{Action: "reject", Reason: "重复"})
	a.round()
	if got := a.acts(came[0].ID); !strings.Contains(got, "peer-closed") {
		t.Errorf("the trail says %s", got)
	}
}

// lossy passes everything on, but loses the answers to what is posted, and the
// header by which a linli would know it again.
func lossy(t *testing.T, to string, lose *bool, posted *int) *httptest.Server {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Idempotency-Key")
		if r.Method != http.MethodPost {
			proxy.ServeHTTP(w, r)
			return
		}
		*posted++
		proxy.ServeHTTP(httptest.NewRecorder(), r)
		if *lose {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// TestLostAnswer: where the answer to a posting is lost, the peer's list is looked
// through before anything is posted again.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	a, b := start(t), start(t)
	lose, posted := true, 0
	server := lossy(t, b.URL, &lose, &posted)
	a.peer(peer.Peer{Address: server.URL + "/open311/v2", Key: b.key("甲区"), Beyond: true})
	c := a.report(outside, noise, "太吵")
	a.Due()
	if links := a.links(); len(links) != 1 || links[0].State != peer.Sending || posted != 1 {
		t.Fatalf("after the lost answer: %+v, posted %d", links, posted)
	}
	p := a.round()
	links, there := a.links(), b.cases()
	if p.Why != "" || len(there) != 1 || posted != 1 || links[0].State != peer.Posted || links[0].Remote != there[0].Number || links[0].Case != c.ID {
		t.Errorf("%q: links %+v, there %d, posted %d", p.Why, links, len(there), posted)
	}
}

// TestNeverArrived: what the list does not hold is sent again, not before a slow
// server had time to list it.
func TestNeverArrived(t *testing.T) {
	t.Parallel()
	a, b := start(t), start(t)
	down, target := true, b.URL
	posted := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			posted++
			if down {
				http.Error(w, "busy", http.StatusBadGateway)
				return
			}
		}
		u, _ := url.Parse(target)
		httputil.NewSingleHostReverseProxy(u).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	a.peer(peer.Peer{Address: server.URL + "/open311/v2", Key: b.key("甲区"), Beyond: true})
	a.report(outside, noise, "太吵")
	a.Due()
	down = false
	p := a.round()
	if links := a.links(); p.Why != "" || len(b.cases()) != 1 || posted != 2 || links[0].Tries != 2 || links[0].State != peer.Posted {
		t.Errorf("%q: links %+v, there %d, posted %d", p.Why, links, len(b.cases()), posted)
	}
}
