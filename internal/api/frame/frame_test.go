package frame

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

func TestAnOperationThatGoesAwaySaysSo(t *testing.T) {
	t.Parallel()
	op := Deprecated(huma.Operation{Description: "旧的 · The old one"}, Ending{
		Since: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Ends: time.Date(2027, 12, 1, 0, 0, 0, 0, time.UTC), Instead: "/api/v1/new",
	})
	head := http.Header{}
	farewell(&op, head)
	links := strings.Join(head.Values("Link"), " ")
	if !op.Deprecated || head.Get("Deprecation") != "@1796083200" || head.Get("Sunset") != "Wed, 01 Dec 2027 00:00:00 GMT" ||
		!strings.Contains(links, `rel="deprecation"`) || !strings.Contains(links, `</api/v1/new>; rel="successor-version"`) || !strings.Contains(op.Description, "2027-12-01") {
		t.Errorf("%+v, %v", op, head)
	}
	head = http.Header{}
	if farewell(&huma.Operation{}, head); len(head) > 0 {
		t.Errorf("one that stays says %v", head)
	}
}

func FuzzCursor(f *testing.F) {
	d, at := &Door{cursorKey: []byte("k")}, &frame{op: "list", query: "a=1"}
	f.Add("x")
	f.Add(d.sealCursor(at, "17 x"))
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := d.openCursor(at, d.sealCursor(at, text)); text != "" && (err != nil || got != text) {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
		if inner, err := d.openCursor(at, text); err == nil && d.sealCursor(at, inner) != text {
			t.Errorf("%q opens and was never sealed", text)
		}
	})
}

func FuzzIfMatch(f *testing.F) {
	f.Add(tag(3, []byte("x")))
	f.Add("*")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := matchOf(&huma.Operation{Method: "POST", Path: "/x/{case}"}, []string{text})
		if err == nil && n == 0 && strings.TrimSpace(text) != "*" || n < 0 {
			t.Errorf("%q asks for nothing: %d", text, n)
		}
	})
}

func FuzzFields(f *testing.F) {
	f.Add(`{"items":[{"a":{"b":1},"c":[{"b":2}]}]}`)
	f.Add(`[`)
	c := &choice{list: true, names: []string{"a", "c"}, of1: map[string]*choice{"a": {}, "c": {names: []string{"b"}, of1: map[string]*choice{"b": {}}}}}
	f.Fuzz(func(t *testing.T, body string) {
		out := string(c.of([]byte(body)))
		if len(out) > len(body)*7+20 { // escaping may lengthen, nothing else
			t.Errorf("%q grew to %q", body, out)
		}
	})
}
