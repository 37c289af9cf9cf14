//go:build screenshots

package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/geo"
)

// TestScreenshots takes the pictures of README.md from the running demo into
// docs/images: `scripts/screenshots`. It is no check, so it has a tag of its own.
func TestScreenshots(t *testing.T) {
	d, err := app.NewDemo(t.Context(), t.TempDir(), app.Config{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	stopping := make(chan struct{})
	d.House.Stopping = stopping
	server := httptest.NewServer(d.Handler(d.House))
	defer server.Close()
	defer close(stopping)
	showing, at := worthSeeing(t, d)
	c := &camera{t: t, ctx: chromium(t), url: server.URL, to: "../../docs/images"}

	c.take("portal", "", "/", 390, 844)
	c.open("", "/report?text=路上的井盖裂了，车压上去哐哐响", 390, 844)
	c.run(fmt.Sprintf(`(() => { const f = document.querySelector('main form');
		for (const [name, value] of [["matter", "c01002"], ["step", "which"], ["lon", "%.6f"], ["lat", "%.6f"]]) {
			f.querySelectorAll('[name=' + name + ']').forEach(e => e.remove());
			const i = document.createElement('input'); i.type = 'hidden'; i.name = name; i.value = value; f.append(i); }
		f.submit(); return true })()`, at.Lon+0.0004, at.Lat+0.0003))
	c.settle()
	c.keep("where", false)
	c.take("queue", "chenli", "/desk", 1440, 900)
	c.take("case", "chenli", "/desk/case/"+string(showing), 1440, 900)
	c.take("field", c.worker(d), "/field", 390, 844)
	c.take("board", "dengning", "/desk/board", 1440, 900)
	c.take("performance", "", "/performance", 390, 844)
}

// worthSeeing finds a case with a past: rated, worked on more than once, and
// in place.
func worthSeeing(t *testing.T, d *app.Demo) (casework.ID, geo.Point) {
	t.Helper()
	dist, err := d.Districts.Get(t.Context(), d.House.District)
	if err != nil {
		t.Fatal(err)
	}
	found, err := casework.List(t.Context(), d.DB, dist, casework.Filter{Matter: "c01002", Newest: true}, d.DB.Now(), "", 100)
	if err != nil || len(found.Rows) == 0 {
		t.Fatalf("no case worth seeing: %v", err)
	}
	best := found.Rows[0].Case
	for _, r := range found.Rows {
		if r.Case.Reports > best.Reports || r.Case.Reports == best.Reports && r.Case.Round > best.Round {
			best = r.Case
		}
	}
	return best.ID, best.Place.Point
}

func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("no chromium on this machine; apt-get install chromium fonts-noto-cjk")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.Flag("no-sandbox", true), chromedp.Flag("accept-lang", "zh-CN,zh"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// camera is a browser that keeps what it sees.
type camera struct {
	t   *testing.T
	ctx context.Context
	url string
	to  string
	who string
}

// take opens a page as somebody and keeps a picture of what is in sight.
func (c *camera) take(name, login, path string, width, height int64) {
	c.t.Helper()
	c.open(login, path, width, height)
	c.keep(name, true)
}

func (c *camera) open(login, path string, width, height int64) {
	c.t.Helper()
	c.do(chromedp.EmulateViewport(width, height))
	if login != c.who && login != "" {
		c.do(chromedp.Navigate(c.url + "/sign-in"))
		c.run(fmt.Sprintf(`(() => { const f = document.querySelector('form:has([name=password])');
			f.querySelector('[name=login]').value = %q; f.querySelector('[name=password]').value = %q; f.submit(); return true })()`, login, app.DemoPassword))
		c.settle()
		c.run(`(() => { const code = document.querySelector('#demo-code'); if (!code) return false; // the demo shows it and has filled it in
			code.closest('main').querySelector('form:has([name=code])').submit(); return true })()`)
		c.settle()
	}
	c.who = login
	c.do(chromedp.Navigate(c.url + path))
	c.settle()
}

// settle gives a submitted form, live parts and fonts time to be drawn; nothing
// is judged by it.
func (c *camera) settle() {
	c.t.Helper()
	c.do(chromedp.Sleep(700 * time.Millisecond))
}

func (c *camera) keep(name string, must bool) {
	c.t.Helper()
	title, err := chromedp.Run(c.ctx, chromedp.Evaluate[string](`document.title + " " + (document.querySelector('h1')?.innerText ?? '')`))
	if err != nil {
		c.t.Fatal(err)
	}
	picture, err := chromedp.Run(c.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		c.t.Fatal(err)
	}
	status, err := chromedp.Run(c.ctx, chromedp.Evaluate[int](`performance.getEntriesByType('navigation')[0].responseStatus`))
	if err != nil || must && status != 200 {
		c.t.Errorf("%s: status %d (%s), no picture kept: %v", name, status, title, err)
		return
	}
	if err := os.MkdirAll(c.to, 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.to, name+".png"), picture, 0o644); err != nil {
		c.t.Fatal(err)
	}
	c.t.Logf("%s: %s (%d KB)", name, title, len(picture)>>10)
}

func (c *camera) run(script string) {
	c.t.Helper()
	if _, err := chromedp.Run(c.ctx, chromedp.Evaluate[bool](script)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *camera) do(actions ...chromedp.Action[chromedp.Void]) {
	c.t.Helper()
	if err := chromedp.Do(c.ctx, actions...); err != nil {
		c.t.Fatal(err)
	}
}

// worker is the grid worker of the demo's sign-in page.
func (c *camera) worker(d *app.Demo) string {
	for _, l := range d.House.Demo {
		if len(l.Post) > 9 && l.Post[:9] == "网格员" {
			return l.Login
		}
	}
	c.t.Fatal("the demo offers no grid worker")
	return ""
}
