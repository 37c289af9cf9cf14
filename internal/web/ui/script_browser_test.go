package ui_test

import (
	"math"
	"net/url"
	"strings"
	"testing"

	"linli/internal/lang"
	"linli/internal/web/ui"
	"linli/internal/web/ui/uitest"
)

// TestDeskByKeyboard walks the queue as a dispatcher does, hands on the keys.
func TestDeskByKeyboard(t *testing.T) {
	t.Parallel()
	w, address := uitest.Start(t).Window(t, 1440), site(t)
	w.Width(1440)
	w.Open(address + "/gallery/queue")
	w.Until(`window.htmx && document.querySelector('.hints [data-keys-switch]').hidden === false`)
	uitest.Ask[bool](w, `(window.sent = 0, document.addEventListener('click', e => { if (e.target.closest('[data-key=Enter]')) window.sent++ }), window.old = document.querySelector('#peek'), true)`)
	const now = `document.querySelector('tr[aria-current]').id`

	w.Keys("j")
	w.Until(`document.querySelector('#peek') !== window.old`)
	if got := uitest.Ask[string](w, now); got != "row-4" {
		t.Errorf("J: at %s, want row-4", got)
	}
	w.Keys("\r")
	if got := uitest.Ask[int](w, `window.sent`); got != 0 {
		t.Error("Enter sent the case in the preview, which is not the selected row's")
	}
	w.Keys("k")
	if got := uitest.Ask[string](w, now); got != "row-3" {
		t.Errorf("K: at %s, want row-3", got)
	}
	w.Keys("x")
	if !uitest.Ask[bool](w, `document.querySelector('#row-3 [data-tick]').checked`) {
		t.Error("X did not tick the selected row")
	}
	w.Until(`document.querySelector('#peek').dataset.case === '3'`)
	w.Keys("\r")
	if got := uitest.Ask[int](w, `window.sent`); got != 1 {
		t.Errorf("Enter on the selected row: pressed %d times, want once", got)
	}
	w.Keys("?")
	if !uitest.Ask[bool](w, `document.querySelector('[data-keys]').open`) {
		t.Error("? did not open the shortcuts")
	}
	w.Keys("/")
	if got := uitest.Ask[string](w, `document.activeElement.id`); got != "seek" {
		t.Errorf("/: the focus is on %q, want the search", got)
	}
	w.Keys("j")
	// The protocol sends the slash itself even where the page refused the key.
	if got := uitest.Ask[string](w, `document.activeElement.value + ' ' + `+now); strings.TrimPrefix(got, "/") != "j row-3" {
		t.Errorf("J while typing: got %q, want it written and the row unmoved", got)
	}
}

// TestKeysCanBeTurnedOff holds WCAG 2.1.4 for the single keys.
func TestKeysCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	w, address := uitest.Start(t).Window(t, 1440), site(t)
	w.Width(1440)
	w.Open(address + "/gallery/queue")
	w.Until(`document.querySelector('[data-keys-switch]').hidden === false`)
	uitest.Ask[bool](w, `(document.querySelector('[data-keys-switch]').click(), document.activeElement.blur(), true)`)
	w.Keys("j")
	if got := uitest.Ask[string](w, `document.querySelector('tr[aria-current]').id`); got != "row-3" {
		t.Errorf("J with the keys off: at %s, want row-3 still", got)
	}
}

// TestMapIsPickedWithoutScript clicks the map at each width it is drawn at,
// with scripts off, and reads the place as the server would.
func TestMapIsPickedWithoutScript(t *testing.T) {
	t.Parallel()
	w, address := uitest.Start(t).Window(t, 1440), site(t)
	view := ui.GalleryMap(lang.ZH)
	w.Script(false)
	for _, width := range []int64{320, 390, 1440} {
		w.Width(width)
		w.Open(address + "/gallery/resident")
		// Press at a third of the width and half of the height of the drawing.
		uitest.Ask[bool](w, `(document.querySelector('.dock').remove(), document.querySelector('.mappick .scene').closest('form').noValidate = true)`)
		w.FollowAt(".mappick .scene", 1/3.0, 1/2.0)
		form, err := url.ParseQuery(strings.TrimPrefix(uitest.Ask[string](w, `location.search`), "?"))
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
	w, address := uitest.Start(t).Window(t, 1440), site(t)
	open := func() {
		t.Helper()
		w.Width(390)
		w.Open(address + "/gallery/resident")
	}
	open()
	uitest.Ask[bool](w, `(document.querySelector('[name=danger][value=no]').click(), true)`)
	w.Until(`localStorage.getItem('linli.draft.gallery') !== null`)
	open()
	w.Until(`document.querySelector('[data-draft]').hidden === false`)
	if !uitest.Ask[bool](w, `document.querySelector('[name=danger][value=no]').checked`) {
		t.Error("the choice of the draft did not come back")
	}
	uitest.Ask[bool](w, `(document.querySelector('[data-draft-drop]').click(), true)`)
	if got := uitest.Ask[bool](w, `localStorage.getItem('linli.draft.gallery') === null && !document.querySelector('[name=danger][value=no]').checked`); !got {
		t.Error("a dropped draft is still there")
	}
}

// TestPhotosAreMadeSmaller chooses a large picture, and finds a small one of
// the same shape in the form; a file that is no picture stays as it is.
func TestPhotosAreMadeSmaller(t *testing.T) {
	t.Parallel()
	w, address := uitest.Start(t).Window(t, 1440), site(t)
	w.Width(390)
	w.Open(address + "/gallery/resident")
	w.Until(`document.querySelector('[data-locate]').hidden === false`)
	uitest.Ask[bool](w, `(() => {
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
	w.Until(`document.querySelectorAll('[data-thumbs=photos] img').length === 2`)
	w.Until(`document.querySelector('[data-thumbs=photos] img').naturalWidth > 0`)
	got := uitest.Ask[string](w, `(() => { const [a, b] = document.getElementById('photos').files, i = document.querySelector('[data-thumbs=photos] img'); return [a.name, a.type, i.naturalWidth, i.naturalHeight, b.name, b.size].join(' '); })()`)
	if want := "IMG_1.jpg image/jpeg 1600 1200 odd.png 13"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
