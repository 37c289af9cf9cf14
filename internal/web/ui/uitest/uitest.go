// Package uitest is a headless Chromium for tests: windows with cookies of
// their own, in which a test does what a person does. Controls are found by
// what a person reads on them (a label, the words on a button), are pressed
// where they stand on the screen, and count only if they can be seen.
//
// [Window.Look] judges a page as far as it can be measured, and keeps a picture
// of it for people to judge the rest. The package knows no page of linli, and
// nothing but tests imports it.
package uitest

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is one running Chromium.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Start starts a Chromium for one test, and skips the test where there is none.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on this machine; apt-get install chromium fonts-noto-cjk to run this test")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Minute)
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
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return &Browser{t: t, ctx: ctx}
}

// Window is a window of somebody's own: nobody else's cookies, drafts or
// language.
type Window struct {
	t     testing.TB
	ctx   context.Context
	mu    sync.Mutex
	said  []string
	plain bool // its pages run no script
}

// Window opens a window of that width; t is the test that looks through it.
func (b *Browser) Window(t testing.TB, width int64) *Window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	w := &Window{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	focus := chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	w.do(focus, chromedp.EmulateViewport(width, 900))
	return w
}

// Size makes the window another size: that of a television, say.
func (w *Window) Size(width, height int64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height))
}

// hear keeps what the browser writes to its console as an error: a refusal of
// the content security policy, a file that is missing, a script that fails.
func (w *Window) hear(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError {
			w.said = append(w.said, ev.Entry.Text+" "+ev.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		w.said = append(w.said, ev.ExceptionDetails.Text)
	}
}

// Complaints gives what came to the console since it was last called.
func (w *Window) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.said
	w.said = nil
	return got
}

// Script switches the pages' script on or off, from the next page on.
func (w *Window) Script(on bool) {
	w.t.Helper()
	w.plain = !on
	w.scripted(on)
}

func (w *Window) scripted(on bool) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// Width sets the width of the window.
func (w *Window) Width(width int64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, 900))
}

// Open goes to an address.
func (w *Window) Open(address string) {
	w.t.Helper()
	w.do(chromedp.Navigate(address))
}

// Ask evaluates a JavaScript expression on the open page.
func Ask[T any](w *Window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		w.t.Fatalf("%s: %v", shorten(expression), err)
	}
	return got
}

// patience is how long a person would wait for a page before giving up, on a
// machine that is busy with other tests.
const patience = 20 * time.Second

// Until waits for an expression to hold, as the page answers when it can.
func (w *Window) Until(expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
		`new Promise(done => { const look = () => (`+expression+`) ? done(true) : setTimeout(look, 20); look(); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("waited for %s at %s: %v", expression, w.Address(), err)
	}
}

// Address is where the window is.
func (w *Window) Address() string {
	w.t.Helper()
	return Ask[string](w, `location.href`)
}

// Text is what a person reads on the page.
func (w *Window) Text() string {
	w.t.Helper()
	return strings.Join(strings.Fields(Ask[string](w, `document.body.innerText`)), " ")
}

// Reads fails the test unless all the words stand on the page.
func (w *Window) Reads(words ...string) {
	w.t.Helper()
	text := w.Text()
	for _, part := range words {
		if !strings.Contains(text, part) {
			w.t.Fatalf("%s does not say %q: %.900s", w.Address(), part, text)
		}
	}
}

func (w *Window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

func shorten(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
