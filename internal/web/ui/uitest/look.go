package uitest

import (
	"context"
	_ "embed" // axe-core, which is data here
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// axe is axe-core, which knows what of WCAG a program can check.
//
//go:embed axe.min.js
var axe string

// violation is one finding of axe-core, as far as a failure needs it.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Look checks of the open page what can be measured: axe-core finds nothing
// (WCAG 2.2 AA and its own good practice), the page does not scroll sideways,
// and the console took no error. Where LINLI_SHOTS names a folder, a picture of
// the whole page stays there as name.png, for people to judge the rest.
func (w *Window) Look(name string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 2*patience)
	defer cancel()
	if folder := os.Getenv("LINLI_SHOTS"); folder != "" {
		w.keep(ctx, filepath.Join(folder, name+".png"))
	}
	if over := Ask[int](w, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		wide := Ask[string](w, `[...document.querySelectorAll('body *')].filter((el) => el.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((el) => el.outerHTML.slice(0, 120)).join(' | ')`)
		w.t.Errorf("%s: the page scrolls sideways by %d px: %s", name, over, wide)
	}
	for _, v := range w.violations(ctx, name) {
		for _, n := range v.Nodes {
			w.t.Errorf("%s: axe %s (%s) at %v: %s", name, v.ID, v.Help, n.Target, n.Summary)
		}
	}
	if got := w.Complaints(); len(got) > 0 {
		w.t.Errorf("%s: the browser complains: %s", name, strings.Join(got, "; "))
	}
}

// keep writes a picture of the whole page.
func (w *Window) keep(ctx context.Context, path string) {
	w.t.Helper()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		w.t.Fatalf("%s: %v", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// violations runs axe-core on the open page. The rule on the size of targets is
// part of WCAG 2.2 AA and switched off in axe-core unless asked for.
func (w *Window) violations(ctx context.Context, name string) []violation {
	w.t.Helper()
	if w.plain { // axe-core itself needs script; the page's own stays unread
		w.scripted(true)
		defer w.scripted(false)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.axe !== undefined || (() => {"+axe+"\n; return true })()")); err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`axe.run({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] }).then(found => JSON.stringify(found.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	var found []violation
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	return found
}
