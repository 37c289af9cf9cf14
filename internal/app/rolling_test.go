package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
)

// How the proxy of the test looks at its copies, and how long a copy goes on
// after it was told to end.
const (
	rollLook  = 100 * time.Millisecond
	rollDrain = time.Second
	rollLoad  = 4 // who send reports, and as many who read pages
)

// balancer is a simple proxy before two copies: it asks each for /readyz and
// sends requests to those that are ready, in turn. It never asks twice: a
// request that fails is lost.
type balancer struct {
	t      *testing.T
	copies [2]atomic.Pointer[victim]
	ready  [2]atomic.Bool
	turn   atomic.Int64
	to     *http.Transport
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := int(b.turn.Add(1))
	for range b.copies {
		n++
		if v := b.copies[n%2].Load(); v != nil && b.ready[n%2].Load() {
			at, err := url.Parse(v.url)
			if err != nil {
				b.t.Error(err)
			}
			proxy := &httputil.ReverseProxy{
				Transport: b.to, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(at) },
				ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
					if r.Context().Err() == nil {
						b.t.Errorf("%s %s was lost: %v", r.Method, r.URL.Path, err)
					}
					w.WriteHeader(http.StatusBadGateway)
				},
			}
			proxy.ServeHTTP(w, r)
			return
		}
	}
	b.t.Errorf("%s %s: no copy is ready", r.Method, r.URL.Path)
	w.WriteHeader(http.StatusServiceUnavailable)
}

// look asks the copies whether they are ready, until ctx ends.
func (b *balancer) look(ctx context.Context) {
	for ctx.Err() == nil {
		for i := range b.copies {
			b.ready[i].Store(ready(ctx, b.copies[i].Load()))
		}
		select {
		case <-ctx.Done():
		case <-time.After(rollLook):
		}
	}
}

func ready(ctx context.Context, v *victim) bool {
	if v == nil {
		return false
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/readyz", nil)
	if err != nil {
		return false
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	got.Body.Close()
	return got.StatusCode == http.StatusOK
}

// TestRollingRestart runs two copies of the program on one database behind a
// simple proxy, under load, and starts each anew in turn, as an upgrade does. No
// request fails, no report is lost and none is doubled. It needs PostgreSQL: one
// SQLite file is for one program.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "linli")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "linli/cmd/linli").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	dbtest.EachURL(t, func(t *testing.T, address string) {
		if _, ok := db.SQLitePath(address); ok {
			t.Skip("two copies need PostgreSQL")
		}
		first := &victim{t: t, binary: binary, database: address, files: t.TempDir(), drain: rollDrain}
		first.seed()
		b := &balancer{t: t, to: &http.Transport{MaxIdleConnsPerHost: 32}}
		for i := range b.copies {
			v := first.another()
			v.start()
			b.copies[i].Store(v)
		}
		ctx, end := context.WithCancel(t.Context())
		defer end()
		var looking sync.WaitGroup
		looking.Go(func() { b.look(ctx) })
		for !b.ready[0].Load() || !b.ready[1].Load() {
			time.Sleep(rollLook / 10) // a copy's start is signalled by nothing but its answer
		}
		front := httptest.NewServer(b)
		defer front.Close()
		kept := b.load(front.URL, first.key)
		end()
		looking.Wait()
		b.to.CloseIdleConnections()
		for i := range b.copies {
			b.copies[i].Load().stop()
		}
		d, err := db.Open(t.Context(), db.Config{URL: address})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		stored, err := db.Value[int](t.Context(), d, "select count(distinct case_id) from reports where sender like '%r%n%'")
		if err != nil || stored != kept || kept < 50 {
			t.Errorf("%d cases are there (%v), %d were acknowledged", stored, err, kept)
		}
	})
}

// another is a copy of the program that has not begun.
func (v *victim) another() *victim {
	return &victim{t: v.t, binary: v.binary, database: v.database, files: v.files, drain: v.drain, key: v.key, plain: v.plain}
}

// load sends reports and reads pages while each copy is started anew, and says
// how many reports were acknowledged.
func (b *balancer) load(front, key string) int {
	var kept, pages atomic.Int64
	over := make(chan struct{})
	var clients sync.WaitGroup
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * rollLoad}}
	for who := range rollLoad {
		clients.Go(func() {
			for n := 0; !closed(over); n++ {
				body := fmt.Sprintf(`{"sender":"r%dn%d","matter":"c01002","text":"井盖松动","area":"990101001001001"}`, who, n)
				if b.ask(client, http.MethodPost, front+"/api/v1/reports", key, body, http.StatusCreated) {
					kept.Add(1)
				}
			}
		})
		clients.Go(func() {
			for !closed(over) {
				if b.ask(client, http.MethodGet, front+"/matters", "", "", http.StatusOK) {
					pages.Add(1)
				}
			}
		})
	}
	for i := range b.copies {
		old := b.copies[i].Load()
		before := kept.Load() + pages.Load()
		old.stop()
		fresh := old.another()
		fresh.start()
		b.copies[i].Store(fresh)
		for !b.ready[i].Load() {
			time.Sleep(rollLook / 10)
		}
		if kept.Load()+pages.Load() == before {
			b.t.Error("nothing was answered while a copy was started anew")
		}
	}
	close(over)
	clients.Wait()
	client.CloseIdleConnections()
	b.t.Logf("%d reports and %d pages", kept.Load(), pages.Load())
	return int(kept.Load())
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (b *balancer) ask(client *http.Client, method, address, key, body string, want int) bool {
	_, ok := b.answer(client, method, address, key, body, want)
	return ok
}

func (b *balancer) answer(client *http.Client, method, address, key, body string, want int) (said []byte, ok bool) {
	r, err := http.NewRequest(method, address, bytes.NewReader([]byte(body)))
	if err != nil {
		b.t.Error(err)
		return nil, false
	}
	if key != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+key)
	}
	got, err := client.Do(r)
	if err != nil {
		b.t.Errorf("%s %s: %v", method, r.URL.Path, err)
		return nil, false
	}
	defer got.Body.Close()
	said, err = io.ReadAll(got.Body)
	// A limit is an answer too: the load comes from one address.
	if err != nil || got.StatusCode != want && got.StatusCode != http.StatusTooManyRequests {
		b.t.Errorf("%s %s: %d %v %.200s", method, r.URL.Path, got.StatusCode, err, strings.TrimSpace(string(said)))
	}
	if got.StatusCode == http.StatusTooManyRequests {
		time.Sleep(50 * time.Millisecond)
	}
	return said, got.StatusCode == want
}
