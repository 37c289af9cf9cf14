package api_test

import (
	"bytes"
	"crypto/sha256"
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

	"github.com/google/go-cmp/cmp"
)

// exchanges are the good answers that the tests of this package got: the first
// of each test is a candidate for the example of its operation, and of several
// tests the one whose name comes first.
type exchanges struct {
	mu  sync.Mutex
	n   int              // how many were noted
	all map[string]noted // by method and path
}

type noted struct {
	by, method, path string
	n                int             // when it came
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
	e.n++
	n := noted{by: by, method: method, path: plain, n: e.n, Path: path, Status: status}
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

// drawn is what no two runs have alike: ids, hashes and signatures, the word of a
// receipt, the port of a server that a test starts, and where a page goes on.
var drawn = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|http://127\.0\.0\.1:[0-9]+|"(?:next|word)":"[^"]+"|after=[\w-]{16,}`)

// still is an exchange with a stand-in for each thing that is drawn, the same for
// the same one in its address, in what was sent and in what came back, so that
// two runs write the same examples.
func (n noted) still() (noted, error) {
	had := map[string]string{}
	data, err := json.Marshal(n)
	if err != nil {
		return n, err
	}
	text := drawn.ReplaceAllStringFunc(string(data), func(one string) string {
		if had[one] == "" {
			had[one] = standIn(one, len(had)+1)
		}
		return had[one]
	})
	return n, json.Unmarshal([]byte(text), &n)
}

func standIn(one string, nth int) string {
	switch {
	case strings.HasPrefix(one, "http"):
		return "https://receiver.example.cn"
	case strings.HasPrefix(one, `"next"`):
		return `"next":"bmV4dCBwYWdl"`
	case strings.HasPrefix(one, `"word"`):
		return `"word":"k7m2xq9h4c"`
	case strings.HasPrefix(one, "after="):
		return "after=bmV4dCBwYWdl"
	case len(one) == 64:
		return fmt.Sprintf("%x", sha256.Sum256([]byte{byte(nth)}))
	}
	return fmt.Sprintf("0193a1b2-0000-7000-8000-%012d", nth)
}

// Two runs write one example: what is drawn has the same stand-in wherever it
// stands, and two that differ have two.
func TestExamplesAreStill(t *testing.T) {
	t.Parallel()
	run := func(a, b, hash, next string) noted {
		n, err := noted{
			Path: "/api/v1/cases/" + a + "?after=" + next, Status: 200, Sent: json.RawMessage(`{"word":"` + next[:10] + `"}`),
			Got: json.RawMessage(`{"hash":"` + hash + `","id":"` + a + `","next":"` + next + `","other":"` + b + `"}`),
		}.still()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	one := run("01a20370-2889-7175-922e-3e9a62bfceb3", "01a20370-288a-72d6-8be0-d2321def87c5", strings.Repeat("a", 64), "bmV4dCBwYWdlLWZpcnN0")
	two := run("01a2040c-19f1-7aaa-8123-1c5d3a0b9f77", "01a2040c-19f2-7bbb-9123-1c5d3a0b9f78", strings.Repeat("b", 64), "YW5vdGhlciBwYWdlLXg_")
	if diff := cmp.Diff(encode(t, one), encode(t, two)); diff != "" {
		t.Errorf("two runs differ: %s", diff)
	}
	if text := string(one.Got); strings.Count(text, one.Path[14:50]) != 1 || strings.Count(text, "-7000-8000-") != 2 {
		t.Errorf("ids have lost each other: %s, %s", one.Path, text)
	}
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
		if !ok || n.by < best.by || n.by == best.by && n.n < best.n {
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
			if out[o.id], err = n.still(); err != nil {
				return err
			}
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
