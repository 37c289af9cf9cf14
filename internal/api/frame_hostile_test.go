package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linli/internal/access"
	"linli/internal/rights"
)

// described is the OpenAPI document as a test reads it.
type described struct {
	raw     map[string]any
	schemas *jsonschema.Compiler
	known   map[string]*jsonschema.Schema
}

// operation is one operation of it.
type operation struct {
	id, method, path string
	params           []map[string]any
	body             map[string]any // the schema of its JSON; nil where it takes none
	pointer          string
}

func (w *world) document() *described {
	w.t.Helper()
	got, err := http.Get(w.url + "/openapi.json")
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := jsonschema.UnmarshalJSON(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("doc.json", raw); err != nil {
		w.t.Fatal(err)
	}
	return &described{raw.(map[string]any), c, map[string]*jsonschema.Schema{}}
}

// in walks into JSON.
func in(v any, path ...string) any {
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	return v
}

func (d *described) operations() (all []operation) {
	paths := d.raw["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			o := operation{method: strings.ToUpper(method), path: path, pointer: "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + method}
			o.id, _ = in(methods[method], "operationId").(string)
			params, _ := in(methods[method], "parameters").([]any)
			for _, p := range params {
				o.params = append(o.params, p.(map[string]any))
			}
			if s, ok := in(methods[method], "requestBody", "content", "application/json", "schema").(map[string]any); ok {
				o.body = s
			}
			all = append(all, o)
		}
	}
	return all
}

// resolved follows references.
func (d *described) resolved(s map[string]any) map[string]any {
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			return s
		}
		s = in(d.raw, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(map[string]any)
	}
}

// check compares JSON with a schema of the document.
func (d *described) check(t *testing.T, why, pointer string, body []byte) {
	t.Helper()
	s := d.known[pointer]
	if s == nil {
		var err error
		if s, err = d.schemas.Compile("doc.json#" + pointer); err != nil {
			t.Fatalf("%s: %v", pointer, err)
		}
		d.known[pointer] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: the answer is not what the document says: %v\n%.500s", why, err, body)
	}
}

// some is a value that a schema allows.
func (d *described) some(s map[string]any) any {
	s = d.resolved(s)
	if e, ok := s["enum"].([]any); ok {
		return e[0]
	}
	kind, _ := s["type"].(string)
	if list, ok := s["type"].([]any); ok {
		kind, _ = list[0].(string)
	}
	switch kind {
	case "string":
		if s["format"] == "date-time" {
			return "2026-11-24T10:00:00Z"
		}
		if s["contentEncoding"] == "base64" {
			return "aGVsbG8="
		}
		return "x1"
	case "integer", "number":
		if least, ok := s["minimum"]; ok {
			return least
		}
		return 1
	case "boolean":
		return false
	case "array":
		items, _ := s["items"].(map[string]any)
		out := []any{d.some(items)}
		if least, ok := s["minItems"].(json.Number); ok {
			for n, _ := least.Int64(); int64(len(out)) < n; {
				out = append(out, d.some(items))
			}
		}
		return out
	case "object":
		out := map[string]any{}
		properties, _ := s["properties"].(map[string]any)
		for name, p := range properties {
			out[name] = d.some(p.(map[string]any))
		}
		return out
	}
	return nil
}

// hostile are values that no parameter, and no member of a body, is ready for.
func hostile() map[string]any {
	return map[string]any{
		"empty": "", "text": "x", "below zero": -1, "huge number": json.Number("1e400"), "big integer": json.Number("99999999999999999999"), "fraction": 0.5,
		"null": nil, "list": []any{}, "nested": []any{[]any{map[string]any{}}}, "object": map[string]any{"a": 1}, "yes": true,
		"NUL": "a\x00b", "right to left": "\u202e\u2067abc\u202c", "not a character": "\ufffe\ufeff\ufffd", "combining": strings.Repeat("e\u0301", 300),
		"emoji": "👩‍👩‍👧‍👦", "SQL": "'; drop table cases;-- %_\\", "markup": "<script>alert(1)</script>", "template": "{{.}} ${jndi:x} %s%n", "path": "../../../../etc/passwd",
		"long": strings.Repeat("邻", 3000), "line ends": "a\r\nSet-Cookie: x=1\u2028", "date": "0000-00-00T00:00:00Z", "far date": "9999-12-31T23:59:59+14:00", "infinite": "NaN",
	}
}

