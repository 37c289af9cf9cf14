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
	"slices"
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
	if len(sent) > 0 && !json.Valid(sent) {
		return
	}
	plain, _, _ := strings.Cut(path, "?")
	e.mu.Lock()
	defer e.mu.Unlock()
	key := method + " " + plain
	if old, ok := e.all[key]; ok && old.by <= by {
		return
	}
	n := noted{by: by, method: method, path: plain, Path: path, Status: status}
	if json.Valid(got) { // else a picture, or nothing to say
		n.Got = shortened(got)
	}
	if len(sent) > 0 {
		n.Sent = shortened(sent)
	}
	e.all[key] = n
}

// shortened leaves two of each list and no secret, and folds white space.
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
	case string:
		return given.ReplaceAllString(v, "$1…")
	}
	return v
}

// given is what opens a door: a key, the secret of a webhook, an invitation. An
// example says how it begins.
var given = regexp.MustCompile(`^(linli_|whsec_|/sign-in/invited/).+`)

// of finds the exchange of an operation: one that no other operation, with more
// of its words in the address, is meant by.
func (e *exchanges) of(all []operation, o operation) (best noted, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, n := range e.all {
		if n.method != o.method || !o.means(n.path) || slices.ContainsFunc(all, func(other operation) bool {
			return other.method == o.method && other.means(n.path) && strings.Count(other.path, "{") < strings.Count(o.path, "{")
		}) {
			continue
		}
		if !ok || n.by < best.by || n.by == best.by && n.path < best.path {
			best, ok = n, true
		}
	}
	return best, ok
}

// means reports whether an address is one of an operation.
func (o operation) means(path string) bool {
	had, asked := strings.Split(path, "/"), strings.Split(o.path, "/")
	return slices.EqualFunc(had, asked, func(had, asked string) bool { return had == asked || had != "" && strings.HasPrefix(asked, "{") })
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
	old, out, none := map[string]noted{}, map[string]noted{}, []string{}
	if err := json.Unmarshal(data, &old); err != nil {
		return err
	}
	all := written.d.operations()
	for _, o := range all {
		if n, ok := recorded.of(all, o); ok {
			out[o.id] = n
		} else if n, ok := old[o.id]; ok {
			out[o.id] = n
		} else {
			none = append(none, o.id)
		}
	}
	data, err = json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile("examples.json", append(data, '\n'), 0o644); err != nil || len(none) == 0 {
		return err
	}
	return fmt.Errorf("no test calls these well: %s", strings.Join(none, ", "))
}

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
		if in(d.raw, "paths", o.path, strings.ToLower(o.method), "responses", strconv.Itoa(one.Status), "content", "application/json") != nil { // else a picture, or nothing to say
			d.check(t, o.id+", its example", fmt.Sprintf("%s/responses/%d/content/application~1json/schema", o.pointer, one.Status), one.Got)
		}
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
