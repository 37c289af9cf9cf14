package ogc

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// root is where everything lies.
const root = "/ogc"

// The two forms of every answer, and what else is sent.
const (
	formJSON = "json"
	formHTML = "html"

	typeJSON    = "application/json"
	typeGeoJSON = "application/geo+json"
	typeHTML    = "text/html"
	typeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// call is one request.
type call struct {
	*page.View
	q    url.Values
	form string
	base string // the address of root, as whoever asks reaches it
}

// answer is what goes back: a document for programs, and the page of the same.
type answer struct {
	kind string // media type of the document
	body any
	html func(c *call) error
}

// Routes adds the door.
func Routes(mux *http.ServeMux, h *page.House) {
	add := func(path string, known []string, fn func(c *call) (answer, error)) {
		mux.Handle("GET "+path, h.Handle(func(v *page.View) error { return serve(v, known, fn) }))
	}
	add(root, nil, landing)
	mux.HandleFunc("GET "+root+"/{$}", slashed)
	add(root+"/conformance", nil, conformance)
	add(root+"/api", nil, definition)
	add(root+"/collections", nil, collectionList)
	add(root+"/collections/{collection}", nil, collectionOne)
	add(root+"/collections/{collection}/items", []string{"bbox", "datetime", "limit", "offset", "bbox-crs", "crs"}, items)
	add(root+"/collections/{collection}/items/{feature}", []string{"crs"}, item)
}

// slashed leads from the root with a slash behind it, as many clients write it, to
// the root.
func slashed(w http.ResponseWriter, r *http.Request) {
	to := url.URL{Path: root, RawQuery: r.URL.RawQuery}
	http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
}

// serve finds the form that is asked for and answers in it.
func serve(v *page.View, known []string, fn func(c *call) (answer, error)) error {
	c := &call{View: v, q: v.R.URL.Query(), form: formOf(v.R), base: v.Origin() + root}
	if l := c.q.Get("lang"); l != "" {
		v.Lang = lang.Parse(l)
	}
	a, err := answer{}, c.knows(known)
	if err == nil {
		a, err = fn(c)
	}
	switch {
	case c.form == formHTML && err != nil:
		return err
	case c.form == formHTML:
		return a.html(c)
	case err != nil:
		return c.refuse(err)
	}
	return c.send(http.StatusOK, a.kind, a.body)
}

// formOf is the form that the address names, else what the reader likes: pages
// for browsers, JSON for everybody else.
func formOf(r *http.Request) string {
	switch f := r.URL.Query().Get("f"); f {
	case formJSON, formHTML:
		return f
	}
	if strings.Contains(r.Header.Get("Accept"), typeHTML) {
		return formHTML
	}
	return formJSON
}

// knows refuses parameters that the resource does not have, and forms there are
// none of.
func (c *call) knows(known []string) error {
	for name, values := range c.q {
		if name != "f" && name != "lang" && !slices.Contains(known, name) {
			return errs.New(errs.Invalid, "没有参数 %[1]q。", "There is no parameter %[1]q.", clip(name)).At("query")
		}
		if len(values) > 1 {
			return errs.New(errs.Invalid, "参数 %[1]q 写了不止一次。", "The parameter %[1]q stands there more than once.", clip(name)).At(name)
		}
	}
	if f := c.q.Get("f"); f != "" && f != formJSON && f != formHTML {
		return errs.New(errs.Invalid, "f 只能写 json 或 html。", "f is json or html.").At("f")
	}
	return nil
}

// clip keeps a message short whatever was sent.
func clip(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "?")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// exception is a failure as the standard has it.
type exception struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// refuse tells a program what went wrong. What has no kind goes on as an error,
// to be logged where all of them are.
func (c *call) refuse(err error) error {
	text, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	status, code := page.Status(err), "InvalidParameterValue"
	switch errs.KindOf(err) {
	case errs.Invalid:
		status = http.StatusBadRequest
	case errs.NotFound:
		code = "NotFound"
	default:
		code = string(errs.KindOf(err))
	}
	page.RetryAfter(c.W, err)
	return c.send(status, typeJSON, exception{code, text.In(c.Lang)})
}

// send writes a document. It is for programs on every site to read.
func (c *call) send(status int, kind string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	head := c.W.Header()
	head.Set("Content-Type", kind)
	head.Set("Content-Language", c.Lang.Tag())
	head.Set("Vary", "Accept, Accept-Language, Cookie")
	head.Set("Access-Control-Allow-Origin", "*")
	c.W.WriteHeader(status)
	_, err = c.W.Write(data)
	return err
}