// rawText is what stands in an address, including what is no text at all.
func rawTexts() map[string]string {
	out := map[string]string{"surrogate": "%ED%A0%80", "broken UTF-8": "%C3%28", "overlong": "%C0%AF", "bare percent": "%25zz", "encoded slash": "..%2f..%2fetc"}
	for why, v := range hostile() {
		out[why] = url.QueryEscape(fmt.Sprint(v))
	}
	return out
}

// shot is one request.
type shot struct {
	why, query, path, kind string
	body                   []byte
}

// shots are the bad requests that an operation gets.
func (d *described) shots(o operation, path string) (all []shot) {
	for _, p := range o.params {
		name, _ := p["name"].(string)
		for why, text := range rawTexts() {
			switch p["in"] {
			case "query":
				all = append(all, shot{why: name + ": " + why, path: path, query: name + "=" + text})
			case "path":
				all = append(all, shot{why: name + ": " + why, path: strings.ReplaceAll(o.path, "{"+name+"}", strings.ReplaceAll(text, "+", "%20"))})
			}
		}
		if p["in"] == "query" {
			all = append(all, shot{why: name + " twice", path: path, query: name + "=1&" + name + "=x&" + name + "="})
		}
	}
	all = append(all, shot{why: "a parameter nobody knows", path: path, query: "nobody=1"}, shot{why: "a broken query", path: path, query: "%zz;&=&&==%"})
	if o.body == nil {
		return all
	}
	whole, _ := d.some(o.body).(map[string]any)
	add := func(why, kind string, body []byte) {
		all = append(all, shot{why: why, path: path, kind: kind, body: body})
	}
	const kind = "application/json"
	for why, body := range map[string]string{
		"nothing": "", "half": `{"a":`, "no object": `[]`, "null": `null`, "a number": `5`, "deep": strings.Repeat(`[`, 20_000), "deeper": strings.Repeat(`{"a":`, 20_000),
		"a lone surrogate": `{"text":"\ud800"}`, "broken UTF-8": "{\"text\":\"\xff\xfe\"}", "twice": `{"text":"a","text":5}`, "a mark before": "\ufeff{}", "a megabyte of blanks": strings.Repeat(" ", 1<<20) + "{}",
		"a property nobody knows": `{"nobody_knows":1}`, "one named so as to hurt": `{"__proto__":{"a":1}}`,
	} {
		add(why, kind, []byte(body))
	}
	valid, _ := json.Marshal(whole)
	for _, kind := range []string{"", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", ";;;", "application/cbor"} {
		add("sent as "+kind, kind, valid)
	}
	add("as it should be", kind, valid)
	for name := range whole {
		for why, v := range hostile() {
			one := maps.Clone(whole)
			one[name] = v
			body, _ := json.Marshal(one)
			add(name+": "+why, kind, body)
		}
		one := maps.Clone(whole)
		one[name] = strings.Repeat("a", 1<<20)
		body, _ := json.Marshal(one)
		add(name+": a megabyte", kind, body)
		delete(one, name)
		body, _ = json.Marshal(one)
		add(name+" missing", kind, body)
	}
	return all
}

// TestEveryOperationAgainstItsDocument sends every operation what its document
// does not allow, and what it does: whatever comes, nothing breaks, nothing of
// the inside is told, failures are problems, and answers are what the document
// says.
//
// ASVS 2.2.1, 15.3.5
func TestEveryOperationAgainstItsDocument(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.House.Limits = nil // it asks more than anybody may
	d, keys := w.document(), w.allScopes()
	key := keys[0]
	sent := w.send(key, `{"text":"路灯不亮","matter":"d-help"}`, nil).want(t, http.StatusCreated)
	n, good := 0, map[string]bool{}
	for _, o := range d.operations() {
		path := strings.ReplaceAll(o.path, "{case}", sent.text("case", "id"))
		path = strings.ReplaceAll(path, "{id}", sent.text("id"))
		for of, code := range map[string]string{"/areas/{code}": "990101001", "/matters/{code}": "d-help", "/units/{code}": "u-shizheng"} {
			if strings.HasSuffix(path, of) {
				path = strings.ReplaceAll(path, "{code}", code)
			}
		}
		for _, p := range o.params {
			if name, _ := p["name"].(string); p["in"] == "path" {
				path = strings.ReplaceAll(path, "{"+name+"}", "x1")
			}
		}
		shots, key := append(d.shots(o, path), shot{why: "plain", path: path}), keys[0]
		for _, key = range keys { // the first that is let in, so that there is more to see than the lock
			if status := w.shoot(t, d, o, key, d.fair(o, path)); status != http.StatusForbidden {
				break
			}
		}
		for _, s := range shots {
			n++
			if status := w.shoot(t, d, o, key, s); status < 300 {
				good[o.id] = true
			}
		}
	}
	t.Logf("%d requests to %d operations, %d of which answered some of them well", n, len(d.operations()), len(good))
	if n < 1000 || len(good) < 8 {
		t.Errorf("only %d requests, %d operations that answered: nothing was put to the test", n, len(good))
	}
}

