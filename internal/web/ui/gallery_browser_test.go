package ui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"linli/internal/web/ui"
)

// galleryPaths are the pages that between them show every component.
var galleryPaths = []string{"/gallery/", "/gallery/resident", "/gallery/queue", "/gallery/case", "/gallery/board"}

// browser starts a Chromium for one test, and skips it where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on this machine; apt-get install chromium fonts-noto-cjk to run this test")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("no-sandbox", true),
		chromedp.Flag("use-angle", "swiftshader"),
		chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// site serves the gallery and the assets, as the program does.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/gallery/", ui.Gallery())
	mux.Handle("/assets/", ui.Assets())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// listen gathers what the browser writes to its console as an error: a refusal
// of the content security policy, a file that is missing, a script that fails.
// The function it returns gives what came since it was last called.
func listen(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var said []string
	err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError {
				said = append(said, ev.Entry.Text+" "+ev.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			said = append(said, ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		got := said
		said = nil
		return got
	}
}

// violation is one finding of axe-core, as far as a failure needs it.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// TestGalleryInBrowser looks at every gallery page in both languages, both
// themes and two widths: axe-core finds nothing, the page does not scroll
// sideways, and the content security policy refuses nothing. The screenshots
// stay in LINLI_SHOTS, if that names a folder.
func TestGalleryInBrowser(t *testing.T) {
	t.Parallel()
	ctx, url := browser(t), site(t)
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	complaints := listen(t, ctx)
	shots := os.Getenv("LINLI_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	// Each width sees both languages and both themes; all four pairs are seen.
	for width, choices := range map[int64][]string{
		390:  {"lang=zh&theme=light", "lang=en&theme=dark"},
		1440: {"lang=zh&theme=dark", "lang=en&theme=light"},
	} {
		for _, choice := range choices {
			for _, path := range galleryPaths {
				name := fmt.Sprintf("%s?%s at %d", path, choice, width)
				look(t, ctx, name, url+path+"?"+choice, width, filepath.Join(shots, fileName(path, choice, width)), string(axe))
				if got := complaints(); len(got) > 0 {
					t.Errorf("%s: the browser complains: %s", name, strings.Join(got, "; "))
				}
			}
		}
	}
}

func fileName(path, choice string, width int64) string {
	return strings.NewReplacer("/", "-", "&", "-", "=", "-").Replace(fmt.Sprintf("%d%s-%s.png", width, strings.TrimSuffix(path, "/"), choice))
}

// look opens one page, keeps a picture of it, and checks what can be measured.
func look(t *testing.T, ctx context.Context, name, url string, width int64, shot, axe string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(shot, picture, 0o644); err != nil {
		t.Fatal(err)
	}
	over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if over > 0 {
		t.Errorf("%s: the page scrolls sideways by %d px", name, over)
	}
	for _, v := range violations(t, ctx, axe) {
		for _, n := range v.Nodes {
			t.Errorf("%s: axe %s (%s) at %v: %s", name, v.ID, v.Help, n.Target, n.Summary)
		}
	}
}

// violations runs axe-core on the open page.
func violations(t *testing.T, ctx context.Context, axe string) []violation {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](axe+"; true")); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`axe.run().then(found => JSON.stringify(found.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	var found []violation
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatal(err)
	}
	return found
}
