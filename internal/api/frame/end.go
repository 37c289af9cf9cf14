package frame

import (
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Ending says that an operation goes away: since when it should not be used,
// when it ends at the earliest, and what to use instead (RFC 9745, RFC 8594).
type Ending struct {
	Since, Ends time.Time
	Instead     string // the path of what replaces it; "" for nothing
}

// endingKey names, in an operation's metadata, its ending.
const endingKey = "ending"

// policy is where it is written how operations end.
const policy = "/api/#ending"

// Deprecated marks an operation before it is registered.
func Deprecated(op huma.Operation, e Ending) huma.Operation {
	op.Deprecated = true
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[endingKey] = e
	op.Description += fmt.Sprintf("\n\n不再推荐；最早 %[1]s 停用。 · Deprecated; it ends on %[1]s at the earliest.", e.Ends.UTC().Format(time.DateOnly))
	return op
}

// farewell tells whoever calls an operation that goes away.
func farewell(op *huma.Operation, head http.Header) {
	e, ok := op.Metadata[endingKey].(Ending)
	if !ok {
		return
	}
	head.Set("Deprecation", fmt.Sprintf("@%d", e.Since.Unix()))
	head.Set("Sunset", e.Ends.UTC().Format(http.TimeFormat))
	head.Add("Link", "<"+policy+`>; rel="deprecation"; type="text/html"`)
	if e.Instead != "" {
		head.Add("Link", "<"+e.Instead+`>; rel="successor-version"`)
	}
}
