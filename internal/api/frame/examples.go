package frame

import (
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Exchange is a request and its answer, as they stand in the document.
type Exchange struct {
	Path   string          `json:"path"`
	Status int             `json:"status"`
	Sent   json.RawMessage `json:"sent,omitempty"`
	Got    json.RawMessage `json:"got,omitempty"`
}

// exemplify puts the example of an operation into the document: its body, its
// answer, and what stood in its address.
func (d *Door) exemplify(op *huma.Operation) {
	one, ok := d.examples[op.OperationID]
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
