package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"linli/client"
	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/rights"
)

// house is the invented district with a key for a system.
func house(t *testing.T, scopes ...rights.Right) (w *apptest.World, key string) {
	t.Helper()
	w = apptest.New(t)
	err := w.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		_, key, err = access.AddKey(context.Background(), tx, access.Key{District: w.House.District, Name: "城市平台", Scopes: scopes, Expires: tx.Now.AddDate(1, 0, 0)}, access.By{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, key
}

func TestAgainstAHouse(t *testing.T) {
	t.Parallel()
	w, key := house(t, rights.ReportReceive, rights.CaseSeeAll)
	c := client.New(client.Config{URL: w.URL + "/", Key: key, Lang: "en"})
	ctx := t.Context()
	for range 5 {
		if _, err := c.SendReport(ctx, client.NewReport{Text: "路灯不亮", Matter: "d-help"}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for one, err := range c.ListCasesEach(ctx, client.ListCasesQuery{Newest: true, Limit: 2, State: []string{"open", "closed"}}) {
		if err != nil || one.Number == "" || one.Matter.Code != "d-help" || one.Due == nil {
			t.Fatalf("%+v, %v", one, err)
		}
		n++
	}
	if n != 5 {
		t.Errorf("%d cases over all pages, want 5", n)
	}
	some, err := c.ListCases(ctx, client.ListCasesQuery{}, client.Fields("id"))
	if err != nil || some.Items[0].ID == "" || some.Items[0].Number != "" {
		t.Fatalf("fields: %+v, %v", some, err)
	}
	var tag string
	id := some.Items[0].ID
	if _, err := c.ReadCase(ctx, id, client.Tag(&tag)); err != nil || !strings.HasPrefix(tag, `"r`) {
		t.Errorf("tag %q, %v", tag, err)
	}
	var p *client.Problem
	if _, err := c.ReadCase(ctx, id, client.IfNoneMatch(tag)); !errors.As(err, &p) || p.Status != http.StatusNotModified {
		t.Errorf("unchanged: %v", err)
	}
	if _, err := c.ReadCase(ctx, "261123-99999"); !errors.As(err, &p) || p.Code != "not-found" || !strings.Contains(err.Error(), "There is no such case") {
		t.Errorf("a case that is none: %v", err)
	}
	if _, err := c.SendReport(ctx, client.NewReport{Text: "x", Matter: "zz"}); !errors.As(err, &p) || p.Code != "invalid" || p.Errors[0].Location != "body.matter" {
		t.Errorf("a wrong report: %v", err)
	}
}

// An answer that is lost on the way costs a second request and makes no second
// report.
func TestALostAnswerMakesNothingTwice(t *testing.T) {
	t.Parallel()
	w, key := house(t, rights.ReportReceive, rights.CaseSeeAll)
	var lost atomic.Int32
	flaky := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		again, err := http.NewRequestWithContext(r.Context(), r.Method, w.URL+r.URL.RequestURI(), r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		again.Header = r.Header
		got, err := http.DefaultClient.Do(again)
		if err != nil {
			t.Error(err)
			return
		}
		defer got.Body.Close()
		if lost.Add(1) <= 2 {
			panic(http.ErrAbortHandler) // the house has done it, and nobody hears
		}
		if got.Header.Get("Idempotency-Replayed") != "true" {
			t.Error("it was done again")
		}
		out.WriteHeader(got.StatusCode)
		_, _ = io.Copy(out, got.Body)
	}))
	defer flaky.Close()
	c := client.New(client.Config{URL: flaky.URL, Key: key})
	sent, err := c.SendReport(t.Context(), client.NewReport{Text: "路灯不亮", Matter: "d-help"})
	if err != nil || sent.Case.Number == "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	n, err := casework.Count(t.Context(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 1 || lost.Load() != 3 {
		t.Errorf("%d reports after %d requests, want 1 after 3 (%v)", n.N, lost.Load(), err)
	}
}

func TestWhatIsWorthSendingAgain(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		why    string
		status int
		body   string
		tries  int32
	}{
		{"busy passes", 503, `{"code":"busy"}`, 2},
		{"too often passes", 429, `{"code":"often"}`, 2},
		{"under way ends", 409, `{"code":"running"}`, 2},
		{"a proxy without a house", 502, `<html>`, 2},
		{"a conflict stays", 409, `{"code":"conflict"}`, 1},
		{"nobody knows how far it came", 409, `{"code":"unfinished"}`, 1},
		{"what is wrong stays wrong", 422, `{"code":"invalid"}`, 1},
		{"what broke may break again", 500, `{"code":"internal"}`, 1},
	} {
		t.Run(one.why, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int32
			names := map[string]bool{}
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n.Add(1)
				names[r.Header.Get("Idempotency-Key")] = true
				w.WriteHeader(one.status)
				_, _ = w.Write([]byte(one.body))
			}))
			defer s.Close()
			_, err := client.New(client.Config{URL: s.URL, Key: "k", Tries: 2}).SendReport(t.Context(), client.NewReport{Text: "x"})
			var p *client.Problem
			if !errors.As(err, &p) || p.Status != one.status || n.Load() != one.tries || len(names) != 1 || names[""] {
				t.Errorf("%v after %d requests under %v, want %d tries under one name", err, n.Load(), names, one.tries)
			}
		})
	}
}
