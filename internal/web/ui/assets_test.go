package ui_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"linli/internal/web/ui"
)

func fetch(t *testing.T, address, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept-Encoding", encoding)
	answer := httptest.NewRecorder()
	ui.Assets().ServeHTTP(answer, r)
	return answer
}

func TestAssetsAreCachedByContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, address, encoding, cache, coding string }{
		{"the address in a page never changes meaning", ui.Asset("looks.css"), "gzip, br", "public, max-age=31536000, immutable", "gzip"},
		{"an address typed by hand is asked again", "/assets/looks.css", "gzip", "no-cache", "gzip"},
		{"a page of an older release must not pin the new file", "/assets/looks.css?v=000000000000", "gzip", "no-cache", "gzip"},
		{"a browser without gzip is served too", ui.Asset("looks.css"), "", "public, max-age=31536000, immutable", ""},
		{"q=0 is a refusal", ui.Asset("looks.css"), "gzip;q=0", "public, max-age=31536000, immutable", ""},
		{"a low q is not", ui.Asset("looks.css"), "br, gzip; q=0.5", "public, max-age=31536000, immutable", "gzip"},
	} {
		answer := fetch(t, c.address, c.encoding)
		head := answer.Header()
		if answer.Code != 200 || head.Get("Cache-Control") != c.cache || head.Get("Content-Encoding") != c.coding {
			t.Errorf("%s: got %d, %q, %q; want 200, %q, %q", c.why, answer.Code, head.Get("Cache-Control"), head.Get("Content-Encoding"), c.cache, c.coding)
		}
		body := answer.Body.Bytes()
		if c.coding == "gzip" {
			r, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile("assets/looks.css"); err != nil || !bytes.Equal(body, want) {
			t.Errorf("%s: the body is not the file (%v)", c.why, err)
		}
	}
}

func TestAssetsRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, method, address string
		want                 int
	}{
		{"not embedded", "GET", "/assets/none.js", 404},
		{"the list of icons is for the script only", "GET", "/assets/icons.txt", 404},
		{"no way up", "GET", "/assets/../assets.go", 404},
		{"files are not written to", "POST", "/assets/looks.css", 405},
		{"HEAD is GET without the body", "HEAD", "/assets/looks.css", 200},
	} {
		answer := httptest.NewRecorder()
		ui.Assets().ServeHTTP(answer, httptest.NewRequest(c.method, c.address, nil))
		if answer.Code != c.want {
			t.Errorf("%s: %s %s: got %d, want %d", c.why, c.method, c.address, answer.Code, c.want)
		}
		if c.method == "HEAD" && answer.Body.Len() > 0 {
			t.Errorf("%s: got a body of %d bytes", c.why, answer.Body.Len())
		}
	}
	if got := ui.Asset("none.js"); got != "/assets/none.js" {
		t.Errorf("Asset of a name that is not embedded: got %q, want the bare address", got)
	}
}

func TestUnchangedAssetIsNotSentAgain(t *testing.T) {
	t.Parallel()
	tag := fetch(t, "/assets/desk.js", "gzip").Header().Get("ETag")
	r := httptest.NewRequest(http.MethodGet, "/assets/desk.js", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("If-None-Match", tag)
	answer := httptest.NewRecorder()
	ui.Assets().ServeHTTP(answer, r)
	if answer.Code != http.StatusNotModified || answer.Body.Len() != 0 {
		t.Errorf("with its own ETag %s: got %d and %d bytes, want 304 and none", tag, answer.Code, answer.Body.Len())
	}
}

// TestChecksums holds that the files taken from npm are the ones ASSETS.md
// names, and that it names them all.
func TestChecksums(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("ASSETS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"assets/htmx.js", "assets/htmx-sse.js", "assets/icons.svg", "uitest/axe.min.js"} {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if !strings.Contains(string(list), hex.EncodeToString(sum[:])) {
			t.Errorf("%s has the SHA-256 %x, which ASSETS.md does not name", name, sum)
		}
	}
}

// TestDarkListsAreEqual holds that the dark theme is the same whether the
// reader's system or the page asks for it.
func TestDarkListsAreEqual(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("assets/looks.css")
	if err != nil {
		t.Fatal(err)
	}
	between := func(start string) string {
		_, rest, ok := strings.Cut(string(css), start)
		list, _, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			t.Fatalf("looks.css has no %q", start)
		}
		return strings.Join(strings.Fields(list), " ")
	}
	bySystem, byPage := between(":root:not([data-theme=light]) {"), between("\n[data-theme=dark] {")
	if bySystem != byPage {
		t.Errorf("the two dark lists differ:\nby system: %s\nby page:   %s", bySystem, byPage)
	}
}
