package ui_test

import (
	"context"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"linli/internal/lang"
	"linli/internal/web/ui"
)

// ask evaluates a JavaScript expression on the open page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// until waits for an expression to hold, as the browser answers when it can.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
		`new Promise(done => { const look = () => (`+expression+`) ? done(true) : requestAnimationFrame(look); look(); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("waited for %s: %v", expression, err)
	}
}

func press(t *testing.T, ctx context.Context, keys string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keys)); err != nil {
		t.Fatal(err)
	}
}

// TestDeskByKeyboard walks the queue as a dispatcher does, hands on the keys.
func TestDeskByKeyboard(t *testing.T) {
	t.Parallel()
	ctx, address := browser(t), site(t)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(address+"/gallery/queue")); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `window.htmx && document.querySelector('.hints [data-keys-switch]').hidden === false`)
	ask[bool](t, ctx, `(window.sent = 0, document.addEventListener('click', e => { if (e.target.closest('[data-key=Enter]')) window.sent++ }), window.old = document.querySelector('#peek'), true)`)
	const now = `document.querySelector('tr[aria-current]').id`

	press(t, ctx, "j")
	until(t, ctx, `document.querySelector('#peek') !== window.old`)
	if got := ask[string](t, ctx, now); got != "row-4" {
		t.Errorf("J: at %s, want row-4", got)
	}
	press(t, ctx, "\r")
	if got := ask[int](t, ctx, `window.sent`); got != 0 {
		t.Error("Enter sent the case in the preview, which is not the selected row's")
	}
	press(t, ctx, "k")
	if got := ask[string](t, ctx, now); got != "row-3" {
		t.Errorf("K: at %s, want row-3", got)
	}
	press(t, ctx, "x")
	if !ask[bool](t, ctx, `document.querySelector('#row-3 [data-tick]').checked`) {
		t.Error("X did not tick the selected row")
	}
	until(t, ctx, `document.querySelector('#peek').dataset.case === '3'`)
	press(t, ctx, "\r")
	if got := ask[int](t, ctx, `window.sent`); got != 1 {
		t.Errorf("Enter on the selected row: pressed %d times, want once", got)
	}
	press(t, ctx, "?")
	if !ask[bool](t, ctx, `document.querySelector('[data-keys]').open`) {
		t.Error("? did not open the shortcuts")
	}
	press(t, ctx, "/")
	if got := ask[string](t, ctx, `document.activeElement.id`); got != "seek" {
		t.Errorf("/: the focus is on %q, want the search", got)
	}
	press(t, ctx, "j")
	// The protocol sends the slash itself even where the page refused the key.
	if got := ask[string](t, ctx, `document.activeElement.value + ' ' + `+now); strings.TrimPrefix(got, "/") != "j row-3" {
		t.Errorf("J while typing: got %q, want it written and the row unmoved", got)
	}
}

// TestKeysCanBeTurnedOff holds WCAG 2.1.4 for the single keys.
func TestKeysCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	ctx, address := browser(t), site(t)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(address+"/gallery/queue")); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `document.querySelector('[data-keys-switch]').hidden === false`)
	ask[bool](t, ctx, `(document.querySelector('[data-keys-switch]').click(), document.activeElement.blur(), true)`)
	press(t, ctx, "j")
	if got := ask[string](t, ctx, `document.querySelector('tr[aria-current]').id`); got != "row-3" {
		t.Errorf("J with the keys off: at %s, want row-3 still", got)
	}
}

// TestMapIsPickedWithoutScript clicks the map at each width it is drawn at,
// with scripts off, and reads the place as the server would.
func TestMapIsPickedWithoutScript(t *testing.T) {
	t.Parallel()
	ctx, address := browser(t), site(t)
	view := ui.GalleryMap(lang.ZH)
	noScript := chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	for _, width := range []int64{320, 390, 1440} {
		if err := chromedp.Do(ctx, noScript, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address+"/gallery/resident")); err != nil {
			t.Fatal(err)
		}
		// Click at a third of the width and half of the height of the drawing.
		box := ask[[]float64](t, ctx, `(() => { const s = document.querySelector('.mappick .scene'); s.scrollIntoView({block: 'center'}); document.querySelector('.dock').remove(); s.closest('form').noValidate = true; const b = s.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()`)
		if _, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(box[0]+box[2]/3, box[1]+box[3]/2)); err != nil {
			t.Fatal(err)
		}
		form, err := url.ParseQuery(strings.TrimPrefix(ask[string](t, ctx, `location.search`), "?"))
		if err != nil {
			t.Fatal(err)
		}
		p, ok := view.Picked(form)
		if x, y := view.Project(p); !ok || math.Abs(x-358/3.0) > 2 || math.Abs(y-150) > 2 {
			t.Errorf("at %d px: the form %v is %.1f,%.1f (%v), want about 119,150", width, form, x, y, ok)
		}
	}
}

// TestDraftComesBack writes half a form, leaves, and finds it again; and the
// server's own answer is never overwritten.
func TestDraftComesBack(t *testing.T) {
	t.Parallel()
	ctx, address := browser(t), site(t)
	open := func() {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(address+"/gallery/resident")); err != nil {
			t.Fatal(err)
		}
	}
	open()
	ask[bool](t, ctx, `(document.querySelector('[name=danger][value=no]').click(), true)`)
	until(t, ctx, `localStorage.getItem('linli.draft.gallery') !== null`)
	open()
	until(t, ctx, `document.querySelector('[data-draft]').hidden === false`)
	if !ask[bool](t, ctx, `document.querySelector('[name=danger][value=no]').checked`) {
		t.Error("the choice of the draft did not come back")
	}
	ask[bool](t, ctx, `(document.querySelector('[data-draft-drop]').click(), true)`)
	if got := ask[bool](t, ctx, `localStorage.getItem('linli.draft.gallery') === null && !document.querySelector('[name=danger][value=no]').checked`); !got {
		t.Error("a dropped draft is still there")
	}
}

// TestPhotosAreMadeSmaller chooses a large picture, and finds a small one of
// the same shape in the form; a file that is no picture stays as it is.
func TestPhotosAreMadeSmaller(t *testing.T) {
	t.Parallel()
	ctx, address := browser(t), site(t)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(address+"/gallery/resident")); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `document.querySelector('[data-locate]').hidden === false`)
	ask[bool](t, ctx, `(() => {
		const canvas = Object.assign(document.createElement('canvas'), { width: 3200, height: 2400 });
		canvas.getContext('2d').fillRect(0, 0, 900, 900);
		canvas.toBlob((blob) => {
			const box = new DataTransfer();
			box.items.add(new File([blob], 'IMG_1.png', { type: 'image/png' }));
			box.items.add(new File(['not a picture'], 'odd.png', { type: 'image/png' }));
			const input = document.getElementById('photos');
			input.files = box.files;
			input.dispatchEvent(new Event('change'));
		});
		return true;
	})()`)
	until(t, ctx, `document.querySelectorAll('[data-thumbs=photos] img').length === 2`)
	until(t, ctx, `document.querySelector('[data-thumbs=photos] img').naturalWidth > 0`)
	got := ask[string](t, ctx, `(() => { const [a, b] = document.getElementById('photos').files, i = document.querySelector('[data-thumbs=photos] img'); return [a.name, a.type, i.naturalWidth, i.naturalHeight, b.name, b.size].join(' '); })()`)
	if want := "IMG_1.jpg image/jpeg 1600 1200 odd.png 13"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