// fair is a request as the document has it.
func (d *described) fair(o operation, path string) shot {
	s := shot{why: "as it should be", path: path}
	if o.body != nil {
		s.body, _ = json.Marshal(d.some(o.body))
		s.kind = "application/json"
	}
	return s
}

// allScopes are keys that may do all that a system may, and all that each
// role of the staff may.
func (w *world) allScopes() []string {
	keys := []string{w.bounded(access.Key{Name: "全部", Scopes: rights.Rights()})}
	d, had := w.District(), map[string]bool{}
	for _, person := range d.Org.People() { // one of each role
		for _, p := range d.Org.PostsOf(person.ID, d.Day) {
			if role := string(p.Role); !had[role] && person.Login != "" {
				had[role] = true
				keys = append(keys, w.bounded(access.Key{Name: string(person.Login), Login: string(person.Login), Scopes: rights.Rights()}))
			}
		}
	}
	return keys
}

// leaks are words of the inside.
var leaks = []string{"goroutine", ".go:", "linli/internal", "SQLSTATE", "sqlite", "pgx", "syntax error", "panic", "reflect.", "strconv.", "json: ", "invalid character", "UNIQUE constraint"}

func (w *world) shoot(t *testing.T, d *described, o operation, key string, s shot) (status int) {
	t.Helper()
	address := w.url + s.path
	if s.query != "" {
		address += "?" + s.query
	}
	why := o.id + ", " + s.why
	r, err := http.NewRequest(o.method, address, bytes.NewReader(s.body))
	if err != nil {
		return 0 // not to be sent at all
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if s.kind != "" {
		r.Header.Set("Content-Type", s.kind)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Errorf("%s: %v", why, err)
		return 0
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Errorf("%s: %v", why, err)
		return 0
	}
	kind := got.Header.Get("Content-Type")
	switch {
	case got.StatusCode >= 500:
		t.Errorf("%s: %d %.400s", why, got.StatusCode, body)
	case got.StatusCode >= 400:
		if kind != "application/problem+json" {
			t.Errorf("%s: %d is told as %s: %.200s", why, got.StatusCode, kind, body)
			return got.StatusCode
		}
		d.check(t, why, "/components/schemas/Problem", body)
		if len(body) > 6000 {
			t.Errorf("%s: what was sent came back: %d bytes", why, len(body))
		}
	case got.StatusCode >= 300:
		if len(s.path) < 3000 && !strings.Contains(s.path, "..") && !strings.Contains(s.path, "//") && !strings.HasSuffix(s.path, "/") {
			t.Errorf("%s: led away to %s", why, got.Header.Get("Location"))
		}
	case kind == "application/json":
		if strings.Contains(s.query, "fields=") {
			break // a part of it lacks what is required of the whole
		}
		if s.why == "plain" || s.why == "as it should be" {
			recorded.note("~", o.method, s.path, s.kind, s.body, got.StatusCode, body) // where no story has a better one
		}
		d.check(t, why, fmt.Sprintf("%s/responses/%d/content/application~1json/schema", o.pointer, got.StatusCode), body)
	}
	for _, leak := range leaks {
		if strings.Contains(string(body), leak) && !strings.Contains(string(s.body)+s.query+s.path, leak) {
			t.Errorf("%s: %q is out: %.300s", why, leak, body)
		}
	}
	return got.StatusCode
}
