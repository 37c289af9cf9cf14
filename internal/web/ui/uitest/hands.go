package uitest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// find is the script that looks for a control as a person does: by its words,
// among those in sight. A control that says just that comes before one that
// says more; of several, the first on the page.
const find = `(kind, words) => {
	const says = (s) => (s ?? '').replace(/\s+/g, ''); // lines break where they must
	words = says(words);
	const seen = (el) => el.checkVisibility({ visibilityProperty: true });
	const pick = (all, name) => all.find((el) => says(name(el)) === words) ?? all.find((el) => says(name(el)).includes(words));
	const labelled = (el) => [...el.labels ?? []].map((l) => l.innerText).join(' ') || el.getAttribute('aria-label');
	if (kind === 'press') {
		const all = ['a[href], button, input[type=submit]', 'summary'].flatMap((s) => [...document.querySelectorAll(s)]).filter(seen);
		return pick(all, (el) => el.getAttribute('aria-label') || el.innerText) ?? pick(all, (el) => el.innerText);
	}
	const fields = [...document.querySelectorAll('input:not([type=hidden]):not([type=image]), textarea, select')];
	const box = (el) => ['radio', 'checkbox'].includes(el.type);
	if (kind === 'choose') return pick(fields.filter((el) => box(el) && seen(el.labels[0] ?? el)), labelled);
	return pick(fields.filter((el) => !box(el) && seen(el.labels[0] ?? el)), labelled);
}`

// hold finds a control and keeps it on the page for what follows.
func (w *Window) hold(kind, words string) {
	w.t.Helper()
	quoted, err := json.Marshal(words)
	if err != nil {
		w.t.Fatal(err)
	}
	if !Ask[bool](w, `(() => { window.held = (`+find+`)('`+kind+`', `+string(quoted)+`); return !!window.held })()`) {
		w.t.Fatalf("%s has nothing to %s that says %q: %.1500s", w.Address(), kind, words, w.Text())
	}
}

// spot brings what is held into sight and gives the middle of it. Something
// that lies over it would take the press, so that is a failure here.
func (w *Window) spot(words string) (x, y float64) {
	w.t.Helper()
	at := Ask[[]float64](w, `(() => {
		const el = ['radio', 'checkbox'].includes(held.type) ? held.labels[0] ?? held : held;
		el.scrollIntoView({ block: 'center', behavior: 'instant' });
		const b = el.getClientRects()[0], x = b.x + b.width / 2, y = b.y + b.height / 2, top = document.elementFromPoint(x, y);
		return [x, y, top && (el.contains(top) || top.contains(el)) ? 1 : 0];
	})()`)
	if at[2] != 1 {
		w.t.Fatalf("%s: something lies over %q", w.Address(), words)
	}
	return at[0], at[1]
}

// Press presses a button or link that changes the page in place.
func (w *Window) Press(words string) {
	w.t.Helper()
	w.hold("press", words)
	w.do(chromedp.MouseClickXY(w.spot(words)))
}

// Follow presses a button or link that leads to another page, and waits for
// it. A page that is none of the statuses, 200 where none is named, fails.
func (w *Window) Follow(words string, status ...int) {
	w.t.Helper()
	w.hold("press", words)
	x, y := w.spot(words)
	w.Leave("press "+words, chromedp.MouseClickXY(x, y), status...)
}

// PressAt presses the middle of the element of a selector, which changes the
// page in place.
func (w *Window) PressAt(selector string) {
	w.t.Helper()
	w.do(w.at(selector, .5, .5))
}

// FollowAt presses the element of a selector at a fraction of its width and
// height, and waits for the page it leads to.
func (w *Window) FollowAt(selector string, across, down float64) {
	w.t.Helper()
	w.Leave("press "+selector, w.at(selector, across, down))
}

func (w *Window) at(selector string, across, down float64) chromedp.Action[chromedp.Void] {
	w.t.Helper()
	at := Ask[[]float64](w, `(() => { const el = document.querySelector(`+strconv.Quote(selector)+`); el.scrollIntoView({ block: 'center', behavior: 'instant' });
		const b = el.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()`)
	return chromedp.MouseClickXY(at[0]+at[2]*across, at[1]+at[3]*down)
}

// FollowKey presses a key that leads to another page, and waits for it.
func (w *Window) FollowKey(keys string) {
	w.t.Helper()
	w.Leave("key "+keys, chromedp.KeyEvent(keys))
}

// Leave does what leads to another page, and waits for it.
func (w *Window) Leave(what string, step chromedp.Action[chromedp.Void], status ...int) {
	w.t.Helper()
	if len(status) == 0 {
		status = []int{200}
	}
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	from := w.Address()
	response, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		w.t.Fatalf("%s on %s: %v: %.600s", what, from, err, w.Text())
	}
	if response != nil && !slices.Contains(status, int(response.Status)) {
		w.t.Fatalf("%s on %s: status %d at %s, want %v: %.900s", what, from, response.Status, response.URL, status, w.Text())
	}
}

// Keys types keys where the focus is.
func (w *Window) Keys(keys string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(keys))
}

// Fill writes into the field of a label, over what stands there.
func (w *Window) Fill(label, text string) {
	w.t.Helper()
	w.hold("fill", label)
	Ask[bool](w, `(held.focus(), held.select(), true)`)
	w.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
	if got := Ask[string](w, `held.value`); got != text {
		w.t.Fatalf("%s: the field %q holds %q after writing %q", w.Address(), label, got, text)
	}
}

// Choose presses a radio button or check box by its label.
func (w *Window) Choose(label string) {
	w.t.Helper()
	w.hold("choose", label)
	w.do(chromedp.MouseClickXY(w.spot(label)))
	if !Ask[bool](w, `held.checked`) {
		w.t.Fatalf("%s: %q is pressed and not chosen", w.Address(), label)
	}
}

// Select chooses an option of a list by its words.
func (w *Window) Select(label, option string) {
	w.t.Helper()
	w.hold("fill", label)
	if !Ask[bool](w, `(() => { const o = [...held.options ?? []].find((o) => o.text.trim() === `+strconv.Quote(option)+`); if (!o) return false;
		held.value = o.value; held.dispatchEvent(new Event('input', { bubbles: true })); held.dispatchEvent(new Event('change', { bubbles: true })); return true })()`) {
		w.t.Fatalf("%s: %q has no option %q", w.Address(), label, option)
	}
}

// Attach gives files, by their names, to the file field of a label. Where the
// page's script draws them small, it waits for that: the page grows by it, and
// what is pressed next would move away.
func (w *Window) Attach(label string, files map[string][]byte) {
	w.t.Helper()
	w.hold("fill", label)
	folder := w.t.TempDir()
	var paths []string
	for name, data := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			w.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	Ask[bool](w, `(held.dataset.uitest = 'held', true)`)
	w.do(chromedp.SetUploadFiles(chromedp.CSS(`[data-uitest=held]`), paths))
	Ask[bool](w, `(delete held.dataset.uitest, true)`)
	if !w.plain && Ask[bool](w, `!!held.dataset.shrink && !!document.querySelector('script[src*="portal.js"]')`) {
		w.Until(`[...document.querySelectorAll('[data-thumbs="' + held.id + '"] img')].filter((i) => i.naturalWidth > 0).length === ` + strconv.Itoa(len(files)))
	}
}
