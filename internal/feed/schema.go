package feed

import (
	"embed"
	"encoding/json"

	"linli/internal/errs"
)

//go:embed schema
var schemas embed.FS

// SchemaNames are the schemas that there are.
func SchemaNames() []string {
	return []string{"case", "setup", "area", "unit", "matter", "calendar", "ping"}
}

// Schema is the JSON Schema of the data of some events, by the name that stands in
// their dataschema; errs.NotFound for another.
func Schema(name string) (text []byte, err error) {
	defer errs.Wrap(&err, "feed.Schema(%s)", name)
	for _, known := range SchemaNames() {
		if name == known {
			return schemas.ReadFile("schema/" + name + ".json")
		}
	}
	return nil, errs.New(errs.NotFound, "没有这份数据结构。", "There is no such schema.")
}

// SchemaDocument is a schema as JSON that was read.
func SchemaDocument(name string) (doc map[string]any, err error) {
	text, err := Schema(name)
	if err != nil {
		return nil, err
	}
	return doc, json.Unmarshal(text, &doc)
}
