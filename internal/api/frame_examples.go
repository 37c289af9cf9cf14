package api

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// examplesFile holds one exchange for each operation, as the tests of this
// package had it with the invented district: go test ./internal/api -update writes it
// anew, and after that, with -run TestDocument, the document, which takes them
// from what is built in.
//
//go:embed examples.json
var examplesFile []byte

// exchange is a request and its answer.
type exchange struct {
	Path   string          `json:"path"`
	Status int             `json:"status"`
	Sent   json.RawMessage `json:"sent,omitempty"`
	Got    json.RawMessage `json:"got,omitempty"`
}

// examples reads the file once.
var examples = sync.OnceValue(func() map[string]exchange {
	all := map[string]exchange{}
	if err := json.Unmarshal(examplesFile, &all); err != nil {
		panic("examples.json: " + err.Error()) // it is built in, and a test reads it
	}
	return all
})

// exemplify puts the example of an operation into the document: its body, its
// answer, and what stood in its address.
func exemplify(op *huma.Operation) {
	one, ok := examples()[op.OperationID]
	if !ok {
		return
	}
	set := func(content map[string]*huma.MediaType, raw json.RawMessage) {
		var v any
		if j := content["application/json"]; j != nil && len(raw) > 0 && json.Unmarshal(raw, &v) == nil {
			j.Example = v
		}
	}
	if op.RequestBody != nil {
		set(op.RequestBody.Content, one.Sent)
	}
	for _, status := range []string{"200", "201"} {
		if r := op.Responses[status]; r != nil {
			set(r.Content, one.Got)
		}
	}
	path, _, _ := strings.Cut(one.Path, "?")
	had, asked := strings.Split(path, "/"), strings.Split(op.Path, "/")
	for _, p := range op.Parameters {
		for i, part := range asked {
			if p.In == "path" && part == "{"+p.Name+"}" && i < len(had) {
				p.Example = had[i]
			}
		}
	}
}
