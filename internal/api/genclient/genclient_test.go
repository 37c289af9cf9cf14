package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The client is what the document says: whoever changes an operation runs make
// generate.
func TestTheClientIsFresh(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	data, err := os.ReadFile(filepath.Join(root, "docs", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := generate(data)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, "client", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("client/%s is stale; make generate (-wanted +there):\n%.3000s", name, diff)
		}
	}
}

func TestWhatTheGeneratorDoesNotKnowItRefuses(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ why, doc string }{
		{"no document", `[`},
		{"a type of another kind", `{"components":{"schemas":{"A":{"properties":{"x":{"type":"tuple"}}}}}}`},
		{"a reference to nothing", `{"components":{"schemas":{"A":{"properties":{"x":{"$ref":"#/components/schemas/B"}}}}}}`},
		{"a parameter in a cookie", `{"paths":{"/x":{"get":{"operationId":"x","parameters":[{"name":"a","in":"cookie","schema":{"type":"string"}}]}}}}`},
		{"a query of objects", `{"paths":{"/x":{"get":{"operationId":"x","parameters":[{"name":"a","in":"query","schema":{"type":"object"}}]}}}}`},
		{"a body that is no JSON", `{"paths":{"/x":{"post":{"operationId":"x","requestBody":{"content":{"text/csv":{}}}}}}}`},
	} {
		if _, err := generate([]byte(one.doc)); err == nil {
			t.Errorf("%s passes", one.why)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"list-cases": "ListCases", "id": "ID", "opened_at": "OpenedAt", "zh": "ZH", "why-case": "WhyCase", "unit_id": "UnitID"} {
		if got := goName(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"case": "theCase", "id": "id", "login": "login", "ask": "ask"} {
		if got := argument(in); got != want {
			t.Errorf("%s is called %s, want %s", in, got, want)
		}
	}
	if got := english("区域 · Areas\n\nmore"); strings.Contains(got, "区") || got != "Areas" {
		t.Errorf("english: %q", got)
	}
}
