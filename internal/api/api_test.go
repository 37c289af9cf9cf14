package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/db"
	"linli/internal/geo"
	"linli/internal/rights"
)

// world is the invented district, called as another system does.
type world struct {
	*apptest.World
	t   *testing.T
	url string
}

func setup(t *testing.T) *world {
	t.Helper()
	return worldOf(t, apptest.New(t))
}

func worldOf(t *testing.T, w *apptest.World) *world { return &world{w, t, w.URL} }

// key makes a key for a system.
func (w *world) key(system string, scopes ...rights.Right) string {
	w.t.Helper()
	return w.bounded(access.Key{Name: system, Scopes: scopes})
}

// bounded makes a key with what k says, for a year.
func (w *world) bounded(k access.Key) string {
	w.t.Helper()
	var text string
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		k.District, k.Expires = w.House.District, tx.Now.AddDate(1, 0, 0)
		_, text, err = access.AddKey(context.Background(), tx, k, access.By{})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// answer is a response with its JSON.
type answer struct {
	Status int
	Type   string
	Body   map[string]any
	Raw    string
}

type header map[string]string

func (w *world) call(method, path, key, kind string, body io.Reader, more header) answer {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		body = io.TeeReader(body, &sent)
	}
	r, err := http.NewRequest(method, w.url+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range more {
		r.Header.Set(name, value)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{Status: got.StatusCode, Type: got.Header.Get("Content-Type"), Raw: string(data)}
	if err := json.Unmarshal(data, &a.Body); err != nil {
		w.t.Fatalf("%s %s: %d is no JSON: %.200s", method, path, got.StatusCode, data)
	}
	recorded.note(w.t.Name(), method, path, kind, sent.Bytes(), got.StatusCode, data)
	return a
}

func (w *world) get(path, key string) answer {
	w.t.Helper()
	return w.call(http.MethodGet, path, key, "", nil, nil)
}

func (w *world) send(key, body string, more header) answer {
	w.t.Helper()
	return w.call(http.MethodPost, "/api/v1/reports", key, "application/json", strings.NewReader(body), more)
}

// at walks into the JSON: at("case", "number").
func (a answer) at(path ...any) any {
	var v any = a.Body
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (a answer) text(path ...any) string { s, _ := a.at(path...).(string); return s }

func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %.400s", a.Status, status, a.Raw)
	}
	return a
}

// inside is a point within some grid of the invented district, with the grid.
func (w *world) inside() (geo.Point, string) {
	w.t.Helper()
	d := w.District()
	for _, a := range d.Areas.Tier(area.Grid) {
		o, ok := d.Areas.Outline(a.Code)
		if !ok {
			continue
		}
		b := o.Box()
		p := geo.Point{Lon: (b.Min.Lon + b.Max.Lon) / 2, Lat: (b.Min.Lat + b.Max.Lat) / 2}
		if at := d.Areas.Locate(p); at.Grid == a.Code {
			return p, string(a.Code)
		}
	}
	w.t.Fatal("no grid holds the middle of its box")
	return geo.Point{}, ""
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.Set(i, i%30, color.RGBA{200, 40, 30, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encode(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func base64Of(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// form makes a multipart body.
func form(t *testing.T, fields map[string]string, files map[string][]byte) (kind string, body io.Reader) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		part, err := m.CreateFormFile("photos", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), &b
}

// indented is JSON as it is written down.
func indented(t *testing.T, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}
