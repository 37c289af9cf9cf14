package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// exchanges are the good answers that the tests of this package got: the first
// of each test is a candidate for the example of its operation, and of several
// tests the one whose name comes first.
type exchanges struct {
	mu  sync.Mutex
	all map[string]noted // by method and path without its ids
}

type noted struct {
	by, method, path string
	Path             string          `json:"path"`
	Status           int             `json:"status"`
	Sent             json.RawMessage `json:"sent,omitempty"`
	Got              json.RawMessage `json:"got,omitempty"`
}

var recorded = &exchanges{all: map[string]noted{}}

// exampleMost is how long an example may be.
const exampleMost = 20_000

func (e *exchanges) note(by, method, path, kind string, sent []byte, status int, got []byte) {
	media, _, _ := mime.ParseMediaType(kind)
	if status/100 != 2 || len(sent) > exampleMost || len(sent) > 0 && media != "application/json" || strings.Contains(path, "fields=") {
		return
	}
	if len(sent) > 0 && !json.Valid(sent) || !json.Valid(got) {
		return
	}
	plain, _, _ := strings.Cut(path, "?")
	e.mu.Lock()
	defer e.mu.Unlock()
	key := method + " " + plain
	if old, ok := e.all[key]; ok && old.by <= by {
		return
	}
	n := noted{by: by, method: method, path: plain, Path: path, Status: status, Got: shortened(got)}
	if len(sent) > 0 {
		n.Sent = shortened(sent)
	}
	e.all[key] = n
}

// shortened leaves two of each list, and folds white space.
func shortened(data []byte) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return data
	}
	out, err := json.Marshal(cut(v))
	if err != nil {
		return data
	}
	return out
}

func cut(v any) any {
	switch v := v.(type) {
	case []any:
		if len(v) > 2 {
			v = v[:2]
		}
		for i := range v {
			v[i] = cut(v[i])
		}
		return v
	case map[string]any:
		for name := range v {
			v[name] = cut(v[name])
		}
	}
	return v
}

var parameter = regexp.MustCompile(`\\\{[^}]*\\\}`)

// of finds the exchange of an operation. A path whose words all stand in the
// document goes before one with ids.
func (e *exchanges) of(d *described, o operation) (best noted, ok bool) {
	is := regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(o.path), "[^/]+") + "$")
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, n := range e.all {
		if n.method != o.method || !is.MatchString(n.path) || d.exactly(n.path) && n.path != o.path {
			continue
		}
		if !ok || n.by < best.by || n.by == best.by && n.path < best.path {
			best, ok = n, true
		}
	}
	return best, ok
}

func (d *described) exactly(path string) bool {
	_, ok := d.raw["paths"].(map[string]any)[path]
	return ok
}

// written are the operations of the document of the last test that asked.
var written struct {
	sync.Mutex
	d *described
}

// TestMain writes the examples anew after all tests ran, where it is asked to.
func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if *update { // also after TestExamples missed some
		if err := writeExamples(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

func writeExamples() error {
	written.Lock()
	defer written.Unlock()
	if written.d == nil {
		return nil // too few tests ran
	}
	data, err := os.ReadFile("examples.json")
	if err != nil {
		return err
	}
	old, out := map[string]noted{}, map[string]noted{}
	if err := json.Unmarshal(data, &old); err != nil {
		return err
	}
	for _, o := range written.d.operations() {
		if n, ok := recorded.of(written.d, o); ok {
			out[o.id] = n
		} else if n, ok := old[o.id]; ok {
			out[o.id] = n
		} else {
			out[o.id] = written.d.madeUp(o)
		}
	}
	data, err = json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile("examples.json", append(data, '\n'), 0o644)
}

// madeUp is an example of an operation that no test has called well yet: it has
// the shape of the document and says nothing. A story takes its place.
func (d *described) madeUp(o operation) noted {
	n := noted{Path: parameterName.ReplaceAllString(o.path, "x1"), Status: http.StatusOK}
	if o.body != nil {
		n.Sent, _ = json.Marshal(d.some(o.body))
	}
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent} {
		r, ok := in(d.raw, "paths", o.path, strings.ToLower(o.method), "responses", strconv.Itoa(status)).(map[string]any)
		if !ok {
			continue
		}
		n.Status = status
		if s, ok := in(r, "content", "application/json", "schema").(map[string]any); ok {
			n.Got, _ = json.Marshal(d.some(s))
		}
		break
	}
	return n
}

var parameterName = regexp.MustCompile(`\{[^}]*\}`)

// TestExamples holds the examples to the document they stand in, and asks again,
// in the small district, what can be asked again.
func TestExamples(t *testing.T) {
	t.Parallel()
	w := setup(t)
	d, keys := w.document(), w.allScopes()
	written.Lock()
	written.d = d
	written.Unlock()
	data, err := os.ReadFile(filepath.Join("examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]noted{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, o := range d.operations() {
		one, ok := all[o.id]
		if !ok {
			t.Errorf("%s %s (%s) has no example: have a test call it well, then go test ./internal/api -update", o.method, o.path, o.id)
			continue
		}
		if len(one.Got) == 0 {
			continue // a picture, or nothing to say
		}
		d.check(t, o.id+", its example", fmt.Sprintf("%s/responses/%d/content/application~1json/schema", o.pointer, one.Status), one.Got)
		if len(one.Sent) > 0 {
			d.check(t, o.id+", what its example sends", o.pointer+"/requestBody/content/application~1json/schema", one.Sent)
		}
		if o.method == http.MethodGet && !strings.Contains(o.path, "{") {
			w.askAgain(t, d, o, keys, one)
		}
	}
}

// askAgain asks what an example asked: the answer is well, and has what the
// example has.
func (w *world) askAgain(t *testing.T, d *described, o operation, keys []string, one noted) {
	t.Helper()
	path, query, _ := strings.Cut(one.Path, "?")
	if strings.Contains(query, "after=") {
		query = ""
	}
	status := 0
	for _, key := range keys {
		if status = w.shoot(t, d, o, key, shot{why: "as in its example", path: path, query: query}); status < 300 {
			return
		}
	}
	t.Errorf("%s: asked as in its example it answers %d", o.id, status)
}
