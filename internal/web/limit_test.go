package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/rights"
)

// from asks as if from an address, through a proxy that may say so.
func from(t *testing.T, w *apptest.World, address, method, path, language, key string, form url.Values) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, w.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	r.Header.Set("Accept-Language", language)
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	got, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = got.Body.Close() })
	return got
}

// untilRefused asks again and again, and gives how often until the answer was
// 429, or 0.
func untilRefused(t *testing.T, w *apptest.World, most int, method, path string, form url.Values) (n int, got *http.Response) {
	t.Helper()
	for n = 1; n <= most; n++ {
		if got = from(t, w, "203.0.113.7", method, path, "zh", "", form); got.StatusCode == http.StatusTooManyRequests {
			return n, got
		}
		_ = got.Body.Close() // the next one is asked for
	}
	return 0, got
}

// TestLimitsAtTheDoors guesses until it is told to wait, from one address, while
// its neighbour goes on.
//
// ASVS 2.4.1, 6.3.1, 15.2.2
// GB/T 22239 8.1.4.1b
func TestLimitsAtTheDoors(t *testing.T) {
	t.Parallel()
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	})
	for _, c := range []struct {
		why, method, path string
		form              url.Values
		free              int // how often it may go wrong before
	}{
		{"guessing words of reports", "POST", "/track", url.Values{"number": {"261123-01478"}, "word": {"ABCDEFGHIJ"}}, 120},
		{"guessing calendar addresses", "GET", "/calendar/due_990101_0197f1c2-0000-7000-8000-000000000000_GUESS.ics", nil, 600},
		{"guessing logins", "POST", "/sign-in", url.Values{"login": {"' or 1=1"}, "password": {"x"}}, 300},
	} {
		n, got := untilRefused(t, w, c.free+5, c.method, c.path, c.form)
		if n != c.free+1 {
			t.Errorf("%s: refused at try %d, want %d", c.why, n, c.free+1)
			continue
		}
		if wait, err := strconv.Atoi(got.Header.Get("Retry-After")); err != nil || wait < 1 {
			t.Errorf("%s: Retry-After %q", c.why, got.Header.Get("Retry-After"))
		}
		for language, words := range map[string]string{"zh": "请过", "en": "please try again in"} {
			if said := body(t, from(t, w, "203.0.113.7", c.method, c.path, language, "", c.form)); !strings.Contains(said, words) {
				t.Errorf("%s: told in %s: %.200s", c.why, language, said)
			}
		}
		if got := from(t, w, "203.0.113.8", c.method, c.path, "zh", "", c.form); got.StatusCode == http.StatusTooManyRequests {
			t.Errorf("%s: the neighbour waits too", c.why)
		}
	}
	keys(t, w)
}

// keys reads where a key stands, and guesses keys.
func keys(t *testing.T, w *apptest.World) {
	t.Helper()
	var key string
	err := w.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		_, key, err = access.AddKey(t.Context(), tx, access.Key{District: w.House.District, Name: "limits", Scopes: []rights.Right{rights.CaseSee, rights.CaseSeeAll}, Expires: tx.Now.AddDate(0, 0, 1)}, access.By{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := from(t, w, "203.0.113.9", "GET", "/api/v1/cases", "zh", key, nil), from(t, w, "203.0.113.9", "GET", "/api/v1/cases", "zh", key, nil)
	left := func(r *http.Response) (n int) {
		_, rest, _ := strings.Cut(r.Header.Get("RateLimit"), `"key";r=`)
		rest, _, _ = strings.Cut(rest, ";")
		n, _ = strconv.Atoi(rest)
		return n
	}
	if first.StatusCode != http.StatusOK || first.Header.Get("RateLimit-Policy") != `"key";q=60000;w=60` || left(first) == 0 || left(second) != left(first)-1 {
		t.Errorf("%d, %v, then %v", first.StatusCode, first.Header, second.Header)
	}
	var got *http.Response
	for range 601 {
		got = from(t, w, "203.0.113.9", "GET", "/api/v1/cases", "en", "linli_990101_x_guess", nil)
	}
	if said := body(t, got); got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" || got.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(said, `"code":"often"`) || !strings.Contains(said, "try again") {
		t.Errorf("a guessed key: %d %s %s", got.StatusCode, got.Header, said)
	}
	if got := from(t, w, "203.0.113.10", "GET", "/api/v1/cases", "zh", key, nil); got.StatusCode != http.StatusOK {
		t.Errorf("the good key from elsewhere: %d", got.StatusCode)
	}
}

// Tables carried out by one account have an end, whoever it is.
//
// ASVS 2.4.1
func TestExportsOfAnAccountAreBounded(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As("zhouhui")
	for i := range 60 {
		if got := b.Get("/desk/cases.csv"); got.Status != http.StatusOK {
			t.Fatalf("table %d: %d", i+1, got.Status)
		}
	}
	if got := b.Get("/desk/cases.csv"); got.Status != http.StatusTooManyRequests || !strings.Contains(got.Text(), "这个账号") {
		t.Errorf("one more: %d %.200s", got.Status, got.Text())
	}
	if got := b.Get("/desk"); got.Status != http.StatusOK {
		t.Errorf("the desk is closed too: %d", got.Status)
	}
}
